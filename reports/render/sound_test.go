package render

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// sound returns what is wrong with the bytes of a file of this format.
func sound(format string, data []byte) error {
	switch format {
	case "docx":
		return soundParts(data)
	case "pdf":
		return soundTexts(data)
	}
	if !utf8.Valid(data) {
		return errors.New("invalid UTF-8")
	}
	if format != "json" { // JSON has escapes of its own
		if i := strings.IndexFunc(string(data), func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || r == '\u202e' || r == '\u2028') }); i >= 0 {
			return fmt.Errorf("control character at %d: %.20q", i, data[i:])
		}
	}
	switch format {
	case "junit":
		return junitValid(data)
	case "md":
		return soundMarkdown(data)
	case "csv":
		return noFormula(data)
	case "html":
		return noForeignTags(data)
	case "txt", "terminal":
		for line := range strings.Lines(string(data)) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || regexp.MustCompile(`##\w*\[`).MatchString(line) {
				return fmt.Errorf("a build server would obey %q", line)
			}
		}
	case "json":
		if !json.Valid(data) {
			return errors.New("invalid JSON")
		}
	}
	return nil
}

// soundTexts looks for what a PDF file cannot show: its fonts lack it, or it
// shows as nothing.
func soundTexts(data []byte) error {
	all, err := readPDF(data)
	if err != nil {
		return err
	}
	for _, f := range all {
		for _, r := range f.text {
			if goRegular.advance(r, 100) == 0 {
				return fmt.Errorf("%q has %q, which cannot be shown", f.text, r)
			}
		}
	}
	return nil
}

var (
	mdTag  = regexp.MustCompile(`<a id="[A-Za-z0-9._:-]*"></a>|<br>|</?code>`)
	mdLink = regexp.MustCompile(`(^|[^\w&#;])@\w|https?://|\bwww\.|:smile:|(^|[^\w&])#\d`)
	mdPipe = regexp.MustCompile(`\\.|\|`)
)

// soundMarkdown looks for elements that no writer makes, and for rows that have
// more cells than their table.
func soundMarkdown(data []byte) error {
	fence, cells := "", 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
			continue
		case strings.HasPrefix(line, "```"):
			fence = strings.TrimSuffix(line, "text")
			continue
		}
		line = withoutCode(line)
		if mdLink.MatchString(line) {
			return fmt.Errorf("GitHub makes a link of %q", line)
		}
		if strings.Contains(mdTag.ReplaceAllString(line, ""), "<") {
			return fmt.Errorf("an element in %q", line)
		}
		if !strings.HasPrefix(line, "|") {
			cells = 0
			continue
		}
		n := 0
		for _, m := range mdPipe.FindAllString(line, -1) {
			if m == "|" {
				n++
			}
		}
		if cells != 0 && n != cells {
			return fmt.Errorf("%d cells instead of %d in %q", n, cells, line)
		}
		cells = n
	}
	if fence != "" {
		return errors.New("a fence does not end")
	}
	return nil
}

// withoutCode leaves out what stands between backquotes, as Markdown does: behind
// as many as it began with.
func withoutCode(line string) string {
	var out strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line):
			out.WriteString(line[i : i+2])
			i++
		case line[i] == '`':
			n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
			fence, from := line[i:i+n], i+n
			end := -1
			for at := from; at < len(line); {
				next := strings.Index(line[at:], fence)
				if next < 0 {
					break
				}
				run := len(line[at+next:]) - len(strings.TrimLeft(line[at+next:], "`"))
				if run == n {
					end = at + next
					break
				}
				at += next + run
			}
			if end < 0 {
				out.WriteString(fence)
				i += n - 1
				continue
			}
			out.WriteString("code")
			i = end + n - 1
		default:
			out.WriteByte(line[i])
		}
	}
	return out.String()
}

// soundParts looks at every part of a DOCX file.
func soundParts(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		text, err := fs.ReadFile(z, f.Name)
		if err == nil {
			err = wellFormed(text)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func noFormula(data []byte) error {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	for _, r := range rows {
		for _, c := range r {
			if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") {
				return fmt.Errorf("cell %q is a formula", c)
			}
		}
	}
	return err
}

// noForeignTags parses the page as a browser would, and looks for elements and
// addresses that the writer never makes.
func noForeignTags(data []byte) error {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Data == "script" && n.FirstChild != nil && strings.HasPrefix(n.FirstChild.Data, "\"use strict\"") {
			continue // the page's own; the policy in its head names no other
		}
		switch n.Data {
		case "script", "img", "iframe", "object":
			if n.Type == html.ElementNode {
				return fmt.Errorf("element %s", n.Data)
			}
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "src":
				return fmt.Errorf("attribute %s=%q", a.Key, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "#") && a.Val != "data:,":
				return fmt.Errorf("link to %q", a.Val)
			case a.Key == "id" && ids[a.Val]:
				return fmt.Errorf("id %q twice", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
	}
	return nil
}
