package faulty

import "strings"

// matchingFaults take for a predefined command what only resembles one.
func matchingFaults() []wireFault {
	var faults []wireFault
	for _, command := range []string{"ping", "disconnect", "shutdown"} {
		for _, way := range []struct {
			name, text string
			breaks     map[string][]string // beyond SRS-025, by command
			is         func(text, command string) bool
		}{
			{
				"trimmed", "trims the packet before it compares it with",
				map[string][]string{"ping": {"024"}, "disconnect": {"024"}},
				func(text, command string) bool { return strings.TrimSpace(text) == command },
			},
			{"in-any-case", "ignores upper and lower case where it looks for", nil, strings.EqualFold},
			{"as-prefix", "takes every packet that begins with a command for", map[string][]string{"ping": {"008", "009", "024"}, "disconnect": {"008", "024"}}, strings.HasPrefix},
			{
				"as-first-word", "takes the first word of a packet for",
				map[string][]string{"ping": {"008", "009"}},
				func(text, command string) bool { return strings.Split(text, " ")[0] == command },
			},
			{
				"nul-padded", "drops NULs at the end where it looks for", nil,
				func(text, command string) bool { return strings.TrimRight(text, "\x00") == command },
			},
			{
				"abbreviated", "takes a beginning of the command for", nil,
				func(text, command string) bool { return len(text) > 2 && strings.HasPrefix(command, text) },
			},
		} {
			faults = append(faults, wireFault{
				command + "-" + way.name, way.text + " " + command, srs(append([]string{"025"}, way.breaks[command]...)...),
				func(s *skeleton) {
					s.is = func(text, known string) bool {
						return text == known || known == command && way.is(text, command)
					}
				},
			})
		}
	}
	return append(faults, wireFault{"bom-stripped", "takes a byte order mark off the first packet of a client", srs("028"), func(s *skeleton) {
		first := true
		s.enter = func(*visitor) { first = true }
		s.text(func(text string) string {
			if first {
				first = false
				return strings.TrimPrefix(text, "\xef\xbb\xbf")
			}
			return text
		})
	}})
}
