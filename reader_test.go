package oneline_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/socket-oneline/oneline"
)

// packet is a Packet whose bytes stay.
type packet struct {
	bytes   string
	tooLong bool
}

// rest reads packets until an error, which is returned.
func rest(r *oneline.Reader) (packets []packet, err error) {
	for {
		p, err := r.Next()
		if err != nil {
			return packets, err
		}
		packets = append(packets, packet{string(p.Bytes), p.TooLong})
	}
}

// split is what a Reader should deliver, written as plainly as can be.
func split(input []byte, max int) (packets []packet) {
	parts := bytes.Split(input, []byte{'\n'})
	for _, part := range parts[:len(parts)-1] { // the last one is not ended
		packets = append(packets, packet{string(part[:min(len(part), max)]), len(part) > max})
	}
	return packets
}

// sources are ways in which bytes may arrive.
var sources = []struct {
	name string
	from func(io.Reader) io.Reader
}{
	{"whole", func(r io.Reader) io.Reader { return r }},
	{"byte by byte", iotest.OneByteReader},
	{"by halves", iotest.HalfReader},
	{"with the end", iotest.DataErrReader},
}

func TestReader(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	tests := []struct {
		name  string
		input string
		max   int
		want  []packet
	}{
		{"nothing", "", 8, nil},
		{"one (P3)", "ping\n", 8, []packet{{"ping", false}}},
		{"several (Pa)", "a\nb\nc\n", 8, []packet{{"a", false}, {"b", false}, {"c", false}}},
		{"empty ones (Pf)", "\n\na\n\n", 8, []packet{{"", false}, {"", false}, {"a", false}, {"", false}}},
		{"carriage return (Pb)", "ping\r\n\r\n", 8, []packet{{"ping\r", false}, {"\r", false}}},
		{"any byte", "\x00\xff\x80\r\n", 8, []packet{{"\x00\xff\x80\r", false}}},
		{"not ended (Pi)", "ping\npong", 8, []packet{{"ping", false}}},
		{"as long as the maximum (Pg)", "12345678\nx\n", 8, []packet{{"12345678", false}, {"x", false}}},
		{"one byte longer (Pg)", "123456789\nx\n", 8, []packet{{"12345678", true}, {"x", false}}},
		{"much longer (Pg)", long + "\nx\n", 8, []packet{{"xxxxxxxx", true}, {"x", false}}},
		{"too long twice (Pg)", long + "\n" + long + "\nx\n", 4, []packet{{"xxxx", true}, {"xxxx", true}, {"x", false}}},
		{"too long and not ended", "x\n" + long, 8, []packet{{"x", false}}},
		{"long, allowed", "a\n" + long + "\nb\n", 100_000, []packet{{"a", false}, {long, false}, {"b", false}}},
		{"long, one too many", "a\n" + long + "\nb\n", 99_999, []packet{{"a", false}, {long[1:], true}, {"b", false}}},
		{"the default maximum", long + "\n", 0, []packet{{long[:oneline.DefaultMaxPacket], true}}},
		{"a negative maximum", long + "\n", -1, []packet{{long[:oneline.DefaultMaxPacket], true}}},
	}
	for _, test := range tests {
		for _, source := range sources {
			t.Run(test.name+", "+source.name, func(t *testing.T) {
				got, err := rest(oneline.NewReader(source.from(strings.NewReader(test.input)), test.max))
				if !slices.Equal(got, test.want) {
					t.Errorf("got %.200v, want %.200v", got, test.want)
				}
				if err != io.EOF {
					t.Errorf("ended by %v, want io.EOF", err)
				}
			})
		}
	}
}

// Lengths around those of the buffers, among other packets.
func TestReaderLengths(t *testing.T) {
	for _, maximum := range []int{1, 4095, 4096, 10_000} {
		for _, base := range []int{0, 4096, maximum, maximum + 4096} {
			var input []byte
			for length := max(base-3, 0); length <= base+3; length++ {
				input = append(input, strings.Repeat("y", length)+"\nz\n"...)
			}
			for _, source := range sources {
				got, _ := rest(oneline.NewReader(source.from(bytes.NewReader(input)), maximum))
				if want := split(input, maximum); !slices.Equal(got, want) {
					t.Errorf("maximum %d, lengths around %d, %s: got %.200v, want %.200v", maximum, base, source.name, got, want)
				}
			}
		}
	}
}

func TestReaderComplete(t *testing.T) {
	r := oneline.NewReader(strings.NewReader("a\nb\nc"), 8)
	if r.Complete() {
		t.Error("complete before anything was read")
	}
	for i, complete := range []bool{true, false} {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		for range 2 { // asking changes nothing
			if r.Complete() != complete {
				t.Errorf("after packet %d: complete is %t, want %t", i, !complete, complete)
			}
		}
	}
	if p, err := r.Next(); err != io.EOF {
		t.Errorf("got %q and %v, want io.EOF", p.Bytes, err)
	}
}

// Repeats takes what equals the packet, whole and complete, and nothing else.
func TestReaderRepeats(t *testing.T) {
	tests := []struct {
		input  string // after a first packet, which Next has taken
		packet string
		want   int
		next   string
	}{
		{"ping\nping\npong\n", "ping", 2, "pong"},
		{"pong\nping\n", "ping", 0, "pong"},
		{"ping\r\nping\n", "ping", 0, "ping\r"},
		{"pingping\n", "ping", 0, "pingping"},
		{"pin\nping\n", "ping", 0, "pin"},
		{"\n\nx\n", "", 2, "x"},
		{"ping\nping", "ping", 1, ""},
		{"ping\nping", "ping\nping", 0, "ping"},
	}
	for _, test := range tests {
		for _, asked := range []bool{false, true} {
			r := oneline.NewReader(strings.NewReader("first\n"+test.input), 8)
			if _, err := r.Next(); err != nil {
				t.Fatal(err)
			}
			if asked {
				r.Complete()
			}
			if n := r.Repeats(test.packet); n != test.want {
				t.Errorf("%q: %q repeats %d times, want %d", test.input, test.packet, n, test.want)
			}
			if p, _ := r.Next(); string(p.Bytes) != test.next {
				t.Errorf("%q: then comes %q, want %q", test.input, p.Bytes, test.next)
			}
		}
	}
}

// Of a packet that is too long, no part is taken for a packet.
func TestReaderRepeatsWithinTooLong(t *testing.T) {
	source := &flaky{source: iotest.OneByteReader(strings.NewReader("pingpingping\nx\n")), err: errors.New("interrupted")}
	r := oneline.NewReader(source, 4)
	for {
		if n := r.Repeats("ping"); n != 0 {
			t.Fatalf("ping repeats %d times, want none", n)
		}
		p, err := r.Next()
		if err == nil {
			if !p.TooLong || string(p.Bytes) != "ping" {
				t.Errorf("got %q, too long %t", p.Bytes, p.TooLong)
			}
			return
		}
		if err == io.EOF {
			t.Fatal("the packet has not come")
		}
	}
}

// A packet is judged by the bytes that are kept of it, however it arrives (Pd, Pg).
func TestReaderASCII(t *testing.T) {
	tests := []struct {
		input string
		want  bool
	}{
		{"ping", true},
		{"", true},
		{"\x7f\x00\r", true},
		{"pi\x80ng", false},
		{"12345678\xff", true}, // the last byte is dropped
		{"1234567\xff8", false},
		{"12345678" + strings.Repeat("x", 10_000) + "\xff", true},
	}
	for _, test := range tests {
		for _, source := range sources {
			r := oneline.NewReader(source.from(strings.NewReader(test.input+"\nx\n")), 8)
			if p, err := r.Next(); err != nil || p.ASCII() != test.want {
				t.Errorf("%.20q, %s: ASCII is %t and the error %v, want %t", test.input, source.name, p.ASCII(), err, test.want)
			}
			if p, err := r.Next(); err != nil || !p.ASCII() {
				t.Errorf("after %.20q, %s: ASCII is %t and the error %v", test.input, source.name, p.ASCII(), err)
			}
		}
	}
}

// ASCII depends on Bytes alone, which a user may shorten or replace.
func TestPacketASCII(t *testing.T) {
	r := oneline.NewReader(iotest.OneByteReader(strings.NewReader("ab\xffcd\n")), 8)
	p, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		bytes []byte
		want  bool
	}{{p.Bytes, false}, {p.Bytes[:2], true}, {p.Bytes[3:], true}, {nil, true}, {[]byte("\x80"), false}} {
		if p.Bytes = test.bytes; p.ASCII() != test.want {
			t.Errorf("%q: ASCII is %t", p.Bytes, !test.want)
		}
	}
}

// What a user appends to a packet must not run into the next one.
func TestReaderPacketsAreApart(t *testing.T) {
	r := oneline.NewReader(strings.NewReader("a\nb\n"), 8)
	first, _ := r.Next()
	_ = append(first.Bytes, "XXXX"...)
	if second, err := r.Next(); err != nil || string(second.Bytes) != "b" {
		t.Errorf("got %q and %v, want b", second.Bytes, err)
	}
}

// Reads are never offered little room, and never more than the maximum and 4 KiB,
// however long the packets are (Pg).
func TestReaderMemory(t *testing.T) {
	const max = 10_000
	source := &meter{source: strings.NewReader(strings.Repeat("x", 1_000_000) + "\n" + strings.Repeat("ping\n", 10_000)), least: max}
	if _, err := rest(oneline.NewReader(source, max)); err != io.EOF {
		t.Fatal(err)
	}
	if source.least < 4<<10 || source.most > max+4<<10 {
		t.Errorf("reads were offered %d to %d bytes", source.least, source.most)
	}
}

// meter notes how much room the reads were offered.
type meter struct {
	source      io.Reader
	least, most int
}

func (m *meter) Read(p []byte) (int, error) {
	m.least, m.most = min(m.least, len(p)), max(m.most, len(p))
	return m.source.Read(p)
}

func TestReaderAllocations(t *testing.T) {
	source := &repeating{text: "ping\ncmd01\n\n"}
	r := oneline.NewReader(source, 0)
	allocs := testing.AllocsPerRun(10_000, func() {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations per packet", allocs)
	}
}

// repeating gives the same text for ever.
type repeating struct {
	text string
	next int
}

func (r *repeating) Read(p []byte) (n int, _ error) {
	for n < len(p) {
		copied := copy(p[n:], r.text[r.next:])
		n += copied
		r.next = (r.next + copied) % len(r.text)
	}
	return n, nil
}

// FuzzReader holds the Reader against splitting the whole input: for every
// maximum, and for every way in which the bytes may arrive.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"", "ping\n", "a\n\nb\r\nc", "\n\n\n", "123456789\n12345678\n", "\xff\x00\n", strings.Repeat("x", 9000) + "\ny\n"} {
		f.Add([]byte(seed), 8, []byte{1, 0, 200})
	}
	f.Fuzz(func(t *testing.T, input []byte, maximum int, sizes []byte) {
		maximum = 1 + (maximum&0x7fffffff)%20_000
		r := oneline.NewReader(&portions{input: input, sizes: sizes}, maximum)
		var got []packet
		for {
			complete := r.Complete()
			p, err := r.Next()
			if err != nil && complete {
				t.Fatalf("Next failed with %v, though a packet was complete", err)
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				continue
			}
			if ascii := bytes.IndexFunc(p.Bytes, func(r rune) bool { return r >= 0x80 }) < 0; p.ASCII() != ascii {
				t.Fatalf("%.500q: ASCII is %t", p.Bytes, !ascii)
			}
			got = append(got, packet{string(p.Bytes), p.TooLong})
			for range r.Repeats(string(p.Bytes)) {
				got = append(got, packet{string(p.Bytes), false})
			}
		}
		if want := split(input, maximum); !slices.Equal(got, want) {
			t.Fatalf("maximum %d: got %.500v, want %.500v", maximum, got, want)
		}
	})
}

// portions gives its input in portions of these sizes; a size of 0 is an error.
type portions struct {
	input, sizes []byte
}

func (s *portions) Read(p []byte) (int, error) {
	n := len(s.input)
	if len(s.sizes) > 0 {
		n, s.sizes = min(n, int(s.sizes[0])), s.sizes[1:]
		if n == 0 && len(s.input) > 0 {
			return 0, os.ErrDeadlineExceeded
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	n = copy(p, s.input[:n])
	s.input = s.input[n:]
	return n, nil
}

func BenchmarkReader(b *testing.B) {
	for _, length := range []int{4, 1 << 10, 1 << 20} {
		b.Run(byteCount(length), func(b *testing.B) {
			r := oneline.NewReader(&repeating{text: strings.Repeat("x", length) + "\n"}, 1<<20)
			b.SetBytes(int64(length) + 1)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func byteCount(n int) string {
	switch {
	case n >= 1<<20:
		return "1MiB"
	case n >= 1<<10:
		return "1KiB"
	}
	return "4B"
}
