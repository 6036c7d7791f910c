package seeded_test

import (
	"testing"

	"github.com/socket-oneline/oneline/reports/seeded"
)

func TestFaults(t *testing.T) {
	of := make(map[string]int)
	names := make(map[string]bool)
	for _, f := range seeded.All() {
		t.Run(f.Format+" "+f.Name, func(t *testing.T) {
			if err := f.Check(); err != nil {
				t.Errorf("%s: it must be so because %s\n%v", f.Name, f.Why, err)
			}
		})
		of[f.Format]++
		if f.Why == "" || names[f.Format+f.Name] {
			t.Errorf("%s: no reason, or a second fault of this name", f.Name)
		}
		names[f.Format+f.Name] = true
	}
	for _, format := range []string{"process", "junit", "gotest"} {
		if of[format] < 30 {
			t.Errorf("%d faults of %s, and at least 30 are wanted", of[format], format)
		}
	}
	t.Log(of)
}
