package ver

import (
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
			times(2, isAnswered),
			given(client.hears(nothing)),
		)},

		// SRS-019: The server shall send no packet that no command asked for.
		{title: "sends nothing that no command asked for", ids: srs("019"), play: script(
			client.connects, client.hears(nothing),
			client.getsNoMore, client.hears(nothing),
			client.sends("ping\n"), client.getsWhatever, client.hears(nothing),
		)},

		{title: "sends nothing to a client that has not sent anything yet", ids: srs("019"), play: script(
			visits,
			next.beginsWith(""), next.hears(nothing), next.hears(nothing),
			given(next.getsNoMore), next.hears(nothing),
		)},

		{title: "sends nothing to a client that is idle for a while", ids: srs("019"), play: script(
			client.dials, client.sends("ping\n"), client.getsWhatever, idles,
		)},
	},
}

// visits has a client come and leave by disconnect, whatever becomes of it.
func visits(t *trial) bool {
	t.step("%s connects, sends a command and leaves by disconnect", client)
	_ = t.visit()
	return true
}

// isAnswered verifies that a command is answered at all. That the answer is another
// one is the subject of other requirements.
func isAnswered(t *trial) bool {
	t.step("%s sends a command; it is answered", client)
	_ = client.conn(t).Send(t.known().Send + "\n")
	for _, want := range t.known().Expect {
		event := client.conn(t).Receive(t)
		if _, answered := event.IsPacket(); answered && !want.Matches(event) {
			t.block("%q is answered, but by %s instead of %s", t.known().Send, event, want)
		}
		if !t.verify("the answer", event, response(want)) {
			return false
		}
	}
	return true
}

// idles verifies that nothing comes to a client that is idle.
func idles(t *trial) bool {
	idle := t.Pace().Limits().Stall + t.Pace().Quiet()
	t.step("%s is idle for a while; nothing comes", client)
	return t.verify("what comes to an idle client", client.conn(t).Wait(t, idle), nothing)
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
			client.connects, asksAgainAndAgain, client.getsNoMore, client.hears(nothing),
		)},

		{
			title: "answers more pings than 16 bits can count, sent before the answers are read",
			ids:   srs("050"), needs: []ability{pongs, pairs}, danger: lengthy, play: script(
				client.connects, pipelinesPings, client.getsNoMore, client.hears(nothing),
			),
		},

		{
			title: "answers thousands of commands in one segment",
			ids:   srs("050"), needs: []ability{pongs, pairs}, danger: lengthy, play: script(
				pipelines(1000), pipelines(5000),
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

		{
			title: "drops a shutdown after disconnect in the same segment",
			ids:   srs("036"), observe: target.Stop, needs: []ability{outlivesDisconnect}, danger: nearShutdown, play: script(
				client.connects,
				client.sends("disconnect\nshutdown\n"), client.getsNoPacketAtTheEnd,
				next.isServed, next.isServed,
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
			title: "sends more than a connection holds before it closes, to a client that reads late",
			ids:   srs("041"), app: []part{echo, maxPacket}, needs: []ability{pairs, closesOnDisconnect}, danger: leavingEarly,
			play: act(leaveReadingLate("disconnect\n", func(*target.Conn) {})),
		},

		{
			title: "sends all responses to a client that reads late",
			ids:   srs("018"), app: []part{echo, maxPacket}, needs: []ability{pairs}, danger: lengthy, play: act(readLate),
		},

		// SRS-047: The sample application shall answer cmd01 with ack, and any
		// other command with nak - unknown cmd.
		{title: "answers the commands of the sample application", ids: srs("047"), app: []part{sample}, play: act(func(t *trial) {
			unknown := []string{"junk", "cmd02", "CMD01", "cmd01 "}
			if t.Target().Can(target.API) { // how far count goes is the reference's own affair
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
				commands = t.Profile().Commands
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

const manyAsked, manyPings = 3000, 66_000 // pings: more than 16 bits can count

// asksAgainAndAgain sends a command thousands of times, one at a time.
func asksAgainAndAgain(t *trial) bool {
	d, problem := t.known(), ""
	t.step("%s sends a command and receives its answer, up to %d times", client, manyAsked)
	done := t.repeat(manyAsked, func(int) bool {
		problem = t.exchange(client.conn(t), d)
		return problem == ""
	})
	return t.verify(counted(t, "command number %d", done), service(problem), served)
}

// pipelinesPings sends hundreds of pings at once, again and again.
func pipelinesPings(t *trial) bool {
	t.step("%s sends hundreds of pings at once and receives as many pongs, again and again, up to %d on a fast server", client, manyPings)
	batch := t.many(600)
	wrong, done := target.Packet("pong"), 0
	t.repeat((manyPings+batch-1)/batch, func(int) bool {
		_ = client.conn(t).Send(strings.Repeat("ping\n", batch))
		for i := 0; i < batch && wrong == target.Packet("pong"); i++ {
			wrong = client.conn(t).Receive(t)
			done++
		}
		return wrong == target.Packet("pong")
	})
	return t.verify(counted(t, "answer to ping number %d", done), wrong, packet("pong"))
}

// pipelines sends so many pings at once, or fewer to a server that takes long.
func pipelines(n int) step {
	return func(t *trial) bool {
		t.play(client.connects)
		t.step("%s sends up to %d pings in one segment; as many pongs come", client, n)
		many := t.many(n)
		_ = client.conn(t).Send(strings.Repeat("ping\n", many))
		event, got := receivePongs(t, client.conn(t), many)
		return t.verify(counted(t, "answer number %d", got), event, packet("pong")) && t.play(client.getsNoMore, client.leaves)
	}
}

// answersMany makes sure that many pings at once are answered.
func answersMany(t *trial, n int) {
	t.step("send hundreds of pings at once; as many pongs come")
	c := t.connect()
	defer c.Leave(t)
	_ = c.Send(strings.Repeat("ping\n", n))
	event, got := receivePongs(t, c, n)
	t.require(counted(t, "answer number %d to a client that stays", got), event, packet("pong"))
}

// hundredsDue verifies that hundreds of answers come before the connection ends,
// which come without disconnect, too.
func hundredsDue(t *trial) {
	n := t.many(1000)
	answersMany(t, n)
	t.step("send as many, and disconnect at once; as many pongs come, then the end")
	c := t.connect()
	_ = c.Send(strings.Repeat("ping\n", n) + "disconnect\n")
	last, got := receivePongs(t, c, n)
	t.verify(counted(t, "answer number %d", got), last, packet("pong"))
	t.verify("the connection", t.end(c, c.Ending(t)), theEnd)
}

const lateBytes = 11 << 19 // more than the buffers of a connection hold that is dialed narrow

// lateReader is a client that sends long commands to be echoed, reads nothing for a
// while, and then the answers. A server that takes its time for every byte is sent
// fewer.
type lateReader struct {
	*trial
	echo  target.Dialogue
	times int
	stall time.Duration // how long it reads nothing
}

// newLateReader makes sure that a long command is answered, in two segments too.
func newLateReader(t *trial) lateReader {
	c := t.connect()
	defer c.Leave(t)
	d := t.echo(pattern(min(50_000, t.Profile().MaxPacket/2))) // well below the maximum, which is another subject
	times := takes(t, c, d, lateBytes/len(d.Send)+1)
	half := len(d.Send) / 2
	_ = c.SendSegments(t, d.Send[:half], d.Send[half:]+"\n")
	t.require("the answer to a long command in two segments", c.Receive(t), response(d.Expect[0]))
	return lateReader{t, d, times, t.Pace().Limits().Stall}
}

// reads sends the commands, and something behind them. It gives the connection, and
// the first answer that is wrong, or the last one.
func (r lateReader) reads(behind string, end func(*target.Conn)) (*target.Conn, target.Event) {
	c := r.connectBy(target.DialNarrow)
	wait := c.Stream(strings.Repeat(r.echo.Send+"\n", r.times)+behind, func() { end(c) })
	defer wait()
	r.pause(r.stall)
	event := c.Receive(r)
	for n := r.times; n > 1 && r.echo.Expect[0].Matches(event); n-- {
		event = c.Receive(r)
	}
	return c, event
}

// untilFull is how long even a busy machine takes at most to fill a connection.
const untilFull = 250 * time.Millisecond

const firstWrong = "the first answer that is wrong, or the last one"

// readLate verifies that answers come whole to a client that has not read for a
// while.
func readLate(t *trial) {
	t.step("send long texts to be echoed, more than a connection holds, and read nothing for %s; then all answers come", t.Pace().Limits().Stall)
	r := newLateReader(t)
	r.stall = max(r.stall, untilFull)
	c, event := r.reads("", func(*target.Conn) {})
	if t.verify(firstWrong, event, response(r.echo.Expect[0])) {
		t.noMore(c)
	}
}

// leaveReadingLate verifies the same for one who has left behind the commands.
func leaveReadingLate(behind string, end func(*target.Conn)) func(*trial) {
	return func(t *trial) {
		t.step("send long texts to be echoed, more than a connection holds, and read nothing for %s; then all answers come", t.Pace().Limits().Stall)
		r := newLateReader(t)
		c, event := r.reads("", func(*target.Conn) {})
		t.require(firstWrong, event, response(r.echo.Expect[0]))
		c.Leave(t)
		t.step("send the same, and %s behind it; all answers come, and the end", leavingWords(behind))
		c, event = r.reads(behind, end)
		if !r.echo.Expect[0].Matches(event) && !t.rehearses() {
			c.Leave(t)
			r.blockIfOthersLoseToo()
		}
		if t.verify(firstWrong, event, response(r.echo.Expect[0])) {
			t.verify("the connection", t.end(c, c.Ending(t)), theEnd)
		}
		if behind == "" { // the server has to see by itself that the client has left
			t.nextIsServed()
		}
	}
}

// blockIfOthersLoseToo blocks the spec where a late reader that stays loses answers as
// well: a busy machine may not have filled the connection when that was tried first.
func (r lateReader) blockIfOthersLoseToo() {
	r.stall = max(r.stall, untilFull)
	for range 3 {
		c, event := r.reads("", func(*target.Conn) {})
		c.Leave(r)
		if !r.echo.Expect[0].Matches(event) {
			r.block("a client that reads late and stays loses answers too: %s", event)
		}
	}
}

func leavingWords(behind string) string {
	if behind == "" {
		return "close the sending side"
	}
	return "disconnect"
}

// takes gives how often a long command is sent to a server: as often as wanted, or as
// fits into the time of a repetition where it takes long for it.
func takes(t *trial, c *target.Conn, d target.Dialogue, wanted int) int {
	quickest := t.window()
	for range 3 { // one may be slow by accident
		began := time.Now()
		t.obeys(c, d)
		if quickest = min(quickest, time.Since(began)); t.rehearses() || quickest < t.Pace().Limits().Loop/20 {
			return wanted
		}
	}
	return min(wanted, int(t.Pace().Limits().Loop/quickest)+1)
}
