package render

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/mutation"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Annotations writes a line per failure in the form in which GitHub Actions takes
// remarks on a file and a line from the output of a step: print the file to have
// them shown. Problems of the suite, what is not verified and the conclusion are among
// them. The most important come first, since only some of a step are shown.
func Annotations(w io.Writer, m *reports.Model) error {
	b := bufio.NewWriter(w)
	for _, p := range m.Problems {
		annotate(b, "error", p.Place, "nothing can be concluded", reports.Problem{Suite: p.Suite, Text: p.Text}.String())
	}
	if m.Run.Unreachable != "" {
		annotate(b, "error", "", "the target could not be reached", m.Run.Unreachable)
	}
	if !m.Run.Complete {
		annotate(b, "error", "", "the run is not complete", "Not every spec that was chosen to run did so.")
	}
	requirements := m.ByID()
	counts := func(id string) bool { // it is not accepted as justified
		r := requirements[id]
		return !m.AcceptJustified || r == nil || r.Justification == nil
	}
	for _, r := range content.Failures(m) {
		for _, c := range r.Causes {
			level := "warning"
			if slices.ContainsFunc(c.Requirements, counts) {
				level = "error"
			}
			text := c.Sentence()
			for _, p := range c.Pairs() {
				text += "\n" + p.Name + ": " + p.Value
			}
			text += document.Prefix("\n", c.MoreText()) + document.Prefix("\nrepeat: ", c.Spec.Repeat)
			annotate(b, level, c.Location, strings.Join(c.Requirements, ", ")+" FAIL: "+c.Spec.FullTitle(), text)
		}
	}
	for _, r := range m.Requirements {
		if r.Verdict == reports.Partial || r.Verdict == reports.NotTested {
			annotate(b, "warning", "", r.ID+" "+string(r.Verdict), r.Desc+"\n"+r.Reason)
		}
	}
	annotate(b, "notice", "", content.Outcome(m).Text, strings.Join(m.Conclusion, "\n"))
	return b.Flush()
}

// filePlace is file:line, with or without a column.
var filePlace = regexp.MustCompile(`^([^: ]+):(\d+)(?::|$)`)

// Characters that end a property, or a line, of a remark.
var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// MutationAnnotations writes a line for each change of the code that nobody noticed
// and nothing justifies, as [Annotations] does.
func MutationAnnotations(w io.Writer, r *mutation.Report) error {
	b := bufio.NewWriter(w)
	for _, m := range r.Survivors() {
		annotate(b, "warning", fmt.Sprintf("%s:%d", m.File, m.Line), "no requirement notices this change ("+m.Operator+")",
			m.Diff+"executed by "+strings.Join(m.ExecutedBy, ", "))
	}
	return b.Flush()
}

// annotate writes one remark. What a target sent stands in it only escaped: it
// cannot make a line of its own, which would be a command.
func annotate(w io.Writer, level, place, title, text string) {
	property := ""
	if found := filePlace.FindStringSubmatch(place); found != nil {
		property = "file=" + annotationProperty.Replace(document.Show(found[1])) + ",line=" + found[2] + ","
	}
	fmt.Fprintf(w, "::%s %stitle=%s::%s\n", level, property, annotationProperty.Replace(document.Show(title)), annotationText.Replace(document.Show(text)))
}
