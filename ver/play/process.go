package play

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// SendsShutdown sends shutdown first thing on a connection. A server that was not
// ready for it, and closed, is told again.
func SendsShutdown(t *Trial) bool {
	t.Step("%s sends shutdown", Next)
	t.stopped = true
	_ = Next.Conn(t).Send("shutdown\n")
	event := Next.Conn(t).Ending(t)
	if event == target.Closed && !t.Rehearses() {
		if again := knockAgain(t); again != nil {
			_ = again.Send("shutdown\n")
			Next.Sit(t, again)
			event = again.Ending(t)
		}
	}
	t.seats[Next].heard = &event
	return true
}

// knockAgain gives a connection that is served where the server is still there.
func knockAgain(t *Trial) *target.Conn {
	trying, cancel := patience.Within(t, t.pace.Response())
	defer cancel()
	for {
		c, err := target.Dial(t, t.server.addr, t.pace, t.Log())
		if err != nil {
			return nil
		}
		t.open = append(t.open, c)
		if exchange(t, c, t.Known()) == "" {
			return c
		}
		if !c.Gone() || trying.Err() != nil {
			return nil
		}
		target.Pause(t, 5*time.Millisecond)
	}
}

// IsStopped verifies that the server has stopped: the connection ends without a
// packet, and nobody else is accepted.
func IsStopped(t *Trial) bool {
	t.Step("the connection ends, and no packet comes before; no further connection is accepted, and the port is free")
	event := Next.event(t, func() target.Event { return Next.Conn(t).Ending(t) })
	t.Verify("what comes first", event, NoPacket, "SRS-037")
	t.Verify("the connection", t.End(Next.Conn(t), event), TheEnd, "SRS-006")
	_ = Next.Conn(t).Close()
	ServerIsGone(t)
	return true
}

// ServerIsGone verifies that the server accepts no connection any more, and, where
// it runs on this machine, that its port can be had.
func ServerIsGone(t *Trial) {
	knock := func() string {
		c, err := target.Dial(t, t.server.addr, t.pace, Silent)
		switch {
		case errors.Is(err, target.ErrNoAnswer): // somebody listens, and his queue is full
			return "neither accepted nor refused"
		case err != nil:
			return "refused"
		}
		_ = c.Close()
		return "accepted"
	}
	Soon(t, "a new connection", knock, Is("refused"), "SRS-006", "SRS-038")
	if t.target.Kind == target.Launched || t.Rehearses() {
		t.Verify("the process, where the suite has launched it", ended(t), hasEnded, "SRS-006")
	}
	if t.target.Kind == target.Address && !t.Rehearses() {
		return
	}
	Soon(t, "listening at the port, where it is on this machine", func() error { return canListen(t.server.addr) }, NoError, "SRS-038")
}

// ended says how the process of the server has ended.
func ended(t *Trial) string {
	if t.Rehearses() {
		return ""
	}
	return t.target.Server.Ended(t.pace.Limits().Exit)
}

// canListen reports why nobody can listen at an address. One that the kernel alone
// keeps has been released.
func canListen(addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil && target.Lingers(addr) {
		return nil
	}
	if err != nil {
		return err
	}
	return ln.Close()
}

// Launch starts the server as a process, and waits until it can be dialed.
func Launch(t *Trial) *target.Proc {
	if t.Rehearses() {
		return target.NoProc()
	}
	addr := t.target.Addr
	if addr == "" {
		var err error
		addr, err = target.FreeAddr()
		t.HaveTo("find a free address", err)
	} else {
		_ = t.target.Server.Stop() // the address is fixed, and the server of the other specs has it
	}
	proc, err := target.Launch(t, t.target.Process, addr, t.pace.Limits().Ready)
	t.HaveTo("start a process", err)
	endAfter(t, proc)
	return proc
}

// LaunchAt starts the server as a process at an address that is taken.
func LaunchAt(t *Trial, addr string) (*target.Proc, error) {
	if t.Rehearses() {
		return target.NoProc(), nil
	}
	proc, err := t.target.Process.Launch(addr)
	if err == nil {
		endAfter(t, proc)
	}
	return proc, err
}

// endAfter ends a process after the spec, and notes what it has left behind and
// printed.
func endAfter(t *Trial, proc *target.Proc) {
	DeferCleanup(func(ctx SpecContext) {
		t.noteEnd(ctx, proc.Kill())
		if output := proc.Output(); output != "" {
			trace.Note(ctx, "the process printed:\n%s", output)
		}
	})
}

// DialProcess gives a connection to a process that it serves.
func DialProcess(t *Trial, proc *target.Proc) *target.Conn {
	if t.Rehearses() {
		return target.Nowhere()
	}
	c, problem := t.served(t, proc.Addr(), t.Known(), t.Log())
	if c == nil {
		t.Block("no connection is served: %s", problem)
	}
	t.CleanUp(func(ctx context.Context) { c.Leave(ctx) })
	return c
}

// Exits verifies how a process exits. Where processes take long to start, it is
// given more time: the machine may be busy.
func Exits(t *Trial, proc *target.Proc, startup time.Duration, status Expectation) bool {
	limits := t.pace.Limits()
	within := limits.Exit + min(10*startup, limits.Ready).Round(100*time.Millisecond)
	got := fmt.Sprintf("still running after %s", within)
	if code, ok := proc.Exit(within); ok {
		got = fmt.Sprintf("status %d", code)
	}
	return t.Verify("how the process ends", got, status)
}

// IsFree verifies that a port can be had. The kernel may take a moment to let go of
// a socket that has been closed.
func IsFree(t *Trial, addr string) {
	Soon(t, "listening at the port", func() error { return canListen(addr) }, NoError)
}

var hasEnded = Expected[string]{"it has ended", func(how string) bool { return how != "" }}

// Failed expects the end of a process that reports a failure.
var Failed = Expected[string]{"an exit with another status than 0", func(s string) bool {
	return strings.HasPrefix(s, "status ") && s != "status 0"
}}
