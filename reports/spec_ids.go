package reports

import (
	"cmp"
	"crypto/sha256"
	"path"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/results"
)

// idLetters are the letters of the second part of a spec's id: digits and consonants that
// cannot be mistaken for one another and form no words.
const idLetters = "23456789bcdfghjkmnpqrstvwxz"

// idLength is the number of letters, unless more are needed to make ids unique.
const idLength = 4

// name gives each spec the id that documents show: the id of its protocol, or the last
// element of its suite's path, and a few letters that depend on its identity. It does not
// change when other specs are added or removed.
func (b *builder) name() {
	specs := b.specs
	lengths := make([]int, len(specs))
	pending := make([]int, len(specs))
	for i := range specs {
		lengths[i], pending[i] = idLength, i
	}
	for len(pending) > 0 {
		owners := make(map[string]int, len(specs)) // of ids, by the first spec that has it
		again := make(map[int]bool)
		for i, j := range specs {
			j.shown = specID(j.Spec, lengths[i])
			if first, taken := owners[j.shown]; taken {
				again[first], again[i] = true, true
			} else {
				owners[j.shown] = i
			}
		}
		pending = pending[:0]
		for i := range again {
			lengths[i]++
			pending = append(pending, i)
		}
	}
}

func specID(s *results.Spec, length int) string {
	sum := sha256.Sum256([]byte(s.Identity.Key()))
	id := []byte(cmp.Or(s.Protocol.ID, path.Base(s.Identity.Path[0])) + ".")
	for _, b := range sum[:length] {
		id = append(id, idLetters[int(b)%len(idLetters)])
	}
	return string(id)
}

// FullTitle returns the texts of the containers and the title.
func (s *Spec) FullTitle() string { return fullTitle(s.Containers, s.Title) }

// FullTitle returns the texts of the containers and the title of the spec.
func (r *SpecResult) FullTitle() string { return fullTitle(r.Containers, r.Spec) }

func fullTitle(containers []string, title string) string {
	return strings.Join(append(slices.Clone(containers), title), " › ")
}

// Severer reports whether result a prevails over b; see [Ranking].
func Severer(a, b Result) bool { return slices.Index(Ranking, a) < slices.Index(Ranking, b) }

// Worst returns the worst result of the spec for any of its requirements.
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
