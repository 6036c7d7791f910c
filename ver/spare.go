package ver

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/ver/target"
)

// spare is a connection that is served, and that no spec has any more: the next
// one that wants a connection takes it, if it has the same server.
type spare struct {
	conn   *target.Conn
	before []func(target.Log) // what has happened on it since it is spare
}

func (p *spare) log(direction string, data []byte, text string) {
	data = slices.Clone(data)
	p.before = append(p.before, func(to target.Log) { to(direction, data, text) })
}

// health asks whether the server lives, and says what is wrong with it. The
// connection by which it shows that becomes spare.
func (s *Suite) health(ctx context.Context) (problem string) {
	if p := s.spare; p != nil && s.then == s.happened.Load() && p.conn.Poll(ctx, s.pace.Limits().Pause) == target.Nothing {
		return "" // it has just shown it
	}
	s.release(ctx)
	if !s.probed || s.target.Server.Fresh() {
		return s.alive(ctx)
	}
	p := &spare{}
	p.log("event", nil, "at the end of the spec before, to see whether the server lives:")
	if p.conn, problem = s.served(ctx, s.probe, p.log); p.conn != nil {
		s.spare = p
	}
	return problem
}

// keep makes spare what a slow server is serving, all that was sent on the
// connection being answered. If nothing happens until the end of the spec, the
// server need not show again that it lives.
func (s *Suite) keep(c *target.Conn) {
	p := &spare{conn: c}
	p.log("event", nil, "kept from before, when all that was sent on it was answered")
	c.LogTo(p.log)
	s.spare, s.then = p, s.happened.Load()
}

// answered notes that all is answered that was sent on a connection, and that
// nothing else came.
func (s *Suite) answered(c *target.Conn) { s.settled, s.then = c, s.happened.Load() }

// handOver keeps the connection that a spec has settled last of all, if there is
// no other.
func (s *Suite) handOver() {
	c := s.settled
	if c == nil || s.then != s.happened.Load() || !s.keeps() || s.spare != nil {
		return
	}
	for _, other := range s.open {
		if other.Open() != (other == c) {
			return
		}
	}
	s.keep(c)
}

// part leaves a connection that its spec needs no more; that to a slow server is
// kept, if all was answered that was sent on it.
func (s *Suite) part(ctx context.Context, c *target.Conn) {
	if s.keeps() && c.Open() && c == s.settled && s.then == s.happened.Load() {
		s.keep(c)
		return
	}
	c.Leave(ctx)
}

// keeps tells whether connections are kept: a slow server stays the same.
func (s *Suite) keeps() bool { return s.slow() && !s.target.Server.Fresh() && !s.stopped }

// take gives a spec the spare connection, and its transcript what has happened on
// it since it is spare; nil if there is none.
func (s *Suite) take(ctx SpecContext) *target.Conn {
	p := s.spare
	if p == nil {
		return nil
	}
	s.spare = nil
	log := s.log(ctx)
	for _, replay := range p.before {
		replay(log)
	}
	p.conn.LogTo(log)
	return p.conn
}

// release leaves the spare connection, so that another one can be served.
func (s *Suite) release(ctx context.Context) {
	if p := s.spare; p != nil {
		s.spare = nil
		p.conn.Leave(ctx)
	}
}
