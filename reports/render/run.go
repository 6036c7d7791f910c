package render

import (
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
)

// runBlock is what every document opens with: the run, the suite, the target,
// the requirement file and how to repeat it. What an auditor asks for is named
// even where it was not stated.
func runBlock(m *reports.Model) []Pair {
	r := &m.Run
	pairs := []Pair{
		{"run", stated(strings.TrimSpace(r.Type + " " + r.ID))},
		{"started", stated(when(r.Started))},
		{"ended", stated(when(r.Ended))},
		{"complete", yes(r.Complete)},
		{"machine", stated(r.Machine)},
		{"tester", stated(r.Tester)},
		{"suite", suite(r.Suite)},
	}
	if r.Reported.Module != "" || r.Reported.Version != "" {
		pairs = append(pairs, Pair{"verdicts computed by", suite(r.Reported)})
	}
	pairs = append(pairs, Pair{"target", strings.TrimSpace(stated(r.Target.Name) + " " + paren(r.Target.Kind))})
	optional := func(name, value string) {
		if value != "" {
			pairs = append(pairs, Pair{name, value})
		}
	}
	optional("target address", r.Target.Address)
	optional("target command", r.Target.Command)
	pairs = append(pairs,
		Pair{"target version", stated(r.Target.Version)},
		Pair{"target serial", stated(r.Target.Serial)})
	optional("target SHA-256", r.Target.SHA256)
	if p := r.Profile; p != nil {
		pairs = append(pairs, Pair{"application profile", hashed(p.Name, p.SHA256)})
	}
	pairs = append(pairs,
		Pair{"requirements", hashed(r.SRS.Name, r.SRS.SHA256)})
	for _, f := range []struct {
		name string
		file *evidence.File
	}{
		{"test protocol", r.Protocol},
		{"kill matrix", r.KillMatrix},
		{"manual protocols", r.Manual},
		{"justifications", r.Justifications},
		{"configuration", r.Config},
	} {
		if f.file != nil {
			pairs = append(pairs, Pair{f.name, hashed(f.file.Name, f.file.SHA256)})
		}
	}
	pairs = append(pairs,
		Pair{"scope", scope(r)},
		Pair{"Go, OS", stated(join(r.Go, r.OS))},
		Pair{"seed", strconv.FormatInt(r.Seed, 10)})
	optional("unreachable", r.Unreachable)
	return append(pairs, Pair{"repeat", stated(r.Repeat)})
}

func suite(s evidence.Suite) string {
	tree := "whether its tree was clean is not known"
	if s.Modified != nil {
		tree = "clean tree"
		if *s.Modified {
			tree = "with uncommitted changes"
		}
	}
	text := stated(strings.TrimSpace(s.Module + " " + s.Version))
	if s.Commit != "" {
		text = join(text, "commit "+s.Commit)
	}
	return join(text, tree)
}

// scope says what was to be verified.
func scope(r *reports.Run) string {
	level, groups, shows := "every level", "every group", "the target can show everything"
	if r.Level != "" {
		level = "level " + r.Level
	}
	if len(r.Groups) > 0 {
		groups = "group " + strings.Join(r.Groups, ", ")
	}
	if r.Shows != nil {
		shows = "the target can show " + stated(strings.Join(r.Shows, ", "))
	}
	return level + "; " + groups + "; " + shows
}

func stated(s string) string {
	if s == "" {
		return "not stated"
	}
	return s
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func paren(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

func hashed(name, sum string) string {
	if sum == "" {
		return stated(name)
	}
	return join(stated(name), "SHA-256 "+sum)
}

// join puts a comma between the texts that are not empty.
func join(texts ...string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, ", ")
}
