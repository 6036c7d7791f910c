package server_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/server"
)

// Stopped from its program, the server returns nil and leaves nothing, whatever it
// was doing (Pr).
func TestStop(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, r *running) *peer
	}{
		{"nobody connected", func(t *testing.T, r *running) *peer { return nil }},
		{"idle", func(t *testing.T, r *running) *peer {
			p := dial(t, r.addr)
			p.send("ping\n")
			p.expect("pong")
			return p
		}},
		{"within a packet", func(t *testing.T, r *running) *peer {
			p := dial(t, r.addr)
			p.send("ping\npi")
			p.expect("pong")
			return p
		}},
		{"within a callback", func(t *testing.T, r *running) *peer {
			p := dial(t, r.addr)
			p.send("hang\n")
			p.expect("hanging")
			return p
		}},
		{"a client that sends without end", func(t *testing.T, r *running) *peer {
			p := dial(t, r.addr)
			p.send("ping\n")
			p.expect("pong")
			go func() {
				for text := strings.Repeat("none\n", 1000); ; {
					if _, err := io.WriteString(p.Conn, text); err != nil {
						return
					}
				}
			}()
			return p
		}},
	}
	for _, idle := range []bool{false, true} {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				s := &server.Server{Callback: hanging}
				if idle {
					s.IdleTimeout = patience
				}
				r := start(t, s)
				p := test.do(t, r)
				r.stop()
				if p != nil {
					p.ends()
					p.Close()
				}
				r.gone(t)
			})
		}
	}
}

// hanging runs until it is cancelled, if it is told to hang.
func hanging(ctx context.Context, c server.Command, r server.Responder) error {
	if c.Text != "hang" {
		return nil
	}
	if err := r.Send("hanging"); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

// The callback may stop the server that it is called by. What it has sent is
// delivered; the command after it is not handled.
func TestStopFromWithinCallback(t *testing.T) {
	var r *running
	var l log
	started := make(chan struct{})
	r = start(t, &server.Server{Logger: l.logger(), Callback: func(ctx context.Context, c server.Command, responder server.Responder) error {
		<-started
		if c.Text == "stop" {
			r.stop()
		}
		return responder.Send(c.Text)
	}})
	close(started)
	p := dial(t, r.addr)
	p.send("a\nstop\nb\nping\n" + strings.Repeat("x", 10_000))
	p.expect("a", "stop")
	p.ends()
	p.Close()
	r.gone(t)
	l.holds(t, `reason="the server is stopped"`)
}

// A callback that hands on the error of its ctx has not failed.
func TestCancelledCallbackHasNotFailed(t *testing.T) {
	var l log
	r := start(t, &server.Server{Logger: l.logger(), Callback: hanging})
	p := dial(t, r.addr)
	p.send("hang\n")
	p.expect("hanging")
	r.stop()
	p.ends()
	p.Close()
	r.returns(t)
	l.holds(t, `level=INFO msg="client left"`, `reason="the server is stopped"`)
}

// The context of the callbacks is done when the client has left, so that what they
// started can end.
func TestCallbackContextEndsWithClient(t *testing.T) {
	contexts := make(chan context.Context, 1)
	r := start(t, &server.Server{Callback: func(ctx context.Context, c server.Command, r server.Responder) error {
		contexts <- ctx
		return nil
	}})
	p := dial(t, r.addr)
	p.send("x\nping\n")
	p.expect("pong")
	ctx := <-contexts
	if ctx.Err() != nil {
		t.Errorf("while the client is there: %v", ctx.Err())
	}
	p.Close()
	<-ctx.Done()
	r.servesNext(t)
}

// A server that is stopped while its client reads nothing does not wait for it.
func TestStopWhileClientDoesNotRead(t *testing.T) {
	sending := make(chan struct{})
	r := start(t, &server.Server{Callback: func(ctx context.Context, c server.Command, r server.Responder) error {
		close(sending)
		for {
			if err := r.Send(strings.Repeat("x", 1<<20)); err != nil {
				return err
			}
		}
	}})
	p := dial(t, r.addr)
	p.send("go\n")
	<-sending
	r.stop()
	r.gone(t)
}
