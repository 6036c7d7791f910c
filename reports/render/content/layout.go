package content

import (
	"cmp"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// builders make the documents, by their names.
var builders = map[string]func(*reports.Model) document.Document{
	"summary": Summary, "report": Report, "trace": Trace, "protocol": Protocol,
}

// Build builds the document of that name and puts on it what the layout says:
// its number, what stands at the head and the foot of its pages, and who
// approves it.
func Build(name string, m *reports.Model, l layout.Layout) document.Document {
	doc := builders[name](m)
	doc.Number, doc.Subject = l.Documents[name].String(), m.Run.Target.Name
	if doc.Number != "" {
		doc.Run = append(document.Pairs{pair("document", doc.Number)}, doc.Run...)
	}
	doc.Header = document.Join(doc.Title, cmp.Or(l.Header, m.Run.Target.Name))
	doc.Footer = cmp.Or(l.Footer, strings.TrimSpace(m.Run.Type+" run "+m.Run.ID))
	if len(l.Approvers) > 0 {
		body := doc.Body
		doc.Body = func(yield func(document.Block) bool) {
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

// approval is the block that is signed.
func approval(who []layout.Approver) document.Block {
	t := document.Table{Name: "signatures", Columns: []document.Column{
		{Title: "Role", Width: 24, Grow: 1},
		{Title: "Name", Width: 24, Grow: 1},
		{Title: "Signature", Width: 32, Blank: true},
		{Title: "Date", Width: 14, Blank: true},
	}}
	for _, a := range who {
		t.Rows = append(t.Rows, []document.Cell{document.Text(a.Role), document.Text(a.Name), {}, {}})
	}
	return document.Section{Title: "Approval", Body: document.Blocks(t)}
}

func pair(name, value string) document.Pair { return document.Pair{Name: name, Value: value} }
