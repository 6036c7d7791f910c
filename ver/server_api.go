package ver

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) serverParameters() {
	s.protocol("TP-007", "server parameters", trace.About{
		Objectives: []string{"A server whose parameters are not set or invalid says which, and does not start."},
	}, func() {
		// SRS-001: The server shall check that its parameters are set and valid, and
		// shall name each one that is not.
		It("names the parameters that are not set or invalid", trace.Req("SRS-001"), trace.Observe(target.API), func(ctx SpecContext) {
			callback := func(context.Context, target.Command, func(string) error) error { return nil }
			for _, row := range []struct {
				fault  string // what is wrong with the parameters
				params target.Params
				wrong  []string
				right  []string
			}{
				{"without", target.Params{}, []string{"addr", "callback"}, nil},
				{"without", target.Params{Callback: callback}, []string{"addr"}, []string{"callback"}},
				{"without", target.Params{Addr: "127.0.0.1:0"}, []string{"callback"}, []string{"addr"}},
				{"with an invalid", target.Params{Addr: "nowhere", Callback: callback}, []string{"addr"}, []string{"callback"}},
				{"with a negative", target.Params{Addr: "127.0.0.1:0", Callback: callback, MaxPacket: -1, IdleTimeout: -1}, []string{"maxpacket", "idletimeout"}, []string{"addr", "callback"}},
			} {
				trace.Step(ctx, "check a server %s %s", row.fault, strings.Join(row.wrong, " and "))
				s.names(ctx, s.target.API.Check(row.params), row.wrong, row.right)
				trace.Step(ctx, "start it; it does not start, and says the same")
				s.names(ctx, s.refuses(ctx, row.params), row.wrong, row.right)
			}
			trace.Step(ctx, "check a server with both")
			trace.Verify(ctx).Expect(s.target.API.Check(target.Params{Addr: "127.0.0.1:0", Callback: callback})).To(Succeed())
		})

		// SRS-021: A server that cannot have its port shall say so and shall fail
		// to start.
		It("says that its port is taken", trace.Req("SRS-021"), trace.Observe(target.API), func(ctx SpecContext) {
			trace.Step(ctx, "take a port")
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
			DeferCleanup(ln.Close)
			trace.Step(ctx, "start a server at this port; it fails, and names the address")
			err = s.refuses(ctx, target.Params{
				Addr:     ln.Addr().String(),
				Callback: func(context.Context, target.Command, func(string) error) error { return nil },
			})
			if trace.Verify(ctx).Expect(err).To(beAnError()) {
				trace.Verify(ctx).Expect(err.Error()).To(mention(ln.Addr().String(), "the address"))
			}
		})
	})
}

// refuses gives the error with which a server fails to start; nil if it starts,
// or does not return.
func (s *Suite) refuses(ctx SpecContext, p target.Params) error {
	starting, cancel := patience.Within(ctx, s.pace.Quiet())
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- s.target.API.ListenAndServe(starting, p) }()
	waiting, over := patience.Within(ctx, s.window())
	defer over()
	select {
	case err := <-result:
		return err
	case <-waiting.Done():
		return nil
	}
}

// names verifies that an error names these parameters, and not those.
func (s *Suite) names(ctx SpecContext, err error, missing, set []string) {
	GinkgoHelper()
	if !trace.Verify(ctx).Expect(err).To(beAnError()) {
		return
	}
	text := strings.ToLower(err.Error())
	for _, name := range missing {
		trace.Verify(ctx).Expect(text).To(ContainSubstring(name))
	}
	for _, name := range set {
		trace.Verify(ctx).Expect(text).NotTo(ContainSubstring(name))
	}
}

func (s *Suite) failingCallback() {
	s.protocol("TP-020", "failing callback", trace.About{
		Objectives: []string{"A callback that fails costs its client the connection, and nobody else anything."},
	}, func() {
		// SRS-044: When the callback fails, the server shall drop its client, log
		// the failure, and go on.
		for _, way := range []struct {
			name string
			fail func() error
		}{
			{"returns an error", func() error { return errFailing }},
			{"panics", func() error { panic(errFailing) }},
		} {
			It("drops the client of a callback that "+way.name, trace.Req("SRS-044"), trace.Observe(target.API), func(ctx SpecContext) {
				log := newLog()
				p := s.serve(ctx, target.Params{Logger: log.logger()}, func(_ context.Context, c target.Command, respond func(string) error) error {
					if c.Text != "fail" {
						return respond("ok")
					}
					return way.fail()
				})
				c := s.enter(ctx, p)
				_ = c.Send("work\n")
				packet(ctx, c, "ok", "SRS-044")
				before := log.text()
				trace.Step(ctx, "send a command on which the callback %s; the connection ends, and no packet comes before", way.name)
				_ = c.Send("fail\nwork\n")
				trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
				trace.Step(ctx, "the log names the failure")
				trace.Verify(ctx).Expect(before).NotTo(ContainSubstring(errFailing.Error()))
				trace.Verify(ctx).Eventually(s.patiently(ctx), log.text).Should(ContainSubstring(errFailing.Error()))
				trace.Step(ctx, "the next client is served; the command after the failing one was not handled")
				next := s.enterVerified(ctx, p, "SRS-044")
				_ = next.Send("work\n")
				packet(ctx, next, "ok", "SRS-044")
				trace.Verify(ctx).Expect(p.own()).To(Equal([]call{valid("work"), valid("fail"), valid("work")}), "what the callback was handed")
			})
		}
	})
}

func (s *Suite) silentClient() {
	s.protocol("TP-021", "silent client", trace.About{
		Objectives: []string{"With an idle limit a client that sends nothing does not keep the server for ever."},
	}, func() {
		// SRS-045: With an idle limit set the server shall drop a client that
		// sends nothing for that long; without one it shall not.
		It("drops a client that sends nothing", trace.Req("SRS-045"), trace.Observe(target.API), func(ctx SpecContext) {
			trace.Step(ctx, "start a server with an idle limit of %s", idleLimit)
			p := s.serve(ctx, target.Params{IdleTimeout: idleLimit}, nil)
			done := 0
			for range 12 { // a busy machine may hide that the end comes early
				if done == 3 {
					return
				}
				trace.Step(ctx, "connect, and let another client wait")
				began := time.Now()
				c, waiting := s.dialAt(ctx, p.addr), s.dialAt(ctx, p.addr)
				_ = waiting.Send("ping\n")
				trace.Step(ctx, "send ping, and then nothing; the connection ends, but not before the limit")
				asked := time.Now()
				_ = c.Send("ping\n")
				event := c.Receive(ctx)
				if event == target.Closed { // before the ping came, or so it seems
					trace.Verify(ctx).Expect(time.Since(began)).To(BeNumerically(">=", idleLimit), "time since the client came")
					continue
				}
				done++
				trace.Verify(ctx).Expect(event).To(Equal(target.Packet("pong")))
				trace.Verify(ctx).Expect(c.Expiry(ctx)).To(Equal(target.Closed))
				trace.Verify(ctx).Expect(time.Since(asked)).To(BeNumerically(">=", idleLimit), "time since the ping")
				trace.Step(ctx, "the client that waited is served")
				if !packet(ctx, waiting, "pong", "SRS-045") {
					return
				}
				_ = waiting.Send("disconnect\n")
				_ = waiting.Ending(ctx)
			}
			trace.Block(ctx, "this machine is too busy: a connection and a command took longer than %s, again and again", idleLimit)
		})

		It("drops a client that has never sent anything", trace.Req("SRS-045"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{IdleTimeout: idleLimit}, nil)
			trace.Step(ctx, "connect and send nothing; the connection ends")
			c := s.dialAt(ctx, p.addr)
			trace.Verify(ctx).Expect(c.Expiry(ctx)).To(Equal(target.Closed))
			trace.Step(ctx, "the next client is served")
			next, problem := s.servedAt(ctx, p.addr, ping, s.log(ctx))
			trace.Verify(ctx).Expect(attempt(problem)).To(beServed())
			if next != nil {
				next.Leave(ctx)
			}
		})

		It("keeps a client that goes on sending", trace.Req("SRS-045"), trace.Observe(target.API), func(ctx SpecContext) {
			limit := 5 * idleLimit
			trace.Step(ctx, "start a server with an idle limit of %s", limit)
			p := s.serve(ctx, target.Params{IdleTimeout: limit}, nil)
			for range 5 {
				c := s.enter(ctx, p)
				began, slowest := time.Now(), time.Duration(0)
				trace.Step(ctx, "send ping again and again, for longer than the limit; each is answered")
				held := true
				for last := began; held && last.Sub(began) < 3*limit/2; {
					target.Pause(ctx, limit/4)
					_ = c.Send("ping\n")
					event := c.Receive(ctx)
					slowest = max(slowest, time.Since(last))
					last = time.Now()
					if slowest >= limit { // this machine was too busy to tell
						break
					}
					held = trace.Verify(ctx).Expect(event).To(Equal(target.Packet("pong")))
				}
				if slowest < limit {
					return
				}
				_ = c.Close()
			}
			trace.Block(ctx, "this machine is too busy: a pause of %s took longer than %s, again and again", limit/4, limit)
		})

		It("keeps a silent client where no limit is set", trace.Req("SRS-045"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{}, nil)
			c := s.enter(ctx, p)
			trace.Step(ctx, "send nothing for a while; the connection stays")
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
			s.pong(ctx, c, "SRS-045")
		})
	})
}

// idleLimit is short enough to be waited for, and long enough to be told from
// none.
const idleLimit = 40 * time.Millisecond

// enterVerified connects and verifies that the connection is served.
func (s *Suite) enterVerified(ctx SpecContext, p *program, ids ...string) *target.Conn {
	GinkgoHelper()
	c, err := target.Dial(ctx, p.addr, s.pace, s.log(ctx))
	trace.Must(ctx, ids...).Expect(err).NotTo(HaveOccurred(), "a connection")
	DeferCleanup(func() { _ = c.Close() })
	s.pong(ctx, c, ids...)
	return c
}

func (s *Suite) stopping() {
	s.protocol("TP-022", "stopping the server from its program", trace.About{
		Objectives: []string{"When the server returns, nothing of it is left."},
	}, func() {
		// SRS-046: Stopping the server from its program shall close the client,
		// end everything that the server started and release the port, before it
		// returns.
		It("leaves nothing behind", trace.Req("SRS-046"), trace.Observe(target.API), func(ctx SpecContext) {
			for _, state := range []string{"idle", "within a packet", "with a client that waits", "with nobody connected"} {
				trace.Step(ctx, "start a server, and stop it: %s", state)
				left := newLeftovers()
				p := s.serve(ctx, target.Params{}, nil)
				var c *target.Conn
				if state != "with nobody connected" {
					c = s.enter(ctx, p)
				}
				switch state {
				case "within a packet":
					_ = c.Send("pi")
				case "with a client that waits":
					_ = s.dialAt(ctx, p.addr).Send("ping\n")
				}
				p.cancel()
				trace.Step(ctx, "the server returns, its port is free, its client is closed, and nothing runs on")
				s.ends(ctx, p, "SRS-046")
				s.free(ctx, p.addr, "SRS-046")
				if c != nil {
					trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
				}
				trace.Verify(ctx).Eventually(s.patiently(ctx), left.goroutines).Should(BeEmpty(), "goroutines that were not there before")
			}
		})

		It("cancels a callback that runs", trace.Req("SRS-046"), trace.Observe(target.API), func(ctx SpecContext) {
			left := newLeftovers()
			running := make(chan struct{})
			runs := sync.OnceFunc(func() { close(running) })
			p := s.serve(ctx, target.Params{}, func(ctx context.Context, _ target.Command, _ func(string) error) error {
				runs()
				<-ctx.Done()
				return ctx.Err()
			})
			c := s.enter(ctx, p)
			trace.Step(ctx, "send a command whose callback goes on until it is cancelled, and stop the server")
			_ = c.Send("work\n")
			trace.Need(ctx).Eventually(s.patiently(ctx), running).Should(BeClosed(), "the callback runs")
			p.cancel()
			s.ends(ctx, p, "SRS-046")
			s.free(ctx, p.addr, "SRS-046")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			trace.Verify(ctx).Eventually(s.patiently(ctx), left.goroutines).Should(BeEmpty(), "goroutines that were not there before")
		})
	})

	s.protocol("TP-010", "server stopped from within its callback", trace.About{
		Objectives: []string{"A callback may stop the server that it is called by."},
	}, func() {
		// SRS-051: The server shall stop in the same way when it is stopped from
		// within its callback.
		It("stops from within the callback", trace.Req("SRS-051"), trace.Observe(target.API), func(ctx SpecContext) {
			left := newLeftovers()
			var p *program
			p = s.serve(ctx, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
				if c.Text == "stop" {
					p.cancel()
					return nil
				}
				return respond("ok")
			})
			c := s.enter(ctx, p)
			_ = c.Send("work\n")
			packet(ctx, c, "ok", "SRS-051")
			trace.Step(ctx, "send a command whose callback stops the server; the connection ends, and the command after it is not handled")
			_ = c.Send("stop\nwork\n")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			s.ends(ctx, p, "SRS-051")
			s.free(ctx, p.addr, "SRS-051")
			trace.Verify(ctx).Expect(p.own()).To(Equal([]call{valid("work"), valid("stop")}), "what the callback was handed")
			trace.Verify(ctx).Eventually(s.patiently(ctx), left.goroutines).Should(BeEmpty(), "goroutines that were not there before")
		})
	})
}
