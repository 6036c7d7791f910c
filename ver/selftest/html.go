package selftest

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/ver/faulty"
)

//go:embed matrix.tmpl
var pageText string

var page = template.Must(template.New("matrix").Parse(pageText))

// HTML writes the kill matrix as one page that needs no network and no script.
func HTML(w io.Writer, m *Matrix) error {
	data := pageData{
		Conclusion: m.conclusion(), Tone: m.tone(), Word: "As it should be",
		Run: m.runBlock(), Counts: m.counts().Rows, Wrong: m.wrong().Items, LeftOut: m.LeftOut,
		Kinds: []pageKind{
			{"Faults", "Shall fail", "Failed", m.pageMembers(faulty.Fault)},
			{"Nulls", "May pass", "Passed", m.pageMembers(faulty.Null)},
			{"Variants", "", "Failed", m.pageMembers(faulty.Variant)},
		},
	}
	if m.ExitCode != 0 {
		data.Word = "Not as it should be"
	}
	for _, row := range m.Requirements {
		data.Rows = append(data.Rows, pageRow{row, m.grouped(row.Killed)})
	}
	return page.Execute(w, data)
}

// pageData is what the page shows.
type pageData struct {
	Conclusion, Word string
	Tone             document.Tone
	Run              []document.Pair
	Counts           [][]document.Cell
	Wrong, LeftOut   []string
	Rows             []pageRow
	Kinds            []pageKind
}

// pageRow is a requirement with the faults that it fails, by what they show.
type pageRow struct {
	Row
	Groups []pageGroup
}

// pageGroup are faults that show the same: those on the wire, of the API, ...
type pageGroup struct {
	Name   string
	Faults []string
}

// pageKind is the table of the members of a kind; its titles say what should
// come of them, and what did.
type pageKind struct {
	Title, Should, Did string
	Members            []pageMember
}

type pageMember struct {
	Result
	Expected, Actual []string
	Badge            document.Cell
}

func (m *Matrix) pageMembers(kind faulty.Kind) []pageMember {
	var members []pageMember
	for _, r := range m.Members {
		if r.Kind != kind {
			continue
		}
		p := pageMember{r, r.Breaks, r.Failed, r.badge()}
		if kind == faulty.Null {
			p.Expected, p.Actual = r.Earns, r.Passed
		}
		members = append(members, p)
	}
	return members
}

// grouped puts faults into groups by what they show, in the order in which the
// groups are met.
func (m *Matrix) grouped(names []string) []pageGroup {
	shows := map[string]string{}
	for _, r := range m.Members {
		shows[r.Name] = strings.Join(r.Shows, ", ")
	}
	var groups []pageGroup
	index := map[string]int{}
	for _, name := range names {
		i, known := index[shows[name]]
		if !known {
			i = len(groups)
			index[shows[name]] = i
			groups = append(groups, pageGroup{Name: shows[name]})
		}
		groups[i].Faults = append(groups[i].Faults, name)
	}
	return groups
}
