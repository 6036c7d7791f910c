package ver

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

func (s *Suite) callback() {
	s.protocol("TP-019", "callback", trace.About{
		Objectives: []string{"The callback is handed what it shall be, and its responses reach the client."},
	}, func() {
		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-029: The server shall hand the empty packet to the callback as a
		// command like any other.
		It("is handed every command that is not predefined", trace.Req("SRS-008", "SRS-029"), trace.Observe(target.API), func(ctx SpecContext) {
			texts := append(resembling("ping"), resembling("disconnect")...)
			texts = append(texts, "cmd01", "", "a b", " ", "\r", "a\x7fb", "ping pong", strings.Repeat("x", 5000))
			s.handed(ctx, target.Params{}, texts, valid, "SRS-008")
			s.handed(ctx, target.Params{}, []string{"", "a", "", ""}, valid, "SRS-008", "SRS-029")
		})

		It("is not handed the predefined commands", trace.Req("SRS-008"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{}, nil)
			c := s.enter(ctx, p)
			trace.Step(ctx, "send ping, a command and ping")
			_ = c.Send("ping\nwork\nping\n")
			packet(ctx, c, "pong", "SRS-008")
			packet(ctx, c, "ok", "SRS-008")
			packet(ctx, c, "pong", "SRS-008")
			_ = c.Send("disconnect\n")
			_ = c.Ending(ctx)
			trace.Verify(ctx).Expect(p.all()).To(Equal([]call{valid("work")}), "what the callback was handed")
		})

		// SRS-007: The server shall hand a packet that cannot be converted to
		// ASCII to the callback, marked invalid.
		//
		// SRS-027: The callback shall get of an invalid packet the ASCII bytes
		// left after dropping the others, the mark, and the raw bytes.
		It("is handed invalid packets, marked", trace.Req("SRS-007"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{}, nil)
			c := s.enter(ctx, p)
			packets := []string{"\xff", "ab\xffcd", "caf\xc3\xa9", "\x80", "x\xfe", pattern(9000) + "\xff"}
			trace.Step(ctx, "send %q; each is answered once, and was handed over with the mark", packets)
			for _, text := range packets {
				_ = c.Send(text + "\n")
				packet(ctx, c, "ok", "SRS-007")
			}
			marks := 0
			for _, one := range p.own() {
				if one.Invalid {
					marks++
				}
			}
			trace.Verify(ctx).Expect(marks).To(Equal(len(packets)), "packets handed over with the mark")
		})

		It("is handed what is left of invalid packets, and their raw bytes", trace.Req("SRS-027"), trace.Observe(target.API), func(ctx SpecContext) {
			texts := []string{
				"\xff", "ab\xffcd", "caf\xc3\xa9", "\x80", "\xff\xff\xfe", "pi\xffng", "ping\xff", "disconnect\x80",
				pattern(100) + "\xff" + pattern(100), "\xff" + pattern(9000), pattern(9000) + "\xff",
			}
			for b := 0x80; b < 0x100; b++ {
				texts = append(texts, "a"+string([]byte{byte(b)})+"z")
			}
			s.handed(ctx, target.Params{}, texts, func(text string) call {
				return call{Text: onlyASCII(text), Raw: text, Invalid: true}
			}, "SRS-027")
		})

		// SRS-026: The server shall take every byte below 0x80 but 0x0A, NUL and
		// other control bytes too, for a valid byte of a command.
		It("is handed every byte below 0x80 as valid", trace.Req("SRS-026"), trace.Observe(target.API), func(ctx SpecContext) {
			var texts []string
			for b := range 0x80 {
				if b != '\n' {
					texts = append(texts, string(rune(b)), "a"+string(rune(b))+"z")
				}
			}
			s.handed(ctx, target.Params{}, texts, valid, "SRS-026")
		})

		// SRS-030: Of a packet longer than the maximum the server shall drop the
		// bytes past it up to the next 0x0A, and shall hand the packet to the
		// callback once, marked invalid and too long.
		It("is handed over-long packets once, cut and marked", trace.Req("SRS-030"), trace.Observe(target.API), func(ctx SpecContext) {
			const most = 100
			var texts []string
			for _, n := range []int{most - 1, most, most + 1, most + 2, 2 * most, 2*most + 1, 4096, 4097, 70_000, most} {
				texts = append(texts, letters(n))
			}
			texts = append(texts, strings.Repeat("ping", most), letters(most-4)+"ping", "end")
			s.handed(ctx, target.Params{MaxPacket: most}, texts, func(text string) call {
				if len(text) <= most {
					return valid(text)
				}
				return call{Text: text[:most], Raw: text[:most], Invalid: true, TooLong: true}
			}, "SRS-030")
		})

		It("is handed packets of up to 64 KiB where no maximum is set", trace.Req("SRS-030"), trace.Observe(target.API), func(ctx SpecContext) {
			const most = 64 << 10
			s.handed(ctx, target.Params{}, []string{letters(most - 1), letters(most), letters(most + 1), "end"}, func(text string) call {
				if len(text) <= most {
					return valid(text)
				}
				return call{Text: text[:most], Raw: text[:most], Invalid: true, TooLong: true}
			}, "SRS-030")
		})

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		It("is not handed a packet that was not ended", trace.Req("SRS-035"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{}, nil)
			for _, leave := range []func(*target.Conn) error{(*target.Conn).CloseWrite, (*target.Conn).Close, (*target.Conn).Reset} {
				c := s.enter(ctx, p)
				trace.Step(ctx, "send a command and half of another, and leave")
				_ = c.Send("first\n")
				packet(ctx, c, "ok", "SRS-035")
				_ = c.Send("sec")
				_ = leave(c)
				trace.Step(ctx, "the next client sends the other half")
				next := s.enterVerified(ctx, p, "SRS-035")
				_ = next.Send("ond\n")
				packet(ctx, next, "ok", "SRS-035")
				next.Leave(ctx)
			}
			want := []call{valid("first"), valid("ond")}
			trace.Verify(ctx).Expect(p.own()).To(Equal(append(append(want, want...), want...)), "what the callback was handed")
		})

		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		It("is not handed what follows disconnect", trace.Req("SRS-036"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{}, nil)
			c := s.enter(ctx, p)
			trace.Step(ctx, "send a command, disconnect, and two more in one segment")
			_ = c.Send("first\ndisconnect\nsecond\nthird\n")
			packet(ctx, c, "ok", "SRS-036")
			trace.Verify(ctx).Expect(c.Ending(ctx)).To(Equal(target.Closed))
			next := s.enterVerified(ctx, p, "SRS-036")
			_ = next.Send("fourth\n")
			packet(ctx, next, "ok", "SRS-036")
			trace.Verify(ctx).Expect(p.own()).To(Equal([]call{valid("first"), valid("fourth")}), "what the callback was handed")
		})
	})

	s.callbackResponses()
}

// callbackResponses holds the specs about what a callback sends.
func (s *Suite) callbackResponses() {
	s.protocol("TP-023", "responses of the callback", trace.About{
		Objectives: []string{"What the callback sends reaches the client, unaltered and in order, and at no other time."},
	}, func() {
		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		It("may be none, one or many", trace.Req("SRS-018"), trace.Observe(target.API), func(ctx SpecContext) {
			p := s.serve(ctx, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
				if c.Text == "empty" {
					return errors.Join(respond(""), respond("x"), respond(""))
				}
				n := 0
				_, _ = fmt.Sscanf(c.Text, "%d", &n)
				for i := range n {
					if err := respond(fmt.Sprintf("%s/%d", c.Text, i)); err != nil {
						return err
					}
				}
				return nil
			})
			c := s.enter(ctx, p)
			counts := []int{0, 1, 2, 0, 0, 3, 1000, 0, 1}
			trace.Step(ctx, "send commands that are answered by %d packets, with ping after each; all come in order", counts)
			segment := ""
			for _, n := range counts {
				segment += fmt.Sprintf("%d\nping\n", n)
			}
			_ = c.Send(segment)
			for _, n := range counts {
				for i := range n {
					if !packet(ctx, c, fmt.Sprintf("%d/%d", n, i), "SRS-018") {
						return
					}
				}
				packet(ctx, c, "pong", "SRS-018")
			}
			trace.Step(ctx, "send a command that is answered by empty packets around another; all three come")
			_ = c.Send("empty\n")
			for _, text := range []string{"", "x", ""} {
				packet(ctx, c, text, "SRS-018")
			}
			trace.Verify(ctx).Expect(c.Listen(ctx)).To(Equal(target.Nothing))
		})

		// SRS-042: The server shall send the bytes of a response unaltered,
		// whatever they are but 0x0A, and shall end the packet by one 0x0A.
		It("may hold every byte but the line feed", trace.Req("SRS-042"), trace.Observe(target.API), func(ctx SpecContext) {
			all := ""
			for b := range 0x100 {
				if b != '\n' {
					all += string([]byte{byte(b)})
				}
			}
			texts := []string{"", all, "\r", "a\r", " ", "\x00", "\xff", "pong", strings.Repeat(all, 600), ""}
			p := s.serve(ctx, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
				i, err := strconv.Atoi(c.Text)
				if err != nil {
					return err
				}
				return respond(texts[i])
			})
			c := s.enter(ctx, p)
			trace.Step(ctx, "send commands, each answered by one packet: of every byte, empty and long ones among them")
			for i, text := range texts {
				_ = c.Send(strconv.Itoa(i) + "\n")
				if !packet(ctx, c, text, "SRS-042") {
					return
				}
			}
			s.pong(ctx, c, "SRS-042")
		})

		// SRS-043: A callback that tries to send 0x0A inside a response shall get
		// an error, and nothing of that response shall be sent.
		It("may not hold a line feed", trace.Req("SRS-043"), trace.Observe(target.API), func(ctx SpecContext) {
			texts := []string{"before", "a\nb", "\n", "a\n", "\na", "ping\nping", "after"}
			results := make(chan error, len(texts))
			p := s.serve(ctx, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
				i, err := strconv.Atoi(c.Text)
				if err != nil {
					return err
				}
				err = respond(texts[i])
				results <- err
				if err != nil {
					err = respond("refused")
				}
				return err
			})
			c := s.enter(ctx, p)
			for i, text := range texts {
				trace.Step(ctx, "send a command whose callback responds %q, and where that is an error, refused; the one answer comes, and nothing else before that to ping", text)
				_ = c.Send(strconv.Itoa(i) + "\n")
				expected, answer := BeNil(), text
				if strings.Contains(text, "\n") {
					expected, answer = beAnError(), "refused"
				}
				if !packet(ctx, c, answer, "SRS-043") || !s.pong(ctx, c, "SRS-043") {
					return
				}
				select {
				case err := <-results:
					trace.Verify(ctx).Expect(err).To(expected)
				default:
					trace.Verify(ctx).Expect("nothing").To(Equal("a result"), "what the callback was told")
				}
			}
		})

		// SRS-048: The callback shall be able to respond while it runs, and at no
		// other time.
		It("may not come after the callback has returned", trace.Req("SRS-048"), trace.Observe(target.API), func(ctx SpecContext) {
			kept := make(chan func(string) error, 10)
			p := s.serve(ctx, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
				if c.Text == "keep" {
					kept <- respond
				}
				if c.Text == "use" {
					// Another callback runs now; that of the command before is over.
					_ = (<-kept)("late")
				}
				return respond("ok")
			})
			c := s.enter(ctx, p)
			trace.Step(ctx, "a callback keeps its means to respond; used after the callback has returned, they give an error, and nothing is sent")
			_ = c.Send("keep\n")
			packet(ctx, c, "ok", "SRS-048")
			s.pong(ctx, c, "SRS-048")
			trace.Verify(ctx).Expect((<-kept)("late")).To(beAnError())
			s.pong(ctx, c, "SRS-048")
			trace.Step(ctx, "used while the callback of a later command runs, they send nothing either")
			_ = c.Send("keep\nuse\n")
			packet(ctx, c, "ok", "SRS-048")
			packet(ctx, c, "ok", "SRS-048")
			s.pong(ctx, c, "SRS-048")
			trace.Step(ctx, "used while another client is served, they send nothing to it")
			_ = c.Send("keep\ndisconnect\n")
			packet(ctx, c, "ok", "SRS-048")
			_ = c.Ending(ctx)
			next := s.enterVerified(ctx, p, "SRS-048")
			trace.Verify(ctx).Expect((<-kept)("late")).To(beAnError())
			s.pong(ctx, next, "SRS-048")
		})
	})
}

// handed verifies what the callback is handed for packets that are sent one by
// one, and that each is answered once.
func (s *Suite) handed(ctx SpecContext, p target.Params, texts []string, want func(string) call, ids ...string) {
	GinkgoHelper()
	prog := s.serve(ctx, p, nil)
	c := s.enter(ctx, prog)
	trace.Step(ctx, "send %d packets; each is answered once, and the callback is handed just these", len(texts))
	var calls []call
	for _, text := range texts {
		_ = c.Send(text + "\n")
		calls = append(calls, want(text))
		if event := c.Receive(ctx); event != target.Packet("ok") {
			trace.Verify(ctx, ids...).Expect(event).To(Equal(target.Packet("ok")), "answer to %s", target.Packet(text))
			return
		}
	}
	s.pong(ctx, c, ids...)
	got := prog.own()
	for i, one := range got {
		if i < len(calls) && one != calls[i] {
			trace.Verify(ctx, ids...).Expect(one).To(Equal(calls[i]), "command number %d", i+1)
			return
		}
	}
	trace.Verify(ctx, ids...).Expect(len(got)).To(Equal(len(calls)), "commands handed to the callback")
	if len(got) > 0 {
		trace.Verify(ctx, ids...).Expect(got[len(got)-1]).To(Equal(calls[len(calls)-1]), "the last command")
	}
}

// onlyASCII drops the bytes from 0x80 on.
func onlyASCII(text string) string {
	var left []byte
	for i := range len(text) {
		if text[i] < 0x80 {
			left = append(left, text[i])
		}
	}
	return string(left)
}
