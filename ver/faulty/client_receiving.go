package faulty

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// reports changes what is reported of a receive.
func reports(change func(c *caller, a target.Answer) target.Answer) func(*caller) {
	return receiving(func(c *caller, ctx context.Context, within time.Duration) target.Answer {
		return change(c, c.next(ctx, within))
	})
}

// draining throws away what has come and was not read when a command is sent, and what
// forget throws away.
func draining(forget func(*caller)) func(*caller) {
	return encoding(func(c *caller, text string) (string, error) {
		_ = c.conn.SetReadDeadline(time.Now().Add(poll))
		buf := make([]byte, 64<<10)
		for n := 1; n > 0; {
			n, _ = c.conn.Read(buf)
		}
		forget(c)
		return encodeCommand(text)
	})
}

// endingAt ends responses at any of these bytes.
func endingAt(ends string) func(*caller) {
	return cutting(func(_ *caller, input string) (packet, rest string, ok bool) {
		end := strings.IndexAny(input, ends)
		if end < 0 {
			return "", input, false
		}
		return input[:end], input[end+1:], true
	})
}

// receiveFaults are wrong about what is received: SRS-015 and SRS-060.
var receiveFaults = []clientMember{
	{"receive-trims", "takes white space off a response", srs("015", "054", "059"), delivering(strings.TrimSpace)},
	{"receive-utf8", "replaces what is not UTF-8", srs("015"), delivering(func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") })},
	{"receive-with-end", "hands over the line feed of a response", srs("015", "060"), func(c *caller) {
		c.deliver = func(s string) string { return s + "\n" }
		c.pong = func(a target.Answer) bool { return a.Text == "pong\n" }
	}},
	{"receive-segment-one", "hands over the first response of a segment only", srs("015", "060"), gathering(func(_ *caller, data string) string {
		if first, _, ok := strings.Cut(data, "\n"); ok {
			return first + "\n"
		}
		return data
	})},
	{"receive-last-first", "hands over the last response of those that have come", srs("015"), cutting(func(_ *caller, input string) (packet, rest string, ok bool) {
		end := strings.LastIndexByte(input, '\n')
		if end < 0 {
			return "", input, false
		}
		begin := strings.LastIndexByte(input[:end], '\n') + 1
		return input[begin:end], input[:begin] + input[end+1:], true
	})},
	{"send-drains", "throws away what has come and was not handed over when it sends", srs("015", "053"), draining(func(c *caller) { c.input = "" })},
	{"send-drains-connection", "throws away what has come and was not read when it sends", srs("015"), draining(func(*caller) {})},
	{"receive-cut-at-65536", "hands over 65536 bytes of a response at most", srs("015"), delivering(func(s string) string { return s[:min(len(s), 65536)] })},
	{"receive-hangs", "hangs for good on a response of more than 64 KiB", srs("015"), delivering(func(s string) string {
		if len(s) > 64<<10 {
			select {}
		}
		return s
	})},
	{"receive-long-in-two", "hands over a response of more than 512 KiB in two", srs("015"), cutting(func(_ *caller, input string) (packet, rest string, ok bool) {
		const most = 512 << 10
		if packet, rest, ok = strings.Cut(input, "\n"); len(packet) > most || !ok && len(input) > most {
			return input[:most], input[most:], true
		}
		return packet, rest, ok
	})},
	{"receive-duplicates-dropped", "drops a response that is like the one before", srs("015"), cutting(func(c *caller, input string) (packet, rest string, ok bool) {
		packet, rest, ok = strings.Cut(input, "\n")
		for ok && packet == c.held && packet == "ack" {
			packet, rest, ok = strings.Cut(rest, "\n")
		}
		if ok {
			c.held = packet
		}
		return packet, rest, ok
	})},

	{"receive-segment-is-response", "takes what comes in one segment for a response", srs("015", "060", "053", "057"), cutting(func(_ *caller, input string) (packet, rest string, ok bool) {
		return strings.TrimSuffix(input, "\n"), "", input != ""
	})},
	{"receive-cr-ends", "takes a carriage return for the end of a response too", srs("015", "060"), endingAt("\r\n")},
	{"receive-nul-splits", "takes a NUL for the end of a response too", srs("015", "060"), endingAt("\x00\n")},
	{"receive-full-read-waits", "takes a read that fills its buffer of 4096 bytes for one with more to come", srs("060"), func(c *caller) {
		c.segment = func(c *caller, data string) string {
			c.marked = len(data) == 4096
			return data
		}
		c.cut = func(c *caller, input string) (packet, rest string, ok bool) {
			if c.marked && !c.ended {
				return "", input, false
			}
			return strings.Cut(input, "\n")
		}
	}},
	{"receive-segment-replaces", "forgets the part of a response that came in the segment before", srs("060", "015", "053"), gathering(func(c *caller, data string) string {
		c.input = ""
		return data
	})},
	{"receive-rest-forgotten", "forgets the part of a response that came behind another one", srs("060"), gathering(func(_ *caller, data string) string {
		if end := strings.LastIndexByte(data, '\n'); end >= 0 && len(data) < 4096 {
			return data[:end+1]
		}
		return data
	})},
}

// closedFaults are wrong about the ways of receiving nothing: SRS-052, SRS-053
// and SRS-057.
var closedFaults = []clientMember{
	{"timeout-is-empty", "reports an empty response where nothing came in time", srs("052"), reportsFor(target.Timeout, fine)},
	{"timeout-is-closed", "reports a closed connection where nothing came in time", srs("052"), reportsFor(target.Timeout, target.Answer{Kind: target.Ended})},
	{"closed-is-empty", "reports an empty response where the connection is closed", srs("052", "057"), reportsFor(target.Ended, fine)},
	{"empty-is-timeout", "reports a time-out for an empty response", srs("015", "052"), reports(func(_ *caller, a target.Answer) target.Answer {
		if a == fine {
			return target.Answer{Kind: target.Timeout}
		}
		return a
	})},
	{"empty-skipped", "does not hand over empty responses", srs("015", "052"), cutting(func(_ *caller, input string) (packet, rest string, ok bool) {
		return strings.Cut(strings.TrimLeft(input, "\n"), "\n")
	})},

	{"timeout-loses", "loses what came before a time-out", srs("053"), reports(func(c *caller, a target.Answer) target.Answer {
		if a.Kind == target.Timeout {
			c.input = ""
		}
		return a
	})},
	{"timeout-hands-over", "hands over the part of a response that came before a time-out", srs("053"), reports(func(c *caller, a target.Answer) target.Answer {
		if part := c.input; a.Kind == target.Timeout && part != "" {
			c.input = ""
			return target.Answer{Kind: target.OK, Text: part}
		}
		return a
	})},
	{"timeout-closes", "closes the connection after a time-out", srs("052", "053"), reports(func(c *caller, a target.Answer) target.Answer {
		if a.Kind == target.Timeout {
			c.drop()
		}
		return a
	})},

	{"closed-hands-over", "hands over an unfinished response at the end of the connection", srs("057"), cutting(func(c *caller, input string) (packet, rest string, ok bool) {
		packet, rest, ok = strings.Cut(input, "\n")
		return packet, rest, ok || c.ended && input != ""
	})},
	{"closed-not-noted", "counts as connected after the server has closed", srs("057"), func(c *caller) {
		c.lives = func(c *caller) bool { return c.conn != nil }
	}},
	{"reset-is-error", "reports an error where the connection was reset", srs("057"), reports(func(c *caller, a target.Answer) target.Answer {
		if a.Kind == target.Ended && c.reset {
			return target.Answer{Kind: target.Failed, Text: "connection reset by peer"}
		}
		return a
	})},
	{"closed-first", "loses the responses that came right before the end of the connection", srs("015"), receiving(func(c *caller, ctx context.Context, within time.Duration) target.Answer {
		if c.conn != nil && !c.ended {
			_ = c.conn.SetReadDeadline(time.Now().Add(poll))
			came, err := io.ReadAll(c.conn)
			if c.input += string(came); err == nil { // the end came in time
				c.ended, c.input = true, ""
			}
		}
		return c.next(ctx, within)
	})},
	{"closed-noted-late", "notices the end of the connection at the second receive", srs("052", "057"), func(c *caller) {
		c.begin = func(c *caller) { c.input, c.ended, c.marked = "", false, false }
		reports(func(c *caller, a target.Answer) target.Answer {
			if a.Kind == target.Ended && !c.marked {
				c.marked, c.ended = true, false
				return target.Answer{Kind: target.Timeout}
			}
			return a
		})(c)
	}},
}

// reportsFor reports one kind of nothing as another, but not while it connects.
func reportsFor(kind target.AnswerKind, other target.Answer) func(*caller) {
	return reports(func(_ *caller, a target.Answer) target.Answer {
		if a.Kind == kind {
			return other
		}
		return a
	})
}
