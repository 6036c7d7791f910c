package exchange

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Mapping says how the columns of a source become the keys of requirements. Its zero
// value takes columns by the names that they usually have.
type Mapping struct {
	Columns   map[string]Names             `json:"columns"`   // the columns of a key; those of desc are joined, of the others the first that is not blank counts
	Values    map[string]map[string]string `json:"values"`    // by key: what a value of the source means here
	Defaults  map[string]string            `json:"defaults"`  // by key: what is taken where the source says nothing
	Where     map[string]Names             `json:"where"`     // by column: only rows with one of these values are requirements
	Prefix    string                       `json:"prefix"`    // put before every id; empty: ids stay as they are
	Separator string                       `json:"separator"` // of the cells of a CSV file; empty: found by its first line
}

// Names is a list of names; a single one may stand without brackets.
type Names []string

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Names) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*n = Names{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(n))
}

// mostMistakes is how many mistakes of a source are listed. A wrong mapping makes one
// of every row.
const mostMistakes = 20

// keys are those of a requirement that a source can say something about, and id.
var keys = []string{"id", "desc", "group", "tester", "level", "source", "parents", "observe", "rationale", "retired"}

var (
	idForm    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._:-]*$`)
	listBreak = regexp.MustCompile(`[,;\s]+`)
)

// apply makes requirements of a table.
func (m *Mapping) apply(t *table) (*Imported, error) {
	a := applying{Mapping: m, table: t, ids: map[string]*row{}, ofRef: map[string]string{}, out: &Imported{Keys: map[string]bool{}}}
	if len(t.rows) == 0 {
		return nil, fmt.Errorf("%s: there is no requirement in it", t.file)
	}
	a.choose()
	for i := range t.rows {
		if a.wanted(&t.rows[i]) {
			a.requirement(&t.rows[i])
		}
	}
	a.link()
	if len(a.mistakes) > 0 {
		a.mistakes.Sort()
		if more := len(a.mistakes) - mostMistakes; more > 0 {
			a.mistakes = append(a.mistakes[:mostMistakes], strictjson.Error{File: t.file, Text: fmt.Sprintf("and %d more mistakes", more)})
		}
		return nil, a.mistakes
	}
	if len(a.out.Requirements) == 0 {
		return nil, fmt.Errorf("%s: none of its %d objects has a text: map desc to one of the columns %s", t.file, len(t.rows), strings.Join(t.columns, ", "))
	}
	a.unplaced()
	return a.out, nil
}

type applying struct {
	*Mapping
	*table
	columnsOf map[string][]string // of each key, those that the table has
	ids       map[string]*row     // rows by the ids of their requirements
	ofRef     map[string]string   // ids by what rows call each other
	made      []*row              // the row of each requirement
	blank     []string            // ids of objects without a text
	out       *Imported
	mistakes  strictjson.Errors
}

// choose finds the columns of each key, without regard to case.
func (a *applying) choose() {
	real := make(map[string]string, len(a.columns))
	for _, c := range a.columns {
		real[strings.ToLower(c)] = c
	}
	a.columnsOf = map[string][]string{}
	head := &row{line: 1, column: 1}
	for _, key := range keys {
		names, mapped := a.Columns[key]
		if usual, ok := a.table.keys[key]; !mapped && ok {
			names = usual
		} else if !mapped {
			names = Names{key}
		}
		for _, name := range names {
			if c, ok := real[strings.ToLower(name)]; ok {
				a.columnsOf[key] = append(a.columnsOf[key], c)
			} else if mapped {
				a.wrong(head, "there is no column %q, which the mapping of %s names: there are %s", name, key, strings.Join(a.columns, ", "))
			}
		}
		a.out.Keys[key] = len(a.columnsOf[key]) > 0
	}
	if len(a.columnsOf["id"]) == 0 {
		a.wrong(head, "no column is mapped to id: there are %s", strings.Join(a.columns, ", "))
	}
}

// wanted reports whether a row is a requirement, by Where.
func (a *applying) wanted(r *row) bool {
	for column, values := range a.Where {
		if !slices.ContainsFunc(r.cells[column], func(v string) bool { return slices.Contains(values, v) }) {
			return false
		}
	}
	return len(r.cells) > 0
}

// text returns what a row says of a key.
func (a *applying) text(r *row, key string) string {
	var parts []string
	for _, c := range a.columnsOf[key] {
		value := strings.TrimSpace(strings.Join(r.cells[c], "\n"))
		if value == "" || slices.Contains(parts, value) {
			continue
		}
		parts = append(parts, value)
		if key != "desc" {
			break
		}
	}
	text := strings.Join(parts, "\n")
	if meant, ok := a.Values[key][text]; ok {
		text = meant
	}
	return cmp.Or(text, a.Defaults[key])
}

// requirement makes a requirement of a row.
func (a *applying) requirement(r *row) {
	id := a.text(r, "id")
	if id != "" {
		id = a.Prefix + id
	}
	q := srs.Requirement{
		ID: id, Tester: cmp.Or(strings.ToLower(a.text(r, "tester")), "auto"), Group: cmp.Or(a.text(r, "group"), "requirements"), Desc: a.text(r, "desc"),
		Source: a.text(r, "source"), Level: a.text(r, "level"), Rationale: a.text(r, "rationale"),
		Observe: a.list(r, "observe"), Parents: a.list(r, "parents"), Retired: slices.Contains([]string{"true", "yes", "1", "x"}, strings.ToLower(a.text(r, "retired"))),
	}
	switch {
	case q.Desc == "":
		a.blank = append(a.blank, id)
		return
	case id == "":
		a.wrong(r, "the row has no id: give it one, or leave such rows out by \"where\"")
		return
	case !idForm.MatchString(id):
		a.wrong(r, "%q cannot be an id here (a letter, then letters, digits, . _ - or :): change it in the source, or map a prefix", id)
		return
	case a.ids[id] != nil:
		a.wrong(r, "the id %s is taken by line %d: give another in the source", id, a.ids[id].line)
		return
	}
	if !slices.Contains([]string{"auto", "manual", "both"}, q.Tester) {
		a.wrong(r, "the tester of %s is %q: map it to auto, manual or both by \"values\"", id, q.Tester)
	}
	if q.Level != "" && !idForm.MatchString(q.Level) {
		a.wrong(r, "the level of %s is %q: map it to a word by \"values\"", id, q.Level)
	}
	for i := range q.Parents {
		q.Parents[i] = a.Prefix + q.Parents[i]
	}
	a.ids[id] = r
	if r.ref != "" {
		a.ofRef[r.ref] = id
	}
	a.made = append(a.made, r)
	a.out.Requirements = append(a.out.Requirements, q)
}

func (a *applying) wrong(r *row, format string, args ...any) {
	a.mistakes = append(a.mistakes, strictjson.Error{File: a.file, Line: r.line, Column: r.column, Text: fmt.Sprintf(format, args...)})
}

// list returns a key whose value is several words.
func (a *applying) list(r *row, key string) (list []string) {
	for _, word := range listBreak.Split(a.text(r, key), -1) {
		if word != "" && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// link gives requirements the parents that their rows refer to.
func (a *applying) link() {
	outside := 0
	for i := range a.out.Requirements {
		q := &a.out.Requirements[i]
		for _, ref := range a.made[i].links {
			id, known := a.ofRef[ref]
			switch {
			case !known:
				outside++
			case !slices.Contains(q.Parents, id):
				q.Parents = append(q.Parents, id)
			}
		}
		a.out.Keys["parents"] = a.out.Keys["parents"] || len(a.made[i].links) > 0
		slices.Sort(q.Parents)
	}
	if outside > 0 {
		a.notes = append(a.notes, fmt.Sprintf("%d links to objects that are no requirements here", outside))
	}
}

// unplaced says what of the source is not in the requirements.
func (a *applying) unplaced() {
	used := slices.Concat(slices.Collect(maps.Values(a.columnsOf))...)
	used = append(slices.AppendSeq(used, maps.Keys(a.Where)), a.own...)
	add := func(n int, format string, args ...any) {
		if n > 0 {
			a.out.Unplaced = append(a.out.Unplaced, fmt.Sprintf("%d "+format, append([]any{n}, args...)...))
		}
	}
	for _, c := range a.columns {
		n := 0
		for _, r := range a.made {
			if len(r.cells[c]) > 0 {
				n++
			}
		}
		if n > 0 && !slices.Contains(used, c) {
			a.out.Unplaced = append(a.out.Unplaced, fmt.Sprintf("column %q of %d requirements", c, n))
		}
	}
	add(len(a.blank), "objects without a text: %s", strings.Join(a.blank, ", "))
	add(len(a.rows)-len(a.made)-len(a.blank), "rows that \"where\" leaves out")
	a.out.Unplaced = append(a.out.Unplaced, a.notes...)
	add(a.pictures, "pictures and other objects within texts")
	var strangers []string
	for _, q := range a.out.Requirements {
		for _, p := range q.Parents {
			if a.ids[p] == nil && !slices.Contains(strangers, p) {
				strangers = append(strangers, p)
			}
		}
	}
	add(len(strangers), "parents are not in this file, and must be in another -srs: %s", strings.Join(strangers, ", "))
}
