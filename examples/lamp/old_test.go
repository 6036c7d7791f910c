package lamp_test

import (
	"testing"

	"example.com/lamp"
)

// A test as it always was, with one line more.
func TestOff(t *testing.T) {
	t.Attr("requirement", "LAMP-3")
	var l lamp.Lamp
	if l.Brightness() != 0 {
		t.Error("a new lamp is on")
	}
}
