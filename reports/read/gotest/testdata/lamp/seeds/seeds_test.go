package seeds

import "testing"

func FuzzSeeds(f *testing.F) {
	f.Attr("requirement", "R-1")
	f.Add(1)
	f.Add(2)
	f.Fuzz(func(t *testing.T, n int) {
		if n == 2 {
			t.Error("two is too much")
		}
	})
}
