package render

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

// DiffJSON writes a difference as JSON.
func DiffJSON(w io.Writer, d *reports.Diff) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return err
	}
	return b.Flush()
}

// DiffDocument says what changed from one run to another.
func DiffDocument(d *reports.Diff) Document {
	body := []Block{List{Title: "Please note", Items: d.Notes}}
	for _, c := range reports.Changes {
		if d.Counts[c] > 0 {
			title := fmt.Sprintf("%s%s: %d", strings.ToUpper(string(c[:1])), c[1:], d.Counts[c])
			body = append(body, Section{Title: title, Anchor: string(c), Body: blocks(diffTable(d, c))})
		}
	}
	tone := Good
	if d.ExitCode != reports.ExitPassed {
		tone = Bad
	}
	for _, l := range d.Conclusion {
		body = append(body, Paragraph{Text: l, Tone: tone})
	}
	return Document{
		Title: "What changed",
		Run:   []Pair{{"old", diffRun(d.Old)}, {"new", diffRun(d.New)}},
		Body:  blocks(body...),
	}
}

func diffRun(r reports.DiffRun) string {
	return join(r.File+": "+stated(r.Run.Target.Name)+" "+paren(r.Run.Target.Kind),
		prefix("version ", r.Run.Target.Version), "run "+stated(r.Run.ID), when(r.Run.Started))
}

// diffTable has a row per requirement with that change.
func diffTable(d *reports.Diff, c reports.Change) Table {
	t := Table{Name: "diff", Columns: []Column{
		{Title: "Requirement", Width: 12}, {Title: "Old", Width: 14}, {Title: "New", Width: 14}, {Title: "Text", Width: 20, Grow: 1},
	}}
	for i := range d.Requirements {
		r := &d.Requirements[i]
		if r.Change != c {
			continue
		}
		t.Rows = append(t.Rows, []Cell{cell(r.ID), seenVerdict(r.Old), seenVerdict(r.New), cell(explained(&reports.Requirement{Desc: r.Desc, Reason: diffReason(r)}))})
	}
	return t
}

// diffReason says why the verdicts are what they are, where that changed.
func diffReason(r *reports.DiffRequirement) string {
	switch {
	case r.OldReason == "", r.OldReason == r.NewReason:
		return r.NewReason
	case r.NewReason == "":
		return "was: " + r.OldReason
	}
	return "was: " + r.OldReason + "; now: " + r.NewReason
}

// seenVerdict shows a verdict, or that a run does not know the requirement.
func seenVerdict(v reports.Verdict) Cell {
	if v == "" {
		return Cell{Text: "unknown", Tone: Muted}
	}
	return verdictCell(v)
}
