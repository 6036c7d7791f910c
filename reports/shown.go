package reports

import (
	"cmp"
	"crypto/sha256"
	"path"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/results"
)

// idLetters are what the part of a spec's id is written with that tells it from
// the others of its protocol: digits and consonants that cannot be mistaken for
// one another, nor make a word.
const idLetters = "23456789bcdfghjkmnpqrstvwxz"

// idLength is how many letters tell specs of a protocol apart, where they do.
const idLength = 4

// name gives each spec the id that documents show: that of its protocol, or the last element of
// its suite's path, with a few letters that follow from its identity. It stays
// the same when other specs are added or removed.
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

// FullTitle is the title of a spec behind the texts of its containers.
func (s *Spec) FullTitle() string { return fullTitle(s.Containers, s.Title) }

// FullTitle is that of the spec.
func (r *SpecResult) FullTitle() string { return fullTitle(r.Containers, r.Spec) }

func fullTitle(containers []string, title string) string {
	return strings.Join(append(slices.Clone(containers), title), " › ")
}

// Severer reports whether result a counts before b, where both are taken
// together; see [Ranking].
func Severer(a, b Result) bool { return slices.Index(Ranking, a) < slices.Index(Ranking, b) }

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
