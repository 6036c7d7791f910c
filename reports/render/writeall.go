package render

import (
	"io"
	"path"
	"slices"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
)

// Names lists the files that the formats (see ParseFormats) are written to.
func Names(formats []string) (names []string) {
	for _, f := range Files(Options{}) {
		if f.Wanted(formats) {
			names = append(names, f.Name)
		}
	}
	return names
}

// Set is the set of documents of a model, in the formats.
func Set(m *reports.Model, formats []string, opt Options) (set []folder.Document, err error) {
	if err := opt.Layout.Check(); err != nil {
		return nil, err
	}
	for _, f := range Files(opt) {
		if f.Wanted(formats) {
			set = append(set, folder.Document{Name: f.Name, Write: func(w io.Writer) error { return f.Write(w, m) }})
		}
	}
	return set, nil
}

// ComparisonSet is the set of documents of a comparison, with those of each target in a
// folder of its own.
func ComparisonSet(c *reports.Comparison, formats []string, opt func(*reports.Model) Options) (set []folder.Document, err error) {
	for i := range c.Targets {
		t := &c.Targets[i]
		documents, err := Set(t.Model, formats, opt(t.Model))
		if err != nil {
			return nil, err
		}
		for _, d := range documents {
			d.Name = path.Join(t.Folder, d.Name)
			set = append(set, d)
		}
	}
	for _, f := range ComparisonFiles() {
		if slices.Contains(formats, f.Format) {
			set = append(set, folder.Document{Name: f.Name, Write: func(w io.Writer) error { return f.Write(w, c) }})
		}
	}
	return set, nil
}
