package faulty

import (
	"context"
	"strings"

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
