package faulty

import (
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// failureFaults are wrong about a callback that fails (SRS-044).
var failureFaults = []apiMember{
	{"failure-ends-server", "ends when a callback fails", srs("044"), failing(func(s *session, err error) error {
		if drop := logAndDrop(s, err); s.ctx.Err() != nil {
			return drop
		}
		return err
	})},
	{"failure-keeps-client", "logs the failure of a callback, and keeps its client", srs("044"), failing(func(s *session, err error) error {
		_ = logAndDrop(s, err)
		return nil
	})},
	{"failure-not-logged", "does not log the failure of a callback", srs("044"), failing(func(*session, error) error { return errDrop })},
	{"error-ignored", "handles the panics of a callback, but not its errors", srs("044"), failing(func(s *session, err error) error {
		if panicked(err) {
			return logAndDrop(s, err)
		}
		return nil
	})},
	{"panic-not-logged", "logs the errors of a callback, but not its panics", srs("044"), failing(func(s *session, err error) error {
		if panicked(err) {
			return errDrop
		}
		return logAndDrop(s, err)
	})},
	{"panic-keeps-client", "drops the client for an error of the callback, but not for a panic", srs("044"), failing(func(s *session, err error) error {
		if drop := logAndDrop(s, err); !panicked(err) {
			return drop
		}
		return nil
	})},
	{"failure-leaves-rest", "leaves the commands after a failing one for the next client", srs("044"), failing(func(s *session, err error) error {
		rest, _ := s.in.Peek(s.in.Buffered())
		s.backlog = append(s.backlog, rest...)
		return logAndDrop(s, err)
	})},
	{"failure-client-left-open", "serves the next client after a failure, and leaves the connection of the last one open", srs("044"), func(k *program) {
		k.failed = func(s *session, err error) error {
			s.kept = s.goesOn()
			return logAndDrop(s, err)
		}
		closing(func(s *session) bool { return s.kept }, func(s *session) {
			time.AfterFunc(leak, func() { _ = s.conn.Close() })
		})(k)
	}},
}

func panicked(err error) bool { return strings.HasPrefix(err.Error(), "the callback panicked") }

// idleFaults are wrong about the idle limit (SRS-045).
var idleFaults = []apiMember{
	{"idle-ignored", "knows no idle limit", srs("045"), limiting(func(time.Duration) time.Duration { return 0 })},
	{"idle-unset-is-short", "drops a client that has sent nothing but ping for 80 ms, though no limit is set", srs("045"), func(k *program) {
		worked := false
		k.decode = func(raw []byte, tooLong bool) target.Command {
			worked = worked || string(raw) != "ping"
			return decodeASCII(raw, tooLong)
		}
		k.idle = func(s *session) {
			worked = worked && !s.first
			limit := s.params.IdleTimeout
			if limit == 0 && !worked {
				limit = 80 * time.Millisecond
			}
			var end time.Time
			if limit > 0 {
				end = time.Now().Add(limit)
			}
			_ = s.conn.SetReadDeadline(end)
		}
	}},
	{"idle-too-soon", "drops a client after a tenth of the idle limit", srs("045"), limiting(func(d time.Duration) time.Duration { return d / 10 })},
	{"idle-from-connect", "counts the idle limit from when the client connected", srs("045"), idling(func(s *session) (time.Time, bool) {
		return s.began.Add(s.params.IdleTimeout), true
	})},
	{"idle-first-read-only", "applies the idle limit until the client has sent something", srs("045"), idling(func(s *session) (time.Time, bool) {
		return time.Now().Add(s.params.IdleTimeout), s.first
	})},
	{"idle-after-first-read", "applies the idle limit only once the client has sent something", srs("045"), idling(func(s *session) (time.Time, bool) {
		return time.Now().Add(s.params.IdleTimeout), !s.first
	})},
	{"idle-ends-server", "ends when a client was silent for too long", srs("045"), atLeft(func(s *session, _ []byte) error {
		if errors.Is(s.err, os.ErrDeadlineExceeded) {
			return s.err
		}
		return nil
	})},
	{"idle-drops-waiting", "drops the client that waits along with the silent one", srs("045"), func(k *program) {
		k.serving = func(ln net.Listener) {
			k.left = func(s *session, _ []byte) error {
				if errors.Is(s.err, os.ErrDeadlineExceeded) {
					_ = s.conn.Close()
					if conn, err := ln.Accept(); err == nil {
						_ = conn.Close()
					}
				}
				return nil
			}
		}
	}},
}

// limiting changes the idle limit.
func limiting(change func(time.Duration) time.Duration) func(*program) {
	return parameters(func(p *target.Params) { p.IdleTimeout = change(p.IdleTimeout) })
}

// idling sets the end of the idle limit, if it applies.
func idling(deadline func(s *session) (end time.Time, applies bool)) func(*program) {
	return func(k *program) {
		k.idle = func(s *session) {
			if end, applies := deadline(s); applies && s.params.IdleTimeout > 0 {
				_ = s.conn.SetReadDeadline(end)
			}
		}
	}
}
