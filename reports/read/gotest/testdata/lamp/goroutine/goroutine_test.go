package goroutine

import "testing"

func TestGoroutine(t *testing.T) {
	t.Attr("requirement", "R-1")
	go panic("oh")
	select {}
}
