package ver

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// A server that needs half a second for an answer is verified against the same
// requirements as another one, but with less of everything: fewer repetitions,
// the first of several examples, and order where both order and silence could
// show that nothing more comes.

// slow tells whether the server is such a one. Of a server whose connections are
// not probed it is not known what its answers are answers to.
func (s *Suite) slow() bool { return s.probed && s.pace.Slow() }

// some gives all examples to a fast server, to another one as many as it has time
// for, evenly spread, and to a slow one the first of them, so many at least: those
// that tell most stand first.
func some[T any](ctx SpecContext, s *Suite, examples []T, least int) []T {
	n := s.pace.Times(len(examples), 1)
	if s.slow() {
		n = min(len(examples), max(least, n/2))
	}
	if n >= len(examples) {
		return examples
	}
	trace.Note(ctx, "the server is slow: %d of %d examples are tried", n, len(examples))
	if s.slow() {
		return examples[:n]
	}
	chosen := make([]T, n)
	for i := range chosen {
		chosen[i] = examples[i*(len(examples)-1)/max(n-1, 1)]
	}
	return chosen
}

// What is shown once, beside commands. None of them is one.
const (
	exact    = "\nnothing beyond the answers"
	closes   = "\ndisconnect closes"
	survived = "\ninvalid packets are survived"
)

// shown tells whether a slow server has shown in this run what a spec needs to show
// something else. It is not asked again.
func (s *Suite) shown(what string) bool { return s.slow() && s.asked[what] }

// rounds is how often to do what takes so many responses: as often as wanted, and
// fewer times with a slow server.
func (s *Suite) rounds(wanted, responses int) int {
	if !s.slow() {
		return wanted
	}
	return s.pace.Times(wanted, responses)
}

// nothingMore verifies that nothing comes beyond what was received: by order, and
// unless the server is slow by silence too.
func (s *Suite) nothingMore(ctx SpecContext, c *target.Conn, ids ...string) {
	GinkgoHelper()
	s.next(ctx, c, ids...)
	if !s.slow() {
		trace.Verify(ctx, ids...).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
	}
}
