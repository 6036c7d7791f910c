package content

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// runBlock is what every document opens with: the run, the suite, the target,
// the requirement file and how to repeat it. What an auditor asks for is named
// even where it was not stated.
func runBlock(m *reports.Model) document.Pairs {
	r := &m.Run
	var pairs document.Pairs
	pairs.Add("run", document.Stated(strings.TrimSpace(r.Type+" "+r.ID)))
	pairs.Add("started", document.Stated(document.When(r.Started)))
	pairs.Add("ended", document.Stated(document.When(r.Ended)))
	pairs.Add("complete", map[bool]string{true: "yes", false: "no"}[r.Complete])
	pairs.Add("machine", document.Stated(r.Machine))
	pairs.Add("tester", document.Stated(r.Tester))
	pairs.Add("suite", suite(r.Suite))
	if r.Reported.Module != "" || r.Reported.Version != "" {
		pairs.Add("verdicts computed by", suite(r.Reported))
	}
	pairs.Add("target", strings.TrimSpace(document.Stated(r.Target.Name)+" "+document.Paren(r.Target.Kind)))
	pairs.Add("target address", r.Target.Address)
	pairs.Add("target command", r.Target.Command)
	pairs.Add("target version", document.Stated(r.Target.Version))
	pairs.Add("target serial", document.Stated(r.Target.Serial))
	pairs.Add("target SHA-256", r.Target.SHA256)
	for _, in := range r.Inputs {
		addFile(&pairs, in.Title, in.File)
	}
	addFile(&pairs, "requirements", r.SRS)
	for _, f := range []struct {
		name string
		file *evidence.File
	}{
		{"test protocol", r.Protocol},
		{"manual protocols", r.Manual},
		{"justifications", r.Justifications},
		{"configuration", r.Config},
	} {
		if f.file != nil {
			addFile(&pairs, f.name, *f.file)
		}
	}
	pairs.Add("scope", scope(r))
	pairs.Add("Go, OS", document.Stated(document.Join(r.Go, r.OS)))
	pairs.Add("seed", strconv.FormatInt(r.Seed, 10))
	pairs.Add("unreachable", r.Unreachable)
	pairs.AddCommand("repeat", document.Stated(r.Repeat))
	return pairs
}

func suite(s evidence.Suite) string {
	tree := "whether its tree was clean is not known"
	if s.Modified != nil {
		tree = "clean tree"
		if *s.Modified {
			tree = "with uncommitted changes"
		}
	}
	return document.Join(document.Stated(strings.TrimSpace(s.Module+" "+s.Version)), document.Prefix("commit ", s.Commit), tree)
}

// scope says what was to be verified.
func scope(r *reports.Run) string {
	level := cmp.Or(document.Prefix("level ", r.Level), "every level")
	groups := cmp.Or(document.Prefix("group ", strings.Join(r.Groups, ", ")), "every group")
	shows := "the target can show everything"
	if r.Shows != nil {
		shows = "the target can show " + document.Stated(strings.Join(r.Shows, ", "))
	}
	return level + "; " + groups + "; " + shows
}

// addFile names a file with its hash.
func addFile(p *document.Pairs, title string, f evidence.File) {
	*p = append(*p, document.Pair{Name: title, Value: document.Join(document.Stated(f.Name), document.Prefix("SHA-256 ", f.SHA256)), Whole: true})
}
