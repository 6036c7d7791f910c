package render

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render/content"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// known are the verdicts.
var known = []reports.Verdict{reports.NotObservable, reports.NotTested, reports.Partial, reports.Invalid, reports.Pass, reports.Fail}

// verdictsOf reads what a file of a format says of each requirement. Other formats
// show it in rows.
var verdictsOf = map[string]func([]byte) map[string]reports.Verdict{"terminal": fromTerminal, "github": fromAnnotations, "json": fromJSON}

// noVerdicts says that a file shows no verdicts of requirements: the cases of
// junit.xml have results (see TestJUnitCounts), and the badge counts (see TestBadge).
func noVerdicts(name string) bool {
	return strings.HasPrefix(name, "protocol.") || slices.Contains([]string{"junit.xml", "evidence.txt", "badge.svg"}, name)
}

// leavesOut are the verdicts that a file shows by not listing them.
func leavesOut(name string) []reports.Verdict {
	switch {
	case name == "terminal-verbose.txt":
		return nil
	case strings.HasPrefix(name, "terminal-"):
		return []reports.Verdict{reports.NotObservable}
	case strings.HasPrefix(name, "report."):
		return []reports.Verdict{reports.Pass}
	case name == "annotations.txt":
		return []reports.Verdict{reports.Pass, reports.NotObservable, reports.Invalid}
	}
	return nil
}

// TestRenderingsAgree: what one says of a requirement, all say.
func TestRenderingsAgree(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*reports.Model{"sample": theSample(), "tiny": tiny(), "twins": twins()} {
		want := map[string]reports.Verdict{}
		for _, r := range m.Requirements {
			want[r.ID] = r.Verdict
		}
		for _, f := range writers() {
			if noVerdicts(f.Name) || name == "twins" && (f.Format == "pdf" || f.Format == "docx") {
				continue
			}
			data := written(t, f, m)
			read := verdictsOf[f.Format]
			if read == nil || f.Name == "terminal-verbose.txt" {
				read = func(data []byte) map[string]reports.Verdict { return verdictsIn(rowsOf(t, f.Format, data)) }
			}
			got := read(data)
			for id, v := range want {
				if !slices.Contains(leavesOut(f.Name), v) {
					continue
				}
				if got[id] != "" {
					t.Errorf("%s, %s: %s is %s, and listed as %s", name, f.Name, id, v, got[id])
				}
				got[id] = v
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s says otherwise (-model +file):\n%s", name, f.Name, d)
			}
		}
	}
}

// verdictsIn are those of the rows that begin with an id: the first cell that is
// nothing but a verdict.
func verdictsIn(rows [][]string) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	for _, r := range rows {
		i := slices.IndexFunc(r, func(cell string) bool { return slices.Contains(known, reports.Verdict(cell)) })
		if i > 0 && strings.HasPrefix(r[0], "SRS-") && got[r[0]] == "" {
			got[r[0]] = reports.Verdict(r[i])
		}
	}
	return got
}

// fromTerminal reads lines that begin with a verdict and name requirements, one or
// several, which may go on in the next lines.
func fromTerminal(data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	bare := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(string(data), "")
	for _, v := range known {
		for _, m := range regexp.MustCompile(`(?m)^`+string(v)+`  (SRS-[^\n]*(?:\n {6,}\d[\d, to]*$)*)`).FindAllStringSubmatch(bare, -1) {
			last := ""
			words := strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
			for i, id := range words {
				if id == "to" {
					continue
				}
				id = "SRS-" + strings.TrimPrefix(id, "SRS-")
				if i > 0 && words[i-1] == "to" {
					for n := numberOf(last) + 1; n < numberOf(id); n++ {
						got[fmt.Sprintf("SRS-%03d", n)] = v
					}
				}
				got[id], last = v, id
			}
		}
	}
	return got
}

func numberOf(id string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "SRS-"))
	return n
}

func fromAnnotations(data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	for _, m := range regexp.MustCompile(`title=((?:SRS-\d+(?:%2C )?)+) ([A-Z ]+)(?:%3A|::)`).FindAllStringSubmatch(string(data), -1) {
		for _, id := range strings.Split(m[1], "%2C ") {
			got[id] = reports.Verdict(m[2])
		}
	}
	return got
}

func fromJSON(data []byte) map[string]reports.Verdict {
	got := map[string]reports.Verdict{}
	if m, err := ReadCoverage("coverage.json", strings.NewReader(string(data))); err == nil {
		for _, r := range m.Requirements {
			got[r.ID] = r.Verdict
		}
	}
	return got
}

// TestCountsAgree: every rendering of the summary has the same counts, and they
// are those of its requirements.
func TestCountsAgree(t *testing.T) {
	t.Parallel()
	m := theSample()
	var want [][]string
	for _, r := range content.SummaryTable(m).Rows {
		want = append(want, []string{strings.TrimSpace(r[0].Text), r[1].Text, r[2].Text})
	}
	counted := map[reports.Verdict]int{}
	for _, r := range m.Requirements {
		counted[r.Verdict]++
	}
	for name, v := range map[string]reports.Verdict{"PASS": reports.Pass, "FAIL": reports.Fail, "Not tested": reports.NotTested, "Partial": reports.Partial, "Not observable": reports.NotObservable} {
		i := slices.IndexFunc(want, func(r []string) bool { return r[0] == name })
		if i < 0 || want[i][1] != fmt.Sprint(counted[v]) {
			t.Errorf("the summary does not say that %d requirements are %s", counted[v], v)
		}
	}
	count := regexp.MustCompile(`^\S.*;\d[\d,]*( of \d[\d,]*)?;(-|[\d.]+ %)$`)
	for _, f := range writers() {
		if !strings.HasPrefix(f.Name, "summary.") && f.Name != "index.html" && f.Name != "terminal-verbose.txt" {
			continue
		}
		rows := slices.DeleteFunc(rowsOf(t, f.Format, written(t, f, m)), func(r []string) bool { return len(r) != 3 || !count.MatchString(strings.Join(r, ";")) })
		if d := cmp.Diff(want, rows); d != "" {
			t.Errorf("%s counts otherwise (-model +file):\n%s", f.Name, d)
		}
	}
	model, err := ReadCoverage("coverage.json", strings.NewReader(string(written(t, writersOf(Options{})[0], m))))
	if err != nil || cmp.Diff(m.Summary, model.Summary) != "" {
		t.Errorf("coverage.json counts otherwise: %v", err)
	}
}

// TestSummaryAddsUp: the parts are the whole, also as they are shown.
func TestSummaryAddsUp(t *testing.T) {
	for _, parts := range [][]int{{1, 1, 1}, {1, 2, 4}, {0, 0, 7}, {9999, 1, 0}, {1, 1, 1, 1, 1, 1, 1}} {
		tenths := 0
		for _, p := range document.Percentages(parts...) {
			var whole, part int
			if _, err := fmt.Sscanf(p, "%d.%d %%", &whole, &part); err != nil {
				t.Fatal(err)
			}
			tenths += whole*10 + part
		}
		if tenths != 1000 {
			t.Errorf("%v: %v add up to %d tenths", parts, document.Percentages(parts...), tenths)
		}
	}
}

// TestCountsAddUp: every row of the counts on page one adds up to its first number, also
// where it is only known that tests passed.
func TestCountsAddUp(t *testing.T) {
	outcomes := &reports.Model{Protocols: []reports.Protocol{{ID: "TP-1", Verdict: reports.PassOutcome}}}
	outcomes.Summary.Protocols, outcomes.Summary.ProtocolsPass = 1, 1
	for name, m := range map[string]*reports.Model{"sample": theSample(), "outcomes": outcomes} {
		for _, row := range content.CountsTable(m).Rows {
			sum := 0
			for _, c := range row[2:] {
				n, _ := strconv.Atoi(strings.ReplaceAll(c.Text, ",", "")) // "-" is none
				sum += n
			}
			if all := strings.ReplaceAll(row[1].Text, ",", ""); all != strconv.Itoa(sum) {
				t.Errorf("%s, %s: %d, not %s", name, row[0].Text, sum, all)
			}
		}
	}
}
