package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/socket-oneline/oneline/server"
)

// The server is held to a model of a few lines by random visits of clients. What fails
// is made as short as it can be, and printed as a script.

const modelMax = 16 // bytes: the longest packet

// respond is what the callback answers; it fails where ok is false.
func respond(text string, invalid, tooLong bool, raw string) (responses []string, ok bool) {
	switch text {
	case "none":
		return nil, true
	case "three":
		return []string{"1", "", "3"}, true
	case "fail", "panic":
		return []string{text}, false
	}
	return []string{shown(text, invalid, tooLong, raw)}, true
}

func modelled(_ context.Context, c server.Command, r server.Responder) error {
	responses, ok := respond(c.Text, c.Invalid, c.TooLong, string(c.Raw))
	for _, response := range responses {
		if err := r.Send(response); err != nil {
			return err
		}
	}
	switch {
	case ok:
		return nil
	case c.Text == "panic":
		panic("as the script says")
	}
	return errors.New("as the script says")
}

// answers is the model: what a client receives that sends this, and why the server
// parts with it, if it does.
func answers(sent string) (packets []string, end string) {
	for {
		packet, rest, complete := strings.Cut(sent, "\n")
		sent = rest
		switch {
		case !complete:
			return packets, ""
		case packet == "ping":
			packets = append(packets, "pong")
		case packet == "disconnect", packet == "shutdown":
			return packets, packet
		default:
			raw := packet[:min(len(packet), modelMax)]
			text := onlyASCII(raw)
			tooLong := len(packet) > modelMax
			responses, ok := respond(text, tooLong || text != raw, tooLong, raw)
			packets = append(packets, responses...)
			if !ok {
				return packets, "failure"
			}
		}
	}
}

func onlyASCII(s string) string {
	return string(slices.DeleteFunc([]byte(s), func(b byte) bool { return b >= 0x80 }))
}

// A visit is what one client does.
type visit struct {
	segments []string
	leave    string
	early    bool // it comes while the one before it is there, and has to wait
}

func (v visit) GoString() string {
	var b strings.Builder
	b.WriteString("\n\tconnect")
	if v.early {
		b.WriteString(" while the last client is there")
	}
	for _, s := range v.segments {
		fmt.Fprintf(&b, ", send %q", s)
	}
	return b.String() + ", " + v.leave
}

// Ways of leaving. Where the server parts first, its end is waited for instead.
const (
	leaveAtOnce  = "close without reading"
	leaveByClose = "read, close"
	leaveByHalf  = "half-close, read to the end"
	leaveByReset = "read, reset"
	leaveInHaste = "reset without reading"
)

// command draws what may stand before a line feed: much that is close to the commands
// that the server has, and to the maximum.
func command() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"ping", "ping", "ping", "none", "three", "disconnect", "shutdown", "fail", "panic"}),
		rapid.SampledFrom([]string{"", "pong", "PING", " ping", "ping\r", "pi\xffng", "shut\xffdown", "disconnect ", "shutdownshutdownshutdown"}),
		rapid.StringOfN(rapid.SampledFrom([]rune("ping\r\x00x é")), 0, 10, 20),
		rapid.Map(rapid.IntRange(modelMax-1, modelMax+1), func(n int) string { return strings.Repeat("y", n) }),
	)
}

// oneVisit draws a visit.
func oneVisit(tcp bool) *rapid.Generator[visit] {
	ways := []string{leaveByClose, leaveAtOnce}
	if tcp {
		ways = append(ways, leaveByHalf, leaveByReset, leaveInHaste)
	}
	return rapid.Custom(func(t *rapid.T) visit {
		text := strings.Join(append(rapid.SliceOfN(command(), 0, 8).Draw(t, "commands"), ""), "\n")
		text += rapid.SampledFrom([]string{"", "pi", "shutdown"}).Draw(t, "not ended")
		cuts := rapid.SliceOfN(rapid.IntRange(0, len(text)), 0, 4).Draw(t, "cuts")
		cuts = append(cuts, 0, len(text))
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		v := visit{leave: rapid.SampledFrom(ways).Draw(t, "leave"), early: tcp && rapid.Bool().Draw(t, "early")}
		for i := range len(cuts) - 1 {
			v.segments = append(v.segments, text[cuts[i]:cuts[i+1]])
		}
		return v
	})
}

func TestModel(t *testing.T) {
	for _, network := range []string{"tcp", "pipe"} {
		t.Run(network, rapid.MakeCheck(func(t *rapid.T) {
			w := &world{T: t, tcp: network == "tcp"}
			w.start()
			defer func() { w.stop() }()
			visits := rapid.SliceOfN(oneVisit(w.tcp), 1, 6).Draw(t, "visits")
			var next *guest
			for i, v := range visits {
				g := next
				if g == nil {
					g = w.comes(v)
				}
				next = nil
				_, end := answers(strings.Join(v.segments, ""))
				if i+1 < len(visits) && visits[i+1].early && end != "shutdown" {
					next = w.comes(visits[i+1])
				}
				g.goes()
				if end == "shutdown" {
					w.isGone()
					w.start()
				}
			}
			w.stop()
			w.isGone()
		}))
	}
}

// world is a server, and how to come to it.
type world struct {
	*rapid.T
	*running
	tcp   bool
	pipes *pipes
}

func (w *world) start() {
	s := &server.Server{Callback: modelled, MaxPacket: modelMax}
	if !w.tcp {
		w.pipes = newPipes()
		w.running = launch(s, w.pipes)
		return
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	w.running = launch(s, ln)
}

// isGone holds the server to having stopped as it should.
func (w *world) isGone() {
	select {
	case err := <-w.result:
		if err != nil {
			w.Fatalf("Serve returned %v, want nil", err)
		}
	case <-time.After(patience):
		w.Fatal("Serve has not returned")
	}
}

// guest is the client of a visit.
type guest struct {
	*world
	visit
	nc   net.Conn
	in   *bufio.Reader
	sent chan bool // closed once all is sent
}

// comes connects, and sends what the visit is to send.
func (w *world) comes(v visit) *guest {
	g := &guest{world: w, visit: v, sent: make(chan bool)}
	if w.tcp {
		nc, err := net.Dial("tcp", w.addr)
		if err != nil {
			w.Fatal(err)
		}
		g.nc = nc
	} else {
		g.nc = w.pipes.dial()
	}
	_ = g.nc.SetDeadline(time.Now().Add(patience))
	g.in = bufio.NewReader(g.nc)
	go func() {
		defer close(g.sent)
		for _, segment := range v.segments {
			_, _ = io.WriteString(g.nc, segment) // in vain where the server has parted
		}
	}()
	return g
}

// goes holds the server to the model, and leaves.
func (g *guest) goes() {
	defer func() { <-g.sent }()
	defer g.nc.Close()
	packets, end := answers(strings.Join(g.segments, ""))
	leave := g.leave
	if end == "shutdown" {
		leave = leaveByClose // what is reset may never be read
	}
	if g.tcp {
		<-g.sent // what a pipe takes has been read
	}
	switch leave {
	case leaveInHaste:
		_ = g.nc.(*net.TCPConn).SetLinger(0)
		return
	case leaveAtOnce:
		return
	case leaveByHalf:
		_ = g.nc.(*net.TCPConn).CloseWrite()
	}
	for _, want := range packets {
		if got, err := g.in.ReadString('\n'); got != want+"\n" {
			g.Fatalf("got %.100q and %v, want %.100q", got, err, want)
		}
	}
	if end != "" || leave == leaveByHalf {
		if rest, err := io.ReadAll(g.in); len(rest) > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			g.Fatalf("got %.100q and %v, want the end of the connection", rest, err)
		}
	}
	if leave == leaveByReset {
		_ = g.nc.(*net.TCPConn).SetLinger(0)
	}
}
