package server_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/server"
)

var trials = []trial{
	{"commands on one connection", 500_000, 10_000_000, sample, commandsOnOneConnection},
	{"clients in a row, by every way of leaving", 2000, 20_000, sample, clientsInARow},
	{"clients waiting while one is served", 500, 500, sample, clientsWaiting},
	{"clients that never read", 5, 50, endless, neverReading},
	{"clients that drip, byte by byte", 10, 50, sample, dripping},
	{"resets in the middle of everything", 1000, 10_000, mixed, resets},
	{"callbacks that panic or fail", 1000, 10_000, mixed, failures},
	{"callbacks that hang until cancelled", 100, 1000, nil, hangs},
	{"responses of one callback", 100_000, 1_000_000, counting, manyResponses},
	{"stops, at every moment", 300, 3000, nil, stops},
}

func sample() *server.Server { return &server.Server{Callback: server.Sample} }

// commandsOnOneConnection sends commands as fast as they are taken, and compares every
// response.
func commandsOnOneConnection(s *strain, n int) {
	l := s.dial()
	kinds := []string{"ping", "echo ", "none", "count 2", "x"}
	go func() {
		var text []byte
		for i := range n {
			text = append(text, kinds[i%len(kinds)]...)
			if i%len(kinds) == 1 {
				text = strconv.AppendInt(text, int64(i), 10)
			}
			text = append(text, '\n')
			if len(text) > 1<<15 {
				l.says(string(text))
				text = text[:0]
			}
			if i%1_000_000 == 0 {
				_ = l.SetDeadline(time.Now().Add(5 * patience))
			}
		}
		l.says(string(text))
	}()
	for i := range n {
		ok := true
		switch i % len(kinds) {
		case 0:
			ok = l.takes("pong")
		case 1:
			ok = l.takes(strconv.Itoa(i))
		case 3:
			ok = l.takes("1", "2")
		case 4:
			ok = l.takes("nak - unknown cmd")
		}
		if !ok {
			s.failed(&s.lost, n-i-1, "the rest")
			break
		}
	}
	l.leaves()
}

// waysOfLeaving are those after which the next client must be served at once.
var waysOfLeaving = []func(l *line){
	(*line).leaves,
	func(l *line) { l.says("disconnect\n"); l.Close() },
	func(l *line) { l.Close() },
	func(l *line) { _ = l.CloseWrite(); l.over() },
	(*line).reset,
	func(l *line) { l.says("pi"); l.Close() },                                       // within a packet
	func(l *line) { l.says("count 1000\nping\n"); l.Close() },                       // with responses unread
	func(l *line) { l.says("count 1000\n"); l.reset() },                             // and a reset
	func(l *line) { l.says("ping\ndisconnect\nping\n"); l.takes("pong"); l.over() }, // with the rest dropped
}

func clientsInARow(s *strain, n int) {
	for i := range n {
		id := strconv.Itoa(i)
		l := s.dial()
		l.says("ng\nping\necho " + id + "\n")
		if !l.takes("nak - unknown cmd", "pong", id) {
			return
		}
		waysOfLeaving[i%len(waysOfLeaving)](l)
	}
}

func clientsWaiting(s *strain, n int) {
	first := s.dial()
	first.says("ping\n")
	first.takes("pong")
	waiting := make([]*line, n)
	for i := range waiting {
		waiting[i] = s.dial()
		waiting[i].says("ping\necho " + strconv.Itoa(i) + "\ndisconnect\n")
		first.says("echo first\n")
		first.takes("first")
	}
	first.leaves()
	for i, l := range waiting {
		l.takes("pong", strconv.Itoa(i))
		l.over()
	}
}

// mostMemory is what a client that takes nothing may cost: what is gathered before it
// is sent, a response more, and some room.
const mostMemory = 8 << 20

func endless() *server.Server {
	return &server.Server{WriteTimeout: 100 * time.Millisecond, Callback: func(_ context.Context, _ server.Command, r server.Responder) error {
		response := strings.Repeat("x", 10_000)
		for {
			if err := r.Send(response); err != nil {
				return nil
			}
		}
	}}
}

// neverReading sends a command that is answered without end, takes nothing, and waits
// until the next client is served.
func neverReading(s *strain, n int) {
	for range n {
		runtime.GC()
		before := memory()
		l := s.dial()
		l.says("go\nping\n")
		next := s.dial()
		next.says("ping\n")
		next.takes("pong")
		if more := memory() - before; more > mostMemory {
			s.failed(&s.wrong, 1, "a client that never reads costs %d bytes", more)
		}
		next.leaves()
		l.Close()
	}
}

// dripping sends a byte every millisecond.
func dripping(s *strain, n int) {
	pause := time.NewTicker(time.Millisecond)
	defer pause.Stop()
	for i := range n {
		id := strconv.Itoa(i)
		l := s.dial()
		for _, b := range []byte("ping\ncmd01\n\necho " + id + "\ncount 3\n\xff\nping\n") {
			<-pause.C
			l.says(string([]byte{b}))
		}
		l.takes("pong", "ack", "nak - unknown cmd", id, "1", "2", "3", "nak - unknown cmd", "pong")
		l.leaves()
	}
}

// mixed is a server whose callback fails, panics and takes its time, as it is told.
func mixed() *server.Server {
	return &server.Server{Callback: func(ctx context.Context, c server.Command, r server.Responder) error {
		switch c.Text {
		case "panic":
			_ = r.Send("panics")
			panic("as it was told")
		case "fail":
			_ = r.Send("fails")
			return errors.New("as it was told")
		case "yield":
			for range 100 {
				runtime.Gosched()
			}
		}
		return server.Sample(ctx, c, r)
	}}
}

// resets breaks connections off wherever it happens; the next client must be served.
func resets(s *strain, n int) {
	what := []string{"pi", "ping\n", strings.Repeat("ping\n", 5000), "count 1000\n", "yield\n", "panic\n", strings.Repeat("x", 100_000), strings.Repeat("yield\ncount 100\n", 100)}
	for i := range n {
		l := s.dial()
		l.says(what[i%len(what)])
		for range rand.IntN(20) {
			runtime.Gosched() // the server comes this far, or a bit further
		}
		l.reset()
		id := strconv.Itoa(i)
		next := s.dial()
		next.says("ping\necho " + id + "\n")
		next.takes("pong", id)
		next.leaves()
	}
}

// failures lets callbacks fail: their clients get what was sent before, and the end.
func failures(s *strain, n int) {
	for i := range n {
		l := s.dial()
		if i%2 == 0 {
			l.says("cmd01\npanic\nping\n")
			l.takes("ack", "panics")
		} else {
			l.says("cmd01\nfail\nping\n")
			l.takes("ack", "fails")
		}
		l.over()
	}
}

// hangs stops servers whose callbacks end only then.
func hangs(s *strain, n int) {
	for range n {
		s.running = s.another(&server.Server{Callback: hanging})
		l := s.dial()
		l.says("ping\nhang\nping\n")
		l.takes("pong", "hanging")
		s.stop()
		l.over()
		s.gone(s.t)
	}
}

func (s *strain) another(of *server.Server) *running {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	return launch(of, ln)
}

func counting() *server.Server {
	return &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		n, err := strconv.Atoi(c.Text)
		for i := range n {
			if err := r.Send(strconv.Itoa(i)); err != nil {
				return err
			}
		}
		return err
	}}
}

func manyResponses(s *strain, n int) {
	l := s.dial()
	l.says(strconv.Itoa(n) + "\nping\n")
	for i := range n {
		if !l.takes(strconv.Itoa(i)) {
			s.failed(&s.lost, n-i-1, "the rest")
			break
		}
	}
	l.takes("pong")
	l.leaves()
}

// stops stops servers after a random time, whatever they are doing. What has been
// answered by then is in order, and nothing comes that was not asked for.
func stops(s *strain, n int) {
	var thousand strings.Builder
	for i := range 1000 {
		thousand.WriteString(strconv.Itoa(i+1) + "\n")
	}
	what := []struct{ send, answers string }{
		{"", ""},
		{"pi", ""},
		{"ping\n", "pong\n"},
		{"yield\n", "nak - unknown cmd\n"},
		{"panic\nping\n", "panics\n"},
		{"cmd01\ndisconnect\nping\n", "ack\n"},
		{"cmd01\nshutdown\nping\n", "ack\n"},
		{strings.Repeat("count 1000\n", 100), strings.Repeat(thousand.String(), 100)},
	}
	for i := range n {
		s.running = s.another(mixed())
		timer := time.AfterFunc(time.Duration(rand.IntN(2000))*time.Microsecond, s.stop)
		do := what[i%len(what)]
		nc, err := net.Dial("tcp", s.addr)
		if err == nil { // else it has stopped already
			_, _ = io.WriteString(nc, do.send)
			if rand.IntN(2) == 0 {
				nc.Close()
			}
		}
		s.gone(s.t)
		timer.Stop()
		if err == nil {
			if got, _ := io.ReadAll(nc); !strings.HasPrefix(do.answers, string(got)) {
				s.failed(&s.wrong, 1, "%.20q is answered by %.100q", do.send, got)
			}
			nc.Close()
		}
	}
}
