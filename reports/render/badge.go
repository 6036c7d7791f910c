package render

import (
	"fmt"
	"io"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// badgeColors are those of the right half, by the tone of the exit code. White
// text is readable on each.
var badgeColors = map[document.Tone]string{document.Good: "#26734d", document.Bad: "#b3201f", document.Warn: "#8a5300"}

// Badge writes a picture of one line for a README: how many requirements passed,
// of all, and how many failed. It names no font that must be there: the widths
// are given, and the letters are spread to fit.
func Badge(w io.Writer, m *reports.Model) error {
	const label = "requirements" // the left half
	says := badgeText(m)
	left, right := badgeWidth(label), badgeWidth(says.Text)
	half := func(x, width int, fill, text string) string {
		return fmt.Sprintf(`<rect x="%d" width="%d" height="20" fill="%s"/><text x="%d" y="14" textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>`,
			x, width, fill, x+badgeMargin, width-2*badgeMargin, text)
	}
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="%[2]s: %[3]s">
<title>%[2]s: %[3]s</title>
<clipPath id="round"><rect width="%[1]d" height="20" rx="4"/></clipPath>
<g clip-path="url(#round)" fill="#fff" font-family="Verdana, 'DejaVu Sans', sans-serif" font-size="11">
%[4]s
%[5]s
</g>
</svg>
`, left+right, label, says.Text, half(0, left, "#444b55", label), half(left, right, badgeColors[says.Tone], says.Text))
	return err
}

// badgeText is what the badge says.
func badgeText(m *reports.Model) document.Cell {
	s, says := &m.Summary, content.Outcome(m)
	if m.ExitCode == reports.ExitNothing || m.ExitCode == reports.ExitNoTarget {
		return says
	}
	says.Text = document.Thousands(s.Pass) + " of " + document.Thousands(s.Requirements) + " passed"
	if s.Outcomes > 0 {
		says.Text += " (" + document.Thousands(s.Outcomes) + " by outcome)"
	}
	if s.Fail > 0 {
		says.Text += ", " + document.Thousands(s.Fail) + " failed"
	} else if m.ExitCode == reports.ExitIncomplete {
		says.Text += ", not all verified"
	}
	return says
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
