package render

import (
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/reports"
)

// Layout is what an organisation wants of the pages of its documents. The zero
// value is A4 across, with the title and the target at the head of each page,
// without document numbers and approvers.
type Layout struct {
	Paper     string              // A4 or letter; empty: A4
	Portrait  bool                // upright; false: across, which suits wide tables
	Header    string              // at the head of every page, such as the name of the organisation; empty: the target
	Footer    string              // at the foot of every page, beside its number; empty: the run
	Documents map[string]Identity // by the names of the documents: summary, report, trace, protocol
	Approvers []Approver          // who signs; none: no signature block
}

// Identity is how an organisation files a document. Empty fields are not shown.
type Identity struct{ Number, Revision string }

// Approver signs every document.
type Approver struct{ Name, Role string }

// Paper sizes, upright, in millimetres.
var papers = map[string]struct{ width, height float64 }{
	"A4": {210, 297}, "letter": {215.9, 279.4},
}

// Check tells what is wrong with the layout: a size of paper or a document that
// is not known.
func (l Layout) Check() error {
	if _, known := papers[l.paper()]; !known {
		return fmt.Errorf("paper %q is not known; give A4 or letter", l.Paper)
	}
	var names []string
	for _, d := range documents {
		names = append(names, d.name)
	}
	for name := range l.Documents {
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+name+" ") {
			return fmt.Errorf("document %q is not known; there are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

func (l Layout) paper() string {
	if l.Paper == "" {
		return "A4"
	}
	return l.Paper
}

// size is the page in millimetres, as it is looked at.
func (l Layout) size() (width, height float64) {
	p := papers[l.paper()]
	if l.Portrait {
		return p.width, p.height
	}
	return p.height, p.width
}

// document builds a document and puts on it what the layout says: its number,
// what stands at the head and the foot of its pages, and who approves it.
func (l Layout) document(name string, m *reports.Model) Document {
	var doc Document
	for _, d := range documents {
		if d.name == name {
			doc = d.build(m)
		}
	}
	id := l.Documents[name]
	if text := id.text(); text != "" {
		doc.Run = append([]Pair{{"document", text}}, doc.Run...)
	}
	doc.Header = join(doc.Title, orElse(l.Header, m.Run.Target.Name))
	doc.Number, doc.Subject = id.text(), m.Run.Target.Name
	doc.Footer = orElse(l.Footer, strings.TrimSpace(m.Run.Type+" run "+m.Run.ID))
	if len(l.Approvers) > 0 {
		body := doc.Body
		doc.Body = func(yield func(Block) bool) {
			for b := range body {
				if !yield(b) {
					return
				}
			}
			yield(approval(l.Approvers))
		}
	}
	return doc
}

func (id Identity) text() string {
	if id.Revision == "" {
		return id.Number
	}
	return join(id.Number, "revision "+id.Revision)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// approval is the block that is signed.
func approval(who []Approver) Block {
	t := Table{Name: "signatures", Columns: []Column{
		{Title: "Role", Width: 24, Grow: 1},
		{Title: "Name", Width: 24, Grow: 1},
		{Title: "Signature", Width: 32, Blank: true},
		{Title: "Date", Width: 14, Blank: true},
	}}
	for _, a := range who {
		t.Rows = append(t.Rows, []Cell{cell(a.Role), cell(a.Name), {}, {}})
	}
	return Section{Title: "Approval", Body: blocks(t)}
}
