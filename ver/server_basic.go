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

		{title: "sends nothing to a client that is idle for a while", ids: srs("019"), play: script(
			client.dials, client.sends("ping\n"), client.getsWhatever, client.idles,
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

// idles verifies that nothing comes to a client that is idle.
func (c seat) idles(t *trial) bool {
	idle := t.pace.Limits().Stall + t.pace.Quiet()
	t.step("%s is idle for a while; nothing comes", c)
	return t.verify("what comes to an idle client", c.conn(t).Wait(t.ctx, idle), nothing)
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

		{
			title: "answers thousands of commands in one segment",
			ids:   srs("050"), needs: []ability{pongs, pairs}, danger: lengthy, play: script(
				client.pipelines(1000), client.pipelines(5000),
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

// pipelines sends so many pings at once, or fewer to a server that takes long.
func (c seat) pipelines(n int) step {
	return func(t *trial) bool {
		t.play(c.connects)
		t.step("%s sends up to %d pings in one segment; as many pongs come", c, n)
		many := t.many(n)
		_ = c.conn(t).Send(strings.Repeat("ping\n", many))
		event, got := t.pongs(c.conn(t), many)
		return t.verify(t.counted("answer number %d", got), event, packet("pong")) && t.play(c.getsNoMore, c.leaves)
	}
}

// getsNoPacketAtTheEnd verifies that no packet comes before the connection ends.
func (c seat) getsNoPacketAtTheEnd(t *trial) bool {
	t.step("%s gets no packet", c)
	t.verify("what comes first", c.conn(t).Ending(t.ctx), noPacket)
	_ = c.conn(t).Close()
	return true
}

// answersMany makes sure that many pings at once are answered.
func (t *trial) answersMany(n int) {
	t.step("send hundreds of pings at once; as many pongs come")
	c := t.connect()
	defer c.Leave(t.ctx)
	_ = c.Send(strings.Repeat("ping\n", n))
	event, got := t.pongs(c, n)
	t.require(t.counted("answer number %d to a client that stays", got), event, packet("pong"))
}

// hundredsDue verifies that hundreds of answers come before the connection ends,
// which come without disconnect, too.
func hundredsDue(t *trial) {
	n := t.many(1000)
	t.answersMany(n)
	t.step("send as many, and disconnect at once; as many pongs come, then the end")
	c := t.connect()
	_ = c.Send(strings.Repeat("ping\n", n) + "disconnect\n")
	last, got := t.pongs(c, n)
	t.verify(t.counted("answer number %d", got), last, packet("pong"))
	t.verify("the connection", t.end(c, c.Ending(t.ctx)), theEnd)
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

// lateReader makes sure that a long command is answered, in two segments too.
func (t *trial) lateReader() lateReader {
	c := t.connect()
	defer c.Leave(t.ctx)
	d := t.echo(pattern(min(50_000, t.target.Profile.MaxPacket/2))) // well below the maximum, which is another subject
	times := t.takes(c, d, lateBytes/len(d.Send)+1)
	half := len(d.Send) / 2
	_ = c.SendSegments(t.ctx, d.Send[:half], d.Send[half:]+"\n")
	t.require("the answer to a long command in two segments", c.Receive(t.ctx), response(d.Expect[0]))
	return lateReader{t, d, times, t.pace.Limits().Stall}
}

// reads sends the commands, and something behind them. It gives the connection, and
// the first answer that is wrong, or the last one.
func (r lateReader) reads(behind string, end func(*target.Conn)) (*target.Conn, target.Event) {
	c := r.connectBy(target.DialNarrow)
	wait := c.Stream(strings.Repeat(r.echo.Send+"\n", r.times)+behind, func() { end(c) })
	defer wait()
	r.pause(r.stall)
	event := c.Receive(r.ctx)
	for n := r.times; n > 1 && r.echo.Expect[0].Matches(event); n-- {
		event = c.Receive(r.ctx)
	}
	return c, event
}

// untilFull is how long even a busy machine takes at most to fill a connection.
const untilFull = 250 * time.Millisecond

const firstWrong = "the first answer that is wrong, or the last one"

// readLate verifies that answers come whole to a client that has not read for a
// while.
func readLate(t *trial) {
	t.step("send long texts to be echoed, more than a connection holds, and read nothing for %s; then all answers come", t.pace.Limits().Stall)
	r := t.lateReader()
	r.stall = max(r.stall, untilFull)
	c, event := r.reads("", func(*target.Conn) {})
	if t.verify(firstWrong, event, response(r.echo.Expect[0])) {
		t.noMore(c)
	}
}

// leaveReadingLate verifies the same for one who has left behind the commands.
func leaveReadingLate(behind string, end func(*target.Conn)) func(*trial) {
	return func(t *trial) {
		t.step("send long texts to be echoed, more than a connection holds, and read nothing for %s; then all answers come", t.pace.Limits().Stall)
		r := t.lateReader()
		c, event := r.reads("", func(*target.Conn) {})
		t.require(firstWrong, event, response(r.echo.Expect[0]))
		c.Leave(t.ctx)
		t.step("send the same, and %s behind it; all answers come, and the end", leavingWords(behind))
		c, event = r.reads(behind, end)
		if !r.echo.Expect[0].Matches(event) && !t.rehearses() {
			c.Leave(t.ctx)
			r.blockIfOthersLoseToo()
		}
		if t.verify(firstWrong, event, response(r.echo.Expect[0])) {
			t.verify("the connection", t.end(c, c.Ending(t.ctx)), theEnd)
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
		c.Leave(r.ctx)
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
func (t *trial) takes(c *target.Conn, d target.Dialogue, wanted int) int {
	quickest := t.window()
	for range 3 { // one may be slow by accident
		began := time.Now()
		t.obeys(c, d)
		if quickest = min(quickest, time.Since(began)); t.rehearses() || quickest < t.pace.Limits().Loop/20 {
			return wanted
		}
	}
	return min(wanted, int(t.pace.Limits().Loop/quickest)+1)
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
