package server_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/server"
)

// show answers a command by what the callback was handed.
func show(_ context.Context, c server.Command, r server.Responder) error {
	return r.Send(shown(c.Text, c.Invalid, c.TooLong, string(c.Raw)))
}

func shown(text string, invalid, tooLong bool, raw string) string {
	return fmt.Sprintf("%q %t %t %q", text, invalid, tooLong, raw)
}

// valid is how show answers a valid command.
func valid(text string) string { return shown(text, false, false, text) }

// garbled is how show answers one that is not ASCII.
func garbled(text, raw string) string { return shown(text, true, false, raw) }

var commandTests = []struct {
	name string
	send string
	want []string
}{
	{"ping (P7)", "ping\n", []string{"pong"}},
	{"several in a segment (Pa)", "a\nping\nb\n", []string{valid("a"), "pong", valid("b")}},
	{"another command (P8)", "cmd01\n", []string{valid("cmd01")}},
	{"carriage return (Pb)", "ping\r\n\r\n", []string{valid("ping\r"), valid("\r")}},
	{"nearly ping (Pc)", " ping\nping \nPING\npingx\nPing\npin\n", []string{valid(" ping"), valid("ping "), valid("PING"), valid("pingx"), valid("Ping"), valid("pin")}},
	{"nearly disconnect (Pc)", "Disconnect\ndisconnect \ndisconnect\r\n", []string{valid("Disconnect"), valid("disconnect "), valid("disconnect\r")}},
	{"nearly shutdown (Pc)", "SHUTDOWN\n shutdown\nshutdown now\n", []string{valid("SHUTDOWN"), valid(" shutdown"), valid("shutdown now")}},
	{"pong", "pong\n", []string{valid("pong")}},
	{"control bytes (Pd)", "\x00\x01\t\x1b\x7f\n", []string{valid("\x00\x01\t\x1b\x7f")}},
	{"not ASCII (P7, Pe)", "ab\xffcd\n", []string{garbled("abcd", "ab\xffcd")}},
	{"UTF-8 (Pe)", "é\n", []string{garbled("", "é")}},
	{"invalid ping (Pe)", "pi\xffng\nping\xff\n", []string{garbled("ping", "pi\xffng"), garbled("ping", "ping\xff")}},
	{"invalid disconnect and shutdown (Pe)", "disconnect\xff\nshut\xffdown\n", []string{garbled("disconnect", "disconnect\xff"), garbled("shutdown", "shut\xffdown")}},
	{"empty (Pf)", "\n\n", []string{valid(""), valid("")}},
	{"as long as the maximum (Pg)", strings.Repeat("x", 32) + "\n", []string{valid(strings.Repeat("x", 32))}},
	{"too long (Pg)", strings.Repeat("x", 33) + "\nping\n", []string{shown(strings.Repeat("x", 32), true, true, strings.Repeat("x", 32)), "pong"}},
	{"too long and not ASCII (Pg)", "é" + strings.Repeat("x", 33) + "\n", []string{shown(strings.Repeat("x", 30), true, true, "é"+strings.Repeat("x", 30))}},
}

func TestCommands(t *testing.T) {
	r := start(t, &server.Server{Callback: show, MaxPacket: 32})
	for _, test := range commandTests {
		t.Run(test.name, func(t *testing.T) {
			p := dial(t, r.addr)
			defer p.Close()
			p.send(test.send + "ping\ndisconnect\n")
			p.expect(append(slices.Clone(test.want), "pong")...)
			p.ends()
		})
	}
}

// A byte that is not ASCII is found wherever it is, in packets of every length (Pd).
func TestInvalidByteIsFound(t *testing.T) {
	r := start(t, &server.Server{Callback: show})
	p := dial(t, r.addr)
	for length := 1; length <= 70; length++ {
		for i := range length {
			before, after := strings.Repeat("x", i), strings.Repeat("y", length-i-1)
			p.send(before + "\x80" + after + "\n")
			p.expect(garbled(before+after, before+"\x80"+after))
		}
	}
}

// A packet that is predefined once it is cut is not predefined (Pg).
func TestTooLongIsNeverPredefined(t *testing.T) {
	for _, name := range []string{"ping", "disconnect", "shutdown"} {
		r := start(t, &server.Server{Callback: show, MaxPacket: len(name)})
		p := dial(t, r.addr)
		p.send(name + "s\nhi\n")
		p.expect(shown(name, true, true, name), valid("hi"))
		p.Close()
	}
}

// However a command is split into segments, it is handled alike (Pa). Each write to
// a pipe is one read of the server's.
func TestEverySplit(t *testing.T) {
	const text = "ping\ncmd\xff01\n\nxyz\n"
	want := []string{"pong", garbled("cmd01", "cmd\xff01"), valid(""), valid("xyz")}
	ln := newPipes()
	serve(t, &server.Server{Callback: show, MaxPacket: 32}, ln)
	for i := range len(text) {
		for j := i; j <= len(text); j++ {
			p := newPeer(t, ln.dial())
			go func() {
				for _, part := range []string{text[:i], text[i:j], text[j:]} {
					_, _ = p.Write([]byte(part))
				}
			}()
			p.expect(want...)
			p.Close()
		}
	}
}

// Every byte but 0x0A reaches the callback and comes back as it is (Pd, Pn).
func TestEveryByte(t *testing.T) {
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error {
		return errors.Join(r.Send(strconv.FormatBool(c.Invalid)), r.Send(string(c.Raw)))
	}})
	p := dial(t, r.addr)
	for b := range 0x100 {
		if b == '\n' {
			continue
		}
		p.send("<" + string([]byte{byte(b)}) + ">\n")
		p.expect(strconv.FormatBool(b >= 0x80), "<"+string([]byte{byte(b)})+">")
	}
}

// The responses of one command are complete before the next is handled (P5, Pa),
// and none comes that was not asked for (P6).
func TestResponses(t *testing.T) {
	r := start(t, &server.Server{Callback: server.Sample})
	p := dial(t, r.addr)
	var want []string
	for _, n := range []int{3, 1, 1000} {
		p.send("none\ncount " + strconv.Itoa(n) + "\nping\n")
		for i := range n {
			want = append(want, strconv.Itoa(i+1))
		}
		want = append(want, "pong")
	}
	p.expect(want...)
	p.send("disconnect\n")
	p.ends()
}

func TestSample(t *testing.T) {
	const nak = "nak - unknown cmd"
	tests := []struct {
		send string
		want []string
	}{
		{"cmd01", []string{"ack"}},
		{"cmd02", []string{nak}},
		{"cmd01 ", []string{nak}},
		{"", []string{nak}},
		{"\xffcmd01", []string{nak}},
		{strings.Repeat("x", oneline.DefaultMaxPacket+1), []string{nak}},
		{"echo hello", []string{"hello"}},
		{"echo  a b\r", []string{" a b\r"}},
		{"echo ", []string{""}},
		{"echo", []string{nak}},
		{"echox y", []string{nak}},
		{"echo \xff", []string{nak}},
		{"none", nil},
		{"none ", []string{nak}},
		{"count 3", []string{"1", "2", "3"}},
		{"count 1", []string{"1"}},
		{"count 0", []string{nak}},
		{"count 1001", []string{nak}},
		{"count -1", []string{nak}},
		{"count +1", []string{nak}},
		{"count 01", []string{nak}},
		{"count x", []string{nak}},
		{"count ", []string{nak}},
		{"count", []string{nak}},
	}
	r := start(t, &server.Server{Callback: server.Sample})
	p := dial(t, r.addr)
	for _, test := range tests {
		p.send(test.send + "\nping\n")
		p.expect(append(test.want, "pong")...)
	}
}

// A predefined command costs no allocation, one of the callback's that of its text;
// alone, and among others.
func TestAllocations(t *testing.T) {
	r := start(t, &server.Server{Callback: func(_ context.Context, c server.Command, r server.Responder) error { return r.Send("pong") }})
	nc, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for _, test := range []struct {
		commands string
		n        int
		most     float64 // allocations for each of the commands
	}{
		{"ping\n", 1, 0},
		{strings.Repeat("ping\n", 1000), 1000, 0},
		{"work\n", 1, 1},
		{strings.Repeat("work\n", 1000), 1000, 1},
		{strings.Repeat("ping\nwork\n", 500), 1000, 0.5},
	} {
		commands := []byte(test.commands)
		got := make([]byte, len("pong\n")*test.n)
		allocs := testing.AllocsPerRun(100, func() {
			if _, err := nc.Write(commands); err != nil {
				t.Fatal(err)
			}
			for n := 0; n < len(got); {
				read, err := nc.Read(got[n:])
				if err != nil {
					t.Fatal(err)
				}
				n += read
			}
		})
		// What the timer and the runtime do now and then is not a command's.
		if each := allocs / float64(test.n); each > test.most+0.05 {
			t.Errorf("%d of %.10q: %.3f allocations each, want at most %v", test.n, test.commands, each, test.most)
		}
	}
}
