package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// idLength is how many hexadecimal digits of the hash of its identity stand in
// the id of a spec, unless it takes more to tell two apart.
const idLength = 4

// name gives every spec the id that documents show: that of its protocol with
// the beginning of the hash of its identity. It does not depend on other specs,
// so that it means the same spec in the next run.
func (b *builder) name() {
	taken := make(map[string]bool, len(b.specs))
	order := slices.SortedFunc(slices.Values(b.specs), func(x, y *judged) int {
		return strings.Compare(x.Identity.Key(), y.Identity.Key())
	})
	for _, j := range order {
		sum := sha256.Sum256([]byte(j.Identity.Key()))
		hash := hex.EncodeToString(sum[:])
		length := idLength
		for length < len(hash) && taken[j.Protocol.ID+hash[:length]] {
			length++
		}
		taken[j.Protocol.ID+hash[:length]] = true
		j.shown = strings.TrimLeft(j.Protocol.ID+"."+hash[:length], ".")
	}
}

// FullTitle is the title of a spec behind the texts of its containers.
func (s *Spec) FullTitle() string { return fullTitle(s.Containers, s.Title) }

// FullTitle is that of the spec.
func (r *SpecResult) FullTitle() string { return fullTitle(r.Containers, r.Spec) }

func fullTitle(containers []string, title string) string {
	return strings.Join(append(slices.Clone(containers), title), " › ")
}

// Severer reports whether a result counts before another, where several are
// taken together. What could not be observed says nothing beside what was.
func Severer(a, b Result) bool { return severity[a] > severity[b] }

// Worst is the severest result that a spec has for one of its requirements.
func (s *Spec) Worst() Result {
	worst := Result("")
	for _, r := range s.Results {
		if worst == "" || Severer(r, worst) {
			worst = r
		}
	}
	if worst == "" {
		return ResultNoEvidence
	}
	return worst
}
