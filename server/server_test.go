package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/gomega/gleak"

	"github.com/socket-oneline/oneline/server"
)

// patience is how long a test waits for what is due before it gives up.
const patience = 10 * time.Second

// running is a server under test.
type running struct {
	addr   string
	stop   context.CancelFunc
	result chan error
}

// start serves at a port of its own until the test ends. It must then stop in the
// normal way, and leave no goroutine (Pr).
func start(t *testing.T, s *server.Server) *running {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, s, ln)
}

func serve(t *testing.T, s *server.Server, ln net.Listener) *running {
	t.Helper()
	before := gleak.Goroutines()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{ln.Addr().String(), stop, make(chan error, 1)}
	go func() { r.result <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		r.returns(t)
		noneLeft(t, before)
	})
	return r
}

// returns waits until Serve has returned, and holds it to nil.
func (r *running) returns(t *testing.T) {
	t.Helper()
	select {
	case err := <-r.result:
		if err != nil {
			t.Errorf("Serve returned %v, want nil", err)
		}
		r.result <- err // for whoever asks next
	case <-time.After(patience):
		t.Error("Serve has not returned")
	}
}

// noneLeft waits for goroutines that were not there before to end. Those of the
// server have told that they are done, but may not have gone yet.
func noneLeft(t *testing.T, before []gleak.Goroutine) {
	t.Helper()
	matcher := gleak.HaveLeaked(before)
	for end := time.Now().Add(patience); ; {
		leaked, err := matcher.Match(gleak.Goroutines())
		if err != nil {
			t.Fatal(err)
		}
		if !leaked {
			return
		}
		if time.Now().After(end) {
			t.Error(matcher.FailureMessage(nil))
			return
		}
	}
}

// peer is a client that knows nothing but bytes.
type peer struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

func dial(t *testing.T, addr string) *peer {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	return newPeer(t, nc)
}

func newPeer(t *testing.T, nc net.Conn) *peer {
	_ = nc.SetDeadline(time.Now().Add(patience))
	return &peer{t, nc, bufio.NewReader(nc)}
}

func (p *peer) send(bytes string) {
	p.t.Helper()
	if _, err := io.WriteString(p.Conn, bytes); err != nil {
		p.t.Fatalf("sending %.50q: %v", bytes, err)
	}
}

// expect holds the next packets to these.
func (p *peer) expect(packets ...string) {
	p.t.Helper()
	for _, want := range packets {
		if got, err := p.in.ReadString('\n'); got != want+"\n" {
			p.t.Fatalf("got %.100q and %v, want %.100q", got, err, want)
		}
	}
}

// ends holds the connection to its end, by a close or a reset (Pm), without a
// packet before.
func (p *peer) ends() {
	p.t.Helper()
	rest, err := io.ReadAll(p.in)
	if len(rest) > 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
		p.t.Fatalf("got %.100q and %v, want the end of the connection", rest, err)
	}
}

// leaves closes and holds the server to serving the next client.
func (r *running) servesNext(t *testing.T) {
	t.Helper()
	next := dial(t, r.addr)
	next.send("ping\ndisconnect\n")
	next.expect("pong")
	next.ends()
	next.Close()
}

// gone holds the server to having returned, and to nobody listening.
func (r *running) gone(t *testing.T) {
	t.Helper()
	r.returns(t)
	ln, err := net.Listen("tcp", r.addr)
	if err != nil {
		t.Errorf("the port is not free: %v", err)
		return
	}
	ln.Close()
}

// log collects what a server logs.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *log) holds(t *testing.T, texts ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, text := range texts {
		if !strings.Contains(l.text.String(), text) {
			t.Errorf("the log does not hold %q:\n%s", text, l.text.String())
		}
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		server server.Server
		wrong  []string // what an error names; none: no error
		right  []string // what it does not name
	}{
		{"zero", server.Server{}, []string{"Addr", "Callback"}, []string{"MaxPacket", "Timeout"}},
		{"no callback", server.Server{Addr: "127.0.0.1:0"}, []string{"Callback"}, []string{"addr"}},
		{"no address", server.Server{Callback: server.Sample}, []string{"Addr"}, []string{"callback"}},
		{"no port", server.Server{Addr: "localhost", Callback: server.Sample}, []string{"Addr", `"localhost"`}, []string{"callback"}},
		{
			"all negative",
			server.Server{Addr: "127.0.0.1:0", Callback: server.Sample, MaxPacket: -1, IdleTimeout: -time.Second, WriteTimeout: -time.Minute},
			[]string{"MaxPacket is -1", "IdleTimeout is -1s", "WriteTimeout is -1m0s"},
			[]string{"addr", "callback"},
		},
		{"set", server.Server{Addr: "127.0.0.1:0", Callback: server.Sample}, nil, nil},
		{"all set", server.Server{Addr: ":http", Callback: server.Sample, MaxPacket: 1, IdleTimeout: 1, WriteTimeout: 1, Logger: slog.Default()}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.server.Check()
			if len(test.wrong) == 0 {
				if err != nil {
					t.Errorf("got %v, want nil", err)
				}
				return
			}
			if !errors.Is(err, server.ErrParameters) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("got %v, want an ErrParameters in one line", err)
			}
			for _, name := range test.wrong {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("%q does not name %s", err, name)
				}
			}
			for _, name := range test.right {
				if strings.Contains(strings.ToLower(err.Error()), strings.ToLower(name)) {
					t.Errorf("%q names %s", err, name)
				}
			}
			if started := test.server.ListenAndServe(t.Context()); started == nil || started.Error() != err.Error() {
				t.Errorf("ListenAndServe returned %v, want what Check does", started)
			}
		})
	}
}

func TestServeWithoutParameters(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var s server.Server
	if err := s.Serve(t.Context(), ln); !errors.Is(err, server.ErrParameters) || strings.Contains(err.Error(), "Addr") {
		t.Errorf("got %v, want an ErrParameters that does not ask for an address", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is still open: %v", err)
	}
	if err := s.Serve(t.Context(), nil); !errors.Is(err, server.ErrParameters) {
		t.Errorf("without a listener: got %v, want an ErrParameters", err)
	}
}

func TestListenAndServe(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server.Server{Addr: ln.Addr().String(), Callback: server.Sample}

	t.Run("busy port (Pp)", func(t *testing.T) {
		err := s.ListenAndServe(t.Context())
		if !errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), s.Addr) {
			t.Errorf("got %v, want one that names %s and says that it is in use", err, s.Addr)
		}
	})
	ln.Close()
	t.Run("stopped before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, addr := range []string{s.Addr, "localhost:0"} { // the latter has to be looked up
			s := &server.Server{Addr: addr, Callback: server.Sample}
			if err := s.ListenAndServe(ctx); err != nil {
				t.Errorf("got %v, want nil", err)
			}
		}
	})
	t.Run("free port (P1)", func(t *testing.T) {
		var l log
		s := &server.Server{Addr: "127.0.0.1:0", Callback: server.Sample}
		listening := make(chan string, 1)
		s.Logger = slog.New(slog.NewTextHandler(io.MultiWriter(&l, addrs(listening)), nil))
		result := make(chan error, 1)
		go func() { result <- s.ListenAndServe(t.Context()) }()
		p := dial(t, <-listening)
		p.send("cmd01\nshutdown\n")
		p.expect("ack")
		p.ends()
		p.Close()
		if err := <-result; err != nil {
			t.Errorf("got %v, want nil", err)
		}
		l.holds(t, "listening", "client connected", "client="+p.LocalAddr().String(), `reason="it sent shutdown"`)
	})
}

// addrs passes on the addresses that a log names.
type addrs chan string

func (a addrs) Write(p []byte) (int, error) {
	if _, addr, ok := strings.Cut(string(p), "addr="); ok {
		a <- strings.TrimSpace(addr)
	}
	return len(p), nil
}
