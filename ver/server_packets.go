package ver

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) severalCommands() {
	s.protocol("TP-006", "two commands in one string", trace.About{
		Objectives:    []string{"The commands of one segment are handled one at a time and in order."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-023: The server shall handle the commands of one segment one at a
		// time and in order: the responses of one shall be complete before those
		// of the next.
		It("answers two pings in one segment by two pongs", trace.Req("SRS-023"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.pinging(ctx)
			trace.Step(ctx, "send ping and ping in one segment; two pongs come")
			_ = c.Send("ping\nping\n")
			s.receive(ctx, c, []target.Response{target.Text("pong"), target.Text("pong")}, "SRS-023")
			trace.Step(ctx, "no third one comes")
			s.nothingMore(ctx, c, "SRS-023")
		})

		It("answers a command and a half at once, and the rest later", trace.Req("SRS-023", "SRS-022"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.pinging(ctx)
			trace.Step(ctx, "send ping and the first half of another in one segment, then its second half, and that again with a third one")
			_ = c.Send("ping\npi")
			s.receive(ctx, c, []target.Response{target.Text("pong")}, "SRS-023", "SRS-022")
			_ = c.Send("ng\n")
			s.receive(ctx, c, []target.Response{target.Text("pong")}, "SRS-023", "SRS-022")
			if s.next(ctx, c, "SRS-023", "SRS-022"); s.slow() {
				return
			}
			_ = c.Send("ping\npi")
			s.receive(ctx, c, []target.Response{target.Text("pong")}, "SRS-023")
			_ = c.Send("ng\nping\n")
			s.receive(ctx, c, []target.Response{target.Text("pong"), target.Text("pong")}, "SRS-023")
			s.next(ctx, c, "SRS-023")
		})

		It("answers the commands of the application in order", trace.Req("SRS-023"), trace.Observe(target.Wire), profile("commands"), func(ctx SpecContext) {
			commands := s.sound(ctx, s.target.Profile.Commands)
			if len(commands) == 0 {
				trace.Block(ctx, "no command of the profile is answered as it says")
			}
			c := s.connect(ctx)
			between := s.known()
			trace.Step(ctx, "send the commands of the profile in one segment, with %q between them; all answers come in order", between.Send)
			var all []target.Dialogue
			for range s.pace.Times(3, 2*len(commands)) {
				for _, d := range commands {
					all = append(all, d, between)
				}
			}
			if s.slow() { // it is sent after them anyway
				all = all[:len(all)-1]
			}
			var segment strings.Builder
			var want []target.Response
			for _, d := range all {
				segment.WriteString(d.Send + "\n")
				want = append(want, d.Expect...)
			}
			_ = c.Send(segment.String())
			s.receive(ctx, c, want, "SRS-023")
			s.next(ctx, c, "SRS-023")
		})

		It("completes the responses of one command before those of the next", trace.Req("SRS-023"), trace.Observe(target.Wire), profile("commands"), func(ctx SpecContext) {
			c := s.connect(ctx)
			last := s.known()
			commands := s.several()
			if len(commands) == 0 {
				commands = s.singles()
			}
			for _, d := range some(ctx, s, commands, 1) {
				trace.Step(ctx, "send %q and %q in one segment; nothing comes after the answer to the second, whatever that to the first is", d.Send, last.Send)
				_ = c.Send(d.Send + "\n" + last.Send + "\n")
				answered, after := false, target.Nothing
				for range len(d.Expect) + 10 {
					event := s.hear(ctx, c, !answered)
					if _, more := event.IsPacket(); !more {
						break
					}
					if answered {
						after = event
					}
					answered = answered || last.Expect[0].Matches(event)
				}
				if !trace.Verify(ctx).Expect(answered).To(BeTrue(), "the second command is answered") ||
					!trace.Verify(ctx).Expect(after).To(Equal(target.Nothing), "after the answer to the second") {
					return
				}
			}
		})
	})
}

func (s *Suite) packets() {
	s.protocol("TP-011", "packets and segments", trace.About{
		Objectives:    []string{"A command is what stands before a line feed, however it arrives."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-022: The server shall handle a command alike in however many TCP
		// segments it arrives.
		It("answers ping in every split into segments", trace.Req("SRS-022"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.pinging(ctx)
			splits := splits("ping\n")
			trace.Step(ctx, "send ping in each of its %d splits into segments; each is answered by one pong", len(splits))
			for _, parts := range some(ctx, s, splits, 1) {
				_ = c.SendSegments(ctx, parts...)
				if !trace.Verify(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet("pong")), "segments %q", parts) {
					return
				}
			}
			s.next(ctx, c, "SRS-022")
		})

		It("loses no blank where a segment ends", trace.Req("SRS-022"), trace.Observe(target.Wire), profile("echo"), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send a text of blanks and letters to be echoed, in two segments, cut in every place; each comes back unaltered")
			const text = "a \t \r b"
			s.need(ctx, c, s.echo(text))
			d := s.echo(text)
			for _, i := range s.places(ctx, len(d.Send)) {
				_ = c.SendSegments(ctx, d.Send[:i], d.Send[i:]+"\n")
				if !s.receive(ctx, c, d.Expect, "SRS-022") {
					return
				}
			}
			s.next(ctx, c, "SRS-022")
		})

		It("closes on a disconnect that comes byte by byte", trace.Req("SRS-022"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.bears(ctx)
			c := s.pinging(ctx)
			trace.Step(ctx, "send ping and disconnect byte by byte; pong comes, then the end, as where disconnect is sent whole")
			_ = c.SendSegments(ctx, strings.Split("ping\ndisconnect\n", "")...)
			s.receive(ctx, c, []target.Response{target.Text("pong")}, "SRS-022")
			event := c.Ending(ctx)
			_ = c.Close()
			whole := s.pinging(ctx)
			_ = whole.Send("disconnect\n")
			trace.Need(ctx).Expect(whole.Ending(ctx)).To(Equal(target.Closed), "after disconnect that was sent whole")
			trace.Verify(ctx).Expect(event).To(Equal(target.Closed))
		})

		// SRS-009: The byte 0x0A shall end a command, and nothing else shall: no
		// other byte, no end of a segment, no pause.
		//
		// SRS-019: The server shall send no packet that no command asked for.
		It("waits for the line feed", trace.Req("SRS-009", "SRS-019"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.pinging(ctx)
			trace.Step(ctx, "send ping without its line feed, and pause for %s; nothing comes", s.pace.Limits().Stall)
			_ = c.Send("ping")
			target.Pause(ctx, s.pace.Limits().Stall-s.pace.Quiet()) // it is listened to for the rest
			early := c.Listen(ctx)
			trace.Step(ctx, "send the line feed; pong comes, once")
			_ = c.Send("\n")
			event := c.Receive(ctx)
			if _, packet := early.IsPacket(); packet && event == target.Packet("pong") {
				trace.Verify(ctx, "SRS-019").Expect(early).To(Equal(target.Nothing), "what came meanwhile, though the command was not ended by the pause")
				return
			}
			if trace.Verify(ctx, "SRS-009").Expect(early).To(Equal(target.Nothing)) {
				trace.Verify(ctx, "SRS-019").Expect(early).To(Equal(target.Nothing))
			}
			trace.Verify(ctx, "SRS-009").Expect(event).To(Equal(target.Packet("pong")))
			s.next(ctx, c, "SRS-009")
		})

		It("takes no other ASCII byte for the end of a command", trace.Req("SRS-009"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send a word, one other byte, ping and the line feed, for every other byte below 0x80: none is ping")
			var behind, before []string
			for b := range 0x80 {
				if b != '\n' {
					behind = append(behind, "word"+string(rune(b))+"ping")
					before = append(before, "ping"+string(rune(b))+"word")
				}
			}
			s.notPing(ctx, c, behind, "SRS-009")
			s.part(ctx, c)
			s.wholly(ctx, "ping")
			c = s.connect(ctx)
			trace.Step(ctx, "send the same with the word behind: none is ping")
			s.notPing(ctx, c, before, "SRS-009")
		})

		It("takes no length for the end of a command", trace.Req("SRS-009"), trace.Observe(target.Wire), profile("max_packet"), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send commands that end in ping behind as many bytes as a buffer may have: none is ping")
			var commands []string
			for n := 64; n <= s.target.Profile.MaxPacket-len("ping"); n *= 2 {
				commands = append(commands, s.long(n)+"ping")
			}
			s.notPing(ctx, c, commands, "SRS-009")
		})

		It("takes no byte from 0x80 on for the end of a command", trace.Req("SRS-009"), trace.Observe(target.Wire), invalid, func(ctx SpecContext) {
			c := s.connect(ctx)
			s.survives(ctx, c)
			trace.Step(ctx, "send ping, one other byte, ping and the line feed, for every byte from 0x80 on: none is ping")
			commands := []string{"ping\x85ping", "ping\x8aping"} // the next line, and the line feed with the highest bit
			for b := 0x80; b < 0x100; b++ {
				if b != 0x85 && b != 0x8a {
					commands = append(commands, "ping"+string([]byte{byte(b)})+"ping")
				}
			}
			s.notPing(ctx, c, commands, "SRS-009")
		})

		// SRS-024: The server shall take a carriage return for an ordinary byte
		// of the command.
		It("takes a carriage return for an ordinary byte", trace.Req("SRS-024"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send ping and disconnect with a carriage return before or within them: none is obeyed")
			s.notPing(ctx, c, []string{"\rping", "\rdisconnect", "pi\rng", "\r", "word\rping"}, "SRS-024")
			s.part(ctx, c)
			for _, command := range []string{"ping", "disconnect"} {
				s.wholly(ctx, command)
				c := s.connect(ctx)
				trace.Step(ctx, "send %s with a carriage return after it: it is not %s", command, command)
				s.notPing(ctx, c, []string{command + "\r", command + "\r\r"}[:s.rounds(2, 2)], "SRS-024")
				s.part(ctx, c)
			}
			last := s.connect(ctx)
			trace.Step(ctx, "send the same in segments that end after the carriage return: none is obeyed")
			s.notPingInSegments(ctx, last, "no such command", "SRS-024", "ping\r", "\ndisconnect\r", "\n")
		})

		It("hands a carriage return to the callback", trace.Req("SRS-024"), trace.Observe(target.Wire), profile("echo"), func(ctx SpecContext) {
			c := s.connect(ctx)
			s.need(ctx, c, s.echo("a b"))
			for _, text := range some(ctx, s, []string{"a\r", "\ra", "\r", "a\rb\r\r"}, 2) {
				trace.Step(ctx, "send %q to be echoed; it comes back unaltered", text)
				if !s.ask(ctx, c, s.echo(text), "SRS-024") {
					return
				}
			}
			s.next(ctx, c, "SRS-024")
		})
	})
}

// places gives where to cut a text of n bytes: everywhere, if the server is fast.
func (s *Suite) places(ctx SpecContext, n int) []int {
	var all []int
	for i := 1; i < n; i++ {
		all = append(all, i)
	}
	return some(ctx, s, all, 1)
}

// echo is a command that is answered with its own argument.
func (s *Suite) echo(text string) target.Dialogue {
	return target.Dialogue{Send: s.target.Profile.Echo + text, Expect: []target.Response{target.Text(text)}}
}

// splits gives every way of cutting a text into parts, that into most parts first.
func splits(text string) [][]string {
	var all [][]string
	for cuts := 1<<(len(text)-1) - 1; cuts >= 0; cuts-- {
		var parts []string
		begin := 0
		for i := 1; i < len(text); i++ {
			if cuts&(1<<(i-1)) != 0 {
				parts = append(parts, text[begin:i])
				begin = i
			}
		}
		all = append(all, append(parts, text[begin:]))
	}
	return all
}
