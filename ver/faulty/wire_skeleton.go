package faulty

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maximum is the longest packet that the skeleton takes, in bytes (Pg).
const maximum = 64 << 10

// skeleton is a server with the sample application that conforms, as plain as
// can be: one client at a time, each command answered before the next is looked
// at. Its function fields are the places where a fault or a variant replaces
// what newSkeleton has put there. It serves once.
type skeleton struct {
	ctx context.Context // the end of everything: what waits, waits for this too

	attend   func(c *visitor)                          // has a new client
	enter    func(c *visitor)                          // before anything is read
	read     func(c *visitor, buf []byte) (int, error) // the next bytes, as net.Conn gives them
	take     func(c *visitor, chunk []byte)            // has bytes, finds packets
	ends     func(b byte) bool                         // reports whether a byte ends a packet
	tooLong  func(n int) bool                          // reports whether so many bytes are too many
	handle   func(c *visitor, p packet)                // has a packet
	valid    func(text string) bool                    // reports whether a packet is ASCII
	is       func(text, command string) bool           // compares with a predefined command
	answer   func(p packet) []string                   // the application
	frame    func(response string) string              // a response as it is sent
	send     func(c *visitor, text string)             // sends
	ended    func(c *visitor, err error)               // the client has left by itself
	leave    func(c *visitor)                          // closes the connection of a client
	goodbye  func(c *visitor)                          // has disconnect
	shutdown func(c *visitor)                          // has shutdown

	buffer int            // bytes that a connection holds of what is sent; 0: as the system has it
	turn   sync.Mutex     // held while packets are handled: some faults serve several clients at once
	group  sync.WaitGroup // those that do so
	polite bool           // the last client has left by disconnect
	reads  atomic.Int64   // how often bytes have been read

	mu   sync.Mutex
	ln   net.Listener
	open map[net.Conn]bool // whatever is still to be closed in the end
	last int               // number of the last client
	over bool              // no further client is taken
}

// visitor is a client while it is served.
type visitor struct {
	net.Conn
	*skeleton        // its server
	number    int    // 1 is the server's first
	since     int64  // how often bytes had been read before it came
	partial   []byte // of a packet that is not ended
	cut       bool   // the packet is too long: bytes have been dropped
	due       []byte // responses not sent yet
	gone      bool   // nothing more is taken from it

	// What a fault remembers of its client.
	count  int
	marked bool
	held   []byte
	ahead  chan []byte // what was read while it waited, once nothing more is
	queue  []packet
}

// packet is one packet of a client.
type packet struct {
	text  string
	cut   bool // longer than the maximum
	valid bool // ASCII, and not too long: what obey has found
}

// serve gives a server that is the skeleton but for one mistake.
func serve(mistake func(*skeleton)) func(context.Context, net.Listener) error {
	return func(ctx context.Context, ln net.Listener) error {
		s := newSkeleton(ctx, ln)
		mistake(s)
		s.run()
		return nil
	}
}

func newSkeleton(ctx context.Context, ln net.Listener) *skeleton {
	return &skeleton{
		ctx: ctx, ln: ln, open: map[net.Conn]bool{}, buffer: held / 8,
		attend:  (*visitor).talk,
		enter:   func(*visitor) {},
		read:    func(c *visitor, buf []byte) (int, error) { return c.Read(buf) },
		take:    (*visitor).split,
		ends:    func(b byte) bool { return b == '\n' },
		tooLong: func(n int) bool { return n > maximum },
		handle:  (*visitor).obey,
		valid:   isASCII,
		is:      func(text, command string) bool { return text == command },
		answer:  sample,
		frame:   func(response string) string { return response + "\n" },
		send: func(c *visitor, text string) {
			if _, err := c.Write([]byte(text)); err != nil {
				c.gone, c.polite = true, false // nobody is there to hear the rest
			}
		},
		ended:    func(*visitor, error) {},
		leave:    (*visitor).drop,
		goodbye:  func(c *visitor) { c.gone = true },
		shutdown: (*visitor).halt,
	}
}

// run accepts until the listener is closed, by shutdown or by the end of ctx.
// That closes whatever a fault has left open, too.
func (s *skeleton) run() {
	context.AfterFunc(s.ctx, func() {
		s.stop()
		s.mu.Lock()
		defer s.mu.Unlock()
		for conn := range s.open {
			_ = conn.Close()
		}
	})
	defer s.group.Wait()
	for {
		conn, err := s.listener().Accept()
		if err != nil {
			return
		}
		s.attend(s.admit(conn))
	}
}

// admit makes a connection a client's.
func (s *skeleton) admit(conn net.Conn) *visitor {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[conn] = true
	if s.buffer > 0 {
		_ = conn.(*net.TCPConn).SetWriteBuffer(s.buffer)
	}
	if s.ctx.Err() != nil {
		_ = conn.Close() // ctx has ended meanwhile, and what was open is closed already
	}
	s.last++
	return &visitor{Conn: conn, skeleton: s, number: s.last, since: s.reads.Load()}
}

// talk serves one client until it is gone.
func (c *visitor) talk() {
	c.enter(c)
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for !c.gone {
		n, err := c.read(c, buf[:])
		if n > 0 {
			c.reads.Add(1)
		}
		c.turn.Lock()
		c.take(c, buf[:n])
		if err != nil {
			c.polite = false
			c.ended(c, err)
			c.gone = true
		}
		c.flush()
		c.turn.Unlock()
	}
	c.leave(c)
}

// talkAside serves one client beside others.
func (c *visitor) talkAside() { c.group.Go(c.talk) }

// buffers are for what is read: a self-test has hundreds of thousands of clients.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// split finds the packets in what was read.
func (c *visitor) split(chunk []byte) {
	for _, b := range chunk {
		switch {
		case c.gone:
			return
		case c.ends(b):
			p := packet{text: string(c.partial), cut: c.cut}
			c.partial, c.cut = c.partial[:0], false
			c.handle(c, p)
		case c.tooLong(len(c.partial) + 1):
			c.cut = true
		default:
			c.partial = append(c.partial, b)
		}
	}
}

// obey carries out a packet.
func (c *visitor) obey(p packet) {
	p.valid = !p.cut && c.valid(p.text)
	switch {
	case p.valid && c.is(p.text, "ping"):
		c.respond("pong")
	case p.valid && c.is(p.text, "disconnect"):
		c.polite = true
		c.goodbye(c)
	case p.valid && c.is(p.text, "shutdown"):
		c.shutdown(c)
	default:
		c.respond(c.answer(p)...)
	}
}

// respond makes responses due. They are sent with the others of their segment, or of
// as much as is good to be kept.
func (c *visitor) respond(responses ...string) {
	for _, response := range responses {
		if c.due = append(c.due, c.frame(response)...); len(c.due) > 64<<10 {
			c.flush()
		}
	}
}

// flush sends what is due.
func (c *visitor) flush() {
	due := string(c.due)
	if c.due = nil; due != "" {
		c.send(c, due)
	}
}

// drop closes a connection so that what was sent arrives: bytes that were never
// read would turn the end into a reset, which may destroy it.
func (c *visitor) drop() {
	_ = c.tcp().CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for {
		if _, err := c.Read(buf[:]); err != nil {
			break
		}
	}
	c.hangUp()
}

// hangUp closes a connection at once.
func (c *visitor) hangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, c.Conn)
	_ = c.Close()
}

// reset ends a connection by a reset.
func (c *visitor) reset() {
	_ = c.tcp().SetLinger(0)
	c.hangUp()
}

// halt stops the server after a command of this client.
func (c *visitor) halt() {
	c.gone = true
	c.stop()
}

func (c *visitor) tcp() *net.TCPConn { return c.Conn.(*net.TCPConn) }

// stop takes no further client.
func (s *skeleton) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	_ = s.ln.Close()
}

// stopped reports whether stop was called.
func (s *skeleton) stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// listener gives where clients are accepted.
func (s *skeleton) listener() net.Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ln
}

// move takes clients at another address from now on.
func (s *skeleton) move(addr string) {
	s.stop()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ln = ln; s.ctx.Err() != nil {
		_ = ln.Close()
	}
}

// resume takes clients again after [skeleton.move].
func (s *skeleton) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = false
}

// isASCII reports whether every byte is below 0x80 (Pd).
func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// predefined reports whether a text is a predefined command (P7).
func predefined(text string) bool {
	return text == "ping" || text == "disconnect" || text == "shutdown"
}

// sample is the sample application (P10), with commands that show more of the
// server: none, echo TEXT, count N.
func sample(p packet) []string { return apply(p, "nak - unknown cmd") }

// apply is the sample application with other responses to what it does not know.
func apply(p packet, unknown ...string) []string {
	command, argument, spaced := strings.Cut(p.text, " ")
	n := 0
	if command == "count" {
		n, _ = strconv.Atoi(argument)
	}
	switch {
	case !p.valid:
	case p.text == "cmd01":
		return []string{"ack"}
	case p.text == "none":
		return nil
	case command == "echo" && spaced:
		return []string{argument}
	case 1 <= n && n <= 1000:
		return numbers(n)
	}
	return unknown
}

// numbers gives the numbers from 1 to n.
func numbers(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = strconv.Itoa(i + 1)
	}
	return all
}
