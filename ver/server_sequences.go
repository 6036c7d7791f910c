package ver

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// What random sequences are limited to.
const (
	mostSequences = 60
	eachSequence  = 40 // responses that one takes, in the mean
	mostShorter   = 60 // attempts at making one shorter
)

func (s *Suite) sequences() {
	s.protocol("TP-025", "random sequences", trace.About{
		Objectives: []string{"Whatever commands come in whatever segments, and however their clients leave, the server does as a model of the protocol does."},
		Preconditions: []string{
			"The server listens at its address.", "No other client is connected.",
			"A command is used only if it is answered as it should be where it is sent alone.",
		},
		Deviations: []string{"A sequence that fails is made as short as it can be while it fails. The requirement that what remains is about has failed."},
	}, func() {
		// SRS-022, SRS-023: commands in segments. SRS-005, SRS-036, SRS-041:
		// disconnect. SRS-016, SRS-032, SRS-033, SRS-034, SRS-035: one client after
		// another has left.
		It("does as the model does", trace.Req(sequenceIDs...), trace.Observe(target.Wire), anyWay, func(ctx SpecContext) {
			s.connect(ctx).Leave(ctx)
			words := s.vocabulary(ctx)
			if len(words) == 0 {
				trace.Block(ctx, "no command is answered as it should be")
			}
			held, failed := 0, false
			var before sequence
			trace.Step(ctx, "follow random sequences of clients who know %d commands, from the seed %d: %d, or fewer with a slow server", len(words), s.seed, mostSequences)
			s.repeat(ctx, mostSequences, eachSequence, func(i int) bool {
				q := randomSequence(rand.New(rand.NewPCG(uint64(s.seed), uint64(i))), words)
				d := s.follow(ctx, q)
				if failed = d != nil; failed {
					s.blame(ctx, before, q, d, held)
					return false
				}
				held++
				before = q
				return true
			})
			if !failed {
				trace.Verify(ctx, sequenceIDs...).Expect(held).To(BeNumerically(">", 0), "sequences that went as they should")
			}
		})
	})
}

// sequenceIDs are the requirements that a sequence can show to be broken.
var sequenceIDs = []string{
	"SRS-005", "SRS-016", "SRS-022", "SRS-023", "SRS-032", "SRS-033", "SRS-034",
	"SRS-035", "SRS-036", "SRS-041",
}

// vocabulary gives the commands whose answers are known, and are as they should
// be where the command is sent alone.
func (s *Suite) vocabulary(ctx SpecContext) []target.Dialogue {
	words := []target.Dialogue{ping}
	if p := s.target.Profile; p != nil {
		words = append(words, p.Commands...)
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
			words = append(words, s.echo("a b"), s.echo(""), s.echo(s.fit(pattern(40))))
		}
	}
	return s.sound(ctx, words)
}

// departure is how a server departs from the model.
type departure struct {
	problem  string
	visit    int  // which client sees it
	unserved bool // it is not served at all
	ending   bool // all answers were right, but not the end of the connection
	spoke    bool // there was a packet instead
}

// follow plays a sequence to a server, a fresh one where the suite can have it;
// nil if the server does as the model does.
func (s *Suite) follow(ctx context.Context, q sequence) *departure {
	if s.target.Server.Fresh() {
		addr, err := s.target.Server.Start(ctx)
		if err != nil {
			return &departure{problem: err.Error(), unserved: true}
		}
		s.addr = addr
	}
	for i, v := range q {
		c, problem := s.served(ctx, s.known(), silent)
		if c == nil {
			return &departure{problem: "it is not served: " + problem, visit: i, unserved: true}
		}
		d := s.play(ctx, c, v)
		_ = c.Close()
		if d != nil {
			d.visit = i
			return d
		}
	}
	c, problem := s.served(ctx, s.known(), silent)
	if c == nil {
		return &departure{problem: "it is not served: " + problem, visit: len(q), unserved: true}
	}
	c.Leave(ctx)
	return nil
}

// play is one client; nil if the server does as the model does.
func (s *Suite) play(ctx context.Context, c *target.Conn, v visit) *departure {
	got, sent := 0, 0
	hear := func() *departure {
		due := v.answers(sent)
		for ; got < len(due); got++ {
			if event := c.Receive(ctx); !due[got].Matches(event) {
				return &departure{problem: fmt.Sprintf("answer number %d is %s instead of %s", got+1, event, due[got])}
			}
		}
		return nil
	}
	for i, segment := range v.segments() {
		if i > 0 {
			target.Pause(ctx, s.pace.Limits().Pause)
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
			if problem := exchange(ctx, c, s.known()); problem != "" {
				return &departure{problem: problem}
			}
		}
		return nil
	}
	if event := c.Ending(ctx); event != target.Closed {
		_, spoke := event.IsPacket()
		return &departure{problem: "instead of the end of the connection there is " + event.String(), ending: true, spoke: spoke}
	}
	return nil
}

// blame shortens a sequence that failed, and verifies the requirement that what
// remains is about. What held before is evidence for the others. Where not even
// the first client is served, it is about how the last one of the sequence before
// has left: the server may have needed a moment to stop.
func (s *Suite) blame(ctx SpecContext, before, q sequence, d *departure, held int) {
	if d.unserved && d.visit == 0 {
		if len(before) == 0 {
			trace.Block(ctx, "no client is served: %s", d.problem)
		}
		q, d.visit = before, len(before)
	}
	q, d, wholly := s.shorten(ctx, q, d)
	if !wholly && s.slow() {
		trace.Block(ctx, "the server is slow: a sequence that failed could not be made so short that it is about one requirement: client %d: %s: %s", d.visit+1, d.problem, q)
	}
	id := q.about(d)
	trace.Step(ctx, "%s", q)
	trace.Verify(ctx, id).Expect(fmt.Sprintf("client %d: %s", d.visit+1, d.problem)).To(BeEmpty(), "what is not as in the model")
	if held > 0 {
		others := slices.DeleteFunc(slices.Clone(sequenceIDs), func(other string) bool { return other == id })
		trace.Verify(ctx, others...).Expect(held).To(BeNumerically(">", 0), "sequences that went as they should before")
	}
}

// shorten makes a sequence that failed as short as it can be while it fails. One
// that does not fail again stays as it is. Wholly tells whether there was time for
// all that could be tried.
func (s *Suite) shorten(ctx SpecContext, q sequence, d *departure) (_ sequence, _ *departure, wholly bool) {
	shortening, cancel := patience.Within(ctx, 4*s.pace.Limits().Loop)
	defer cancel()
	for attempts := 0; ; {
		simpler := false
		for _, candidate := range q.shorter() {
			if attempts++; attempts > mostShorter || shortening.Err() != nil {
				return q, d, false
			}
			if other := s.again(ctx, candidate); other != nil {
				q, d, simpler = candidate, other, true
				break
			}
		}
		if !simpler {
			return q, d, true
		}
	}
}

// again follows a sequence on a server that serves; where it does not even do
// that, there is nothing to be learned.
func (s *Suite) again(ctx SpecContext, q sequence) *departure {
	if !s.target.Server.Fresh() && s.alive(ctx) != "" {
		addr, err := s.target.Server.Restart(ctx)
		if err != nil {
			return nil
		}
		s.addr = addr
	}
	d := s.follow(ctx, q)
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
