package ver

import (
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var shuttingDown = play.Protocol{
	ID: "TP-017", Title: "shutdown",
	Objective:     "On shutdown the server stops, and leaves nothing behind.",
	Preconditions: onTheWire,
	Observe:       target.Stop,
	Specs: []play.Spec{
		// SRS-006: On the command shutdown the server shall close the connection
		// of its client, and shall stop.
		//
		// SRS-037: The server shall not answer shutdown by a packet, and shall
		// drop the commands that follow it in the same segment.
		//
		// SRS-038: On shutdown the server shall release its port.
		{Title: "stops on shutdown", IDs: srs("006", "037", "038"), Phase: play.LastButOne, Play: play.Script(
			client.Connects, client.Leaves,
			next.ConnectsSilently, next.Sends("shutdown\n"), next.IsClosedSilently(play.EndIDs{Closed: "SRS-006", Silent: "SRS-037"}), play.ServerIsGone,
		)},

		{
			Title: "ignores the commands that follow shutdown in the same segment",
			IDs:   srs("037"),
			Needs: play.OutlivesDisconnect,
			Phase: play.LastButOne,
			Play: play.Script(
				play.Given(client.Connects, client.Sends("disconnect\nping\nping\n"), client.GetsNoPacket, next.IsServed),
				next.Connects, next.Sends("shutdown\nping\nping\n"), next.GetsNoPacket,
			),
		},

		{
			Title: "stops on shutdown, though the client closes at once",
			IDs:   srs("006", "038"),
			Needs: play.SurvivesClose | play.SurvivesHalfClose,
			Phase: play.LastButOne,
			Play:  play.Script(stopsThough(client.Closes)),
		},

		{
			Title: "stops on shutdown, though the client closes its sending side at once",
			IDs:   srs("006", "038"),
			Needs: play.SurvivesHalfClose,
			Phase: play.LastButOne,
			Play:  play.Script(stopsThough(client.ClosesHalf)),
		},

		// SRS-040: On shutdown a client still waiting shall be closed or reset,
		// and shall get no packet.
		//
		// SRS-003: The server shall serve one client at a time: while one is
		// connected, a further one shall get no packet.
		{
			Title: "stops on shutdown, and does not answer a client that waits",
			IDs:   srs("006", "037", "038", "040", "041", "003"),
			Needs: play.Pongs | play.AnswersPairs,
			Phase: play.Shutdown,
			Play:  play.Func(shutdownAwaited),
		},
	},
}

// stopsThough has the client leave in a way behind shutdown: not by a reset, which may destroy
// the command before the server has read it. That a command counts whose client leaves at
// once is the subject of SRS-033.
func stopsThough(way play.Step) play.Step {
	return play.Steps(
		play.Given(client.Connects, client.Sends("ping\n"), client.ClosesHalf, client.Gets("pong")),
		client.Connects, client.Sends("shutdown\n"), way, play.ServerIsGone,
	)
}

// shutdownAwaited shuts the server down while others wait.
func shutdownAwaited(t *play.Trial) {
	t.Play(client.Connects, second.Dials, second.Sends("ping\n"))
	waiting := second.Conn(t)
	t.Play(third.Dials, third.Sends("shutdown\n")) // not to be obeyed while the first one is served
	if event := waiting.Listen(t); event == target.Closed {
		waiting.PutBack(event) // SeesTheEnd is to see it
	} else if event != target.Nothing {
		t.Block("the second client does not wait: it gets %s", event)
	}
	if !t.Play(play.About(srs("003"), client.GetsNothingElse), client.Sends("ping\nshutdown\n")) {
		return
	}
	t.Must("the answer to the command before shutdown", client.Conn(t).Receive(t), play.Packet("pong"), "SRS-041")
	t.Play(client.IsClosedSilently(play.EndIDs{Closed: "SRS-006", Silent: "SRS-037"}), play.About(srs("040"), second.SeesTheEnd), play.ServerIsGone)
}

var process = play.Protocol{
	ID: "TP-018", Title: "the process of the server",
	Objective: "The process exits with status 0 after shutdown, and fails to start where its port is taken.",
	Observe:   target.Exit,
	Specs: []play.Spec{
		// SRS-039: On shutdown the process of the server shall exit with status
		// 0.
		{
			Title: "exits with status 0 on shutdown",
			IDs:   srs("039"),
			Phase: play.Exiting,
			Play: play.Func(func(t *play.Trial) {
				if exitsOnShutdown(t, alone) {
					exitsOnShutdown(t, withTwoWaiting)
				}
			}),
		},

		{
			Title: "exits with status 0 on shutdown, whatever its clients did before",
			IDs:   srs("039"),
			Phase: play.Exiting,
			Play:  play.Func(exitAfterTrouble),
		},

		// SRS-021: A server that cannot have its port shall say so and shall fail
		// to start.
		{
			Title: "fails to start where its port is taken",
			IDs:   srs("021"),
			Phase: play.Exiting,
			Play:  play.Func(startTwice),
		},
	},
}

// How many clients wait when the server is shut down.
const alone, withTwoWaiting = 0, 2

// exitsOnShutdown starts the server as a process and shuts it down, while so many
// further clients wait.
func exitsOnShutdown(t *play.Trial, waiting int) bool {
	t.Step("start the server as a process, and connect; %d further clients wait", waiting)
	proc := play.Launch(t)
	return exitsWell(t, proc, play.DialProcess(t, proc), waiting)
}

// exitAfterTrouble shuts a server down that has answered commands which are no good, and
// whose clients have closed and reset their connections.
func exitAfterTrouble(t *play.Trial) {
	t.Step("start the server as a process; clients send an unknown, an invalid and an over-long command and leave by disconnect, close and reset; the next one is served")
	proc := play.Launch(t)
	trouble := "no such command\n\xff\n"
	if play.MaxPacket.StatedBy(t.Profile()) {
		trouble += filler(t.Profile().MaxPacket+1000) + "\n"
	}
	for _, leaves := range []func(*target.Conn){
		func(c *target.Conn) { c.Disconnect(t) },
		func(c *target.Conn) { _ = c.Close() },
		func(c *target.Conn) { _ = c.Reset() },
	} {
		c := play.DialProcess(t, proc)
		_ = c.Send(trouble)
		_ = c.Listen(t) // a reset may destroy what has not been read
		leaves(c)
	}
	exitsWell(t, proc, play.DialProcess(t, proc), alone)
}

// exitsWell verifies that a process that serves a client exits with status 0 when that
// sends shutdown, while so many further clients wait.
func exitsWell(t *play.Trial, proc *target.Proc, c *target.Conn, waiting int) bool {
	for range waiting {
		if waiter, err := play.DialAt(t, proc.Addr()); err == nil { // one that was reset at once has no socket
			_ = waiter.Send("ping\n")
		}
	}
	target.Pause(t, t.Pace.Limits.Pause) // a server may accept them by now
	if status, ended := proc.Exit(0); ended && !t.Rehearses() {
		t.Block("the process has ended with status %d before it was told to, though a connection is served: it must stay in the foreground", status)
	}
	t.Step("send %q; the process exits with status 0", "shutdown\n")
	_ = c.Send("shutdown\n")
	well := play.Exits(t, proc, proc.Startup(), play.Is("status 0"))
	_ = c.Close()
	_ = proc.Kill() // a port that it has kept is free for the next one
	return well
}

// startTwice starts the server where another one has its port.
func startTwice(t *play.Trial) {
	t.Step("start the server as a process")
	first := play.Launch(t)
	if status, ended := first.Exit(2 * t.Pace.Quiet()); ended && !t.Rehearses() {
		t.Block("the process has ended with status %d once it had served its first client", status)
	}
	t.Step("start a second one for the same address; it says why it fails, and exits with another status than 0")
	second, err := play.LaunchAt(t, first.Addr())
	t.BlockOn("start a second process", err)
	well := play.Exits(t, second, first.Startup(), play.Failed)
	if _ = second.Kill(); well { // all that it has printed is there then
		t.Verify("what it prints", second.Output(), play.SomeWords)
	}
	t.Step("the first one still serves")
	t.Verify("a connection to the first one", play.Service(t.NotServedAt(first.Addr())), play.Served)
}
