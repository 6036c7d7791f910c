package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"time"

	"github.com/socket-oneline/oneline"
)

// lingerTime is how long a client has to take the responses that are due once the
// server is being stopped.
const lingerTime = 100 * time.Millisecond

// reason is why the server stops serving a client.
type reason string

const (
	closed       reason = "it closed the connection"
	lost         reason = "the connection is lost"
	idle         reason = "it sent nothing for too long"
	notTaking    reason = "it did not take its responses in time"
	disconnected reason = "it sent disconnect"
	shutdown     reason = "it sent shutdown"
	failed       reason = "the callback failed"
	stopped      reason = "the server is stopped"
)

// conn is the connection of one client.
type conn struct {
	nc       net.Conn
	ctx      context.Context // of Serve
	calls    context.Context // of the callbacks; done also when the client has left
	callback Callback
	idle     time.Duration
	logger   *slog.Logger

	packets *oneline.Reader
	out     outbox
	text    []byte // of an invalid command
}

func newConn(ctx context.Context, s *Server, nc net.Conn, logger *slog.Logger) *conn {
	c := &conn{
		nc: nc, ctx: ctx, callback: s.Callback, idle: s.IdleTimeout,
		logger: logger.With("client", nc.RemoteAddr().String()),
		out:    outbox{nc: nc, ctx: ctx, limit: cmp.Or(s.WriteTimeout, DefaultWriteTimeout)},
	}
	c.packets = oneline.NewReader(c, s.MaxPacket)
	return c
}

// serve serves the client and returns why it stopped. All responses that are due have
// been sent by then; the connection is still open.
func (c *conn) serve() (why reason) {
	var cancel context.CancelFunc
	c.calls, cancel = context.WithCancel(c.ctx)
	release := onDone(c.ctx, c.interrupt)
	defer func() {
		cancel()
		release()
		if why == "" { // the callback is ending this goroutine
			_ = c.finish()
			_ = c.nc.Close()
		}
	}()
	c.logger.Info("client connected")
	why, err := c.run()
	unsent := c.finish()
	c.log(why, cmp.Or(err, unsent))
	return why
}

// log logs why the server stops serving the client.
func (c *conn) log(why reason, err error) {
	level, attrs := slog.LevelInfo, []slog.Attr{slog.String("reason", string(why))}
	if why == failed {
		level = slog.LevelError
	}
	if err != nil {
		attrs = append(attrs, slog.Any("error", err))
	}
	c.logger.LogAttrs(c.ctx, level, "client left", attrs...)
}

// interrupt ends reads and, soon, writes, because the server is being stopped.
func (c *conn) interrupt() {
	now := time.Now()
	_ = c.nc.SetReadDeadline(now)
	_ = c.nc.SetWriteDeadline(now.Add(lingerTime))
}

// run handles commands and returns why it stopped.
func (c *conn) run() (why reason, err error) {
	c.out.Lock()
	defer c.out.Unlock()
	// A panic of the callback is caught here and not around each call: it ends the
	// connection anyway, and this way costs nothing for a command.
	defer func() {
		if !c.out.running {
			return
		}
		c.out.end()
		if v := recover(); v != nil {
			why, err = failed, fmt.Errorf("panic: %v", v)
			c.logger.Error("callback panicked", "error", err, "stack", string(debug.Stack()))
		}
	}()
	for {
		packet, err := c.packets.Next()
		if err != nil {
			return c.ended(err)
		}
		// An invalid packet cannot be equal to a predefined command, but the beginning
		// of one that is too long can (Pe, Pg).
		if !packet.TooLong {
			switch string(packet.Bytes) {
			case oneline.Ping:
				c.out.pong(1 + c.packets.Repeats(oneline.Ping))
				continue
			case oneline.Disconnect:
				return disconnected, nil
			case oneline.Shutdown:
				return shutdown, nil
			}
		}
		if err := c.call(packet); err != nil && !errors.Is(err, c.out.err) && !c.stops(err) {
			return failed, err
		}
		if c.out.err != nil || c.ctx.Err() != nil {
			return c.ended(c.out.err)
		}
	}
}

// stops reports whether a callback returned err because the server is being stopped.
func (c *conn) stops(err error) bool {
	return c.ctx.Err() != nil && errors.Is(err, c.ctx.Err())
}

// ended returns the reason behind an error of the connection.
func (c *conn) ended(err error) (reason, error) {
	switch {
	case c.ctx.Err() != nil:
		return stopped, nil
	case err == io.EOF:
		return closed, nil
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return lost, err
	case c.out.err != nil:
		return notTaking, err
	}
	return idle, err
}

// Read is the source of the packets. It is called only if no complete packet is
// buffered, so it sends the responses that are due before it waits for the client.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.out.flush(); err != nil {
		return 0, err
	}
	if c.idle > 0 {
		_ = c.nc.SetReadDeadline(time.Now().Add(c.idle))
		// The end of ctx sets a deadline too, which the line above may have replaced.
		if err := c.ctx.Err(); err != nil {
			return 0, err
		}
	}
	c.out.Unlock()
	defer c.out.Lock()
	return c.nc.Read(p)
}

// call hands a packet to the callback.
func (c *conn) call(packet oneline.Packet) error {
	command := Command{Raw: packet.Bytes, TooLong: packet.TooLong, Invalid: packet.TooLong}
	if packet.ASCII() {
		command.Text = string(packet.Bytes)
	} else {
		c.text = asciiOnly(c.text[:0], packet.Bytes)
		command.Text, command.Invalid = string(c.text), true
	}
	err := c.callback(c.calls, command, c.out.begin())
	c.out.end()
	return err
}

// finish sends what is due (Ph, Po) and ends the timer of the outbox.
func (c *conn) finish() error {
	c.out.Lock()
	err := c.out.flush()
	c.out.Unlock()
	c.out.disarm()
	return err
}

// leave ends the connection. If the client has not closed its side yet, waiting for that
// is left to lingering.
func (c *conn) leave(why reason, left *lingering) {
	half, ok := c.nc.(interface{ CloseWrite() error })
	switch {
	case c.out.err != nil:
		c.reset()
	case why == closed || why == lost || !ok || half.CloseWrite() != nil:
		_ = c.nc.Close()
	default:
		left.add(c.nc)
	}
}

// reset closes the connection so that the kernel stops offering responses to a client
// that does not take them.
func (c *conn) reset() {
	if tcp, ok := c.nc.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.nc.Close()
}
