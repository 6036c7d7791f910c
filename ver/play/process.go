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
	"github.com/socket-oneline/oneline/ver/target"
)

// ServerIsGone verifies that the server accepts no connection any more, and, where
// it runs on this machine, that its port can be had.
func ServerIsGone(t *Trial) bool {
	t.Step("no further connection is accepted, and the port is free")
	knock := func() string {
		c, err := target.Dial(t, t.addr, target.Usual, t.Pace, Silent)
		switch {
		case errors.Is(err, target.ErrNoAnswer): // somebody listens, and his queue is full
			return "neither accepted nor refused"
		case err != nil:
			return "refused"
		}
		_ = c.Close()
		return "accepted"
	}
	refused := Soon(t, "a new connection", knock, Is("refused"), "SRS-006", "SRS-038")
	if t.Target.Kind == target.Launched || t.Rehearses() {
		t.Verify("the process, where the suite has launched it", ended(t, refused), hasEnded, "SRS-006")
	}
	if t.Target.Kind != target.Address || t.Rehearses() {
		t.Verify("listening at the port, where it is on this machine", isFree(t, t.addr, refused), NoError, "SRS-038")
	}
	return true
}

// ended says how the process of the server has ended. A server that still takes
// connections has had its time, and is not waited for.
func ended(t *Trial, waits bool) string {
	switch {
	case t.Rehearses():
		return ""
	case waits:
		return t.Target.Server.Ended(t.Pace.Limits.Exit)
	}
	return t.Target.Server.Ended(0)
}

// isFree says why a port cannot be had. The kernel may take a moment to let go of a socket
// that has been closed.
func isFree(t *Trial, addr string, waits bool) error {
	if !waits {
		return canListen(addr)
	}
	return Eventually(t, func() error { return canListen(addr) }, NoError)
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
	addr := t.Target.Addr
	if addr == "" {
		var err error
		addr, err = target.FreeAddr()
		t.BlockOn("find a free address", err)
	} else {
		_ = t.Target.Server.Stop() // the address is fixed, and the server of the other specs has it
	}
	proc, err := target.Launch(t, t.Target.Process, addr, t.Pace.Limits.Ready)
	t.BlockOn("start a process", err)
	endAfter(t, proc)
	return proc
}

// LaunchAt starts the server as a process at an address that is taken.
func LaunchAt(t *Trial, addr string) (*target.Proc, error) {
	if t.Rehearses() {
		return target.NoProc(), nil
	}
	proc, err := t.Target.Process.Launch(addr)
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
	c, problem := t.served(t, proc.Addr(), target.Usual, t.Known(), t.Log())
	if c == nil {
		t.Block("no connection is served: %s", problem)
	}
	t.CleanUp(func(ctx context.Context) { c.Leave(ctx) })
	return c
}

// Exits verifies how a process exits. Where processes take long to start, it is
// given more time: the machine may be busy.
func Exits(t *Trial, proc *target.Proc, startup time.Duration, status Expectation) bool {
	limits := t.Pace.Limits
	within := limits.Exit + min(10*startup, limits.Ready).Round(100*time.Millisecond)
	got := fmt.Sprintf("still running after %s", within)
	if code, ok := proc.Exit(within); ok {
		got = fmt.Sprintf("status %d", code)
	}
	return t.Verify("how the process ends", got, status)
}

// IsFree verifies that a port can be had.
func IsFree(t *Trial, addr string) {
	t.Verify("listening at the port", isFree(t, addr, true), NoError)
}

var hasEnded = Expected[string]{"it has ended", func(how string) bool { return how != "" }}

// Failed expects the end of a process that reports a failure.
var Failed = Expected[string]{"an exit with another status than 0", func(s string) bool {
	return strings.HasPrefix(s, "status ") && s != "status 0"
}}
