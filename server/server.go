// Package server is the reference server of the one-line protocol, as PROTOCOL.md
// describes it: one client at a time, predefined commands, and a [Callback] for
// every other command.
//
// Unlike the original, which reads byte by byte, it reads everything that has arrived
// at once, and sends the responses of waiting commands in one segment. A client
// observes the same (Pa).
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"
)

// Server is a server of the one-line protocol. Addr and Callback must be set, and
// no field may be changed while it serves. A Server may serve several listeners
// at a time; each has one client at a time (P2).
type Server struct {
	// Addr is where ListenAndServe listens, as host:port. Serve needs none.
	Addr string

	// Callback handles every command that is not predefined (P8).
	Callback Callback

	// MaxPacket is the length in bytes of the longest command, without its line
	// feed; longer ones reach the callback cut and marked (Pg). Zero means
	// oneline.DefaultMaxPacket.
	MaxPacket int

	// IdleTimeout is how long a client may send nothing, not even a part of a
	// command, while the server waits for it; then it is dropped (Pq). Zero means
	// no limit.
	IdleTimeout time.Duration

	// WriteTimeout is how long a client has to take the responses that are due before
	// it is dropped: one that never reads must not keep the server. It may be
	// exceeded by half. Zero means DefaultWriteTimeout.
	WriteTimeout time.Duration

	// Logger logs clients that come and go, and failures. Nil means no logging.
	Logger *slog.Logger
}

// DefaultWriteTimeout is the default of [Server.WriteTimeout].
const DefaultWriteTimeout = 10 * time.Second

var (
	// ErrParameters is returned by a server with missing or invalid parameters; the
	// text of the error names each of them (P9).
	ErrParameters = errors.New("wrong parameters")

	// ErrResponderDone is returned by a Responder whose callback has returned.
	ErrResponderDone = errors.New("server: no response can be sent after the callback has returned")
)

// Check returns nil if ListenAndServe can be called, or an [ErrParameters] that names
// every parameter that is missing or invalid (P9).
func (s *Server) Check() error {
	var wrong []string
	if s.Addr == "" {
		wrong = append(wrong, "Addr is not set: give host:port")
	} else if _, _, err := net.SplitHostPort(s.Addr); err != nil {
		wrong = append(wrong, fmt.Sprintf("Addr is %q: give host:port", s.Addr))
	}
	return wrongParameters(append(wrong, s.wrong()...))
}

// wrong describes the parameters with which Serve cannot work.
func (s *Server) wrong() []string {
	var wrong []string
	if s.Callback == nil {
		wrong = append(wrong, "Callback is not set: give the function that handles commands")
	}
	if s.MaxPacket < 0 {
		wrong = append(wrong, fmt.Sprintf("MaxPacket is %d: give a number of bytes", s.MaxPacket))
	}
	if s.IdleTimeout < 0 {
		wrong = append(wrong, fmt.Sprintf("IdleTimeout is %s: give a time that is not negative", s.IdleTimeout))
	}
	if s.WriteTimeout < 0 {
		wrong = append(wrong, fmt.Sprintf("WriteTimeout is %s: give a time that is not negative", s.WriteTimeout))
	}
	return wrong
}

func wrongParameters(wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("server: %w: %s", ErrParameters, strings.Join(wrong, "; "))
}

// ListenAndServe listens at Addr and serves as [Server.Serve] does. If it cannot listen,
// the error names the address (Pp).
func (s *Server) ListenAndServe(ctx context.Context) error {
	if err := s.Check(); err != nil {
		return err
	}
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", s.Addr)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("server: cannot listen at %s: %w", s.Addr, err)
	}
	return s.Serve(ctx, ln)
}

// Serve serves the clients that connect to ln, one at a time; those that connect
// meanwhile wait in the listener's queue (Pj). It returns nil once it has been
// stopped, by the end of ctx or by the command shutdown, and an error if ln fails
// for good. ctx may be ended from within the callback.
//
// Serve closes ln, whatever it returns. When it returns, nothing is left: no goroutine,
// no connection, no port (Pr). It waits for a running callback, whose ctx is done by
// then. The client has 100 ms to take the responses that are due, and another 10 ms to
// close its side of the connection. Clients that left earlier have a second for that,
// while others are served.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if ln == nil {
		return wrongParameters(append(s.wrong(), "the listener is nil: give one that is bound"))
	}
	defer ln.Close()
	if err := wrongParameters(s.wrong()); err != nil {
		return err
	}
	logger := s.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	release := onDone(ctx, func() { ln.Close() })
	defer release()
	var left lingering
	defer left.end()
	logger.Info("listening", "addr", ln.Addr().String())
	for {
		nc, err := accept(ctx, ln, logger)
		if ctx.Err() != nil {
			if err == nil {
				nc.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("server: cannot accept clients at %s: %w", ln.Addr(), err)
		}
		c := newConn(ctx, s, nc, logger)
		why := c.serve()
		if why == shutdown {
			ln.Close() // before the client sees that it has been obeyed (Pl)
		}
		c.leave(why, &left)
		if why == shutdown {
			return nil
		}
	}
}

// onDone calls f in its own goroutine once ctx is done. After the function returned has
// been called, f is not called anymore and has returned.
func onDone(ctx context.Context, f func()) (release func()) {
	returned := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(returned)
		f()
	})
	return func() {
		if !stop() {
			<-returned
		}
	}
}
