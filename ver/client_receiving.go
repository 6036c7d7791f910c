package ver

import (
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

var clientReceiving = protocol{
	id: "TP-024", title: "client receiving",
	objective:     "The client gets every response, and tells the three ways of getting none apart.",
	preconditions: suiteServes,
	specs: []spec{
		// SRS-015: The client shall receive every response of the server, in order
		// and without its 0x0A, whatever its bytes.
		{title: "receives responses unaltered and in order", ids: srs("015"), observe: target.Client, play: act(receivesUnaltered)},

		{title: "receives responses of more than 64 KiB whole, or reports that it cannot", ids: srs("015"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			m.hears()
			for _, n := range []int{65_537, 200_000, 1_000_000} {
				t.step("send a response of %d bytes; the client receives it whole, or reports a failure", n)
				report := m.startFor(6*t.window(), receiving(3*t.window()))
				_ = m.conn.Send(pattern(n) + "\n")
				answer := m.wait(report)
				if !t.verify("what the client receives", answer, wholeOrError(pattern(n))) || answer.Kind != target.OK && !t.rehearses() {
					return
				}
			}
		})},

		{title: "hands over the answer to a ping of the user's own", ids: srs("015"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			t.step("tell the client to send ping, and answer it; the client receives pong")
			report := m.start(sending("ping"))
			t.require("what the client sends", m.conn.Receive(t), packet("ping"))
			_ = m.conn.Send("pong\n")
			t.require("what the client reports", m.wait(report), ok)
			t.verify("what the client receives", m.receive(), received("pong"))
		})},

		// SRS-060: The client shall take the byte 0x0A alone for the end of a
		// response, in however many segments responses arrive.
		{title: "receives responses in any number of segments", ids: srs("060"), observe: target.Client, play: act(receivesSegments)},

		// SRS-052: Receiving, the client shall tell a time-out, a closed
		// connection and an empty response apart.
		{title: "tells a time-out, an empty response and a closed connection apart", ids: srs("052"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			m.hears()
			t.step("send nothing; the client reports a time-out, and stays connected")
			t.verify("what the client reports", m.briefly(), is(target.Answer{Kind: target.Timeout}))
			t.verify("whether it is connected", m.connected(), is(yes))
			t.step("send an empty response; the client reports an empty text")
			_ = m.conn.Send("\n")
			t.verify("what the client receives", m.receive(), ok)
			t.step("close the connection; the client reports that it is closed")
			_ = m.conn.Close()
			t.verify("what the client reports", m.receive(), is(target.Answer{Kind: target.Ended}))
			t.verify("what it reports after that", m.receive(), isNot(target.Answer{Kind: target.OK}))
		})},

		{title: "waits a fraction of a second", ids: srs("052"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			m.hears()
			t.step("tell the client to receive within 0.9 s, and send a response after 0.1 s; the client receives it")
			report := m.start(receiving(900 * time.Millisecond))
			t.pause(100 * time.Millisecond)
			_ = m.conn.Send("soon\n")
			t.verify("what the client receives", m.wait(report), received("soon"))
		})},

		{title: "times out though bytes come one by one", ids: srs("052"), observe: target.Client, play: act(timesOutWhileFed)},

		// SRS-053: After a receive that timed out the client shall be able to
		// receive again, and shall lose no byte.
		{title: "loses nothing by a time-out", ids: srs("053"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			m.hears()
			for _, part := range []string{"f", "ir", "st re"} {
				t.step("send %q, not ended; the client hands over no part of it", part)
				_ = m.conn.Send(part)
				t.verify("what the client reports", m.briefly(), noText)
			}
			t.step("send the rest, and then a second response; the client receives both whole")
			_ = m.conn.Send("sponse\n")
			t.verify("what the client receives", m.receive(), received("first response"))
			_ = m.conn.Send("second\n")
			t.verify("what the client receives", m.receive(), received("second"))
		})},

		// SRS-057: The client shall notice that the server has closed the
		// connection.
		{title: "notices that the server has closed", ids: srs("057"), observe: target.Client, play: act(func(t *trial) {
			endsWithin := func(c *target.Conn) error {
				_ = c.Send("half")
				return c.Close()
			}
			noticed(t, "close", (*target.Conn).Close)
			noticed(t, "reset", (*target.Conn).Reset)
			noticed(t, "end within a response", endsWithin)
		})},
	},
}

func receivesUnaltered(t *trial) {
	m := join(t)
	texts := []string{"ack", "ack", "nak - unknown cmd", "", " ", "\r", "x\r", "\x00", "pong", "é", allBytes(), "ack", pattern(65_535), pattern(65_536)}
	t.step("send %d responses at once; the client receives them one by one", len(texts))
	_ = m.conn.Send(strings.Join(texts, "\n") + "\n")
	for _, text := range texts {
		if !t.verify("what the client receives", m.receive(), received(text)) {
			return
		}
	}
	t.step("there are no more: the next one that is sent is the next one that is received")
	_ = m.conn.Send("end\n")
	t.verify("what the client receives", m.receive(), received("end"))
	t.step("send two responses and close; when that has arrived, the client receives both")
	_ = m.conn.Send("one\ntwo\n")
	_ = m.conn.Close()
	t.pause(t.Pace().Quiet())
	for _, text := range []string{"one", "two"} {
		t.verify("what the client receives", m.receive(), received(text))
	}
}

func receivesSegments(t *trial) {
	t.step("answer the ping of the client in two segments; the client connects")
	m := meet(t)
	report := m.start(connecting)
	t.require("a connection of the client's", m.accept(), noError)
	t.require("what the client sends first", m.conn.Receive(t), packet("ping"))
	_ = m.conn.SendSegments(t, "po", "ng\n")
	if !t.verify("what the client reports", m.wait(report), ok) {
		return
	}
	_ = m.conn.Send("ready\n")
	t.require("the first response that the client receives", m.receive(), isNot(target.Answer{Kind: target.OK, Text: "pong"}))
	for _, parts := range splits("nak\n") {
		t.step("send a response in the segments %q; the client receives it whole", parts)
		report := m.start(receiving(t.window()))
		_ = m.conn.SendSegments(t, parts...)
		if !t.verify("what the client receives", m.wait(report), received("nak")) {
			return
		}
	}
	t.step("send responses in one segment each, of all sizes that buffers have; the client receives each at once")
	for _, n := range []int{16, 64, 128, 256, 512, 1024, 1448, 1460, 2048, 4096, 8192, 16384, 32768, 65536} {
		_ = m.conn.Send(pattern(n-1) + "\n")
		if !t.verify("what the client reports of a segment", m.receive().Kind, is(target.OK)) {
			return
		}
	}
	t.step("send responses that hold a carriage return, a NUL and a semicolon; none of them ends a response")
	for _, text := range []string{"a\rb", "a\x00b", "a;b"} {
		_ = m.conn.Send(text + "\n")
		t.verify("what the client receives", m.receive(), received(text))
	}
	t.step("send a response and a half, then the rest; the client receives two")
	_ = m.conn.Send("one\ntw")
	t.verify("what the client receives", m.receive(), received("one"))
	_ = m.conn.Send("o\n")
	t.verify("what the client receives", m.receive(), received("two"))
}

// timesOutWhileFed sends bytes without a line feed, for longer than the client is to
// wait.
func timesOutWhileFed(t *trial) {
	m := join(t)
	m.hears()
	within := t.Pace().Quiet()
	t.step("send a byte without a line feed; the client does not hand it over")
	_ = m.conn.Send("x")
	t.require("what the client reports", m.briefly(), noText)
	t.step("tell the client to receive within %s, and send a byte again and again for ten times as long; it reports a time-out meanwhile", t.Pace().Limits().Quiet)
	report := m.start(receiving(within))
	answer := target.Answer{Kind: target.Missing, Text: "none while bytes came"}
	for range 40 {
		t.pause(within / 4)
		_ = m.conn.Send("x")
		select {
		case answer = <-report:
			t.verify("what the client reports", answer, is(target.Answer{Kind: target.Timeout}))
			return
		default:
		}
	}
	t.verify("what the client reports", answer, is(target.Answer{Kind: target.Timeout}))
}

// noticed verifies that a client reports how its server has closed.
func noticed(t *trial, name string, end func(*target.Conn) error) {
	m := join(t)
	m.hears()
	t.verify("whether it is connected", m.connected(), is(yes))
	t.step("%s the connection; the client reports that it is closed, and is no longer connected", name)
	_ = end(m.conn)
	t.verify("what the client reports", m.receive(), is(target.Answer{Kind: target.Ended}))
	t.verify("whether it is connected", m.connected(), is(target.Answer{Kind: target.OK, Text: "false"}))
}
