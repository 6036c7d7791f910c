package ver_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read"
	"github.com/socket-oneline/oneline/reports/results"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver"
	"github.com/socket-oneline/oneline/ver/target"
)

// number is how often something was done, which only a run knows.
var number = regexp.MustCompile(`number \d+`)

// What a run on the reference does is what the test protocol says: the same steps,
// and of each the same verifications, though some of them more often.
func TestProtocolIsCarriedOut(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	cmd := exec.Command(self, "-test.run=^TestRequirements$", "-test.count=1", "-out", out, "-format", "json")
	cmd.Dir = "ver"
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	loaded, err := read.Load(filepath.Join(out, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		t.Fatal(err)
	}
	m := reports.Build(file, []*results.Results{loaded}, reports.Options{})
	planned := map[string]map[string]bool{}
	for _, spec := range ver.New(target.NewReference(), 1).Planned() {
		planned[spec.Title] = rows(spec.Steps, spec.Planned)
	}
	for _, p := range m.Protocols {
		for _, spec := range p.Specs {
			e := spec.Evidence
			all := slices.Concat(e.Preconditions, e.Verifications)
			for _, v := range all {
				if !strings.HasPrefix(v.Location, "ver/") || strings.HasPrefix(v.Location, "ver/play/") {
					t.Errorf("%q: %s stands at %s, which is not in the table of specs", spec.Title, v.Text, v.Location)
				}
			}
			done := rows(e.Steps, all)
			for row := range done {
				if !planned[spec.Title][row] {
					t.Errorf("%q: not planned: %s", spec.Title, row)
				}
			}
		}
	}
}

// rows gives each row of a protocol once.
func rows(steps []evidence.Step, verified []evidence.Verification) map[string]bool {
	text := map[int]string{}
	all := map[string]bool{}
	for _, s := range steps {
		text[s.Number] = s.Text
		all[s.Text] = true
	}
	for _, v := range verified {
		all[strings.Join([]string{
			text[v.Step], strings.Join(v.Requirements, ","), number.ReplaceAllString(v.Text, "of the last number"), v.Expected,
		}, " | ")] = true
	}
	return all
}
