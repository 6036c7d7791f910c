package faulty

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/ver/target"
)

// unicodeFaults go wrong about characters beyond ASCII, and bytes that terminals and
// decoders eat.
func unicodeFaults() []wireFault {
	return []wireFault{
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
		{"overlong-decoded", "decodes the overlong forms of letters", srs("028"), func(s *skeleton) {
			s.text(func(text string) string {
				if len(text) > 1 && text[0] == 0xc1 {
					return string([]byte{0x40 | text[1]&0x3f}) + text[2:]
				}
				return text
			})
		}},
		{"surrogates-valid", "takes a surrogate for a valid character, and that for ASCII", srs("007"), validWithout("\xed\xa0\x80")},
		{"cut-character-valid", "drops a character that is cut at the end of a packet", srs("007"), validWithout("\xe2\x82")},
		{"too-large-valid", "takes a number beyond Unicode for a valid character, and that for ASCII", srs("007"), validWithout("\xf4\x90\x80\x80")},
		{"telnet-eaten", "eats an interrupt of telnet", srs("007"), func(s *skeleton) {
			s.text(func(text string) string { return strings.ReplaceAll(text, "\xff\xf4", "") })
		}},

		{"backspace-edits", "lets a backspace take the byte before it away", srs("008", "025", "026", "042"), func(s *skeleton) {
			s.text(func(text string) string {
				var edited []byte
				for i := range len(text) {
					if text[i] == '\b' && len(edited) > 0 {
						edited = edited[:len(edited)-1]
					} else {
						edited = append(edited, text[i])
					}
				}
				return string(edited)
			})
		}},
		{"delete-edits", "lets a delete take the byte before it away", srs("008", "025", "026", "042"), func(s *skeleton) {
			s.text(func(text string) string {
				for i := strings.IndexByte(text, 0x7f); i > 0; i = strings.IndexByte(text, 0x7f) {
					text = text[:i-1] + text[i+1:]
				}
				return text
			})
		}},
		{"percent-decoded", "decodes %41 and its like", srs("008", "025", "042"), func(s *skeleton) {
			s.text(func(text string) string {
				if decoded, err := url.PathUnescape(text); err == nil {
					return decoded
				}
				return text
			})
		}},
		{"escapes-decoded", `decodes \n at the end, and \x70`, srs("008", "025", "042"), func(s *skeleton) {
			s.text(func(text string) string {
				return strings.NewReplacer(`\n`, "", `\x41`, "A", `\x70`, "p", `\x64`, "d", `\x73`, "s").Replace(text)
			})
		}},
		{"quotes-stripped", "takes quotes off where it looks for a command", srs("025"), func(s *skeleton) {
			s.is = func(text, command string) bool { return strings.Trim(text, `"'`) == command }
		}},
	}
}

// replaces replaces bytes before packets are looked for.
func replaces(pairs ...string) func(*skeleton) {
	replacer := strings.NewReplacer(pairs...)
	return func(s *skeleton) {
		s.take = func(c *visitor, chunk []byte) { s.split(c, []byte(replacer.Replace(string(chunk)))) }
	}
}

// folds maps characters of packets, and obeys those that become a command by that.
func folds(fold func(rune) rune) func(*skeleton) {
	return func(s *skeleton) {
		s.text(func(text string) string {
			switch folded := strings.Map(fold, text); folded {
			case "ping", "disconnect", "shutdown":
				if utf8.ValidString(text) {
					return folded
				}
			}
			return text
		})
	}
}

// validWithout takes packets for valid that are ASCII without some bytes.
func validWithout(some string) func(*skeleton) {
	return func(s *skeleton) {
		s.valid = func(text string) bool { return isASCII(strings.ReplaceAll(text, some, "")) }
	}
}

// utf8Faults are mistakes of servers that decode UTF-8, as their profiles say.
func utf8Faults() []Member {
	var members []Member
	for _, f := range []wireFault{
		{"cut-by-segment", "drops the beginning of a character where a segment ends", srs("022"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				for i := len(chunk) - 1; i >= max(0, len(chunk)-3); i-- {
					if utf8.RuneStart(chunk[i]) {
						if !utf8.FullRune(chunk[i:]) {
							chunk = chunk[:i]
						}
						break
					}
				}
				s.split(c, chunk)
			}
		}},
		{"decoded-by-segment", "decodes each segment by itself", srs("007", "022"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) { s.split(c, bytes.ToValidUTF8(chunk, []byte("?"))) }
		}},
		{"composed", "composes a letter and its accent", srs("007"), func(s *skeleton) {
			s.text(func(text string) string { return strings.ReplaceAll(text, "e\u0301", "é") })
		}},
		{"blanks-trimmed", "trims what is a blank in Unicode", srs("007"), func(s *skeleton) {
			s.answer = func(c *visitor, p packet) []string {
				p.text = strings.TrimRight(p.text, "\u00a0\u3000")
				return sample(c, p)
			}
		}},
		{"planes-lost", "loses characters beyond U+FFFF", srs("007"), func(s *skeleton) {
			s.text(func(text string) string {
				if !utf8.ValidString(text) {
					return text
				}
				return strings.Map(func(r rune) rune {
					if r > 0xffff {
						return utf8.RuneError
					}
					return r
				}, text)
			})
		}},
	} {
		members = append(members, Member{
			Name: "utf-8-" + f.name, Kind: Fault, Text: f.text, Breaks: f.breaks,
			Target: func() *target.Target {
				t := onWire(f.name, serve(func(s *skeleton) {
					s.valid = utf8.ValidString
					f.mistake(s)
				}))
				t.Profile.Encoding = "utf-8"
				return t
			},
		})
	}
	return members
}

// volumeFaults go wrong where there is much of something, or a packet has just the
// length of something.
func volumeFaults() []wireFault {
	return []wireFault{
		{"responses-at-most-256", "sends no more than 256 responses of a command", srs("018"), answers(func(all []string) []string { return all[:min(len(all), 256)] })},
		{"responses-8-bit", "counts the responses of a command with 8 bits", srs("018"), answers(func(all []string) []string { return all[:len(all)&0xff] })},
		{"responses-reversed", "sends more than a hundred responses in the order of a stack", srs("018"), answers(func(all []string) []string {
			if len(all) > 100 {
				all = slices.Clone(all)
				slices.Reverse(all)
			}
			return all
		})},
		{"segment-of-900-closes", "hangs up on more than 900 commands in a segment", srs("050"), perSegment(900, func(_ *skeleton, c *visitor) { c.gone = true })},
		{"segment-of-4000-lost", "forgets what is behind 4000 commands in a segment", srs("050"), perSegment(4000, func(*skeleton, *visitor) {})},
		{"maximum-needs-feed", "takes a packet of just the maximum for one that is too long where its line feed comes later", srs("008", "030", "042"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				s.split(c, chunk)
				c.cut = c.cut || len(c.partial) == maximum
			}
		}},
		{"late-feed-beyond-maximum", "forgets that a packet was too long where its line feed comes by itself", srs("030"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				if string(chunk) == "\n" {
					c.cut = false
				}
				s.split(c, chunk)
			}
		}},
		{"late-feed-at-258", "loses a packet of 256 to 260 bytes whose line feed comes by itself", srs("022"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				if n := len(c.partial); string(chunk) == "\n" && n >= 256 && n <= 260 {
					c.partial = nil
				}
				s.split(c, chunk)
			}
		}},
		{"late-feed-is-empty", "takes a line feed that comes by itself for an empty packet where a longer one is unfinished", srs("008", "022", "030", "042"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				if string(chunk) == "\n" && len(c.partial) > 100 {
					c.partial, c.cut = nil, false
					s.handle(c, packet{})
					return
				}
				s.split(c, chunk)
			}
		}},

		{"disconnect-obeys-behind", "goes on with the rest of the segment after disconnect, and only sends nothing", srs("036"), func(s *skeleton) {
			left := 0
			s.goodbye = func(c *visitor) {
				s.flush(c)
				left = c.number
			}
			send := s.send
			s.send = func(c *visitor, text string) {
				if left != c.number {
					send(c, text)
				}
			}
			s.afterTake(func(c *visitor) { c.gone = c.gone || left == c.number })
		}},
		{"disconnect-sees-shutdown", "obeys a shutdown that stands behind disconnect", srs("036"), func(s *skeleton) {
			s.take = func(c *visitor, chunk []byte) {
				if s.split(c, chunk); bytes.Contains(chunk, []byte("disconnect\nshutdown\n")) {
					s.stop()
				}
			}
		}},
		{"disconnect-defers", "carries out what stands behind disconnect once the connection is closed", srs("036"), func(s *skeleton) {
			var rest []byte
			s.take = func(c *visitor, chunk []byte) {
				for i := range chunk {
					if c.gone {
						rest = append(rest, chunk[i:]...)
						return
					}
					s.split(c, chunk[i:i+1])
				}
			}
			s.leave = func(c *visitor) {
				s.drop(c)
				if strings.Contains(string(rest), "shutdown\n") {
					s.stop()
				}
				rest = nil
			}
		}},
	}
}

// perSegment does something else with what is behind so many commands in a segment.
func perSegment(most int, instead func(*skeleton, *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		s.take = func(c *visitor, chunk []byte) {
			if n := bytes.Count(chunk, []byte("\n")); n <= most {
				s.split(c, chunk)
				return
			}
			end := 0
			for range most {
				end += bytes.IndexByte(chunk[end:], '\n') + 1
			}
			s.split(c, chunk[:end])
			instead(s, c)
		}
	}
}
