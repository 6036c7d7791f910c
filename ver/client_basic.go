package ver

import (
	"context"
	"errors"
	"strings"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

// suiteServes is what the specs of a client begin with.
var suiteServes = []string{"The suite is the server."}

var clientParameters = play.Protocol{
	ID: "TP-008", Title: "client parameters",
	Objective: "A client whose parameters are not set or invalid says which, and does not connect.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-002: The client shall check that its parameters are set and valid,
		// and shall name each one that is not.
		{
			Title: "names the parameter that is not set or invalid",
			IDs:   srs("002"),
			Play: play.Func(func(t *play.Trial) {
				t.Step("check a client without an address")
				names(t, checks(t, ""), []string{"addr"}, nil)
				t.Step("connect with it; it fails, and says the same")
				names(t, connectsNowhere(t), []string{"addr"}, nil)
				t.Step("check a client whose address has no port")
				names(t, checks(t, "nowhere"), []string{"addr"}, nil)
				t.Step("check a client with an address")
				t.Verify("the check", checks(t, "127.0.0.1:5001"), play.NoError)
			}),
		},
	},
}

// connectsNowhere gives the error of a client that is to connect without an address.
func connectsNowhere(t *play.Trial) error {
	if t.Rehearses() {
		return nil
	}
	c, err := t.Target.Client.New("")
	if err != nil {
		return err
	}
	t.CleanUp(func(context.Context) { _ = c.Quit() })
	if answer := c.Connect(t); answer.Kind == target.Failed {
		return errors.New(answer.Text)
	}
	return nil
}

var basicClient = play.Protocol{
	ID: "TP-004", Title: "basic client",
	Objective:     "The client connects, disconnects and shuts the server down.",
	Preconditions: suiteServes,
	Observe:       target.Client,
	Specs: []play.Spec{
		// SRS-011: The client shall connect to the server at the address that it
		// is given.
		//
		// SRS-054: The client shall report that it is connected only once a ping
		// of its own was answered pong.
		{Title: "connects by a ping of its own", IDs: srs("011", "054"), Play: play.Func(connectsByPing)},

		// SRS-059: The client shall report a failure to connect where no server
		// listens or no pong comes.
		{
			Title: "is not connected unless ping is answered by pong",
			IDs:   srs("054", "059"),
			Play: play.Func(func(t *play.Trial) {
				for _, answer := range []string{"nak\n", "PONG\n", "pong \n", "\n"} {
					t.Step("answer the client's ping by %q; it reports a failure, and is not connected", answer)
					m := meet(t)
					report := m.mustCome()
					t.Verify("what the client sends first", m.conn.Receive(t), play.Packet("ping"), "SRS-054")
					_ = m.conn.Send(answer)
					_ = m.conn.CloseWrite()
					t.Verify("what the client reports", m.wait(report), notOK)
					t.Verify("whether it is connected", m.connected(), play.IsNot(yes), "SRS-054")
				}
			}),
		},

		{Title: "reports a failure where nobody listens", IDs: srs("059"), Play: play.Func(func(t *play.Trial) {
			t.Step("tell the client to connect where nobody listens; it reports a failure")
			m := meet(t)
			_ = m.ln.Close()
			t.Verify("what the client reports", m.wait(m.start(connecting)), notOK)
		})},

		{
			Title: "reports a failure where the server closes before it answers",
			IDs:   srs("059"),
			Play: play.Func(func(t *play.Trial) {
				t.Step("accept the client and close at once; it reports a failure")
				m := meet(t)
				report := m.mustCome()
				_ = m.conn.Close()
				t.Verify("what the client reports", m.wait(report), notOK)
			}),
		},

		{Title: "reports a failure where no pong comes", IDs: srs("054", "059"), Play: play.Func(func(t *play.Trial) {
			t.Step("accept the client, and never answer its ping; in the end it reports a failure, and is not connected")
			m := meet(t)
			var report chan target.Answer
			first := target.Closed
			for limit := m.longest(); first == target.Closed && limit < 100*m.longest(); limit *= 4 { // a client on a busy machine may have given up before it could send
				report = m.startFor(limit, connecting)
				t.Require("a connection of the client's", m.accept(), play.NoError)
				first = m.conn.Receive(t)
			}
			t.Verify("what the client sends first", first, play.Packet("ping"), "SRS-054")
			t.Verify("what the client reports", m.wait(report), notOK, "SRS-059")
			t.Verify("whether it is connected", m.connected(), play.IsNot(yes), "SRS-054")
		})},

		// SRS-061: A client that is not connected shall fail at once to send, receive
		// and disconnect, and shall say so; nothing shall be sent later.
		{
			Title: "fails at once to send, receive and leave while it is not connected",
			IDs:   srs("061"),
			Play: play.Func(func(t *play.Trial) {
				m := meet(t)
				for range 2 { // before it has ever been connected, and when it has left
					m.failsUnconnected()
					t.Step("tell it to connect; nothing but its ping comes, of all that it was told to do before")
					report := m.mustCome()
					t.Verify("what the client sends first", m.conn.Receive(t), notLate)
					_ = m.conn.Send("pong\n")
					t.Require("what the client reports", m.wait(report), ok)
					t.Verify("what it sends when it is connected", m.conn.Listen(t), notLate)
					t.Step("tell it to disconnect; it does")
					report = m.start(disconnecting)
					t.Require("what the client sends", m.conn.Receive(t), play.Packet("disconnect"))
					_ = m.conn.CloseWrite()
					t.Require("the connection", m.conn.Receive(t), play.TheEnd)
					t.Require("what the client reports of its leaving", m.wait(report), ok)
					t.Require("whether it is connected", m.connected(), play.IsNot(yes))
				}
				m.failsUnconnected()
			}),
		},

		{
			Title: "fails to send once it knows that the server has closed",
			IDs:   srs("061"),
			Play: play.Func(func(t *play.Trial) {
				m := join(t)
				m.canReceive()
				t.Step("close the connection, and let the client notice")
				_ = m.conn.Close()
				t.Require("what it reports when the server has closed", m.receive(), play.Is(target.Answer{Kind: target.Ended}))
				t.Require("whether it is connected", m.connected(), play.IsNot(yes))
				t.Step("tell it to send; it reports at once that it cannot")
				t.Verify("what it reports of sending", m.wait(m.start(sending("late"))), notConnected)
			}),
		},

		// SRS-012: To disconnect, the client shall send the command disconnect,
		// and shall close the connection.
		{Title: "disconnects", IDs: srs("012"), Play: play.Func(leavesBy("disconnect", disconnecting))},

		// SRS-056: To shut the server down, the client shall send the command
		// shutdown, and shall close the connection.
		{Title: "shuts the server down", IDs: srs("056"), Play: play.Func(leavesBy("shutdown", shuttingDownServer))},
	},
}

// failsUnconnected tells a client that is not connected to do what needs a connection.
func (m *meeting) failsUnconnected() {
	m.Step("tell the client to send, to receive, to disconnect and to shut the server down while it is not connected; it reports at once that it cannot")
	m.Verify("what it reports of sending", m.wait(m.start(sending("early"))), notConnected)
	m.Verify("what it reports of receiving", m.wait(m.startFor(5*m.Limit(), receiving(4*m.Limit()))), notConnected)
	m.Verify("what it reports of leaving", m.disconnect(), notConnected)
	m.Verify("what it reports of shutting the server down", m.wait(m.start(shuttingDownServer)), notConnected)
}

func connectsByPing(t *play.Trial) {
	t.Step("tell the client to connect; it connects, and sends ping")
	m := meet(t)
	report := m.start(connecting)
	if !t.Verify("a connection of the client's", m.accept(), play.NoError, "SRS-011") {
		t.Verify("what a client reports that has not connected", m.wait(report), notOK, "SRS-054")
		return
	}
	if !t.Verify("what the client sends first", m.conn.Receive(t), play.Packet("ping"), "SRS-054") {
		return // the client may have given up by now
	}
	t.Step("answer nothing; the client does not report anything yet")
	t.Verify("what the client reports before pong", m.early(report), play.Is("no report"), "SRS-054")
	t.Step("answer pong; the client reports that it is connected")
	_ = m.conn.Send("pong\n")
	t.Verify("what the client reports", m.wait(report), ok)
	t.Verify("whether it is connected", m.connected(), play.Is(yes))
}

// leavesBy verifies how a client leaves.
func leavesBy(command string, leaving doing) func(*play.Trial) {
	return func(t *play.Trial) {
		m := join(t)
		t.Step("tell the client to leave by %s; it sends the command", command)
		report := m.start(leaving)
		t.Verify("what the client sends", m.conn.Receive(t), play.Packet(command))
		t.Step("end this side of the connection; the client ends its side, and sends nothing before")
		_ = m.conn.CloseWrite()
		t.Verify("the connection", m.conn.Receive(t), play.TheEnd)
		t.Verify("what the client reports", m.wait(report), ok)
		t.Verify("whether it is connected", m.connected(), play.IsNot(yes))
	}
}

var reconnectingClient = play.Protocol{
	ID: "TP-009", Title: "reconnecting client",
	Objective:     "A client that has left can come back.",
	Preconditions: suiteServes,
	Observe:       target.Client,
	Specs: []play.Spec{
		// SRS-058: After it has disconnected, the client shall be able to connect
		// again.
		{Title: "connects again after it has disconnected", IDs: srs("058"), Play: play.Func(func(t *play.Trial) {
			m := join(t)
			m.canReceive()
			for range 2 {
				t.Step("send half a response, and tell the client to disconnect; tell it to connect again; it does, and works as before")
				_ = m.conn.Send("half of a resp")
				_ = m.briefly()
				report := m.start(disconnecting)
				_ = m.conn.Receive(t)
				_ = m.conn.Close()
				_ = m.wait(report)
				if !m.connects() {
					return
				}
				_ = m.conn.Send("hello\n")
				t.Verify("what the client receives", m.receive(), received("hello"))
			}
		})},

		{Title: "connects again after the server has closed", IDs: srs("058"), Play: play.Func(func(t *play.Trial) {
			m := join(t)
			t.Step("close the connection, let the client notice and disconnect; tell it to connect again; it does")
			_ = m.conn.Close()
			t.Require("what it reports when the server has closed", m.receive(), reported)
			t.Require("what it reports of its leaving", m.disconnect(), reported)
			m.connects()
		})},
	},
}

// allBytes holds every byte but the line feed.
func allBytes() string {
	return strings.Join(append(around("", ""), aroundHigh("", "")...), "")
}
