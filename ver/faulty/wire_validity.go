package faulty

import (
	"strings"
	"unicode/utf8"
)

// validityFaults go wrong about bytes that are not ASCII, or about those that
// are. A server that hangs up on an invalid packet, or does not survive it, obeys
// no command in it: that is SRS-007, and of SRS-028 nothing is known.
func validityFaults() []wireFault {
	return []wireFault{
		{"invalid-dropped", "drops invalid packets without a word", srs("007"), onInvalid(func(*skeleton, *visitor, packet) {})},
		{"invalid-obeyed", "obeys what is left of an invalid packet without its bytes that are not ASCII", srs("028"), func(s *skeleton) {
			s.is = func(text, command string) bool { return onlyASCII(text) == command }
			s.valid = func(text string) bool {
				left := onlyASCII(text)
				return isASCII(text) || left == "ping" || left == "disconnect" || left == "shutdown"
			}
		}},
		{"latin-1-trimmed", "trims what is white space in Latin-1 before it looks for a predefined command", srs("028"), onInvalid(func(s *skeleton, c *visitor, p packet) {
			switch left := trimBytes(p.text, "\x85\xa0"); left {
			case "ping", "disconnect", "shutdown":
				p.text = left
			}
			s.obey(c, p)
		})},
		{"mark-of-last-segment", "forgets at the end of a segment that a packet was invalid, and obeys what is left of it", srs("022", "028"), func(s *skeleton) {
			s.afterTake(func(c *visitor) { c.partial = []byte(onlyASCII(string(c.partial))) })
		}},
		{"invalid-disconnect-obeyed", "disconnects where disconnect is left of an invalid packet", srs("028"), obeysInvalid("disconnect")},
		{"invalid-shutdown-obeyed", "shuts down where shutdown is left of an invalid packet", srs("028"), obeysInvalid("shutdown")},
		{"invalid-closes", "hangs up on a client that sends an invalid packet", srs("007"), onInvalid(func(_ *skeleton, c *visitor, _ packet) { c.gone = true })},
		{"invalid-stops", "does not survive an invalid packet", srs("007"), onInvalid(func(s *skeleton, c *visitor, _ packet) {
			c.gone = true
			s.stop()
		})},
		{"invalid-twice", "hands an invalid packet to the callback twice", srs("007"), onInvalid(func(s *skeleton, c *visitor, p packet) {
			s.obey(c, p)
			s.obey(c, p)
		})},
		{"invalid-sticks", "takes the packet after an invalid one for invalid, too", srs("007"), func(s *skeleton) {
			bad := false
			s.valid = func(text string) bool {
				before := bad
				bad = !isASCII(text)
				return !bad && !before
			}
		}},
		{"latin-1", "decodes packets as Latin-1, so that all are valid", srs("007"), func(s *skeleton) {
			s.valid = func(string) bool { return true }
		}},
		{"utf-8-unasked", "decodes packets as UTF-8, although its profile says ASCII", srs("007"), func(s *skeleton) { s.valid = utf8.ValidString }},
		{"telnet-removed", "takes the commands of telnet out of a packet before it looks at it", srs("007", "028"), func(s *skeleton) {
			s.text(func(text string) string { return withoutTelnet(text) })
		}},
		{"telnet-obeyed", "obeys what is left of a packet without the commands of telnet", srs("028"), onInvalid(func(s *skeleton, c *visitor, p packet) {
			if left := withoutTelnet(p.text); left == "ping" || left == "disconnect" {
				p.text = left
			}
			s.obey(c, p)
		})},
		{"telnet-shutdown-obeyed", "shuts down where shutdown is left of a packet without the commands of telnet", srs("028"), onInvalid(func(s *skeleton, c *visitor, p packet) {
			if withoutTelnet(p.text) == "shutdown" {
				p.text = "shutdown"
			}
			s.obey(c, p)
		})},
		{"0x80-valid", "takes 0x80 for ASCII: off by one", srs("007"), func(s *skeleton) {
			s.valid = func(text string) bool { return isASCII(strings.ReplaceAll(text, "\x80", "")) }
		}},
		{"del-invalid", "takes 0x7f for invalid: off by one", srs("008", "026", "042"), invalidBytes("\x7f")},
		{"control-invalid", "takes control bytes for invalid", srs("008", "024", "026", "042"), invalidBytes(controls())},
		{"control-dropped", "drops control bytes of a command", srs("008", "024", "025", "026", "042"), dropsBytes(controls())},
		{"tab-is-space", "takes a tabulator for a space", srs("008", "026", "042"), func(s *skeleton) {
			s.text(func(text string) string { return strings.ReplaceAll(text, "\t", " ") })
		}},
		{"spaces-collapsed", "puts one space for several in a command", srs("007", "008", "024", "025", "026", "028", "042", "047"), func(s *skeleton) {
			s.text(func(text string) string { return strings.Join(strings.Fields(text), " ") })
		}},
	}
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
func onInvalid(instead func(s *skeleton, c *visitor, p packet)) func(*skeleton) {
	return func(s *skeleton) {
		s.handle = func(c *visitor, p packet) {
			if isASCII(p.text) {
				s.obey(c, p)
			} else {
				instead(s, c, p)
			}
		}
	}
}

// obeysInvalid obeys one command where it is what is left of an invalid packet.
func obeysInvalid(command string) func(*skeleton) {
	return onInvalid(func(s *skeleton, c *visitor, p packet) {
		if left := onlyASCII(p.text); left == command {
			p.text = left
		}
		s.obey(c, p)
	})
}

// invalidBytes makes packets with any of these bytes invalid.
func invalidBytes(bytes string) func(*skeleton) {
	return func(s *skeleton) {
		s.valid = func(text string) bool { return isASCII(text) && !strings.ContainsAny(text, bytes) }
	}
}

// controls gives the control bytes of ASCII but the line feed.
func controls() string {
	all := "\x7f"
	for b := range byte(' ') {
		if b != '\n' {
			all += string(rune(b))
		}
	}
	return all
}

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
