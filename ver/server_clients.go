package ver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

var reconnecting = protocol{
	id: "TP-003", title: "disconnect and reconnect",
	objective:     "After one client the server serves the next, however many there are.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-016: When its client has left by disconnect, the server shall
		// serve the next one.
		{title: "serves the next client after disconnect", ids: srs("016"), play: script(
			times(3, client.connects, client.disconnects, next.isServed),
		)},

		{title: "frees itself on disconnect, though the client stays", ids: srs("016"), play: script(
			times(3, client.connects, client.sends("disconnect\n"), next.isServed, client.closes),
		)},

		// SRS-049: The server shall serve any number of clients, one after the
		// other.
		{title: "serves hundreds of clients, one after the other", ids: srs("049"), danger: lengthy, play: act(func(t *trial) {
			t.connect().Leave(t)
			t.step("connect, send a command, receive its answer and leave by disconnect, up to %d times", manyClients)
			problem := ""
			done := t.repeat(manyClients, func(int) bool {
				problem = t.visit()
				return problem == ""
			})
			t.note(fmt.Sprintf("%d clients were tried", done))
			t.verify(counted(t, "the connection of client number %d", done), service(problem), served)
		})},
	},
}

const manyClients = 1000

var secondClient = protocol{
	id: "TP-005", title: "second client",
	objective:     "While one client is connected a further one is not served; when the first leaves, nothing is lost.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-003: The server shall serve one client at a time: while one is
		// connected, a further one shall get no packet.
		//
		// SRS-017: A further client shall either be closed, or be left waiting
		// and be served when the first one leaves, with nothing that it sent
		// lost.
		{title: "does not serve a further client", ids: srs("003"), play: script(
			client.connects,
			second.dials, second.sends("ping\n"), second.isUnserved,
			client.getsNoMore, second.isUnserved,
		)},

		{
			title: "serves a waiting client when the first one leaves",
			ids:   srs("017", "003"), needs: []ability{pongs, pairs, outlivesDisconnect}, play: script(
				client.connects,
				second.dials, second.sends("ping\nping\n"),
				about(srs("003"), client.getsNoMore, second.isUnserved),
				client.disconnects,
				about(srs("017"), isServedOrClosed), second.leaves,
				given(next.isServed),
			),
		},

		{
			title: "serves all waiting clients, one after the other",
			ids:   srs("017", "003"), needs: []ability{pongs, pairs}, play: act(severalWait),
		},

		{
			title: "keeps all that waiting clients have sent, until it is their turn",
			ids:   srs("017", "003"), needs: []ability{pongs, outlivesDisconnect}, play: act(waitersSendALot),
		},

		{
			title: "serves one client at a time after others have left in any way",
			ids:   srs("003"), needs: []ability{survivesClose, survivesReset}, danger: resetting, play: script(
				client.connects, client.closes, oneAtATime,
				client.connects, client.resets, oneAtATime,
				client.connects, second.dials, second.sends("ping\n"), second.closes, client.leaves, oneAtATime,
			),
		},

		// SRS-022: The server shall handle a command alike in however many TCP
		// segments it arrives.
		{
			title: "keeps an unfinished packet while a further client comes",
			ids:   srs("022"), needs: []ability{pongs, survivesClose}, danger: closing, play: script(
				client.connects,
				given(client.sends("pi"), client.hears(nothing), client.sends("ng\n"), client.gets("pong")),
				given(second.dials, second.sends("ping\n"), second.isUnserved, client.getsNoMore, second.closes),
				client.sends("pi"),
				third.dials, third.sends("ping\n"), given(third.isUnserved),
				client.sends("ng\n"), client.gets("pong"), client.getsNoMore,
			),
		},

		// SRS-032: When its client closes the connection without disconnect, the
		// server shall serve the next one.
		//
		// SRS-034: When its client resets the connection, the server shall serve
		// the next one.
		{
			title: "serves the next client after one that has closed while it waited",
			ids:   srs("032"), needs: []ability{servesTheNext}, danger: closing, play: script(leavesWaiting("", second.closes), leavesWaiting("ping\n", second.closes)),
		},
		{
			title: "serves the next client after one that has reset while it waited",
			ids:   srs("034"), needs: []ability{servesTheNext}, danger: resetting, play: script(leavesWaiting("", second.resets), leavesWaiting("ping\n", second.resets)),
		},
	},
}

// oneAtATime has a client served while a further one is not.
func oneAtATime(t *trial) bool {
	return t.play(
		client.connects,
		second.dials, second.sends("ping\n"), second.isUnserved,
		client.getsNoMore, second.isUnserved, second.closes, client.leaves,
	)
}

// isServedOrClosed verifies that a client that had to wait, and has sent ping
// twice, is now served, or was closed.
func isServedOrClosed(t *trial) bool {
	t.step("%s gets both answers in order, or was closed without a packet", second)
	return servedOrClosed(t, second.conn(t), second.conn(t).Receive(t))
}

// servedOrClosed is isServedOrClosed for a connection, and what came first on it.
func servedOrClosed(t *trial, c *target.Conn, event target.Event) bool {
	if event == target.Closed && !t.rehearses() {
		return t.verify("what comes to a client that had to wait", event, theEnd)
	}
	return t.verify("what comes to a client that had to wait", event, packet("pong")) &&
		t.verify("its second answer", c.Receive(t), packet("pong")) && t.noMore(c)
}

// leavesWaiting is a further client that leaves before its turn, which must keep
// nobody from being served: neither the first client nor the next.
func leavesWaiting(sent string, leaves step) step {
	return func(t *trial) bool {
		return t.play(
			client.connects,
			second.dials, second.sends(sent),
			given(client.getsNoMore), // the server may have accepted the further one by then
			leaves,
			client.getsNoMore, client.leaves,
			next.isServed,
		)
	}
}

// severalWait has several clients wait, which are then served in any order (Pj).
func severalWait(t *trial) {
	first := t.connect()
	t.step("three further clients connect; each sends ping twice")
	var waiting []*target.Conn
	for range 3 {
		c := t.dialFurther()
		_ = c.Send("ping\nping\n")
		waiting = append(waiting, c)
	}
	t.step("the first client is served as before; none of them gets a packet")
	t.noMore(first)
	stillWait(t, waiting)
	first.Leave(t)
	for len(waiting) > 0 {
		t.step("one of them, whichever the server takes, is served, or was closed without a packet; the others still wait")
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
func stillWait(t *trial, waiting []*target.Conn) {
	listened := false
	for _, c := range waiting {
		var event target.Event
		if listened {
			event = c.Poll(t, t.Pace().Limits().Pause)
		} else {
			event = t.listen(c)
		}
		listened = listened || event == target.Nothing
		t.verify("what comes to a client that waits", event, nothingOrTheEnd, "SRS-003")
	}
}

// turn gives the first of the clients that wait to get something, and what that
// is. In which order they are served nobody says (Pj).
func turn(t *trial, waiting []*target.Conn) (int, target.Event) {
	trying, cancel := patience.Within(t, t.Pace().Response())
	defer cancel()
	for trying.Err() == nil {
		for i, c := range waiting {
			if event := c.Poll(t, t.Pace().Limits().Pause); !event.IsNothing() {
				return i, event
			}
		}
	}
	return 0, waiting[0].Poll(t, t.Pace().Limits().Pause)
}

// manyWaiting is how many pings a client sends while it waits: more bytes than a
// server reads at once, fewer than a connection holds.
const manyWaiting = 3000

// waitersSendALot has clients send more than a read gives while they wait, the
// second one half a packet, too.
func waitersSendALot(t *trial) {
	n := t.many(manyWaiting)
	data := strings.Repeat("ping\n", n) + "pi"
	first := t.connect()
	t.step("send ping many times, up to %d, and the first half of another, and receive as many pongs", manyWaiting)
	_ = first.Send(data)
	event, _ := receivePongs(t, first, n)
	t.require("answers to a client that does not have to wait", event, packet("pong"))
	_ = first.Send("ng\n")
	t.require("the answer to the other half", first.Receive(t), packet("pong"))
	t.step("a further client connects, and sends the same; a third one connects, and sends ping and disconnect; neither gets a packet")
	waiter, last := t.dialFurther(), t.dialFurther()
	_ = waiter.Send(data)
	_ = last.Send("ping\ndisconnect\n")
	event = t.listen(waiter)
	unserved := t.verify("what comes to the second client", event, nothingOrTheEnd, "SRS-003")
	t.step("the first client is served as before, and leaves")
	t.About("SRS-003")
	if !unserved || !t.noMore(first) {
		return
	}
	first.Leave(t)
	if event == target.Closed {
		waiter.Unread(event)
	}
	t.About("SRS-017")
	t.step("the second one gets all its answers, and that to the second half which it sends now, or was closed without a packet")
	event, got := receivePongs(t, waiter, n)
	if event == target.Closed && got == 1 && !t.rehearses() {
		t.verify("what comes to a client that had to wait", event, theEnd)
	} else if t.verify(counted(t, "answer number %d", got), event, packet("pong")) {
		_ = waiter.Send("ng\n")
		t.receives(waiter, ping.Expect)
		t.noMore(waiter)
	}
	waiter.Leave(t)
	t.step("the third one gets its answer, or was closed without a packet")
	if event = last.Receive(t); event != target.Closed || t.rehearses() {
		t.verify("what comes to the third client", event, packet("pong"))
	}
}

// receivePongs receives so many pongs, or until something else comes. It gives the last
// event, and its number.
func receivePongs(t *trial, c *target.Conn, n int) (target.Event, int) {
	event, got := c.Receive(t), 1
	for ; got < n && event == target.Packet("pong"); got++ {
		event = c.Receive(t)
	}
	return event, got
}
