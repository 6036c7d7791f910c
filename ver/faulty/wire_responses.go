package faulty

import (
	"fmt"
	"slices"
	"strings"
)

// replyFaults answer wrongly, or unasked.
func replyFaults() []wireFault {
	return slices.Concat(pongFaults(), frameFaults(), answerFaults(), unaskedFaults())
}

// pongFaults answer ping wrongly.
func pongFaults() []wireFault {
	return []wireFault{
		{"pong-upper-case", "answers ping with PONG", srs("004"), onPing(func(s *skeleton, c *visitor) { s.respond(c, "PONG") })},
		{"pong-newline", "answers ping with pong and an empty packet", srs("004"), onPing(func(s *skeleton, c *visitor) { s.respond(c, "pong\n") })},
		{"pong-to-callback", "answers ping with pong, and hands it to the callback too", srs("004"), onPing(func(s *skeleton, c *visitor) {
			s.respond(c, "pong")
			s.respond(c, "nak - unknown cmd")
		})},
		{"no-ping", "hands ping to the callback", srs("004"), onPing(func(s *skeleton, c *visitor) { s.respond(c, "nak - unknown cmd") })},
		{"ping-once", "answers the first ping of a connection only", srs("004"), func(s *skeleton) {
			greeted := 0
			s.handle = func(c *visitor, p packet) {
				if p.text != "ping" || greeted != c.number {
					s.obey(c, p)
				}
				if p.text == "ping" {
					greeted = c.number
				}
			}
		}},
		{"first-ping-lost", "does not answer the first ping after it has started", srs("004"), func(s *skeleton) {
			warm := false
			s.handle = func(c *visitor, p packet) {
				if warm || p.text != "ping" {
					s.obey(c, p)
				}
				warm = true
			}
		}},
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

// frameFaults spoil responses on their way.
func frameFaults() []wireFault {
	return []wireFault{
		{"response-crlf", "ends packets by a carriage return and a line feed", srs("004", "042"), frames("%s\r\n")},
		{"response-unended", "sends packets without a line feed", srs("004", "042"), frames("%s")},
		{"response-two-feeds", "ends packets by two line feeds", srs("004", "042"), frames("%s\n\n")},
		{"response-nul", "ends packets by NUL and a line feed, as a C string", srs("004", "042"), frames("%s\x00\n")},
		{"response-ended-by-cr", "ends packets by a carriage return", srs("004", "042"), frames("%s\r")},
		{"response-prompt", "sends a prompt after each packet", srs("004", "019", "042"), frames("%s\n> ")},
		{"response-cut-at-4096", "sends the first 4096 bytes of a response only", srs("008", "042"), alters(func(text string) string { return text[:min(len(text), 4096)] })},
		{"response-wrapped", "breaks responses into packets of 1024 bytes", srs("008", "042"), alters(func(text string) string {
			var lines []string
			for ; len(text) > 1024; text = text[1024:] {
				lines = append(lines, text[:1024])
			}
			return strings.Join(append(lines, text), "\n")
		})},
		{"response-cut-at-nul", "sends responses up to their first NUL", srs("026", "042"), alters(func(text string) string { return strings.SplitN(text, "\x00", 2)[0] })},
		{"response-trimmed", "trims responses", srs("026", "042"), alters(strings.TrimSpace)},
		{"response-quoted", "escapes control bytes of responses", srs("024", "026", "042"), alters(func(text string) string {
			quoted := fmt.Sprintf("%q", text)
			return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(quoted[1 : len(quoted)-1])
		})},
		{"response-without-control", "drops control bytes of responses", srs("024", "026", "042"), alters(func(text string) string {
			return strings.Map(func(r rune) rune {
				if r < ' ' {
					return -1
				}
				return r
			}, text)
		})},
		{"empty-response-lost", "sends nothing where a response is empty", srs("018", "042"), func(s *skeleton) {
			s.frame = func(response string) string {
				if response == "" {
					return ""
				}
				return response + "\n"
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
		{"callback-twice", "hands commands to the callback twice", srs("008", "018"), answers(func(all []string) []string { return append(all, all...) })},
		{"callback-never", "hands commands to nobody", srs("008", "018"), answers(func([]string) []string { return nil })},
		{"first-response-only", "sends the first response of a command only", srs("018"), answers(func(all []string) []string { return all[:min(len(all), 1)] })},
		{"last-response-only", "sends the last response of a command only", srs("018"), answers(func(all []string) []string { return all[max(len(all)-1, 0):] })},
		{"responses-reversed", "sends the responses of a command in reverse", srs("018"), answers(func(all []string) []string {
			all = slices.Clone(all)
			slices.Reverse(all)
			return all
		})},
		{"responses-in-one", "sends the responses of a command as one packet", srs("018"), answers(func(all []string) []string { return []string{strings.Join(all, ",")}[:min(len(all), 1)] })},
		{"no-response-is-empty", "sends an empty packet where a command has no response", srs("018"), answers(func(all []string) []string {
			if len(all) == 0 {
				return []string{""}
			}
			return all
		})},
		{"command-echoed", "echoes the command before its responses", srs("018"), func(s *skeleton) {
			s.answer = func(c *visitor, p packet) []string { return append([]string{p.text}, sample(c, p)...) }
		}},
		{"response-late", "sends the responses of a command after the next one has come", srs("008", "018"), func(s *skeleton) {
			var late []string
			s.enter = func(*visitor) { late = nil }
			s.answer = func(c *visitor, p packet) []string {
				due := late
				late = sample(c, p)
				return due
			}
		}},
		{"commands-in-lower-case", "makes commands lower case before the callback gets them", srs("008"), func(s *skeleton) {
			s.answer = func(c *visitor, p packet) []string {
				p.text = strings.ToLower(p.text)
				return sample(c, p)
			}
		}},
		{"commands-trimmed", "trims commands before the callback gets them", srs("008", "024", "026"), func(s *skeleton) {
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
		{"empty-answers-empty", "answers the empty packet itself, by another one", srs("029"), onEmpty(func(s *skeleton, c *visitor) { s.respond(c, "") })},
		{"empty-repeats", "takes the empty packet for the last command again", srs("029"), func(s *skeleton) {
			last := ""
			s.text(func(text string) string {
				if text != "" {
					last = text
				}
				return last
			})
		}},
		{"sample-ok", "answers cmd01 with ok", srs("047"), samples(func(p packet, answer string) string { return strings.Replace(answer, "ack", "ok", 1) })},
		{"sample-nak", "answers an unknown command with nak alone", srs("047"), samples(func(p packet, answer string) string { return strings.TrimSuffix(answer, " - unknown cmd") })},
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
		{"greeting-unended", "greets a client without a line feed", srs("019"), func(s *skeleton) {
			s.enter = func(c *visitor) { s.send(c, "login: ") }
		}},
		{"greeting-empty", "greets a client by an empty packet", srs("019"), func(s *skeleton) {
			s.enter = func(c *visitor) { s.send(c, "\n") }
		}},
		{"heartbeat", "sends a heartbeat when the client is idle", srs("019"), func(s *skeleton) {
			s.atPause(func(c *visitor) { s.send(c, "alive\n") })
		}},
		{"heartbeat-served", "sends a heartbeat to a client that has been answered once", srs("019"), func(s *skeleton) {
			served := 0
			s.handle = func(c *visitor, p packet) {
				served = c.number
				s.obey(c, p)
			}
			s.atPause(func(c *visitor) {
				if served == c.number {
					s.send(c, "alive\n")
				}
			})
		}},
		{"pong-again", "answers ping once more after a while", srs("004", "019"), func(s *skeleton) {
			pinged := false
			s.enter = func(*visitor) { pinged = false }
			s.handle = func(c *visitor, p packet) {
				pinged = p.text == "ping"
				s.obey(c, p)
			}
			s.atPause(func(c *visitor) {
				if pinged {
					s.send(c, "pong\n")
				}
				pinged = false
			})
		}},
		{"idle-closes", "hangs up on an idle client", srs("009", "019"), func(s *skeleton) {
			s.atPause(func(c *visitor) { c.gone = true })
		}},
		{"idle-sleeps", "does not answer the first command after an idle time", srs("004"), func(s *skeleton) {
			asleep := false
			s.atPause(func(*visitor) { asleep = true })
			s.handle = func(c *visitor, p packet) {
				if !asleep {
					s.obey(c, p)
				}
				asleep = false
			}
		}},
	}
}
