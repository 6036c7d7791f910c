// Package faulty holds servers and clients on which the suite proves itself:
// faults, each with one seeded mistake that the suite must catch; nulls, which do
// nothing of what the protocol wants and must earn nothing; and variants, which
// conform although they are unlike the reference, and must pass.
//
// A fault shares no code with what it stands for: it must not borrow the code
// that it is to expose. Those on the wire are built on a skeleton of their own,
// those of the API and of clients on the interfaces of package target.
//
// What a fault breaks is read from the requirements, not from a run. Where one
// mistake touches several, it is held against the one that speaks of it: a command
// that is lost with its segment is SRS-023, and not also every requirement about
// that command; a connection that ends wrongly at disconnect is SRS-005, and not
// also whatever was shown on it. The suite is blocked there instead.
package faulty

import (
	"slices"

	"github.com/socket-oneline/oneline/ver/target"
)

// Kind tells what must come of a member.
type Kind string

// The kinds of member.
const (
	Fault   Kind = "fault"   // the requirements that it breaks must fail, and no others
	Null    Kind = "null"    // no requirement may pass but those that it earns
	Variant Kind = "variant" // every requirement in scope must pass
)

// Member is one server or client.
type Member struct {
	Name   string // words with hyphens; unique
	Kind   Kind
	Text   string   // one line: what is wrong with it, or unlike the reference
	Breaks []string // of a fault: the ids of the requirements that it breaks, by their texts and PROTOCOL.md
	Earns  []string // of a null: the ids of the requirements that it meets all the same
	Target func() *target.Target
}

// All gives every member: those first that take longest to verify, so that at the end
// of a self-test nobody waits for one of them alone.
func All() []Member {
	return slices.Concat(
		launchedMembers(), clientMembers(), // some of these take longest
		variants(), wireFaults(), utf8Faults(), nulls(), apiMembers(), processMembers(),
	)
}

// Lookup finds a member by its name.
func Lookup(name string) (Member, bool) {
	all := All()
	i := slices.IndexFunc(all, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return Member{}, false
	}
	return all[i], true
}

// entry is a row of a table of members: a name, one line of text, the requirements that
// it breaks, and what is changed of a server or client that conforms. One that breaks
// nothing is a variant.
type entry[Change any] struct {
	name, text string
	breaks     []string
	change     Change
}

func (e entry[Change]) kind() Kind {
	if len(e.breaks) == 0 {
		return Variant
	}
	return Fault
}

// members makes members of a table.
func members[Change any](prefix string, table []entry[Change], open func(entry[Change]) *target.Target) []Member {
	var all []Member
	for _, e := range table {
		all = append(all, Member{
			Name: prefix + e.name, Kind: e.kind(), Text: e.text, Breaks: e.breaks,
			Target: func() *target.Target { return open(e) },
		})
	}
	return all
}

// srs writes ids of requirements by their numbers.
func srs(numbers ...string) []string {
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = "SRS-" + n
	}
	return ids
}
