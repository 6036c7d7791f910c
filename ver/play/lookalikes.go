package play

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/ver/target"
)

// SendsLookalikesInVain sends commands that resemble predefined ones, and verifies that none of
// them is obeyed. Where the profile says what unknown commands are answered, and the server
// keeps to it, each must be answered so. Else one ping is sent after all of them, and there
// must be just one pong; for that the server must answer pings, pairs of them too. One that
// takes one of them for disconnect or shutdown closes, and the answers do not come.
func (c Client) SendsLookalikesInVain(what string, commands ...string) Step {
	return func(t *Trial) bool {
		t.Step("%s sends %s: none of them is taken for a predefined command", c, what)
		conn := c.Conn(t)
		if statesAll(t, commands) && keepsToAll(t, conn, commands) {
			for _, command := range commands {
				if !t.asks(conn, target.Dialogue{Send: command, Expect: *unless(t, command)}) {
					return false
				}
			}
			// A pong that is left over would be taken for the answer to a ping.
			last := "\xff"
			if isASCII(commands[0]) {
				last = "no such command"
			}
			return t.asks(conn, target.Dialogue{Send: last, Expect: *unless(t, last)}) && t.NoMore(conn)
		}
		if t.found.probed {
			t.need(Pongs | AnswersPairs)
		}
		_ = conn.Send(strings.Join(commands, "\n") + "\n")
		// A server that says pong to whatever it reads must not get both in one.
		if event := conn.Listen(t); event != target.Nothing {
			conn.PutBack(event)
		}
		_ = conn.Send("ping\n")
		return onePong(t, conn, "after commands that are not ping, and one ping")
	}
}

// Like is a command that is answered as some others are, if they are not predefined.
type Like string

// SendsLookalikesInSegments is SendsLookalikesInVain for commands that come in several
// segments. Where the command that they are like is answered otherwise in segments, nothing
// is learned of them.
func (c Client) SendsLookalikesInSegments(like Like, segments ...string) Step {
	return func(t *Trial) bool {
		t.Step("%s sends %q in segments of their own: none of them holds a predefined command", c, segments)
		conn, known := c.Conn(t), string(like)
		if !statesAll(t, []string{known}) || !keepsToAll(t, conn, []string{known}) {
			_ = conn.SendSegments(t, append(slices.Clone(segments), "ping\n")...)
			return onePong(t, conn, "after segments that hold no ping, and one ping")
		}
		want := *unless(t, known)
		_ = conn.Send(known)
		target.Pause(t, t.Pace.Limits.Pause)
		if !t.Answered(conn, target.Dialogue{Send: known, Expect: want}) {
			return true
		}
		_ = conn.SendSegments(t, segments...)
		for range strings.Count(strings.Join(segments, ""), "\n") {
			if !t.Receives(conn, want) {
				return false
			}
		}
		return t.NoMore(conn)
	}
}

// GetsOnePong verifies that of all that a client has sent, and has not got a pong for,
// one ping is answered.
func (c Client) GetsOnePong(after string) Step {
	return func(t *Trial) bool {
		t.Step("%s gets one pong, and no second one", c)
		return onePong(t, c.Conn(t), after)
	}
}

// GetsPongAtLast verifies that a client gets a pong, whatever comes before it.
func (c Client) GetsPongAtLast(t *Trial) bool {
	t.Step("%s gets a pong", c)
	event := c.Conn(t).Receive(t)
	for until := time.Now().Add(t.Pace.Limits.Response); event != target.Packet("pong"); event = c.Conn(t).Receive(t) {
		if _, more := event.IsPacket(); !more || time.Now().After(until) {
			break
		}
	}
	return t.Verify("pong, whatever comes before it", event, Packet("pong"))
}

func onePong(t *Trial, c *target.Conn, after string) bool {
	n, last := countPongs(t, c)
	one := t.Verify("pongs "+after, n, Is(1))
	return t.Verify("what comes after the pong", last, Nothing) && one
}

// countPongs receives until nothing more comes, or a second pong has, but not for
// ever. Whatever else an unknown callback answers is left out of the count.
func countPongs(t *Trial, c *target.Conn) (pongs int, last target.Event) {
	l := t.Pace.Limits
	for until := time.Now().Add(l.Loop + l.Response); ; {
		if pongs == 0 { // one is due
			last = c.Receive(t)
		} else {
			last = c.Listen(t)
		}
		text, ok := last.IsPacket()
		if ok && text == "pong" {
			pongs++
		}
		if !ok || pongs > 1 || time.Now().After(until) {
			return pongs, last
		}
	}
}

// unless gives what a command is answered that is not predefined, by the profile; nil
// where that is not stated.
func unless(t *Trial, command string) *[]target.Response {
	p := t.Target.Profile
	switch {
	case p == nil:
		return nil
	case isASCII(command):
		return p.Otherwise
	case !utf8.ValidString(command) || p.Encoding == "ascii":
		return p.Invalid
	case p.Encoding == "utf-8":
		return p.Otherwise
	}
	return nil
}

// statesAll reports whether the profile says what all these commands are answered.
func statesAll(t *Trial, commands []string) bool {
	return !slices.ContainsFunc(commands, func(command string) bool { return unless(t, command) == nil })
}

// keepsToAll reports whether the server answers as the profile says what these
// commands are, if not predefined: unknown, and invalid.
func keepsToAll(t *Trial, c *target.Conn, commands []string) bool {
	isInvalid := func(command string) bool { return !isASCII(command) && unless(t, command) == t.Target.Profile.Invalid }
	if slices.ContainsFunc(commands, isASCII) && !t.Answered(c, target.Dialogue{Send: "no such command", Expect: *t.Target.Profile.Otherwise}) {
		return false
	}
	return !slices.ContainsFunc(commands, isInvalid) || t.Answered(c, target.Dialogue{Send: "\xff", Expect: *t.Target.Profile.Invalid})
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}
