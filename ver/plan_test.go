package ver_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/ver"
	"github.com/socket-oneline/oneline/ver/target"
)

// The test protocol follows from the data alone, and every row of it says what is
// compared.
func TestPlanned(t *testing.T) {
	s := ver.New(target.NewReference(), 1)
	planned := s.Planned()
	for _, spec := range planned {
		if len(spec.Steps) == 0 || len(spec.Planned) == 0 {
			t.Errorf("%q has %d steps and %d verifications", spec.Title, len(spec.Steps), len(spec.Planned))
		}
		verified := map[string]bool{}
		for _, v := range spec.Planned {
			if v.Text == "" || v.Expected == "" {
				t.Errorf("%q: a row without words: %q, %q", spec.Title, v.Text, v.Expected)
			}
			for _, id := range v.Requirements {
				verified[id] = true
			}
		}
		for _, id := range spec.Requirements {
			if !verified[id] {
				t.Errorf("%q verifies nothing of %s", spec.Title, id)
			}
		}
		if !strings.HasPrefix(spec.Location, "ver/") || strings.HasPrefix(spec.Location, "ver/spec.go") {
			t.Errorf("%q is at %s", spec.Title, spec.Location)
		}
	}
	if again := ver.New(target.NewReference(), 1).Planned(); len(again) != len(planned) {
		t.Errorf("%d specs, and then %d", len(planned), len(again))
	}
}

// What no profile states is not rehearsed, and needs no target.
func TestPlannedWithoutProfile(t *testing.T) {
	at, err := target.Open(target.Choice{Addr: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range ver.New(at, 1).Planned() {
		if strings.HasPrefix(spec.NotObservable, "needs -app") != (len(spec.Steps) == 0) {
			t.Errorf("%q has %d steps: %s", spec.Title, len(spec.Steps), spec.NotObservable)
		}
	}
}

// A failure of a script is at the spec's entry in its table: the guides show the file
// where that stands, and leave out the line, which moves.
func TestPlacesInGuides(t *testing.T) {
	places := map[string]string{}
	for _, spec := range ver.New(target.NewReference(), 1).Planned() {
		file, _, _ := strings.Cut(spec.Location, ":")
		places[spec.Title] = file + ":..."
	}
	shown := regexp.MustCompile(`(?s)spec +TP-\S+ ([^\n]*)\n.*? at +(\S+)\n`)
	for _, name := range []string{"README.md", "docs/verify-your-server.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, m := range shown.FindAllSubmatch(text, -1) {
			place, ours := places[string(m[1])]
			if !ours {
				continue
			}
			if found++; string(m[2]) != place {
				t.Errorf("%s: %q is at %s, not %s", name, m[1], place, m[2])
			}
		}
		if found == 0 {
			t.Errorf("%s shows no failure of the suite", name)
		}
	}
}
