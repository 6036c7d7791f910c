package faulty

import (
	"context"
	"net"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// collecting holds the responses of a command back until its callback has
// returned, and sends what is made of them.
func collecting(change func([]string) []string) func(*program) {
	return instead(func(ctx context.Context, c target.Command, respond func(string) error, callback target.Callback) error {
		var texts []string
		hold := newResponder(func(text string) error {
			if strings.Contains(text, "\n") {
				return errLineFeed
			}
			texts = append(texts, text)
			return nil
		}, respond)
		err := callback(ctx, c, func(text string) error { return hold.now(text) })
		hold.end()
		if err == nil && ctx.Err() == nil {
			texts = change(texts)
		}
		for _, text := range texts {
			if err := respond(text); err != nil {
				return err
			}
		}
		return err
	})
}

// sending changes the bytes of every packet without a line feed.
func sending(change func(string) string) func(*program) {
	return func(k *program) {
		k.encode = func(text string) ([]byte, error) {
			if strings.Contains(text, "\n") {
				return nil, errLineFeed
			}
			return []byte(change(text)), nil
		}
	}
}

// The faults in this file are wrong about what a callback sends (SRS-018, SRS-042,
// SRS-043, SRS-048).

var orderFaults = []apiMember{
	{"responses-sorted", "sends the responses of a command as a set", srs("018"), collecting(func(texts []string) []string {
		slices.Sort(texts)
		return slices.Compact(texts)
	})},
	{"responses-256", "sends 256 responses of a command at most", srs("018"), collecting(func(texts []string) []string {
		return texts[:min(len(texts), 256)]
	})},
	{"no-response-empty", "answers a command without response by an empty packet", srs("018"), collecting(func(texts []string) []string {
		if texts == nil {
			return []string{""}
		}
		return texts
	})},
}

var bytesFaults = []apiMember{
	{"empty-response-lost", "does not send empty responses", srs("018", "042"), sending(func(text string) string {
		if text == "" {
			return ""
		}
		return text + "\n"
	})},
	{"response-utf8", "writes responses as UTF-8", srs("042"), sending(func(text string) string {
		return strings.ToValidUTF8(text, "\uFFFD") + "\n"
	})},
	{"response-cut-at-128-kib", "sends 128 KiB of a response at most", srs("042"), sending(func(text string) string {
		return text[:min(len(text), 128<<10)] + "\n"
	})},
	{"response-in-two-at-128-kib", "sends a response of more than 128 KiB as two", srs("042"), sending(func(text string) string {
		if len(text) > 128<<10 {
			text = text[:128<<10] + "\n" + text[128<<10:]
		}
		return text + "\n"
	})},
	{"long-response-no-end", "forgets the line feed of a response of more than 64 KiB", srs("042"), sending(func(text string) string {
		if len(text) > 64<<10 {
			return text
		}
		return text + "\n"
	})},
}

var lineFeedFaults = []apiMember{
	{"line-feed-sent", "sends a response with a line feed as it is", srs("043"), onLineFeed(func(text string) (string, error) { return text + "\n", nil })},
	{"line-feed-half-sent", "sends what stands before a line feed without an end, then reports an error", srs("043"), onLineFeed(func(text string) (string, error) {
		text, _, _ = strings.Cut(text, "\n")
		return text, errLineFeed
	})},
	{"line-feed-swallowed", "drops a response with a line feed, and reports nothing", srs("043"), onLineFeed(func(string) (string, error) { return "", nil })},
	{"line-feed-at-end", "takes the line feed at a response's end for the packet's", srs("043"), onLineFeed(func(text string) (string, error) {
		if strings.Count(text, "\n") == 1 && strings.HasSuffix(text, "\n") {
			return text, nil
		}
		return "", errLineFeed
	})},
}

// onLineFeed says what is sent of a response with a line feed, and what the callback is
// told.
func onLineFeed(encode func(text string) (string, error)) func(*program) {
	return func(k *program) {
		k.encode = func(text string) ([]byte, error) {
			if !strings.Contains(text, "\n") {
				return []byte(text + "\n"), nil
			}
			text, err := encode(text)
			return []byte(text), err
		}
	}
}

var lateFaults = []apiMember{
	{"late-sent", "sends responses after the callback has returned", srs("048"), guarding(func(respond, _ func(string) error) *responder { return newResponder(respond, respond) })},
	{"late-swallowed", "drops a late response, and reports nothing", srs("048"), guarding(func(respond, _ func(string) error) *responder {
		return newResponder(respond, func(string) error { return nil })
	})},
	{"late-to-next-client", "sends late responses to whoever is connected", srs("048"), func(k *program) {
		var current func(string) error
		k.guard = func(respond, _ func(string) error) *responder {
			current = respond
			return newResponder(respond, func(text string) error { return current(text) })
		}
	}},
	{"late-with-the-next", "sends late responses before those of the next command", srs("048"), func(k *program) {
		var late []string
		k.serving = func(net.Listener) { late = nil }
		k.guard = func(respond, after func(string) error) *responder {
			return newResponder(func(text string) error {
				for _, text := range late {
					_ = respond(text)
				}
				late = nil
				return respond(text)
			}, func(text string) error {
				late = append(late, text)
				return after(text)
			})
		}
	}},
	{"late-while-another-runs", "lets any callback respond while one runs", srs("048"), func(k *program) {
		running := false
		k.guard = func(respond, after func(string) error) *responder {
			running = true
			r := &responder{}
			r.now = func(text string) error {
				if running {
					return respond(text)
				}
				return after(text)
			}
			r.end = func() { running = false }
			return r
		}
	}},
}
