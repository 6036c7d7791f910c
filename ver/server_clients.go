package ver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var reconnecting = play.Protocol{
	ID: "TP-003", Title: "disconnect and reconnect",
	Objective:     "After one client the server serves the next, however many there are.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-016: When its client has left by disconnect, the server shall
		// serve the next one.
		{Title: "serves the next client after disconnect", IDs: srs("016"), Phase: play.Foremost, Play: play.Script(
			next.FollowsTheFirst, play.Times(3, client.Connects, client.DisconnectsAndWaits, next.IsServed),
		)},

		{
			Title: "serves the next client after disconnect, though the first has not closed",
			IDs:   srs("016"),
			Play: play.Script(
				play.Times(3, client.Connects, client.Sends("disconnect\n"), next.IsServed, client.Closes),
			),
		},

		// SRS-049: The server shall serve any number of clients, one after the
		// other.
		{
			Title: "serves a thousand clients, one after the other",
			IDs:   srs("049"),
			Phase: play.Lengthy,
			Play: play.Func(func(t *play.Trial) {
				t.Connect().Leave(t)
				t.Step("connect, send a command, receive its answer and leave by disconnect, up to %d times", manyClients)
				var problem string
				var done int
				for range 2 { // a busy machine may fail once, the server would again
					done = t.Repeat(manyClients, func(int) bool {
						problem = t.Visit()
						return problem == ""
					})
					if problem == "" {
						break
					}
				}
				t.Note(fmt.Sprintf("%d clients were tried", done))
				t.Verify(play.Counted(t, "the connection of client number %d", done), play.Service(problem), play.Served)
			}),
		},
	},
}

const manyClients = 1000

var secondClient = play.Protocol{
	ID: "TP-005", Title: "second client",
	Objective:     "While one client is connected a further one is not served; when the first leaves, nothing is lost.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-003: The server shall serve one client at a time: while one is
		// connected, a further one shall get no packet.
		//
		// SRS-017: A further client shall either be closed, or be left waiting
		// and be served when the first one leaves, with nothing that it sent
		// lost.
		{Title: "does not serve a further client", IDs: srs("003"), Play: play.Script(
			client.Connects,
			second.Dials, second.Sends("ping\n"), second.IsNotServed,
			client.GetsNothingElse, second.IsNotServed,
		)},

		{
			Title: "serves a waiting client when the first one leaves",
			IDs:   srs("017", "003"),
			Needs: play.Pongs | play.AnswersPairs | play.OutlivesDisconnect,
			Play: play.Script(
				client.Connects,
				second.Dials, second.Sends("ping\nping\n"),
				play.About(srs("003"), client.GetsNothingElse, second.IsNotServed),
				client.DisconnectsAndWaits,
				play.About(srs("017"), isServedOrClosed), second.Leaves,
				play.Given(next.IsServed),
			),
		},

		{
			Title: "serves all waiting clients, one after the other",
			IDs:   srs("017", "003"),
			Needs: play.Pongs | play.AnswersPairs,
			Play:  play.Func(severalWait),
		},

		{
			Title: "keeps all that waiting clients have sent, until it is their turn",
			IDs:   srs("017", "003"),
			Needs: play.Pongs | play.OutlivesDisconnect,
			Play:  play.Func(waitersSendALot),
		},

		{
			Title: "serves one client at a time after others have left in any way",
			IDs:   srs("003"),
			Needs: play.SurvivesClose | play.SurvivesReset,
			Phase: play.Resetting,
			Play: play.Script(
				client.Connects, client.Closes, oneAtATime,
				client.Connects, client.Resets, oneAtATime,
				client.Connects, second.Dials, second.Sends("ping\n"), second.Closes, client.Leaves, oneAtATime,
			),
		},

		// SRS-022: The server shall handle a command alike in however many TCP
		// segments it arrives.
		{
			Title: "keeps an unfinished packet while a further client comes",
			IDs:   srs("022"),
			Needs: play.Pongs | play.SurvivesClose,
			Phase: play.Closing,
			Play: play.Script(
				client.Connects,
				play.Given(client.Sends("pi"), client.Hears(play.Nothing), client.Sends("ng\n"), client.Gets("pong")),
				play.Given(second.Dials, second.Sends("ping\n"), second.IsNotServed, client.GetsNothingElse, second.Closes),
				client.Sends("pi"),
				third.Dials, third.Sends("ping\n"), play.Given(third.IsNotServed),
				client.Sends("ng\n"), client.Gets("pong"), client.GetsNothingElse,
			),
		},

		// SRS-032: When its client closes the connection without disconnect, the
		// server shall serve the next one.
		//
		// SRS-034: When its client resets the connection, the server shall serve
		// the next one.
		{
			Title: "serves the next client after one that has closed while it waited",
			IDs:   srs("032"),
			Needs: play.ServesAfterDisconnect,
			Phase: play.Closing,
			Play:  play.Script(leavesWaiting("", second.Closes), leavesWaiting("ping\n", second.Closes)),
		},

		{
			Title: "serves the next client after one that has reset while it waited",
			IDs:   srs("034"),
			Needs: play.ServesAfterDisconnect,
			Phase: play.Resetting,
			Play:  play.Script(leavesWaiting("", second.Resets), leavesWaiting("ping\n", second.Resets)),
		},
	},
}

// oneAtATime has a client served while a further one is not.
var oneAtATime = play.Steps(
	client.Connects,
	second.Dials, second.Sends("ping\n"), second.IsNotServed,
	client.GetsNothingElse, second.Closes, client.Leaves,
)

// isServedOrClosed verifies that a client that had to wait, and has sent ping
// twice, is now served, or was closed.
func isServedOrClosed(t *play.Trial) bool {
	t.Step("%s gets both answers in order, or was closed without a packet", second)
	return servedOrClosed(t, second.Conn(t), second.Conn(t).Receive(t))
}

// servedOrClosed is isServedOrClosed for a connection, and what came first on it.
func servedOrClosed(t *play.Trial, c *target.Conn, event target.Event) bool {
	if event == target.Closed && !t.Rehearses() {
		return t.Verify("what comes to a client that had to wait", event, play.TheEnd)
	}
	return t.Verify("what comes to a client that had to wait", event, play.Packet("pong")) &&
		t.Verify("its second answer", c.Receive(t), play.Packet("pong")) && t.NoMore(c)
}

// leavesWaiting is a further client that leaves before its turn, which must keep
// nobody from being served: neither the first client nor the next.
func leavesWaiting(sent string, leaves play.Step) play.Step {
	return play.Steps(
		client.Connects,
		second.Dials, second.Sends(sent),
		play.Given(client.GetsNothingElse), // the server may have accepted the further one by then
		leaves,
		client.GetsNothingElse, client.Leaves,
		next.IsServed,
	)
}

// severalWait has several clients wait, which are then served in any order (Pj).
func severalWait(t *play.Trial) {
	first := t.Connect()
	t.Step("three further clients connect; each sends ping twice")
	var waiting []*target.Conn
	for range 3 {
		c := t.DialFurther()
		_ = c.Send("ping\nping\n")
		waiting = append(waiting, c)
	}
	t.Step("the first client is served as before; none of them gets a packet")
	t.NoMore(first)
	stillWait(t, waiting)
	first.Leave(t)
	for len(waiting) > 0 {
		t.Step("one of them, whichever the server takes, is served, or was closed without a packet; the others still wait")
		i, event := turn(t, waiting)
		c := waiting[i]
		waiting = slices.Delete(waiting, i, i+1)
		t.About("SRS-017")
		servedOrClosed(t, c, event)
		stillWait(t, waiting)
		c.Leave(t)
	}
}

// stillWait verifies that clients that wait get no packet: while one of them is
// listened to, the others could get theirs.
func stillWait(t *play.Trial, waiting []*target.Conn) {
	listened := false
	for _, c := range waiting {
		var event target.Event
		if listened {
			event = c.Poll(t, t.Pace.Limits.Pause)
		} else {
			event = c.Listen(t)
		}
		listened = listened || event == target.Nothing
		t.Verify("what comes to a client that waits", event, play.NothingOrTheEnd, "SRS-003")
	}
}

// turn gives the first of the clients that wait to get something, and what that
// is. In which order they are served nobody says (Pj).
func turn(t *play.Trial, waiting []*target.Conn) (int, target.Event) {
	trying, cancel := patience.Within(t, t.Pace.Response())
	defer cancel()
	for trying.Err() == nil {
		for i, c := range waiting {
			if event := c.Poll(t, t.Pace.Limits.Pause); !event.IsNothing() {
				return i, event
			}
		}
	}
	return 0, waiting[0].Poll(t, t.Pace.Limits.Pause)
}

// manyWaiting is how many pings a client sends while it waits: more bytes than a
// server reads at once, fewer than a connection holds.
const manyWaiting = 3000

// waitersSendALot has clients send more than a read gives while they wait, the
// second one half a packet, too.
func waitersSendALot(t *play.Trial) {
	n := t.Many(manyWaiting)
	data := strings.Repeat("ping\n", n) + "pi"
	first := t.Connect()
	t.Step("send ping many times, up to %d, and the first half of another, and receive as many pongs", manyWaiting)
	_ = first.Send(data)
	event, _ := receivePongs(t, first, n)
	t.Require("answers to a client that does not have to wait", event, play.Packet("pong"))
	_ = first.Send("ng\n")
	t.Require("the answer to the other half", first.Receive(t), play.Packet("pong"))
	t.Step("a further client connects, and sends the same; a third one connects, and sends ping and disconnect; neither gets a packet")
	waiter, last := t.DialFurther(), t.DialFurther()
	_ = waiter.Send(data)
	_ = last.Send("ping\ndisconnect\n")
	event = waiter.Listen(t)
	unserved := t.Verify("what comes to the second client", event, play.NothingOrTheEnd, "SRS-003")
	t.Step("the first client is served as before, and leaves")
	t.About("SRS-003")
	if !unserved || !t.NoMore(first) {
		return
	}
	first.Leave(t)
	if event == target.Closed {
		waiter.PutBack(event)
	}
	t.About("SRS-017")
	t.Step("the second one gets all its answers, and that to the second half which it sends now, or was closed without a packet")
	event, got := receivePongs(t, waiter, n)
	if event == target.Closed && got == 1 && !t.Rehearses() {
		t.Verify("what comes to a client that had to wait", event, play.TheEnd)
	} else if t.Verify(play.Counted(t, "answer number %d", got), event, play.Packet("pong")) {
		_ = waiter.Send("ng\n")
		t.Receives(waiter, play.Ping.Expect)
		t.NoMore(waiter)
	}
	waiter.Leave(t)
	t.Step("the third one gets its answer, or was closed without a packet")
	if event = last.Receive(t); event != target.Closed || t.Rehearses() {
		t.Verify("what comes to the third client", event, play.Packet("pong"))
	}
}

// receivePongs receives so many pongs, or until something else comes. It gives the last
// event, and its number.
func receivePongs(t *play.Trial, c *target.Conn, n int) (target.Event, int) {
	event, got := c.Receive(t), 1
	for ; got < n && event == target.Packet("pong"); got++ {
		event = c.Receive(t)
	}
	return event, got
}
