package client_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/client"
)

// patience is how long a test waits for what is due before it gives up.
const patience = 10 * time.Second

// peer is the server's end of a connection. It knows nothing but bytes.
type peer struct {
	t *testing.T
	*net.TCPConn
	in *bufio.Reader
}

func (p *peer) send(bytes string) {
	p.t.Helper()
	if _, err := io.WriteString(p.TCPConn, bytes); err != nil {
		p.t.Errorf("sending %.50q: %v", bytes, err)
	}
}

// expect holds the next bytes to these.
func (p *peer) expect(bytes string) {
	p.t.Helper()
	got := make([]byte, len(bytes))
	if n, err := io.ReadFull(p.in, got); string(got) != bytes {
		p.t.Errorf("the server got %.100q and %v, want %.100q", got[:n], err, bytes)
	}
}

// ends holds the connection to its end, without a byte before.
func (p *peer) ends() {
	p.t.Helper()
	if rest, err := io.ReadAll(p.in); len(rest) > 0 || err != nil {
		p.t.Errorf("the server got %.100q and %v, want the end of the connection", rest, err)
	}
}

func (p *peer) reset() {
	_ = p.SetLinger(0)
	_ = p.Close()
}

// listen calls script for each connection in turn, and gives the address. The test
// ends once the scripts have.
func listen(t *testing.T, scripts ...func(p *peer)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, script := range scripts {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			_ = nc.SetDeadline(time.Now().Add(patience))
			script(&peer{t, nc.(*net.TCPConn), bufio.NewReader(nc)})
			_ = nc.Close()
		}
	}()
	t.Cleanup(func() {
		ln.Close()
		<-done
	})
	return ln.Addr().String()
}

// connected gives a client that is connected to script, which is called once the
// client's ping was answered.
func connected(t *testing.T, script func(p *peer)) *client.Client {
	t.Helper()
	c := &client.Client{MaxPacket: 20, Addr: listen(t, func(p *peer) {
		p.expect("ping\n")
		p.send("pong\n")
		script(p)
	})}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Connect(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	if !c.Connected() {
		t.Fatal("not connected after Connect")
	}
	return c
}

// within is a context of that duration.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestCheck(t *testing.T) {
	tests := []struct {
		client client.Client
		wrong  []string
	}{
		{client.Client{}, []string{"Addr is not set"}},
		{client.Client{Addr: "localhost"}, []string{`Addr is "localhost"`}},
		{client.Client{MaxPacket: -1}, []string{"Addr is not set", "MaxPacket is -1"}},
		{client.Client{Addr: oneline.DefaultAddr, MaxPacket: -1}, []string{"MaxPacket is -1"}},
		{client.Client{Addr: oneline.DefaultAddr}, nil},
	}
	for i := range tests {
		test := &tests[i]
		err := test.client.Check()
		if len(test.wrong) == 0 {
			if err != nil {
				t.Errorf("got %v, want nil", err)
			}
			continue
		}
		if !errors.Is(err, client.ErrParameters) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want an ErrParameters in one line", err)
			continue
		}
		for _, name := range test.wrong {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%q does not say %q", err, name)
			}
		}
		if connecting := test.client.Connect(t.Context()); connecting == nil || connecting.Error() != err.Error() {
			t.Errorf("Connect returned %v, want what Check does", connecting)
		}
	}
}

// Every method of a client that is not connected says so, and none panics.
func TestNotConnected(t *testing.T) {
	var c client.Client
	ctx := t.Context()
	_, receive := c.Receive(ctx)
	_, do := c.Do(ctx, "x")
	for name, err := range map[string]error{
		"Send": c.Send(ctx, "x"), "Receive": receive, "Do": do, "Ping": c.Ping(ctx),
		"Disconnect": c.Disconnect(ctx), "Shutdown": c.Shutdown(ctx),
	} {
		if !errors.Is(err, client.ErrNotConnected) {
			t.Errorf("%s returned %v, want ErrNotConnected", name, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Errorf("Close returned %v, want nil", err)
	}
	if c.Connected() {
		t.Error("a zero client is connected")
	}
}

// Connected means that a ping was answered pong; otherwise nothing is left open
// (Pt).
func TestConnectFails(t *testing.T) {
	noPong := func(answer string) func(p *peer) {
		return func(p *peer) { p.expect("ping\n"); p.send(answer); p.ends() }
	}
	tests := []struct {
		name   string
		script func(p *peer)
		within time.Duration
		want   error
	}{
		{"another answer", noPong("nak\n"), patience, client.ErrNoPong},
		{"upper case", noPong("PONG\n"), patience, client.ErrNoPong},
		{"an empty answer", noPong("\n"), patience, client.ErrNoPong},
		{"a long answer", noPong(strings.Repeat("x", 100_000) + "\n"), patience, client.ErrTooLong},
		{"no answer", func(p *peer) { p.expect("ping\n"); p.ends() }, 50 * time.Millisecond, context.DeadlineExceeded},
		{"half an answer", noPong("pon"), 50 * time.Millisecond, context.DeadlineExceeded},
		{"an answer cut off", func(p *peer) { p.expect("ping\n"); p.send("pong") }, patience, client.ErrClosed},
		{"closed", func(p *peer) { p.expect("ping\n") }, patience, client.ErrClosed},
		{"reset", func(p *peer) { p.expect("ping\n"); p.reset() }, patience, client.ErrClosed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := &client.Client{Addr: listen(t, test.script)}
			if err := c.Connect(within(t, test.within)); !errors.Is(err, test.want) || !strings.Contains(err.Error(), "client: ") {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if c.Connected() {
				t.Error("connected")
			}
			if _, err := c.Receive(t.Context()); !errors.Is(err, client.ErrNotConnected) {
				t.Errorf("Receive returned %v, want ErrNotConnected", err)
			}
		})
	}
}

func TestConnectToNobody(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	c := &client.Client{Addr: ln.Addr().String()}
	if err := c.Connect(t.Context()); err == nil || !strings.Contains(err.Error(), c.Addr) {
		t.Errorf("got %v, want an error that names %s", err, c.Addr)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Connect(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: got %v, want context.Canceled", err)
	}
}

func TestConnectTwice(t *testing.T) {
	c := connected(t, (*peer).ends)
	if err := c.Connect(t.Context()); !errors.Is(err, client.ErrConnected) {
		t.Errorf("got %v, want ErrConnected", err)
	}
	if !c.Connected() {
		t.Error("not connected any more")
	}
}

// A client can connect again, however the last connection ended.
func TestConnectAgain(t *testing.T) {
	serve := func(then func(p *peer)) func(p *peer) {
		return func(p *peer) { p.expect("ping\n"); p.send("pong\n"); then(p) }
	}
	c := &client.Client{Addr: listen(
		t,
		serve(func(p *peer) { p.send("half"); p.expect("disconnect\n") }),
		serve(func(p *peer) { p.send("half") }),
		serve(func(p *peer) { p.ends() }),
		serve(func(p *peer) { p.expect("hi\n"); p.send("hello\n"); p.ends() }),
	)}
	ctx := within(t, patience)
	for _, leave := range []func() error{
		func() error { return c.Disconnect(ctx) },
		func() error {
			if _, err := c.Receive(ctx); !errors.Is(err, client.ErrClosed) {
				return err
			}
			return nil
		},
		c.Close,
	} {
		if err := c.Connect(ctx); err != nil {
			t.Fatal(err)
		}
		if err := leave(); err != nil {
			t.Fatal(err)
		}
		if c.Connected() {
			t.Fatal("still connected")
		}
	}
	if err := c.Connect(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Do(ctx, "hi"); got != "hello" || err != nil {
		t.Errorf("got %q and %v, want hello", got, err)
	}
	_ = c.Close()
}
