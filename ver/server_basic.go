package ver

import (
	"strings"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var basicServer = play.Protocol{
	ID: "TP-001", Title: "basic server",
	Objective:     "The server is there, answers, and says nothing of its own accord.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-020: The server shall accept TCP connections at its configured
		// address and port, and shall answer its commands there.
		{Title: "accepts a connection at its address and answers there", IDs: srs("020"), Play: play.Script(
			client.ConnectsSilently,
			play.Times(2, isAnswered),
			play.Given(client.Hears(play.Nothing)),
		)},

		// SRS-019: The server shall send no packet that no command asked for.
		{Title: "sends nothing that no command asked for", IDs: srs("019"), Play: play.Script(
			client.Connects, client.GetsNothingElse, client.Hears(play.Nothing),
			client.Sends("ping\n"), client.GetsWhatever, client.Hears(play.Nothing),
		)},

		{Title: "sends nothing to a client that has not sent anything yet", IDs: srs("019"), Play: play.Script(
			visits,
			next.BeginsWith(""), next.Hears(play.Nothing),
			play.Given(next.GetsNothingElse), next.Hears(play.Nothing),
		)},

		{
			Title: "sends nothing to a client that is idle for a while",
			IDs:   srs("019"),
			Phase: play.Foremost,
			Play: play.Script(
				client.Dials, client.Sends("ping\n"), client.GetsWhatever, client.Idles,
			),
		},
	},
}

// visits has a client come and leave by disconnect, whatever becomes of it.
func visits(t *play.Trial) bool {
	t.Step("%s connects, sends a command and leaves by disconnect", client)
	_ = t.Visit()
	return true
}

// isAnswered verifies that a command is answered at all. That the answer is another
// one is the subject of other requirements.
func isAnswered(t *play.Trial) bool {
	t.Step("%s sends a command; it is answered", client)
	_ = client.Conn(t).Send(t.Known().Send + "\n")
	for _, want := range t.Known().Expect {
		event := client.Conn(t).Receive(t)
		if _, answered := event.IsPacket(); answered && !want.Matches(event) {
			t.Block("%q is answered, but by %s instead of %s", t.Known().Send, event, want)
		}
		if !t.Verify("the answer", event, play.Response(want)) {
			return false
		}
	}
	return true
}

var commonCommands = play.Protocol{
	ID: "TP-002", Title: "common commands",
	Objective:     "The predefined commands ping and disconnect do what they shall; the commands of the application are answered.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-004: The server shall answer the command ping with the one packet
		// pong.
		{Title: "answers ping with pong", IDs: srs("004"), Play: play.Script(
			client.ConnectsSilently,
			play.Times(3, client.Sends("ping\n"), client.Gets("pong")),
			client.GetsNothingElse, client.Hears(play.Nothing),
		)},

		// SRS-050: The server shall handle any number of commands on one
		// connection.
		{
			Title: "answers one command after another on one connection, up to thousands",
			IDs:   srs("050"),
			Phase: play.Lengthy,
			Play: play.Script(
				client.Connects, asksOneByOne, client.GetsNothingElse, client.Hears(play.Nothing),
			),
		},

		{
			Title: "answers more pings than 16 bits can count, sent before the answers are read",
			IDs:   srs("050"),
			Needs: play.Pongs | play.AnswersPairs,
			Phase: play.Lengthy,
			Play: play.Script(
				client.Connects, pipelinesPings, client.GetsNothingElse, client.Hears(play.Nothing),
			),
		},

		{
			Title: "answers 1000 pings in one segment, and 5000",
			IDs:   srs("050"),
			Needs: play.Pongs | play.AnswersPairs,
			Phase: play.Lengthy,
			Play: play.Script(
				pipelines(1000), pipelines(5000),
			),
		},

		// SRS-005: On the command disconnect the server shall close the
		// connection of its client, and shall go on serving others.
		//
		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		{Title: "closes the connection on disconnect", IDs: srs("005", "036"), Play: play.Script(
			play.Times(2,
				client.Connects,
				client.Sends("disconnect\n"), client.IsClosedSilently(play.EndIDs{Closed: "SRS-005", Silent: "SRS-036"}),
				play.About(srs("005"), next.IsServed)),
		)},

		{Title: "closes the connection on disconnect as the first command", IDs: srs("005", "036"), Play: play.Script(
			client.Connects, client.Leaves,
			next.ConnectsSilently, next.Sends("disconnect\n"), next.IsClosedSilently(play.EndIDs{Closed: "SRS-005", Silent: "SRS-036"}),
			play.About(srs("005"), next.IsServed),
		)},

		{
			Title: "ignores the commands that follow disconnect in the same segment",
			IDs:   srs("036"),
			Needs: play.OutlivesDisconnect,
			Play: play.Script(
				client.Connects,
				client.Sends("disconnect\nping\nping\n"), client.GetsNoPacket,
				play.Given(next.IsServed), next.IsServed, // the first shows that the server goes on, the second that nothing was left to be answered
			),
		},

		{
			Title:   "ignores a shutdown that follows disconnect in the same segment",
			IDs:     srs("036"),
			Observe: target.Stop,
			Needs:   play.OutlivesDisconnect,
			Phase:   play.NearShutdown,
			Play: play.Script(
				client.Connects,
				client.Sends("disconnect\nshutdown\n"), client.GetsNoPacket,
				next.IsServed, next.IsServed, // a server that stops late may still serve the first
			),
		},

		// SRS-041: A client whose connection the server closes shall get the
		// responses due before, and shall then see the connection end.
		{
			Title: "sends the responses due before it closes",
			IDs:   srs("041"),
			Needs: play.Pongs | play.AnswersPairs | play.ClosesOnDisconnect,
			Play: play.Script(
				client.Connects,
				client.Sends("ping\nping\ndisconnect\n"), client.Gets("pong", "pong"), client.SeesTheEndAtLast,
			),
		},

		{
			Title: "sends hundreds of responses due before it closes",
			IDs:   srs("041"),
			Needs: play.Pongs | play.ClosesOnDisconnect,
			Phase: play.Lengthy,
			Play:  play.Func(hundredsDue),
		},

		{
			Title: "sends all that is due before it closes, more than a connection holds, to a client that reads late",
			IDs:   srs("041"),
			App:   play.Echo | play.MaxPacket,
			Needs: play.AnswersPairs | play.ClosesOnDisconnect | play.ServesLateReaders,
			Phase: play.LeavingEarly,
			Play:  play.Func(echoesThenLeaves(byDisconnect)),
		},

		{
			Title: "sends many responses to the commands of one segment before it closes, to a client that reads late",
			IDs:   srs("041"),
			App:   play.ManyResponses,
			Needs: play.AnswersPairs | play.ClosesOnDisconnect,
			Phase: play.LeavingEarly,
			Play: play.Func(func(t *play.Trial) {
				d := t.Profile().Longest()
				t.Step("send %q again and again, until there are more responses than a connection holds, and disconnect in the same segment; read nothing for a while; all responses come, and the end", d.Send)
				leavesAndReadsLate(t, play.NewLateReader(t, d), byDisconnect)
			}),
		},

		// SRS-047: The sample application shall answer cmd01 with ack, and any
		// other command with nak - unknown cmd.
		{
			Title: "answers the commands of the sample application",
			IDs:   srs("047"),
			App:   play.Sample,
			Play: play.Func(func(t *play.Trial) {
				unknown := []string{"junk", "cmd02", "CMD01", "cmd01 "}
				if t.Target.Can(target.API) { // how far count goes is the reference's own affair
					unknown = append(unknown, "count 0", "count 1001")
				}
				t.Play(
					client.ConnectsSilently,
					client.Sends("cmd01\n"), client.Gets("ack"),
					play.Each(unknown, func(command string) play.Step {
						return client.Asks(target.Dialogue{Send: command, Expect: []target.Response{target.Text("nak - unknown cmd")}})
					}),
					client.Sends("cmd01\n"), client.Gets("ack"),
					client.GetsNothingElse,
				)
			}),
		},

		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		{
			Title: "answers the commands of the application as its profile says",
			IDs:   srs("008"),
			App:   play.Commands,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				commands := p.Singles()
				if len(commands) == 0 {
					commands = p.Commands
				}
				return play.Steps(client.Connects, asksEach(commands))
			}),
		},

		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		{
			Title: "sends every response of a command as its profile says",
			IDs:   srs("018"),
			App:   play.Commands,
			Needs: play.AnswersPairs,
			Play: play.Func(func(t *play.Trial) {
				commands, single := t.Profile().Several(), t.AnsweredAlone(t.Profile().Singles())
				if len(commands) == 0 {
					commands = single
				} else if len(single) == 0 && len(t.Profile().Singles()) > 0 {
					t.Block("no command of the profile with one response is answered by it")
				}
				if len(commands) == 0 {
					t.Block("no command of the profile is answered as it says")
				}
				t.Play(client.Connects, asksEach(commands))
			}),
		},

		{
			Title: "sends all responses to a client that reads late",
			IDs:   srs("018"),
			App:   play.Echo | play.MaxPacket,
			Needs: play.AnswersPairs,
			Phase: play.Lengthy,
			Play:  play.Func(staysAndReadsLate),
		},
	},
}

const manyAsked, manyPings = 3000, 66_000 // pings: more than 16 bits can count

// asksOneByOne sends a command thousands of times, one at a time.
func asksOneByOne(t *play.Trial) bool {
	d, problem := t.Known(), ""
	t.Step("%s sends a command and receives its answer, up to %d times", client, manyAsked)
	done := t.Repeat(manyAsked, func(int) bool {
		problem = t.Exchange(client.Conn(t), d)
		return problem == ""
	})
	return t.Verify(play.Counted(t, "command number %d", done), play.Service(problem), play.Served)
}

// pipelinesPings sends hundreds of pings at once, again and again.
func pipelinesPings(t *play.Trial) bool {
	t.Step("%s sends hundreds of pings at once and receives as many pongs, again and again, up to %d on a fast server", client, manyPings)
	batch := t.Many(600)
	wrong, done := target.Packet("pong"), 0
	t.Repeat((manyPings+batch-1)/batch, func(int) bool {
		_ = client.Conn(t).Send(strings.Repeat("ping\n", batch))
		for i := 0; i < batch && wrong == target.Packet("pong"); i++ {
			wrong = client.Conn(t).Receive(t)
			done++
		}
		return wrong == target.Packet("pong")
	})
	return t.Verify(play.Counted(t, "answer to ping number %d", done), wrong, play.Packet("pong"))
}

// pings are so many pings that are sent at once, or fewer to a server that takes long.
type pings struct{ wanted, n int }

func pingsAtOnce(t *play.Trial, wanted int) pings { return pings{wanted, t.Many(wanted)} }

// sent sends them, and something behind them in the same segment.
func (p pings) sent(behind string) play.Step {
	return func(t *play.Trial) bool {
		if t.Step("%s sends up to %d pings in one segment", client, p.wanted); behind != "" {
			t.Step("%s sends %q in the same segment", client, behind)
		}
		_ = client.Conn(t).Send(strings.Repeat("ping\n", p.n) + behind)
		return true
	}
}

// answered verifies that as many pongs come.
func (p pings) answered(t *play.Trial) bool {
	t.Step("%s gets as many pongs", client)
	event, got := receivePongs(t, client.Conn(t), p.n)
	return t.Verify(play.Counted(t, "answer number %d", got), event, play.Packet("pong"))
}

// pipelines sends so many pings at once.
func pipelines(n int) play.Step {
	return func(t *play.Trial) bool {
		p := pingsAtOnce(t, n)
		return t.Play(client.Connects, p.sent(""), p.answered, client.GetsNothingElse, client.Hears(play.Nothing), client.Leaves)
	}
}

// hundredsDue verifies that hundreds of answers come before the connection ends, which
// come to a client that stays, too.
func hundredsDue(t *play.Trial) {
	p := pingsAtOnce(t, 1000)
	t.Play(
		play.Given(client.Connects, p.sent(""), p.answered, client.Leaves),
		client.Connects, p.sent("disconnect\n"), p.answered, client.SeesTheEndAtLast,
	)
}

const (
	readsLate  = "send long texts to be echoed, more than a connection holds, and read nothing for a while"
	firstWrong = "the first answer that is wrong, or the last one"
)

// staysAndReadsLate verifies that answers come whole to a client that has not read for a
// while.
func staysAndReadsLate(t *play.Trial) {
	t.Step(readsLate + "; then all answers come")
	c, event, due := play.NewLateReader(t, play.LongEcho(t)).Stays()
	if t.Verify(firstWrong, event, play.Response(due)) {
		t.NoMore(c)
	}
}

// late is how a client leaves that has not read its answers yet.
type late struct {
	name   string             // for the report
	behind string             // what it sends in the same segment
	end    func(*target.Conn) // what it does then; nil: nothing
}

var (
	byDisconnect = late{"disconnect", "disconnect\n", nil}
	byHalfClose  = late{"close the sending side", "", func(c *target.Conn) { _ = c.CloseWrite() }}
)

// echoesThenLeaves verifies that answers come whole to a client that has left by the time
// it reads.
func echoesThenLeaves(by late) func(*play.Trial) {
	return func(t *play.Trial) {
		t.Step(readsLate+", and %s behind them; all answers come, and the end", by.name)
		leavesAndReadsLate(t, play.NewLateReader(t, play.LongEcho(t)), by)
	}
}

// leavesAndReadsLate blocks the spec where a client that stays loses answers, too.
func leavesAndReadsLate(t *play.Trial, r play.LateReader, by late) {
	c, event, due := r.Leaves(by.behind, by.end)
	if !due.Matches(event) && !t.Rehearses() {
		c.Leave(t)
		blockIfStayingLosesToo(t, r)
	}
	if t.Verify(firstWrong, event, play.Response(due)) {
		t.Verify("the connection", t.End(c, c.Receive(t)), play.TheEnd)
	}
	if by.behind == "" { // the server has to see by itself that the client has left
		t.Play(next.IsServed)
	}
}

// blockIfStayingLosesToo blocks the spec where a late reader that stays loses answers as
// well, now and then.
func blockIfStayingLosesToo(t *play.Trial, r play.LateReader) {
	for range 3 {
		c, event, due := r.Stays()
		if c.Leave(t); !due.Matches(event) {
			t.Block("a client that reads late and stays loses answers too: %s", event)
		}
	}
}
