package ver

import (
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var leaving = play.Protocol{
	ID: "TP-016", Title: "leaving without disconnect",
	Objective:     "However a client leaves, the next one is served, and gets nothing of its predecessor's.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-032: When its client closes the connection without disconnect, the
		// server shall serve the next one.
		{
			Title: "serves the next client after a close",
			IDs:   srs("032"),
			Needs: play.ServesAfterDisconnect,
			Phase: play.Closing,
			Play: play.Script(
				client.Dials, play.Moment, client.Closes, next.IsServed,
				client.Connects, client.Closes, next.IsServed,
				client.Connects, client.Sends("ping\n"), client.GetsWhatever, client.Closes, next.IsServed, // what is not read makes a reset of it
				client.Connects, client.Sends("ping\nping\n"), client.GetsWhatever, client.GetsWhatever, client.Closes, next.IsServed,
				servesManyThat(client.Closes), next.IsServed,
			),
		},

		{
			Title: "serves the next client after one that closed without reading its answers",
			IDs:   srs("032"),
			Needs: play.Pongs | play.ServesAfterDisconnect | play.SurvivesReset,
			Phase: play.LeavingEarly,
			// One ping, two, hundreds, and as many as the server takes.
			Play: play.Script(leavesUnread(client.Closes), closesInTheSegmentOfItsPings),
		},

		// SRS-033: When its client closes its sending side only, the server shall
		// send the responses already due, and shall then serve the next client.
		{
			Title: "sends the responses due after a half-close",
			IDs:   srs("033"),
			Needs: play.Pongs | play.AnswersPairs,
			Phase: play.HalfClosing,
			Play: play.Script(
				client.Connects,
				client.Sends("ping\nping\n"), client.ClosesHalf,
				client.Gets("pong", "pong"), client.SeesTheEnd,
				next.IsServed,
			),
		},

		{
			Title: "serves the next client after a half-close, though the first stays",
			IDs:   srs("033"),
			Phase: play.HalfClosing,
			Play: play.Script(
				play.Times(3, client.Connects, client.ClosesHalf, next.IsServed, client.Closes),
			),
		},

		{
			Title: "sends hundreds of responses due after a half-close",
			IDs:   srs("033"),
			Needs: play.Pongs | play.AnswersPairs | play.SurvivesHalfClose,
			Phase: play.LeavingEarly,
			Play: play.Func(func(t *play.Trial) {
				p := pingsAtOnce(t, manyUnread)
				t.Play(
					play.Given(client.Connects, p.sent(""), p.answered, client.Leaves),
					client.Connects, p.sent(""), client.ClosesHalf, p.answered, client.SeesTheEnd,
					next.IsServed,
				)
			}),
		},

		{
			Title: "sends more than a connection holds after a half-close, to a client that reads late",
			IDs:   srs("033"),
			App:   play.Echo | play.MaxPacket,
			Needs: play.AnswersPairs | play.SurvivesHalfClose | play.ServesLateReaders,
			Phase: play.LeavingEarly,
			Play:  play.Func(echoesThenLeaves(byHalfClose)),
		},

		// SRS-034: When its client resets the connection, the server shall serve
		// the next one.
		{
			Title: "serves the next client after a reset",
			IDs:   srs("034"),
			Needs: play.ServesAfterDisconnect,
			Phase: play.Resetting,
			Play: play.Script(
				client.Dials, play.Moment, client.Resets, next.IsServed, // before it is served
				client.Connects, client.Resets, next.IsServed,
				client.Connects, client.Sends("ping\n"), client.Resets, next.IsServed,
				client.Connects, client.Sends("ping\nping\n"), client.Resets, next.IsServed,
				servesManyThat(client.Resets), next.IsServed,
			),
		},

		{
			Title: "serves the next client after one that reset without reading its answers",
			IDs:   srs("034"),
			Needs: play.Pongs | play.ServesAfterDisconnect,
			Phase: play.LeavingEarly,
			Play:  play.Script(leavesUnread(client.Resets)),
		},

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		{
			Title: "does not run a packet that was not ended",
			IDs:   srs("035"),
			Needs: play.Pongs | play.SurvivesHalfClose,
			Phase: play.HalfClosing,
			Play: play.Script(
				client.Connects,
				client.Sends("ping"), client.ClosesHalf, client.SeesTheEnd, next.IsServed,
				client.Connects,
				client.Sends("ping\nping"), client.ClosesHalf, play.Given(client.Gets("pong")), client.SeesTheEnd, next.IsServed,
			),
		},

		{
			Title: "does not put an unfinished packet before the next client's",
			IDs:   srs("035"),
			Needs: play.Pongs | play.OutlivesDisconnect | play.SurvivesClose | play.SurvivesHalfClose | play.SurvivesReset,
			Phase: play.Resetting,
			Play: play.Script(
				leavesHalf("pi", client.Closes),
				leavesHalf("pi", client.ClosesHalf),
				leavesHalf("pi", client.Resets),
				leavesHalf("disconnect\npi", play.Steps(client.GetsWhatever, client.Closes)),
			),
		},

		{
			Title: "forgets that an unfinished packet was invalid",
			IDs:   srs("035"),
			Needs: play.SurvivesClose | play.SurvivesHalfClose | play.SurvivesReset,
			Phase: play.NotASCII,
			Play:  play.Script(leavesInEveryWay("\xff")),
		},

		{
			Title: "forgets an over-long packet that was not ended",
			IDs:   srs("035"),
			App:   play.MaxPacket,
			Needs: play.SurvivesClose | play.SurvivesHalfClose | play.SurvivesReset,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return leavesInEveryWay(filler(p.MaxPacket + 1000))
			}),
		},

		{
			Title:   "does not run a shutdown that was not ended",
			IDs:     srs("035"),
			Observe: target.Stop,
			Needs:   play.SurvivesHalfClose,
			Phase:   play.NearShutdown,
			Play: play.Script(
				client.Connects, client.Sends("shutdown"), client.ClosesHalf, client.GetsWhatever,
				next.IsServed,
			),
		},
	},
}

// leavesUnread has a client leave in a way before its answers have come or were read:
// one, two, hundreds, and more than the server can send, as nobody reads.
func leavesUnread(way play.Step) play.Step {
	leaves := play.Steps(way, next.IsServed, next.IsServed)
	return play.Steps(
		play.Given(client.Connects, client.Sends("pi"), play.Moment, way, next.IsServed), // what follows may end within a packet
		client.Connects, client.Sends("ping\n"), leaves,
		client.Connects, client.Sends("ping\nping\n"), leaves,
		client.Connects, client.Sends("ping\nping\n"), play.Moment, leaves,
		play.Say("a client sends hundreds of pings and leaves in the same way, at once, and after a moment; the next one is served",
			play.Times(5, client.Connects, sendsHundreds, leaves),
			client.Connects, sendsHundreds, play.Moment, leaves),
		play.Needs(play.AnswersThousands),
		client.Connects, sendsUntilFull, leaves,
	)
}

// closesInTheSegmentOfItsPings has clients close in the segment of their pings, so that the server
// answers somebody who has gone: the first answer is refused, and the second one fails.
var closesInTheSegmentOfItsPings = play.Say("a client sends two pings, and another one hundreds, and closes the connection in the same segment; the next one is served",
	func(t *play.Trial) bool {
		return t.Play(client.Connects, client.SendsAndCloses("ping\nping\n"), next.IsServed, next.IsServed,
			client.Connects, client.SendsAndCloses(strings.Repeat("ping\n", t.Many(manyUnread))), next.IsServed, next.IsServed)
	})

const manyUnread = 300

// sendsHundreds sends hundreds of pings at once, or fewer to a server that takes long.
func sendsHundreds(t *play.Trial) bool {
	return t.Play(client.Sends(strings.Repeat("ping\n", t.Many(manyUnread))))
}

// sendsUntilFull sends pings until the server takes no more, because its answers are
// not read, or for a while.
func sendsUntilFull(t *play.Trial) bool {
	t.Step("%s sends pings and reads nothing, until the server takes no more, or for %s", client, t.Pace.Limits.Quiet)
	if t.Rehearses() {
		return true
	}
	_ = client.Conn(t).SendWithin(strings.Repeat("ping\n", t.Pace.Limits.Unread/len("ping\n")), t.Pace.Limits.Quiet)
	return true
}

const manyLeaving = 100

// servesManyThat has many clients, each of them served, leave in a way. If one is not
// served, and a fresh server stops serving after as many clients that leave by
// disconnect, the spec is blocked: that is SRS-049.
func servesManyThat(way play.Step) play.Step {
	return play.Say(fmt.Sprintf("a client connects, is served and leaves in the same way, up to %d times; the next one is served", manyLeaving), func(t *play.Trial) bool {
		problem := ""
		done := t.Repeat(manyLeaving, func(int) bool {
			var c *target.Conn
			if c, problem = t.Arrive(play.Silent); c != nil {
				client.SetConn(t, c)
				way(t)
			}
			return problem == ""
		})
		if problem != "" {
			servesAsMany(t, done)
		}
		return t.Verify(play.Counted(t, "the connection of client number %d", done), play.Service(problem), play.Served)
	})
}

// servesAsMany makes sure that a fresh server serves as many clients as another one
// has failed after, if they leave by disconnect, as a precondition.
func servesAsMany(t *play.Trial, clients int) {
	if !t.Target.Server.Fresh() {
		return
	}
	t.Require("a fresh server starts", t.StartFresh(), play.NoError)
	for i := range clients + 20 {
		if problem := t.Visit(); problem != "" {
			_ = t.StartFresh() // this one is not what the spec leaves
			t.Block("client number %d is not served, though all before have left by disconnect: %s", i+1, problem)
		}
	}
}

// leavesHalf has a client leave with half a packet: the next one sends the other
// half, and it is no ping.
func leavesHalf(sent string, way play.Step) play.Step {
	return func(t *play.Trial) bool {
		t.Play(client.Connects)
		strict := play.Otherwise.StatedBy(t.Profile()) && len(*t.Profile().Otherwise) > 0 &&
			t.Answered(client.Conn(t), target.Dialogue{Send: "ng", Expect: *t.Profile().Otherwise})
		t.Play(client.Sends(sent), way)
		if strict {
			t.Play(next.BeginsWith("ng\n", *t.Profile().Otherwise...), next.GetsAll(*t.Profile().Otherwise), next.GetsNothingElse)
		} else {
			t.Play(next.BeginsWith("ng\nping\n"), next.GetsOnePong("after the rest of a command and one ping"))
		}
		return t.Play(next.Leaves, client.Closes)
	}
}

// leavesInEveryWay has clients leave in all ways without disconnect, with a packet that
// is not ended, after a moment: a reset may destroy what has not been read.
func leavesInEveryWay(sent string) play.Step {
	return play.Each([]play.Step{client.Closes, client.ClosesHalf, client.Resets}, func(way play.Step) play.Step {
		return play.Steps(client.Connects, client.Sends(sent), play.Moment, way, next.IsServed, client.Closes)
	})
}
