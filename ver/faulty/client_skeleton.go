package faulty

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// clients makes clients that conform, but for what change replaces or wraps.
type clients struct {
	change func(*caller)
	check  func(addr string) error // nil: checkAddr
}

func checkAddr(addr string) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return errors.New("not set or invalid: Addr")
	}
	return nil
}

// Check implements target.ClientMaker.
func (m clients) Check(addr string) error {
	if m.check != nil {
		return m.check(addr)
	}
	return checkAddr(addr)
}

// New implements target.ClientMaker.
func (m clients) New(addr string) (target.ClientUnderTest, error) {
	c := newCaller(addr)
	if m.change != nil {
		m.change(c)
	}
	return c, nil
}

// caller is a client. As newCaller makes it, it conforms.
type caller struct {
	addr   string
	conn   net.Conn   // nil: not connected
	kept   []net.Conn // left, but not closed: by a fault
	input  string     // bytes that were received and not handed out
	ended  bool       // nothing more is to be received
	reset  bool       // because of a reset
	lax    bool       // does not look whether it is connected
	goesOn bool       // sends behind the part of a command

	check   func(addr string) error
	dial    func(ctx context.Context, addr string) (net.Conn, error)
	begin   func(c *caller)                            // a connection is made: nothing of the last one is left
	greet   func(c *caller, ctx context.Context) error // learns that the connection is served
	pong    func(answer target.Answer) bool            // reports whether that answers a ping
	encode  func(c *caller, text string) (string, error)
	put     func(c *caller, data string) error       // writes
	segment func(c *caller, data string) string      // has received bytes
	extend  func(within time.Duration) time.Duration // how long the time-out of a receive is from then on; nil: as it was
	cut     func(c *caller, input string) (packet, rest string, ok bool)
	deliver func(packet string) string
	receive func(c *caller, ctx context.Context, within time.Duration) target.Answer
	leave   func(c *caller, ctx context.Context, command string) target.Answer
	lives   func(c *caller) bool // what it reports of its connection

	// What a fault remembers.
	marked bool
	held   string
}

func newCaller(addr string) *caller {
	return &caller{
		addr: addr, check: checkAddr, dial: dialTCP,
		begin:   func(c *caller) { c.input, c.ended = "", false },
		greet:   (*caller).ping,
		pong:    func(a target.Answer) bool { return a == target.Answer{Kind: target.OK, Text: "pong"} },
		encode:  func(_ *caller, text string) (string, error) { return encodeCommand(text) },
		put:     (*caller).writeAll,
		segment: func(_ *caller, data string) string { return data },
		cut:     func(_ *caller, input string) (packet, rest string, ok bool) { return strings.Cut(input, "\n") },
		deliver: func(packet string) string { return packet },
		receive: (*caller).next,
		leave:   (*caller).goodbye,
		lives:   (*caller).isConnected,
	}
}

func dialTCP(ctx context.Context, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr)
}

// encodeCommand ends a command by its line feed (Pu).
func encodeCommand(text string) (string, error) {
	if strings.Contains(text, "\n") {
		return "", errCommand
	}
	return text + "\n", nil
}

var errCommand = errors.New("a command cannot hold a line feed")

func failure(err error) target.Answer { return target.Answer{Kind: target.Failed, Text: err.Error()} }

// report is that of an error, or that all went well.
func report(err error) target.Answer {
	if err != nil {
		return failure(err)
	}
	return fine
}

// fine is the report of a client that all went well.
var fine = target.Answer{Kind: target.OK}

// Connect implements target.ClientUnderTest.
func (c *caller) Connect(ctx context.Context) target.Answer {
	if err := c.check(c.addr); err != nil {
		return failure(err)
	}
	if c.conn != nil {
		return failure(errors.New("connected already"))
	}
	conn, err := c.dial(ctx, c.addr)
	if err != nil {
		return failure(err)
	}
	c.conn = conn
	c.begin(c)
	if err := c.greet(c, ctx); err != nil {
		c.drop()
		return failure(err)
	}
	return fine
}

// ping asks for a pong (Pt).
func (c *caller) ping(ctx context.Context) error { return c.asks(ctx, "ping\n", 5*time.Second, c.pong) }

// asks sends something, and wants an answer of some kind.
func (c *caller) asks(ctx context.Context, data string, within time.Duration, want func(target.Answer) bool) error {
	if err := c.write(ctx, data); err != nil {
		return err
	}
	if answer := c.receive(c, ctx, within); !want(answer) {
		return errors.New("ping was answered by " + answer.String())
	}
	return nil
}

func (c *caller) drop() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
	c.conn = nil
}

func (c *caller) write(ctx context.Context, data string) error {
	if c.conn == nil {
		return errors.New("not connected")
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.conn.SetWriteDeadline(deadline)
	}
	err := c.put(c, data)
	if errors.Is(err, os.ErrDeadlineExceeded) && !c.goesOn { // a part may have been sent
		c.drop()
	}
	return err
}

func (c *caller) writeAll(data string) error {
	_, err := c.conn.Write([]byte(data))
	return err
}

// Send implements target.ClientUnderTest.
func (c *caller) Send(ctx context.Context, text string) target.Answer {
	if c.unconnected() || c.ended && !c.lax {
		return failure(errUnconnected)
	}
	data, err := c.encode(c, text)
	if data != "" {
		if err := c.write(ctx, data); err != nil {
			return failure(err)
		}
	}
	return report(err)
}

// Receive implements target.ClientUnderTest.
func (c *caller) Receive(ctx context.Context, within time.Duration) target.Answer {
	if c.unconnected() {
		return failure(errUnconnected)
	}
	return c.receive(c, ctx, within)
}

var errUnconnected = errors.New("not connected")

func (c *caller) unconnected() bool { return c.conn == nil && !c.lax }

// next gives the next response, nothing in time, or the end (Ps).
func (c *caller) next(ctx context.Context, within time.Duration) target.Answer {
	if c.conn == nil {
		return target.Answer{Kind: target.Ended}
	}
	deadline := time.Now().Add(within)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	_ = c.conn.SetReadDeadline(deadline)
	for {
		if packet, rest, ok := c.cut(c, c.input); ok {
			c.input = rest
			return target.Answer{Kind: target.OK, Text: c.deliver(packet)}
		}
		if c.ended {
			return target.Answer{Kind: target.Ended}
		}
		buf := make([]byte, 64<<10)
		n, err := c.conn.Read(buf)
		c.input += c.segment(c, string(buf[:n]))
		if n > 0 && c.extend != nil {
			_ = c.conn.SetReadDeadline(time.Now().Add(c.extend(within)))
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return target.Answer{Kind: target.Timeout}
		}
		c.ended = err != nil
		c.reset = c.ended && !errors.Is(err, io.EOF)
	}
}

// Disconnect implements target.ClientUnderTest.
func (c *caller) Disconnect(ctx context.Context) target.Answer { return c.leaveBy(ctx, "disconnect") }

// Shutdown implements target.ClientUnderTest.
func (c *caller) Shutdown(ctx context.Context) target.Answer { return c.leaveBy(ctx, "shutdown") }

func (c *caller) leaveBy(ctx context.Context, command string) target.Answer {
	if c.unconnected() {
		return failure(errUnconnected)
	}
	return c.leave(c, ctx, command)
}

// goodbye sends a command, and closes the connection.
func (c *caller) goodbye(ctx context.Context, command string) target.Answer {
	err := c.write(ctx, command+"\n")
	c.finish()
	return report(err)
}

// finish closes the connection once the server has taken what was sent: closing
// with bytes that were not read would be a reset.
func (c *caller) finish() {
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
		_ = tcp.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		buf := make([]byte, 4096)
		for {
			if _, err := tcp.Read(buf); err != nil {
				break
			}
		}
	}
	c.drop()
}

// Connected implements target.ClientUnderTest.
func (c *caller) Connected(context.Context) target.Answer {
	return target.Answer{Kind: target.OK, Text: strconv.FormatBool(c.lives(c))}
}

func (c *caller) isConnected() bool { return c.conn != nil && !c.ended }

// Quit implements target.ClientUnderTest. It may come while something else is
// still being done: that ends with its connection.
func (c *caller) Quit() error {
	if c.conn != nil {
		_ = c.conn.Close()
	}
	for _, conn := range c.kept {
		_ = conn.Close()
	}
	return nil
}
