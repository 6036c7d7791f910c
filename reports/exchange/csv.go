package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// readCSV reads a table whose first line names the columns.
func readCSV(path string, data []byte, separator string) (*table, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.Comma = -1, comma(data, separator)
	t := &table{
		file: path,
		keys: map[string][]string{"desc": {"title", "desc", "description", "text"}, "group": {"group", "module"}, "parents": {"parents", "parent"}},
		// What oneline export adds is computed, and comes back from nowhere.
		own: []string{"verdict", "reason", "in_scope", "passed", "failed", "children"},
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return t, nil
		}
		if p, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, strictjson.Errors{{File: path, Line: p.Line, Column: p.Column, Text: p.Err.Error() + ": correct the quotes"}}
		}
		if err != nil {
			return nil, err
		}
		if t.columns == nil {
			for _, name := range cells {
				t.columns = append(t.columns, strings.TrimSpace(name))
			}
			continue
		}
		row := row{cells: map[string][]string{}}
		row.line, row.column = r.FieldPos(0)
		for i, cell := range cells {
			if i >= len(t.columns) {
				line, column := r.FieldPos(i)
				return nil, strictjson.Errors{{File: path, Line: line, Column: column, Text: "the row has more cells than the first line has names: quote cells that hold the separator"}}
			}
			if rest, ok := strings.CutPrefix(cell, "'"); ok && Harmless(rest) != rest {
				cell = rest // the apostrophe keeps a spreadsheet from running the cell
			}
			if strings.TrimSpace(cell) != "" {
				row.cells[t.columns[i]] = []string{cell}
			}
		}
		if len(row.cells) > 0 {
			t.rows = append(t.rows, row)
		}
	}
}

// comma returns the separator of cells: the one given, or the most frequent in the
// first line.
func comma(data []byte, separator string) rune {
	for _, r := range separator {
		return r
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(first, []byte(string(r))) > bytes.Count(first, []byte(string(best))) {
			best = r
		}
	}
	return best
}
