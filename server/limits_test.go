package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socket-oneline/oneline/server"
)

// bubble serves over pipes in a time of its own. Nothing may be left of the server
// when do has returned and the server has been stopped: synctest sees to that.
func bubble(t *testing.T, s *server.Server, do func(t *testing.T, ln *pipes), errs ...error) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipes(errs...)
		ctx, stop := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- s.Serve(ctx, ln) }()
		do(t, ln)
		stop()
		if err := <-result; err != nil {
			t.Errorf("Serve returned %v, want nil", err)
		}
	})
}

// A client that sends nothing is dropped after the idle limit (Pq), and not before;
// a part of a command is something.
func TestIdleTimeout(t *testing.T) {
	var l log
	s := &server.Server{Callback: server.Sample, IdleTimeout: time.Minute, Logger: l.logger()}
	bubble(t, s, func(t *testing.T, ln *pipes) {
		nc := ln.dial()
		defer nc.Close()
		for _, part := range []string{"p", "in", "g\n", "cmd01\n"} {
			time.Sleep(time.Minute - time.Nanosecond) // the bubble's time: nobody waits
			if _, err := io.WriteString(nc, part); err != nil {
				t.Fatalf("dropped before the limit: %v", err)
			}
			if strings.HasSuffix(part, "\n") {
				if _, err := nc.Read(make([]byte, 10)); err != nil {
					t.Fatalf("dropped before the limit: %v", err)
				}
			}
		}
		began := time.Now()
		if _, err := nc.Read(make([]byte, 10)); err != io.EOF {
			t.Errorf("got %v, want the end of the connection", err)
		}
		if waited := time.Since(began); waited != time.Minute {
			t.Errorf("dropped after %s, want a minute", waited)
		}
		ln.dial().Close() // the next one is accepted
	})
	l.holds(t, `reason="it sent nothing for too long"`)
}

// The limit is for clients: a callback may take longer.
func TestIdleTimeoutIsNotForCallbacks(t *testing.T) {
	s := &server.Server{IdleTimeout: time.Minute, Callback: func(_ context.Context, _ server.Command, r server.Responder) error {
		time.Sleep(time.Hour)
		return r.Send("done")
	}}
	bubble(t, s, func(t *testing.T, ln *pipes) {
		nc := ln.dial()
		defer nc.Close()
		io.WriteString(nc, "work\n")
		got := make([]byte, 10)
		if n, err := nc.Read(got); string(got[:n]) != "done\n" {
			t.Errorf("got %q and %v, want done", got[:n], err)
		}
	})
}

func TestNoIdleTimeout(t *testing.T) {
	bubble(t, &server.Server{Callback: server.Sample}, func(t *testing.T, ln *pipes) {
		nc := ln.dial()
		defer nc.Close()
		time.Sleep(1000 * time.Hour)
		io.WriteString(nc, "ping\n")
		got := make([]byte, 10)
		if n, err := nc.Read(got); string(got[:n]) != "pong\n" {
			t.Errorf("got %q and %v, want pong", got[:n], err)
		}
	})
}

// A client that does not take its responses is dropped after the write limit, or
// half as much again.
func TestWriteTimeout(t *testing.T) {
	for _, limit := range []time.Duration{0, time.Minute} {
		var l log
		s := &server.Server{Callback: server.Sample, WriteTimeout: limit, Logger: l.logger()}
		if limit == 0 {
			limit = server.DefaultWriteTimeout
		}
		bubble(t, s, func(t *testing.T, ln *pipes) {
			nc := ln.dial()
			defer nc.Close()
			io.WriteString(nc, "ping\n")
			began := time.Now()
			second := ln.dial() // accepted once the first is dropped
			defer second.Close()
			if waited := time.Since(began); waited < limit || waited > 3*limit/2 {
				t.Errorf("dropped after %s, want %s or up to half as much again", waited, limit)
			}
		})
		l.holds(t, `reason="it did not take its responses in time"`)
	}
}

// The write limit is for each time that responses are sent: a client that takes
// them now and then stays.
func TestWriteTimeoutIsRenewed(t *testing.T) {
	s := &server.Server{Callback: server.Sample, WriteTimeout: time.Minute}
	bubble(t, s, func(t *testing.T, ln *pipes) {
		nc := ln.dial()
		defer nc.Close()
		for range 20 {
			io.WriteString(nc, "ping\n")
			time.Sleep(time.Minute - time.Nanosecond)
			got := make([]byte, 10)
			if n, err := nc.Read(got); string(got[:n]) != "pong\n" {
				t.Fatalf("got %q and %v, want pong", got[:n], err)
			}
		}
	})
}

// A server that waits for its client to take responses is stopped all the same.
func TestStopWhileWriting(t *testing.T) {
	bubble(t, &server.Server{Callback: server.Sample, WriteTimeout: 1000 * time.Hour}, func(t *testing.T, ln *pipes) {
		nc := ln.dial()
		t.Cleanup(func() { nc.Close() })
		io.WriteString(nc, "ping\n")
		synctest.Wait()
	})
}

// A client that never reads does not keep the server, nor its memory: Send fails
// once, and from then on.
func TestClientThatNeverReads(t *testing.T) {
	sent, failures := 0, make(chan error, 2)
	r := start(t, &server.Server{WriteTimeout: 50 * time.Millisecond, Callback: func(ctx context.Context, c server.Command, r server.Responder) error {
		for {
			if err := r.Send(strings.Repeat("x", 1000)); err != nil {
				failures <- err
				failures <- r.Send("again")
				return nil
			}
			sent++
		}
	}})
	p := dial(t, r.addr)
	p.send("go\nping\n")
	for range 2 {
		if err := <-failures; err == nil || errors.Is(err, server.ErrResponderDone) {
			t.Errorf("Send returned %v, want an error of the connection", err)
		}
	}
	r.servesNext(t)
	if sent == 0 {
		t.Error("nothing was sent at all")
	}
}

// A reset in the middle of responses is noticed, and logged as what it is.
func TestResetWhileResponding(t *testing.T) {
	var l log
	responding := make(chan struct{})
	var once sync.Once
	r := start(t, &server.Server{Logger: l.logger(), Callback: func(_ context.Context, _ server.Command, r server.Responder) error {
		for {
			if err := r.Send(strings.Repeat("x", 1000)); err != nil {
				return err
			}
			once.Do(func() { close(responding) })
		}
	}})
	p := dial(t, r.addr)
	p.send("go\n")
	<-responding
	_ = p.Conn.(*net.TCPConn).SetLinger(0)
	p.Close()
	r.servesNext(t)
	l.holds(t, `reason="the connection is lost"`)
}

// Errors of accept that pass do not end the server; it tries again, with pauses
// that grow up to a second.
func TestAcceptErrorsThatPass(t *testing.T) {
	var l log
	var errs []error
	for range 3 {
		for _, err := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOMEM} {
			errs = append(errs, &net.OpError{Op: "accept", Err: err})
		}
	}
	bubble(t, &server.Server{Callback: server.Sample, Logger: l.logger()}, func(t *testing.T, ln *pipes) {
		began := time.Now()
		ln.dial().Close()
		if waited := time.Since(began); waited < 4*time.Second || waited > 6*time.Second {
			t.Errorf("accepted after %s, want 5ms, 10ms, and so on up to 1s", waited)
		}
	}, errs...)
	l.holds(t, "level=WARN", "retry_in=5ms", "retry_in=10ms", "retry_in=1s")
}

// The pause before the next try does not delay a stop.
func TestStopWhileAcceptPauses(t *testing.T) {
	bubble(t, &server.Server{Callback: server.Sample}, func(t *testing.T, ln *pipes) {
		synctest.Wait() // it pauses
	}, syscall.EMFILE)
}

// An error that will not pass ends the server.
func TestAcceptFails(t *testing.T) {
	broken := errors.New("broken")
	ln := newPipes(broken)
	s := &server.Server{Callback: server.Sample}
	if err := s.Serve(t.Context(), ln); !errors.Is(err, broken) || !strings.Contains(err.Error(), "at pipe") {
		t.Errorf("got %v, want one that says what is broken, and where", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is still open: %v", err)
	}
}

// A client that is accepted while the server is stopped is not served.
func TestStopWhileAccepting(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	near, far := net.Pipe()
	ln := &lateListener{pipes: newPipes(), stop: stop, nc: far}
	if err := (&server.Server{Callback: server.Sample}).Serve(ctx, ln); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	if _, err := near.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("got %v, want the end of the connection", err)
	}
}

// lateListener accepts a client at the moment at which the server is stopped.
type lateListener struct {
	*pipes
	stop context.CancelFunc
	nc   net.Conn
}

func (l *lateListener) Accept() (net.Conn, error) {
	l.stop()
	return l.nc, nil
}
