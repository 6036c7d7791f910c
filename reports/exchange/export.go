package exchange

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/srs"
)

// Export writes every requirement with its verdict, in a form that [Import] reads
// back: "csv" or "needs". Retired requirements have the verdict RETIRED, ids that only
// specs name INVALID: nothing passes by being left out.
func Export(w io.Writer, format string, file *srs.File, m *reports.Model) error {
	all := exported(file, m)
	if format == "needs" {
		return exportNeeds(w, all, m)
	}
	return exportCSV(w, all)
}

// An export is a requirement with what the report says of it.
type export struct {
	srs.Requirement
	judged reports.Requirement
}

func exported(file *srs.File, m *reports.Model) []export {
	judged := make(map[string]reports.Requirement, len(m.Requirements))
	for _, r := range m.Requirements {
		judged[r.ID] = r
	}
	var all []export
	for _, r := range file.Requirements {
		e := export{r, judged[r.ID]}
		if delete(judged, r.ID); r.Retired {
			e.judged.Verdict = cmp.Or(e.judged.Verdict, "RETIRED") // INVALID where a spec names it
		}
		all = append(all, e)
	}
	for _, r := range m.Requirements { // ids that no requirement has
		if _, left := judged[r.ID]; left {
			all = append(all, export{srs.Requirement{ID: r.ID}, r})
		}
	}
	return all
}

func exportCSV(w io.Writer, all []export) error {
	c := csv.NewWriter(w)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = Harmless(cells[i])
		}
		_ = c.Write(cells) // the error stays in c
	}
	write("id", "verdict", "reason", "in_scope", "passed", "failed", "group", "tester", "level", "source", "parents", "observe", "retired", "rationale", "desc")
	for _, e := range all {
		j := &e.judged
		write(e.ID, string(j.Verdict), j.Reason, strconv.FormatBool(j.InScope),
			strconv.Itoa(j.Verifications.Passed), strconv.Itoa(j.Verifications.Failed),
			e.Group, e.Tester, e.Level, e.Source, strings.Join(e.Parents, " "), strings.Join(e.Observe, " "),
			strconv.FormatBool(e.Retired), e.Rationale, e.Desc)
	}
	c.Flush()
	return c.Error()
}

// A need is a requirement in the form of sphinx-needs. Its status is the verdict.
type need struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Content   string   `json:"content,omitempty"`
	Type      string   `json:"type"`
	Status    string   `json:"status"`
	Reason    string   `json:"reason,omitempty"`
	Links     []string `json:"links"`
	LinksBack []string `json:"links_back"`
	Tester    string   `json:"tester,omitempty"`
	Level     string   `json:"level,omitempty"`
	Source    string   `json:"source,omitempty"`
	Rationale string   `json:"rationale,omitempty"`
	Observe   []string `json:"observe,omitempty"`
	Retired   bool     `json:"retired,omitzero"`
}

func exportNeeds(w io.Writer, all []export, m *reports.Model) error {
	needs := make(map[string]need, len(all))
	for _, e := range all {
		title, content, _ := strings.Cut(e.Desc, "\n")
		needs[e.ID] = need{
			ID: e.ID, Title: title, Content: content, Type: cmp.Or(e.Group, "unknown"), Status: string(e.judged.Verdict), Reason: e.judged.Reason,
			Links: append([]string{}, e.Parents...), LinksBack: append([]string{}, e.judged.Children...),
			Tester: e.Tester, Level: e.Level, Source: e.Source, Rationale: e.Rationale, Observe: e.Observe, Retired: e.Retired,
		}
	}
	version := cmp.Or(m.Run.Target.Version, "1")
	return json.MarshalWrite(w, map[string]any{
		"current_version": version,
		"project":         m.Run.Target.Name,
		"versions": map[string]any{version: map[string]any{
			"creator": map[string]any{"program": creator},
			"needs":   needs, "needs_amount": len(needs), "filters": map[string]any{}, "filters_amount": 0,
		}},
	}, json.Deterministic(true), jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true))
}

// creator is the program that a needs.json names as its own.
const creator = "oneline"

// IsExport reports whether a file is an export of the same format as another one.
func IsExport(format string, data, other []byte) bool {
	if format == "csv" {
		return bytes.Equal(header(data), header(other))
	}
	var file struct {
		Versions map[string]struct {
			Creator struct {
				Program string `json:"program"`
			} `json:"creator"`
		} `json:"versions"`
	}
	err := json.Unmarshal(data, &file)
	for _, v := range file.Versions {
		if v.Creator.Program == creator {
			return err == nil
		}
	}
	return false
}

// header is the first line of a file.
func header(data []byte) []byte {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return line
}

// Harmless puts an apostrophe before a text that a spreadsheet would run: one whose
// first character but for spaces begins a formula, in either width.
func Harmless(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(s))
	if strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + s
	}
	return s
}
