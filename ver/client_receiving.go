package ver

import (
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var clientReceiving = play.Protocol{
	ID: "TP-024", Title: "client receiving",
	Objective:     "The client gets every response, and tells the three ways of getting none apart.",
	Preconditions: suiteServes,
	Observe:       target.Client,
	Specs: []play.Spec{
		// SRS-015: The client shall receive every response of the server, in order
		// and without its 0x0A, whatever its bytes.
		{Title: "receives responses unaltered and in order", IDs: srs("015"), Play: play.Func(receivesUnaltered)},

		{
			Title: "receives responses of more than 64 KiB whole, or reports that it cannot",
			IDs:   srs("015"),
			Play:  play.Func(receivesLong),
		},

		{
			Title: "hands over the answer to a ping of the user's own",
			IDs:   srs("015"),
			Play: play.Func(func(t *play.Trial) {
				m := join(t)
				t.Step("tell the client to send ping, and answer it; the client receives pong")
				m.exchange("ping", "pong")
				t.Verify("what the client receives", m.receive(), received("pong"))
			}),
		},

		{
			Title: "hands over no answer to a ping of its own, however late that is",
			IDs:   srs("015"),
			Play:  play.Func(handsOverNoPong),
		},

		{
			Title: "keeps the responses that it has not received when it sends",
			IDs:   srs("015"),
			Play:  play.Func(keepsWhileSending),
		},

		// SRS-060: The client shall take the byte 0x0A alone for the end of a
		// response, in however many segments responses arrive.
		{Title: "receives responses in any number of segments", IDs: srs("060"), Play: play.Func(receivesSegments)},

		// SRS-052: Receiving, the client shall tell a time-out, a closed
		// connection and an empty response apart.
		{
			Title: "tells a time-out, an empty response and a closed connection apart",
			IDs:   srs("052"),
			Play: play.Func(func(t *play.Trial) {
				m := join(t)
				m.canReceive()
				t.Step("send nothing; the client reports a time-out, and stays connected")
				t.Verify("what the client reports", m.briefly(), play.Is(target.Answer{Kind: target.Timeout}))
				t.Verify("whether it is connected", m.connected(), play.Is(yes))
				t.Step("send an empty response; the client reports an empty text")
				_ = m.conn.Send("\n")
				t.Verify("what the client receives", m.receive(), ok)
				t.Step("close the connection; the client reports that it is closed")
				_ = m.conn.Close()
				t.Verify("what the client reports", m.receive(), play.Is(target.Answer{Kind: target.Ended}))
				t.Verify("what it reports after that", m.receive(), play.IsNot(target.Answer{Kind: target.OK}))
			}),
		},

		{Title: "honors a time-out of less than a second", IDs: srs("052"), Play: play.Func(func(t *play.Trial) {
			m := join(t)
			m.canReceive()
			t.Step("tell the client to receive within 0.9 s, and send a response after 0.1 s; the client receives it")
			report := m.start(receiving(900 * time.Millisecond))
			target.Pause(t, 100*time.Millisecond)
			_ = m.conn.Send("soon\n")
			t.Verify("what the client receives", m.wait(report), received("soon"))
		})},

		{Title: "times out though bytes come one by one", IDs: srs("052"), Play: play.Func(timesOutWhileFed)},

		// SRS-053: After a receive that timed out the client shall be able to
		// receive again, and shall lose no byte.
		{Title: "loses no byte when a receive times out", IDs: srs("053"), Play: play.Func(func(t *play.Trial) {
			m := join(t)
			m.canReceive()
			for _, part := range []string{"f", "irst re"} {
				t.Step("send %q, not ended; the client hands over no part of it", part)
				_ = m.conn.Send(part)
				t.Verify("what the client reports", m.briefly(), noText)
			}
			t.Step("send the rest, and then a second response; the client receives both whole")
			_ = m.conn.Send("sponse\n")
			t.Verify("what the client receives", m.receive(), received("first response"))
			_ = m.conn.Send("second\n")
			t.Verify("what the client receives", m.receive(), received("second"))
		})},

		{
			Title: "loses no byte when a command is sent after a time-out",
			IDs:   srs("053"),
			Play: play.Func(func(t *play.Trial) {
				m := join(t)
				m.canReceive()
				t.Step("send half a response; the client reports a time-out")
				_ = m.conn.Send("firs")
				t.Require("what the client reports", m.briefly(), noText)
				t.Step("tell the client to send a command, and send the other half; the client receives the response whole")
				m.exchange("cmd", "t")
				t.Verify("what the client receives", m.receive(), received("first"))
			}),
		},

		// SRS-057: The client shall notice that the server has closed the
		// connection.
		{Title: "notices that the server has closed", IDs: srs("057"), Play: play.Func(func(t *play.Trial) {
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

// receivesUnaltered sends many responses at once, then one, and then two and the end.
func receivesUnaltered(t *play.Trial) {
	m := join(t)
	texts := []string{"ack", "ack", "nak - unknown cmd", "", " ", "\r", "x\r", "\x00", "pong", "é", allBytes(), "ack", play.Pattern(65_535), play.Pattern(65_536)}
	t.Step("send %d responses at once; the client receives them one by one", len(texts))
	_ = m.conn.Send(strings.Join(texts, "\n") + "\n")
	for _, text := range texts {
		if !t.Verify("what the client receives", m.receivePatiently(), received(text)) {
			return
		}
	}
	t.Step("there are no more: the next one that is sent is the next one that is received")
	_ = m.conn.Send("end\n")
	t.Verify("what the client receives", m.receive(), received("end"))
	t.Step("send two responses and close; when that has arrived, the client receives both")
	_ = m.conn.Send("one\ntwo\n")
	_ = m.conn.Close()
	target.Pause(t, t.Pace.Quiet())
	for _, text := range []string{"one", "two"} {
		t.Verify("what the client receives", m.receive(), received(text))
	}
}

// handsOverNoPong is a server that is slow to answer the client's ping, and answers every
// further one that comes meanwhile. Where the client does not wait so long, it answers sooner.
func handsOverNoPong(t *play.Trial) {
	m := meet(t)
	t.Step("tell the client to connect, and answer its ping late; answer every further ping that it has sent")
	report := target.Answer{}
	for _, late := range []time.Duration{t.Pace.Limits.Stall, t.Pace.Limits.Stall / 2, t.Pace.Limits.Stall / 4, 0} {
		connects := m.mustCome()
		t.Require("what the client sends first", m.conn.Receive(t), play.Packet("ping"))
		target.Pause(t, late)
		select {
		case report = <-connects:
			if report.Kind == target.OK && !t.Rehearses() { // SRS-054
				t.Block("the client reports that it is connected before its ping is answered")
			}
			connects <- report
		default:
		}
		_ = m.conn.Send("pong\n")
		if report = m.wait(connects); report.Kind == target.OK || t.Rehearses() {
			break
		}
	}
	t.Require("what the client reports of its connecting", report, ok)
	for until := time.Now().Add(t.Limit()); m.conn.Poll(t, t.Pace.Limits.Pause) == target.Packet("ping") && time.Now().Before(until); {
		_ = m.conn.Send("pong\n")
	}
	t.Step("send a response; it is the first that the client receives")
	_ = m.conn.Send("ready\n")
	t.Verify("what the client receives", m.receive(), received("ready"))
}

// receivesLong sends responses that are the longer the quicker the client is: what a
// client takes for one may grow with the square of its length.
func receivesLong(t *play.Trial) {
	m := join(t)
	m.canReceive()
	took, length := time.Duration(0), 1
	for _, n := range []int{20_000, 65_537, 200_000, 1_000_000} {
		t.Step("send a response of %d bytes; the client receives it whole, or reports a failure. After a time-out it is told to receive again", n)
		if growth := time.Duration(n/length + 1); took > m.patience()/4/growth/growth && !t.Rehearses() {
			t.Note("the client takes " + took.String() + " for a response of " + strconv.Itoa(length) + " bytes, too long to be sent a longer one")
			return
		}
		began, text := time.Now(), play.Pattern(n)
		sent := m.conn.Stream(text+"\n", func() {})
		answer := m.receivePatiently()
		took, length = time.Since(began), n
		sent.Stop()
		if !t.Verify("what the client receives", answer, wholeOrError(text)) || answer.Kind != target.OK && !t.Rehearses() {
			return
		}
	}
}

// keepsWhileSending has the client send a command when responses to the one before
// have come that it has not received.
func keepsWhileSending(t *play.Trial) {
	m := join(t)
	m.canReceive()
	receives := func(texts ...string) {
		for _, text := range texts {
			t.Verify("what the client receives", m.receive(), received(text))
		}
	}
	t.Step("tell the client to send a command, and answer it; when the response has come, tell it to send another, and answer that; the client receives both responses in order")
	m.exchange("cmd1", "one")
	m.exchange("cmd2", "two")
	receives("one", "two")
	t.Step("send nothing; the client reports a time-out. Do the same again")
	t.Require("what the client reports", m.briefly(), noText)
	m.exchange("cmd3", "three")
	m.exchange("cmd4", "four")
	receives("three", "four")
	t.Step("answer a command by two responses in one segment; the client receives the first. Answer another command; the client receives the second, and then that response")
	m.exchange("cmd5", "five", "six")
	t.Require("what the client receives", m.receive(), received("five"))
	m.exchange("cmd6", "seven")
	receives("six", "seven")
}

func receivesSegments(t *play.Trial) {
	t.Step("answer the ping of the client in two segments; the client connects")
	m := meet(t)
	report := m.mustCome()
	t.Require("what the client sends first", m.conn.Receive(t), play.Packet("ping"))
	_ = m.conn.Send("po")
	target.Pause(t, t.Pace.Quiet()) // even a busy client has read it by then
	_ = m.conn.Send("ng\n")
	if !t.Verify("what the client reports", m.wait(report), ok) {
		return
	}
	_ = m.conn.Send("ready\n") // who takes the pong for a response would be one behind from here on
	t.Require("the first response that the client receives", m.receive(), play.IsNot(target.Answer{Kind: target.OK, Text: "pong"}))
	for _, parts := range splits("nak\n") {
		t.Step("send a response in the segments %q; the client receives it whole", parts)
		report := m.start(receiving(t.Limit()))
		_ = m.conn.SendSegments(t, parts...)
		if !t.Verify("what the client receives", m.wait(report), received("nak")) {
			return
		}
	}
	t.Step("send responses in one segment each, of all sizes that buffers have; the client receives each at once")
	for _, n := range []int{16, 64, 128, 256, 512, 1024, 1448, 1460, 2048, 4096, 8192, 16384, 32768, 65536} {
		began := time.Now()
		_ = m.conn.Send(play.Pattern(n-1) + "\n")
		if !t.Verify("what the client reports of a segment", m.receive().Kind, play.Is(target.OK)) {
			return
		}
		if took := time.Since(began); took > t.Limit()/16 && !t.Rehearses() {
			t.Note("the client takes " + took.String() + " for a response of " + strconv.Itoa(n-1) + " bytes, too long to be sent a longer one")
			break
		}
	}
	t.Step("send responses that hold a carriage return, a NUL and a semicolon; none of them ends a response")
	for _, text := range []string{"a\rb", "a\x00b", "a;b"} {
		_ = m.conn.Send(text + "\n")
		t.Verify("what the client receives", m.receive(), received(text))
	}
	t.Step("send a response and a half, then the rest; the client receives two")
	_ = m.conn.Send("one\ntw")
	t.Verify("what the client receives", m.receive(), received("one"))
	_ = m.conn.Send("o\n")
	t.Verify("what the client receives", m.receive(), received("two"))
}

// timesOutWhileFed sends bytes without a line feed, for longer than the client is to
// wait.
func timesOutWhileFed(t *play.Trial) {
	m := join(t)
	m.canReceive()
	within := t.Pace.Quiet()
	t.Step("send a byte without a line feed; the client does not hand it over")
	_ = m.conn.Send("x")
	t.Require("what the client reports", m.briefly(), noText)
	t.Step("tell the client to receive within %s, on a busy machine longer, and send a byte again and again for ten times as long; it reports a time-out meanwhile", t.Pace.Limits.Quiet)
	for range 5 {
		if answer, steadily := feeds(m, within); steadily || answer.Kind != target.Timeout {
			t.Verify("what the client reports", answer, play.Is(target.Answer{Kind: target.Timeout}))
			return
		}
		within *= 2
	}
	t.Block("this machine is too busy: a pause of %s took longer than %s, again and again", within/4, within)
}

// feeds sends a byte again and again to a client that receives within so long, for ten
// times as long, and gives its report. It reports whether no pause was as long as that.
func feeds(m *meeting, within time.Duration) (answer target.Answer, steadily bool) {
	report, last := m.start(receiving(within)), time.Now()
	for range 40 {
		target.Pause(m, within/4)
		_ = m.conn.Send("x")
		steadily = time.Since(last) < within
		last = time.Now()
		select {
		case answer := <-report:
			return answer, steadily
		default:
		}
		if !steadily { // the report has not come yet, but may be on its way
			return m.wait(report), false
		}
	}
	return target.Answer{Kind: target.Missing, Text: "none while bytes came"}, true
}

// noticed verifies that a client reports how its server has closed.
func noticed(t *play.Trial, name string, end func(*target.Conn) error) {
	m := join(t)
	m.canReceive()
	t.Verify("whether it is connected", m.connected(), play.Is(yes))
	t.Step("%s the connection; the client reports that it is closed, and is no longer connected", name)
	_ = end(m.conn)
	t.Verify("what the client reports", m.receive(), play.Is(target.Answer{Kind: target.Ended}))
	t.Verify("whether it is connected", m.connected(), play.Is(target.Answer{Kind: target.OK, Text: "false"}))
}
