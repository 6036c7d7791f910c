package faulty

import (
	"bytes"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/ver/target"
)

// unicodeFaults go wrong about characters beyond ASCII, and bytes that terminals and
// decoders eat.
var unicodeFaults = []wireFault{
	{"ends-at-line-separator", "takes the line ends of Unicode for ends of packets", srs("007", "009", "028"), replaces("\u2028", "\n", "\u2029", "\n", "\u0085", "\n")},
	{"ends-at-encoded-nel", "takes the next line, as UTF-8 has it, for the end of a packet", srs("007", "009", "028"), replaces("\u0085", "\n")},
	{"ends-at-paragraph", "takes a paragraph separator for the end of a packet", srs("009"), replaces("\u2029", "\n")},
	{"full-width", "takes full-width letters for those of ASCII where it looks for a command", srs("028"), folds(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - 0xfee0
		}
		return r
	})},
	{"invisible-dropped", "drops characters that are not seen where it looks for a command", srs("028"), folds(func(r rune) rune {
		if strings.ContainsRune("\u200b\u00ad\ufeff", r) {
			return -1
		}
		return r
	})},
	{"accents-dropped", "drops accents, and dots on letters, where it looks for a command", srs("028"), folds(func(r rune) rune {
		switch r {
		case '\u0301':
			return -1
		case '\u0131', '\u0130':
			return 'i'
		}
		return r
	})},
	{"overlong-decoded", "decodes the overlong forms of letters", srs("028"), altersText(func(text string) string {
		if len(text) > 1 && text[0] == 0xc1 {
			return string([]byte{0x40 | text[1]&0x3f}) + text[2:]
		}
		return text
	})},
	{"surrogates-valid", "takes a surrogate for a valid character, and that for ASCII", srs("007"), validWithout("\xed\xa0\x80")},
	{"cut-character-valid", "drops a character that is cut at the end of a packet", srs("007"), validWithout("\xe2\x82")},
	{"too-large-valid", "takes a number beyond Unicode for a valid character, and that for ASCII", srs("007"), validWithout("\xf4\x90\x80\x80")},
	{"telnet-eaten", "eats an interrupt of telnet", srs("007"), altersText(strings.NewReplacer("\xff\xf4", "").Replace)},

	{"backspace-edits", "lets a backspace take the byte before it away", srs("008", "025", "026", "042"), altersText(func(text string) string {
		var edited []byte
		for i := range len(text) {
			if text[i] == '\b' && len(edited) > 0 {
				edited = edited[:len(edited)-1]
			} else {
				edited = append(edited, text[i])
			}
		}
		return string(edited)
	})},
	{"delete-edits", "lets a delete take the byte before it away", srs("008", "025", "026", "042"), altersText(func(text string) string {
		for i := strings.IndexByte(text, 0x7f); i > 0; i = strings.IndexByte(text, 0x7f) {
			text = text[:i-1] + text[i+1:]
		}
		return text
	})},
	{"percent-decoded", "decodes %41 and its like", srs("008", "025", "042"), altersText(func(text string) string {
		if decoded, err := url.PathUnescape(text); err == nil {
			return decoded
		}
		return text
	})},
	{"escapes-decoded", `decodes \n at the end, and \x70`, srs("008", "025", "042"), altersText(
		strings.NewReplacer(`\n`, "", `\x41`, "A", `\x70`, "p", `\x64`, "d", `\x73`, "s").Replace,
	)},
	{"quotes-stripped", "takes quotes off where it looks for a command", srs("025"), func(s *skeleton) {
		s.is = func(text, command string) bool { return strings.Trim(text, `"'`) == command }
	}},
}

// replaces replaces bytes before packets are looked for.
func replaces(pairs ...string) func(*skeleton) {
	replacer := strings.NewReplacer(pairs...)
	return onBytes(func(c *visitor, chunk []byte) { c.split([]byte(replacer.Replace(string(chunk)))) })
}

// folds maps characters of packets, and obeys those that become a command by that.
func folds(fold func(rune) rune) func(*skeleton) {
	return altersText(func(text string) string {
		if folded := strings.Map(fold, text); predefined(folded) && utf8.ValidString(text) {
			return folded
		}
		return text
	})
}

// validWithout takes packets for valid that are ASCII without some bytes.
func validWithout(some string) func(*skeleton) {
	return validIf(func(text string) bool { return isASCII(strings.ReplaceAll(text, some, "")) })
}

// utf8Faults are mistakes of servers that decode UTF-8, as their profiles say.
func utf8Faults() []Member {
	return members("utf-8-", decodingFaults, func(f wireFault) *target.Target {
		t := onWire(f.name, serve(func(s *skeleton) {
			s.valid = utf8.ValidString
			f.change(s)
		}))
		t.Profile.Encoding = "utf-8"
		return t
	})
}

var decodingFaults = []wireFault{
	{"cut-by-segment", "drops the beginning of a character where a segment ends", srs("022"), onBytes(func(c *visitor, chunk []byte) {
		for i := len(chunk) - 1; i >= max(0, len(chunk)-3); i-- {
			if utf8.RuneStart(chunk[i]) {
				if !utf8.FullRune(chunk[i:]) {
					chunk = chunk[:i]
				}
				break
			}
		}
		c.split(chunk)
	})},
	{"decoded-by-segment", "decodes each segment by itself", srs("007", "022"), onBytes(func(c *visitor, chunk []byte) {
		c.split(bytes.ToValidUTF8(chunk, []byte("?")))
	})},
	{"composed", "composes a letter and its accent", srs("007"), altersText(strings.NewReplacer("e\u0301", "é").Replace)},
	{"blanks-trimmed", "trims what is a blank in Unicode", srs("007"), altersCommands(func(text string) string {
		return strings.TrimRight(text, "\u00a0\u3000")
	})},
	{"planes-lost", "loses characters beyond U+FFFF", srs("007"), altersText(func(text string) string {
		if !utf8.ValidString(text) {
			return text
		}
		return strings.Map(func(r rune) rune {
			if r > 0xffff {
				return utf8.RuneError
			}
			return r
		}, text)
	})},
}
