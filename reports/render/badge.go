package render

import (
	"bufio"
	"fmt"
	"html"
	"io"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// badgeColors are those of the right half, by the tone of the exit code. White
// text is readable on each.
var badgeColors = map[document.Tone]string{document.Good: "#26734d", document.Bad: "#b3201f", document.Warn: "#8a5300"}

// badgeLabel is the left half.
const badgeLabel = "requirements"

// Badge writes a picture of one line for a README: how many requirements passed,
// of all, and how many failed. It names no font that must be there: the widths
// are given, and the letters are spread to fit.
func Badge(w io.Writer, m *reports.Model) error {
	text, tone := badgeText(m)
	left, right := badgeWidth(badgeLabel), badgeWidth(text)
	half := func(x, width int, fill, text string) string {
		return fmt.Sprintf("<rect x=\"%d\" width=\"%d\" height=\"20\" fill=\"%s\"/><text x=\"%d\" y=\"14\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\">%s</text>\n",
			x, width, fill, x+badgeMargin, width-2*badgeMargin, escaped(text))
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"20\" role=\"img\" aria-label=\"%s: %s\">\n", left+right, badgeLabel, escaped(text))
	fmt.Fprintf(b, "<title>%s: %s</title>\n<clipPath id=\"round\"><rect width=\"%d\" height=\"20\" rx=\"4\"/></clipPath>\n", badgeLabel, escaped(text), left+right)
	b.WriteString("<g clip-path=\"url(#round)\" fill=\"#fff\" font-family=\"Verdana, 'DejaVu Sans', sans-serif\" font-size=\"11\">\n")
	b.WriteString(half(0, left, "#444b55", badgeLabel) + half(left, right, badgeColors[tone], text))
	b.WriteString("</g>\n</svg>\n")
	return b.Flush()
}

// badgeText is what the badge says.
func badgeText(m *reports.Model) (string, document.Tone) {
	s := &m.Summary
	word, tone := content.Outcome(m)
	text := fmt.Sprintf("%s of %s passed", document.Thousands(s.Pass), document.Thousands(s.Requirements))
	if s.Outcomes > 0 {
		text += fmt.Sprintf(" (%s by outcome)", document.Thousands(s.Outcomes))
	}
	switch {
	case m.ExitCode == reports.ExitNothing, m.ExitCode == reports.ExitNoTarget:
		return word, tone
	case s.Fail > 0:
		text += ", " + document.Thousands(s.Fail) + " failed"
	case m.ExitCode == reports.ExitIncomplete:
		text += ", not all verified"
	}
	return text, tone
}

// badgeMargin stands at both sides of a text.
const badgeMargin = 7

// badgeWidth is how much room a text takes, with its margins: letters of this
// size are seven wide, narrow ones less.
func badgeWidth(text string) int {
	width := 0
	for _, r := range text {
		switch r {
		case 'f', 'i', 'l', 't', 'r', ' ', ',', '.':
			width += 45
		case 'm', 'w', 'N':
			width += 95
		default:
			width += 68
		}
	}
	return width/10 + 2*badgeMargin
}

func escaped(s string) string { return html.EscapeString(document.Show(s)) }
