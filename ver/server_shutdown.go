package ver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

var shuttingDown = protocol{
	id: "TP-017", title: "shutdown",
	objective:     "On shutdown the server stops, and leaves nothing behind.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-006: On the command shutdown the server shall close the connection
		// of its client, and shall stop.
		//
		// SRS-037: The server shall not answer shutdown by a packet, and shall
		// drop the commands that follow it in the same segment.
		//
		// SRS-038: On shutdown the server shall release its port.
		{
			title: "stops on shutdown",
			ids:   srs("006", "037", "038"), observe: target.Stop, restarts: true, danger: lastButOne, play: script(
				client.connects, client.leaves,
				next.dials, next.sendsShutdown, next.isStopped,
			),
		},

		{
			title: "drops the commands after shutdown in the same segment",
			ids:   srs("037"), observe: target.Stop, restarts: true, needs: []ability{outlivesDisconnect}, danger: lastButOne, play: script(
				given(client.connects, client.sends("disconnect\nping\nping\n"), client.getsNoPacketAtTheEnd, next.isServed),
				next.connects, next.willStop, next.sends("shutdown\nping\nping\n"), next.getsNoPacketAtTheEnd,
			),
		},

		// SRS-040: On shutdown a client still waiting shall be closed or reset,
		// and shall get no packet.
		//
		// SRS-003: The server shall serve one client at a time: while one is
		// connected, a further one shall get no packet.
		{
			title: "stops on shutdown, and does not answer a client that waits",
			ids:   srs("006", "037", "038", "040", "041", "003"), observe: target.Stop, needs: []ability{pongs, pairs}, danger: shutdown, play: act(shutdownAwaited),
		},
	},
}

// sendsShutdown sends shutdown first thing on a connection. A server that was not
// ready for it, and closed, is told again.
func (c seat) sendsShutdown(t *trial) bool {
	t.step("%s sends shutdown", c)
	t.stopped = true
	_ = c.conn(t).Send("shutdown\n")
	event := c.conn(t).Ending(t.ctx)
	if event == target.Closed && !t.rehearses() {
		if again := t.knockAgain(); again != nil {
			_ = again.Send("shutdown\n")
			c.sit(t, again)
			event = again.Ending(t.ctx)
		}
	}
	t.heard[c] = &event
	return true
}

// willStop notes that the server is about to be told to stop.
func (c seat) willStop(t *trial) bool {
	t.stopped = true
	return true
}

// knockAgain gives a connection that is served where the server is still there.
func (t *trial) knockAgain() *target.Conn {
	trying, cancel := patience.Within(t.ctx, t.pace.Response())
	defer cancel()
	for {
		c, err := target.Dial(t.ctx, t.server.addr, t.pace, t.log())
		if err != nil {
			return nil
		}
		t.open = append(t.open, c)
		if exchange(t.ctx, c, t.known()) == "" {
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
func (c seat) isStopped(t *trial) bool {
	t.step("the connection ends, and no packet comes before; no further connection is accepted, and the port is free")
	event := c.event(t, func() target.Event { return c.conn(t).Ending(t.ctx) })
	t.verify("what comes first", event, noPacket, "SRS-037")
	t.verify("the connection", t.end(c.conn(t), event), theEnd, "SRS-006")
	_ = c.conn(t).Close()
	t.serverIsGone()
	return true
}

// shutdownAwaited shuts the server down while others wait.
func shutdownAwaited(t *trial) {
	t.play(client.connects, second.dials, second.sends("ping\n"))
	waiting := second.conn(t)
	t.stopped = true
	t.play(third.dials, third.sends("shutdown\n"))
	if event := t.listen(waiting); event == target.Closed {
		waiting.Unread(event)
	} else if event != target.Nothing {
		t.block("the second client does not wait: it gets %s", event)
	}
	if !t.play(about(srs("003"), client.getsNoMore), client.sends("ping\nshutdown\n")) {
		return
	}
	t.must("the answer to the command before shutdown", client.conn(t).Receive(t.ctx), packet("pong"), "SRS-041")
	t.play(
		func(t *trial) bool {
			t.step("the connection of the client ends, and no packet comes before")
			event := client.conn(t).Ending(t.ctx)
			t.verify("what comes first", event, noPacket, "SRS-037")
			t.verify("the connection", t.end(client.conn(t), event), theEnd, "SRS-006")
			_ = client.conn(t).Close()
			return true
		},
		about(srs("040"), second.seesTheEnd),
	)
	t.step("no further connection is accepted, and the port is free")
	t.serverIsGone()
}

// serverIsGone verifies that the server accepts no connection any more, and, where
// it runs on this machine, that its port can be had.
func (t *trial) serverIsGone() {
	knock := func() string {
		c, err := target.Dial(t.ctx, t.server.addr, t.pace, silent)
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
		t.verify("the process, where the suite has launched it", t.ended(), hasEnded, "SRS-006")
	}
	if t.target.Kind == target.Address && !t.rehearses() {
		return
	}
	soon(t, "listening at the port, where it is on this machine", func() error { return canListen(t.server.addr) }, noError, "SRS-038")
}

// ended says how the process of the server has ended.
func (t *trial) ended() string {
	if t.rehearses() {
		return ""
	}
	return t.target.Server.Ended(t.pace.Limits().Exit)
}

var hasEnded = expected[string]{"it has ended", func(how string) bool { return how != "" }}

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

var process = protocol{
	id: "TP-018", title: "the process of the server",
	objective: "The process exits with status 0 after shutdown, and fails to start where its port is taken.",
	specs: []spec{
		// SRS-039: On shutdown the process of the server shall exit with status
		// 0.
		{title: "exits with status 0 on shutdown", ids: srs("039"), observe: target.Exit, danger: exiting, play: act(func(t *trial) {
			if exitOnShutdown(t, "shutdown\n", 0) {
				exitOnShutdown(t, "shutdown\n", 2)
			}
		})},

		// SRS-021: A server that cannot have its port shall say so and shall fail
		// to start.
		{title: "fails to start where its port is taken", ids: srs("021"), observe: target.Exit, danger: exiting, play: act(startTwice)},
	},
}

// exitOnShutdown starts the server as a process and shuts it down, while so many
// further clients wait.
func exitOnShutdown(t *trial, data string, waiting int) bool {
	t.step("start the server as a process, and connect; %d further clients wait", waiting)
	proc := t.launch()
	c := t.dialProcess(proc)
	for range waiting {
		if waiter, err := t.dialAt(proc.Addr()); err == nil { // one that was reset at once has no socket
			_ = waiter.Send("ping\n")
		}
	}
	t.pause(t.pace.Limits().Pause) // a server may accept them by now
	if status, ended := proc.Exit(0); ended && !t.rehearses() {
		t.block("the process has ended with status %d before it was told to, though a connection is served: it must stay in the foreground", status)
	}
	t.step("send %q; the process exits with status 0", data)
	_ = c.Send(data)
	well := t.exits(proc, proc.Startup(), is("status 0"))
	_ = c.Close()
	_ = proc.Kill() // a port that it has kept is free for the next one
	return well
}

// startTwice starts the server where another one has its port.
func startTwice(t *trial) {
	t.step("start the server as a process")
	first := t.launch()
	t.step("start a second one for the same address; it says why it fails, and exits with another status than 0")
	second, err := t.launchAt(first.Addr())
	t.haveTo("start a second process", err)
	well := t.exits(second, first.Startup(), failed)
	if _ = second.Kill(); well { // all that it has printed is there then
		t.verify("what it prints", second.Output(), someWords)
	}
	t.step("the first one still serves")
	problem := ""
	if !t.rehearses() {
		problem = t.alive(t.ctx, first.Addr(), t.log())
	}
	t.verify("a connection to the first one", service(problem), served)
}

// launch starts the server as a process, and waits until it can be dialed.
func (t *trial) launch() *target.Proc {
	if t.rehearses() {
		return target.NoProc()
	}
	addr := t.target.Addr
	if addr == "" {
		var err error
		addr, err = target.FreeAddr()
		t.haveTo("find a free address", err)
	} else {
		t.Close() // the address is fixed, and the server of the other specs has it
	}
	proc, err := target.Launch(t.ctx, t.target.Process, addr, t.pace.Limits().Ready)
	t.haveTo("start a process", err)
	t.endAfter(proc)
	return proc
}

// launchAt starts the server as a process at an address that is taken.
func (t *trial) launchAt(addr string) (*target.Proc, error) {
	if t.rehearses() {
		return target.NoProc(), nil
	}
	proc, err := t.target.Process.Launch(addr)
	if err == nil {
		t.endAfter(proc)
	}
	return proc, err
}

// endAfter ends a process after the spec, and notes what it has left behind and
// printed.
func (t *trial) endAfter(proc *target.Proc) {
	DeferCleanup(func(ctx SpecContext) {
		t.noteEnd(ctx, proc.Kill())
		if output := proc.Output(); output != "" {
			traced{ctx}.note("the process printed:\n" + output)
		}
	})
}

// dialProcess gives a connection to a process that it serves.
func (t *trial) dialProcess(proc *target.Proc) *target.Conn {
	if t.rehearses() {
		return target.Nowhere()
	}
	c, problem := t.served(t.ctx, proc.Addr(), t.known(), t.log())
	if c == nil {
		t.block("no connection is served: %s", problem)
	}
	t.cleanUp(func(ctx context.Context) { c.Leave(ctx) })
	return c
}

// failed expects the end of a process that reports a failure.
var failed = expected[string]{"an exit with another status than 0", func(s string) bool {
	return strings.HasPrefix(s, "status ") && s != "status 0"
}}

// exits verifies how a process exits. Where processes take long to start, it is
// given more time: the machine may be busy.
func (t *trial) exits(proc *target.Proc, startup time.Duration, status expectation) bool {
	limits := t.pace.Limits()
	within := limits.Exit + min(10*startup, limits.Ready).Round(100*time.Millisecond)
	got := fmt.Sprintf("still running after %s", within)
	if code, ok := proc.Exit(within); ok {
		got = fmt.Sprintf("status %d", code)
	}
	return t.verify("how the process ends", got, status)
}
