package ver

import (
	"fmt"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

var basicServer = protocol{
	id: "TP-001", title: "basic server",
	objective:     "The server is there, answers, and says nothing of its own accord.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-020: The server shall accept TCP connections at its configured
		// address and port, and shall answer its commands there.
		{title: "accepts a connection at its address and answers there", ids: srs("020"), play: script(
			client.comes,
			times(2, client.isAnswered),
			given(client.hears(nothing)),
		)},

		// SRS-019: The server shall send no packet that no command asked for.
		{title: "sends nothing that no command asked for", ids: srs("019"), play: script(
			client.connects, client.hears(nothing),
			client.getsNoMore, client.hears(nothing),
			client.sends("ping\n"), client.getsWhatever, client.hears(nothing),
		)},

		{title: "sends nothing to a client that has not sent anything yet", ids: srs("019"), play: script(
			client.visits,
			next.beginsWith(""), next.hears(nothing), next.hears(nothing),
			given(next.getsNoMore), next.hears(nothing),
		)},
	},
}

// visits has a client come and leave by disconnect, whatever becomes of it.
func (c seat) visits(t *trial) bool {
	t.step("%s connects, sends a command and leaves by disconnect", c)
	_ = t.visit()
	return true
}

// isAnswered verifies that a command is answered at all. That the answer is another
// one is the subject of other requirements.
func (c seat) isAnswered(t *trial) bool {
	t.step("%s sends a command; it is answered", c)
	_ = c.conn(t).Send(t.known().Send + "\n")
	for _, want := range t.known().Expect {
		event := c.conn(t).Receive(t.ctx)
		if _, answered := event.IsPacket(); answered && !want.Matches(event) {
			t.block("%q is answered, but by %s instead of %s", t.known().Send, event, want)
		}
		if !t.verify("the answer", event, response(want)) {
			return false
		}
	}
	return true
}

// getsWhatever receives what a command is answered, whatever that is.
func (c seat) getsWhatever(t *trial) bool {
	_ = c.conn(t).Receive(t.ctx)
	return true
}

var commonCommands = protocol{
	id: "TP-002", title: "common commands",
	objective:     "The predefined commands ping and disconnect do what they shall; the commands of the application are answered.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-004: The server shall answer the command ping with the one packet
		// pong.
		{title: "answers ping with pong", ids: srs("004"), play: script(
			client.comes,
			times(3, client.sends("ping\n"), client.gets("pong")),
			client.getsNoMore, client.hears(nothing),
		)},

		// SRS-050: The server shall handle any number of commands on one
		// connection.
		{title: "answers thousands of commands on one connection", ids: srs("050"), danger: lengthy, play: script(
			client.connects, client.asksAgainAndAgain, client.getsNoMore, client.hears(nothing),
		)},

		{
			title: "answers more pings than 16 bits can count, sent before the answers are read",
			ids:   srs("050"), needs: []ability{pongs, pairs}, danger: lengthy, play: script(
				client.connects, client.pipelinesPings, client.getsNoMore, client.hears(nothing),
			),
		},

		// SRS-005: On the command disconnect the server shall close the
		// connection of its client, and shall go on serving others.
		//
		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		{title: "closes the connection on disconnect", ids: srs("005", "036"), play: script(
			times(2,
				client.connects,
				client.sends("disconnect\n"), client.isDisconnected("SRS-005", "SRS-036"),
				about(srs("005"), next.isServed)),
		)},

		{title: "closes the connection on disconnect as the first command", ids: srs("005", "036"), play: script(
			client.connects, client.leaves,
			next.dials, next.sends("disconnect\n"), next.isDisconnected("SRS-005", "SRS-036"),
			about(srs("005"), next.isServed),
		)},

		{
			title: "drops the commands after disconnect in the same segment",
			ids:   srs("036"), needs: []ability{outlivesDisconnect}, play: script(
				client.connects,
				client.sends("disconnect\nping\nping\n"), client.getsNoPacketAtTheEnd,
				given(next.isServed), next.isServed,
			),
		},

		// SRS-041: A client whose connection the server closes shall get the
		// responses due before, and shall then see the connection end.
		{
			title: "sends the responses due before it closes",
			ids:   srs("041"), needs: []ability{pongs, pairs, closesOnDisconnect}, play: script(
				client.connects,
				client.sends("ping\nping\ndisconnect\n"), client.gets("pong", "pong"), client.endsAfterAll,
			),
		},

		{
			title: "sends hundreds of responses due before it closes",
			ids:   srs("041"), needs: []ability{pongs, closesOnDisconnect}, danger: lengthy, play: act(hundredsDue),
		},

		{
			title: "sends all responses to a client that reads late",
			ids:   srs("018"), app: []part{echo, maxPacket}, needs: []ability{pairs}, danger: lengthy, play: act(readLate),
		},

		// SRS-047: The sample application shall answer cmd01 with ack, and any
		// other command with nak - unknown cmd.
		{title: "answers the commands of the sample application", ids: srs("047"), app: []part{sample}, play: act(func(t *trial) {
			unknown := []string{"junk", "cmd02", "CMD01", "cmd01 "}
			if t.target.Can(target.API) { // how far count goes is the reference's own affair
				unknown = append(unknown, "count 0", "count 1001")
			}
			t.play(
				client.comes,
				client.sends("cmd01\n"), client.gets("ack"),
				each(unknown, func(command string) step {
					return client.asks(target.Dialogue{Send: command, Expect: []target.Response{target.Text("nak - unknown cmd")}})
				}),
				client.sends("cmd01\n"), client.gets("ack"),
				client.getsNoMore,
			)
		})},

		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		{title: "answers the commands of the application as its profile says", ids: srs("008"), app: []part{commands}, play: act(func(t *trial) {
			commands := t.singles()
			if len(commands) == 0 {
				commands = t.target.Profile.Commands
			}
			t.play(client.connects, client.asksEach(commands))
		})},

		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		{
			title: "sends every response of a command as its profile says",
			ids:   srs("018"), app: []part{commands}, needs: []ability{pairs}, play: act(func(t *trial) {
				commands, single := t.several(), t.sound(t.singles())
				if len(commands) == 0 {
					commands = single
				} else if len(single) == 0 && len(t.singles()) > 0 {
					t.block("no command of the profile with one response is answered by it")
				}
				if len(commands) == 0 {
					t.block("no command of the profile is answered as it says")
				}
				t.play(client.connects, client.asksEach(commands))
			}),
		},
	},
}

// asksEach sends commands one by one, each with one after it that shows that
// nothing more was answered.
func (c seat) asksEach(dialogues []target.Dialogue) step {
	return each(dialogues, func(d target.Dialogue) step {
		return func(t *trial) bool { return t.play(c.asks(d), c.getsNoMore) }
	})
}

const manyAsked, manyPings = 3000, 66_000 // pings: more than 16 bits can count

// asksAgainAndAgain sends a command thousands of times, one at a time.
func (c seat) asksAgainAndAgain(t *trial) bool {
	d, problem := t.known(), ""
	t.step("%s sends a command and receives its answer, up to %d times", c, manyAsked)
	done := t.repeat(manyAsked, func(int) bool {
		problem = t.exchange(c.conn(t), d)
		return problem == ""
	})
	return t.verify(t.counted("command number %d", done), service(problem), served)
}

// counted says how often something was done. A rehearsal does not know.
func (t *trial) counted(format string, n int) string {
	if t.rehearses() {
		return strings.Replace(format, "number %d", "of the last number", 1)
	}
	return fmt.Sprintf(format, n)
}

// pipelinesPings sends hundreds of pings at once, again and again.
func (c seat) pipelinesPings(t *trial) bool {
	t.step("%s sends hundreds of pings at once and receives as many pongs, again and again, up to %d on a fast server", c, manyPings)
	batch := t.many(600)
	wrong, done := target.Packet("pong"), 0
	t.repeat((manyPings+batch-1)/batch, func(int) bool {
		_ = c.conn(t).Send(strings.Repeat("ping\n", batch))
		for i := 0; i < batch && wrong == target.Packet("pong"); i++ {
			wrong = c.conn(t).Receive(t.ctx)
			done++
		}
		return wrong == target.Packet("pong")
	})
	return t.verify(t.counted("answer to ping number %d", done), wrong, packet("pong"))
}

// getsNoPacketAtTheEnd verifies that no packet comes before the connection ends.
func (c seat) getsNoPacketAtTheEnd(t *trial) bool {
	t.step("%s gets no packet", c)
	t.verify("what comes first", c.conn(t).Ending(t.ctx), noPacket)
	_ = c.conn(t).Close()
	return true
}

// hundredsDue verifies that hundreds of answers come before the connection ends,
// which come without disconnect, too.
func hundredsDue(t *trial) {
	n := t.many(250)
	pongs := func(c *target.Conn) (last target.Event, got int) {
		last = target.Packet("pong")
		for ; got < n && last == target.Packet("pong"); got++ {
			last = c.Receive(t.ctx)
		}
		return last, got
	}
	t.step("send hundreds of pings at once; as many pongs come")
	c := t.connect()
	_ = c.Send(strings.Repeat("ping\n", n))
	last, got := pongs(c)
	t.require(t.counted("answer number %d without disconnect", got), last, packet("pong"))
	c.Leave(t.ctx)
	t.step("send as many, and disconnect at once; as many pongs come, then the end")
	c = t.connect()
	_ = c.Send(strings.Repeat("ping\n", n) + "disconnect\n")
	last, got = pongs(c)
	t.verify(t.counted("answer number %d", got), last, packet("pong"))
	t.verify("the connection", t.end(c, c.Ending(t.ctx)), theEnd)
}

const lateBytes = 8 << 20 // more than the buffers of a connection hold

// readLate verifies that answers come whole to a client that has not read for a
// while. A server that takes its time for every byte is sent fewer.
func readLate(t *trial) {
	c := t.connect()
	d := t.echo(t.fit(pattern(50_000)))
	n := t.takes(c, d, lateBytes/len(d.Send)+1)
	half, command := len(d.Send)/2, d.Send+"\n"
	_ = c.SendSegments(t.ctx, command[:half], command[half:])
	t.require("answer to a long command in two segments", c.Receive(t.ctx), response(d.Expect[0]))
	t.step("send a long text to be echoed, again and again, until the server takes no more, and read nothing for %s", t.pace.Limits().Stall)
	taken := c.Push(strings.Repeat(command, n), t.pace.Quiet())
	t.pause(t.pace.Limits().Stall)
	t.step("read; all answers come, and then those to what is sent after that")
	answered := func() bool { return t.verify("each answer", c.Receive(t.ctx), response(d.Expect[0])) }
	whole := taken / len(command)
	if t.rehearses() {
		whole = 1
	}
	for range whole {
		if !answered() {
			return
		}
	}
	if rest := taken % len(command); rest > 0 {
		_ = c.Send(command[rest:])
		answered()
	}
	t.noMore(c)
}

// takes gives how often a long command can be sent in the time of a repetition.
func (t *trial) takes(c *target.Conn, d target.Dialogue, most int) int {
	n := 0
	for tries := 3; tries > 0 && n < most; tries-- { // one may be slow by accident
		began := time.Now()
		t.obeys(c, d)
		took := time.Since(began)
		n = min(most, max(n, int(t.pace.Limits().Loop/took)+1))
		if took > t.pace.Limits().Loop/4 || t.rehearses() {
			break
		}
	}
	return n
}

// obeys makes sure that a command is answered by its responses and by nothing else,
// as a precondition.
func (t *trial) obeys(c *target.Conn, d target.Dialogue) {
	before := t.given
	t.given = true
	defer func() { t.given = before }()
	if t.asks(c, d) {
		t.noMore(c)
	}
}

// obeys is the same for a client of a script.
func (c seat) obeys(d target.Dialogue) step {
	return func(t *trial) bool {
		t.obeys(c.conn(t), d)
		return true
	}
}
