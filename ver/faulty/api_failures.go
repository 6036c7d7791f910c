package faulty

import (
	"errors"
	"net"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// failureFaults are wrong about a callback that fails (SRS-044).
func failureFaults() []apiFault {
	failing := func(failed func(s *session, err error) error) func(*program) {
		return func(k *program) { k.failed = failed }
	}
	panicked := func(err error) bool { return strings.HasPrefix(err.Error(), "the callback panicked") }
	return []apiFault{
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
			kept := false
			k.failed = func(s *session, err error) error {
				kept = s.ctx.Err() == nil
				return logAndDrop(s, err)
			}
			k.close = func(s *session) {
				if kept {
					kept = false
					time.AfterFunc(leak, func() { _ = s.conn.Close() })
					return
				}
				_ = s.conn.Close()
			}
		}},
	}
}

// idleFaults are wrong about the idle limit (SRS-045).
func idleFaults() []apiFault {
	idle := func(deadline func(s *session) (time.Time, bool)) func(*program) {
		return func(k *program) {
			k.idle = func(s *session) {
				if t, ok := deadline(s); ok && s.params.IdleTimeout > 0 {
					_ = s.conn.SetReadDeadline(t)
				}
			}
		}
	}
	limit := func(change func(time.Duration) time.Duration) func(*program) {
		return func(k *program) {
			k.alter = func(p *target.Params) { p.IdleTimeout = change(p.IdleTimeout) }
		}
	}
	silent := func(dropped func(*session) error) func(*program) {
		return func(k *program) {
			k.left = func(s *session, _ []byte) error {
				if isTimeout(s.err) {
					return dropped(s)
				}
				return nil
			}
		}
	}
	return []apiFault{
		{"idle-ignored", "knows no idle limit", srs("045"), limit(func(time.Duration) time.Duration { return 0 })},
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
				_ = s.conn.SetReadDeadline(deadlineIn(limit))
			}
		}},
		{"idle-too-soon", "drops a client after a tenth of the idle limit", srs("045"), limit(func(d time.Duration) time.Duration { return d / 10 })},
		{"idle-from-connect", "counts the idle limit from when the client connected", srs("045"), idle(func(s *session) (time.Time, bool) {
			return s.began.Add(s.params.IdleTimeout), true
		})},
		{"idle-first-read-only", "applies the idle limit until the client has sent something", srs("045"), idle(func(s *session) (time.Time, bool) {
			return time.Now().Add(s.params.IdleTimeout), s.first
		})},
		{"idle-after-first-read", "applies the idle limit only once the client has sent something", srs("045"), idle(func(s *session) (time.Time, bool) {
			return time.Now().Add(s.params.IdleTimeout), !s.first
		})},
		{"idle-ends-server", "ends when a client was silent for too long", srs("045"), silent(func(s *session) error { return s.err })},
		{"idle-drops-waiting", "drops the client that waits along with the silent one", srs("045"), func(k *program) {
			k.serving = func(ln net.Listener) {
				k.left = func(s *session, _ []byte) error {
					if isTimeout(s.err) {
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
}

// deadlineIn gives the deadline of a limit; 0 is none.
func deadlineIn(limit time.Duration) time.Time {
	if limit == 0 {
		return time.Time{}
	}
	return time.Now().Add(limit)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}
