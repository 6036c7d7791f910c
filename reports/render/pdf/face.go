package pdf

import (
	"strings"
	"sync"

	"github.com/socket-oneline/oneline/reports/render/document"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is a typeface that PDF files embed: what it can show, and how wide that
// is.
type face struct {
	name   string
	data   []byte
	widths [0x10000]uint16 // in units of the em, of the runes that it has; 0: it lacks the rune
	em     float64
}

// faces are parsed once: the widths of all their runes.
var faces = sync.OnceValue(func() (all []*face) {
	for _, f := range []*face{{name: "regular", data: goregular.TTF}, {name: "bold", data: gobold.TTF}, {name: "mono", data: gomono.TTF}} {
		parsed, err := sfnt.Parse(f.data)
		if err != nil {
			panic(err) // it is compiled in
		}
		units := parsed.UnitsPerEm()
		f.em = float64(units)
		var b sfnt.Buffer
		for r := ' '; r <= 0xffff; r++ {
			glyph, err := parsed.GlyphIndex(&b, r)
			if err != nil || glyph == 0 {
				continue
			}
			if advance, err := parsed.GlyphAdvance(&b, glyph, fixed.I(int(units)), font.HintingNone); err == nil {
				f.widths[r] = uint16(advance.Round())
			}
		}
		all = append(all, f)
	}
	return all
})

// show makes any text fit for f: runes that it lacks stand as escapes.
func (f *face) show(s string) string {
	s = document.Show(s)
	if document.IsPlain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r == '\n' || r <= 0xffff && f.widths[r] > 0 { // what takes no room is not shown either
			b.WriteRune(r)
		} else {
			b.WriteString(document.Escape(r))
		}
	}
	return b.String()
}

// advance is how wide r is, in units of the em.
func (f *face) advance(r rune) int { return int(f.widths[r&0xffff]) }

// width is how wide s, which show has made fit, is at a size in points.
func (f *face) width(s string, size float64) float64 {
	units := 0
	for _, r := range s {
		units += f.advance(r)
	}
	return float64(units) * size / f.em
}

// wrap breaks s into lines of at most limit points.
func (f *face) wrap(s string, size, limit float64) []string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = document.AppendBroken(lines, line, int(limit*f.em/size), f.advance)
	}
	return lines
}

// title breaks a title into lines: three at most, for it stands elsewhere too.
func (f *face) title(s string, size, limit float64) []string {
	lines := f.wrap(f.show(document.OneLine(s)), size, limit)
	if len(lines) > 3 {
		lines = append(lines[:2], f.wrap(lines[2], size, limit-2*size)[0]+" …")
	}
	return lines
}
