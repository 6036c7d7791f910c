package render

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports/layout"
)

// filed is a layout in which everything is said.
var filed = layout.Layout{
	Paper: "letter", Portrait: true, Header: "Example Works", Footer: "For internal use",
	Documents: map[string]layout.Identity{"report": {Number: "VR-17", Revision: "C"}, "trace": {Number: "TM-18"}},
	Approvers: []layout.Approver{{Name: "Ada Example", Role: "Quality"}, {Role: "Customer"}},
}

// TestLayoutCheck: what is not known is named, with what there is.
func TestLayoutCheck(t *testing.T) {
	for _, l := range []layout.Layout{{}, filed} {
		if err := l.Check(); err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
	for want, l := range map[string]layout.Layout{
		`paper "A3" is not known; give A4 or letter`:                               {Paper: "A3"},
		`document "memo" is not known; there are summary, report, trace, protocol`: {Documents: map[string]layout.Identity{"memo": {}}},
	} {
		if err := l.Check(); err == nil || err.Error() != want {
			t.Errorf("%+v: %v, want %s", l, err, want)
		}
		if _, err := Set(sample(), []string{"json"}, Options{Layout: l}); err == nil {
			t.Error("reports were written in spite of that")
		}
	}
}

// TestLayoutIsUsed: number, revision and signature block stand in every format
// that a person signs.
func TestLayoutIsUsed(t *testing.T) {
	for _, f := range writersOf(Options{Layout: filed}) {
		if f.Name == annexName || !slices.Contains([]string{"txt", "md", "html", "pdf", "docx"}, f.Format) {
			continue
		}
		var b bytes.Buffer
		if err := f.Write(&b, theSample()); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		switch f.Format {
		case "pdf":
			text = pdfLines(t, b.Bytes())
			for _, want := range []string{"Example Works", "For internal use"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q", f.Name, want)
				}
			}
			if !strings.Contains(b.String(), "/MediaBox [0 0 612.00 792.00]") {
				t.Errorf("%s is not on letter paper", f.Name)
			}
		case "docx":
			text = ""
			for _, name := range []string{"document", "header1", "footer1"} {
				text += string(part(t, b.Bytes(), "word/"+name+".xml"))
			}
			for _, want := range []string{"Example Works", "For internal use", `<w:pgSz w:w="12240" w:h="15840"/>`} {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q", f.Name, want)
				}
			}
		}
		if !strings.Contains(text, "Ada Example") || !strings.Contains(text, "Approval") {
			t.Errorf("%s has no signature block", f.Name)
		}
		if strings.HasPrefix(f.Name, "report") && !strings.Contains(text, "VR-17, revision C") {
			t.Errorf("%s does not bear its number", f.Name)
		}
	}
}
