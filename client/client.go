// Package client is the reference client of the one-line protocol, as PROTOCOL.md
// describes it.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline"
)

// Client is a client of the one-line protocol. Addr must be set. After Connect it
// holds a connection until Disconnect, Shutdown or Close; it can then connect
// again.
//
// A Client is for one goroutine at a time, but one may call Send while another calls
// Receive. Methods wait for the server until their ctx is done, so give it a deadline.
type Client struct {
	// Addr is where the server listens, as host:port.
	Addr string

	// MaxPacket is the length in bytes of the longest response, without its line
	// feed; see [ErrTooLong]. Zero means oneline.DefaultMaxPacket.
	MaxPacket int

	nc      net.Conn    // nil: not connected
	ended   atomic.Bool // the connection is known to have ended
	packets *oneline.Reader
	out     *oneline.Writer
}

var (
	// ErrParameters is returned by a client with missing or invalid parameters; the
	// text of the error names each of them (P9).
	ErrParameters = errors.New("wrong parameters")

	// ErrConnected is returned by Connect if the client is connected already.
	ErrConnected = errors.New("client: already connected: disconnect first")

	// ErrNotConnected is returned if the client has not connected yet, or not again
	// since it left.
	ErrNotConnected = errors.New("client: not connected: connect first")

	// ErrNoPong is returned if a ping was answered by something else (Pt).
	ErrNoPong = errors.New("ping was not answered by pong")

	// ErrClosed is returned once the connection has ended, whoever ended it, and
	// all responses that came before have been received (Ps).
	ErrClosed = errors.New("the connection is closed")

	// ErrTooLong is returned with the first MaxPacket bytes of a longer response. The
	// rest is dropped; the client can receive the next response.
	ErrTooLong = errors.New("client: response longer than the maximum: set MaxPacket")
)

// closeWait is how long a server has at most to close the connection when asked to.
const closeWait = 2 * time.Second

// Check returns nil if the client can connect, or an [ErrParameters] that names every
// parameter that is missing or invalid (P9).
func (c *Client) Check() error {
	var wrong []string
	if c.Addr == "" {
		wrong = append(wrong, "Addr is not set: give host:port")
	} else if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		wrong = append(wrong, fmt.Sprintf("Addr is %q: give host:port", c.Addr))
	}
	if c.MaxPacket < 0 {
		wrong = append(wrong, fmt.Sprintf("MaxPacket is %d: give a number of bytes", c.MaxPacket))
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("client: %w: %s", ErrParameters, strings.Join(wrong, "; "))
}

// Connect connects to the server and sends ping. The client is connected only once pong
// has arrived (Pt): while the server serves another client, this one waits (Pj). If
// Connect fails, nothing is left open.
func (c *Client) Connect(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	if c.Connected() {
		return ErrConnected
	}
	_ = c.Close() // a connection that has ended may still be open here
	var dialer net.Dialer
	nc, err := dialer.DialContext(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("client: cannot connect to %s: %w", c.Addr, err)
	}
	c.nc = nc
	c.ended.Store(false)
	c.packets, c.out = oneline.NewReader(nc, c.MaxPacket), oneline.NewWriter(nc)
	if err := c.Ping(ctx); err != nil {
		_ = c.Close()
		return err
	}
	return nil
}

// Connected reports whether the client is connected. It becomes false once Send or
// Receive has noticed that the connection has ended.
func (c *Client) Connected() bool { return c.nc != nil && !c.ended.Load() }

// Close closes the connection without sending anything. It is not an error to close a
// client that is not connected.
func (c *Client) Close() error {
	if c.nc == nil {
		return nil
	}
	err := c.nc.Close()
	if c.ended.Load() {
		err = nil // it may have been closed when it ended
	}
	c.nc, c.packets, c.out = nil, nil, nil
	return err
}

// Send sends one command: its bytes unchanged, and one 0x0A (P3, Pu). For a command that
// holds 0x0A it returns oneline.ErrLineFeed and sends nothing.
//
// If ctx is done first, Send returns its error. If only a part of the command was sent
// by then, the connection is closed, because no other command could follow; otherwise
// the client can still be used.
func (c *Client) Send(ctx context.Context, command string) error {
	if c.nc == nil {
		return ErrNotConnected
	}
	release := onDone(ctx, c.nc.SetWriteDeadline)
	defer release()
	n, err := c.out.WritePacket(command)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, oneline.ErrLineFeed):
		return fmt.Errorf("client: command not sent: %w", err)
	case !errors.Is(err, os.ErrDeadlineExceeded):
		c.ended.Store(true) // responses may be left to receive
		return c.closed(err)
	case n > 0:
		c.end()
		return fmt.Errorf("client: connection to %s ended, a command was sent in part: %w", c.Addr, ctx.Err())
	}
	return fmt.Errorf("client: command not sent to %s: %w", c.Addr, ctx.Err())
}

// Receive waits for one response. It returns a response, which may be empty, and nil; or
// the error of ctx if that is done first, after which Receive may be called again and
// no byte is lost; or [ErrClosed] (Ps). For a response that is too long it returns
// [ErrTooLong].
func (c *Client) Receive(ctx context.Context) (string, error) {
	if c.nc == nil {
		return "", ErrNotConnected
	}
	release := onDone(ctx, c.nc.SetReadDeadline)
	defer release()
	packet, err := c.packets.Next()
	switch {
	case err == nil && packet.TooLong:
		return string(packet.Bytes), ErrTooLong
	case err == nil:
		return string(packet.Bytes), nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", fmt.Errorf("client: no response from %s: %w", c.Addr, ctx.Err())
	}
	c.end()
	return "", c.closed(err)
}

// Do sends a command and receives one response. If ctx is done first, the response may
// still arrive: receive it before the next Do.
func (c *Client) Do(ctx context.Context, command string) (string, error) {
	if err := c.Send(ctx, command); err != nil {
		return "", err
	}
	return c.Receive(ctx)
}

// Ping checks that the server serves this client (P7). Call it only if no response is
// due: the next packet is taken for the answer. If that is not pong, Ping returns an
// [ErrNoPong] that quotes it.
func (c *Client) Ping(ctx context.Context) error {
	response, err := c.Do(ctx, oneline.Ping)
	if err != nil {
		return err
	}
	if response != oneline.Pong {
		return fmt.Errorf("client: %s: %w but by %.100q", c.Addr, ErrNoPong, response)
	}
	return nil
}

// Disconnect sends disconnect, waits until the server has closed the connection, and
// closes this side. Responses that have not been received are dropped. If the server
// does not close the connection in time, Disconnect returns the error of ctx, or
// context.DeadlineExceeded after 2 s. Afterwards the client is not connected, whatever
// Disconnect returns.
func (c *Client) Disconnect(ctx context.Context) error { return c.leave(ctx, oneline.Disconnect) }

// Shutdown is like [Client.Disconnect], but sends shutdown, so that the server stops.
func (c *Client) Shutdown(ctx context.Context) error { return c.leave(ctx, oneline.Shutdown) }

func (c *Client) leave(ctx context.Context, command string) error {
	defer c.Close()
	if err := c.Send(ctx, command); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, closeWait)
	defer cancel()
	for {
		_, err := c.Receive(ctx)
		switch {
		case errors.Is(err, ErrClosed):
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("client: %s has not closed the connection on %s: %w", c.Addr, command, ctx.Err())
		}
	}
}

// end closes the connection, but keeps it, so that later calls return [ErrClosed].
func (c *Client) end() {
	c.ended.Store(true)
	_ = c.nc.Close()
}

// closed returns the error of an operation that found the connection ended.
func (c *Client) closed(cause error) error {
	return fmt.Errorf("client: %w: %s: %w", ErrClosed, c.Addr, cause)
}

// onDone sets a deadline in the past once ctx is done, and before it returns where it is
// done already. The function returned stops that, and removes the deadline.
func onDone(ctx context.Context, setDeadline func(time.Time) error) (release func()) {
	if ctx.Err() != nil {
		_ = setDeadline(time.Now())
	}
	returned := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(returned)
		_ = setDeadline(time.Now())
	})
	return func() {
		if !stop() {
			<-returned
			_ = setDeadline(time.Time{})
		}
	}
}
