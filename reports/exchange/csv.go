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
	t := &table{file: path, keys: map[string][]string{
		"id": {"id"}, "desc": {"title", "desc", "description", "text"}, "group": {"group", "module"}, "tester": {"tester"},
		"level": {"level"}, "source": {"source"}, "parents": {"parents", "parent"}, "observe": {"observe"},
		"rationale": {"rationale"}, "retired": {"retired"},
	}}
	// What oneline export adds is computed, and comes back from nowhere.
	t.own = map[string]bool{"verdict": true, "reason": true, "in_scope": true, "passed": true, "failed": true, "children": true}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvMistake(path, err)
		}
		line, column := r.FieldPos(0)
		if t.columns == nil {
			for i, name := range cells {
				cells[i] = strings.TrimSpace(name)
			}
			t.columns = cells
			continue
		}
		row := row{line: line, column: column, cells: map[string][]string{}}
		for i, cell := range cells {
			if i >= len(t.columns) {
				line, column := r.FieldPos(i)
				return nil, strictjson.Errors{{File: path, Line: line, Column: column, Text: "the row has more cells than the first line has names: quote cells that hold the separator"}}
			}
			if strings.TrimSpace(cell) != "" {
				row.cells[t.columns[i]] = []string{plainCell(cell)}
			}
		}
		if len(row.cells) > 0 {
			t.rows = append(t.rows, row)
		}
	}
	return t, nil
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

// plainCell removes the apostrophe that keeps a spreadsheet from running a cell.
func plainCell(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && Harmless(rest) != rest {
		return rest
	}
	return cell
}

func csvMistake(path string, err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return strictjson.Errors{{File: path, Line: p.Line, Column: p.Column, Text: p.Err.Error() + ": correct the quotes"}}
	}
	return err
}
