package faulty

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/socket-oneline/oneline/ver/target"
)

// sendFaults are wrong about what is sent: SRS-013, SRS-014 and SRS-055.
var sendFaults = []clientMember{
	{"send-empty-dropped", "does not send the empty command", srs("013"), sends(func(s string) string {
		if s == "" {
			return ""
		}
		return s + "\n"
	})},
	{"send-cut-at-65536", "sends 65536 bytes of a command at most", srs("013"), sends(func(s string) string { return s[:min(len(s), 65536)] + "\n" })},
	{"send-utf8", "writes each byte as a character of UTF-8", srs("013"), sends(func(s string) string {
		s, _ = charmap.ISO8859_1.NewDecoder().String(s)
		return s + "\n"
	})},
	{"send-nul-dropped", "takes NUL out of a command", srs("013"), sends(func(s string) string { return strings.ReplaceAll(s, "\x00", "") + "\n" })},
	{"send-256th-twice", "sends the 256th command of a connection twice: its counter has 8 bits", srs("013"), func(c *caller) {
		n := 0
		sends(func(s string) string {
			if n++; n%256 == 0 {
				return s + "\n" + s + "\n"
			}
			return s + "\n"
		})(c)
	}},
	{"send-gives-up", "sends as much of a command as a server takes that reads nothing for 20 ms, and reports that it was sent", srs("013"), stalling(nothing)},
	{"send-slow-gives-up", "the same, and takes 1.2 s before it sends a long command", srs("013"), func(c *caller) {
		stalling(nothing)(c)
		c.encode = func(_ *caller, text string) (string, error) {
			if len(text) > 1<<20 {
				target.Pause(context.Background(), 1200*time.Millisecond)
			}
			return encodeCommand(text)
		}
	}},
	{"send-starts-over", "sends a command again from its beginning where the server reads nothing for 20 ms", srs("013"), stalling(func(_, whole string) string { return whole })},
	{"send-behind-part", "sends the next command behind the part of one that the server has not taken in time", srs("013"), func(c *caller) { c.goesOn = true }},
	{"send-cached", "does not send a command that it has sent before", srs("013"), func(c *caller) {
		sent := map[string]bool{}
		sends(func(s string) string {
			if sent[s] {
				return ""
			}
			sent[s] = true
			return s + "\n"
		})(c)
	}},

	{"send-no-end", "sends commands without a line feed", srs("013", "014"), sends(func(s string) string { return s })},
	{"send-crlf", "ends a command by CR and LF", srs("013", "014"), sends(func(s string) string { return s + "\r\n" })},
	{"crlf", "ends everything that it sends by CR and LF, its own ping too", srs("014", "054"), putting(func(c *caller, data string) error {
		return c.writeAll(strings.ReplaceAll(data, "\n", "\r\n"))
	})},
	{"unended", "sends everything without a line feed, its own ping too", srs("014", "054"), putting(func(c *caller, data string) error {
		return c.writeAll(strings.ReplaceAll(data, "\n", ""))
	})},
	{"send-two-ends", "ends a command by two line feeds", srs("013", "014"), sends(func(s string) string { return s + "\n\n" })},
	{"send-long-no-end", "forgets the line feed of a command of more than 64 KiB", srs("013", "014"), sends(func(s string) string {
		if len(s) > 64<<10 {
			return s
		}
		return s + "\n"
	})},

	{"line-feed-splits", "sends a command with a line feed as two", srs("055"), withLineFeed(func(s string) (string, error) { return s + "\n", nil })},
	{"line-feed-half-sent", "sends what stands before a line feed without an end, then reports an error", srs("055"), withLineFeed(func(s string) (string, error) {
		s, _, _ = strings.Cut(s, "\n")
		return s, errCommand
	})},
	{"line-feed-dropped", "does not send a command with a line feed, and reports nothing", srs("055"), withLineFeed(func(string) (string, error) { return "", nil })},
	{"line-feed-at-end", "takes the line feed at a command's end for the packet's", srs("055"), withLineFeed(func(s string) (string, error) {
		if strings.Index(s, "\n") == len(s)-1 {
			return s, nil
		}
		return "", errCommand
	})},
}

// sends changes the bytes of a command without a line feed.
func sends(change func(string) string) func(*caller) {
	return encoding(func(_ *caller, text string) (string, error) {
		if strings.Contains(text, "\n") {
			return "", errCommand
		}
		return change(text), nil
	})
}

// stalling says what is still to be sent of a command, once, when the server has
// taken nothing for a while.
func stalling(left func(rest, whole string) string) func(*caller) {
	return putting(func(c *caller, data string) error {
		if len(data) < 1<<20 {
			return c.writeAll(data)
		}
		_ = c.conn.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
		n, err := c.conn.Write([]byte(data))
		_ = c.conn.SetWriteDeadline(time.Time{})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = c.writeAll(left(data[n:], data))
		}
		return err
	})
}

func nothing(_, _ string) string { return "" }

// withLineFeed changes the bytes of a command with a line feed.
func withLineFeed(encode func(string) (string, error)) func(*caller) {
	return encoding(func(_ *caller, text string) (string, error) {
		if strings.Contains(text, "\n") {
			return encode(text)
		}
		return text + "\n", nil
	})
}
