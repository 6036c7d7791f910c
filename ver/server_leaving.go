package ver

import (
	"fmt"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

var leaving = protocol{
	id: "TP-016", title: "leaving without disconnect",
	objective:     "However a client leaves, the next one is served, and gets nothing of its predecessor's.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-032: When its client closes the connection without disconnect, the
		// server shall serve the next one.
		{title: "serves the next client after a close", ids: srs("032"), needs: []ability{servesTheNext}, danger: closing, play: act(leaves(readsAll, client.closes))},

		// SRS-033: When its client closes its sending side only, the server shall
		// send the responses already due, and shall then serve the next client.
		{
			title: "sends the responses due after a half-close",
			ids:   srs("033"), needs: []ability{pongs, pairs}, danger: halfClosing, play: script(
				client.connects,
				client.sends("ping\nping\n"), client.closesHalf,
				client.gets("pong", "pong"), client.seesTheEnd,
				next.isServed,
			),
		},

		{title: "serves the next client after a half-close, though the first stays", ids: srs("033"), danger: halfClosing, play: script(
			times(3, client.connects, client.closesHalf, next.isServed, client.closes),
		)},

		// SRS-034: When its client resets the connection, the server shall serve
		// the next one.
		{title: "serves the next client after a reset", ids: srs("034"), needs: []ability{servesTheNext}, danger: resetting, play: act(leaves(readsNothing, client.resets))},

		{
			title: "serves the next client after one that closed without reading its answers",
			ids:   srs("032"), needs: []ability{pongs, servesTheNext, survivesReset}, danger: leavingEarly, play: act(leavesUnread(client.closes)),
		},
		{
			title: "serves the next client after one that reset without reading its answers",
			ids:   srs("034"), needs: []ability{pongs, servesTheNext}, danger: leavingEarly, play: act(leavesUnread(client.resets)),
		},
		{
			title: "sends hundreds of responses due after a half-close",
			ids:   srs("033"), needs: []ability{pongs, pairs, survivesHalfClose}, danger: leavingEarly, play: act(func(t *trial) {
				n := t.many(manyUnread)
				answersMany(t, n)
				t.play(client.connects, say("the client sends hundreds of pings at once, and closes its sending side; as many pongs come, then the end",
					client.sends(strings.Repeat("ping\n", n)), client.closesHalf))
				event, got := receivePongs(t, client.conn(t), n)
				t.verify(counted(t, "answer number %d", got), event, packet("pong"))
				t.play(client.seesTheEnd, next.isServed)
			}),
		},
		{
			title: "sends more than a connection holds after a half-close, to a client that reads late",
			ids:   srs("033"), app: []part{echo, maxPacket}, needs: []ability{pairs, survivesHalfClose}, danger: leavingEarly,
			play: act(leaveReadingLate("", func(c *target.Conn) { _ = c.CloseWrite() })),
		},

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		{
			title: "does not run a packet that was not ended",
			ids:   srs("035"), needs: []ability{pongs, survivesHalfClose}, danger: halfClosing, play: script(
				client.connects,
				client.sends("ping"), client.closesHalf, client.seesTheEnd, next.isServed,
				client.connects,
				client.sends("ping\nping"), client.closesHalf, given(client.gets("pong")), client.seesTheEnd, next.isServed,
			),
		},

		{
			title: "does not put an unfinished packet before the next client's",
			ids:   srs("035"), needs: []ability{pongs, outlivesDisconnect, survivesClose, survivesHalfClose, survivesReset}, danger: resetting, play: script(
				leavesHalf("pi", client.closes),
				leavesHalf("pi", client.closesHalf),
				leavesHalf("pi", client.resets),
				leavesHalf("disconnect\npi", client.seesAnyEnd),
			),
		},

		{
			title: "forgets that an unfinished packet was invalid",
			ids:   srs("035"), needs: []ability{survivesClose, survivesHalfClose, survivesReset}, danger: notASCII, play: act(leavesAnyway("\xff")),
		},

		{
			title: "forgets an over-long packet that was not ended",
			ids:   srs("035"), app: []part{maxPacket}, needs: []ability{survivesClose, survivesHalfClose, survivesReset}, danger: overLong, play: act(func(t *trial) {
				leavesAnyway(long(t.Profile().MaxPacket + 1000))(t)
			}),
		},

		{
			title: "does not run a shutdown that was not ended",
			ids:   srs("035"), observe: target.Stop, needs: []ability{survivesHalfClose}, danger: nearShutdown, play: script(
				client.connects, client.sends("shutdown"), client.closesHalf, client.seesAnyEnd,
				next.isServed,
			),
		},
	},
}

// readsAll receives pongs, so that a close is no reset on the wire; readsNothing
// receives none.
func readsAll(pongs int) step {
	return func(t *trial) bool {
		for range pongs {
			_ = client.conn(t).Receive(t)
		}
		return true
	}
}

func readsNothing(int) step { return func(*trial) bool { return true } }

// leaves has a client leave in a way: idle, after commands, and many times over.
// Unfinished packets are SRS-035.
func leaves(reads func(pongs int) step, way step) func(*trial) {
	return func(t *trial) {
		t.play(
			client.dials, wait(t.Pace().Limits().Pause), way, next.isServed, // the server may have accepted it by then
			each([]string{"", "ping\n", "ping\nping\n"}, func(sent string) step {
				return func(t *trial) bool {
					return t.play(client.connects, client.sends(sent), reads(strings.Count(sent, "\n")), way, next.isServed)
				}
			}),
			leavesOften(way), next.isServed,
		)
	}
}

const manyUnread = 300

// leavesUnread has a client leave in a way before its answers have come or were read:
// one, two, hundreds, and more than the server can send, as nobody reads.
func leavesUnread(way step) func(*trial) {
	return func(t *trial) {
		pings := strings.Repeat("ping\n", t.many(manyUnread))
		t.play(
			// What follows may end within a packet.
			given(client.connects, client.sends("pi"), wait(t.Pace().Limits().Pause), way, next.isServed),
			leavesBehind("ping\n", 0, way), leavesBehind("ping\nping\n", 0, way),
			leavesBehind("ping\nping\n", t.Pace().Limits().Pause, way),
			say("a client sends hundreds of pings and leaves in the same way, at once, and after a moment; the next one is served",
				times(5, leavesBehind(pings, 0, way)), leavesBehind(pings, t.Pace().Limits().Pause, way)),
			client.connects, sendsUntilFull, way, next.isServed, next.isServed,
		)
	}
}

// leavesBehind has a client leave, so long after it has sent something.
func leavesBehind(sent string, after time.Duration, way step) step {
	return func(t *trial) bool {
		return t.play(client.connects, client.sends(sent), wait(after), way, next.isServed, next.isServed)
	}
}

// sendsUntilFull sends pings until the server takes no more, because its answers are
// not read, or for a while.
func sendsUntilFull(t *trial) bool {
	t.step("%s sends pings and reads nothing, until the server takes no more, or for %s", client, t.Pace().Limits().Quiet)
	_ = client.conn(t).Push(strings.Repeat("ping\n", lateBytes/len("ping\n")), t.Pace().Limits().Quiet)
	return true
}

const manyLeaving = 100

// leavesOften has many clients leave in a way. Where one is not served, a server
// that serves no more than so many clients at all is not blamed: that is SRS-049.
func leavesOften(way step) step {
	return say(fmt.Sprintf("a client connects, is served and leaves in the same way, up to %d times; the next one is served", manyLeaving), func(t *trial) bool {
		problem := ""
		done := t.repeat(manyLeaving, func(int) bool {
			var c *target.Conn
			if c, problem = t.arrive(silent); c != nil {
				client.sit(t, c)
				way(t)
			}
			return problem == ""
		})
		if problem != "" {
			outlasts(t, done)
		}
		return t.verify(counted(t, "the connection of client number %d", done), service(problem), served)
	})
}

// outlasts makes sure that a fresh server serves as many clients as another one
// has failed after, if they leave by disconnect, as a precondition.
func outlasts(t *trial, clients int) {
	if !t.Target().Server.Fresh() {
		return
	}
	t.require("a fresh server starts", t.startFresh(), noError)
	for i := range clients + 20 {
		if problem := t.visit(); problem != "" {
			_ = t.startFresh() // this one is not what the spec leaves
			t.block("client number %d is not served, though all before have left by disconnect: %s", i+1, problem)
		}
	}
}

// leavesHalf has a client leave with half a packet: the next one sends the other
// half, and it is no ping.
func leavesHalf(sent string, way step) step {
	return func(t *trial) bool {
		t.play(client.connects)
		strict := otherwise.statedBy(t.Profile()) && len(*t.Profile().Otherwise) > 0 &&
			t.obeyed(client.conn(t), target.Dialogue{Send: "ng", Expect: *t.Profile().Otherwise})
		t.play(client.sends(sent), way)
		if strict {
			t.play(next.beginsWith("ng\n"), next.getsAll(*t.Profile().Otherwise), next.getsNoMore)
		} else {
			t.play(next.beginsWith("ng\nping\n"), next.getsOnePong("after the rest of a command and one ping"))
		}
		return t.play(next.leaves, client.closes)
	}
}

// leavesAnyway has clients leave in all ways without disconnect, with a packet that
// is not ended. The pause is for a reset, which may destroy what has not been read.
func leavesAnyway(sent string) func(*trial) {
	return func(t *trial) {
		t.play(each([]step{client.closes, client.closesHalf, client.resets}, func(way step) step {
			return func(t *trial) bool {
				return t.play(client.connects, client.sends(sent), wait(t.Pace().Limits().Pause), way, next.isServed, client.closes)
			}
		}))
	}
}
