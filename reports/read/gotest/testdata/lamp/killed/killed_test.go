package killed

import (
	"os"
	"testing"
)

func TestKilled(t *testing.T) {
	t.Attr("requirement", "R-1")
	me, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = me.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
	select {}
}
