package render

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
	"github.com/socket-oneline/oneline/reports/render/pdf"
)

// fragment is a text on a page of a PDF file. The upper left corner is 0, 0.
type fragment struct {
	page int
	x, y float64
	text string
}

var (
	pdfStream = regexp.MustCompile(`<</Filter /FlateDecode /Length (\d+)>>\s*stream\n`)
	pdfText   = regexp.MustCompile(`BT (-?[\d.]+) (-?[\d.]+) Td \(((?s:\\.|[^\\)])*)\) Tj ET`)
	pdfBox    = regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`)
)

// pdfFragments reads the texts of a PDF file.
func pdfFragments(t testing.TB, data []byte) []fragment {
	t.Helper()
	all, err := readPDF(data)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// readPDF reads texts from the streams of the pages.
func readPDF(data []byte) ([]fragment, error) {
	box := pdfBox.FindSubmatch(data)
	if box == nil || !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.HasSuffix(data, []byte("%%EOF\n")) {
		return nil, errors.New("not a whole PDF file")
	}
	height := number(box[2])
	var all []fragment
	page := 0
	for _, m := range pdfStream.FindAllSubmatchIndex(data, -1) {
		size := int(number(data[m[2]:m[3]]))
		r, err := zlib.NewReader(bytes.NewReader(data[m[1] : m[1]+size]))
		if err != nil {
			return nil, err
		}
		stream, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(stream, []byte(" Td (")) {
			continue
		}
		page++
		for _, m := range pdfText.FindAllSubmatch(stream, -1) {
			all = append(all, fragment{page, number(m[1]), height - number(m[2]), utf16Text(m[3])})
		}
	}
	return all, nil
}

// number reads one that a regular expression has found to be a number.
func number(digits []byte) float64 {
	n, _ := strconv.ParseFloat(string(digits), 64)
	return n
}

// utf16Text reads a PDF string of big-endian UTF-16.
func utf16Text(escaped []byte) string {
	var plain []byte
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		if c == '\\' {
			i++
			c = escaped[i]
			if c == 'r' {
				c = '\r'
			}
		}
		plain = append(plain, c)
	}
	var units []uint16
	for i := 0; i+1 < len(plain); i += 2 {
		units = append(units, uint16(plain[i])<<8|uint16(plain[i+1]))
	}
	return string(utf16.Decode(units))
}

// pdfLines is what pdftotext might give: the texts with their places.
func pdfLines(t testing.TB, data []byte) string {
	t.Helper()
	var b strings.Builder
	page := 0
	for _, f := range pdfFragments(t, data) {
		if f.page != page {
			page = f.page
			fmt.Fprintf(&b, "--- page %d\n", page)
		}
		fmt.Fprintf(&b, "%4.0f %4.0f %s\n", f.y, f.x, f.text)
	}
	return b.String()
}

// goRegular measures the font of most texts.
var goRegular = func() ruler {
	parsed, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err)
	}
	return ruler{parsed}
}()

type ruler struct{ font *sfnt.Font }

// advance is the width of a character in points; 0: the font lacks it, or shows nothing.
func (r ruler) advance(c rune, size int) float64 {
	var b sfnt.Buffer
	glyph, err := r.font.GlyphIndex(&b, c)
	if err != nil || glyph == 0 {
		return 0
	}
	width, _ := r.font.GlyphAdvance(&b, glyph, fixed.I(size), font.HintingNone)
	return float64(width) / 64
}

func (r ruler) width(s string, size int) (sum float64) {
	for _, c := range s {
		sum += r.advance(c, size)
	}
	return sum
}

func pdfOf(t testing.TB, doc document.Document, layout layout.Layout) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, doc, layout, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPDFStaysOnThePage: no text leaves its page or column, however long, wide
// or strange it is.
func TestPDFStaysOnThePage(t *testing.T) {
	t.Parallel()
	layouts := []layout.Layout{{}, {Paper: "letter", Portrait: true}}
	for i, text := range []string{
		strings.Repeat("x", 65536), strings.Repeat("word ", 13000), strings.Repeat("\n", 3000), strings.Repeat("\n.", 990),
		"\x00\x1b[2J\xff\xfe\u202e\u2028", "שלום عليكم", strings.Repeat("👩‍👩‍👧", 100), strings.Repeat("e\u0301", 500), strings.Repeat(" ", 900),
		strings.Repeat("W", 40) + strings.Repeat(" i", 300), "日本語" + strings.Repeat("漢", 700), "(\\)", "\ufeff\ufffe\uffff",
	} {
		table := document.Table{Name: "steps", Columns: []document.Column{{Title: "Id", Width: 9}, {Title: "Text", Width: 20, Grow: 1}, {Title: "Fixed", Width: 20, Grow: 2, Fixed: true}}}
		for _, tone := range []document.Tone{document.Plain, document.Bad} {
			table.Rows = append(table.Rows, []document.Cell{{Text: text, Tone: tone, Link: "a"}, {Text: text, Tone: tone}, {Text: text, Anchor: text}})
		}
		doc := document.Document{
			Title: text, Subject: text, Header: text, Number: text, Footer: text,
			Lead: document.Blocks(document.Paragraph{Text: text, Tone: document.Bad}, table),
			Run:  document.Pairs{{Name: text, Value: text}, {Name: "repeat", Value: text, Fixed: true}},
			Body: document.Blocks(document.Section{Title: text, Anchor: "a", Badge: document.Cell{Text: "FAIL", Tone: document.Bad}, Body: document.Blocks(
				document.List{Title: text, Items: []string{text}}, table, document.Paragraph{Text: text}, document.Transcript{{Mark: ">", Text: text}},
			)}),
		}
		for _, l := range layouts[i%2:][:1] { // they take turns
			width, height := l.Size()
			width, height = width*72/25.4, height*72/25.4
			for _, f := range pdfFragments(t, pdfOf(t, doc, l)) {
				widest := goRegular.width(f.text, 6)
				if f.x < 40 || f.x+widest > width-40 || f.y < 20 || f.y > height-18 {
					t.Fatalf("%.20q, page %d: %.40q at %.0f, %.0f leaves the page", text, f.page, f.text, f.x, f.y)
				}
			}
		}
	}
}

// TestPDFRows: the header row stands on every page of a table, no row but one
// of more lines than a page has is split, and nothing is lost.
func TestPDFRows(t *testing.T) {
	table := document.Table{Columns: []document.Column{{Title: "Number", Width: 8}, {Title: "What", Width: 20, Grow: 1}}}
	for i := range 200 {
		text := strings.Repeat(fmt.Sprintf("row %d ", i), 1+i%7*18)
		table.Rows = append(table.Rows, []document.Cell{document.Text(fmt.Sprintf("n%d", i)), document.Text(text)})
	}
	all := pdfFragments(t, pdfOf(t, document.Document{Title: "T", Body: document.Blocks(table)}, layout.Layout{}))
	pages, heads := map[int]bool{}, 0
	words := map[string]int{}
	rowPages := map[string]map[int]bool{}
	for _, f := range all {
		if f.text == "Number" {
			heads++
		}
		for _, m := range regexp.MustCompile(`row (\d+)`).FindAllStringSubmatch(f.text, -1) {
			pages[f.page] = true
			words[m[1]]++
			if rowPages[m[1]] == nil {
				rowPages[m[1]] = map[int]bool{}
			}
			rowPages[m[1]][f.page] = true
		}
	}
	if heads != len(pages) || heads < 5 {
		t.Errorf("the header row stands %d times on %d pages", heads, len(pages))
	}
	for i := range 200 {
		n := strconv.Itoa(i)
		if len(rowPages[n]) != 1 {
			t.Errorf("row %d is split", i)
		}
		if want := 1 + i%7*18; words[n] < want-want/8 { // "row" and its number may part at a line's end
			t.Errorf("row %d says %d of its %d words", i, words[n], want)
		}
	}
	long := document.Table{Columns: table.Columns, Rows: [][]document.Cell{{document.Text("n"), document.Text(strings.Repeat("line\n", 190) + "end")}}}
	lines, last := 0, 0
	heads = 0
	for _, f := range pdfFragments(t, pdfOf(t, document.Document{Title: "T", Body: document.Blocks(long)}, layout.Layout{})) {
		switch f.text {
		case "line", "end":
			lines++
			last = f.page
		case "Number":
			heads++
		}
	}
	if lines != 191 || heads != last-1 || heads < 3 {
		t.Errorf("a row of 191 lines has %d, and stands below %d header rows up to page %d", lines, heads, last)
	}
}

// TestPDFContents: every line of the contents names the page on which its
// heading stands, and every page its number.
func TestPDFContents(t *testing.T) {
	m := many(300, 3)
	all := pdfFragments(t, pdfOf(t, content.Build("report", m, content.Options{}), layout.Layout{}))
	last := all[len(all)-1].page
	for n := 1; n <= last; n++ {
		want := fmt.Sprintf("Page %d of %d", n, last)
		if !slices.ContainsFunc(all, func(f fragment) bool { return f.page == n && f.text == want }) {
			t.Errorf("page %d does not say %q", n, want)
		}
	}
	for _, title := range []string{"Conclusion", "Conditions of the run", "TP-000 things", "TP-002 things"} {
		var pages []int
		for _, f := range all {
			if f.text == title {
				pages = append(pages, f.page)
			}
		}
		if len(pages) != 2 {
			t.Fatalf("%q stands on the pages %v, not in the contents and above its section", title, pages)
		}
		at := slices.IndexFunc(all, func(f fragment) bool { return f.text == title })
		line := ""
		for _, f := range all {
			if f.page == all[at].page && f.y == all[at].y && f.text != title {
				line += f.text
			}
		}
		if got := strings.TrimLeft(line, "."); got != strconv.Itoa(pages[1]) {
			t.Errorf("the contents say page %q of %q, which is on page %d", got, title, pages[1])
		}
	}
}

// TestPDFLinks: a link leads to a place in the file, or there is none.
func TestPDFLinks(t *testing.T) {
	data := string(pdfOf(t, content.Build("trace", theSample(), content.Options{}), layout.Layout{}))
	dests := regexp.MustCompile(`/Dest \[(\d+) 0 R`).FindAllStringSubmatch(data, -1)
	if len(dests) < 10 {
		t.Errorf("%d links", len(dests))
	}
	for _, d := range dests {
		if !strings.Contains(data, "\n"+d[1]+" 0 obj\n<</Type /Page\n") {
			t.Errorf("a link leads to the object %s, which is no page", d[1])
		}
	}
	if !strings.Contains(data, "/Outlines") {
		t.Error("there is no outline")
	}
	if strings.Contains(string(pdfOf(t, content.Build("summary", &reports.Model{}, content.Options{}), layout.Layout{})), "/URI") {
		t.Error("a link leaves the file")
	}
}
