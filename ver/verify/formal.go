package verify

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/plan"
)

// Refusal says why a formal or a dry run is not begun, a line each. It means
// exit code 2.
type Refusal []string

func (r Refusal) Error() string { return strings.Join(r, "\n") }

func (r *Refusal) add(format string, args ...any) { *r = append(*r, fmt.Sprintf(format, args...)) }

// permit refuses what a run of its type must not be. Nothing has been sent or
// written yet.
func (r *run) permit() error {
	var reasons Refusal
	if r.record.Type == "dev" {
		return nil
	}
	r.narrowed(&reasons)
	if r.record.Type == dryrun {
		if r.options.Out == "" {
			reasons.add("a dryrun issues the test protocol: say by -out into which folder")
		}
	} else {
		unidentified(&reasons, Build())
		if err := r.outOfReach(&reasons); err != nil {
			return err
		}
		r.unplanned(&reasons)
		r.cite(&reasons, r.options.KillMatrix)
	}
	if len(reasons) == 0 {
		return nil
	}
	for i := range reasons {
		reasons[i] = r.record.Type + " run refused: " + reasons[i]
	}
	return reasons
}

// released is a version that somebody has given to a commit.
var released = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]*)?$`)

// unidentified refuses a suite that nobody could have again.
func unidentified(reasons *Refusal, s evidence.Suite) {
	switch dirty := strings.Contains(s.Version, "dirty"); {
	case dirty, s.Modified != nil && *s.Modified:
		reasons.add("the suite holds uncommitted changes: commit them, and build oneline again")
	case s.Commit != "" && s.Modified != nil, released.MatchString(s.Version):
	default:
		reasons.add("the suite is neither a release nor built from a commit, as far as is known: build oneline in a checkout (make build), or take a release; go test does not say what it was built from")
	}
}

// narrowed refuses a suite of which not every spec is carried out, once.
func (r *run) narrowed(reasons *Refusal) {
	config, _ := ginkgo.GinkgoConfiguration()
	all, chosen := r.listed.PreRunStats.TotalSpecs, r.listed.PreRunStats.SpecsThatWillRun
	if len(r.options.Only) > 0 {
		reasons.add("-only leaves out specs: leave it out")
	}
	switch {
	case r.listed.SuiteHasProgrammaticFocus:
		reasons.add("specs of the suite are focused: remove the focus")
	case chosen < all:
		reasons.add("%d of %d specs are filtered out or pending: run all", all-chosen, all)
	}
	if config.DryRun {
		reasons.add("-ginkgo.dry-run carries out nothing: leave it out")
	}
	again := config.FlakeAttempts > 1
	for _, s := range r.listed.SpecReports {
		again = again || s.MaxFlakeAttempts > 1
	}
	if again {
		reasons.add("specs that fail are tried again: remove the flake attempts")
	}
}

// outOfReach refuses requirements that the target cannot show, and that nobody
// has justified.
func (r *run) outOfReach(reasons *Refusal) error {
	m, err := r.plannedModel()
	if err != nil {
		return err
	}
	var order []string
	ids := make(map[string][]string)
	for _, q := range m.Requirements {
		if q.Verdict != reports.NotObservable {
			continue
		}
		if j := r.options.Justifications; j != nil {
			if _, ok := j.Of[q.ID]; ok {
				continue
			}
		}
		if ids[q.Reason] == nil {
			order = append(order, q.Reason)
		}
		ids[q.Reason] = append(ids[q.Reason], q.ID)
	}
	for _, reason := range order {
		reasons.add("out of reach (%s) and not justified: %s: verify a target that shows them, or justify that in the file of -justifications", reason, strings.Join(ids[reason], ", "))
	}
	return nil
}

// unplanned refuses a run whose steps are not those of the test protocol that
// was issued before.
func (r *run) unplanned(reasons *Refusal) {
	path := r.options.Protocol
	if path == "" {
		reasons.add("the test protocol is not named: give by -protocol the %s that -run-type dryrun issued", folder.ProtocolName)
		return
	}
	issued, file, err := plan.Load(path)
	if err != nil {
		reasons.add("%s", err)
		return
	}
	if r.listed.PreRunStats.SpecsThatWillRun < r.listed.PreRunStats.TotalSpecs {
		return // not all steps could be compared, and that is refused already
	}
	now, err := r.plan()
	if err != nil {
		reasons.add("%s", err)
		return
	}
	changes := issued.Differences(now)
	if len(changes) > 0 {
		const most = 5
		text := strings.Join(changes[:min(len(changes), most)], "; ")
		if more := len(changes) - most; more > 0 {
			text += fmt.Sprintf("; and %d more", more)
		}
		reasons.add("%s: the steps have changed since it was issued: %s: issue it again by -run-type dryrun", path, text)
		return
	}
	r.record.Protocol = &file
}

// cite takes the kill matrix of this suite into the record of the run, if one is
// given.
func (r *run) cite(reasons *Refusal, path string) {
	if path == "" {
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		if p, ok := errors.AsType[*os.PathError](err); ok {
			err = p.Err
		}
		reasons.add("%s: the kill matrix cannot be read: %s", path, err)
		return
	}
	var matrix struct {
		Schema   string
		ExitCode int `json:"exit_code"`
		SRS      evidence.File
		Run      struct{ Suite evidence.Suite }
		LeftOut  []string `json:"left_out"`
	}
	suite := Build()
	switch err := json.Unmarshal(data, &matrix); {
	case err != nil, !strings.HasPrefix(matrix.Schema, "oneline-kill-matrix/"):
		reasons.add("%s: this is no kill matrix: give the kill-matrix.json that oneline selftest wrote", path)
	case matrix.SRS.SHA256 != r.file.SHA256, matrix.Run.Suite.Commit != suite.Commit, matrix.Run.Suite.Version != suite.Version:
		reasons.add("%s: the kill matrix is that of another suite or of other requirements: run oneline selftest again", path)
	default:
		r.record.Inputs = append(r.record.Inputs, evidence.Input{Title: "kill matrix", File: evidence.File{Name: path, SHA256: plan.Hash(data)}})
		if matrix.ExitCode != 0 || len(matrix.LeftOut) > 0 {
			r.record.Notes = append(r.record.Notes, fmt.Sprintf("the kill matrix says exit code %d, with %d members left out", matrix.ExitCode, len(matrix.LeftOut)))
		}
	}
}
