package faulty

import (
	"strings"
	"unicode/utf8"
)

// validityFaults go wrong about bytes that are not ASCII, or about those that
// are. A server that hangs up on an invalid packet, or does not survive it, obeys
// no command in it: that is SRS-007, and of SRS-028 nothing is known.
var validityFaults = []wireFault{
	{"invalid-dropped", "drops invalid packets without a word", srs("007"), onInvalid(func(*visitor, packet) {})},
	{"invalid-obeyed", "obeys what is left of an invalid packet without its bytes that are not ASCII", srs("028"), obeysLeft(onlyASCII, predefined)},
	{"latin-1-trimmed", "trims what is white space in Latin-1 before it looks for a predefined command", srs("028"), obeysLeft(func(text string) string {
		return trimBytes(text, "\x85\xa0")
	}, predefined)},
	{"mark-of-last-segment", "forgets at the end of a segment that a packet was invalid, and obeys what is left of it", srs("022", "028"), afterSegment(func(c *visitor) {
		c.partial = []byte(onlyASCII(string(c.partial)))
	})},
	{"invalid-disconnect-obeyed", "disconnects where disconnect is left of an invalid packet", srs("028"), obeysLeft(onlyASCII, isDisconnect)},
	{"invalid-shutdown-obeyed", "shuts down where shutdown is left of an invalid packet", srs("028"), obeysLeft(onlyASCII, isShutdown)},
	{"invalid-closes", "hangs up on a client that sends an invalid packet", srs("007"), onInvalid(func(c *visitor, _ packet) { c.gone = true })},
	{"invalid-stops", "does not survive an invalid packet", srs("007"), onInvalid(func(c *visitor, _ packet) { c.halt() })},
	{"invalid-twice", "hands an invalid packet to the callback twice", srs("007"), onInvalid(twice)},
	{"invalid-sticks", "takes the packet after an invalid one for invalid, too", srs("007"), func(s *skeleton) {
		bad := false
		s.valid = func(text string) bool {
			before := bad
			bad = !isASCII(text)
			return !bad && !before
		}
	}},
	{"latin-1", "decodes packets as Latin-1, so that all are valid", srs("007"), validIf(func(string) bool { return true })},
	{"utf-8-unasked", "decodes packets as UTF-8, although its profile says ASCII", srs("007"), validIf(utf8.ValidString)},
	{"telnet-removed", "takes the commands of telnet out of a packet before it looks at it", srs("007", "028"), altersText(withoutTelnet)},
	{"telnet-obeyed", "obeys what is left of a packet without the commands of telnet", srs("028"), obeysLeft(withoutTelnet, func(left string) bool {
		return left == "ping" || left == "disconnect"
	})},
	{"telnet-shutdown-obeyed", "shuts down where shutdown is left of a packet without the commands of telnet", srs("028"), obeysLeft(withoutTelnet, isShutdown)},
	{"0x80-valid", "takes 0x80 for ASCII: off by one", srs("007"), validWithout("\x80")},
	{"del-invalid", "takes 0x7f for invalid: off by one", srs("008", "026", "042"), invalidBytes("\x7f")},
	{"control-invalid", "takes control bytes for invalid", srs("008", "024", "026", "042"), invalidBytes(controls)},
	{"control-dropped", "drops control bytes of a command", srs("008", "024", "025", "026", "042"), byByte(func(c *visitor, b byte) {
		if strings.IndexByte(controls, b) < 0 {
			c.split([]byte{b})
		}
	})},
	{"tab-is-space", "takes a tabulator for a space", srs("008", "026", "042"), altersText(strings.NewReplacer("\t", " ").Replace)},
	{"spaces-collapsed", "puts one space for several in a command", srs("007", "008", "024", "025", "026", "028", "042", "047"), altersText(func(text string) string {
		return strings.Join(strings.Fields(text), " ")
	})},
}

// withoutTelnet takes the commands of telnet out of a packet: those with an option,
// subnegotiations, and those of two bytes.
func withoutTelnet(text string) string {
	var left []byte
	for text != "" {
		switch {
		case len(text) > 2 && text[0] == 0xff && text[1] >= 0xfb && text[1] <= 0xfe:
			text = text[3:]
		case strings.HasPrefix(text, "\xff\xfa") && strings.Contains(text, "\xff\xf0"):
			_, text, _ = strings.Cut(text, "\xff\xf0")
		case len(text) > 1 && text[0] == 0xff && text[1] >= 0xf1 && text[1] <= 0xf9:
			text = text[2:]
		default:
			left, text = append(left, text[0]), text[1:]
		}
	}
	return string(left)
}

// onInvalid does something else with invalid packets.
func onInvalid(instead func(c *visitor, p packet)) func(*skeleton) {
	return except(func(p packet) bool { return !isASCII(p.text) }, instead)
}

// obeysLeft obeys what is left of an invalid packet where that is one of some commands.
func obeysLeft(left func(text string) string, is func(text string) bool) func(*skeleton) {
	return onInvalid(func(c *visitor, p packet) {
		if left := left(p.text); is(left) {
			p.text = left
		}
		c.obey(p)
	})
}

func isDisconnect(text string) bool { return text == "disconnect" }

func isShutdown(text string) bool { return text == "shutdown" }

// invalidBytes makes packets with any of these bytes invalid.
func invalidBytes(bytes string) func(*skeleton) {
	return validIf(func(text string) bool { return isASCII(text) && !strings.ContainsAny(text, bytes) })
}

// controls are the control bytes of ASCII but the line feed.
const controls = "\x00\x01\x02\x03\x04\x05\x06\a\b\t\v\f\r\x0e\x0f" +
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"

// trimBytes takes these bytes off both ends.
func trimBytes(text, bytes string) string {
	for text != "" && strings.IndexByte(bytes, text[0]) >= 0 {
		text = text[1:]
	}
	for text != "" && strings.IndexByte(bytes, text[len(text)-1]) >= 0 {
		text = text[:len(text)-1]
	}
	return text
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
