package faulty

import (
	"bytes"
	"context"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/ver/target"
)

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
