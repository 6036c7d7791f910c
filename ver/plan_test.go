package ver_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/srs"
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
		found := 0
		for _, m := range shown.FindAllStringSubmatch(guide(t, name), -1) {
			place, ours := places[m[1]]
			if !ours {
				continue
			}
			if found++; m[2] != place {
				t.Errorf("%s: %q is at %s, not %s", name, m[1], place, m[2])
			}
		}
		if found == 0 {
			t.Errorf("%s shows no failure of the suite", name)
		}
	}
}

// The guides quote how many requirements can be tested on a target; that follows from
// what its specs need.
func TestFiguresInGuides(t *testing.T) {
	all := count(t, func(string) bool { return true })
	for _, quoted := range []struct {
		guide, target string
		choice        target.Choice
	}{
		{"docs/verify-your-server.md", "127.0.0.1:5001", target.Choice{Addr: "127.0.0.1:5001"}},
		{"docs/verify-your-server.md", "python3 server.py {addr}", target.Choice{Launch: "python3 server.py {addr}"}},
		{"docs/verify-your-client.md", "python3 client.py {addr}", target.Choice{Client: "python3 client.py {addr}"}},
	} {
		n := testable(t, quoted.choice)
		_, shown, _ := strings.Cut(guide(t, quoted.guide), "    "+quoted.target+": ")
		shown, _, _ = strings.Cut(shown, "\n\n")
		want := fmt.Sprintf("%d of %d requirements tested: %d passed, 0 failed.", n["all"], all["all"], n["all"])
		if !strings.HasPrefix(shown, want) {
			t.Errorf("%s: %s: %q, want %q", quoted.guide, quoted.target, shown, want)
		}
		for sentence, want := range map[string]string{
			`\d+ not observable`: fmt.Sprintf("%d not observable", all["all"]-n["all"]),
			`rules \d.*, settled \d.*\.  `: fmt.Sprintf("rules %d of %d, settled %d of %d.  ",
				n["rule"], n["rule"], n["settled"], n["settled"]),
		} {
			if got := regexp.MustCompile(sentence).FindString(shown); got != "" && got != want {
				t.Errorf("%s: %s: %q, want %q", quoted.guide, quoted.target, got, want)
			}
		}
	}
	n := testable(t, target.Choice{Launch: "oneline serve -addr {addr}", Profile: target.Sample()})
	dry := fmt.Sprintf("    rules 0 of %d, settled 0 of %d.    exit code 4\n", n["rule"], n["settled"])
	if !strings.Contains(guide(t, "docs/formal.md"), dry) {
		t.Errorf("docs/formal.md does not show %q", dry)
	}
}

// testable counts the requirements that can be tested on a target.
func testable(t *testing.T, c target.Choice) map[string]int {
	t.Helper()
	at, err := target.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	observable := map[string]bool{}
	for _, spec := range ver.New(at, 1).Planned() {
		for _, id := range spec.Requirements {
			observable[id] = observable[id] || spec.NotObservable == ""
		}
	}
	return count(t, func(id string) bool { return observable[id] })
}

// count counts some of the requirements by level, and all of these.
func count(t *testing.T, counts func(id string) bool) map[string]int {
	t.Helper()
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, r := range file.Requirements {
		if !r.Retired && counts(r.ID) {
			n[r.Level]++
			n["all"]++
		}
	}
	return n
}

func guide(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
