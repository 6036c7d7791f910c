package ids_test

import (
	"slices"
	"testing"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

func TestPattern(t *testing.T) {
	for _, row := range []struct {
		pattern string
		names   []string
		want    []string
	}{
		{"", []string{"R-1"}, nil},
		{`R-\d+`, []string{"of R-2", "R-1 and R-2, not r-3"}, []string{"R-2", "R-1"}},
		{`\[(R-\d+)\]`, []string{"burns [R-1]", "R-2"}, []string{"R-1"}},
		{`x|(R-\d+)`, []string{"x R-1"}, []string{"R-1"}},
	} {
		find, err := ids.New(row.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := find.In(row.names...); !slices.Equal(got, row.want) {
			t.Errorf("%q finds %q in %q, not %q", row.pattern, got, row.names, row.want)
		}
	}
	for _, pattern := range []string{"(", "R*", "^"} {
		if _, err := ids.New(pattern); err == nil {
			t.Errorf("%q is accepted", pattern)
		}
	}
}

func TestProperties(t *testing.T) {
	for name, want := range map[string]bool{"requirement": true, "Requirements": true, "REQ": true, "verifies": true, "requires": false, "": false} {
		if ids.Names(name) != want {
			t.Errorf("%q lists ids: %v", name, !want)
		}
	}
	if got := ids.Split(" A,B ,\tC\n, A "); !slices.Equal(got, []string{"A", "B", "C", "A"}) {
		t.Errorf("%q", got)
	}
	if got := results.AppendNew([]string{"A"}, "B", "A", "B"); !slices.Equal(got, []string{"A", "B"}) {
		t.Errorf("%q", got)
	}
}
