package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"syscall"
	"time"
)

// How long accept waits after a temporary error: the first time, and at most.
const (
	firstBackoff = 5 * time.Millisecond
	maxBackoff   = time.Second
)

// temporary lists errors of Accept after which the listener still works: descriptors
// or memory ran out, or one client was gone before it could be served.
var temporary = []error{
	syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
	syscall.ECONNABORTED, syscall.EINTR,
}

// accept waits for the next client, and retries after temporary errors. It returns
// once the listener is closed or ctx is done.
func accept(ctx context.Context, ln net.Listener, logger *slog.Logger) (net.Conn, error) {
	for wait := firstBackoff; ; wait = min(2*wait, maxBackoff) {
		nc, err := ln.Accept()
		if err == nil || ctx.Err() != nil || !isTemporary(err) {
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

func isTemporary(err error) bool {
	return slices.ContainsFunc(temporary, func(t error) bool { return errors.Is(err, t) })
}
