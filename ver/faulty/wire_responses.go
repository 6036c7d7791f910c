package faulty

import (
	"strings"
	"time"
)

// The faults in this file answer wrongly, or unasked. On the wire a callback is seen
// only by what is answered. So an echo that comes back altered breaks SRS-008, the way
// there, and SRS-042, the way back, alike; and a callback that answers otherwise
// than its profile says looks like one that was not handed its command as it
// should have been: SRS-008, and for the kinds of packets that have requirements
// of their own SRS-007, SRS-029 and SRS-030. Only the API tells these apart.

// pongFaults answer ping wrongly.
var pongFaults = []wireFault{
	{"pong-newline", "answers ping with pong and an empty packet", srs("004", "019"), onPing("pong\n")},
	{"pong-to-callback", "answers ping with pong, and hands it to the callback too", srs("004", "019"), onPing("pong", "nak - unknown cmd")},
	{"no-ping", "hands ping to the callback", srs("004"), onPing("nak - unknown cmd")},
}

// onPing answers ping in another way.
func onPing(responses ...string) func(*skeleton) {
	return except(func(p packet) bool { return p.text == "ping" }, func(c *visitor, _ packet) { c.respond(responses...) })
}

// frameFaults spoil responses on their way. Those that spoil each in the same way
// break what says how a response is sent and what ping and cmd01 are answered; all
// else is shown by answers, and is not shown.
var frameFaults = []wireFault{
	{"response-crlf", "ends packets by a carriage return and a line feed", srs("004", "042", "047"), frames(func(response string) string { return response + "\r\n" })},
	{"response-two-feeds", "ends packets by two line feeds", srs("004", "019", "042", "047"), frames(func(response string) string { return response + "\n\n" })},
	{"response-prompt", "sends a prompt after each packet", srs("004", "019", "042", "047"), frames(func(response string) string { return response + "\n> " })},
	{"response-cut-at-4096", "sends the first 4096 bytes of a response only", srs("008", "042"), frames(func(response string) string {
		return response[:min(len(response), 4096)] + "\n"
	})},
	{"response-trimmed", "trims responses", srs("008", "024", "026", "042"), frames(func(response string) string { return strings.TrimSpace(response) + "\n" })},
	{"response-as-format", "takes responses for formats without arguments", srs("008", "042"), frames(func(response string) string {
		return strings.NewReplacer("%%", "%", "%d", "0", "%s", "").Replace(response) + "\n"
	})},
	{"late-reader-loses", "loses what a client has not taken after 30 ms", srs("018"), onSending(func(c *visitor, text string) {
		for waits := 0; waits < 3 && text != ""; waits++ { // a busy machine may spoil one of them
			_ = c.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
			if n, _ := c.Write([]byte(text)); n > 0 {
				text, waits = text[n:], -1
			}
		}
	})},
	{"multiple-of-256-lost", "sends nothing where the length of a response is a multiple of 256", srs("008", "042"), frames(func(response string) string {
		if n := len(response); n > 0 && n%256 == 0 {
			return ""
		}
		return response + "\n"
	})},
	{"empty-response-lost", "sends nothing where a response is empty", srs("008", "018", "042"), frames(func(response string) string {
		if response == "" {
			return ""
		}
		return response + "\n"
	})},
}

// silentFaults do not answer in time, whatever the command is. Nothing can be
// learned of such a server but that.
var silentFaults = []wireFault{
	{"output-not-flushed", "sends responses only when there are 64 KiB of them", srs("004", "020", "047"), onSending(func(c *visitor, text string) {
		if c.held = append(c.held, text...); len(c.held) >= 64<<10 {
			_, _ = c.Write(c.held)
			c.held = nil
		}
	})},
	{"answers-at-end", "reads what a client sends to its end before it answers", srs("004", "020", "047"), func(s *skeleton) {
		s.send = func(c *visitor, text string) { c.held = append(c.held, text...) }
		s.ended = func(c *visitor, _ error) {
			c.flush()
			_, _ = c.Write(c.held)
		}
	}},
	{"answers-with-next", "sends the responses of a command when the next one comes", srs("004", "020", "047"), onSending(func(c *visitor, text string) {
		_, _ = c.Write(c.held)
		c.held = []byte(text)
	})},
}

// answerFaults lose, double or move the responses of the callback.
var answerFaults = []wireFault{
	{"callback-twice", "hands commands to the callback twice", srs("007", "008", "029", "030", "047"), altersResponses(func(all []string) []string { return append(all, all...) })},
	{"first-response-only", "sends the first response of a command only", srs("018"), altersResponses(func(all []string) []string { return all[:min(len(all), 1)] })},
	{"no-response-is-empty", "sends an empty packet where a command has no response", srs("018"), altersResponses(func(all []string) []string {
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
			c.obey(p)
			c.respond(due...)
		}
		s.answer = func(p packet) []string {
			all := sample(p)
			if last := len(all) - 1; last > 0 {
				all, late = all[:last], all[last:]
			}
			return all
		}
	}},
	{"commands-in-lower-case", "makes commands lower case before the callback gets them", srs("008", "026", "042", "047"), altersCommands(strings.ToLower)},
	{"commands-trimmed", "trims commands before the callback gets them", srs("008", "024", "026", "042", "047"), altersCommands(strings.TrimSpace)},
	{"empty-ignored", "ignores the empty packet", srs("029"), onEmpty(func(*visitor, packet) {})},
	{"empty-closes", "takes the empty packet for the end", srs("029"), onEmpty(func(c *visitor, _ packet) { c.gone = true })},
	{"empty-twice", "answers the empty packet twice", srs("029"), onEmpty(twice)},
	{"empty-repeats", "takes the empty packet for the last command again", srs("029"), func(s *skeleton) {
		last := ""
		altersText(func(text string) string {
			if text != "" {
				last = text
			}
			return last
		})(s)
	}},
	{"sample-ok", "answers cmd01 with ok", srs("008", "047"), samples(func(_, answer string) string { return strings.Replace(answer, "ack", "ok", 1) })},
	{"sample-any-number", "answers cmd02 like cmd01", srs("047"), samples(func(command, answer string) string {
		if command == "cmd02" {
			return "ack"
		}
		return answer
	})},
	{"sample-any-case", "answers CMD01 like cmd01", srs("047"), samples(func(command, answer string) string {
		if strings.EqualFold(command, "cmd01") {
			return "ack"
		}
		return answer
	})},
}

// altersResponses changes what the callback answers.
func altersResponses(change func([]string) []string) func(*skeleton) {
	return answers(func(p packet) []string { return change(sample(p)) })
}

// altersCommands changes what the callback is handed.
func altersCommands(change func(string) string) func(*skeleton) {
	return answers(func(p packet) []string {
		p.text = change(p.text)
		return sample(p)
	})
}

// samples changes what the sample application answers where it answers once.
func samples(change func(command, answer string) string) func(*skeleton) {
	return answers(func(p packet) []string {
		all := sample(p)
		if len(all) == 1 && !strings.HasPrefix(p.text, "echo ") {
			return []string{change(p.text, all[0])}
		}
		return all
	})
}

// onEmpty does something else with the empty packet.
func onEmpty(instead func(c *visitor, p packet)) func(*skeleton) {
	return except(func(p packet) bool { return p.text == "" && !p.cut }, instead)
}

// unaskedFaults send what nobody asked for.
var unaskedFaults = []wireFault{
	{"greeting", "greets a client", srs("019"), func(s *skeleton) {
		s.enter = func(c *visitor) { c.send(c, "welcome\n") }
	}},
	{"greeting-late", "greets a client that has sent nothing for a while", srs("019"), func(s *skeleton) {
		s.handle = func(c *visitor, p packet) {
			c.marked = true
			c.obey(p)
		}
		atPause(func(c *visitor) {
			if !c.marked {
				c.send(c, "are you there?\n")
			}
			c.marked = true
		})(s)
	}},
	{"heartbeat", "sends a heartbeat to a client that is idle after its second command", srs("019"), func(s *skeleton) {
		s.handle = func(c *visitor, p packet) {
			c.count++
			c.obey(p)
		}
		atPause(func(c *visitor) {
			if c.count == 2 {
				c.send(c, "alive\n")
				c.count++
			}
		})(s)
	}},
}
