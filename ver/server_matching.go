package ver

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) matching() {
	s.protocol("TP-012", "exact matching", trace.About{
		Objectives:    []string{"A predefined command is the whole packet, byte for byte, in lower case."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-025: The server shall take a packet for a predefined command only
		// where it is that command byte for byte: in lower case, whole, and
		// nothing added.
		It("answers pong to nothing but ping", trace.Req("SRS-025"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send what resembles ping: none is ping")
			s.notPing(ctx, c, resembling("ping"), "SRS-025")
		})

		It("closes on nothing but disconnect", trace.Req("SRS-025"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send what resembles disconnect: the connection stays, and ping is answered once")
			s.notPing(ctx, c, resembling("disconnect"), "SRS-025")
		})

		It("closes on nothing but disconnect as the first command of a connection", trace.Req("SRS-025"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.notFirst(ctx, " disconnect", "SRS-025")
		})

		// SRS-028: The server shall not take an invalid packet for a predefined
		// command.
		It("does not take an invalid packet for ping as the first command of a connection", trace.Req("SRS-028"), trace.Observe(target.Wire), invalid, func(ctx SpecContext) {
			c := s.pinging(ctx)
			s.survives(ctx, c)
			s.part(ctx, c)
			s.notFirst(ctx, "\xef\xbb\xbfping", "SRS-028")
		})

		It("stops on nothing but shutdown", trace.Req("SRS-025"), trace.Observe(target.Stop), nearShutdown, func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send what resembles shutdown: the connection stays, and ping is answered once")
			s.notPing(ctx, c, resembling("shutdown"), "SRS-025")
			c.Leave(ctx)
			trace.Step(ctx, "connect again; the server is still there")
			s.nextClient(ctx, "SRS-025")
		})
	})
}

// notFirst verifies that a packet is not taken for a predefined command where it
// is the first of its connection.
func (s *Suite) notFirst(ctx SpecContext, first, id string) {
	GinkgoHelper()
	s.pinging(ctx).Leave(ctx)
	trace.Step(ctx, "connect, and send %q first thing, and then ping; one pong comes", first)
	c := s.dialWith(ctx, first+"\n")
	_ = c.Send("ping\n")
	pongs, last := s.countPongs(ctx, c)
	trace.Verify(ctx, id).Expect(pongs).To(Equal(1), "pongs after %q and one ping", first)
	trace.Verify(ctx, id).Expect(last).To(Equal(target.Nothing), "what comes after the answers")
	c.Leave(ctx)
}

// resembling gives packets that a careless comparison takes for a predefined
// command.
func resembling(command string) []string {
	upper := []byte(command)
	for i := range upper {
		upper[i] -= 'a' - 'A'
	}
	n := len(command)
	return []string{
		string(upper), command + " ", string(upper[:1]) + command[1:], command[:n-1] + string(upper[n-1:]),
		" " + command, "\t" + command, command + "\t", command + "\x00", "\x00" + command,
		command + "\v", command + "\x1f", // white space to some
		command + "x", "x" + command, command[:n-1], command[1:], command + command, command + " " + command,
		command + ".", "/" + command, "\"" + command + "\"", command + "\r", command + " now",
	}
}

func (s *Suite) responses() {
	s.protocol("TP-013", "commands and responses of the application", trace.About{
		Objectives:    []string{"The callback gets every command unaltered, and its responses reach the client unaltered."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-042: The server shall send the bytes of a response unaltered,
		// whatever they are but 0x0A, and shall end the packet by one 0x0A.
		It("echoes commands of every length around the sizes of buffers", trace.Req("SRS-008", "SRS-042"), trace.Observe(target.Wire), profile("echo", "max_packet"), func(ctx SpecContext) {
			c := s.connect(ctx)
			s.need(ctx, c, s.echo("a"))
			trace.Step(ctx, "send texts of many lengths to be echoed; each comes back unaltered")
			for _, n := range s.lengths(ctx, len(s.target.Profile.Echo)+1) {
				// Of this length is the command, or its answer.
				if !s.ask(ctx, c, s.echo(pattern(n-len(s.target.Profile.Echo))), "SRS-008", "SRS-042") ||
					!s.ask(ctx, c, s.echo(s.fit(pattern(n))), "SRS-008", "SRS-042") {
					return
				}
			}
			s.next(ctx, c, "SRS-008", "SRS-042")
		})

		It("echoes blanks and empty texts", trace.Req("SRS-008", "SRS-042"), trace.Observe(target.Wire), profile("echo"), func(ctx SpecContext) {
			c := s.connect(ctx)
			s.need(ctx, c, s.echo("a"))
			trace.Step(ctx, "send texts with blanks at the beginning, at the end and in a row, an empty one, capitals, and control bytes; each comes back unaltered")
			for _, text := range some(ctx, s, []string{" a", "a ", "a  b", "  ", "\ta\t", "", "", "a", "ABC abc", "a\x00b", "a=b;c,d", "a\rb\r", "a\b\v\f\x1bb", "a\x7fb"}, 2) {
				if !s.ask(ctx, c, s.echo(text), "SRS-008", "SRS-042") {
					return
				}
			}
			s.next(ctx, c, "SRS-008", "SRS-042")
		})

		It("ends every response by one line feed", trace.Req("SRS-042"), trace.Observe(target.Wire), profile("commands"), func(ctx SpecContext) {
			c := s.unprobed(ctx)
			shown := false
			after := func() target.Event { return c.Listen(ctx) }
			if s.slow() {
				after = func() target.Event {
					_ = c.Send(s.known().Send + "\n")
					return c.Receive(ctx)
				}
			}
			for _, d := range some(ctx, s, s.singles(), 1) {
				trace.Step(ctx, "send %q; a response with the text of %s is just that, with nothing but its line feed after it", d.Send, d.Expect[0])
				_ = c.Send(d.Send + "\n")
				event := c.Receive(ctx)
				if !d.Expect[0].In(event) {
					continue // whose text is another is not about how it is sent
				}
				shown = true
				if !trace.Verify(ctx).Expect(event).To(beResponse(d.Expect[0])) || !trace.Verify(ctx).Expect(after()).To(beNoScrap()) {
					return
				}
			}
			if !shown {
				trace.Block(ctx, "no command of the profile is answered by a response with its text")
			}
		})

		It("sends an empty response", trace.Req("SRS-018"), trace.Observe(target.Wire), profile("echo"), func(ctx SpecContext) {
			c := s.connect(ctx)
			s.need(ctx, c, s.echo(" ")) // a blank at the end of a command is not lost
			trace.Step(ctx, "send an empty text to be echoed; an empty packet comes")
			s.ask(ctx, c, s.echo(""), "SRS-018")
			s.next(ctx, c, "SRS-018")
		})

		// SRS-023: The server shall handle the commands of one segment one at a
		// time and in order: the responses of one shall be complete before those
		// of the next.
		It("echoes hundreds of commands sent at once", trace.Req("SRS-023"), trace.Observe(target.Wire), profile("echo"), afterAll, func(ctx SpecContext) {
			c := s.connect(ctx)
			s.need(ctx, c, s.echo(s.fit(pattern(61))))
			n := max(2, s.pace.Times(200, 1))
			trace.Step(ctx, "send %d different texts to be echoed, many in a segment; all come back in order", n)
			wrong, want := target.Nothing, target.Nothing
			many := min(n, 100)
			for sent := 0; sent < n && wrong == want; sent += many {
				batch := ""
				for i := sent; i < sent+many; i++ {
					batch += s.echo(pattern(1+i%61)).Send + "\n"
				}
				_ = c.Send(batch)
				for i := sent; i < sent+many && wrong == want; i++ {
					wrong, want = c.Receive(ctx), target.Packet(pattern(1+i%61))
				}
			}
			trace.Verify(ctx).Expect(wrong).To(Equal(want))
			s.next(ctx, c, "SRS-023")
		})

		// SRS-026: The server shall take every byte below 0x80 but 0x0A, NUL and
		// other control bytes too, for a valid byte of a command.
		It("echoes every byte below 0x80", trace.Req("SRS-026", "SRS-042"), trace.Observe(target.Wire), profile("echo"), func(ctx SpecContext) {
			c := s.connect(ctx)
			s.need(ctx, c, s.echo("a"))
			trace.Step(ctx, "send every byte below 0x80 but 0x0A to be echoed, alone and all in one; each comes back unaltered")
			all := ""
			for b := range 0x80 {
				if b != '\n' {
					all += string(rune(b))
				}
			}
			texts := []string{s.fit(all), s.fit(all[64:] + all[:64])}
			for _, r := range all {
				texts = append(texts, string(r))
			}
			for _, text := range some(ctx, s, texts, 1) {
				if !s.ask(ctx, c, s.echo(text), "SRS-026", "SRS-042") {
					return
				}
			}
			s.next(ctx, c, "SRS-026", "SRS-042")
		})

		// SRS-029: The server shall hand the empty packet to the callback as a
		// command like any other.
		It("hands the empty packet to the callback", trace.Req("SRS-029"), trace.Observe(target.Wire), profile("empty"), func(ctx SpecContext) {
			c := s.connect(ctx)
			empty := target.Dialogue{Expect: *s.target.Profile.Empty}
			trace.Step(ctx, "send the empty packet; the answer is %s", target.Responses(empty.Expect))
			s.ask(ctx, c, empty, "SRS-029")
			s.pairs(ctx)
			many := max(2, s.rounds(3, 1))
			trace.Step(ctx, "send %d of them in one segment; each is answered", many)
			_ = c.Send(strings.Repeat("\n", many))
			for range many {
				if !s.receive(ctx, c, empty.Expect, "SRS-029") {
					return
				}
			}
			s.next(ctx, c, "SRS-029")
		})

		It("answers commands of every length around the sizes of buffers", trace.Req("SRS-008"), trace.Observe(target.Wire), profile("otherwise", "max_packet"), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send commands of many lengths that the profile does not name; each is answered by %s", target.Responses(*s.target.Profile.Otherwise))
			for _, n := range s.lengths(ctx, 1) {
				if !s.ask(ctx, c, target.Dialogue{Send: s.long(n), Expect: *s.target.Profile.Otherwise}, "SRS-008") {
					return
				}
			}
			s.next(ctx, c, "SRS-008")
		})

		It("answers any other command as the profile says", trace.Req("SRS-008"), trace.Observe(target.Wire), profile("otherwise"), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send commands that the profile does not name; each is answered by %s", target.Responses(*s.target.Profile.Otherwise))
			for _, command := range some(ctx, s, []string{"no such command", "x", "pong", "connect", "0"}, 1) {
				if !s.ask(ctx, c, target.Dialogue{Send: command, Expect: *s.target.Profile.Otherwise}, "SRS-008") {
					return
				}
			}
			if s.knows("empty") && s.next(ctx, c, "SRS-008") {
				s.ask(ctx, c, target.Dialogue{Expect: *s.target.Profile.Empty}, "SRS-008")
			}
			s.next(ctx, c, "SRS-008")
		})
	})
}

// fit cuts a text to what a command to be echoed can hold.
func (s *Suite) fit(text string) string {
	p := s.target.Profile
	if most := p.MaxPacket - len(p.Echo); p.MaxPacket > 0 && len(text) > most {
		return text[:most]
	}
	return text
}

// lengths gives the lengths of commands to try: those around the sizes that buffers
// have, up to the maximum of the profile, and all short ones.
func (s *Suite) lengths(ctx SpecContext, least int) []int {
	most := s.target.Profile.MaxPacket
	var all []int
	for size := 128; size <= most; size *= 2 {
		for n := size - 2; n <= size+2; n++ {
			if n <= most {
				all = append(all, n)
			}
		}
	}
	slices.Reverse(all)
	for n := least; n <= min(80, most); n++ {
		all = append(all, n)
	}
	return some(ctx, s, all, 1)
}

// pattern is a text of n bytes in which no part is like another, so that a piece
// lost or moved shows.
func pattern(n int) string {
	text := make([]byte, max(n, 0))
	for i := range text {
		text[i] = byte('!' + (i*7+i/93)%93)
	}
	return string(text)
}
