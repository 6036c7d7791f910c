package ver

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/trace"
)

func (s *Suite) clientParameters() {
	s.protocol("TP-008", "client parameters", trace.About{
		Objectives: []string{"A client whose parameters are not set says which, and does not connect."},
	}, func() {
		// SRS-002: The client shall check that its parameters are set, and shall
		// name each one that is not.
		It("names the parameter that is not set", trace.Req("SRS-002"), trace.Observe(target.API), func(ctx SpecContext) {
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
			trace.Step(ctx, "check a client with an address")
			trace.Verify(ctx).Expect(s.target.Client.Check("127.0.0.1:5001")).To(Succeed())
		})
	})
}

// manyCommands is more than 8 bits can count.
const manyCommands = 300

func (s *Suite) basicClient() {
	s.protocol("TP-004", "basic client", trace.About{
		Objectives:    []string{"The client connects, sends, receives, disconnects and shuts the server down."},
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
			trace.Verify(ctx).Expect(d.client.Connected(ctx)).NotTo(Equal(yes))
		})

		It("reports that the server closed before it answered", trace.Req("SRS-059"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "accept the client and close at once; it reports a failure")
			d := s.meet(ctx)
			connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
			if d.accept(ctx) {
				_ = d.conn.Close()
				trace.Verify(ctx).Expect(d.wait(ctx, connecting)).To(notOK())
				trace.Verify(ctx).Expect(d.client.Connected(ctx)).NotTo(Equal(yes))
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

		// SRS-013: The client shall send the bytes of a command unaltered, each
		// command once and in order.
		//
		// SRS-014: The client shall append the one byte 0x0A to every command
		// that it sends.
		It("sends commands unaltered", trace.Req("SRS-013"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			texts := []string{"cmd01", "a b", " x ", "\r", "x\r", "\x00", "é", "", "ping", "cmd01", allBytes(), strings.Repeat("y", 70_000)}
			for _, text := range texts {
				trace.Step(ctx, "tell the client to send %s", target.Packet(text))
				sending := d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, text) })
				trace.Verify(ctx, "SRS-013").Expect(d.conn.Receive(ctx)).To(Equal(target.Packet(text)))
				trace.Verify(ctx, "SRS-013").Expect(d.wait(ctx, sending)).To(Equal(target.Answer{Kind: target.OK}))
			}
			trace.Step(ctx, "tell it to send %d numbered commands; each comes once and in order", manyCommands)
			for i := range manyCommands {
				text := strconv.Itoa(i)
				sending := d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, text) })
				event := d.conn.Receive(ctx)
				if _ = d.wait(ctx, sending); event != target.Packet(text) {
					trace.Verify(ctx, "SRS-013").Expect(event).To(Equal(target.Packet(text)))
					return
				}
			}
			trace.Step(ctx, "nothing more was sent")
			trace.Verify(ctx, "SRS-013").Expect(d.conn.Listen(ctx)).To(Equal(target.Nothing))
		})

		It("ends every command by one line feed", trace.Req("SRS-014"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			for _, text := range []string{"cmd01", "x", "cmd02"} {
				trace.Step(ctx, "tell the client to send %s; it comes with its line feed, and nothing after it", target.Packet(text))
				sending := d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, text) })
				trace.Verify(ctx).Expect(d.conn.Receive(ctx)).To(Equal(target.Packet(text)))
				_ = d.wait(ctx, sending)
				trace.Verify(ctx).Expect(d.conn.Listen(ctx)).To(Equal(target.Nothing))
			}
			trace.Step(ctx, "tell it to send a command of 70000 bytes; one packet comes, and nothing after it")
			sending := d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, strings.Repeat("y", 70_000)) })
			_, whole := d.conn.Receive(ctx).IsPacket()
			trace.Verify(ctx).Expect(whole).To(BeTrue(), "a packet comes")
			_ = d.wait(ctx, sending)
			trace.Verify(ctx).Expect(d.conn.Listen(ctx)).To(Equal(target.Nothing))
		})

		// SRS-055: The client shall refuse a command that holds 0x0A, and shall
		// send nothing of it.
		It("refuses a command with a line feed", trace.Req("SRS-055"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			send := func(text string) (target.Event, target.Answer) {
				sending := d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, text) })
				return d.conn.Receive(ctx), d.wait(ctx, sending)
			}
			event, answer := send("fine")
			trace.Need(ctx).Expect(event).To(Equal(target.Packet("fine")), "a command without a line feed arrives")
			trace.Need(ctx).Expect(answer).To(Equal(target.Answer{Kind: target.OK}))
			trace.Need(ctx).Expect(d.conn.Listen(ctx)).To(Equal(target.Nothing), "and nothing after it")
			for _, text := range []string{"a\nb", "\n", "a\n", "\na", "ping\nping"} {
				trace.Step(ctx, "tell the client to send %q; it reports an error", text)
				trace.Verify(ctx).Expect(d.wait(ctx, d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, text) }))).To(beFailure())
			}
			trace.Step(ctx, "tell the client to send another command; it is the next packet that comes")
			event, answer = send("well")
			trace.Verify(ctx).Expect(event).To(Equal(target.Packet("well")))
			trace.Verify(ctx).Expect(answer).To(Equal(target.Answer{Kind: target.OK}))
		})
	})
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
	return described[target.Answer]{"a report that it failed", func(a target.Answer) bool { return a.Kind != target.OK && a.Kind != "" }}
}

func allBytes() string {
	all := make([]byte, 0, 0xff)
	for b := range 0x100 {
		if b != '\n' {
			all = append(all, byte(b))
		}
	}
	return string(all)
}

// meeting is a client under test and the server that the suite plays for it.
type meeting struct {
	s      *Suite
	log    target.Log
	ln     *net.TCPListener
	client target.ClientUnderTest
	conn   *target.Conn
}

// meet makes a client and listens for it.
func (s *Suite) meet(ctx SpecContext) *meeting {
	GinkgoHelper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = ln.Close() })
	client, err := s.target.Client.New(ln.Addr().String())
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred(), "the client starts")
	DeferCleanup(func() { _ = client.Quit() })
	return &meeting{s: s, log: s.log(ctx), ln: ln.(*net.TCPListener), client: client}
}

// join makes a client that is connected, as a precondition.
func (s *Suite) join(ctx SpecContext) *meeting {
	GinkgoHelper()
	d := s.meet(ctx)
	connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
	conn, err := d.await(ctx)
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred(), "the client connects")
	DeferCleanup(func() { _ = conn.Close() })
	d.conn = conn
	trace.Need(ctx).Expect(conn.Receive(ctx)).To(Equal(target.Packet("ping")))
	_ = conn.Send("pong\n")
	trace.Need(ctx).Expect(d.wait(ctx, connecting)).To(Equal(target.Answer{Kind: target.OK}))
	return d
}

// hears makes sure that the client receives what the suite sends, as a
// precondition.
func (d *meeting) hears(ctx SpecContext) {
	GinkgoHelper()
	_ = d.conn.Send("ready\n")
	trace.Need(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "ready"}))
}

// await accepts the connection of the client. One that is a program of its own
// has to start first.
func (d *meeting) await(ctx SpecContext) (*target.Conn, error) {
	patience := d.s.pace.Response()
	if d.s.target.Kind == target.UnderTest {
		patience = d.s.pace.Arrival()
	}
	return target.Accept(ctx, d.ln, patience, d.s.pace, d.log)
}

// accept verifies that the client connects; without ids that is a precondition.
func (d *meeting) accept(ctx SpecContext, ids ...string) bool {
	GinkgoHelper()
	conn, err := d.await(ctx)
	if len(ids) == 0 {
		trace.Need(ctx).Expect(err).NotTo(HaveOccurred(), "a connection of the client's")
	} else if !trace.Verify(ctx, ids...).Expect(err).NotTo(HaveOccurred(), "a connection of the client's") {
		return false
	}
	DeferCleanup(func() { _ = conn.Close() })
	d.conn = conn
	return true
}

// connect verifies that the client connects and works.
func (d *meeting) connect(ctx SpecContext, id string) bool {
	GinkgoHelper()
	connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
	if !d.accept(ctx, id) {
		return false
	}
	trace.Verify(ctx, id).Expect(d.conn.Receive(ctx)).To(Equal(target.Packet("ping")))
	_ = d.conn.Send("pong\n")
	return trace.Verify(ctx, id).Expect(d.wait(ctx, connecting)).To(Equal(target.Answer{Kind: target.OK}))
}

// start tells the client to do something, while the suite is its server. What
// the client reports is given by wait.
func (d *meeting) start(do func(context.Context) target.Answer) chan target.Answer {
	return d.startFor(2*d.s.window(), do)
}

// patience is how long a client may wait for what never comes. A program of its
// own decides that itself; one that is called is told.
func (d *meeting) patience() time.Duration {
	if d.s.target.Kind == target.UnderTest {
		return 2 * d.s.window()
	}
	return 5 * d.s.pace.Quiet()
}

func (d *meeting) startFor(limit time.Duration, do func(context.Context) target.Answer) chan target.Answer {
	report := make(chan target.Answer, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		report <- do(ctx)
	}()
	return report
}

// wait gives the client's report.
func (d *meeting) wait(ctx context.Context, report <-chan target.Answer) target.Answer {
	waiting, cancel := patience.Within(ctx, 3*d.s.window())
	defer cancel()
	select {
	case answer := <-report:
		return answer
	case <-waiting.Done():
	}
	if ctx.Err() != nil {
		return target.Answer{}
	}
	return target.Answer{Kind: target.Failed, Text: "the client has not reported in time"}
}

// early gives a report that comes although it should not yet. It is still there
// for wait.
func (d *meeting) early(ctx context.Context, report chan target.Answer) string {
	listening, cancel := patience.Within(ctx, d.s.pace.Quiet())
	defer cancel()
	select {
	case answer := <-report:
		report <- answer
		return answer.String()
	case <-listening.Done():
	}
	return "no report"
}

// receive tells the client to receive, and gives what it reports.
func (d *meeting) receive(ctx context.Context) target.Answer {
	return d.wait(ctx, d.start(func(ctx context.Context) target.Answer { return d.client.Receive(ctx, d.s.window()) }))
}
