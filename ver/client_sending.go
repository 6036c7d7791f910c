package ver

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

const (
	manyCommands = 300       // more than 8 bits can count
	slowBytes    = 1_900_000 // less than a packet may have
	slowCommands = 4         // together more than a narrow connection holds that is not read
)

var clientSending = play.Protocol{
	ID: "TP-026", Title: "client sending",
	Objective:     "What the client is told to send reaches the server unaltered, as one packet each.",
	Preconditions: suiteServes,
	Observe:       target.Client,
	Specs: []play.Spec{
		// SRS-013: The client shall send the bytes of a command unaltered, each
		// command once and in order.
		//
		// SRS-014: The client shall append the one byte 0x0A to every command
		// that it sends.
		{Title: "sends commands unaltered", IDs: srs("013"), Play: play.Func(sendsUnaltered)},

		{
			Title: "sends long commands whole to a server that is slow to read",
			IDs:   srs("013"),
			Play:  play.Func(sendsSlowly),
		},

		{Title: "sends no command behind a part of another", IDs: srs("013"), Play: play.Func(sendsBehindPart)},

		{Title: "ends every command by one line feed", IDs: srs("014"), Play: play.Func(endsCommands)},

		// SRS-055: The client shall refuse a command that holds 0x0A, and shall
		// send nothing of it.
		{Title: "refuses a command with a line feed", IDs: srs("055"), Play: play.Func(refusesLineFeeds)},
	},
}

func sendsUnaltered(t *play.Trial) {
	m := join(t)
	texts := []string{"cmd01", "a b", " x ", "\r", "x\r", "\x00", "é", "", "ping", "cmd01", allBytes(), strings.Repeat("y", 70_000)}
	for _, text := range texts {
		t.Step("tell the client to send %s", target.Packet(text))
		report := m.start(sending(text))
		t.Verify("what the client sends", m.conn.Receive(t), play.Packet(text))
		t.Verify("what the client reports", m.wait(report), ok)
	}
	t.Step("tell it to send %d numbered commands; each comes once and in order", manyCommands)
	for i := range manyCommands {
		text := strconv.Itoa(i)
		report := m.start(sending(text))
		event := m.conn.Receive(t)
		if _ = m.wait(report); event != target.Packet(text) && !t.Rehearses() {
			t.Verify("what the client sends", event, play.Packet(text))
			return
		}
	}
	t.Step("nothing more was sent")
	t.Verify("what comes after the last command", m.conn.Listen(t), play.Nothing)
}

// sendsSlowly has the client send more than a connection holds, to a server that
// reads nothing for a while.
func sendsSlowly(t *play.Trial) {
	m := join(t)
	m.conn.Narrow()
	stall, long := t.Pace.Limits.Stall, play.Pattern(slowBytes)
	if !m.sendsQuickly(long[:slowBytes/20]) {
		return
	}
	t.Step("tell the client to send %d commands of %d bytes, and read nothing for %s: each comes whole, or the client reports that it could not send it", slowCommands, slowBytes, stall)
	begun := make(chan struct{})
	report := m.startFor(4*t.Limit()+2*stall, func(c target.ClientUnderTest, ctx context.Context) target.Answer {
		for i := range slowCommands {
			if i == 1 {
				close(begun)
			}
			if answer := c.Send(ctx, long[i:]); answer.Kind != target.OK {
				return answer
			}
		}
		return target.Answer{Kind: target.OK}
	})
	waiting, cancel := patience.Within(t, t.Limit())
	defer cancel()
	select { // what the connection holds is soon sent by then
	case <-begun:
	case <-waiting.Done():
	}
	target.Pause(t, stall)
	outcome := delivery{}
	for i := range slowCommands {
		if outcome = (delivery{want: long[i:], came: m.conn.Receive(t)}); outcome.came != target.Packet(outcome.want) {
			break
		}
	}
	outcome.report = m.wait(report)
	if !t.Verify("the commands, and what the client reports", outcome, wholeOrReported) || outcome.report.Kind != target.OK && !t.Rehearses() {
		return
	}
	t.Step("nothing more was sent")
	t.Verify("what comes after the last command", m.conn.Listen(t), play.Nothing)
}

// sendsBehindPart has the client send more than a connection holds, to a server that
// reads nothing, until the time for that is over, and then one more command. A program
// has a time of its own for that, or none: then all comes whole.
func sendsBehindPart(t *play.Trial) {
	m := join(t)
	m.canReceive() // what a client has not received may reset the connection when it closes
	m.conn.Narrow()
	long, patient := play.Pattern(slowBytes), 6*t.Pace.Limits.Quiet
	limit := 4 * t.Limit() // for each
	if t.Target.Kind != target.UnderTest {
		limit = patient
	}
	t.Step("tell the client to send %d commands of %d bytes, and read nothing for a while; if it reports a failure, tell it to send one more", slowCommands, slowBytes)
	sent, reported, whole := 0, 0, 0
	took := make(chan time.Duration, slowCommands)
	report := m.startFor(slowCommands*limit, func(c target.ClientUnderTest, ctx context.Context) (answer target.Answer) {
		for range slowCommands {
			began := time.Now()
			ctx, cancel := context.WithTimeout(ctx, limit)
			answer = c.Send(ctx, long)
			cancel()
			if answer.Kind != target.OK {
				break
			}
			sent++
			took <- time.Since(began)
		}
		return answer
	})
	for idle, waits := m.Limit(), true; waits; { // a client may take long before it sends
		waiting, cancel := patience.Within(t, idle)
		select {
		case d := <-took:
			idle = max(2*patient, 3*d)
		case answer := <-report:
			waits = false
			if reported = sent; answer.Kind != target.OK {
				m.start(sending("another"))
			}
		case <-waiting.Done():
			waits = false
		}
		cancel()
	}
	t.Step("read: each command comes whole, or the connection ends")
	var event target.Event
	for range slowCommands {
		if event = m.conn.Receive(t); event != target.Packet(long) {
			break
		}
		whole++
	}
	t.Verify("the last command, or the first that does not come whole", event, notBehindPart)
	t.Verify("commands that the client reports as sent, and that do not come whole", max(reported-whole, 0), play.Is(0))
}

// sendsQuickly reports whether a client sends a command so quickly that it can be
// told to send more than a connection holds.
func (m *meeting) sendsQuickly(command string) bool {
	m.Step("tell the client to send a command of %d bytes", len(command))
	quickest := m.Limit()
	for range 5 {
		began := time.Now()
		report := m.start(sending(command))
		if !m.Verify("what the client sends", m.conn.Receive(m), play.Packet(command)) || !m.Verify("what the client reports", m.wait(report), ok) {
			return false
		}
		quickest = min(quickest, time.Since(began))
	}
	if 20*quickest > m.Limit()/4 && !m.Rehearses() {
		m.Note("the client takes " + quickest.String() + " for that, too long to have it send more than a connection holds")
		return false
	}
	return true
}

// endsCommands verifies how packets end. What they hold is the subject of other requirements.
func endsCommands(t *play.Trial) {
	t.Step("tell the client to connect; where it sends ping, that comes with its line feed, and with nothing before it")
	m := joinJudging(t, func(first target.Event) {
		if first.Holds("ping") || t.Rehearses() {
			t.Verify("what the client sends first", first, play.Packet("ping"))
		}
	})
	for _, text := range []string{"cmd01", "x", "cmd02"} {
		t.Step("tell the client to send %s; it is the next packet, with nothing but its line feed", target.Packet(text))
		report := m.start(sending(text))
		t.Verify("what the client sends", m.conn.Receive(t), play.Packet(text))
		_ = m.wait(report)
	}
	t.Step("tell it to send a command of 70000 bytes; one packet comes, and nothing after it")
	report := m.start(sending(strings.Repeat("y", 70_000)))
	_, whole := m.conn.Receive(t).IsPacket()
	t.Verify("a packet comes", whole, play.IsTrue)
	_ = m.wait(report)
	t.Verify("what comes after it", m.conn.Listen(t), play.Nothing)
}

func refusesLineFeeds(t *play.Trial) {
	m := join(t)
	t.Step("tell the client to send a command without a line feed; it is sent, and nothing after it")
	report := m.start(sending("fine"))
	t.Require("what the client sends", m.conn.Receive(t), play.Packet("fine"))
	t.Require("what the client reports", m.wait(report), ok)
	t.Require("what comes after it", m.conn.Listen(t), play.Nothing)
	for _, text := range []string{"a\nb", "\n", "a\n", "\na", "ping\nping"} {
		t.Step("tell the client to send %q; it reports an error", text)
		t.Verify("what the client reports", m.wait(m.start(sending(text))), failure)
	}
	t.Step("tell the client to send another command; it is the next packet that comes")
	report = m.start(sending("well"))
	t.Verify("what the client sends", m.conn.Receive(t), play.Packet("well"))
	t.Verify("what the client reports", m.wait(report), ok)
}
