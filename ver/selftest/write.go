package selftest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/text"
)

// files are the forms of the kill matrix.
var files = []struct {
	name  string
	write func(io.Writer, *Matrix) error
}{
	{"kill-matrix.md", Markdown},
	{"kill-matrix.json", JSON},
	{"kill-matrix.html", HTML},
	{"kill-matrix.csv", CSV},
}

// open opens the folder of the kill matrix. A file in the way is an error before
// anything is run.
func open(o Options) (*folder.Folder, error) {
	out, err := folder.Create(o.Out, o.Force)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		names = append(names, f.name)
	}
	if err := out.Claim(names...); err != nil {
		out.Close()
		return nil, err
	}
	return out, nil
}

// documents are the forms of a kill matrix.
func documents(m *Matrix) (set []folder.Document) {
	for _, f := range files {
		set = append(set, folder.Document{Name: f.name, Write: func(w io.Writer) error { return f.write(w, m) }})
	}
	return set
}

// Markdown writes the kill matrix as GitHub flavoured Markdown.
func Markdown(w io.Writer, m *Matrix) error { return render.Markdown(w, m.Document()) }

// CSV writes a row for each requirement and each fault that has to do with it.
func CSV(w io.Writer, m *Matrix) error {
	return render.CSV(w, func(yield func([]string) bool) {
		yield([]string{"requirement", "group", "fault", "outcome", "fault_text", "text"})
		for i := range m.Requirements {
			row := &m.Requirements[i]
			for _, r := range m.Members {
				if word := r.outcomeFor(row.ID); word != "" {
					yield([]string{row.ID, row.Group, r.Name, word, r.Text, row.Desc})
				}
			}
		}
	})
}

// JSON writes kill-matrix.json.
func JSON(w io.Writer, m *Matrix) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// Text writes what a self-test ends with: the counts, what is wrong, and the
// conclusion, within width columns; see [text.Write] for 0.
func Text(w io.Writer, m *Matrix, width int) error {
	blocks := []document.Block{m.counts(), section("Not as it should be", m.wrong()), slowest(m), document.Paragraph{Text: m.conclusion()}}
	return text.Write(w, document.Document{Title: "Self-test", Body: document.Blocks(blocks...)}, width)
}

// slowest names the member whose run took longest.
func slowest(m *Matrix) document.Block {
	if len(m.Members) == 0 {
		return nil
	}
	seconds := m.Run.Seconds
	r := slices.MaxFunc(m.Members, func(a, b Result) int { return cmp.Compare(seconds[a.Name], seconds[b.Name]) })
	return document.Paragraph{Text: fmt.Sprintf("The slowest run: %.1f s, %s.", seconds[r.Name], r.Name)}
}
