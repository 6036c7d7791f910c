package render

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/text"
)

func difference() *reports.Diff {
	after := sample()
	for i := range after.Requirements {
		r := &after.Requirements[i]
		switch r.ID {
		case "SRS-003":
			r.Verdict, r.Reason = reports.Fail, "the verification failed"
		case "SRS-004":
			r.Verdict = reports.Pass
		case "SRS-001":
			r.Verdict, r.Reason = reports.Pass, ""
		case "SRS-005":
			r.Verdict, r.Reason = reports.NotObservable, "needs | a \x1b[31m<b>"
		}
	}
	before := sample()
	before.ExitCode, after.ExitCode = 1, 1
	before.Problems, after.Problems = nil, nil
	return reports.Difference(reports.Compared{File: "old.json", Model: before}, reports.Compared{File: "new.json", Model: after})
}

// All forms of a difference say the same of each requirement.
func TestDiffFormsAgree(t *testing.T) {
	d := difference()
	want := map[string]string{"SRS-001": "appeared", "SRS-003": "regressed", "SRS-004": "improved", "SRS-005": "vanished"}
	for name, write := range map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return text.Write(w, content.Diff(d), 80) },
		"md":   func(w io.Writer) error { return Markdown(w, content.Diff(d)) },
		"json": func(w io.Writer) error { return JSON(w, d) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(name, err)
		}
		got := map[string]string{}
		if name == "json" {
			var read reports.Diff
			if err := json.Unmarshal(b.Bytes(), &read); err != nil {
				t.Fatal(err)
			}
			for _, r := range read.Requirements {
				got[r.ID] = string(r.Change)
			}
		} else {
			if strings.Contains(b.String(), "\x1b") || name == "md" && strings.Contains(b.String(), "<b>") {
				t.Errorf("%s lets harmful text through", name)
			}
			change := ""
			for line := range strings.Lines(b.String()) {
				line = strings.Trim(line, "#| \n")
				if word, _, ok := strings.Cut(line, ": "); ok && d.Counts[reports.Change(strings.ToLower(word))] > 0 {
					change = strings.ToLower(word)
				}
				if id, _, row := strings.Cut(line, " "); row && strings.HasPrefix(id, "SRS-") {
					got[id] = change
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%s", name, diff, b.String())
		}
	}
}
