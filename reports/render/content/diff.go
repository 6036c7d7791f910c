package content

import (
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Diff says what changed from one run to another.
func Diff(d *reports.Diff) document.Document {
	body := []document.Block{document.List{Title: "Please note", Items: d.Notes}}
	for _, c := range reports.Changes {
		if d.Counts[c] > 0 {
			title := fmt.Sprintf("%s%s: %d", strings.ToUpper(string(c[:1])), c[1:], d.Counts[c])
			body = append(body, document.Section{Title: title, Anchor: string(c), Body: document.Blocks(diffTable(d, c))})
		}
	}
	for _, l := range d.Conclusion {
		body = append(body, document.Paragraph{Text: l, Tone: Exits[d.ExitCode].Tone})
	}
	return document.Document{
		Title: "What changed",
		Run:   document.Pairs{{Name: "old", Value: diffRun(d.Old)}, {Name: "new", Value: diffRun(d.New)}},
		Body:  document.Blocks(body...),
	}
}

func diffRun(r reports.DiffRun) string {
	return document.Join(r.File+": "+document.Stated(r.Run.Target.Name)+" "+document.Paren(r.Run.Target.Kind),
		document.Prefix("version ", r.Run.Target.Version), "run "+document.Stated(r.Run.ID), document.When(r.Run.Started))
}

// diffTable has a row per requirement with that change.
func diffTable(d *reports.Diff, c reports.Change) document.Table {
	t := document.Table{Name: "diff", Columns: []document.Column{
		words("Requirement", 12, 0), words("Old", 14, 0), words("New", 14, 0), words("Text", 20, 1),
	}}
	for _, r := range d.Requirements {
		if r.Change == c {
			t.Add(r.ID, seenVerdict(r.Old), seenVerdict(r.New), explained(&reports.Requirement{Desc: r.Desc}, diffReason(&r)))
		}
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
func seenVerdict(v reports.Verdict) document.Cell {
	if v == "" {
		return document.Cell{Text: "unknown", Tone: document.Muted}
	}
	return VerdictCell(v)
}
