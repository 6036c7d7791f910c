package ver

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) invalidPackets() {
	s.protocol("TP-014", "invalid packets", trace.About{
		Objectives:    []string{"What cannot be converted to ASCII goes to the callback, marked, and is never obeyed."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
		Deviations:    []string{"Where the profile does not state the encoding, only bytes are sent that are invalid in ASCII and UTF-8 alike."},
	}, func() {
		// SRS-007: The server shall hand a packet that cannot be converted to
		// ASCII to the callback, marked invalid.
		It("hands invalid packets to the callback", trace.Req("SRS-007"), trace.Observe(target.Wire), profile("invalid"), invalid, func(ctx SpecContext) {
			c := s.connect(ctx)
			want := *s.target.Profile.Invalid
			packets := []string{"\xff", "cmd01\xff", "\xff\xfe", "ab\xffcd", "\xffcmd01", "\xc3", "a\x80b"}
			if long := s.long(s.roomy(5000) - 1); !s.slow() && s.knows("otherwise") && s.holds(ctx, c, target.Dialogue{Send: long, Expect: *s.target.Profile.Otherwise}) {
				packets = append(packets, long+"\xff")
			}
			for _, packet := range some(ctx, s, packets, 2) {
				trace.Step(ctx, "send %q; the answer is %s", packet, target.Responses(want))
				if !s.ask(ctx, c, target.Dialogue{Send: packet, Expect: want}, "SRS-007") {
					return
				}
			}
			s.next(ctx, c, "SRS-007")
		})

		It("takes no byte from 0x80 on for a valid one", trace.Req("SRS-007"), trace.Observe(target.Wire), profile("invalid", "echo"), invalid, func(ctx SpecContext) {
			c := s.connect(ctx)
			want := *s.target.Profile.Invalid
			trace.Step(ctx, "send texts to be echoed, each with one byte from 0x80 on; the answer is %s", target.Responses(want))
			var texts []string
			for b := 0x80; b < 0x100; b++ {
				texts = append(texts, "a"+string([]byte{byte(b)})+"z")
			}
			for _, text := range some(ctx, s, texts, 1) {
				if !s.ask(ctx, c, target.Dialogue{Send: s.target.Profile.Echo + text, Expect: want}, "SRS-007") {
					return
				}
			}
			s.next(ctx, c, "SRS-007")
		})

		It("treats well-formed UTF-8 as its profile says", trace.Req("SRS-007"), trace.Observe(target.Wire), profile("encoding", "echo"), invalid, func(ctx SpecContext) {
			c := s.connect(ctx)
			for _, text := range some(ctx, s, []string{"é", "aéb", "日本", "\U0001F600"}, 1) {
				d := s.echo(text)
				if s.target.Profile.Encoding == "ascii" {
					d.Expect = *s.target.Profile.Invalid
				}
				trace.Step(ctx, "send %q; the answer is %s", d.Send, target.Responses(d.Expect))
				if !s.ask(ctx, c, d, "SRS-007") {
					return
				}
			}
			s.next(ctx, c, "SRS-007")
		})

		// SRS-028: The server shall not take an invalid packet for a predefined
		// command.
		It("does not take an invalid packet for ping or disconnect", trace.Req("SRS-028"), trace.Observe(target.Wire), invalid, func(ctx SpecContext) {
			c := s.connect(ctx)
			s.survives(ctx, c)
			trace.Step(ctx, "send ping and disconnect with a byte 0xff before, within and after it: none is obeyed")
			if !s.notPing(ctx, c, append([]string{"pi\xffng", "disconnect\xff"}, slices.Concat(spoiled("ping"), spoiled("disconnect"))...), "SRS-028") {
				return
			}
			c.Leave(ctx)
			trace.Step(ctx, "send the same in segments that end after the byte 0xff: none is obeyed")
			s.notPingInSegments(ctx, s.connect(ctx), "\xff", "SRS-028", "pi\xff", "ng\ndiscon\xff", "nect\n")
		})

		It("does not take an invalid packet for shutdown", trace.Req("SRS-028"), trace.Observe(target.Stop), nearShutdown, func(ctx SpecContext) {
			c := s.connect(ctx)
			s.survives(ctx, c)
			trace.Step(ctx, "send shutdown with a byte 0xff before, within and after it: none is obeyed")
			s.notPing(ctx, c, spoiled("shutdown"), "SRS-028")
			trace.Step(ctx, "send the same in segments that end after the byte 0xff: none is obeyed")
			c.Leave(ctx)
			c = s.connect(ctx)
			s.notPingInSegments(ctx, c, "\xff", "SRS-028", "shut\xff", "down\n")
			c.Leave(ctx)
			trace.Step(ctx, "connect again; the server is still there")
			s.nextClient(ctx, "SRS-028")
		})
	})
}

// spoiled gives a command with a byte that is neither ASCII nor UTF-8 in every
// place, added and in the stead of its own.
func spoiled(command string) []string {
	var packets []string
	for i := range len(command) + 1 {
		packets = append(packets, command[:i]+"\xff"+command[i:])
	}
	// What is white space in Latin-1.
	packets = append(packets, command+"\xa0", "\x85"+command)
	// The same with the highest bit set, which a careless mask takes away: in one
	// byte, and in all. No letter becomes well-formed UTF-8 by that.
	high := []byte(command)
	for i := range len(command) {
		packets = append(packets, command[:i]+string([]byte{command[i] | 0x80})+command[i+1:])
		high[i] |= 0x80
	}
	return append(packets, string(high))
}

func (s *Suite) overLongPackets() {
	s.protocol("TP-015", "over-long packets", trace.About{
		Objectives:    []string{"A packet past the maximum does no harm."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-030: Of a packet longer than the maximum the server shall drop the
		// bytes past it up to the next 0x0A, and shall hand the packet to the
		// callback once, marked invalid and too long.
		It("hands an over-long packet to the callback once", trace.Req("SRS-030"), trace.Observe(target.Wire), profile("too_long"), overLong, func(ctx SpecContext) {
			c := s.connect(ctx)
			most, want := s.target.Profile.MaxPacket, *s.target.Profile.TooLong
			for _, over := range some(ctx, s, []int{1, 2, 1000, most, 3*most + 1}, 1) {
				trace.Step(ctx, "send a packet %d bytes longer than the maximum of %d; the answer is %s", over, most, target.Responses(want))
				if !s.ask(ctx, c, target.Dialogue{Send: s.long(most + over), Expect: want}, "SRS-030") || !s.next(ctx, c, "SRS-030") {
					return
				}
			}
			trace.Step(ctx, "send one without its line feed; nothing comes")
			_ = c.Send(s.long(most + 1000))
			if !s.slow() { // what comes now is one too many in the end
				trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
			}
			trace.Step(ctx, "send the line feed; the answer comes")
			s.ask(ctx, c, target.Dialogue{Expect: want}, "SRS-030")
			s.next(ctx, c, "SRS-030")
		})

		It("hands an over-long packet to the callback once, though it is not ASCII either", trace.Req("SRS-030"), trace.Observe(target.Wire), profile("too_long"), overLong, func(ctx SpecContext) {
			c := s.connect(ctx)
			s.survives(ctx, c)
			want := *s.target.Profile.TooLong
			trace.Step(ctx, "send a packet that is too long and ends in a byte 0xff; the answer is %s", target.Responses(want))
			s.ask(ctx, c, target.Dialogue{Send: s.long(s.target.Profile.MaxPacket+1) + "\xff", Expect: want}, "SRS-030")
			s.next(ctx, c, "SRS-030")
		})

		It("does not take an over-long packet for the command that it begins with", trace.Req("SRS-030"), trace.Observe(target.Wire), profile("too_long", "echo"), overLong, func(ctx SpecContext) {
			c := s.connect(ctx)
			most, want := s.target.Profile.MaxPacket, *s.target.Profile.TooLong
			for _, over := range some(ctx, s, []int{1, most}, 1) {
				trace.Step(ctx, "send a text to be echoed in a packet %d bytes longer than the maximum of %d; the answer is %s", over, most, target.Responses(want))
				text := s.long(most + over - len(s.target.Profile.Echo))
				if !s.ask(ctx, c, target.Dialogue{Send: s.target.Profile.Echo + text, Expect: want}, "SRS-030") || !s.next(ctx, c, "SRS-030") {
					return
				}
			}
		})

		It("hands a packet of just the maximum to the callback whole", trace.Req("SRS-030"), trace.Observe(target.Wire), profile("too_long", "echo"), overLong, func(ctx SpecContext) {
			c := s.connect(ctx)
			most := s.target.Profile.MaxPacket
			s.need(ctx, c, s.echo(s.long(most/2)))
			trace.Step(ctx, "send a packet of %d bytes, the maximum; it is no longer than allowed", most)
			s.ask(ctx, c, s.echo(s.long(most-len(s.target.Profile.Echo))), "SRS-030")
			s.next(ctx, c, "SRS-030")
		})

		// SRS-031: After a packet longer than the maximum the server shall go on
		// with the next command.
		It("goes on after an over-long packet", trace.Req("SRS-031"), trace.Observe(target.Wire), profile("max_packet"), overLong, func(ctx SpecContext) {
			s.pairs(ctx)
			c := s.pinging(ctx)
			most := s.target.Profile.MaxPacket
			for _, n := range []int{most + 1, most + 4, 2*most + 4, 3 * most}[:s.rounds(4, 4)] {
				parts := []string{s.long(n-4) + "ping\nping\n"}
				if n == 3*most { // its line feed comes first in a segment
					parts = []string{s.long(n-4) + "ping", "\nping\n"}
				}
				trace.Step(ctx, "send a packet of %d bytes that ends in ping, and ping after it, in %d segments: one pong comes", n, len(parts))
				_ = c.SendSegments(ctx, parts...)
				pongs, last := s.countPongs(ctx, c)
				if !trace.Verify(ctx).Expect(pongs).To(Equal(1), "pongs after one over-long packet and one ping") ||
					!trace.Verify(ctx).Expect(last).To(Equal(target.Nothing), "what comes after the answers") {
					return
				}
			}
		})
	})
}

// roomy gives a length of up to n bytes that no maximum forbids, as far as one is
// known.
func (s *Suite) roomy(n int) int {
	if most := s.target.Profile.MaxPacket; most > 0 {
		return min(n, most)
	}
	return min(n, 200)
}

// long is a packet of n bytes that is no command of anybody's.
func (s *Suite) long(n int) string { return strings.Repeat("L", n) }
