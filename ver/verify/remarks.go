package verify

import (
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/faulty"
)

// remarks says of each requirement what rule of the protocol it comes from, and
// which seeded faults the self-test of the suite expects it to catch.
func remarks(file *srs.File) map[string][]evidence.Row {
	texts, members := rules(oneline.Protocol), faulty.All()
	all := map[string][]evidence.Row{}
	for _, q := range file.Requirements {
		if text := texts[q.Source]; text != "" {
			all[q.ID] = append(all[q.ID], evidence.Row{Name: "rule " + q.Source, Value: text})
		}
		var faults []string
		for _, m := range members {
			if m.Kind == faulty.Fault && slices.Contains(m.Breaks, q.ID) {
				faults = append(faults, m.Name+": "+m.Text)
			}
		}
		if len(faults) > 0 {
			all[q.ID] = append(all[q.ID], evidence.Row{Name: "seeded faults", Value: strings.Join(faults, "\n")})
		}
	}
	return all
}

// A rule of PROTOCOL.md is an item of a numbered list, P1 to P10, or a row of a
// table, Pa and so on: its letter, a question, and the answer.
var (
	numbered = regexp.MustCompile(`(?m)^(\d+)\. (.*\n(?: {3}.*\n)*)`)
	settled  = regexp.MustCompile(`(?m)^\| ([a-z]) \| (.*?) \| (.*) \|$`)
	marks    = strings.NewReplacer("`", "", "*", "")
)

// rules are the texts of the rules, by their names.
func rules(protocol string) map[string]string {
	texts := map[string]string{}
	for _, m := range numbered.FindAllStringSubmatch(protocol, -1) {
		texts["P"+m[1]] = marks.Replace(strings.Join(strings.Fields(m[2]), " "))
	}
	for _, m := range settled.FindAllStringSubmatch(protocol, -1) {
		texts["P"+m[1]] = marks.Replace(m[2] + " " + m[3])
	}
	return texts
}
