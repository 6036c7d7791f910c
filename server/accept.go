package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"
)

// How long accept waits after an error that will pass: the first time, and at
// most.
const (
	firstBackoff = 5 * time.Millisecond
	maxBackoff   = time.Second
)

// passing are errors of accept that say nothing of the listener: they are over
// when descriptors or memory are free again, or concern one client that was gone
// before it could be served.
var passing = []error{
	syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
	syscall.ECONNABORTED, syscall.EINTR,
}

// accept waits for the next client, also beyond errors that pass. It is ended by
// the listener's being closed, or by the end of ctx.
func accept(ctx context.Context, ln net.Listener, logger *slog.Logger) (net.Conn, error) {
	for wait := firstBackoff; ; wait = min(2*wait, maxBackoff) {
		nc, err := ln.Accept()
		if err == nil || ctx.Err() != nil || !passes(err) {
			return nc, err
		}
		logger.Warn("cannot accept clients for now", "error", err, "retry_in", wait)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

func passes(err error) bool {
	for _, p := range passing {
		if errors.Is(err, p) {
			return true
		}
	}
	return false
}
