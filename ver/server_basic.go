package ver

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/trace"
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
			c := s.dialWith(ctx, s.known().Send+"\n")
			trace.Step(ctx, "its answer comes on this connection, and so does that to the next one")
			s.receive(ctx, c, s.known().Expect, "SRS-020")
			s.next(ctx, c, "SRS-020")
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
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
			trace.Step(ctx, "send ping; after what it is answered the server sends nothing more")
			_ = c.Send("ping\n")
			_ = c.Receive(ctx)
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})

		It("sends nothing to a client that has not sent anything yet", trace.Req("SRS-019"), trace.Observe(target.Wire), func(ctx SpecContext) {
			trace.Step(ctx, "let a client come, be answered and leave")
			_ = s.visit(ctx)
			trace.Step(ctx, "connect and send nothing; the server sends no greeting")
			c := s.dialWith(ctx, "")
			greeting := c.Listen(ctx)
			trace.Step(ctx, "send a command; its answer is the first packet that comes")
			s.next(ctx, c, "SRS-019")
			trace.Verify(ctx).Expect(greeting).To(Equal(target.Nothing))
		})
	})
}

func (s *Suite) commonCommands() {
	s.protocol("TP-002", "common commands", trace.About{
		Objectives:    []string{"The predefined commands ping and disconnect do what they shall; the commands of the application are answered."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-004: The server shall answer the command ping with the one packet
		// pong.
		It("answers ping with pong", trace.Req("SRS-004"), trace.Observe(target.Wire), func(ctx SpecContext) {
			trace.Step(ctx, "connect, and send ping")
			c := s.dialWith(ctx, "ping\n")
			for i := range 3 {
				trace.Step(ctx, "ping number %d is answered by pong", i+1)
				if i > 0 {
					_ = c.Send("ping\n")
				}
				if !trace.Verify(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet("pong"))) {
					return
				}
			}
			trace.Step(ctx, "the server answers nothing more")
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})

		// SRS-050: The server shall handle any number of commands on one
		// connection.
		It("answers ping thousands of times on one connection", trace.Req("SRS-050", "SRS-004"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send ping and receive pong, many times over")
			wrong, done := target.Packet("pong"), 0
			s.repeat(ctx, 3000, 1, func(int) bool {
				_ = c.Send("ping\n")
				wrong = c.Receive(ctx)
				done++
				return wrong == target.Packet("pong")
			})
			trace.Verify(ctx, "SRS-050", "SRS-004").Expect(wrong).To(Equal(target.Packet("pong")), "answer to ping number %d", done)
			trace.Step(ctx, "there are no more pongs than pings")
			trace.Verify(ctx, "SRS-050").Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})

		It("answers thousands of pings that are sent before the answers are read", trace.Req("SRS-050", "SRS-023"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send hundreds of pings at once and receive as many pongs, many times over")
			batch := s.pace.Times(300, 1)
			wrong, done := target.Packet("pong"), 0
			s.repeat(ctx, 20, batch, func(int) bool {
				_ = c.Send(strings.Repeat("ping\n", batch))
				for range batch {
					wrong = c.Receive(ctx)
					done++
					if wrong != target.Packet("pong") {
						return false
					}
				}
				return true
			})
			trace.Verify(ctx, "SRS-050", "SRS-023").Expect(wrong).To(Equal(target.Packet("pong")), "answer to ping number %d", done)
			trace.Step(ctx, "there are no more pongs than pings")
			s.next(ctx, c, "SRS-050", "SRS-023")
			trace.Verify(ctx, "SRS-023").Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})

		// SRS-005: On the command disconnect the server shall close the
		// connection of its client, and shall go on serving others.
		//
		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		It("closes the connection on disconnect", trace.Req("SRS-005", "SRS-036"), trace.Observe(target.Wire), func(ctx SpecContext) {
			for range 2 {
				c := s.connect(ctx)
				trace.Step(ctx, "send disconnect; the connection ends, and no packet comes before")
				_ = c.Send("disconnect\n")
				trace.Verify(ctx, "SRS-005", "SRS-036").Expect(c.Ending(ctx)).To(Equal(target.Closed))
				_ = c.Close()
				trace.Step(ctx, "connect again; the server goes on")
				s.nextClient(ctx, "SRS-005")
			}
		})

		It("drops the commands after disconnect in the same segment", trace.Req("SRS-036"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send disconnect and ping in one segment; ping is not answered")
			_ = c.Send("disconnect\nping\nping\n")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			_ = c.Close()
			trace.Step(ctx, "the next client gets the answers to its own commands only")
			s.nextClient(ctx, "SRS-036")
		})

		// SRS-041: A client whose connection the server closes shall get the
		// responses due before, and shall then see the connection end.
		It("sends the responses due before it closes", trace.Req("SRS-041"), trace.Observe(target.Wire), func(ctx SpecContext) {
			c := s.connect(ctx)
			trace.Step(ctx, "send ping, ping and disconnect in one segment; two pongs come, then the end")
			_ = c.Send("ping\nping\ndisconnect\n")
			s.receive(ctx, c, []target.Response{target.Text("pong"), target.Text("pong")}, "SRS-041")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
		})

		It("sends hundreds of responses due before it closes", trace.Req("SRS-041"), trace.Observe(target.Wire), afterAll, func(ctx SpecContext) {
			c := s.connect(ctx)
			n := s.pace.Times(1000, 1)
			trace.Step(ctx, "send ping %d times and disconnect at once; as many pongs come, then the end", n)
			_ = c.Send(strings.Repeat("ping\n", n) + "disconnect\n")
			last, got := target.Packet("pong"), 0
			for got < n && last == target.Packet("pong") {
				last = c.Receive(ctx)
				got++
			}
			trace.Verify(ctx).Expect(last).To(Equal(target.Packet("pong")), "answer number %d", got)
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
		})

		// SRS-047: The sample application shall answer cmd01 with ack, and any
		// other command with nak - unknown cmd.
		It("answers the commands of the sample application", trace.Req("SRS-047"), trace.Observe(target.Wire), profile("sample"), func(ctx SpecContext) {
			c := s.connect(ctx)
			for _, d := range []struct{ command, answer string }{
				{"cmd01", "ack"},
				{"junk", "nak - unknown cmd"},
				{"cmd02", "nak - unknown cmd"},
				{"CMD01", "nak - unknown cmd"},
				{"cmd01 ", "nak - unknown cmd"},
				{"count 0", "nak - unknown cmd"},
				{"count 1001", "nak - unknown cmd"},
				{"cmd01", "ack"},
			} {
				trace.Step(ctx, "send %q; the answer is %q", d.command, d.answer)
				_ = c.Send(d.command + "\n")
				trace.Verify(ctx).Expect(c.Receive(ctx)).To(Equal(target.Packet(d.answer)))
			}
			s.next(ctx, c, "SRS-047")
		})

		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		It("answers the commands of the application as its profile says", trace.Req("SRS-008", "SRS-018"), trace.Observe(target.Wire), profile("commands"), func(ctx SpecContext) {
			c := s.connect(ctx)
			for _, d := range s.target.Profile.Commands {
				trace.Step(ctx, "send %q; the answer is %s", d.Send, target.Responses(d.Expect))
				s.ask(ctx, c, d, "SRS-008", "SRS-018")
				s.next(ctx, c, "SRS-008", "SRS-018")
			}
		})
	})
}
