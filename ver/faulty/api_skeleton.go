package faulty

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// program is a server as a program uses it. As newProgram makes it, it
// conforms; a fault replaces or wraps one of its functions.
type program struct {
	check  func(target.Params) error // its own check of its parameters
	starts func(target.Params) error // the same, when it is to listen
	listen func(ctx context.Context, addr string) (net.Listener, error)
	alter  func(*target.Params) // what it makes of its parameters before it serves

	decode   func(raw []byte, tooLong bool) target.Command
	encode   func(text string) ([]byte, error) // of a response
	guard    func(respond, end func(string) error) *responder
	over     func(s *session, err error) error // the callback has returned
	write    func(s *session, data []byte) error
	idle     func(s *session)                    // called before every read
	left     func(s *session, part []byte) error // the client has left, within a packet where part is not empty
	goodbye  func(s *session)                    // the client has sent disconnect
	failed   func(s *session, err error) error   // errDrop, nil to go on, another to end the server
	stopping func(ctx context.Context) bool      // the server is to stop: looked at before every command
	close    func(s *session)
	returned func(ctx context.Context, err error) error // what serving ends with

	serving func(ln net.Listener) // it begins to serve

	mu      sync.Mutex // of all that callbacks respond by
	backlog []byte     // bytes that go before those of the next client
}

var (
	errDrop = errors.New("the connection is closed")
	errStop = errors.New("the server stops")
)

func newProgram() *program {
	k := &program{
		check:    checkParams,
		listen:   listenTCP,
		alter:    func(*target.Params) {},
		decode:   decodeASCII,
		encode:   encodePacket,
		guard:    newResponder,
		idle:     (*session).renew,
		write:    writeAll,
		serving:  func(net.Listener) {},
		over:     func(_ *session, err error) error { return err },
		left:     func(*session, []byte) error { return nil },
		goodbye:  func(*session) {},
		failed:   logAndDrop,
		stopping: func(ctx context.Context) bool { return ctx.Err() != nil },
		close:    func(s *session) { _ = s.conn.Close() },
		returned: func(_ context.Context, err error) error { return err },
	}
	k.starts = func(p target.Params) error { return k.check(p) }
	return k
}

// checkParams names every parameter that is not set.
func checkParams(p target.Params) error {
	var wrong []string
	if _, _, err := net.SplitHostPort(p.Addr); err != nil {
		wrong = append(wrong, "Addr")
	}
	if p.Callback == nil {
		wrong = append(wrong, "Callback")
	}
	if p.MaxPacket < 0 {
		wrong = append(wrong, "MaxPacket")
	}
	if p.IdleTimeout < 0 {
		wrong = append(wrong, "IdleTimeout")
	}
	if wrong == nil {
		return nil
	}
	return fmt.Errorf("not set or invalid: %s", strings.Join(wrong, ", "))
}

func listenTCP(_ context.Context, addr string) (net.Listener, error) { return net.Listen("tcp", addr) }

// Check implements target.ServerAPI.
func (k *program) Check(p target.Params) error { return k.check(p) }

// ListenAndServe implements target.ServerAPI.
func (k *program) ListenAndServe(ctx context.Context, p target.Params) error {
	if err := k.starts(p); err != nil {
		return err
	}
	ln, err := k.listen(ctx, p.Addr)
	if ln == nil {
		return err
	}
	return k.Serve(ctx, p, ln)
}

// Serve implements target.ServerAPI: one client after the other, until ctx is
// done or a client sends shutdown.
func (k *program) Serve(ctx context.Context, p target.Params, ln net.Listener) error {
	if p.MaxPacket == 0 {
		p.MaxPacket = 64 << 10
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	k.backlog = nil
	k.alter(&p)
	k.serving(ln)
	release := closeOn(ctx, func() { _ = ln.Close() })
	defer release()
	for {
		conn, err := ln.Accept()
		if err != nil {
			if ctx.Err() != nil {
				err = nil
			}
			return k.returned(ctx, err)
		}
		if err := k.serve(ctx, p, conn); err != nil {
			if errors.Is(err, errStop) {
				err = nil
			}
			return k.returned(ctx, err)
		}
	}
}

// closeOn calls a function when ctx is done, or else when release is called.
// When release returns, the function has been carried out, once.
func closeOn(ctx context.Context, shut func()) (release func()) {
	once := sync.OnceFunc(shut)
	stop := context.AfterFunc(ctx, once)
	return func() {
		stop()
		once()
	}
}

// session is one client that is served.
type session struct {
	*program
	params target.Params
	ctx    context.Context
	conn   net.Conn
	in     *bufio.Reader
	began  time.Time
	first  bool  // nothing was read yet
	err    error // why reading ended
	kept   bool  // a fault leaves the connection open
}

func (k *program) serve(ctx context.Context, p target.Params, conn net.Conn) error {
	s := &session{program: k, params: p, ctx: ctx, conn: conn, began: time.Now(), first: true}
	s.in = bufio.NewReader(io.MultiReader(bytes.NewReader(k.backlog), s))
	k.backlog = nil
	release := closeOn(ctx, func() { k.close(s) })
	defer release()
	for {
		raw, tooLong, err := s.packet()
		if err != nil {
			s.err = err
			return s.left(s, raw)
		}
		if s.stopping(ctx) {
			return nil
		}
		if err := s.handle(s.decode(raw, tooLong)); err != nil {
			if errors.Is(err, errDrop) {
				return nil
			}
			return err
		}
	}
}

// Read reads from the connection, under the idle limit.
func (s *session) Read(b []byte) (int, error) {
	s.idle(s)
	s.first = false
	return s.conn.Read(b)
}

func writeAll(s *session, data []byte) error {
	_, err := s.conn.Write(data)
	return err
}

// renew begins the idle limit anew.
func (s *session) renew() {
	if s.params.IdleTimeout > 0 {
		_ = s.conn.SetReadDeadline(time.Now().Add(s.params.IdleTimeout))
	}
}

// packet reads up to the next line feed, and keeps no more than the maximum.
func (s *session) packet() (raw []byte, tooLong bool, err error) {
	for {
		b, err := s.in.ReadByte()
		switch {
		case err != nil:
			return raw, tooLong, err
		case b == '\n':
			return raw, tooLong, nil
		case len(raw) < s.params.MaxPacket:
			raw = append(raw, b)
		default:
			tooLong = true
		}
	}
}

// decodeASCII makes a command of the bytes of a packet (Pd, Pe, Pg).
func decodeASCII(raw []byte, tooLong bool) target.Command {
	text := slices.DeleteFunc(slices.Clone(raw), func(b byte) bool { return b >= 0x80 })
	return target.Command{
		Text: string(text), Raw: raw,
		Invalid: tooLong || len(text) < len(raw), TooLong: tooLong,
	}
}

// handle carries out one command. An error ends the connection, and, but for
// errDrop, the server.
func (s *session) handle(c target.Command) error {
	if !c.Invalid {
		switch c.Text {
		case "ping":
			return s.send("pong")
		case "disconnect":
			s.goodbye(s)
			return errDrop
		case "shutdown":
			return errStop
		}
	}
	respond, end := s.guarded()
	err := s.call(c, respond)
	end()
	if err = s.over(s, err); err != nil {
		return s.failed(s, err)
	}
	return nil
}

// guarded gives what a callback responds by, and what takes that away from it.
// Both may be used at any time, and from anywhere.
func (s *session) guarded() (respond func(string) error, end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.guard(s.send, func(string) error { return errors.New("the callback has returned") })
	respond = func(text string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return r.now(text)
	}
	return respond, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		r.end()
	}
}

// call calls the callback, and makes an error of a panic.
func (s *session) call(c target.Command, respond func(string) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the callback panicked: %v", v)
		}
	}()
	return s.params.Callback(s.ctx, c, respond)
}

// send sends one packet.
func (s *session) send(text string) error {
	data, err := s.encode(text)
	if len(data) > 0 {
		if err := s.write(s, data); err != nil {
			return errDrop
		}
	}
	return err
}

// encodePacket ends a packet by its line feed (Pn).
func encodePacket(text string) ([]byte, error) {
	if strings.Contains(text, "\n") {
		return nil, errLineFeed
	}
	return []byte(text + "\n"), nil
}

var errLineFeed = errors.New("a response cannot hold a line feed")

func logAndDrop(s *session, err error) error {
	s.params.Logger.Error("the callback failed", "error", err)
	return errDrop
}

// responder is what a callback responds by: one thing while it runs, another
// afterwards. Its functions are called one at a time.
type responder struct {
	now func(string) error
	end func()
}

func newResponder(respond, after func(string) error) *responder {
	r := &responder{now: respond}
	r.end = func() { r.now = after }
	return r
}
