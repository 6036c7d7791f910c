package ver

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) basicServer() {
	s.protocol("TP-001", "basic server", trace.About{
		Objectives:    []string{"The server is there, answers, and says nothing of its own accord."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-020: The server shall accept TCP connections at its configured
		// address and port, and shall answer its commands there.
		It("accepts a connection at its address and answers there", trace.Req("SRS-020"), trace.Observe(target.Wire), func(ctx SpecContext) {
			trace.Step(ctx, "connect to the address of the server, and send a command")
			c := s.unprobed(ctx)
			trace.Step(ctx, "its answer comes on this connection, and so does that to the next one")
			for range 2 {
				_ = c.Send(s.known().Send + "\n")
				for _, want := range s.known().Expect {
					event := c.Receive(ctx)
					if _, answered := event.IsPacket(); answered && !want.Matches(event) {
						trace.Block(ctx, "%q is answered, but by %s instead of %s", s.known().Send, event, want)
					}
					if !trace.Verify(ctx).Expect(event).To(beResponse(want)) {
						return
					}
				}
			}
			if !s.slow() {
				trace.Need(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing), "after the answers")
			}
		})

		// SRS-019: The server shall send no packet that no command asked for.
		It("sends nothing that no command asked for", trace.Req("SRS-019"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send nothing; the server sends nothing")
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
			trace.Step(ctx, "send a command; its answer is the first packet that comes")
			s.next(ctx, c, "SRS-019")
			trace.Step(ctx, "send nothing again; the server sends nothing more")
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
			if s.slow() && s.known().Send == ping.Send { // it was ping already
				return
			}
			trace.Step(ctx, "send ping; after what it is answered the server sends nothing more")
			_ = c.Send("ping\n")
			_ = c.Receive(ctx)
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})

		It("sends nothing to a client that has not sent anything yet", trace.Req("SRS-019"), trace.Observe(target.Wire), func(ctx SpecContext) {
			trace.Step(ctx, "let a client come, be answered and leave")
			if c := s.take(ctx); c != nil {
				c.Leave(ctx)
			} else {
				_ = s.visit(ctx)
			}
			trace.Step(ctx, "connect and send nothing; the server sends no greeting")
			c, greeting := s.dialed(ctx, "")
			if greeting == target.Nothing && !s.slow() {
				greeting = c.Listen(ctx)
			}
			trace.Verify(ctx).Expect(greeting).To(Equal(target.Nothing))
			if s.slow() { // what comes after an answer is another spec's
				return
			}
			trace.Step(ctx, "send a command; nothing comes after its answer")
			if problem := exchange(ctx, c, s.known()); problem != "" {
				trace.Block(ctx, "%s", problem)
			}
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})
	})
}

const (
	manyPings = 66_000  // more than 16 bits can count
	lateBytes = 8 << 20 // more than the buffers of a connection hold
)

func (s *Suite) commonCommands() {
	s.protocol("TP-002", "common commands", trace.About{
		Objectives:    []string{"The predefined commands ping and disconnect do what they shall; the commands of the application are answered."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-004: The server shall answer the command ping with the one packet
		// pong.
		It("answers ping with pong", trace.Req("SRS-004"), trace.Observe(target.Wire), func(ctx SpecContext) {
			trace.Step(ctx, "connect, and send ping")
			c := s.unprobed(ctx)
			for i := range s.rounds(3, 1) {
				trace.Step(ctx, "ping number %d is answered by pong", i+1)
				_ = c.Send("ping\n")
				if !trace.Verify(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet("pong"))) {
					return
				}
			}
			trace.Step(ctx, "the server answers nothing more")
			s.nothingMore(ctx, c, "SRS-004")
		})

		// SRS-050: The server shall handle any number of commands on one
		// connection.
		It("answers thousands of commands on one connection", trace.Req("SRS-050"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			c := s.connect(ctx)
			d := s.known()
			trace.Step(ctx, "send %q and receive its answer, many times over", d.Send)
			problem, done := "", 0
			s.repeat(ctx, 3000, 1, func(int) bool {
				done++
				problem = exchange(ctx, c, d)
				return problem == ""
			})
			trace.Verify(ctx).Expect(attempt(problem)).To(beServed(), "command number %d", done)
			trace.Step(ctx, "there are no more answers than commands")
			s.nothingMore(ctx, c, "SRS-050")
		})

		It("answers more pings than 16 bits can count, sent before the answers are read", trace.Req("SRS-050"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			s.pairs(ctx)
			c := s.pinging(ctx)
			trace.Step(ctx, "send hundreds of pings at once and receive as many pongs, again and again, up to %d on a fast server", manyPings)
			batch := max(2, s.pace.Times(600, 3))
			wrong, done := target.Packet("pong"), 0
			within := 2 * s.pace.Limits().Loop
			if s.slow() {
				within = 0 // once
			}
			sending, cancel := patience.Within(ctx, within)
			defer cancel()
			for (done == 0 || done < manyPings && sending.Err() == nil) && wrong == target.Packet("pong") {
				_ = c.Send(strings.Repeat("ping\n", batch))
				for i := 0; i < batch && wrong == target.Packet("pong"); i++ {
					wrong = c.Receive(ctx)
					done++
				}
			}
			trace.Verify(ctx).Expect(wrong).To(Equal(target.Packet("pong")), "answer to ping number %d", done)
			trace.Step(ctx, "there are no more pongs than pings")
			s.nothingMore(ctx, c, "SRS-050")
		})

		// SRS-005: On the command disconnect the server shall close the
		// connection of its client, and shall go on serving others.
		//
		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		It("closes the connection on disconnect", trace.Req("SRS-005", "SRS-036"), trace.Observe(target.Wire), func(ctx SpecContext) {
			for range s.rounds(2, 3) {
				c := s.connect(ctx)
				trace.Step(ctx, "send disconnect; the connection ends, and no packet comes before")
				_ = c.Send("disconnect\n")
				event := c.Ending(ctx)
				trace.Verify(ctx, "SRS-036").Expect(event).To(beNoPacket())
				trace.Verify(ctx, "SRS-005").Expect(s.ended(ctx, c, event)).To(Equal(target.Closed))
				_ = c.Close()
				trace.Step(ctx, "connect again; the server goes on")
				if !s.nextClient(ctx, "SRS-005") {
					return
				}
			}
		})

		It("closes the connection on disconnect as the first command", trace.Req("SRS-005", "SRS-036"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.connect(ctx).Leave(ctx)
			trace.Step(ctx, "connect, and send disconnect first thing; the connection ends, and no packet comes before")
			c := s.dial(ctx)
			_ = c.Send("disconnect\n")
			event := c.Ending(ctx)
			trace.Verify(ctx, "SRS-036").Expect(event).To(beNoPacket())
			trace.Verify(ctx, "SRS-005").Expect(s.ended(ctx, c, event)).To(Equal(target.Closed))
			_ = c.Close()
			trace.Step(ctx, "connect again; the server goes on")
			s.nextClient(ctx, "SRS-005")
		})

		It("drops the commands after disconnect in the same segment", trace.Req("SRS-036"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.bears(ctx)
			c := s.connect(ctx)
			trace.Step(ctx, "send disconnect and ping in one segment; ping is not answered")
			_ = c.Send("disconnect\nping\nping\n")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(beNoPacket())
			_ = c.Close()
			s.goesOn(ctx)
			trace.Step(ctx, "the next client gets the answers to its own commands only")
			s.nextClient(ctx, "SRS-036")
		})

		// SRS-041: A client whose connection the server closes shall get the
		// responses due before, and shall then see the connection end.
		It("sends the responses due before it closes", trace.Req("SRS-041"), trace.Observe(target.Wire), func(ctx SpecContext) {
			s.pairs(ctx)
			s.closes(ctx)
			c := s.pinging(ctx)
			trace.Step(ctx, "send ping, ping and disconnect in one segment; two pongs come, then the end")
			_ = c.Send("ping\nping\ndisconnect\n")
			s.receive(ctx, c, []target.Response{target.Text("pong"), target.Text("pong")}, "SRS-041")
			trace.Verify(ctx).Expect(s.ended(ctx, c, c.Ending(ctx))).To(Equal(target.Closed))
		})

		It("sends all responses to a client that reads late", trace.Req("SRS-018"), trace.Observe(target.Wire), profile("echo", "max_packet"), afterAll, func(ctx SpecContext) {
			s.pairs(ctx)
			c := s.connect(ctx)
			d := s.echo(s.fit(pattern(50_000)))
			// A server that takes its time for every byte is sent fewer. Once may be
			// slow by accident.
			most, n := lateBytes/len(d.Send)+1, 0
			if s.slow() {
				most = 2
			}
			for tries := 3; tries > 0 && n < most; tries-- {
				began := time.Now()
				s.need(ctx, c, s.echo(s.fit(pattern(50_000))))
				took := time.Since(began)
				n = min(most, max(n, int(s.pace.Limits().Loop/took)+1))
				if took > s.pace.Limits().Loop/4 {
					break
				}
			}
			half := len(d.Send) / 2
			_ = c.SendSegments(ctx, d.Send[:half], d.Send[half:]+"\n")
			trace.Need(ctx).Expect(c.Receive(ctx)).To(beResponse(d.Expect[0]), "answer to a command in two segments")
			trace.Step(ctx, "send a long text to be echoed, again and again, until the server takes no more; read nothing for %s", s.pace.Limits().Stall)
			taken := c.Push(strings.Repeat(d.Send+"\n", n), s.pace.Quiet())
			target.Pause(ctx, s.pace.Limits().Stall)
			trace.Step(ctx, "read; all answers come, and then those to what is sent after that")
			each := func() bool {
				return trace.Verify(ctx).Expect(c.Receive(ctx)).To(beResponse(d.Expect[0]), "each answer")
			}
			for range taken / (len(d.Send) + 1) {
				if !each() {
					return
				}
			}
			if rest := taken % (len(d.Send) + 1); rest > 0 {
				_ = c.Send(d.Send[rest:] + "\n")
				each()
			}
			s.next(ctx, c, "SRS-018")
		})

		It("sends hundreds of responses due before it closes", trace.Req("SRS-041"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			s.closes(ctx)
			n := max(2, s.pace.Times(250, 1))
			last, got := target.Nothing, 0
			pongs := func(c *target.Conn) {
				for last, got = target.Packet("pong"), 0; got < n && last == target.Packet("pong"); got++ {
					last = c.Receive(ctx)
				}
			}
			c := s.pinging(ctx)
			if s.slow() { // so many are no more than two
				s.pairs(ctx)
			} else {
				_ = c.Send(strings.Repeat("ping\n", n))
				pongs(c)
				trace.Need(ctx).Expect(last).To(Equal(target.Packet("pong")), "answer number %d without disconnect", got)
				c.Leave(ctx)
				c = s.pinging(ctx)
			}
			trace.Step(ctx, "send ping %d times and disconnect at once; as many pongs come, then the end", n)
			_ = c.Send(strings.Repeat("ping\n", n) + "disconnect\n")
			pongs(c)
			trace.Verify(ctx).Expect(last).To(Equal(target.Packet("pong")), "answer number %d", got)
			trace.Verify(ctx).Expect(s.ended(ctx, c, c.Ending(ctx))).To(Equal(target.Closed))
		})

		// SRS-047: The sample application shall answer cmd01 with ack, and any
		// other command with nak - unknown cmd.
		It("answers the commands of the sample application", trace.Req("SRS-047"), trace.Observe(target.Wire), profile("sample"), func(ctx SpecContext) {
			c := s.unprobed(ctx)
			type dialogue struct{ command, answer string }
			dialogues := []dialogue{
				{"cmd01", "ack"},
				{"junk", "nak - unknown cmd"},
				{"cmd02", "nak - unknown cmd"},
				{"CMD01", "nak - unknown cmd"},
				{"cmd01 ", "nak - unknown cmd"},
				{"cmd01", "ack"},
			}
			if s.target.Can(target.API) { // how far count goes is the reference's own affair
				dialogues = append(dialogues, dialogue{"count 0", "nak - unknown cmd"}, dialogue{"count 1001", "nak - unknown cmd"})
			}
			for _, d := range some(ctx, s, dialogues, 2) {
				trace.Step(ctx, "send %q; the answer is %q", d.command, d.answer)
				_ = c.Send(d.command + "\n")
				if !trace.Verify(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet(d.answer))) {
					return
				}
			}
			s.next(ctx, c, "SRS-047")
		})

		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		It("answers the commands of the application as its profile says", trace.Req("SRS-008"), trace.Observe(target.Wire), profile("commands"), func(ctx SpecContext) {
			c := s.connect(ctx)
			commands := s.singles()
			if len(commands) == 0 {
				commands = s.target.Profile.Commands
			}
			for _, d := range commands {
				trace.Step(ctx, "send %q; the answer is %s", d.Send, target.Responses(d.Expect))
				if !s.ask(ctx, c, d, "SRS-008") || !s.next(ctx, c, "SRS-008") {
					return
				}
			}
		})

		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		It("sends every response of a command as its profile says", trace.Req("SRS-018"), trace.Observe(target.Wire), profile("commands"), func(ctx SpecContext) {
			s.pairs(ctx) // by order it is shown that no more responses come
			commands := s.several()
			if single := s.sound(ctx, s.singles()); len(commands) == 0 {
				commands = single
			} else if len(single) == 0 && len(s.singles()) > 0 {
				trace.Block(ctx, "no command of the profile with one response is answered by it")
			}
			if len(commands) == 0 {
				trace.Block(ctx, "no command of the profile is answered as it says")
			}
			c := s.connect(ctx)
			for _, d := range commands {
				trace.Step(ctx, "send %q; the answer is %s", d.Send, target.Responses(d.Expect))
				if !s.ask(ctx, c, d, "SRS-018") || !s.next(ctx, c, "SRS-018") {
					return
				}
			}
		})
	})
}
