package play

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// RandomSequences follows random sequences until the server does otherwise than the model.
func RandomSequences(t *Trial) {
	t.Connect().Leave(t)
	words := vocabulary(t)
	if len(words) == 0 {
		t.Block("no command is answered as it should be")
	}
	t.Step("follow up to %d random sequences of clients, from the seed %d; the server does as the model does", mostSequences, t.seed)
	var last sequence
	alike, failed := 0, false
	t.Repeat(mostSequences, func(i int) bool {
		q := randomSequence(rand.New(rand.NewPCG(uint64(t.seed), uint64(i))), words)
		if d := follow(t, q); d != nil {
			failed = true
			blame(t, last, q, d)
			return false
		}
		alike++
		last = q
		return true
	})
	if failed && alike == 0 {
		t.Block("the first sequence has failed, which shows nothing of the other requirements")
	}
	t.Verify("a sequence that went as in the model", alike > 0 || t.Rehearses(), IsTrue)
}

// vocabulary gives the commands whose answers are known, and are as they should
// be where the command is sent alone.
func vocabulary(t *Trial) []target.Dialogue {
	words := []target.Dialogue{Ping}
	if p := t.Target.Profile; p != nil {
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
	return t.AnsweredAlone(words)
}

// follow plays a sequence to a server, a fresh one where the suite can have it;
// nil if the server does as the model does.
func follow(t *Trial, q sequence) *mismatch {
	if t.Rehearses() {
		return nil
	}
	if err := t.StartFresh(); err != nil {
		return &mismatch{problem: err.Error(), unserved: true}
	}
	for i := range len(q) + 1 {
		c, problem := t.Arrive(Silent)
		if c == nil {
			return &mismatch{problem: "it is not served: " + problem, visit: i, unserved: true}
		}
		if i == len(q) { // the server is still there
			c.Leave(t)
			break
		}
		d := visitBy(t, c, q[i])
		_ = c.Close()
		if d != nil {
			d.visit = i
			return d
		}
	}
	return nil
}

// visitBy plays one client; nil if the server does as the model does.
func visitBy(t *Trial, c *target.Conn, v visit) *mismatch {
	got, sent := 0, 0
	hear := func() *mismatch {
		due := v.answers(sent)
		for ; got < len(due); got++ {
			event := c.Receive(t)
			if event.IsClosed() && v.forfeits(sent) { // within an answer, too
				got = len(due)
			} else if !due[got].Matches(event) {
				return &mismatch{problem: fmt.Sprintf("answer number %d is %s instead of %s", got+1, event, due[got])}
			}
		}
		return nil
	}
	for i, segment := range v.segments() {
		if i > 0 {
			target.Pause(t, t.Pace.Limits.Pause)
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
			if problem := t.exchange(t, c, t.Known()); problem != "" {
				return &mismatch{problem: problem}
			}
		}
		return nil
	}
	if event := c.Receive(t); event != target.Closed && !(event.IsClosed() && v.forfeits(sent)) {
		_, spoke := event.IsPacket()
		return &mismatch{problem: "instead of the end of the connection there is " + event.String(), ending: true, spoke: spoke}
	}
	return nil
}

// blame shortens a sequence that failed, and verifies the requirement that what remains
// is about. The sequences that went well before are evidence for the others. If not even
// the first client is served, it is about how the last client of the sequence before has
// left: the server may have needed a moment to stop.
func blame(t *Trial, last, q sequence, d *mismatch) {
	if d.unserved && d.visit == 0 {
		if len(last) == 0 {
			t.Block("no client is served: %s", d.problem)
		}
		q, d.visit = last, len(last)
	}
	q, d = shorten(t, q, d)
	id := q.about(d)
	if (id == "SRS-041" || id == "SRS-022") && t.measure(AnswersPairs) != "" {
		id = "SRS-023" // of several commands in a segment not each is answered
	}
	t.Step("%s", q)
	t.Verify("what the server does", fmt.Sprintf("client %d: %s", d.visit+1, d.problem), Expected[string]{"as the model does", func(string) bool { return false }}, id)
	t.ids = slices.DeleteFunc(slices.Clone(SequenceIDs), func(other string) bool { return other == id })
}

// shorten makes a sequence that failed as short as it can be while it fails. One
// that does not fail again stays as it is.
func shorten(t *Trial, q sequence, d *mismatch) (sequence, *mismatch) {
	shortening, cancel := patience.Within(t, 4*t.Pace.Limits.Loop+4*t.Pace.Limits.Response)
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
func again(t *Trial, q sequence) *mismatch {
	if !t.Target.Server.Fresh() && t.alive(t, t.addr, Silent) != "" {
		_ = t.Target.Server.Stop()
		if t.start(t) != nil {
			return nil
		}
	}
	d := follow(t, q)
	if d != nil && d.unserved && d.visit == 0 {
		return nil
	}
	return d
}

// about is the requirement that a sequence shows to be broken, from which nothing
// can be taken away.
func (q sequence) about(d *mismatch) string {
	if d.visit > 0 {
		previous := q[d.visit-1]
		if previous.tail != "" {
			return "SRS-035"
		}
		return map[way]string{
			byClose: "SRS-032", byDisconnect: "SRS-016", byMore: "SRS-036", byHalfClose: "SRS-033", byReset: "SRS-034",
		}[previous.leave]
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

// mismatch is what a server does otherwise than the model.
type mismatch struct {
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
