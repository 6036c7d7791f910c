package faulty

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/ver/target"
)

// altering changes the text and the bytes of a valid command.
func altering(change func(string) string) func(*program) {
	return handing(func(c *target.Command) {
		if !c.Invalid {
			c.Text = change(c.Text)
			c.Raw = []byte(c.Text)
		}
	})
}

// commandFaults are wrong about commands that are not predefined (SRS-008,
// SRS-026, SRS-029).
var commandFaults = []apiMember{
	{"text-trimmed", "takes white space off a command", srs("008", "026"), altering(strings.TrimSpace)},
	{"text-cut-at-1024", "hands over 1024 bytes of a command at most", srs("008", "030"), altering(func(text string) string {
		return text[:min(len(text), 1024)]
	})},
	{"prefix-twice", "hands what begins with ping to the callback twice", srs("008"), calling(func(c target.Command, call func(target.Command) error) error {
		if strings.HasPrefix(c.Text, "ping") && !c.Invalid {
			if err := call(c); err != nil {
				return err
			}
		}
		return call(c)
	})},
	{"ping-handed-too", "hands ping to the callback too, and drops what that responds", srs("008"), func(k *program) {
		decode := k.decode
		k.alter = func(p *target.Params) {
			k.decode = func(raw []byte, tooLong bool) target.Command {
				c := decode(raw, tooLong)
				if string(raw) == "ping" {
					_ = p.Callback(context.Background(), c, func(string) error { return nil })
				}
				return c
			}
		}
	}},
	{"disconnect-handed-too", "hands disconnect to the callback too, and drops what that responds", srs("008"), atDisconnect(func(s *session) {
		_ = s.params.Callback(s.ctx, decodeASCII([]byte("disconnect"), false), func(string) error { return nil })
	})},

	{"control-bytes-dropped", "drops control bytes from a command", srs("008", "026"), altering(func(text string) string {
		return strings.Map(func(r rune) rune {
			if r < ' ' {
				return -1
			}
			return r
		}, text)
	})},
	{"nul-ends-text", "ends a command at its first NUL", srs("008", "026"), altering(func(text string) string {
		text, _, _ = strings.Cut(text, "\x00")
		return text
	})},
	{"del-invalid", "takes 0x7f for a byte that is not ASCII", srs("008", "026"), handing(func(c *target.Command) {
		c.Invalid = c.Invalid || strings.Contains(c.Text, "\x7f")
	})},

	{"empty-ignored", "does not hand the empty command to the callback", srs("029"), calling(func(c target.Command, call func(target.Command) error) error {
		if c.Text == "" && !c.Invalid {
			return nil
		}
		return call(c)
	})},
	{"empty-invalid", "marks the empty command invalid", srs("029"), handing(func(c *target.Command) {
		c.Invalid = c.Invalid || c.Text == ""
	})},
}

// marking changes what the callback is handed of a packet that is invalid, but
// not too long.
func marking(change func(*target.Command)) func(*program) {
	return handing(func(c *target.Command) {
		if c.Invalid && !c.TooLong {
			change(c)
		}
	})
}

// overLong changes what the callback is handed of a packet that is too long.
func overLong(change func(*target.Command)) func(*program) {
	return handing(func(c *target.Command) {
		if c.TooLong {
			change(c)
		}
	})
}

// markFaults are wrong about invalid packets (SRS-007, SRS-027) and over-long
// ones (SRS-030).
var markFaults = []apiMember{
	{"invalid-unmarked", "does not mark an invalid packet", srs("007", "027"), marking(func(c *target.Command) { c.Invalid = false })},
	{"invalid-ignored", "drops invalid packets", srs("007", "027"), calling(func(c target.Command, call func(target.Command) error) error {
		if c.Invalid && !c.TooLong {
			return nil
		}
		return call(c)
	})},
	{"invalid-utf8-valid", "takes UTF-8 for valid", srs("007", "027"), marking(func(c *target.Command) {
		if utf8.Valid(c.Raw) {
			c.Text, c.Invalid = string(c.Raw), false
		}
	})},
	{"invalid-7-bit", "masks the highest bit of every byte", srs("007", "027"), marking(func(c *target.Command) {
		text := bytes.Clone(c.Raw)
		for i := range text {
			text[i] &= 0x7f
		}
		c.Text, c.Invalid = string(text), false
	})},
	{"invalid-first-64-bytes", "looks at the first 64 bytes of a packet only", srs("007", "027"), marking(func(c *target.Command) {
		c.Invalid = bytes.ContainsFunc(c.Raw[:min(len(c.Raw), 64)], func(r rune) bool { return r >= 0x80 })
	})},
	{"invalid-text-4096", "hands over 4096 bytes of what is left of an invalid packet at most", srs("027"), marking(func(c *target.Command) {
		c.Text = c.Text[:min(len(c.Text), 4096)]
	})},
	{"invalid-raw-8192", "hands over 8192 raw bytes of an invalid packet at most", srs("027"), marking(func(c *target.Command) {
		c.Raw = c.Raw[:min(len(c.Raw), 8192)]
	})},
	{"invalid-unfiltered", "leaves the bytes that are not ASCII in the text", srs("027"), marking(func(c *target.Command) { c.Text = string(c.Raw) })},
	{"invalid-text-cut", "ends the text before the first byte that is not ASCII", srs("027"), marking(func(c *target.Command) {
		c.Text = c.Text[:bytes.IndexFunc(c.Raw, func(r rune) bool { return r >= 0x80 })]
	})},
	{"invalid-raw-missing", "hands over no raw bytes", srs("027"), marking(func(c *target.Command) { c.Raw = nil })},
	{"invalid-raw-reused", "hands over raw bytes that a later read has overwritten", srs("027"), marking(func(c *target.Command) {
		copy(c.Raw, "ping\n")
	})},

	{"max-one-less", "takes a packet of the maximum for too long", srs("030"), parameters(func(p *target.Params) { p.MaxPacket-- })},
	{"max-ignored", "knows no maximum", srs("030"), parameters(func(p *target.Params) { p.MaxPacket = 1 << 30 })},
	{"max-default-only", "keeps to 64 KiB, whatever maximum is set", srs("030"), parameters(func(p *target.Params) { p.MaxPacket = 64 << 10 })},
	{"too-long-unmarked", "does not mark an over-long packet as such", srs("030"), overLong(func(c *target.Command) { c.TooLong = false })},
	{"too-long-valid", "does not mark an over-long packet invalid", srs("030"), overLong(func(c *target.Command) { c.Invalid = false })},
	{"too-long-rest-handed", "hands over what is past the maximum as a packet of its own", srs("030"), parameters(func(p *target.Params) {
		most, callback := p.MaxPacket, p.Callback
		p.MaxPacket = 1 << 30
		p.Callback = func(ctx context.Context, c target.Command, respond func(string) error) error {
			for ; len(c.Raw) > most; c.Raw = c.Raw[most:] {
				if err := callback(ctx, decodeASCII(c.Raw[:most], true), respond); err != nil {
					return err
				}
			}
			return callback(ctx, decodeASCII(c.Raw, false), respond)
		}
	})},
}
