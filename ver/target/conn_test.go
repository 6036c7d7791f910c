package target_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
)

// limits are generous where something is to come, and short where nothing is.
func limits() target.Limits {
	l := target.DefaultLimits()
	l.Response, l.Quiet = 5*time.Second, 30*time.Millisecond
	return l
}

// peer connects a target.Conn with the other end of its connection.
func peer(t *testing.T, l target.Limits) (*target.Conn, *net.TCPConn, *target.Pace) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	pace := target.NewPace(l)
	c, err := target.Dial(t.Context(), ln.Addr().String(), target.Usual, pace, func(string, []byte, string) {})
	if err != nil {
		t.Fatal(err)
	}
	other, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(); _ = other.Close() })
	return c, other.(*net.TCPConn), pace
}

func TestConnFindsPacketsByItself(t *testing.T) {
	g := NewWithT(t)
	c, other, _ := peer(t, limits())
	_, _ = other.Write([]byte("one\n\n\rtwo\r\nthr"))
	g.Expect(c.Receive(t.Context())).To(Equal(target.Packet("one")))
	g.Expect(c.Receive(t.Context())).To(Equal(target.Packet("")))
	g.Expect(c.Receive(t.Context())).To(Equal(target.Packet("\rtwo\r")))
	quiet := c.Listen(t.Context())
	g.Expect(quiet.IsNothing()).To(BeTrue())
	g.Expect(quiet).NotTo(Equal(target.Nothing), "bytes without a line feed are not nothing")
	g.Expect(quiet.String()).To(ContainSubstring(`"thr"`))
	_, _ = other.Write([]byte("ee\nrest"))
	g.Expect(c.Receive(t.Context())).To(Equal(target.Packet("three")))
	_ = other.Close()
	end := c.Receive(t.Context())
	g.Expect(end.IsClosed()).To(BeTrue())
	g.Expect(end).NotTo(Equal(target.Closed), "an end within a packet is not a plain end")
	g.Expect(end.String()).To(ContainSubstring(`"rest"`))
	g.Expect(c.Gone()).To(BeTrue())
}

func TestConnTakesEndAndResetAlike(t *testing.T) {
	for name, leave := range map[string]func(*net.TCPConn){
		"end":   func(c *net.TCPConn) { _ = c.Close() },
		"reset": func(c *net.TCPConn) { _ = c.SetLinger(0); _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			c, other, _ := peer(t, limits())
			leave(other)
			if event := c.Receive(t.Context()); event != target.Closed {
				t.Errorf("%s", event)
			}
			if event := c.Receive(t.Context()); event != target.Closed {
				t.Errorf("the second time: %s", event)
			}
		})
	}
}

func TestConnIsBounded(t *testing.T) {
	g := NewWithT(t)
	l := limits()
	l.Packet, l.Total = 100_000, 300_000
	c, other, _ := peer(t, l)
	go func() { _, _ = other.Write([]byte(strings.Repeat("x", 10_000_000))) }()
	event := c.Receive(t.Context())
	g.Expect(event.String()).To(ContainSubstring("more than can be taken"))
	g.Expect(len(event.String())).To(BeNumerically("<", 1000))

	c, other, _ = peer(t, l)
	go func() { _, _ = other.Write([]byte(strings.Repeat("y\n", 5_000_000))) }()
	packets := 0
	for {
		if _, ok := c.Receive(t.Context()).IsPacket(); !ok {
			break
		}
		packets++
	}
	g.Expect(packets).To(BeNumerically("~", 150_000, 20_000))
}

func TestConnObeysItsContext(t *testing.T) {
	c, _, pace := peer(t, limits())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if event := c.Receive(ctx); !event.IsNothing() {
		t.Errorf("%s", event)
	}
	if pace.Cut() {
		t.Error("what was interrupted counts as missing")
	}
}

func TestConnLeavesByDisconnect(t *testing.T) {
	for name, row := range map[string]struct {
		before func(*target.Conn)
		want   string
	}{
		"a connection":             {func(*target.Conn) {}, "disconnect\n"},
		"one that was closed":      {func(c *target.Conn) { _ = c.Close() }, ""},
		"one that was half-closed": {func(c *target.Conn) { _ = c.CloseWrite() }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, other, _ := peer(t, limits())
			row.before(c)
			done := make(chan struct{})
			go func() { defer close(done); c.Leave(context.Background()) }()
			got := make([]byte, 100)
			_ = other.SetReadDeadline(time.Now().Add(5 * time.Second))
			n, _ := other.Read(got)
			_ = other.Close()
			<-done
			if string(got[:n]) != row.want {
				t.Errorf("%q was sent, not %q", got[:n], row.want)
			}
		})
	}
}

func TestPaceCutsWaits(t *testing.T) {
	g := NewWithT(t)
	l := limits()
	l.Response, l.Quiet = 400*time.Millisecond, time.Millisecond
	c, other, pace := peer(t, l)
	_, _ = other.Write([]byte("x\n"))
	_ = c.Receive(t.Context())
	g.Expect(pace.Slowest()).To(BeNumerically("<", l.Response))
	for range 3 {
		g.Expect(pace.Response()).To(Equal(l.Response))
		g.Expect(c.Receive(t.Context())).To(Equal(target.Nothing))
	}
	g.Expect(pace.Cut()).To(BeTrue())
	g.Expect(pace.Response()).To(And(BeNumerically(">=", 100*time.Millisecond), BeNumerically("<=", l.Response)))
}

// What is done at once follows from the usual response: one that is late changes nothing.
func TestPaceAdaptsRepetitions(t *testing.T) {
	g := NewWithT(t)
	l := limits()
	l.Loop = 100 * time.Millisecond
	c, other, pace := peer(t, l)
	g.Expect(pace.Times(500)).To(Equal(500), "nothing is known yet")
	late(t, c, other, 50*time.Millisecond)
	g.Expect(pace.Times(500)).To(BeNumerically("<=", 2))
	g.Expect(pace.Times(1)).To(Equal(1))
	for range 3 {
		_, _ = other.Write([]byte("x\n"))
		_ = c.Receive(t.Context())
	}
	g.Expect(pace.Times(500)).To(BeNumerically(">", 2))
}

// late has a response come after a while.
func late(t *testing.T, c *target.Conn, other *net.TCPConn, after time.Duration) {
	go func() {
		target.Pause(t.Context(), after)
		_, _ = other.Write([]byte("x\n"))
	}()
	_ = c.Receive(t.Context())
}

// One pause of a target does not make silence longer; one that is always slow does.
func TestOnePauseDoesNotMoveSilence(t *testing.T) {
	g := NewWithT(t)
	l := limits()
	l.Quiet = 5 * time.Millisecond
	c, other, pace := peer(t, l)
	for range 20 {
		_, _ = other.Write([]byte("x\n"))
		_ = c.Receive(t.Context())
	}
	late(t, c, other, 400*time.Millisecond)
	g.Expect(pace.Slowest()).To(BeNumerically(">=", 300*time.Millisecond))
	g.Expect(pace.Quiet()).To(BeNumerically("<", 200*time.Millisecond))
	for range 10 {
		late(t, c, other, 50*time.Millisecond)
	}
	g.Expect(pace.Quiet()).To(BeNumerically(">=", 100*time.Millisecond))
}

func TestDialTellsWhy(t *testing.T) {
	addr, err := target.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	_, err = target.Dial(t.Context(), addr, target.Usual, target.NewPace(limits()), func(_ string, _ []byte, text string) { said = append(said, text) })
	if err == nil || len(said) != 1 || !strings.HasPrefix(said[0], "not connected: ") {
		t.Errorf("%v %q", err, said)
	}
}
