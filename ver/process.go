package ver

import (
	. "github.com/onsi/ginkgo/v2"

	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// sendsShutdown sends shutdown first thing on a connection. A server that was not
// ready for it, and closed, is told again.
func sendsShutdown(t *trial) bool {
	t.step("%s sends shutdown", next)
	t.stopped = true
	_ = next.conn(t).Send("shutdown\n")
	event := next.conn(t).Ending(t)
	if event == target.Closed && !t.rehearses() {
		if again := knockAgain(t); again != nil {
			_ = again.Send("shutdown\n")
			next.sit(t, again)
			event = again.Ending(t)
		}
	}
	t.seats[next].heard = &event
	return true
}

// knockAgain gives a connection that is served where the server is still there.
func knockAgain(t *trial) *target.Conn {
	trying, cancel := patience.Within(t, t.pace.Response())
	defer cancel()
	for {
		c, err := target.Dial(t, t.server.addr, t.pace, t.log())
		if err != nil {
			return nil
		}
		t.open = append(t.open, c)
		if exchange(t, c, t.known()) == "" {
			return c
		}
		if !c.Gone() || trying.Err() != nil {
			return nil
		}
		t.pause(5 * time.Millisecond)
	}
}

// isStopped verifies that the server has stopped: the connection ends without a
// packet, and nobody else is accepted.
func isStopped(t *trial) bool {
	t.step("the connection ends, and no packet comes before; no further connection is accepted, and the port is free")
	event := next.event(t, func() target.Event { return next.conn(t).Ending(t) })
	t.verify("what comes first", event, noPacket, "SRS-037")
	t.verify("the connection", t.end(next.conn(t), event), theEnd, "SRS-006")
	_ = next.conn(t).Close()
	serverIsGone(t)
	return true
}

// serverIsGone verifies that the server accepts no connection any more, and, where
// it runs on this machine, that its port can be had.
func serverIsGone(t *trial) {
	knock := func() string {
		c, err := target.Dial(t, t.server.addr, t.pace, silent)
		switch {
		case errors.Is(err, target.ErrNoAnswer): // somebody listens, and his queue is full
			return "neither accepted nor refused"
		case err != nil:
			return "refused"
		}
		_ = c.Close()
		return "accepted"
	}
	soon(t, "a new connection", knock, is("refused"), "SRS-006", "SRS-038")
	if t.target.Kind == target.Launched || t.rehearses() {
		t.verify("the process, where the suite has launched it", ended(t), hasEnded, "SRS-006")
	}
	if t.target.Kind == target.Address && !t.rehearses() {
		return
	}
	soon(t, "listening at the port, where it is on this machine", func() error { return canListen(t.server.addr) }, noError, "SRS-038")
}

// ended says how the process of the server has ended.
func ended(t *trial) string {
	if t.rehearses() {
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

// launch starts the server as a process, and waits until it can be dialed.
func launch(t *trial) *target.Proc {
	if t.rehearses() {
		return target.NoProc()
	}
	addr := t.target.Addr
	if addr == "" {
		var err error
		addr, err = target.FreeAddr()
		t.haveTo("find a free address", err)
	} else {
		_ = t.target.Server.Stop() // the address is fixed, and the server of the other specs has it
	}
	proc, err := target.Launch(t, t.target.Process, addr, t.pace.Limits().Ready)
	t.haveTo("start a process", err)
	endAfter(t, proc)
	return proc
}

// launchAt starts the server as a process at an address that is taken.
func launchAt(t *trial, addr string) (*target.Proc, error) {
	if t.rehearses() {
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
func endAfter(t *trial, proc *target.Proc) {
	DeferCleanup(func(ctx SpecContext) {
		t.noteEnd(ctx, proc.Kill())
		if output := proc.Output(); output != "" {
			traced{ctx}.note("the process printed:\n" + output)
		}
	})
}

// dialProcess gives a connection to a process that it serves.
func dialProcess(t *trial, proc *target.Proc) *target.Conn {
	if t.rehearses() {
		return target.Nowhere()
	}
	c, problem := t.served(t, proc.Addr(), t.known(), t.log())
	if c == nil {
		t.block("no connection is served: %s", problem)
	}
	t.cleanUp(func(ctx context.Context) { c.Leave(ctx) })
	return c
}

// exits verifies how a process exits. Where processes take long to start, it is
// given more time: the machine may be busy.
func exits(t *trial, proc *target.Proc, startup time.Duration, status expectation) bool {
	limits := t.pace.Limits()
	within := limits.Exit + min(10*startup, limits.Ready).Round(100*time.Millisecond)
	got := fmt.Sprintf("still running after %s", within)
	if code, ok := proc.Exit(within); ok {
		got = fmt.Sprintf("status %d", code)
	}
	return t.verify("how the process ends", got, status)
}

// isFree verifies that a port can be had. The kernel may take a moment to let go of
// a socket that has been closed.
func isFree(t *trial, addr string) {
	GinkgoHelper()
	soon(t, "listening at the port", func() error { return canListen(addr) }, noError)
}

var hasEnded = expected[string]{"it has ended", func(how string) bool { return how != "" }}

// failed expects the end of a process that reports a failure.
var failed = expected[string]{"an exit with another status than 0", func(s string) bool {
	return strings.HasPrefix(s, "status ") && s != "status 0"
}}
