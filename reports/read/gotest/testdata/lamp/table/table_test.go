package table

import "testing"

func TestTable(t *testing.T) {
	t.Attr("requirement", "R-1")
	for _, name := range []string{"one two", "a/b", "a", "dup", "dup", "line\nfeed"} {
		t.Run(name, func(t *testing.T) {
			t.Attr("verifies", "R-2, R-3")
			if name == "a/b" {
				t.Skip("not today")
			}
		})
	}
}

func TestSkipped(t *testing.T) {
	t.Attr("req", "R-4")
	t.Skip("not on this machine")
}

func TestFails(t *testing.T) {
	t.Attr("requirement", "R-5")
	t.Attr("requirement", "R-6")
	t.Errorf("got %d,\nwant %d", 1, 2)
	t.Error("second")
}

func TestSame(t *testing.T) { t.Attr("requirement", "R-7") }

func TestUntagged(*testing.T) {}

func BenchmarkNothing(b *testing.B) {
	for b.Loop() {
	}
}
