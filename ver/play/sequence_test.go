package play

import (
	"bufio"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/socket-oneline/oneline/ver/target"
)

// Commands of the sample application, with what PROTOCOL.md says that they are
// answered: ping by P7, the others by P10 and its additions.
var (
	cmd01        = target.Dialogue{Send: "cmd01", Expect: []target.Response{target.Text("ack")}}
	none         = target.Dialogue{Send: "none"}
	count        = target.Dialogue{Send: "count 3", Expect: []target.Response{target.Text("1"), target.Text("2"), target.Text("3")}}
	emptyCommand = target.Dialogue{Send: "", Expect: []target.Response{target.Text("nak - unknown cmd")}}
	words        = []target.Dialogue{Ping, cmd01, none, count, emptyCommand}
)

// What a client sends, and what it is owed once so many bytes have been sent.
func TestAnswers(t *testing.T) {
	type owed struct {
		sent    int
		answers string // joined by commas
	}
	for _, test := range []struct {
		name   string
		visit  visit
		stream string
		owed   []owed
	}{
		{"nothing", visit{leave: byClose}, "", []owed{{0, ""}}},
		{
			"a command is owed its answer with its line feed (P3, P7)",
			visit{commands: []target.Dialogue{Ping}, leave: byClose},
			"ping\n",
			[]owed{{0, ""}, {4, ""}, {5, "pong"}},
		},
		{
			"one at a time, in order (Pa)",
			visit{commands: []target.Dialogue{Ping, cmd01, Ping}, leave: byReset},
			"ping\ncmd01\nping\n",
			[]owed{{5, "pong"}, {10, "pong"}, {11, "pong,ack"}, {15, "pong,ack"}, {16, "pong,ack,pong"}},
		},
		{
			"none, one or many answers (P5)",
			visit{commands: []target.Dialogue{none, count, cmd01}, leave: byHalfClose},
			"none\ncount 3\ncmd01\n",
			[]owed{{5, ""}, {12, ""}, {13, "1,2,3"}, {19, "1,2,3,ack"}},
		},
		{
			"the empty packet is a command (Pf)",
			visit{commands: []target.Dialogue{emptyCommand, Ping, emptyCommand}, leave: byClose},
			"\nping\n\n",
			[]owed{{0, ""}, {1, "nak - unknown cmd"}, {6, "nak - unknown cmd,pong"}, {7, "nak - unknown cmd,pong,nak - unknown cmd"}},
		},
		{
			"disconnect is not answered (Pk)",
			visit{commands: []target.Dialogue{Ping}, leave: byDisconnect},
			"ping\ndisconnect\n",
			[]owed{{5, "pong"}, {16, "pong"}},
		},
		{
			"nor is what follows it (Pk)",
			visit{commands: []target.Dialogue{cmd01}, leave: byMore},
			"cmd01\ndisconnect\nping\n",
			[]owed{{6, "ack"}, {17, "ack"}, {22, "ack"}},
		},
		{
			"a packet that is not ended is not run (Pi)",
			visit{commands: []target.Dialogue{Ping}, tail: "ping", leave: byHalfClose},
			"ping\nping",
			[]owed{{5, "pong"}, {9, "pong"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.visit.stream(); got != test.stream {
				t.Errorf("stream %q, not %q", got, test.stream)
			}
			for _, o := range test.owed {
				if got := texts(test.visit.answers(o.sent)); got != o.answers {
					t.Errorf("%d bytes are owed %q, not %q", o.sent, got, o.answers)
				}
			}
		})
	}
}

// texts joins what responses say.
func texts(responses []target.Response) string {
	all := make([]string, len(responses))
	for i, r := range responses {
		all[i] = strings.Trim(strings.TrimPrefix(r.String(), "packet "), `"`)
	}
	return strings.Join(all, ",")
}

func TestSegments(t *testing.T) {
	for _, test := range []struct {
		cuts []int
		want []string
	}{
		{nil, []string{"ping\nping\n"}},
		{[]int{5}, []string{"ping\n", "ping\n"}},
		{[]int{1, 9}, []string{"p", "ing\nping", "\n"}},
		{[]int{3, 3, 3}, []string{"pin", "g\nping\n"}},
		{[]int{10, 99}, []string{"ping\nping\n"}},
	} {
		v := visit{commands: []target.Dialogue{Ping, Ping}, cuts: test.cuts, leave: byClose}
		if got := v.segments(); !slices.Equal(got, test.want) {
			t.Errorf("cut after %d: %q, not %q", test.cuts, got, test.want)
		}
	}
	if got := (visit{leave: byClose}).segments(); len(got) != 0 {
		t.Errorf("a client that sends nothing sends %q", got)
	}
}

// What is left of the commands is cut where it was.
func TestWithout(t *testing.T) {
	v := visit{commands: []target.Dialogue{Ping, cmd01, none}, cuts: []int{2, 5, 7, 11, 14, 20}, leave: byDisconnect}
	for _, test := range []struct {
		from, to int
		want     string // the segments, joined by |
	}{
		{0, 0, "pi|ng\n|cm|d01\n|non|e\ndisc|onnect\n"},
		{0, 1, "cm|d01\n|non|e\ndisc|onnect\n"},
		{1, 2, "pi|ng\n|non|e\ndisc|onnect\n"},
		{0, 2, "non|e\ndisc|onnect\n"},
		{1, 3, "pi|ng\n|disc|onnect\n"},
		{0, 3, "disc|onnect\n"},
	} {
		if got := strings.Join(v.without(test.from, test.to).segments(), "|"); got != test.want {
			t.Errorf("without commands %d to %d: %q, not %q", test.from, test.to, got, test.want)
		}
	}
	if len(v.commands) != 3 || len(v.cuts) != 6 {
		t.Errorf("it has become %v", v)
	}
}

// drawn is a random sequence of these commands.
func drawn(t *rapid.T) sequence {
	return randomSequence(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), words)
}

// The segments of a client are its stream, and none is empty; what it is owed
// only grows, up to the answers of all its commands.
func TestAnySequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, v := range drawn(t) {
			segments, stream := v.segments(), v.stream()
			if strings.Join(segments, "") != stream || slices.Contains(segments, "") {
				t.Fatalf("the segments of %q are %q", stream, segments)
			}
			before := ""
			for sent := range len(stream) + 1 {
				owed := texts(v.answers(sent))
				if !strings.HasPrefix(owed, before) {
					t.Fatalf("after %d bytes of %q %q is owed, and %q before", sent, stream, owed, before)
				}
				before = owed
			}
			var all []target.Response
			for _, d := range v.commands {
				all = append(all, d.Expect...)
			}
			if before != texts(all) {
				t.Fatalf("%q is owed %q, not %q", stream, before, texts(all))
			}
		}
	})
}

// size measures how simple a sequence is.
func size(q sequence) int {
	n := len(q)
	for _, v := range q {
		n += len(v.commands) + len(v.cuts) + len(v.tail) + slices.Index(ways, v.leave)
		if v.turns {
			n++
		}
	}
	return n
}

// Every step makes a sequence strictly simpler and leaves the sequence that it
// was made from as it was; so shortening ends, and never later than that.
func TestShorter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawn(t)
		text, steps := q.String(), size(q)
		for n := 0; ; n++ {
			all := q.shorter()
			for _, simpler := range all {
				if size(simpler) >= size(q) || len(simpler) == 0 {
					t.Fatalf("%s\nis made no simpler by\n%s", q, simpler)
				}
			}
			if got := q.String(); got != text {
				t.Fatalf("%s\nhas become\n%s", text, got)
			}
			if len(all) == 0 {
				break
			}
			if n > steps {
				t.Fatalf("it goes on after %d steps: %s", n, q)
			}
			q = all[rapid.IntRange(0, len(all)-1).Draw(t, "step")]
			text = q.String()
		}
		if size(q) != 1 {
			t.Fatalf("nothing can be taken away from %s", q)
		}
	})
}

// The requirement that a mismatch is about, where nothing can be taken away from
// the sequence.
func TestAbout(t *testing.T) {
	some := []target.Dialogue{Ping}
	clean := visit{commands: some, leave: byClose}
	after := func(before visit) sequence { return sequence{before, clean} }
	for _, test := range []struct {
		name string
		q    sequence
		d    mismatch
		want string
	}{
		{"two commands, the second unanswered", sequence{{commands: []target.Dialogue{Ping, Ping}, leave: byClose}}, mismatch{}, "SRS-023"},
		{"a command in two segments", sequence{{commands: some, cuts: []int{2}, leave: byClose}}, mismatch{}, "SRS-022"},
		{"a cut past the end is none", sequence{{commands: some, cuts: []int{5, 9}, leave: byClose}}, mismatch{}, "SRS-023"},
		{"an unfinished packet is run", sequence{{tail: "ping", leave: byHalfClose}}, mismatch{ending: true}, "SRS-035"},
		{"what follows disconnect is answered", sequence{{leave: byMore}}, mismatch{ending: true, spoke: true}, "SRS-036"},
		{"nor does it close then", sequence{{leave: byMore}}, mismatch{ending: true}, "SRS-005"},
		{"what is due is lost at a half-close", sequence{{commands: some, leave: byHalfClose}}, mismatch{}, "SRS-033"},
		{"disconnect is answered", sequence{{leave: byDisconnect}}, mismatch{ending: true, spoke: true}, "SRS-036"},
		{"disconnect does not close", sequence{{leave: byDisconnect}}, mismatch{ending: true}, "SRS-005"},
		{"it does not close behind a command", sequence{{commands: some, leave: byDisconnect}}, mismatch{ending: true}, "SRS-023"},
		{"what is due is lost at disconnect", sequence{{commands: some, leave: byDisconnect}}, mismatch{}, "SRS-041"},

		{"after a close", after(visit{leave: byClose}), mismatch{visit: 1}, "SRS-032"},
		{"after disconnect", after(visit{leave: byDisconnect}), mismatch{visit: 1}, "SRS-016"},
		{"after disconnect and more", after(visit{leave: byMore}), mismatch{visit: 1}, "SRS-036"},
		{"after a half-close", after(visit{leave: byHalfClose}), mismatch{visit: 1}, "SRS-033"},
		{"after a reset", after(visit{leave: byReset}), mismatch{visit: 1}, "SRS-034"},
		{"after an unfinished packet", after(visit{tail: "pi", leave: byReset}), mismatch{visit: 1}, "SRS-035"},
		{"nobody is served after the last one", sequence{{leave: byReset}}, mismatch{visit: 1, unserved: true}, "SRS-034"},
		{"the second of three", sequence{{leave: byReset}, {leave: byHalfClose}, clean}, mismatch{visit: 2}, "SRS-033"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.q.about(&test.d); got != test.want {
				t.Errorf("%s: about %s, not %s", test.q, got, test.want)
			}
			if !slices.Contains(SequenceIDs, test.want) {
				t.Errorf("%s is not among the requirements of the spec", test.want)
			}
		})
	}
}

// A sequence reads as a script.
func TestScript(t *testing.T) {
	q := sequence{
		{leave: byReset},
		{commands: []target.Dialogue{Ping, cmd01}, cuts: []int{3}, turns: true, leave: byDisconnect},
	}
	want := `client 1 sends nothing, gets no packet and resets the connection; ` +
		`client 2 sends "pin" | "g\ncmd01\ndisconnect\n", each answered before the next, gets packet "pong", packet "ack" and sends disconnect`
	if got := q.String(); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

// Who sends on behind disconnect forfeits what is still due; who does not, does not.
func TestForfeits(t *testing.T) {
	for _, test := range []struct {
		v    visit
		sent int
		want bool
	}{
		{visit{commands: []target.Dialogue{Ping}, leave: byDisconnect}, 16, false},
		{visit{commands: []target.Dialogue{Ping}, leave: byMore}, 16, false},
		{visit{commands: []target.Dialogue{Ping}, leave: byMore}, 17, true},
		{visit{commands: []target.Dialogue{Ping}, tail: "p", leave: byDisconnect}, 16, false},
		{visit{commands: []target.Dialogue{Ping}, tail: "p", leave: byDisconnect}, 17, true},
		{visit{commands: []target.Dialogue{Ping}, tail: "p", leave: byHalfClose}, 6, false},
	} {
		if got := test.v.forfeits(test.sent); got != test.want {
			t.Errorf("%s, after %d bytes: %t", test.v, test.sent, got)
		}
	}
}

// Who sends on behind disconnect cannot count on what is due, nor on whole packets: what
// arrives after the close may destroy what is on its way. Who does not, can.
func TestAnswerCutBehindDisconnect(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			for in := bufio.NewReader(conn); ; {
				if line, err := in.ReadString('\n'); err != nil || line == "disconnect\n" {
					break
				}
			}
			_, _ = conn.Write([]byte("po"))
			_ = conn.Close()
		}
	}()
	for leave, holds := range map[way]bool{byMore: true, byDisconnect: false} {
		trial := &Trial{run: &run{Pace: target.NewPace(target.DefaultLimits())}, Context: t.Context()}
		c, err := target.Dial(t.Context(), ln.Addr().String(), target.Usual, trial.Pace, Silent)
		if err != nil {
			t.Fatal(err)
		}
		d := visitBy(trial, c, visit{commands: []target.Dialogue{Ping}, leave: leave})
		if (d == nil) != holds {
			t.Errorf("a client that %s: %v", leave, d)
		}
		_ = c.Close()
	}
}
