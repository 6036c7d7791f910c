package server_test

import (
	"context"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/server"
)

// However a client leaves, and whatever it leaves behind, the next one is served
// and gets nothing of it (P2, Ph, Pi).
func TestNextClientIsServed(t *testing.T) {
	ways := []struct {
		name  string
		leave func(t *testing.T, p *peer)
	}{
		{"disconnect (P7)", func(t *testing.T, p *peer) { p.send("\ndisconnect\n"); p.ends() }},
		{"disconnect, and close at once", func(t *testing.T, p *peer) { p.send("\ndisconnect\n") }},
		{"close", func(t *testing.T, p *peer) {}},
		{"half-close", func(t *testing.T, p *peer) { _ = p.Conn.(*net.TCPConn).CloseWrite(); p.ends() }},
		{"reset", func(t *testing.T, p *peer) { _ = p.Conn.(*net.TCPConn).SetLinger(0) }},
	}
	r := start(t, &server.Server{Callback: func(context.Context, server.Command, server.Responder) error { return nil }})
	for _, way := range ways {
		for _, before := range []string{"", "pi", "ping\n", "ping\nping\npi"} {
			t.Run(way.name+" after "+before, func(t *testing.T) {
				p := dial(t, r.addr)
				p.send(before)
				for range strings.Count(before, "\n") {
					p.expect("pong")
				}
				way.leave(t, p)
				p.Close()
				next := dial(t, r.addr)
				next.send("ng\nping\n")
				next.expect("pong")
				next.Close()
			})
		}
	}
}

// While one client is connected a further one waits; nothing that it sent is lost
// (P2, Pj).
func TestOneClientAtATime(t *testing.T) {
	var handled []string // in one goroutine at a time, or the race detector says so
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		handled = append(handled, c.Text)
		return r.Send(c.Text)
	}})
	first := dial(t, r.addr)
	first.send("first\n")
	first.expect("first")
	second := dial(t, r.addr)
	second.send("ping\nsecond\n")
	want := []string{"first"}
	for range 100 {
		first.send("first\n")
		first.expect("first")
		want = append(want, "first")
	}
	first.Close()
	second.expect("pong", "second")
	second.send("disconnect\n")
	second.ends()
	r.stop()
	r.returns(t)
	if want = append(want, "second"); !slices.Equal(handled, want) {
		t.Errorf("handled: %v, want %v", handled, want)
	}
}

// Responses that are due are sent after a half-close (Ph).
func TestHalfClose(t *testing.T) {
	proceed := make(chan struct{})
	r := start(t, &server.Server{Callback: func(ctx context.Context, c server.Command, r server.Responder) error {
		if c.Text == "slow" {
			select {
			case <-proceed:
			case <-ctx.Done():
			}
		}
		return server.Sample(ctx, server.Command{Text: "count 3"}, r)
	}})
	for _, command := range []string{"quick", "slow"} {
		p := dial(t, r.addr)
		p.send("ping\n" + command + "\nping\nlost")
		if err := p.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if command == "slow" {
			proceed <- struct{}{}
		}
		p.expect("pong", "1", "2", "3", "pong")
		p.ends()
	}
	r.servesNext(t)
}

// What follows disconnect or shutdown is dropped (Pk), and destroys no response
// that is on its way (Pm).
func TestRestIsDropped(t *testing.T) {
	for _, command := range []string{"disconnect", "shutdown"} {
		for _, rest := range []string{"", "ping\n", "shutdown\ndisconnect\nping\n", strings.Repeat("ping\n", 10_000)} {
			r := start(t, &server.Server{Callback: server.Sample})
			p := dial(t, r.addr)
			go io.WriteString(p, "count 1000\n"+command+"\n"+rest)
			var want []string
			for i := range 1000 {
				want = append(want, strconv.Itoa(i+1))
			}
			p.expect(want...)
			p.ends()
			p.Close()
			if command == "shutdown" {
				r.gone(t)
			} else {
				r.servesNext(t)
			}
		}
	}
}

// A client that goes on sending after disconnect, as one far away cannot help, is not
// answered by a reset, which could destroy responses; and nobody waits for it.
func TestSendsAfterDisconnect(t *testing.T) {
	r := start(t, &server.Server{Callback: server.Sample})
	p := dial(t, r.addr)
	p.send("count 1000\ndisconnect\n")
	for range 5 {
		r.servesNext(t)
	}
	pause := time.NewTicker(5 * time.Millisecond) // the distance
	defer pause.Stop()
	for range 20 {
		<-pause.C
		p.send("ping\n")
	}
	for i := range 1000 {
		p.expect(strconv.Itoa(i + 1))
	}
	if rest, err := io.ReadAll(p.in); len(rest) > 0 || err != nil {
		t.Errorf("got %q and %v, want the end of the connection", rest, err)
	}
}

// However many clients that have been told to go stay, the others are served, and the
// server stops.
func TestClientsThatStayAfterDisconnect(t *testing.T) {
	r := start(t, &server.Server{Callback: server.Sample})
	for range 50 {
		p := dial(t, r.addr)
		p.send("cmd01\ndisconnect\n")
		p.expect("ack")
		p.ends()
	}
	r.servesNext(t)
	r.stop()
	r.gone(t)
}

// Closed by shutdown, a client that waits gets no packet, and the port is free
// (Pl).
func TestShutdown(t *testing.T) {
	r := start(t, &server.Server{Callback: server.Sample})
	p := dial(t, r.addr)
	p.send("ping\n")
	p.expect("pong")
	waiting := dial(t, r.addr)
	waiting.send("ping\n")
	p.send("cmd01\nshutdown\n")
	p.expect("ack")
	p.ends()
	waiting.ends()
	p.Close()
	r.gone(t)
}
