package ver

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) shuttingDown() {
	s.protocol("TP-017", "shutdown", trace.About{
		Objectives:    []string{"On shutdown the server stops, and leaves nothing behind."},
		Preconditions: []string{"The server listens at its address.", "No other client is connected."},
	}, func() {
		// SRS-006: On the command shutdown the server shall close the connection
		// of its client, and shall stop.
		//
		// SRS-037: The server shall not answer shutdown by a packet, and shall
		// drop the commands that follow it in the same segment.
		//
		// SRS-038: On shutdown the server shall release its port.
		It("stops on shutdown", trace.Req("SRS-006", "SRS-037", "SRS-038"), trace.Observe(target.Stop), restarts, shutdown+1, func(ctx SpecContext) {
			s.connect(ctx).Leave(ctx)
			trace.Step(ctx, "connect, and send shutdown first thing; the connection ends, and no packet comes before")
			c := s.dial(ctx)
			s.stop()
			_ = c.Send("shutdown\n")
			event := c.Ending(ctx)
			if event == target.Closed { // by a server that was not ready for it?
				if again, _ := s.served(ctx, s.known(), s.log(ctx)); again != nil {
					c, s.open = again, append(s.open, again)
					_ = c.Send("shutdown\n")
					event = c.Ending(ctx)
				}
			}
			trace.Verify(ctx, "SRS-037").Expect(event).To(beNoPacket())
			trace.Verify(ctx, "SRS-006").Expect(s.ended(ctx, c, event)).To(Equal(target.Closed))
			_ = c.Close()
			trace.Step(ctx, "no further connection is accepted, and the port is free")
			s.goneFrom(ctx, "SRS-006", "SRS-038")
		})

		// SRS-040: On shutdown a client still waiting shall be closed or reset,
		// and shall get no packet.
		//
		// SRS-003: The server shall serve one client at a time: while one is
		// connected, a further one shall get no packet.
		It("stops on shutdown, and answers neither what follows it nor a client that waits",
			trace.Req("SRS-006", "SRS-037", "SRS-038", "SRS-040", "SRS-041", "SRS-003"), trace.Observe(target.Stop), shutdown, func(ctx SpecContext) {
				s.pairs(ctx)
				c := s.pinging(ctx)
				trace.Step(ctx, "a further client connects and sends ping")
				waiting := s.dial(ctx)
				_ = waiting.Send("ping\n")
				trace.Step(ctx, "a third one connects and sends shutdown; the first one is still served")
				s.stop()
				_ = s.dial(ctx).Send("shutdown\n")
				if event := waiting.Listen(ctx); event == target.Closed {
					waiting.Unread(event)
				} else if event != target.Nothing {
					trace.Block(ctx, "the further client does not wait: it gets %s", event)
				}
				if !s.next(ctx, c, "SRS-003") {
					return
				}
				trace.Step(ctx, "the first client sends ping, shutdown and ping in one segment; one pong comes, then the end")
				_ = c.Send("ping\nshutdown\nping\nping\n")
				trace.Must(ctx, "SRS-041").Expect(c.Receive(ctx)).To(Equal(target.Packet("pong")))
				event := c.Ending(ctx)
				trace.Verify(ctx, "SRS-037").Expect(event).To(beNoPacket())
				trace.Verify(ctx, "SRS-006").Expect(s.ended(ctx, c, event)).To(Equal(target.Closed))
				_ = c.Close()
				trace.Step(ctx, "the further client sees its connection end, without a packet")
				trace.Verify(ctx, "SRS-040").Expect(waiting.Ending(ctx)).To(Equal(target.Closed))
				_ = waiting.Close()
				trace.Step(ctx, "no further connection is accepted, and the port is free")
				s.goneFrom(ctx, "SRS-006", "SRS-038")
			})
	})
}

// stop notes that the server is about to be told to stop.
func (s *Suite) stop() { s.stopped = true }

// goneFrom verifies that the server accepts no connection any more, and, where
// it runs on this machine, that its port can be had.
func (s *Suite) goneFrom(ctx SpecContext, stopID, portID string) {
	GinkgoHelper()
	refused := func() string {
		c, err := target.Dial(ctx, s.addr, s.pace, silent)
		if err != nil {
			return "refused"
		}
		_ = c.Close()
		return "accepted"
	}
	trace.Verify(ctx, stopID, portID).Eventually(s.patiently(ctx), refused).Should(Equal("refused"), "a new connection")
	if s.target.Kind == target.Address {
		return
	}
	listen := func() error {
		ln, err := net.Listen("tcp", s.addr)
		if err != nil && target.Lingers(s.addr) {
			return nil // the server has released it
		}
		if err != nil {
			return err
		}
		return ln.Close()
	}
	trace.Verify(ctx, portID).Eventually(s.patiently(ctx), listen).Should(Succeed(), "listening at the port")
}

func (s *Suite) process() {
	s.protocol("TP-018", "the process of the server", trace.About{
		Objectives: []string{"The process exits with status 0 after shutdown, and fails to start where its port is taken."},
	}, func() {
		// SRS-039: On shutdown the process of the server shall exit with status
		// 0.
		It("exits with status 0 on shutdown", trace.Req("SRS-039"), trace.Observe(target.Exit), exiting, func(ctx SpecContext) {
			for _, way := range []struct {
				data    string
				waiting int
			}{{"shutdown\n", 0}, {"ping\nshutdown\nping\n", 2}} {
				trace.Step(ctx, "start the server as a process, and connect; %d further clients wait", way.waiting)
				proc := s.launch(ctx, "")
				c := s.dialProcess(ctx, proc)
				for range way.waiting {
					if waiting, err := target.Dial(ctx, proc.Addr(), s.pace, s.log(ctx)); err == nil {
						DeferCleanup(func() { _ = waiting.Close() }) // one that was reset at once has no socket
						_ = waiting.Send("ping\n")
					}
				}
				target.Pause(ctx, s.pace.Limits().Pause) // a server may accept them by now
				if status, ended := proc.Exit(0); ended {
					trace.Block(ctx, "the process has ended with status %d before it was told to, though a connection is served: it must stay in the foreground", status)
				}
				trace.Step(ctx, "send %q; the process exits with status 0", way.data)
				_ = c.Send(way.data)
				well := s.exits(ctx, proc, proc.Startup(), "SRS-039", Equal("status 0"))
				_ = c.Close()
				if _ = proc.Kill(); !well { // a port that it has kept is free for the next one
					break
				}
			}
		})

		// SRS-021: A server that cannot have its port shall say so and shall fail
		// to start.
		It("fails to start where its port is taken", trace.Req("SRS-021"), trace.Observe(target.Exit), exiting, func(ctx SpecContext) {
			trace.Step(ctx, "start the server as a process")
			first := s.launch(ctx, "")
			trace.Step(ctx, "start a second one for the same address; it says why it fails, and exits with another status than 0")
			second, err := s.target.Process.Launch(first.Addr())
			trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
			DeferCleanup(func(ctx SpecContext) { s.endProcess(ctx, second) })
			well := s.exits(ctx, second, first.Startup(), "SRS-021", failed())
			if _ = second.Kill(); well { // all that it has printed is there then
				trace.Verify(ctx).Expect(second.Output()).NotTo(BeEmpty(), "what it prints")
			}
			trace.Step(ctx, "the first one still serves")
			problem := s.aliveAt(ctx, first.Addr(), s.log(ctx))
			trace.Verify(ctx).Expect(attempt(problem)).To(beServed(), "a connection to the first one")
		})
	})
}

// launch starts the server as a process, and waits until it can be dialled.
func (s *Suite) launch(ctx SpecContext, addr string) *target.Proc {
	GinkgoHelper()
	if addr == "" {
		addr = s.target.Addr
	}
	if addr == "" {
		var err error
		addr, err = target.FreeAddr()
		trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
	} else {
		s.Close() // the address is fixed, and the server of the other specs has it
	}
	proc, err := target.Launch(ctx, s.target.Process, addr, s.pace.Limits().Ready)
	trace.Need(ctx).Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) { s.endProcess(ctx, proc) })
	return proc
}

// endProcess ends a process, and notes what it has left behind and printed.
func (s *Suite) endProcess(ctx SpecContext, proc *target.Proc) {
	s.note(ctx, proc.Kill())
	if output := proc.Output(); output != "" {
		trace.Note(ctx, "the process printed:\n%s", output)
	}
}

// dialProcess gives a connection to a process that it serves.
func (s *Suite) dialProcess(ctx SpecContext, proc *target.Proc) *target.Conn {
	GinkgoHelper()
	c, problem := s.servedAt(ctx, proc.Addr(), s.known(), s.log(ctx))
	if c == nil {
		trace.Block(ctx, "no connection is served: %s", problem)
	}
	DeferCleanup(func(ctx context.Context) { c.Leave(ctx) })
	return c
}

// failed matches the end of a process that reports a failure.
func failed() OmegaMatcher {
	return described[string]{"an exit with another status than 0", func(s string) bool {
		return strings.HasPrefix(s, "status ") && s != "status 0"
	}}
}

// exits verifies how a process exits. Where processes take long to start, it is
// given more time: the machine may be busy.
func (s *Suite) exits(ctx SpecContext, proc *target.Proc, startup time.Duration, id string, status OmegaMatcher) bool {
	GinkgoHelper()
	limits := s.pace.Limits()
	within := limits.Exit + min(10*startup, limits.Ready).Round(100*time.Millisecond)
	got := fmt.Sprintf("still running after %s", within)
	if code, ok := proc.Exit(within); ok {
		got = fmt.Sprintf("status %d", code)
	}
	return trace.Verify(ctx, id).Expect(got).To(status, "how the process ends")
}
