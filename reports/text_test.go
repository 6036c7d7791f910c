package reports

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNatural(t *testing.T) {
	want := []string{
		"", "A", "CALC", "CALC-1", "CALC-2", "CALC-2.1", "CALC-2.9", "CALC-2.10", "CALC-10",
		"SRS-001", "SRS-01", "SRS-1", "SRS-2", "SRS-09a", "SRS-10", "SRS-99999999999999999999998", "SRS-99999999999999999999999",
		"SRSX", "T-0", "T-00", "a",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, natural)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Natural order is an order: total, and the same from both sides.
func TestNaturalIsAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[A-C]{0,2}[0-2]{0,3}[.-]?[01]{0,2}`)
		a, b, c := id.Draw(t, "a"), id.Draw(t, "b"), id.Draw(t, "c")
		if natural(a, b) != -natural(b, a) || (natural(a, b) == 0) != (a == b) {
			t.Errorf("%q and %q: %d, and %d from the other side", a, b, natural(a, b), natural(b, a))
		}
		if natural(a, b) < 0 && natural(b, c) < 0 && natural(a, c) >= 0 {
			t.Errorf("%q before %q before %q, but not before it", a, b, c)
		}
	})
}

func TestRanges(t *testing.T) {
	for ids, want := range map[string]string{
		"":                         "",
		"SRS-001":                  "SRS-001",
		"SRS-001 SRS-016":          "SRS-001, 016",
		"A-1 A-2 B-2 B-3 Name A-1": "A-1, 2, B-2, 3, Name, A-1",
		"Name Name":                "Name, Name",
		"X.1 X.1.2 X.1.3":          "X.1, X.1.2, 3",
	} {
		if got := ranges(strings.Fields(ids)); got != want {
			t.Errorf("%s: %s, want %s", ids, got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	long := strings.Repeat("é", 1000)
	got := oneLine(" a\n\tb\r\n" + long)
	if !strings.HasPrefix(got, "a b é") || !strings.HasSuffix(got, "é...") || len(got) > longest+3 || !utf8.ValidString(got) {
		t.Errorf("%q", got)
	}
	if got := oneLine("x" + long); !utf8.ValidString(got) {
		t.Errorf("%q", got)
	}
}

func TestFullStop(t *testing.T) {
	if fullStop("End") != "End." || fullStop("End.") != "End." {
		t.Error("a sentence has one full stop")
	}
}
