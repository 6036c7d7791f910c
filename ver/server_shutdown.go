package ver

import (
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
				next.dials, sendsShutdown, isStopped,
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

// shutdownAwaited shuts the server down while others wait.
func shutdownAwaited(t *trial) {
	t.play(client.connects, second.dials, second.sends("ping\n"))
	waiting := second.conn(t)
	t.willStop()
	t.play(third.dials, third.sends("shutdown\n"))
	if event := t.listen(waiting); event == target.Closed {
		waiting.Unread(event)
	} else if event != target.Nothing {
		t.block("the second client does not wait: it gets %s", event)
	}
	if !t.play(about(srs("003"), client.getsNoMore), client.sends("ping\nshutdown\n")) {
		return
	}
	t.must("the answer to the command before shutdown", client.conn(t).Receive(t), packet("pong"), "SRS-041")
	t.play(
		func(t *trial) bool {
			t.step("the connection of the client ends, and no packet comes before")
			event := client.conn(t).Ending(t)
			t.verify("what comes first", event, noPacket, "SRS-037")
			t.verify("the connection", t.end(client.conn(t), event), theEnd, "SRS-006")
			_ = client.conn(t).Close()
			return true
		},
		about(srs("040"), second.seesTheEnd),
	)
	t.step("no further connection is accepted, and the port is free")
	serverIsGone(t)
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
	proc := launch(t)
	c := dialProcess(t, proc)
	for range waiting {
		if waiter, err := dialAt(t, proc.Addr()); err == nil { // one that was reset at once has no socket
			_ = waiter.Send("ping\n")
		}
	}
	t.pause(t.Pace().Limits().Pause) // a server may accept them by now
	if status, ended := proc.Exit(0); ended && !t.rehearses() {
		t.block("the process has ended with status %d before it was told to, though a connection is served: it must stay in the foreground", status)
	}
	t.step("send %q; the process exits with status 0", data)
	_ = c.Send(data)
	well := exits(t, proc, proc.Startup(), is("status 0"))
	_ = c.Close()
	_ = proc.Kill() // a port that it has kept is free for the next one
	return well
}

// startTwice starts the server where another one has its port.
func startTwice(t *trial) {
	t.step("start the server as a process")
	first := launch(t)
	t.step("start a second one for the same address; it says why it fails, and exits with another status than 0")
	second, err := launchAt(t, first.Addr())
	t.haveTo("start a second process", err)
	well := exits(t, second, first.Startup(), failed)
	if _ = second.Kill(); well { // all that it has printed is there then
		t.verify("what it prints", second.Output(), someWords)
	}
	t.step("the first one still serves")
	t.verify("a connection to the first one", service(t.notServedAt(first.Addr())), served)
}
