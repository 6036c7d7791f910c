package ver

import (
	"context"
	"net"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

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
	return s.joinJudging(ctx, func(target.Event) {})
}

// joinJudging is join, and has the client's first packet judged, which should be
// ping.
func (s *Suite) joinJudging(ctx SpecContext, judge func(target.Event)) *meeting {
	GinkgoHelper()
	d := s.meet(ctx)
	connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
	conn, err := d.await(ctx)
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred(), "the client connects")
	DeferCleanup(func() { _ = conn.Close() })
	d.conn = conn
	first := conn.Receive(ctx)
	judge(first)
	trace.Need(ctx).Expect(first).To(Equal(target.Packet("ping")))
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
	within := d.s.pace.Response()
	if d.s.target.Kind == target.UnderTest {
		within = d.s.pace.Arrival()
	}
	return target.Accept(ctx, d.ln, within, d.s.pace, d.log)
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
	return 3 * d.s.pace.Quiet()
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
	return target.Answer{Kind: target.Missing, Text: "the client has not reported in time"}
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
