package ver

import (
	"context"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

const (
	manyCommands = 300       // more than 8 bits can count
	slowBytes    = 1_900_000 // less than a packet may have
	slowCommands = 4         // together more than a connection holds that is not read
)

func (s *Suite) clientSending() {
	s.protocol("TP-026", "client sending", trace.About{
		Objectives:    []string{"What the client is told to send reaches the server unaltered, as one packet each."},
		Preconditions: []string{"The suite is the server."},
	}, func() {
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

		It("sends long commands whole to a server that is slow to read", trace.Req("SRS-013"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			stall := s.pace.Limits().Stall
			few, quickest := pattern(slowBytes/20), s.window()
			trace.Step(ctx, "tell the client to send a command of %d bytes", len(few))
			for range 5 {
				began := time.Now()
				sending := d.start(func(ctx context.Context) target.Answer { return d.client.Send(ctx, few) })
				if !trace.Verify(ctx).Expect(d.conn.Receive(ctx)).To(Equal(target.Packet(few))) || !trace.Verify(ctx).Expect(d.wait(ctx, sending)).To(Equal(target.Answer{Kind: target.OK})) {
					return
				}
				quickest = min(quickest, time.Since(began))
			}
			if 20*quickest > s.window()/4 {
				trace.Note(ctx, "the client takes %s for that, too long to have it send more than a connection holds", quickest)
				return
			}
			trace.Step(ctx, "tell the client to send %d commands of %d bytes, and read nothing for %s: each comes whole, or the client reports that it could not send it", slowCommands, slowBytes, stall)
			long := pattern(slowBytes)
			command := func(i int) string { return long[i:] }
			begun := make(chan struct{})
			report := d.startFor(4*s.window()+2*stall, func(ctx context.Context) target.Answer {
				for i := range slowCommands {
					if i == 1 {
						close(begun)
					}
					if answer := d.client.Send(ctx, command(i)); answer.Kind != target.OK {
						return answer
					}
				}
				return target.Answer{Kind: target.OK}
			})
			waiting, cancel := patience.Within(ctx, s.window())
			defer cancel()
			select { // what the connection holds is soon sent by then
			case <-begun:
			case <-waiting.Done():
			}
			target.Pause(ctx, stall)
			outcome := sending{}
			for i := range slowCommands {
				if outcome = (sending{want: command(i), came: d.conn.Receive(ctx)}); outcome.came != target.Packet(outcome.want) {
					break
				}
			}
			outcome.report = d.wait(ctx, report)
			if !trace.Verify(ctx).Expect(outcome).To(beSent()) || outcome.report.Kind != target.OK {
				return
			}
			trace.Step(ctx, "nothing more was sent")
			trace.Verify(ctx).Expect(d.conn.Listen(ctx)).To(Equal(target.Nothing))
		})

		It("ends every command by one line feed", trace.Req("SRS-014"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "tell the client to connect; where it sends ping, that comes with its line feed, and with nothing before it")
			d := s.joinJudging(ctx, func(first target.Event) {
				if first.Holds("ping") {
					trace.Verify(ctx).Expect(first).To(Equal(target.Packet("ping")))
				}
			})
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

func allBytes() string {
	all := make([]byte, 0, 0xff)
	for b := range 0x100 {
		if b != '\n' {
			all = append(all, byte(b))
		}
	}
	return string(all)
}
