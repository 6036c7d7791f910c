package ver

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) clientParameters() {
	s.protocol("TP-008", "client parameters", trace.About{
		Objectives: []string{"A client whose parameters are not set or invalid says which, and does not connect."},
	}, func() {
		// SRS-002: The client shall check that its parameters are set and valid, and
		// shall name each one that is not.
		It("names the parameter that is not set or invalid", trace.Req("SRS-002"), trace.Observe(target.API), func(ctx SpecContext) {
			trace.Step(ctx, "check a client without an address")
			s.names(ctx, s.target.Client.Check(""), []string{"addr"}, nil)
			trace.Step(ctx, "connect with it; it fails, and says the same")
			c, err := s.target.Client.New("")
			if err == nil {
				DeferCleanup(c.Quit)
				answer := c.Connect(ctx)
				trace.Verify(ctx).Expect(answer).To(beFailure())
				trace.Verify(ctx).Expect(strings.ToLower(answer.Text)).To(ContainSubstring("addr"))
			} else {
				s.names(ctx, err, []string{"addr"}, nil)
			}
			trace.Step(ctx, "check a client whose address has no port")
			s.names(ctx, s.target.Client.Check("nowhere"), []string{"addr"}, nil)
			trace.Step(ctx, "check a client with an address")
			trace.Verify(ctx).Expect(s.target.Client.Check("127.0.0.1:5001")).To(Succeed())
		})
	})
}

func (s *Suite) basicClient() {
	s.protocol("TP-004", "basic client", trace.About{
		Objectives:    []string{"The client connects, disconnects and shuts the server down."},
		Preconditions: []string{"The suite is the server."},
	}, func() {
		// SRS-011: The client shall connect to the server at the address that it
		// is given.
		//
		// SRS-054: The client shall report that it is connected only once a ping
		// of its own was answered pong.
		It("connects by a ping of its own", trace.Req("SRS-011", "SRS-054"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "tell the client to connect; it connects, and sends ping")
			d := s.meet(ctx)
			connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
			if !d.accept(ctx, "SRS-011") {
				trace.Verify(ctx, "SRS-054").Expect(d.wait(ctx, connecting)).To(notOK(), "a client that has not connected")
				return
			}
			trace.Verify(ctx, "SRS-054").Expect(d.conn.Receive(ctx)).To(Equal(target.Packet("ping")))
			trace.Step(ctx, "answer nothing; the client does not report anything yet")
			trace.Verify(ctx, "SRS-054").Expect(d.early(ctx, connecting)).To(Equal("no report"))
			trace.Step(ctx, "answer pong; the client reports that it is connected")
			_ = d.conn.Send("pong\n")
			trace.Verify(ctx, "SRS-011", "SRS-054").Expect(d.wait(ctx, connecting)).To(Equal(target.Answer{Kind: target.OK}))
			trace.Verify(ctx, "SRS-011", "SRS-054").Expect(d.client.Connected(ctx)).To(Equal(yes))
		})

		It("is not connected where ping is answered otherwise", trace.Req("SRS-054", "SRS-059"), trace.Observe(target.Client), func(ctx SpecContext) {
			for _, answer := range []string{"nak\n", "PONG\n", "pong \n", "\n"} {
				trace.Step(ctx, "answer the client's ping by %q; it reports a failure, and is not connected", answer)
				d := s.meet(ctx)
				connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
				if !d.accept(ctx) {
					return
				}
				trace.Verify(ctx, "SRS-054").Expect(d.conn.Receive(ctx)).To(Equal(target.Packet("ping")))
				_ = d.conn.Send(answer)
				_ = d.conn.CloseWrite()
				trace.Verify(ctx, "SRS-054", "SRS-059").Expect(d.wait(ctx, connecting)).To(notOK())
				trace.Verify(ctx, "SRS-054").Expect(d.client.Connected(ctx)).NotTo(Equal(yes))
			}
		})

		// SRS-059: The client shall report a failure to connect where no server
		// listens or no pong comes.
		It("reports that nobody listens", trace.Req("SRS-059"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "tell the client to connect where nobody listens; it reports a failure")
			d := s.meet(ctx)
			_ = d.ln.Close()
			connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
			trace.Verify(ctx).Expect(d.wait(ctx, connecting)).To(notOK())
		})

		It("reports that the server closed before it answered", trace.Req("SRS-059"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "accept the client and close at once; it reports a failure")
			d := s.meet(ctx)
			connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
			if d.accept(ctx) {
				_ = d.conn.Close()
				trace.Verify(ctx).Expect(d.wait(ctx, connecting)).To(notOK())
			}
		})

		It("reports that no pong comes", trace.Req("SRS-054", "SRS-059"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "accept the client, and never answer its ping; in the end it reports a failure, and is not connected")
			d := s.meet(ctx)
			connecting := d.startFor(d.patience(), func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
			if d.accept(ctx) {
				trace.Verify(ctx, "SRS-054").Expect(d.conn.Receive(ctx)).To(Equal(target.Packet("ping")))
				trace.Verify(ctx, "SRS-059").Expect(d.wait(ctx, connecting)).To(notOK())
				trace.Verify(ctx, "SRS-054").Expect(d.client.Connected(ctx)).NotTo(Equal(yes))
			}
		})

		// SRS-012: To disconnect, the client shall send the command disconnect,
		// and shall close the connection.
		It("disconnects", trace.Req("SRS-012"), trace.Observe(target.Client), func(ctx SpecContext) {
			s.leavesBy(ctx, "SRS-012", "disconnect", target.ClientUnderTest.Disconnect)
		})

		// SRS-056: To shut the server down, the client shall send the command
		// shutdown, and shall close the connection.
		It("shuts the server down", trace.Req("SRS-056"), trace.Observe(target.Client), func(ctx SpecContext) {
			s.leavesBy(ctx, "SRS-056", "shutdown", target.ClientUnderTest.Shutdown)
		})
	})

	s.clientSending()
}

func (s *Suite) reconnectingClient() {
	s.protocol("TP-009", "reconnecting client", trace.About{
		Objectives:    []string{"A client that has left can come back."},
		Preconditions: []string{"The suite is the server."},
	}, func() {
		// SRS-058: After it has disconnected, the client shall be able to connect
		// again.
		It("connects again after it has disconnected", trace.Req("SRS-058"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			d.hears(ctx)
			for range 3 {
				trace.Step(ctx, "send half a response, and tell the client to disconnect")
				_ = d.conn.Send("half of a resp")
				_ = d.briefly(ctx)
				leaving := d.start(func(ctx context.Context) target.Answer { return d.client.Disconnect(ctx) })
				_ = d.conn.Receive(ctx)
				_ = d.conn.Close()
				_ = d.wait(ctx, leaving)
				trace.Step(ctx, "tell it to connect again; it does, and works as before")
				if !d.connect(ctx, "SRS-058") {
					return
				}
				_ = d.conn.Send("hello\n")
				trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "hello"}))
			}
		})

		It("connects again after the server has closed", trace.Req("SRS-058"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			trace.Step(ctx, "close the connection, let the client notice and disconnect")
			_ = d.conn.Close()
			_ = d.receive(ctx)
			d.wait(ctx, d.start(func(ctx context.Context) target.Answer { return d.client.Disconnect(ctx) }))
			trace.Step(ctx, "tell it to connect again; it does")
			d.connect(ctx, "SRS-058")
		})
	})
}

// leavesBy verifies how a client leaves.
func (s *Suite) leavesBy(ctx SpecContext, id, command string, leave func(target.ClientUnderTest, context.Context) target.Answer) {
	GinkgoHelper()
	d := s.join(ctx)
	trace.Step(ctx, "tell the client to leave by %s; it sends the command", command)
	leaving := d.start(func(ctx context.Context) target.Answer { return leave(d.client, ctx) })
	trace.Verify(ctx, id).Expect(d.conn.Receive(ctx)).To(Equal(target.Packet(command)))
	trace.Step(ctx, "end this side of the connection; the client ends its side, and sends nothing before")
	_ = d.conn.CloseWrite()
	trace.Verify(ctx, id).Expect(d.conn.Ending(ctx)).To(Equal(target.Closed))
	trace.Verify(ctx, id).Expect(d.wait(ctx, leaving)).To(Equal(target.Answer{Kind: target.OK}))
	trace.Verify(ctx, id).Expect(d.client.Connected(ctx)).NotTo(Equal(yes))
}

var yes = target.Answer{Kind: target.OK, Text: "true"}

// notOK matches a report that something has not gone well, whatever it is.
func notOK() OmegaMatcher {
	return described[target.Answer]{"a report that it failed", func(a target.Answer) bool { return a.Kind != target.OK && a.Kind != target.Missing && a.Kind != "" }}
}
