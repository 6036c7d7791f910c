package ver

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// program is a program that uses the server: it gives it a callback, and sees
// what the callback is handed, what the log says, and when serving ends.
type program struct {
	addr   string
	cancel context.CancelFunc
	done   chan struct{} // closed when serving has ended

	mu    sync.Mutex
	err   error
	calls []call
	more  chan struct{} // has an element when calls has grown
}

// call is one command that the callback was handed, as text that can be
// compared.
type call struct {
	Text    string
	Raw     string
	Invalid bool
	TooLong bool
}

func (c call) String() string {
	marks := ""
	if c.Invalid {
		marks += ", invalid"
	}
	if c.TooLong {
		marks += ", too long"
	}
	return fmt.Sprintf("command %s, raw %s%s", target.Packet(c.Text), target.Packet(c.Raw), marks)
}

// valid is the call for a valid command.
func valid(text string) call { return call{Text: text, Raw: text} }

// serve starts the server under test on a free port, with a callback that
// answers each command of its own as answer says, and predefined ones, which it
// should not be handed, not at all. It is stopped after the spec.
func (s *Suite) serve(ctx SpecContext, p target.Params, answer target.Callback) *program {
	GinkgoHelper()
	ln, release, err := target.Listen()
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
	DeferCleanup(release)
	serving, cancel := context.WithCancel(context.Background())
	prog := &program{addr: ln.Addr().String(), cancel: cancel, done: make(chan struct{}), more: make(chan struct{}, 1)}
	p.Callback = func(ctx context.Context, c target.Command, respond func(string) error) error {
		prog.handed(c)
		switch {
		case !c.Invalid && predefined(c.Text):
			return nil
		case answer == nil:
			return respond("ok")
		}
		return answer(ctx, c, respond)
	}
	go func() {
		defer close(prog.done)
		err := s.target.API.Serve(serving, p, ln)
		prog.mu.Lock()
		defer prog.mu.Unlock()
		prog.err = err
	}()
	DeferCleanup(func(ctx SpecContext) {
		cancel()
		select {
		case <-prog.done:
		case <-ctx.Done():
			_ = ln.Close()
		}
	}, NodeTimeout(s.pace.Limits().Exit))
	return prog
}

// handed keeps what the callback was handed.
func (p *program) handed(c target.Command) {
	p.mu.Lock()
	p.calls = append(p.calls, call{strings.Clone(c.Text), string(bytes.Clone(c.Raw)), c.Invalid, c.TooLong})
	p.mu.Unlock()
	select {
	case p.more <- struct{}{}:
	default:
	}
}

// all gives the calls so far.
func (p *program) all() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]call{}, p.calls...)
}

// own gives the calls so far for commands of the callback's own. That predefined
// ones are not handed to it is SRS-008.
func (p *program) own() []call {
	return slices.DeleteFunc(p.all(), func(c call) bool { return !c.Invalid && predefined(c.Text) })
}

// predefined tells whether a command means the same on every server (P7).
func predefined(text string) bool {
	return text == "ping" || text == "disconnect" || text == "shutdown"
}

// enter gives a connection to a program's server that has answered a ping.
func (s *Suite) enter(ctx SpecContext, p *program) *target.Conn {
	GinkgoHelper()
	c := s.dialAt(ctx, p.addr)
	_ = c.Send("ping\n")
	trace.Need(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet("pong")), "the connection is served")
	return c
}

// dialAt gives a connection to an address other than the target's.
func (s *Suite) dialAt(ctx SpecContext, addr string) *target.Conn {
	GinkgoHelper()
	c, err := target.Dial(ctx, addr, s.pace, s.log(ctx))
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred(), "a connection")
	DeferCleanup(func() { _ = c.Close() })
	return c
}

// pong verifies by order: ping's answer must be the next packet.
func (s *Suite) pong(ctx SpecContext, c *target.Conn, ids ...string) bool {
	GinkgoHelper()
	_ = c.Send("ping\n")
	return trace.Verify(ctx, ids...).Expect(c.Receive(ctx)).To(Equal(target.Packet("pong")))
}

// packet verifies the next packet.
func packet(ctx SpecContext, c *target.Conn, text string, ids ...string) bool {
	GinkgoHelper()
	return trace.Verify(ctx, ids...).Expect(c.Receive(ctx)).To(Equal(target.Packet(text)))
}

// ends verifies that serving ends, and that a normal end is no error.
func (s *Suite) ends(ctx SpecContext, p *program, id string) {
	GinkgoHelper()
	if trace.Verify(ctx, id).Eventually(s.patiently(ctx), p.done).Should(BeClosed(), "the server returns") {
		p.mu.Lock()
		defer p.mu.Unlock()
		trace.Verify(ctx, id).Expect(p.err).NotTo(HaveOccurred(), "what it returns")
	}
}

// free verifies that a port can be had. The kernel may take a moment to let go of
// a socket that has been closed.
func (s *Suite) free(ctx SpecContext, addr, id string) {
	GinkgoHelper()
	listen := func() error {
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return err
		}
		return ln.Close()
	}
	trace.Verify(ctx, id).Eventually(s.patiently(ctx), listen).Should(Succeed(), "listening at the port")
}
