package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
)

// Log takes what happens on a connection: direction is "sent", "received" or
// "event". Before something is sent it is called with "sending" and nothing else,
// because an answer may be received before the write returns.
type Log func(direction string, data []byte, text string)

// Conn is a connection to a server under test. It sends the bytes that it is
// given and nothing else, and finds packets by itself: a fault in the framing of
// the reference must not hide here. It is used by one goroutine.
type Conn struct {
	conn   *net.TCPConn
	pace   *Pace
	log    Log
	buf    []byte  // received, not yet given out
	total  int     // bytes received
	closed bool    // the peer's end was seen
	left   bool    // this side closed
	ahead  []Event // were put back, to be given first
	chunk  [16 << 10]byte
}

// ErrNoAnswer is the error of a dial that was neither accepted nor refused in time.
var ErrNoAnswer = errors.New("no answer")

// Window says how much a connection holds of what is not read.
type Window int

const (
	Usual     Window = iota // as much as the system wants
	Narrow                  // little on this side
	Narrowest               // little on the side of the server too, because its segments are short
)

// Dial connects to a server. ctx bounds the attempt.
func Dial(ctx context.Context, addr string, window Window, pace *Pace, log Log) (*Conn, error) {
	d := net.Dialer{Control: window.control}
	dialing, cancel := patience.Within(ctx, pace.Limits.Response)
	defer cancel()
	conn, err := d.DialContext(dialing, "tcp", addr)
	if err != nil && dialing.Err() != nil && ctx.Err() == nil {
		err = ErrNoAnswer
	}
	if errors.Is(err, syscall.ECONNRESET) {
		// The server took the connection, and has ended it already.
		log("event", nil, "connected, and reset at once")
		return &Conn{conn: &net.TCPConn{}, pace: pace, log: log, closed: true}, nil
	}
	if err != nil {
		log("event", nil, "not connected: "+reason(err))
		return nil, err
	}
	log("event", nil, "connected")
	return &Conn{conn: conn.(*net.TCPConn), pace: pace, log: log}, nil
}

// Accept takes the next connection of a listener, where the suite is the server.
// A client that does not come in time counts as a response that is missing.
func Accept(ctx context.Context, ln *net.TCPListener, pace *Pace, log Log) (*Conn, error) {
	_ = ln.SetDeadline(time.Time{})
	waiting, cancel := patience.Within(ctx, pace.arrival())
	defer cancel()
	release := onDone(waiting, func() { _ = ln.SetDeadline(time.Unix(1, 0)) })
	defer release()
	conn, err := ln.AcceptTCP()
	pace.absent.book(err == nil || ctx.Err() != nil)
	if err != nil {
		log("event", nil, "no connection came: "+reason(err))
		if ctx.Err() == nil {
			pace.missing.Add(1)
		}
		return nil, err
	}
	log("event", nil, "connection accepted")
	return &Conn{conn: conn, pace: pace, log: log}, nil
}

// Narrow bounds how much this side of a new connection holds that it has not read.
// Otherwise the system lets that grow with what has been read.
func (c *Conn) Narrow() { _ = c.conn.SetReadBuffer(256 << 10) }

// Send writes the bytes as they are, in one write. A server that does not take
// them within the response time-out is an error, as is one that has closed; what
// the server makes of it is seen by receiving.
func (c *Conn) Send(data string) error { return c.SendWithin(data, c.pace.Limits.Response) }

// SendWithin is [Conn.Send] for a time of the caller's.
func (c *Conn) SendWithin(data string, within time.Duration) error {
	c.log("sending", nil, "")
	n, err := c.write(data, within)
	c.log("sent", []byte(data[:n]), "")
	if err != nil {
		c.log("event", nil, fmt.Sprintf("sending failed after %d of %d bytes: %s", n, len(data), reason(err)))
	}
	return err
}

// write writes as much as is taken within the time given.
func (c *Conn) write(data string, within time.Duration) (written int, err error) {
	rest := []byte(data)
	wait := patience.For(within)
	for {
		next := wait.Next()
		if next == 0 {
			return written, os.ErrDeadlineExceeded
		}
		_ = c.conn.SetWriteDeadline(time.Now().Add(next))
		n, err := c.conn.Write(rest)
		rest, written = rest[n:], written+n
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return written, err
		}
	}
}

// SendSegments writes each part as a segment of its own. The pause between two
// of them is stimulus: without it they would arrive as one.
func (c *Conn) SendSegments(ctx context.Context, parts ...string) error {
	for i, part := range parts {
		if i > 0 {
			Pause(ctx, c.pace.Limits.Pause)
		}
		if err := c.Send(part); err != nil {
			return err
		}
	}
	return nil
}

// Receive gives what the server owes: the next packet, or the end of the connection; or
// Nothing once the response time-out is over.
func (c *Conn) Receive(ctx context.Context) Event {
	begin, waited := time.Now(), len(c.buf) == 0 && len(c.ahead) == 0
	event := c.Wait(ctx, c.pace.Response())
	switch {
	case event.kind == isNothing && ctx.Err() == nil:
		c.pace.missing.Add(1)
	case event.kind != isNothing && waited: // and it was not already there, with the one before
		c.pace.seen(time.Since(begin))
	}
	return event
}

// PutBack puts an event back: it is the next one that is given.
func (c *Conn) PutBack(event Event) { c.ahead = slices.Insert(c.ahead, 0, event) }

// Listen gives what the server sends although nothing is due: Nothing if it
// keeps silent for as long as silence must last.
func (c *Conn) Listen(ctx context.Context) Event { return c.Wait(ctx, c.pace.Quiet()) }

// Wait gives what comes within a time.
func (c *Conn) Wait(ctx context.Context, within time.Duration) Event {
	event := c.Poll(ctx, within)
	if event.kind == isNothing && ctx.Err() == nil {
		c.log("event", nil, fmt.Sprintf("nothing more within %s", within.Round(time.Millisecond)))
	}
	return event
}

// Poll is [Conn.Wait], and logs nothing where nothing comes.
func (c *Conn) Poll(ctx context.Context, within time.Duration) Event {
	if len(c.ahead) > 0 {
		event := c.ahead[0]
		c.ahead = c.ahead[1:]
		return event
	}
	if packet, ok := c.cut(0); ok { // most packets come with others
		return packet
	}
	release := onDone(ctx, func() { _ = c.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer release()
	wait := patience.For(within)
	for scanned := 0; ; {
		if packet, ok := c.cut(scanned); ok {
			return packet
		}
		scanned = len(c.buf)
		if scanned > c.pace.Limits.Packet || c.total > c.pace.Limits.Total {
			c.log("event", nil, "too much was received: no more is read")
			return Event{isTooMuch, string(c.buf)}
		}
		if c.closed {
			return Event{isClosed, string(c.buf)}
		}
		next := wait.Next()
		_ = c.conn.SetReadDeadline(time.Now().Add(next))
		if next == 0 || ctx.Err() != nil {
			return Event{isNothing, string(c.buf)}
		}
		acknowledge(c.conn)
		n, err := c.conn.Read(c.chunk[:])
		if n > 0 {
			c.buf = append(c.buf, c.chunk[:n]...)
			c.total += n
			c.log("received", c.chunk[:n], "")
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded): // of a slice of the wait
		case err != nil:
			c.log("event", nil, "the peer closed: "+reason(err))
			c.closed = true
		}
	}
}

// cut takes the first packet off what was received. The bytes before scanned hold no
// line feed.
func (c *Conn) cut(scanned int) (packet Event, ok bool) {
	i := bytes.IndexByte(c.buf[scanned:], '\n')
	if i < 0 {
		return Event{}, false
	}
	packet = Packet(string(c.buf[:scanned+i]))
	c.buf = c.buf[scanned+i+1:]
	return packet, true
}

// CloseWrite ends the sending side only: the server sees an end of file, and can
// still answer (Ph).
func (c *Conn) CloseWrite() error {
	c.left = true
	c.log("event", nil, "sending side closed")
	return c.conn.CloseWrite()
}

// Reset ends the connection by a reset instead of an end of file (Ph).
func (c *Conn) Reset() error {
	c.left = true
	c.log("event", nil, "reset")
	_ = c.conn.SetLinger(0)
	return c.conn.Close()
}

// Close ends the connection. Closing twice does nothing.
func (c *Conn) Close() error {
	if !c.left {
		c.log("event", nil, "closed")
	}
	c.left = true
	return c.conn.Close()
}

// SendAndClose sends bytes, and closes the connection in the same segment: whatever the
// server answers comes too late.
func (c *Conn) SendAndClose(data string) error {
	cork(c.conn)
	return errors.Join(c.Send(data), c.Close())
}

// Leave ends the connection as the protocol wants it: by disconnect. The server
// is given a short time to close first. It does nothing on a connection that has
// been left already. A server that does not survive disconnect is left by closing.
func (c *Conn) Leave(ctx context.Context) {
	if c.pace.SparesDisconnect.Load() {
		_ = c.Close()
		return
	}
	c.Disconnect(ctx)
}

// Disconnect is [Conn.Leave], and always by disconnect.
func (c *Conn) Disconnect(ctx context.Context) {
	defer c.conn.Close()
	if c.left {
		return
	}
	c.left = true
	if c.closed || c.Send("disconnect\n") != nil {
		return
	}
	// Responses that the spec did not wait for may still come, but not for ever.
	until := time.Now().Add(c.pace.leaving())
	event := Event{kind: isPacket}
	for event.kind == isPacket && time.Now().Before(until) {
		event = c.Wait(ctx, time.Until(until))
	}
	if ctx.Err() == nil {
		c.pace.ignored.book(event.kind == isClosed)
	}
}

// LogTo has what happens from now on logged elsewhere.
func (c *Conn) LogTo(log Log) { c.log = log }

// Gone reports whether the peer's end of the connection was seen.
func (c *Conn) Gone() bool { return c.closed }

// Pause lets time pass: between two segments, before a server that closed too early is
// dialed again, and wherever a client takes its time. Nothing else in the suite does.
func Pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// reason says why a network operation failed, without addresses.
func reason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return strings.TrimPrefix(err.Error(), "read: ")
}

// onDone calls f in its own goroutine once ctx is done. After the function returned
// has been called, f is not called any more and has returned.
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
