package play

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/patience"
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
		if sent -= len(d.Send) + 1; sent < 0 {
			break
		}
		due = append(due, d.Expect...)
	}
	return due
}

// forfeits reports whether a client that has sent so many bytes of its stream has
// sent on behind disconnect: then it cannot count on answers that are still to come
// (Pm).
func (v visit) forfeits(sent int) bool {
	if v.leave != byDisconnect && v.leave != byMore || v.leave == byDisconnect && v.tail == "" {
		return false
	}
	end := len("disconnect\n")
	for _, d := range v.commands {
		end += len(d.Send) + 1
	}
	return sent > end
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
	with := func(change func(*visit)) {
		simpler := v
		change(&simpler)
		all = append(all, simpler)
	}
	if len(v.cuts) > 0 {
		with(func(s *visit) { s.cuts = nil })
	}
	if n := len(v.commands); n > 1 {
		all = append(all, v.without(0, n/2), v.without(n/2, n))
	}
	for i := range v.commands {
		all = append(all, v.without(i, i+1))
	}
	for i := range v.cuts {
		with(func(s *visit) { s.cuts = slices.Delete(slices.Clone(v.cuts), i, i+1) })
	}
	if v.tail != "" {
		with(func(s *visit) { s.tail = "" })
	}
	if len(v.tail) > 1 {
		with(func(s *visit) { s.tail = v.tail[:1] })
	}
	if v.turns {
		with(func(s *visit) { s.turns = false })
	}
	for _, w := range ways[:slices.Index(ways, v.leave)] {
		with(func(s *visit) { s.leave = w })
	}
	return all
}

// without takes commands away. Where a segment ended between two bytes that are
// left it ends there still.
func (v visit) without(from, to int) visit {
	begin := 0
	for _, d := range v.commands[:from] {
		begin += len(d.Send) + 1
	}
	length := 0
	for _, d := range v.commands[from:to] {
		length += len(d.Send) + 1
	}
	var cuts []int
	for _, cut := range v.cuts {
		switch {
		case cut <= begin && cut > 0:
			cuts = append(cuts, cut)
		case cut > begin+length:
			cuts = append(cuts, cut-length)
		}
	}
	v.cuts, v.commands = cuts, slices.Delete(slices.Clone(v.commands), from, to)
	return v
}

// RandomSequences follows random sequences until one departs from the model.
func RandomSequences(t *Trial) {
	t.Connect().Leave(t)
	words := vocabulary(t)
	if len(words) == 0 {
		t.Block("no command is answered as it should be")
	}
	t.Step("follow up to %d random sequences of clients, from the seed %d; the server does as the model does", mostSequences, t.seed)
	var before sequence
	held, failed := 0, false
	t.Repeat(mostSequences, func(i int) bool {
		q := randomSequence(rand.New(rand.NewPCG(uint64(t.seed), uint64(i))), words)
		if d := follow(t, q); d != nil {
			failed = true
			blame(t, before, q, d)
			return false
		}
		held++
		before = q
		return true
	})
	if failed && held == 0 {
		t.Block("the first sequence has failed, which shows nothing of the other requirements")
	}
	t.Verify("a sequence that went as in the model", held > 0 || t.Rehearses(), IsTrue)
}

// vocabulary gives the commands whose answers are known, and are as they should
// be where the command is sent alone.
func vocabulary(t *Trial) []target.Dialogue {
	words := []target.Dialogue{Ping}
	if p := t.target.Profile; p != nil {
		for _, d := range p.Commands {
			if len(d.Expect) <= 10 {
				words = append(words, d)
			}
		}
		if p.Otherwise != nil {
			words = append(words, target.Dialogue{Send: "pingx", Expect: *p.Otherwise}, target.Dialogue{Send: "ping\r", Expect: *p.Otherwise})
		}
		if p.Empty != nil {
			words = append(words, target.Dialogue{Expect: *p.Empty})
		}
		if p.Invalid != nil {
			words = append(words, target.Dialogue{Send: "pi\xffng", Expect: *p.Invalid})
		}
		if p.Echo != "" {
			words = append(words, t.Profile().Echoing("a b"), t.Profile().Echoing(""), t.Profile().Echoing(t.Profile().Fit(Pattern(40))))
		}
	}
	return t.Sound(words)
}

// follow plays a sequence to a server, a fresh one where the suite can have it;
// nil if the server does as the model does.
func follow(t *Trial, q sequence) *departure {
	if t.Rehearses() {
		return nil
	}
	if t.target.Server.Fresh() {
		if err := t.server.start(t, t.target); err != nil {
			return &departure{problem: err.Error(), unserved: true}
		}
	}
	for i, v := range q {
		c, problem := t.Arrive(Silent)
		if c == nil {
			return &departure{problem: "it is not served: " + problem, visit: i, unserved: true}
		}
		d := visitBy(t, c, v)
		_ = c.Close()
		if d != nil {
			d.visit = i
			return d
		}
	}
	c, problem := t.Arrive(Silent)
	if c == nil {
		return &departure{problem: "it is not served: " + problem, visit: len(q), unserved: true}
	}
	c.Leave(t)
	return nil
}

// visitBy plays one client; nil if the server does as the model does.
func visitBy(t *Trial, c *target.Conn, v visit) *departure {
	got, sent := 0, 0
	hear := func() *departure {
		due := v.answers(sent)
		for ; got < len(due); got++ {
			event := c.Receive(t)
			if event.IsClosed() && v.forfeits(sent) { // within an answer, too
				got = len(due)
			} else if !due[got].Matches(event) {
				return &departure{problem: fmt.Sprintf("answer number %d is %s instead of %s", got+1, event, due[got])}
			}
		}
		return nil
	}
	for i, segment := range v.segments() {
		if i > 0 {
			target.Pause(t, t.pace.Limits().Pause)
		}
		_ = c.Send(segment)
		if sent += len(segment); v.turns {
			if d := hear(); d != nil {
				return d
			}
		}
	}
	switch v.leave {
	case byReset:
		_ = c.Reset()
		return nil
	case byHalfClose:
		_ = c.CloseWrite()
	}
	if d := hear(); d != nil {
		return d
	}
	if v.leave == byClose {
		if v.tail == "" { // by order: nothing more than the answers has come
			if problem := exchange(t, c, t.Known()); problem != "" {
				return &departure{problem: problem}
			}
		}
		return nil
	}
	if event := c.Ending(t); event != target.Closed && !(event.IsClosed() && v.forfeits(sent)) {
		_, spoke := event.IsPacket()
		return &departure{problem: "instead of the end of the connection there is " + event.String(), ending: true, spoke: spoke}
	}
	return nil
}

// blame shortens a sequence that failed, and verifies the requirement that what
// remains is about. The sequences that went well before are evidence for the others. Where not even
// the first client is served, it is about how the last one of the sequence before
// has left: the server may have needed a moment to stop.
func blame(t *Trial, before, q sequence, d *departure) {
	if d.unserved && d.visit == 0 {
		if len(before) == 0 {
			t.Block("no client is served: %s", d.problem)
		}
		q, d.visit = before, len(before)
	}
	q, d = shorten(t, q, d)
	id := q.about(d)
	if (id == "SRS-041" || id == "SRS-022") && t.found.able[Pairs] != "" {
		id = "SRS-023" // of several commands in a segment not each is answered
	}
	t.Step("%s", q)
	t.Verify("what the server does", fmt.Sprintf("client %d: %s", d.visit+1, d.problem), Expected[string]{"as the model does", func(string) bool { return false }}, id)
	t.ids = slices.DeleteFunc(slices.Clone(SequenceIDs), func(other string) bool { return other == id })
}

// shorten makes a sequence that failed as short as it can be while it fails. One
// that does not fail again stays as it is.
func shorten(t *Trial, q sequence, d *departure) (sequence, *departure) {
	shortening, cancel := patience.Within(t, 4*t.pace.Limits().Loop+4*t.pace.Limits().Response)
	defer cancel()
	for attempts := 0; ; {
		simpler := false
		for _, candidate := range q.shorter() {
			if attempts++; attempts > mostShorter || shortening.Err() != nil {
				return q, d
			}
			if other := again(t, candidate); other != nil {
				q, d, simpler = candidate, other, true
				break
			}
		}
		if !simpler {
			return q, d
		}
	}
}

// again follows a sequence on a server that serves; where it does not even do
// that, there is nothing to be learned.
func again(t *Trial, q sequence) *departure {
	if !t.target.Server.Fresh() && t.alive(t, t.server.addr, Silent) != "" {
		addr, err := t.target.Server.Restart(t)
		if err != nil {
			return nil
		}
		t.server.addr = addr
	}
	d := follow(t, q)
	if d != nil && d.unserved && d.visit == 0 {
		return nil
	}
	return d
}

// about is the requirement that a sequence shows to be broken, from which nothing
// can be taken away.
func (q sequence) about(d *departure) string {
	if d.visit > 0 {
		before := q[d.visit-1]
		if before.tail != "" {
			return "SRS-035"
		}
		return map[way]string{
			byClose: "SRS-032", byDisconnect: "SRS-016", byMore: "SRS-036", byHalfClose: "SRS-033", byReset: "SRS-034",
		}[before.leave]
	}
	v := q[min(d.visit, len(q)-1)]
	disconnects := v.leave == byDisconnect || v.leave == byMore
	switch {
	case len(v.segments()) > 1:
		return "SRS-022"
	case v.tail != "":
		return "SRS-035"
	case v.leave == byMore && d.spoke:
		return "SRS-036"
	case v.leave == byHalfClose:
		return "SRS-033"
	case disconnects && d.spoke && len(v.commands) == 0:
		return "SRS-036"
	case disconnects && d.ending && len(v.commands) == 0:
		return "SRS-005"
	case disconnects && d.ending:
		return "SRS-023"
	case disconnects:
		return "SRS-041"
	}
	return "SRS-023"
}

// departure is how a server departs from the model.
type departure struct {
	problem  string
	visit    int  // which client sees it
	unserved bool // it is not served at all
	ending   bool // all answers were right, but not the end of the connection
	spoke    bool // there was a packet instead
}

// What random sequences are limited to.
const (
	mostSequences = 60
	mostShorter   = 60 // attempts at making one shorter
)

// SequenceIDs are the requirements that a sequence can show to be broken.
var SequenceIDs = []string{"SRS-005", "SRS-016", "SRS-022", "SRS-023", "SRS-032", "SRS-033", "SRS-034", "SRS-035", "SRS-036", "SRS-041"}
