package server_test

import (
	"net"
	"sync"
)

// pipes is a listener without a network: each connection is a net.Pipe, so that
// its time can be that of a synctest bubble. Errors that are pushed come first.
type pipes struct {
	conns  chan net.Conn
	errs   chan error
	closed chan struct{}
	once   sync.Once
}

func newPipes(errs ...error) *pipes {
	l := &pipes{conns: make(chan net.Conn), errs: make(chan error, len(errs)), closed: make(chan struct{})}
	for _, err := range errs {
		l.errs <- err
	}
	return l
}

// dial returns the client's end once the server has accepted its own.
func (l *pipes) dial() net.Conn {
	near, far := net.Pipe()
	l.conns <- far
	return near
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case err := <-l.errs:
		return nil, err
	default:
	}
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
