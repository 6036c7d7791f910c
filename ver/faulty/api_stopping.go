package faulty

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// leak is how long something is left: longer than even a busy machine waits for its
// end.
const leak = 20 * time.Second

// linger is what a goroutine does that is left.
func linger() { <-time.After(leak) }

// closeLate ends the session and leaves its connection open.
func (s *session) closeLate() {
	_ = s.conn.SetReadDeadline(time.Now())
	time.AfterFunc(leak, func() { _ = s.conn.Close() })
}

func (s *session) stopped() bool { return s.ctx.Err() != nil }

func (s *session) goesOn() bool { return !s.stopped() }

// closing does something instead of closing the connection of some sessions.
func closing(which func(s *session) bool, instead func(s *session)) func(*program) {
	return func(k *program) {
		k.close = func(s *session) {
			if which(s) {
				instead(s)
			} else {
				_ = s.conn.Close()
			}
		}
	}
}

// runsOn runs commands that it has received when it is stopped.
func runsOn(k *program) { k.stopping = func(context.Context) bool { return false } }

// stopFaults are wrong about stopping (SRS-046), from within the callback too
// (SRS-051).
var stopFaults = []apiMember{
	{"stop-is-an-error", "returns an error when it is stopped", srs("046", "051"), func(k *program) {
		k.returned = func(ctx context.Context, err error) error { return errors.Join(err, ctx.Err()) }
	}},
	{"stop-keeps-port", "returns before it has released its port", srs("046", "051"), func(k *program) {
		k.serving = func(ln net.Listener) {
			if file, err := ln.(*net.TCPListener).File(); err == nil { // a second handle, as a child process might have
				time.AfterFunc(leak, func() { _ = file.Close() })
			}
		}
	}},
	{"stop-keeps-client", "leaves the connection of its client open", srs("046", "051"), closing((*session).stopped, (*session).closeLate)},
	{"stop-keeps-former-client", "leaves the connection of a client open that has left by disconnect and stays", srs("046"), closing((*session).goesOn, func(s *session) {
		_ = s.conn.(*net.TCPConn).CloseWrite()
		time.AfterFunc(2*leak, func() { _ = s.conn.Close() })
	})},
	{"stop-waits-for-responses", "stops only when its client has taken the responses of a callback that runs", srs("046"), func(k *program) {
		closing((*session).stopped, func(s *session) { _ = s.conn.SetReadDeadline(time.Now()) })(k)
		k.left = func(s *session, _ []byte) error { return s.conn.Close() }
		k.over = func(s *session, err error) error {
			if s.stopped() {
				_ = s.conn.Close()
			}
			return err
		}
	}},
	{"stop-leaves-goroutine", "leaves a goroutine running that it has started", srs("046", "051"), func(k *program) {
		k.serving = func(net.Listener) { go linger() }
	}},
	{"stop-waits-for-client", "stops only when its client has left", srs("046", "051"), func(k *program) {
		runsOn(k)
		closing((*session).stopped, func(*session) {})(k)
		k.left = func(s *session, _ []byte) error { return s.conn.Close() }
	}},
	{"stop-callback-not-cancelled", "does not cancel the callback when it is stopped", srs("046"), instead(func(ctx context.Context, c target.Command, respond func(string) error, callback target.Callback) error {
		return callback(context.WithoutCancel(ctx), c, respond)
	})},
	{"stop-callback-abandoned", "returns while a callback runs, which it has not cancelled", srs("046"), instead(func(ctx context.Context, c target.Command, respond func(string) error, callback target.Callback) error {
		done := make(chan error, 1)
		go func() {
			loose := &session{ctx: context.WithoutCancel(ctx), params: target.Params{Callback: callback}}
			done <- loose.call(c, respond)
		}()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return errDrop
		}
	})},

	{"stop-within-runs-rest", "runs the commands of the segment after a callback has stopped it", srs("051"), runsOn},
	{"stop-within-waits-for-itself", "waits for the callback that stops it to end", srs("051"), stoppedWithin(func(*session) error {
		linger()
		return nil
	})},
	{"stop-within-leaves-goroutine", "leaves a goroutine running when its callback stops it", srs("051"), stoppedWithin(func(*session) error {
		go linger()
		return nil
	})},
	{"stop-within-keeps-client", "leaves its client connected when its callback stops it", srs("051"), func(k *program) {
		var mu sync.Mutex // closing waits for the callback
		kept := false
		k.alter = func(p *target.Params) {
			kept = false
			callback := p.Callback
			p.Callback = func(ctx context.Context, c target.Command, respond func(string) error) error {
				mu.Lock()
				defer mu.Unlock()
				err := callback(ctx, c, respond)
				kept = err == nil && ctx.Err() != nil
				return err
			}
		}
		k.close = func(s *session) {
			_ = s.conn.SetWriteDeadline(time.Now()) // nor may the callback wait for its client
			mu.Lock()
			defer mu.Unlock()
			if kept {
				s.closeLate()
				return
			}
			_ = s.conn.Close()
		}
	}},
}

// stoppedWithin does something when a callback has ended well during which the
// server was stopped.
func stoppedWithin(after func(*session) error) func(*program) {
	return func(k *program) {
		k.over = func(s *session, err error) error {
			if err == nil && s.stopped() {
				return after(s)
			}
			return err
		}
	}
}
