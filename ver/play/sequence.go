package play

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// sequence is a script of clients that come one after the other.
type sequence []visit

// visit is one client: what it sends, in which segments, and how it leaves.
type visit struct {
	commands []target.Dialogue
	tail     string // the beginning of a packet that is never ended
	cuts     []int  // after how many bytes a segment ends, ascending; one past the end counts for nothing
	turns    bool   // it waits for the answers to a segment before it sends the next
	leave    way
}

// way is how a client leaves, once it has all answers. A reset does not wait for
// them.
type way string

// The ways of leaving, the simplest first.
const (
	byClose      way = "closes"
	byDisconnect way = "sends disconnect"
	byMore       way = "sends disconnect and ping" // ping is not to be answered (Pk)
	byHalfClose  way = "closes its sending side"
	byReset      way = "resets the connection"
)

var ways = []way{byClose, byDisconnect, byMore, byHalfClose, byReset}

// stream is all that the client sends.
func (v visit) stream() string {
	var b strings.Builder
	for _, d := range v.commands {
		b.WriteString(d.Send + "\n")
	}
	switch v.leave {
	case byDisconnect:
		b.WriteString("disconnect\n")
	case byMore:
		b.WriteString("disconnect\nping\n")
	}
	return b.String() + v.tail
}

// segments is the stream in its segments.
func (v visit) segments() []string {
	var segments []string
	stream, from := v.stream(), 0
	for _, to := range append(slices.Clone(v.cuts), len(stream)) {
		if from < to && to <= len(stream) {
			segments = append(segments, stream[from:to])
			from = to
		}
	}
	return segments
}

// answers is the model of a server: what it owes a client that has sent so many
// bytes of its stream.
func (v visit) answers(sent int) []target.Response {
	var due []target.Response
	for _, d := range v.commands {
		if sent -= length(d); sent < 0 {
			break
		}
		due = append(due, d.Expect...)
	}
	return due
}

// length is how many bytes commands have, with their line feeds.
func length(commands ...target.Dialogue) int {
	n := 0
	for _, d := range commands {
		n += len(d.Send) + 1
	}
	return n
}

// forfeits reports whether a client that has sent so many bytes of its stream has
// sent on behind disconnect: then it cannot count on answers that are still to come
// (Pm).
func (v visit) forfeits(sent int) bool {
	if v.leave != byDisconnect && v.leave != byMore {
		return false
	}
	return sent > length(v.commands...)+len("disconnect\n")
}

// String writes the visit as a line of a script.
func (v visit) String() string {
	segments := v.segments()
	for i, segment := range segments {
		segments[i] = fmt.Sprintf("%.60q", segment)
	}
	how := ""
	if v.turns {
		how = ", each answered before the next"
	}
	sent := strings.Join(segments, " | ")
	if sent == "" {
		sent = "nothing"
	}
	return fmt.Sprintf("sends %s%s, gets %s and %s", sent, how, target.Responses(v.answers(len(v.stream()))), v.leave)
}

// String writes the sequence as a script.
func (q sequence) String() string {
	lines := make([]string, len(q))
	for i, v := range q {
		lines[i] = fmt.Sprintf("client %d %s", i+1, v)
	}
	return strings.Join(lines, "; ")
}

// randomSequence makes a sequence of these commands.
func randomSequence(random *rand.Rand, words []target.Dialogue) sequence {
	q := make(sequence, 1+random.IntN(3))
	for i := range q {
		v := visit{leave: ways[random.IntN(len(ways))], turns: random.IntN(2) == 0}
		for range random.IntN(7) {
			v.commands = append(v.commands, words[random.IntN(len(words))])
		}
		if random.IntN(3) == 0 {
			v.tail = []string{"p", "pin", "ping", "disconnect"}[random.IntN(4)]
		}
		if n := len(v.stream()); n > 1 {
			for range random.IntN(4) {
				v.cuts = append(v.cuts, 1+random.IntN(n-1))
			}
			slices.Sort(v.cuts)
		}
		q[i] = v
	}
	return q
}

// shorter gives what the sequence can be made simpler to in one step, the largest
// steps first.
func (q sequence) shorter() []sequence {
	var all []sequence
	for i := range q {
		if len(q) > 1 {
			all = append(all, slices.Delete(slices.Clone(q), i, i+1))
		}
	}
	for i, v := range q {
		for _, simpler := range v.shorter() {
			other := slices.Clone(q)
			other[i] = simpler
			all = append(all, other)
		}
	}
	return all
}

func (v visit) shorter() []visit {
	var all []visit
	where := func(can bool, change func(*visit)) {
		if can {
			simpler := v
			change(&simpler)
			all = append(all, simpler)
		}
	}
	where(len(v.cuts) > 0, func(s *visit) { s.cuts = nil })
	if n := len(v.commands); n > 1 {
		all = append(all, v.without(0, n/2), v.without(n/2, n))
	}
	for i := range v.commands {
		all = append(all, v.without(i, i+1))
	}
	for i := range v.cuts {
		where(true, func(s *visit) { s.cuts = slices.Delete(slices.Clone(v.cuts), i, i+1) })
	}
	where(v.tail != "", func(s *visit) { s.tail = "" })
	where(len(v.tail) > 1, func(s *visit) { s.tail = v.tail[:1] })
	where(v.turns, func(s *visit) { s.turns = false })
	for _, w := range ways[:slices.Index(ways, v.leave)] {
		where(true, func(s *visit) { s.leave = w })
	}
	return all
}

// without takes commands away. Where a segment ended between two bytes that are
// left it ends there still.
func (v visit) without(from, to int) visit {
	begin, away := length(v.commands[:from]...), length(v.commands[from:to]...)
	cuts := slices.Clone(v.cuts)
	for i, cut := range cuts {
		cuts[i] = cut - min(max(cut-begin, 0), away)
	}
	v.cuts, v.commands = slices.Compact(cuts), slices.Delete(slices.Clone(v.commands), from, to)
	return v
}
