package ver

import (
	"context"
	"errors"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// suiteServes is what the specs of a client begin with.
var suiteServes = []string{"The suite is the server."}

var clientParameters = protocol{
	id: "TP-008", title: "client parameters",
	objective: "A client whose parameters are not set or invalid says which, and does not connect.",
	specs: []spec{
		// SRS-002: The client shall check that its parameters are set and valid,
		// and shall name each one that is not.
		{title: "names the parameter that is not set or invalid", ids: srs("002"), observe: target.API, play: act(func(t *trial) {
			t.step("check a client without an address")
			names(t, checks(t, ""), []string{"addr"}, nil)
			t.step("connect with it; it fails, and says the same")
			names(t, connectsNowhere(t), []string{"addr"}, nil)
			t.step("check a client whose address has no port")
			names(t, checks(t, "nowhere"), []string{"addr"}, nil)
			t.step("check a client with an address")
			t.verify("the check", checks(t, "127.0.0.1:5001"), noError)
		})},
	},
}

// connectsNowhere gives the error of a client that is to connect without an address.
func connectsNowhere(t *trial) error {
	if t.rehearses() {
		return nil
	}
	c, err := t.Target().Client.New("")
	if err != nil {
		return err
	}
	t.cleanUp(func(context.Context) { _ = c.Quit() })
	if answer := c.Connect(t); answer.Kind == target.Failed {
		return errors.New(answer.Text)
	}
	return nil
}

var basicClient = protocol{
	id: "TP-004", title: "basic client",
	objective:     "The client connects, disconnects and shuts the server down.",
	preconditions: suiteServes,
	specs: []spec{
		// SRS-011: The client shall connect to the server at the address that it
		// is given.
		//
		// SRS-054: The client shall report that it is connected only once a ping
		// of its own was answered pong.
		{title: "connects by a ping of its own", ids: srs("011", "054"), observe: target.Client, play: act(connectsByPing)},

		// SRS-059: The client shall report a failure to connect where no server
		// listens or no pong comes.
		{title: "is not connected where ping is answered otherwise", ids: srs("054", "059"), observe: target.Client, play: act(func(t *trial) {
			for _, answer := range []string{"nak\n", "PONG\n", "pong \n", "\n"} {
				t.step("answer the client's ping by %q; it reports a failure, and is not connected", answer)
				m := meet(t)
				report := m.start(connecting)
				t.require("a connection of the client's", m.accept(), noError)
				t.verify("what the client sends first", m.conn.Receive(t), packet("ping"), "SRS-054")
				_ = m.conn.Send(answer)
				_ = m.conn.CloseWrite()
				t.verify("what the client reports", m.wait(report), notOK)
				t.verify("whether it is connected", m.connected(), isNot(yes), "SRS-054")
			}
		})},

		{title: "reports that nobody listens", ids: srs("059"), observe: target.Client, play: act(func(t *trial) {
			t.step("tell the client to connect where nobody listens; it reports a failure")
			m := meet(t)
			_ = m.ln.Close()
			t.verify("what the client reports", m.wait(m.start(connecting)), notOK)
		})},

		{title: "reports that the server closed before it answered", ids: srs("059"), observe: target.Client, play: act(func(t *trial) {
			t.step("accept the client and close at once; it reports a failure")
			m := meet(t)
			report := m.start(connecting)
			t.require("a connection of the client's", m.accept(), noError)
			_ = m.conn.Close()
			t.verify("what the client reports", m.wait(report), notOK)
		})},

		{title: "reports that no pong comes", ids: srs("054", "059"), observe: target.Client, play: act(func(t *trial) {
			t.step("accept the client, and never answer its ping; in the end it reports a failure, and is not connected")
			m := meet(t)
			report := m.startFor(m.longest(), connecting)
			t.require("a connection of the client's", m.accept(), noError)
			t.verify("what the client sends first", m.conn.Receive(t), packet("ping"), "SRS-054")
			t.verify("what the client reports", m.wait(report), notOK, "SRS-059")
			t.verify("whether it is connected", m.connected(), isNot(yes), "SRS-054")
		})},

		// SRS-061: A client that is not connected shall fail at once to send, receive
		// and disconnect, and shall say so; nothing shall be sent later.
		{title: "fails at once where it is not connected", ids: srs("061"), observe: target.Client, play: act(func(t *trial) {
			m := meet(t)
			m.failsUnconnected()
			t.step("tell it to connect; nothing comes of what it was told to send before")
			report := m.start(connecting)
			t.require("a connection of the client's", m.accept(), noError)
			t.verify("what the client sends first", m.conn.Receive(t), isNot(target.Packet("early")))
			_ = m.conn.Send("pong\n")
			t.require("what the client reports", m.wait(report), ok)
			t.step("tell it to disconnect; it does")
			report = m.start(leavingClient)
			t.require("what the client sends", m.conn.Receive(t), packet("disconnect"))
			_ = m.conn.CloseWrite()
			t.require("the connection", m.conn.Ending(t), theEnd)
			t.require("what the client reports of its leaving", m.wait(report), ok)
			t.require("whether it is connected", m.connected(), isNot(yes))
			m.failsUnconnected()
		})},

		// SRS-012: To disconnect, the client shall send the command disconnect,
		// and shall close the connection.
		{title: "disconnects", ids: srs("012"), observe: target.Client, play: act(leavesBy("disconnect", target.ClientUnderTest.Disconnect))},

		// SRS-056: To shut the server down, the client shall send the command
		// shutdown, and shall close the connection.
		{title: "shuts the server down", ids: srs("056"), observe: target.Client, play: act(leavesBy("shutdown", target.ClientUnderTest.Shutdown))},
	},
}

// failsUnconnected tells a client that is not connected to do what needs a connection.
func (m *meeting) failsUnconnected() {
	m.step("tell the client to send, to receive and to disconnect while it is not connected; it reports at once that it cannot")
	m.verify("what it reports of sending", m.wait(m.start(sending("early"))), notConnected)
	m.verify("what it reports of receiving", m.wait(m.startFor(5*m.window(), receiving(4*m.window()))), notConnected)
	m.verify("what it reports of leaving", m.disconnect(), notConnected)
}

func connectsByPing(t *trial) {
	t.step("tell the client to connect; it connects, and sends ping")
	m := meet(t)
	report := m.start(connecting)
	if !t.verify("a connection of the client's", m.accept(), noError, "SRS-011") {
		t.verify("what a client reports that has not connected", m.wait(report), notOK, "SRS-054")
		return
	}
	t.verify("what the client sends first", m.conn.Receive(t), packet("ping"), "SRS-054")
	t.step("answer nothing; the client does not report anything yet")
	t.verify("what the client reports before pong", m.early(report), is("no report"), "SRS-054")
	t.step("answer pong; the client reports that it is connected")
	_ = m.conn.Send("pong\n")
	t.verify("what the client reports", m.wait(report), ok)
	t.verify("whether it is connected", m.connected(), is(yes))
}

// leavesBy verifies how a client leaves.
func leavesBy(command string, leave func(target.ClientUnderTest, context.Context) target.Answer) func(*trial) {
	return func(t *trial) {
		m := join(t)
		t.step("tell the client to leave by %s; it sends the command", command)
		report := m.start(func(ctx context.Context, c target.ClientUnderTest) target.Answer { return leave(c, ctx) })
		t.verify("what the client sends", m.conn.Receive(t), packet(command))
		t.step("end this side of the connection; the client ends its side, and sends nothing before")
		_ = m.conn.CloseWrite()
		t.verify("the connection", m.conn.Ending(t), theEnd)
		t.verify("what the client reports", m.wait(report), ok)
		t.verify("whether it is connected", m.connected(), isNot(yes))
	}
}

var reconnectingClient = protocol{
	id: "TP-009", title: "reconnecting client",
	objective:     "A client that has left can come back.",
	preconditions: suiteServes,
	specs: []spec{
		// SRS-058: After it has disconnected, the client shall be able to connect
		// again.
		{title: "connects again after it has disconnected", ids: srs("058"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			m.hears()
			for range 3 {
				t.step("send half a response, and tell the client to disconnect; tell it to connect again; it does, and works as before")
				_ = m.conn.Send("half of a resp")
				_ = m.briefly()
				report := m.start(leavingClient)
				_ = m.conn.Receive(t)
				_ = m.conn.Close()
				_ = m.wait(report)
				if !m.connects() {
					return
				}
				_ = m.conn.Send("hello\n")
				t.verify("what the client receives", m.receive(), received("hello"))
			}
		})},

		{title: "connects again after the server has closed", ids: srs("058"), observe: target.Client, play: act(func(t *trial) {
			m := join(t)
			t.step("close the connection, let the client notice and disconnect; tell it to connect again; it does")
			_ = m.conn.Close()
			t.require("what it reports when the server has closed", m.receive(), reported)
			t.require("what it reports of its leaving", m.disconnect(), reported)
			m.connects()
		})},
	},
}

// allBytes holds every byte but the line feed.
func allBytes() string {
	return strings.Join(append(around("", ""), aroundHigh("", "")...), "")
}
