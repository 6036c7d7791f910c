package ver

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) clientReceiving() {
	s.protocol("TP-024", "client receiving", trace.About{
		Objectives:    []string{"The client gets every response, and tells the three ways of getting none apart."},
		Preconditions: []string{"The suite is the server."},
	}, func() {
		// SRS-015: The client shall receive every response of the server, in order
		// and without its 0x0A, whatever its bytes.
		It("receives responses unaltered and in order", trace.Req("SRS-015"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			texts := []string{"ack", "ack", "nak - unknown cmd", "", " ", "\r", "x\r", "\x00", "pong", "é", allBytes(), "ack", pattern(65_535), pattern(65_536)}
			trace.Step(ctx, "send %d responses at once; the client receives them one by one", len(texts))
			_ = d.conn.Send(strings.Join(texts, "\n") + "\n")
			for i, text := range texts {
				if !trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: text}), "response number %d", i+1) {
					return
				}
			}
			trace.Step(ctx, "there are no more: the next one that is sent is the next one that is received")
			_ = d.conn.Send("end\n")
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "end"}))
			trace.Step(ctx, "send two responses and close; when that has arrived, the client receives both")
			_ = d.conn.Send("one\ntwo\n")
			_ = d.conn.Close()
			target.Pause(ctx, s.pace.Quiet())
			for _, text := range []string{"one", "two"} {
				trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: text}))
			}
		})

		It("receives responses of more than 64 KiB whole, or reports that it cannot", trace.Req("SRS-015"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			d.hears(ctx)
			for _, n := range []int{65_537, 200_000, 1_000_000} {
				trace.Step(ctx, "send a response of %d bytes; the client receives it whole, or reports a failure", n)
				receiving := d.start(func(ctx context.Context) target.Answer { return d.client.Receive(ctx, d.s.window()) })
				_ = d.conn.Send(pattern(n) + "\n")
				answer := d.wait(ctx, receiving)
				if !trace.Verify(ctx).Expect(answer).To(beWhole(pattern(n))) || answer.Kind != target.OK {
					return
				}
			}
		})

		// SRS-060: The client shall take the byte 0x0A alone for the end of a
		// response, in however many segments responses arrive.
		It("receives responses in any number of segments", trace.Req("SRS-060"), trace.Observe(target.Client), func(ctx SpecContext) {
			trace.Step(ctx, "answer the ping of the client in two segments; the client connects")
			d := s.meet(ctx)
			connecting := d.start(func(ctx context.Context) target.Answer { return d.client.Connect(ctx) })
			if d.accept(ctx); d.conn.Receive(ctx) != target.Packet("ping") {
				trace.Block(ctx, "the client does not send ping")
			}
			_ = d.conn.SendSegments(ctx, "po", "ng\n")
			if !trace.Verify(ctx).Expect(d.wait(ctx, connecting)).To(Equal(target.Answer{Kind: target.OK})) {
				return
			}
			_ = d.conn.Send("ready\n")
			trace.Need(ctx).Expect(d.receive(ctx)).NotTo(Equal(target.Answer{Kind: target.OK, Text: "pong"}), "the first response")
			for _, parts := range splits("nak\n") {
				trace.Step(ctx, "send a response in the segments %q; the client receives it whole", parts)
				receiving := d.start(func(ctx context.Context) target.Answer { return d.client.Receive(ctx, d.s.window()) })
				_ = d.conn.SendSegments(ctx, parts...)
				if !trace.Verify(ctx).Expect(d.wait(ctx, receiving)).To(Equal(target.Answer{Kind: target.OK, Text: "nak"})) {
					return
				}
			}
			trace.Step(ctx, "send responses in one segment each, of all sizes that buffers have; the client receives each at once")
			for _, n := range []int{16, 64, 128, 256, 512, 1024, 1448, 1460, 2048, 4096, 8192, 16384, 32768, 65536} {
				_ = d.conn.Send(pattern(n-1) + "\n")
				if !trace.Verify(ctx).Expect(d.receive(ctx).Kind).To(Equal(target.OK), "a segment of %d bytes", n) {
					return
				}
			}
			trace.Step(ctx, "send responses that hold a carriage return, a NUL and a semicolon; none of them ends a response")
			for _, text := range []string{"a\rb", "a\x00b", "a;b"} {
				_ = d.conn.Send(text + "\n")
				trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: text}))
			}
			trace.Step(ctx, "send a response and a half, then the rest; the client receives two")
			_ = d.conn.Send("one\ntw")
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "one"}))
			_ = d.conn.Send("o\n")
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "two"}))
		})

		// SRS-052: Receiving, the client shall tell a time-out, a closed
		// connection and an empty response apart.
		It("tells a time-out, an empty response and a closed connection apart", trace.Req("SRS-052"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			d.hears(ctx)
			trace.Step(ctx, "send nothing; the client reports a time-out, and stays connected")
			trace.Verify(ctx).Expect(d.briefly(ctx)).To(Equal(target.Answer{Kind: target.Timeout}))
			trace.Verify(ctx).Expect(d.client.Connected(ctx)).To(Equal(yes))
			trace.Step(ctx, "send an empty response; the client reports an empty text")
			_ = d.conn.Send("\n")
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK}))
			trace.Step(ctx, "close the connection; the client reports that it is closed")
			_ = d.conn.Close()
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.Ended}))
			trace.Verify(ctx).Expect(d.receive(ctx)).NotTo(Equal(target.Answer{Kind: target.OK}), "a receive after that")
		})

		// SRS-053: After a receive that timed out the client shall be able to
		// receive again, and shall lose no byte.
		It("loses nothing by a time-out", trace.Req("SRS-053"), trace.Observe(target.Client), func(ctx SpecContext) {
			d := s.join(ctx)
			d.hears(ctx)
			for _, part := range []string{"f", "ir", "st re"} {
				trace.Step(ctx, "send %q, not ended; the client hands over no part of it", part)
				_ = d.conn.Send(part)
				trace.Verify(ctx).Expect(d.briefly(ctx)).To(beNoText())
			}
			trace.Step(ctx, "send the rest, and then a second response; the client receives both whole")
			_ = d.conn.Send("sponse\n")
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "first response"}))
			_ = d.conn.Send("second\n")
			trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "second"}))
		})

		// SRS-057: The client shall notice that the server has closed the
		// connection.
		It("notices that the server has closed", trace.Req("SRS-057"), trace.Observe(target.Client), func(ctx SpecContext) {
			for _, way := range []struct {
				name  string
				close func(*target.Conn) error
			}{{"close", (*target.Conn).Close}, {"reset", (*target.Conn).Reset}, {"end within a response", func(c *target.Conn) error {
				_ = c.Send("half")
				return c.Close()
			}}} {
				d := s.join(ctx)
				d.hears(ctx)
				trace.Verify(ctx).Expect(d.client.Connected(ctx)).To(Equal(yes))
				trace.Step(ctx, "%s the connection; the client reports that it is closed, and is no longer connected", way.name)
				_ = way.close(d.conn)
				trace.Verify(ctx).Expect(d.receive(ctx)).To(Equal(target.Answer{Kind: target.Ended}))
				trace.Verify(ctx).Expect(d.client.Connected(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "false"}))
			}
		})
	})
}

// briefly tells the client to receive, for a short time only.
func (d *meeting) briefly(ctx context.Context) target.Answer {
	return d.wait(ctx, d.start(func(ctx context.Context) target.Answer { return d.client.Receive(ctx, d.s.pace.Quiet()) }))
}
