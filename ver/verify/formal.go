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
	"github.com/socket-oneline/oneline/reports/formal"
	"github.com/socket-oneline/oneline/reports/plan"
)

// permit refuses what a run of its type must not be. Nothing has been sent or
// written yet.
func (r *run) permit() error {
	var reasons formal.Refusal
	if r.record.Type == "dev" {
		return nil
	}
	r.narrowed(&reasons)
	if r.record.Type == dryrun {
		if r.options.Out == "" {
			reasons.Add("a dryrun issues the test protocol: say by -out into which folder")
		}
	} else {
		unidentified(&reasons, BuildInfo())
		r.outOfReach(&reasons)
		r.unplanned(&reasons)
		r.cite(&reasons, r.options.KillMatrix)
	}
	return reasons.Of(r.record.Type)
}

// released is a version that somebody has given to a commit.
var released = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]*)?$`)

// unidentified refuses a suite that nobody could have again.
func unidentified(reasons *formal.Refusal, s evidence.Suite) {
	switch dirty := strings.Contains(s.Version, "dirty"); {
	case dirty, s.Modified != nil && *s.Modified:
		reasons.Add("the suite holds uncommitted changes: commit them, and build oneline again")
	case s.Commit != "" && s.Modified != nil, released.MatchString(s.Version):
	default:
		reasons.Add("the suite is neither a release nor built from a commit, as far as is known: build oneline in a checkout (make build), or take a release; go test does not say what it was built from")
	}
}

// narrowed refuses a suite of which not every spec is carried out, once.
func (r *run) narrowed(reasons *formal.Refusal) {
	config, _ := ginkgo.GinkgoConfiguration()
	all, chosen := r.listed.PreRunStats.TotalSpecs, r.listed.PreRunStats.SpecsThatWillRun
	if len(r.options.Only) > 0 {
		reasons.Add("-only leaves out specs: leave it out")
	}
	switch {
	case r.listed.SuiteHasProgrammaticFocus:
		reasons.Add("specs of the suite are focused: remove the focus")
	case chosen < all:
		reasons.Add("%d of %d specs are filtered out or pending: run all", all-chosen, all)
	}
	if config.DryRun {
		reasons.Add("-ginkgo.dry-run carries out nothing: leave it out")
	}
	again := config.FlakeAttempts > 1
	for _, s := range r.listed.SpecReports {
		again = again || s.MaxFlakeAttempts > 1
	}
	if again {
		reasons.Add("specs that fail are tried again: remove the flake attempts")
	}
}

// outOfReach refuses requirements that the target cannot show, and that nobody
// has justified.
func (r *run) outOfReach(reasons *formal.Refusal) {
	var order []string
	ids := make(map[string][]string)
	for _, q := range r.planned.Requirements {
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
		reasons.Add("out of reach (%s) and not justified: %s: verify a target that shows them, or justify that in the file of -justifications", reason, strings.Join(ids[reason], ", "))
	}
}

// unplanned refuses a run whose steps are not those of the test protocol that
// was issued before.
func (r *run) unplanned(reasons *formal.Refusal) {
	path := r.options.Protocol
	if path == "" {
		reasons.Add("the test protocol is not named: give by -protocol the %s that -run-type dryrun issued", folder.ProtocolName)
		return
	}
	issued, file, err := plan.Load(path)
	if err != nil {
		reasons.Add("%s", err)
		return
	}
	if r.listed.PreRunStats.SpecsThatWillRun < r.listed.PreRunStats.TotalSpecs {
		return // not all steps could be compared, and that is refused already
	}
	reasons.Steps(path, issued, plan.Of(r.planned))
	r.record.Protocol = &file
}

// cite takes the kill matrix of this suite into the record of the run, if one is
// given.
func (r *run) cite(reasons *formal.Refusal, path string) {
	if path == "" {
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		if p, ok := errors.AsType[*os.PathError](err); ok {
			err = p.Err
		}
		reasons.Add("%s: the kill matrix cannot be read: %s", path, err)
		return
	}
	var matrix struct {
		Schema   string
		ExitCode int `json:"exit_code"`
		SRS      evidence.File
		Run      struct{ Suite evidence.Suite }
		LeftOut  []string `json:"left_out"`
		Summary  struct{ Faults, Killed, Nulls, Unearned, Variants, Missed, Blamed int }
	}
	suite := BuildInfo()
	switch err := json.Unmarshal(data, &matrix); {
	case err != nil, !strings.HasPrefix(matrix.Schema, "oneline-kill-matrix/"):
		reasons.Add("%s: this is no kill matrix: give the kill-matrix.json that oneline selftest wrote", path)
	case matrix.SRS.SHA256 != r.file.SHA256, matrix.Run.Suite.Commit != suite.Commit, matrix.Run.Suite.Version != suite.Version:
		reasons.Add("%s: the kill matrix is that of another suite or of other requirements: run oneline selftest again", path)
	default:
		n := matrix.Summary
		r.record.Sections = append(r.record.Sections, evidence.Section{Title: evidence.Qualification, Rows: []evidence.Row{{
			Name: "self-test of the suite", Value: fmt.Sprintf("%d of %d seeded faults caught, %d blamed wrongly; %d of %d nulls earned nothing; %d of %d variants passed",
				n.Killed, n.Faults, n.Blamed, n.Nulls-n.Unearned, n.Nulls, n.Variants-n.Missed, n.Variants),
		}}})
		r.record.Inputs = append(r.record.Inputs, evidence.Input{Title: "kill matrix", File: evidence.File{Name: path, SHA256: folder.Sum(data)}})
		if matrix.ExitCode != 0 || len(matrix.LeftOut) > 0 {
			r.record.Notes = append(r.record.Notes, fmt.Sprintf("the kill matrix says exit code %d, with %d members left out", matrix.ExitCode, len(matrix.LeftOut)))
		}
	}
}
