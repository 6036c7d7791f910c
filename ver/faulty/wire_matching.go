package faulty

import (
	"regexp"
	"strings"
)

// escapes are those that move a cursor, set a color, or a title.
var escapes = regexp.MustCompile("\x1b(\\[[0-9;]*[A-Za-z]|\\][^\a]*\a)")

// matchingFaults take for a predefined command what only resembles one. That what
// resembles it is then not handed to the callback is SRS-025 too: SRS-008 is about
// what a server knows to be no predefined command.
func matchingFaults() []wireFault {
	var faults []wireFault
	for _, way := range []struct {
		name, text string
		commands   []string
		is         func(text, command string) bool
	}{
		{"trimmed", "trims the packet before it compares it with", []string{"ping", "disconnect", "shutdown"}, func(text, command string) bool {
			return strings.TrimSpace(text) == command
		}},
		{"in-any-case", "ignores upper and lower case where it looks for", []string{"ping", "disconnect"}, strings.EqualFold},
		{"as-prefix", "takes every packet that begins with a command for", []string{"ping", "disconnect", "shutdown"}, strings.HasPrefix},
		{"as-first-word", "takes the first word of a packet for", []string{"ping"}, func(text, command string) bool {
			return strings.Split(text, " ")[0] == command
		}},
		{"nul-padded", "drops NULs at the end where it looks for", []string{"disconnect"}, func(text, command string) bool {
			return strings.TrimRight(text, "\x00") == command
		}},
		{"stripped", "strips what separates fields and lines before it compares the packet with", []string{"ping", "disconnect", "shutdown"}, func(text, command string) bool {
			return strings.Trim(text, "\v\f\x1c\x1d\x1e\x1f") == command
		}},
		{"without-escapes", "drops the escape sequences of a terminal where it looks for", []string{"ping", "disconnect"}, func(text, command string) bool {
			return escapes.ReplaceAllString(text, "") == command
		}},
		{"abbreviated", "takes a beginning of the command for", []string{"shutdown"}, func(text, command string) bool {
			return len(text) > 2 && strings.HasPrefix(command, text)
		}},
	} {
		for _, command := range way.commands {
			breaks := srs("025")
			if way.name == "trimmed" && command != "shutdown" {
				breaks = srs("024", "025") // a carriage return is among what is trimmed
			}
			faults = append(faults, wireFault{command + "-" + way.name, way.text + " " + command, breaks, func(s *skeleton) {
				s.is = func(text, known string) bool {
					return text == known || known == command && way.is(text, command)
				}
			}})
		}
	}
	return append(faults, wireFault{"bom-stripped", "takes a byte order mark off the first packet of a client", srs("028"), onPacket(func(c *visitor, p packet) {
		if c.count++; c.count == 1 {
			p.text = strings.TrimPrefix(p.text, "\xef\xbb\xbf")
		}
		c.obey(p)
	})})
}
