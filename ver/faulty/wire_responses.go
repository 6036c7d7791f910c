package faulty

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// replyFaults answer wrongly, or unasked. On the wire a callback is seen only by
// what is answered. So an echo that comes back altered breaks SRS-008, the way
// there, and SRS-042, the way back, alike; and a callback that answers otherwise
// than its profile says looks like one that was not handed its command as it
// should have been: SRS-008, and for the kinds of packets that have requirements
// of their own SRS-007, SRS-029 and SRS-030. Only the API tells these apart.
func replyFaults() []wireFault {
	return slices.Concat(pongFaults(), frameFaults(), silentFaults(), answerFaults(), unaskedFaults())
}

// pongFaults answer ping wrongly.
func pongFaults() []wireFault {
	return []wireFault{
		{"pong-newline", "answers ping with pong and an empty packet", srs("004", "019"), onPing(func(s *skeleton, c *visitor) { s.respond(c, "pong\n") })},
		{"pong-to-callback", "answers ping with pong, and hands it to the callback too", srs("004", "019"), onPing(func(s *skeleton, c *visitor) {
			s.respond(c, "pong")
			s.respond(c, "nak - unknown cmd")
		})},
		{"no-ping", "hands ping to the callback", srs("004"), onPing(func(s *skeleton, c *visitor) { s.respond(c, "nak - unknown cmd") })},
	}
}

// onPing answers ping in another way.
func onPing(instead func(s *skeleton, c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		s.handle = func(c *visitor, p packet) {
			if p.text == "ping" {
				instead(s, c)
			} else {
				s.obey(c, p)
			}
		}
	}
}

// frameFaults spoil responses on their way. Those that spoil each in the same way
// break what says how a response is sent and what ping and cmd01 are answered; all
// else is shown by answers, and is not shown.
func frameFaults() []wireFault {
	return []wireFault{
		{"response-crlf", "ends packets by a carriage return and a line feed", srs("004", "042", "047"), frames("%s\r\n")},
		{"response-two-feeds", "ends packets by two line feeds", srs("004", "019", "042", "047"), frames("%s\n\n")},
		{"response-prompt", "sends a prompt after each packet", srs("004", "019", "042", "047"), frames("%s\n> ")},
		{"response-cut-at-4096", "sends the first 4096 bytes of a response only", srs("008", "042"), alters(func(text string) string { return text[:min(len(text), 4096)] })},
		{"response-trimmed", "trims responses", srs("008", "024", "026", "042"), alters(strings.TrimSpace)},
		{"response-as-format", "takes responses for formats without arguments", srs("008", "042"), alters(strings.NewReplacer("%%", "%", "%d", "0", "%s", "").Replace)},
		{"late-reader-loses", "loses what a client has not taken after 30 ms", srs("018"), func(s *skeleton) {
			s.send = func(c *visitor, text string) {
				for waits := 0; waits < 3 && text != ""; waits++ { // a busy machine may spoil one of them
					_ = c.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
					if n, _ := c.Write([]byte(text)); n > 0 {
						text, waits = text[n:], -1
					}
				}
			}
		}},
		{"multiple-of-256-lost", "sends nothing where the length of a response is a multiple of 256", srs("008", "042"), func(s *skeleton) {
			s.frame = func(response string) string {
				if n := len(response); n > 0 && n%256 == 0 {
					return ""
				}
				return response + "\n"
			}
		}},
		{"empty-response-lost", "sends nothing where a response is empty", srs("008", "018", "042"), func(s *skeleton) {
			s.frame = func(response string) string {
				if response == "" {
					return ""
				}
				return response + "\n"
			}
		}},
	}
}

// silentFaults do not answer in time, whatever the command is. Nothing can be
// learned of such a server but that.
func silentFaults() []wireFault {
	breaks := srs("004", "020", "047")
	return []wireFault{
		{"output-not-flushed", "sends responses only when there are 64 KiB of them", breaks, func(s *skeleton) {
			held := ""
			s.enter = func(*visitor) { held = "" }
			s.send = func(c *visitor, text string) {
				if held += text; len(held) >= 64<<10 {
					_, _ = c.Write([]byte(held))
					held = ""
				}
			}
		}},
		{"answers-at-end", "reads what a client sends to its end before it answers", breaks, func(s *skeleton) {
			held := ""
			s.enter = func(*visitor) { held = "" }
			s.send = func(_ *visitor, text string) { held += text }
			s.ended = func(c *visitor, _ error) {
				s.flush(c)
				_, _ = c.Write([]byte(held))
			}
		}},
		{"answers-with-next", "sends the responses of a command when the next one comes", breaks, func(s *skeleton) {
			held := ""
			s.enter = func(*visitor) { held = "" }
			s.send = func(c *visitor, text string) {
				_, _ = c.Write([]byte(held))
				held = text
			}
		}},
	}
}

// frames sends responses in another form.
func frames(format string) func(*skeleton) {
	return func(s *skeleton) {
		s.frame = func(response string) string { return fmt.Sprintf(format, response) }
	}
}

// alters alters responses.
func alters(change func(string) string) func(*skeleton) {
	return func(s *skeleton) {
		s.frame = func(response string) string { return change(response) + "\n" }
	}
}

// answerFaults lose, double or move the responses of the callback.
func answerFaults() []wireFault {
	return []wireFault{
		{"callback-twice", "hands commands to the callback twice", srs("007", "008", "029", "030", "047"), answers(func(all []string) []string { return append(all, all...) })},
		{"first-response-only", "sends the first response of a command only", srs("018"), answers(func(all []string) []string { return all[:min(len(all), 1)] })},
		{"no-response-is-empty", "sends an empty packet where a command has no response", srs("018"), answers(func(all []string) []string {
			if len(all) == 0 {
				return []string{""}
			}
			return all
		})},
		{"response-late", "sends the last of several responses after those of the next command", srs("018", "023"), func(s *skeleton) {
			var late []string
			s.enter = func(*visitor) { late = nil }
			s.handle = func(c *visitor, p packet) {
				due := late
				late = nil
				s.obey(c, p)
				for _, response := range due {
					s.respond(c, response)
				}
			}
			s.answer = func(c *visitor, p packet) []string {
				all := sample(c, p)
				if len(all) > 1 {
					late = all[len(all)-1:]
					all = all[:len(all)-1]
				}
				return all
			}
		}},
		{"commands-in-lower-case", "makes commands lower case before the callback gets them", srs("008", "026", "042", "047"), func(s *skeleton) {
			s.answer = func(c *visitor, p packet) []string {
				p.text = strings.ToLower(p.text)
				return sample(c, p)
			}
		}},
		{"commands-trimmed", "trims commands before the callback gets them", srs("008", "024", "026", "042", "047"), func(s *skeleton) {
			s.answer = func(c *visitor, p packet) []string {
				p.text = strings.TrimSpace(p.text)
				return sample(c, p)
			}
		}},
		{"empty-ignored", "ignores the empty packet", srs("029"), onEmpty(func(*skeleton, *visitor) {})},
		{"empty-closes", "takes the empty packet for the end", srs("029"), onEmpty(func(_ *skeleton, c *visitor) { c.gone = true })},
		{"empty-twice", "answers the empty packet twice", srs("029"), onEmpty(func(s *skeleton, c *visitor) {
			s.obey(c, packet{})
			s.obey(c, packet{})
		})},
		{"empty-repeats", "takes the empty packet for the last command again", srs("029"), func(s *skeleton) {
			last := ""
			s.text(func(text string) string {
				if text != "" {
					last = text
				}
				return last
			})
		}},
		{"sample-ok", "answers cmd01 with ok", srs("008", "047"), samples(func(p packet, answer string) string { return strings.Replace(answer, "ack", "ok", 1) })},
		{"sample-any-number", "answers cmd02 like cmd01", srs("047"), samples(func(p packet, answer string) string {
			if p.text == "cmd02" {
				return "ack"
			}
			return answer
		})},
		{"sample-any-case", "answers CMD01 like cmd01", srs("047"), samples(func(p packet, answer string) string {
			if strings.EqualFold(p.text, "cmd01") {
				return "ack"
			}
			return answer
		})},
	}
}

// answers changes what the callback answers.
func answers(change func([]string) []string) func(*skeleton) {
	return func(s *skeleton) {
		s.answer = func(c *visitor, p packet) []string { return change(sample(c, p)) }
	}
}

// samples changes what the sample application answers where it answers once.
func samples(change func(p packet, answer string) string) func(*skeleton) {
	return func(s *skeleton) {
		s.answer = func(c *visitor, p packet) []string {
			all := sample(c, p)
			if len(all) == 1 && !strings.HasPrefix(p.text, "echo ") {
				return []string{change(p, all[0])}
			}
			return all
		}
	}
}

// onEmpty does something else with the empty packet.
func onEmpty(instead func(s *skeleton, c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		s.handle = func(c *visitor, p packet) {
			if p.text == "" && !p.cut {
				instead(s, c)
			} else {
				s.obey(c, p)
			}
		}
	}
}

// unaskedFaults send what nobody asked for.
func unaskedFaults() []wireFault {
	return []wireFault{
		{"greeting", "greets a client", srs("019"), func(s *skeleton) {
			s.enter = func(c *visitor) { s.send(c, "welcome\n") }
		}},
		{"greeting-late", "greets a client that has sent nothing for a while", srs("019"), func(s *skeleton) {
			greeted := 0
			s.handle = func(c *visitor, p packet) {
				greeted = c.number
				s.obey(c, p)
			}
			s.atPause(func(c *visitor) {
				if greeted != c.number {
					s.send(c, "are you there?\n")
				}
				greeted = c.number
			})
		}},
		{"heartbeat", "sends a heartbeat to a client that is idle after its second command", srs("019"), func(s *skeleton) {
			commands := 0
			s.enter = func(*visitor) { commands = 0 }
			s.handle = func(c *visitor, p packet) {
				commands++
				s.obey(c, p)
			}
			s.atPause(func(c *visitor) {
				if commands == 2 {
					s.send(c, "alive\n")
					commands++
				}
			})
		}},
	}
}
