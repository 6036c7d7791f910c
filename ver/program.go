package ver

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/play"
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

// calls expects what the callback was handed.
func calls(want ...call) play.Expectation { return are(want) }

// runServer starts the server under test on a free port, with a callback that answers
// each command of its own as answer says, or else by ok, and predefined ones, which
// it should not be handed, not at all. It is stopped after the spec.
func runServer(t *play.Trial, p target.Params, answer target.Callback) *program {
	if t.Rehearses() {
		over := make(chan struct{})
		close(over)
		return &program{cancel: func() {}, done: over}
	}
	ln, release, err := target.Listen()
	t.BlockOn("listen", err)
	t.CleanUp(func(context.Context) { release() })
	serving, cancel := context.WithCancel(context.Background())
	prog := &program{addr: ln.Addr().String(), cancel: cancel, done: make(chan struct{})}
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
		err := t.Target.API.Serve(serving, p, ln)
		prog.mu.Lock()
		defer prog.mu.Unlock()
		prog.err = err
	}()
	t.CleanUp(func(ctx context.Context) {
		cancel()
		waiting, stop := patience.Within(ctx, t.Pace.Limits.Exit)
		defer stop()
		select {
		case <-prog.done:
		case <-waiting.Done(): // that it does not stop is SRS-046
			_ = ln.Close()
		}
	})
	return prog
}

// handed keeps what the callback was handed.
func (p *program) handed(c target.Command) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call{strings.Clone(c.Text), string(bytes.Clone(c.Raw)), c.Invalid, c.TooLong})
}

// all gives the calls so far.
func (p *program) all() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]call{}, p.calls...)
}

// exceptPredefined gives the calls so far for commands of the callback's own. That predefined
// ones are not handed to it is SRS-008.
func (p *program) exceptPredefined() []call {
	return slices.DeleteFunc(p.all(), func(c call) bool { return !c.Invalid && predefined(c.Text) })
}

// predefined reports whether a command means the same on every server (P7).
func predefined(text string) bool {
	return text == "ping" || text == "disconnect" || text == "shutdown"
}

// enter gives a connection to a program's server that has answered a ping, as a
// precondition.
func enter(t *play.Trial, p *program) *target.Conn {
	c, err := play.DialAt(t, p.addr)
	t.Require("a connection to the server", err, play.NoError)
	_ = c.Send("ping\n")
	t.Require("the answer to ping", c.Receive(t), play.Packet("pong"))
	return c
}

// enterVerified verifies that a connection to a program's server is served.
func enterVerified(t *play.Trial, p *program) *target.Conn {
	c, err := play.DialAt(t, p.addr)
	t.Must("a connection to the server", err, play.NoError)
	asksPing(t, c)
	return c
}

// asksPing verifies by order: the answer to ping must be the next packet.
func asksPing(t *play.Trial, c *target.Conn) bool {
	_ = c.Send("ping\n")
	return t.Verify("the next packet is the answer to ping", c.Receive(t), play.Packet("pong"))
}

// receivesText verifies the next packet.
func receivesText(t *play.Trial, c *target.Conn, text string) bool {
	return t.Verify("the next packet", c.Receive(t), play.Packet(text))
}

// asks sends a command, and verifies the next packet.
func asks(t *play.Trial, c *target.Conn, command, answer string) bool {
	_ = c.Send(command + "\n")
	return receivesText(t, c, answer)
}

// hasReturned verifies that serving ends, and that a normal end is no error.
func hasReturned(t *play.Trial, p *program) {
	if play.Soon(t, "the server returns", closed(p.done), play.IsTrue) {
		p.mu.Lock()
		defer p.mu.Unlock()
		t.Verify("what it returns", p.err, play.NoError)
	}
}

// closed reports whether a channel is closed.
func closed(c <-chan struct{}) func() bool {
	return func() bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
}
