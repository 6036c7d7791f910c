package target

import (
	"context"
	"fmt"
	"net"
	"time"
)

// ServeFunc serves at a bound listener until ctx is done or the server is told
// to stop, and closes the listener.
type ServeFunc func(ctx context.Context, ln net.Listener) error

// InProcess is a server within the process of the suite, started anew for every
// spec.
func InProcess(serve ServeFunc, limits Limits) Server {
	return &inProcess{serve: serve, limits: limits}
}

type inProcess struct {
	serve   ServeFunc
	limits  Limits
	cancel  context.CancelFunc
	ln      net.Listener
	release func() // the port
	done    chan error
}

func (s *inProcess) Start(context.Context) (string, error) {
	if err := s.Stop(); err != nil {
		return "", err
	}
	ln, release, err := Listen()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.ln, s.release, s.cancel, s.done = ln, release, cancel, make(chan error, 1)
	done := s.done
	go func() { done <- s.serve(ctx, ln) }()
	return ln.Addr().String(), nil
}

func (s *inProcess) Fresh() bool { return true }

// Stop ends the server. One that does not end is abandoned: its listener is
// closed, so that it can do no more harm than to stay.
func (s *inProcess) Stop() error {
	if s.cancel == nil {
		return nil
	}
	s.cancel()
	s.cancel = nil
	defer s.release()
	timer := time.NewTimer(s.limits.Exit)
	defer timer.Stop()
	select {
	case <-s.done:
		return nil
	case <-timer.C:
		_ = s.ln.Close()
		return fmt.Errorf("the server has not stopped within %s", s.limits.Exit)
	}
}

func (s *inProcess) Ended(time.Duration) string { return "" }

func (s *inProcess) Output() string { return "" }

// atAddress is a server that is already there. The suite can neither start nor
// stop it.
type atAddress string

func (a atAddress) Start(context.Context) (string, error) { return string(a), nil }
func (a atAddress) Fresh() bool                           { return false }
func (a atAddress) Stop() error                           { return nil }
func (a atAddress) Ended(time.Duration) string            { return "" }
func (a atAddress) Output() string                        { return "" }
