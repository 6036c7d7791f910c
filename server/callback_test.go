package server_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/server"
)

// A callback that fails costs its client the connection, and nobody else anything
// (Po): what it has sent is delivered, what follows is not handled.
func TestCallbackFails(t *testing.T) {
	boom := errors.New("boom")
	tests := []struct {
		name string
		fail func() error
		logs []string
	}{
		{"by an error", func() error { return boom }, []string{"level=ERROR", "boom", `reason="the callback failed"`}},
		{"by a panic", func() error { panic(boom) }, []string{"level=ERROR", "boom", "stack=", "TestCallbackFails", `reason="the callback failed"`}},
		{"by a panic of nothing", func() error { panic(nil) }, []string{"level=ERROR", "nil", "stack="}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var l log
			r := start(t, &server.Server{Logger: l.logger(), Callback: func(_ context.Context, c server.Command, r server.Responder) error {
				if err := r.Send(c.Text); err != nil || c.Text != "fail" {
					return err
				}
				return test.fail()
			}})
			p := dial(t, r.addr)
			p.send("a\nfail\nb\nping\n")
			p.expect("a", "fail")
			p.ends()
			p.Close()
			r.servesNext(t)
			l.holds(t, append(test.logs, "client="+p.LocalAddr().String())...)
		})
	}
}

// A callback that ends its goroutine ends the server, which then leaves nothing.
func TestCallbackEndsItsGoroutine(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server.Server{Callback: func(_ context.Context, _ server.Command, r server.Responder) error {
		_ = r.Send("last")
		runtime.Goexit()
		return nil
	}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Serve(t.Context(), ln)
	}()
	p := dial(t, ln.Addr().String())
	p.send("go\n")
	p.expect("last")
	p.ends()
	<-ended
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is still open: %v", err)
	}
}

// A Responder is dead once its callback has returned, also while later ones run
// (P6).
func TestResponderIsDeadAfterwards(t *testing.T) {
	var kept server.Responder
	if err := kept.Send("x"); !errors.Is(err, server.ErrResponderDone) {
		t.Errorf("a zero Responder: got %v, want ErrResponderDone", err)
	}
	result := make(chan error, 1)
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		if c.Text == "keep" {
			kept = r
			return r.Send("kept")
		}
		result <- kept.Send("from the past")
		return r.Send("used")
	}})
	p := dial(t, r.addr)
	p.send("keep\n")
	p.expect("kept")
	p.send("ping\n")
	p.expect("pong") // the callback has returned
	if err := kept.Send("between"); !errors.Is(err, server.ErrResponderDone) {
		t.Errorf("between commands: got %v, want ErrResponderDone", err)
	}
	p.send("use\ndisconnect\n")
	p.expect("used")
	p.ends()
	if err := <-result; !errors.Is(err, server.ErrResponderDone) {
		t.Errorf("within another callback: got %v, want ErrResponderDone", err)
	}
	if err := kept.Send("later"); !errors.Is(err, server.ErrResponderDone) {
		t.Errorf("after the connection: got %v, want ErrResponderDone", err)
	}
}

// A response that holds 0x0A is refused, and nothing of it sent (Pn).
func TestResponseWithLineFeed(t *testing.T) {
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		for _, response := range []string{"a\nb", "\n", "a\n"} {
			if err := r.Send(response); !errors.Is(err, oneline.ErrLineFeed) {
				return fmt.Errorf("%q: got %v, want ErrLineFeed", response, err)
			}
		}
		return errors.Join(r.Send("fine"), r.Send(""))
	}})
	p := dial(t, r.addr)
	p.send("x\nping\n")
	p.expect("fine", "", "pong")
}

// Responses reach the client while the callback runs, and so do those of the
// commands before.
func TestResponsesAreSentAsTheyCome(t *testing.T) {
	proceed := make(chan string)
	r := start(t, &server.Server{Callback: func(ctx context.Context, c server.Command, r server.Responder) error {
		for {
			select {
			case response := <-proceed:
				if response == "" {
					return nil
				}
				if err := r.Send(response); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}})
	p := dial(t, r.addr)
	p.send("ping\nwork\nping\n")
	p.expect("pong")
	for _, response := range []string{"one", "two", "three"} {
		proceed <- response
		p.expect(response)
	}
	proceed <- ""
	p.expect("pong")
}

// Several goroutines of a callback may respond; each response stays whole.
func TestRespondFromGoroutines(t *testing.T) {
	const goroutines, each = 4, 500
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		results := make(chan error)
		for i := range goroutines {
			go func() {
				var errs []error
				for range each {
					errs = append(errs, r.Send(strings.Repeat(string(rune('a'+i)), 50)))
				}
				results <- errors.Join(errs...)
			}()
		}
		var errs []error
		for range goroutines {
			errs = append(errs, <-results)
		}
		return errors.Join(errs...)
	}})
	p := dial(t, r.addr)
	p.send("go\nping\ndisconnect\n")
	count := map[string]int{}
	for range goroutines * each {
		line, err := p.in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		count[strings.TrimSuffix(line, "\n")]++
	}
	p.expect("pong")
	p.ends()
	for i := range goroutines {
		if want := strings.Repeat(string(rune('a'+i)), 50); count[want] != each {
			t.Errorf("%q came %d times, want %d", want, count[want], each)
		}
	}
}

// Responses of any size and number arrive whole and in order, also those for which
// the client has to make room first.
func TestLargeResponses(t *testing.T) {
	const rounds = 40
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		for i := range rounds {
			if err := errors.Join(r.Send(strings.Repeat("x", i*10_000)), r.Send(fmt.Sprint(i))); err != nil {
				return err
			}
		}
		return nil
	}})
	p := dial(t, r.addr)
	p.send("go\ndisconnect\n")
	for i := range rounds {
		p.expect(strings.Repeat("x", i*10_000), fmt.Sprint(i))
	}
	p.ends()
}
