package ver

import (
	"context"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// notPing verifies that none of these commands is taken for ping, as a whole or
// in parts. Where the profile says what else they are answered, and the server
// keeps to it with commands that are like nothing, they are answered so, one by
// one. Else one ping is sent after them, and there must be one pong and no more.
func (s *Suite) notPing(ctx SpecContext, c *target.Conn, commands []string, ids ...string) bool {
	GinkgoHelper()
	commands = some(ctx, s, commands, 1)
	if s.knowsAll(commands) && s.answersAll(ctx, c, commands) {
		for _, command := range commands {
			_ = c.Send(command + "\n")
			want := *s.target.Profile.Otherwise
			if !ascii(command) {
				want = *s.target.Profile.Invalid
			}
			for _, response := range want {
				if !trace.Verify(ctx, ids...).Expect(c.Receive(ctx)).To(beResponse(response), "answer to %q", command) {
					return false
				}
			}
		}
		return s.next(ctx, c, ids...)
	}
	if s.probed && s.probe.Send != ping.Send {
		trace.Block(ctx, "this is shown by ping, which is not answered by one pong")
	}
	_ = c.Send(strings.Join(commands, "\n") + "\n")
	// One who says pong to whatever is read must not get both in one.
	if event := c.Listen(ctx); event != target.Nothing {
		c.Unread(event)
	}
	_ = c.Send("ping\n")
	pongs, last := s.countPongs(ctx, c)
	trace.Verify(ctx, ids...).Expect(pongs).To(Equal(1), "pongs after %d commands that are not ping, and one ping", len(commands))
	return trace.Verify(ctx, ids...).Expect(last).To(Equal(target.Nothing), "what comes after the answers")
}

// notPingInSegments is notPing for commands that come in several segments. Like
// is a command that is answered as they are, if not predefined. Where that is
// answered otherwise in segments, nothing is learned of these.
func (s *Suite) notPingInSegments(ctx SpecContext, c *target.Conn, like, id string, parts ...string) bool {
	GinkgoHelper()
	if !s.knowsAll([]string{like}) || !s.answersAll(ctx, c, []string{like}) {
		_ = c.SendSegments(ctx, append(parts, "ping\n")...)
		pongs, last := s.countPongs(ctx, c)
		trace.Verify(ctx, id).Expect(pongs).To(Equal(1), "pongs after segments that hold no ping, and one ping")
		return trace.Verify(ctx, id).Expect(last).To(Equal(target.Nothing), "what comes after the answers")
	}
	want := *s.target.Profile.Otherwise
	if !ascii(like) {
		want = *s.target.Profile.Invalid
	}
	_ = c.Send(like)
	target.Pause(ctx, s.pace.Limits().Pause)
	if !s.holds(ctx, c, target.Dialogue{Send: like, Expect: want}) {
		return true
	}
	_ = c.SendSegments(ctx, parts...)
	for range strings.Count(strings.Join(parts, ""), "\n") {
		if !s.receive(ctx, c, want, id) {
			return false
		}
	}
	return s.next(ctx, c, id)
}

// countPongs receives until nothing more comes, or a second pong has, but not for
// ever. Whatever else an unknown callback answers is left out of the count. A slow
// server is told to disconnect after the first pong: then the end shows by order
// that nothing more comes.
func (s *Suite) countPongs(ctx SpecContext, c *target.Conn) (pongs int, last target.Event) {
	slow, l := s.slow(), s.pace.Limits()
	for until := time.Now().Add(l.Loop + l.Response); ; {
		last = s.hear(ctx, c, pongs == 0 || slow)
		text, ok := last.IsPacket()
		if ok && text == "pong" {
			if pongs++; pongs == 1 && slow {
				_ = c.Send("disconnect\n")
			}
		}
		if !ok || pongs > 1 || time.Now().After(until) {
			break
		}
	}
	if slow && pongs == 1 && last == target.Closed {
		last = target.Nothing
	}
	return pongs, last
}

// hear gives what comes next: what is due is waited for, what is not is listened
// for.
func (s *Suite) hear(ctx context.Context, c *target.Conn, due bool) target.Event {
	if due {
		return c.Receive(ctx)
	}
	return c.Listen(ctx)
}

// knowsAll tells whether the profile says what all these commands are answered.
func (s *Suite) knowsAll(commands []string) bool {
	for _, command := range commands {
		if ascii(command) && !s.knows("otherwise") || !ascii(command) && !s.knows("invalid") {
			return false
		}
	}
	return true
}

// answersAll tells whether the server answers as the profile says what these
// commands are, if not predefined: unknown, and invalid.
func (s *Suite) answersAll(ctx SpecContext, c *target.Conn, commands []string) bool {
	if slices.ContainsFunc(commands, ascii) && !s.held(ctx, c, target.Dialogue{Send: "no such command", Expect: *s.target.Profile.Otherwise}) {
		return false
	}
	return !slices.ContainsFunc(commands, func(command string) bool { return !ascii(command) }) ||
		s.held(ctx, c, target.Dialogue{Send: "\xff", Expect: *s.target.Profile.Invalid})
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}
