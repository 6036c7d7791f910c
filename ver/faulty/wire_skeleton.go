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
	ends     func(b byte) bool                         // tells whether a byte ends a packet
	tooLong  func(n int) bool                          // tells whether so many bytes are too many
	handle   func(c *visitor, p packet)                // has a packet
	valid    func(text string) bool                    // tells whether a packet is ASCII
	is       func(text, command string) bool           // compares with a predefined command
	answer   func(c *visitor, p packet) []string       // the application
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
	number  int    // 1 is the server's first
	since   int64  // how often bytes had been read before it came
	partial []byte // of a packet that is not ended
	cut     bool   // the packet is too long: bytes have been dropped
	due     []byte // responses not sent yet
	gone    bool   // nothing more is taken from it
}

// packet is one packet of a client.
type packet struct {
	text  string
	cut   bool // longer than the maximum
	valid bool // ASCII, and not too long: what obey has found
}

// serve gives a server that is the skeleton but for one change.
func serve(change func(*skeleton)) func(context.Context, net.Listener) error {
	return func(ctx context.Context, ln net.Listener) error {
		s := newSkeleton(ctx, ln)
		change(s)
		s.run()
		return nil
	}
}

func newSkeleton(ctx context.Context, ln net.Listener) *skeleton {
	s := &skeleton{ctx: ctx, ln: ln, open: map[net.Conn]bool{}, buffer: held / 8}
	s.attend = s.talk
	s.enter = func(*visitor) {}
	s.read = func(c *visitor, buf []byte) (int, error) { return c.Read(buf) }
	s.take = s.split
	s.ends = func(b byte) bool { return b == '\n' }
	s.tooLong = func(n int) bool { return n > maximum }
	s.handle = s.obey
	s.valid = isASCII
	s.is = func(text, command string) bool { return text == command }
	s.answer = sample
	s.frame = func(response string) string { return response + "\n" }
	s.send = func(c *visitor, text string) {
		if _, err := c.Write([]byte(text)); err != nil {
			c.gone, s.polite = true, false // nobody is there to hear the rest
		}
	}
	s.ended = func(*visitor, error) {}
	s.leave = s.drop
	s.goodbye = func(c *visitor) { c.gone = true }
	s.shutdown = func(c *visitor) { c.gone = true; s.stop() }
	return s
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
	return &visitor{Conn: conn, number: s.last, since: s.reads.Load()}
}

// talk serves one client until it is gone.
func (s *skeleton) talk(c *visitor) {
	s.enter(c)
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for !c.gone {
		n, err := s.read(c, buf[:])
		if n > 0 {
			s.reads.Add(1)
		}
		s.turn.Lock()
		s.take(c, buf[:n])
		if err != nil {
			s.polite = false
			s.ended(c, err)
			c.gone = true
		}
		s.flush(c)
		s.turn.Unlock()
	}
	s.leave(c)
}

// buffers are for what is read: a self-test has hundreds of thousands of clients.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// split finds the packets in what was read.
func (s *skeleton) split(c *visitor, chunk []byte) {
	for _, b := range chunk {
		switch {
		case c.gone:
			return
		case s.ends(b):
			p := packet{text: string(c.partial), cut: c.cut}
			c.partial, c.cut = c.partial[:0], false
			s.handle(c, p)
		case s.tooLong(len(c.partial) + 1):
			c.cut = true
		default:
			c.partial = append(c.partial, b)
		}
	}
}

// obey carries out a packet.
func (s *skeleton) obey(c *visitor, p packet) {
	p.valid = !p.cut && s.valid(p.text)
	switch {
	case p.valid && s.is(p.text, "ping"):
		s.respond(c, "pong")
	case p.valid && s.is(p.text, "disconnect"):
		s.polite = true
		s.goodbye(c)
	case p.valid && s.is(p.text, "shutdown"):
		s.shutdown(c)
	default:
		for _, response := range s.answer(c, p) {
			s.respond(c, response)
		}
	}
}

// respond makes a response due. It is sent with the others of its segment, or of
// as much as is good to be kept.
func (s *skeleton) respond(c *visitor, response string) {
	if c.due = append(c.due, s.frame(response)...); len(c.due) > 64<<10 {
		s.flush(c)
	}
}

// flush sends what is due.
func (s *skeleton) flush(c *visitor) {
	due := string(c.due)
	if c.due = nil; due != "" {
		s.send(c, due)
	}
}

// drop closes a connection so that what was sent arrives: bytes that were never
// read would turn the end into a reset, which may destroy it.
func (s *skeleton) drop(c *visitor) {
	_ = c.Conn.(*net.TCPConn).CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for {
		if _, err := c.Read(buf[:]); err != nil {
			break
		}
	}
	s.close(c)
}

// close closes a connection at once.
func (s *skeleton) close(c *visitor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c.Conn)
	_ = c.Close()
}

// stop takes no further client.
func (s *skeleton) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	_ = s.ln.Close()
}

// stopped tells whether stop was called.
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

// wait lets time pass; false if the server has been ended meanwhile.
func (s *skeleton) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// isASCII tells whether every byte is below 0x80 (Pd).
func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// sample is the sample application (P10), with commands that show more of the
// server: none, echo TEXT, count N.
func sample(_ *visitor, p packet) []string { return apply(p, "nak - unknown cmd") }

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
