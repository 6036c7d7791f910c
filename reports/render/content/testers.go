package content

import (
	"fmt"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// work is what a tester did by hand.
type work struct {
	steps       int
	first, last time.Time
}

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
	automated := false
	for _, s := range m.Specs() {
		automated = automated || !s.Manual
	}
	if automated {
		add("", r.Tester, r.Type+" run "+r.ID, r.Started, r.Ended)
	}
	done := byHand(m)
	for _, who := range r.Testers {
		w := done[who.Initials]
		add(who.Initials, who.Name, fmt.Sprintf("%s by hand", document.Plural(w.steps, "step")), w.first, w.last)
	}
	return document.Section{Title: "Testers", Body: document.Blocks(t)}
}

// byHand sums up what each tester did, by initials.
func byHand(m *reports.Model) map[string]work {
	done := make(map[string]work)
	for _, spec := range m.Specs() {
		if !spec.Manual || spec.Evidence == nil {
			continue
		}
		for _, s := range spec.Evidence.Steps {
			if s.By == "" {
				continue
			}
			w := done[s.By]
			if w.steps == 0 || s.At.Before(w.first) {
				w.first = s.At
			}
			if s.At.After(w.last) {
				w.last = s.At
			}
			w.steps++
			done[s.By] = w
		}
	}
	return done
}
