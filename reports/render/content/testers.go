package content

import (
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// signatures is the table that the testers sign: who started the run, and who
// carried out manual protocols. A run that nobody is to sign has none.
func signatures(m *reports.Model) document.Block {
	r := &m.Run
	if len(r.Testers) == 0 && r.Type == "dev" {
		return nil
	}
	t := document.Table{Name: "signatures", Columns: []document.Column{
		words("Initials", 8, 0), words("Name", 20, 1), words("What", 24, 1), words("When", 30, 1),
		{Title: "Signature", Width: 28, Blank: true},
		{Title: "Date", Width: 12, Blank: true},
	}}
	add := func(initials, name, what string, first, last time.Time) {
		t.Add(initials, document.Stated(name), what, strings.TrimSpace(document.When(first)+"\n"+document.Prefix("to ", document.When(last))), "", "")
	}
	automated, done := false, map[string][]time.Time{} // when each tester did a step
	for _, spec := range m.Specs() {
		automated = automated || !spec.Manual
		if spec.Manual && spec.Evidence != nil {
			for _, s := range spec.Evidence.Steps {
				done[s.By] = append(done[s.By], s.At)
			}
		}
	}
	if automated {
		add("", r.Tester, r.Type+" run "+r.ID, r.Started, r.Ended)
	}
	for _, who := range r.Testers {
		at := done[who.Initials]
		if len(at) == 0 {
			at = []time.Time{{}}
		}
		slices.SortFunc(at, time.Time.Compare)
		add(who.Initials, who.Name, document.Plural(len(done[who.Initials]), "step")+" by hand", at[0], at[len(at)-1])
	}
	return document.Section{Title: "Testers", Body: document.Blocks(t)}
}
