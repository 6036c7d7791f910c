package ver

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

// meeting is a client under test and the server that the suite plays for it.
type meeting struct {
	*play.Trial
	ln     *net.TCPListener
	client target.ClientUnderTest
	conn   *target.Conn
}

// doing is something that a client is told to do.
type doing func(target.ClientUnderTest, context.Context) target.Answer

// What a client is told to do that takes nothing.
var (
	connecting         doing = target.ClientUnderTest.Connect
	disconnecting      doing = target.ClientUnderTest.Disconnect
	shuttingDownServer doing = target.ClientUnderTest.Shutdown
)

func sending(text string) doing {
	return func(c target.ClientUnderTest, ctx context.Context) target.Answer { return c.Send(ctx, text) }
}

func receiving(within time.Duration) doing {
	return func(c target.ClientUnderTest, ctx context.Context) target.Answer { return c.Receive(ctx, within) }
}

// meet makes a client and listens for it.
func meet(t *play.Trial) *meeting {
	if t.Rehearses() {
		return &meeting{Trial: t, client: target.Absent{}, conn: target.Nowhere()}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	t.BlockOn("listen", err)
	t.CleanUp(func(context.Context) { _ = ln.Close() })
	client, err := t.Target.Client.New(ln.Addr().String())
	t.BlockOn("start the client", err)
	t.CleanUp(func(context.Context) { _ = client.Quit() })
	return &meeting{Trial: t, ln: ln.(*net.TCPListener), client: client}
}

// join makes a client that is connected, as a precondition.
func join(t *play.Trial) *meeting {
	return joinJudging(t, func(target.Event) {})
}

// joinJudging is join, and has the client's first packet judged, which should be
// ping.
func joinJudging(t *play.Trial, judge func(target.Event)) *meeting {
	m := meet(t)
	report := m.mustCome()
	first := m.conn.Receive(t)
	judge(first)
	t.Require("what the client sends first", first, play.Packet("ping"))
	_ = m.conn.Send("pong\n")
	t.Require("what the client reports of its connecting", m.wait(report), ok)
	return m
}

// canReceive makes sure that the client receives what the suite sends, as a
// precondition.
func (m *meeting) canReceive() {
	_ = m.conn.Send("ready\n")
	m.Require("the first response that the client receives", m.receive(), received("ready"))
}

// accept accepts the connection of the client. One that is a program of its own
// has to start first.
func (m *meeting) accept() error {
	if m.Rehearses() {
		return nil
	}
	conn, err := target.Accept(m, m.ln, m.Pace, m.Log())
	if err == nil {
		m.conn = conn
		m.CleanUp(func(context.Context) { _ = conn.Close() })
	}
	return err
}

// mustCome tells the client to connect, and makes sure that it comes, as a precondition.
func (m *meeting) mustCome() chan target.Answer {
	report := m.start(connecting)
	m.Require("a connection of the client's", m.accept(), play.NoError)
	return report
}

// connects verifies that the client connects and works.
func (m *meeting) connects() bool {
	report := m.start(connecting)
	if !m.Verify("a connection of the client's", m.accept(), play.NoError) {
		return false
	}
	m.Verify("what the client sends first", m.conn.Receive(m), play.Packet("ping"))
	_ = m.conn.Send("pong\n")
	return m.Verify("what the client reports", m.wait(report), ok) && m.Verify("whether it is connected", m.connected(), play.Is(yes))
}

// start tells the client to do something, while the suite is its server. What
// the client reports is given by wait.
func (m *meeting) start(do doing) chan target.Answer { return m.startFor(2*m.Limit(), do) }

func (m *meeting) startFor(limit time.Duration, do doing) chan target.Answer {
	report := make(chan target.Answer, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		report <- do(m.client, ctx)
	}()
	return report
}

// longest is how long a client may wait for what never comes. A program of its own
// decides that itself; one that is called is told.
func (m *meeting) longest() time.Duration {
	if m.Target.Kind == target.UnderTest {
		return 2 * m.Limit()
	}
	return 3 * m.Pace.Quiet()
}

// wait gives the client's report.
func (m *meeting) wait(report <-chan target.Answer) target.Answer {
	if m.Rehearses() {
		return <-report
	}
	waiting, cancel := patience.Within(m, 3*m.Limit())
	defer cancel()
	select {
	case answer := <-report:
		return answer
	case <-waiting.Done():
	}
	if m.Err() != nil {
		return target.Answer{}
	}
	return target.Answer{Kind: target.Missing, Text: "the client has not reported in time"}
}

// early gives a report that comes although it should not yet. It is still there
// for wait.
func (m *meeting) early(report chan target.Answer) string {
	listening, cancel := patience.Within(m, m.Pace.Quiet())
	defer cancel()
	select {
	case answer := <-report:
		report <- answer
		return answer.String()
	case <-listening.Done():
	}
	return "no report"
}

// exchange tells the client to send a command, answers it by responses in one segment,
// and lets them arrive.
func (m *meeting) exchange(command string, responses ...string) {
	report := m.start(sending(command))
	m.Require("what the client sends", m.conn.Receive(m), play.Packet(command))
	_ = m.conn.Send(strings.Join(responses, "\n") + "\n")
	m.Require("what the client reports", m.wait(report), ok)
	target.Pause(m, m.Pace.Limits.Pause)
}

// receive tells the client to receive, and gives what it reports.
func (m *meeting) receive() target.Answer { return m.wait(m.start(receiving(m.Limit()))) }

// patience is how long a client is told again and again to receive a long response.
func (m *meeting) patience() time.Duration { return 8 * m.Limit() }

// receivePatiently is receive for a response that may take the client long to read: after a
// time-out it is told to receive again, which loses nothing (Ps).
func (m *meeting) receivePatiently() target.Answer {
	answer := m.receive()
	waiting, cancel := patience.Within(m, m.patience())
	defer cancel()
	for answer.Kind == target.Timeout && waiting.Err() == nil {
		answer = m.receive()
	}
	return answer
}

// briefly tells the client to receive, for a short time only.
func (m *meeting) briefly() target.Answer { return m.wait(m.start(receiving(m.Pace.Quiet()))) }

// disconnect tells the client to disconnect, and gives what it reports.
func (m *meeting) disconnect() target.Answer { return m.wait(m.start(disconnecting)) }

// connected gives what the client reports of its connection.
func (m *meeting) connected() target.Answer { return m.client.Connected(m) }

// checks gives what the client says of its parameters.
func checks(t *play.Trial, addr string) error {
	if t.Rehearses() {
		return errors.New("")
	}
	return t.Target.Client.Check(addr)
}
