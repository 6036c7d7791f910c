package reports

import (
	"cmp"
	"crypto/sha256"
	"maps"
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
	for rest, length := b.specs, idLength; len(rest) > 0; length++ {
		same := make(map[string][]*judged)
		for _, j := range rest {
			j.shown = specID(j.Spec, length)
			same[j.shown] = append(same[j.shown], j)
		}
		rest = nil
		for _, specs := range same {
			if len(specs) > 1 { // their ids need another letter
				rest = append(rest, specs...)
			}
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

// severity compares results: what prevails is less. See [Ranking].
func severity(a, b Result) int { return slices.Index(Ranking, a) - slices.Index(Ranking, b) }

// Severer reports whether result a prevails over b; see [Ranking].
func Severer(a, b Result) bool { return severity(a, b) < 0 }

// Worst returns the worst result of the spec for any of its requirements.
func (s *Spec) Worst() Result {
	if len(s.Results) == 0 {
		return ResultNoEvidence
	}
	return slices.MinFunc(slices.Collect(maps.Values(s.Results)), severity)
}
