package selftest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
}

// Write writes the kill matrix into dir, each file under a temporary name first.
func Write(dir string, m *Matrix) error {
	for _, f := range files {
		var data bytes.Buffer
		if err := f.write(&data, m); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path+".part", data.Bytes(), 0o666); err != nil {
			return fmt.Errorf("the kill matrix cannot be written: %w", err)
		}
		if err := os.Rename(path+".part", path); err != nil {
			return fmt.Errorf("the kill matrix cannot be written: %w", err)
		}
	}
	return nil
}

// Markdown writes the kill matrix as GitHub flavoured Markdown.
func Markdown(w io.Writer, m *Matrix) error { return render.Markdown(w, m.Document()) }

// JSON writes kill-matrix.json.
func JSON(w io.Writer, m *Matrix) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// Text writes what a self-test ends with: the counts, what is wrong, and the
// conclusion, within width columns; 0 is as wide as the texts need.
func Text(w io.Writer, m *Matrix, width int) error {
	blocks := []document.Block{m.counts(), section("Not as it should be", m.wrong()), slowest(m), document.Paragraph{Text: m.conclusion()}}
	return text.Write(w, document.Document{Title: "Self-test", Body: body(blocks...)}, width)
}

// slowest names the member whose run took longest.
func slowest(m *Matrix) document.Block {
	name := ""
	for _, r := range m.Members {
		if name == "" || m.Run.Seconds[r.Name] > m.Run.Seconds[name] {
			name = r.Name
		}
	}
	if name == "" {
		return nil
	}
	return document.Paragraph{Text: fmt.Sprintf("The slowest run: %.1f s, %s.", m.Run.Seconds[name], name)}
}
