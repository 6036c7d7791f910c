package target

import (
	"context"
	"io"
	"net"
	"time"
)

// Nowhere is a connection to nobody: it has ended already.
func Nowhere() *Conn {
	return &Conn{conn: &net.TCPConn{}, pace: NewPace(Limits{}), log: func(string, []byte, string) {}, closed: true}
}

// NoProc is a process that has ended already.
func NoProc() *Proc {
	over := make(chan struct{})
	close(over)
	return &Proc{stdin: io.NopCloser(nil), ended: over, done: over}
}

// Absent is a client that does nothing.
type Absent struct{}

func (Absent) Connect(context.Context) Answer                { return Answer{} }
func (Absent) Send(context.Context, string) Answer           { return Answer{} }
func (Absent) Receive(context.Context, time.Duration) Answer { return Answer{} }
func (Absent) Disconnect(context.Context) Answer             { return Answer{} }
func (Absent) Shutdown(context.Context) Answer               { return Answer{} }
func (Absent) Connected(context.Context) Answer              { return Answer{} }
func (Absent) Quit() error                                   { return nil }
