package ver

import (
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

var severalCommands = protocol{
	id: "TP-006", title: "two commands in one string",
	objective:     "The commands of one segment are handled one at a time and in order.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-023: The server shall handle the commands of one segment one at a
		// time and in order: the responses of one shall be complete before those
		// of the next.
		{title: "answers two pings in one segment by two pongs", ids: srs("023"), needs: []ability{pongs}, play: script(
			client.connects,
			client.sends("ping\nping\n"), client.gets("pong", "pong"),
			client.getsNoMore, client.hears(nothing),
		)},

		{title: "answers a command and a half at once, and the rest later", ids: srs("023", "022"), needs: []ability{pongs}, play: script(
			client.connects,
			client.sends("ping\npi"), client.gets("pong"),
			client.sends("ng\n"), client.gets("pong"),
			client.getsNoMore,
			about(srs("023"),
				client.sends("ping\npi"), client.gets("pong"),
				client.sends("ng\nping\n"), client.gets("pong", "pong"),
				client.getsNoMore),
		)},

		{title: "answers the commands of the application in order", ids: srs("023"), app: []part{commands}, play: act(func(t *trial) {
			commands := t.sound(t.Profile().Commands)
			if len(commands) == 0 {
				t.block("no command of the profile is answered as it says")
			}
			var all []target.Dialogue
			for range 3 {
				for _, d := range commands {
					all = append(all, d, t.known())
				}
			}
			t.play(client.connects, client.asksAtOnce(all), client.getsNoMore)
		})},

		{
			title: "completes the responses of one command before those of the next",
			ids:   srs("023"), app: []part{commands}, play: act(func(t *trial) {
				commands := t.several()
				if len(commands) == 0 {
					commands = t.singles()
				}
				t.play(client.connects, each(commands, asksBeforeAnother))
			}),
		},
	},
}

// asksBeforeAnother sends a command, and one whose answer is known, in one segment.
func asksBeforeAnother(d target.Dialogue) step {
	return func(t *trial) bool {
		conn, last := client.conn(t), t.known()
		t.step("%s sends %q and %q in one segment; nothing comes after the answer to the second, whatever that to the first is", client, d.Send, last.Send)
		_ = conn.Send(d.Send + "\n" + last.Send + "\n")
		answered, after := false, target.Nothing
		for range 2*len(d.Expect) + 10 {
			var event target.Event
			if answered {
				event = t.listen(conn)
			} else {
				event = conn.Receive(t)
			}
			if _, more := event.IsPacket(); !more {
				break
			}
			if answered {
				after = event
			}
			answered = answered || last.Expect[0].Matches(event)
		}
		return t.verify("the second command is answered", answered, isTrue) && t.verify("what comes after the answer to the second", after, nothing)
	}
}

var packets = protocol{
	id: "TP-011", title: "packets and segments",
	objective:     "A command is what stands before a line feed, however it arrives.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-022: The server shall handle a command alike in however many TCP
		// segments it arrives.
		{title: "answers ping in every split into segments", ids: srs("022"), needs: []ability{pongs}, play: script(
			client.connects,
			say("the client sends ping in each of its splits into segments; each is answered by one pong",
				each(splits("ping\n"), func(parts []string) step {
					return func(t *trial) bool { return t.play(client.sendsInSegments(parts...), client.gets("pong")) }
				})),
			client.getsNoMore,
		)},

		{title: "loses no blank where a segment ends", ids: srs("022"), app: []part{echo}, play: act(func(t *trial) {
			d := t.echo("a \t \r b")
			t.play(client.connects, client.obeys(d), client.asksCutAnywhere(d), client.getsNoMore)
		})},

		{title: "answers long commands whose line feed comes in a segment of its own", ids: srs("022"), app: []part{otherwise}, play: act(func(t *trial) {
			t.play(client.connects, say("the client sends commands of lengths around the sizes of buffers, whole, and with the line feed in a segment of its own; both are answered alike",
				each(buffers(t), func(n int) step {
					d := sized(t, n)
					return func(t *trial) bool { return t.play(client.obeys(d), client.asksInSegments(d)) }
				})))
		})},

		{
			title: "cuts no character where a segment ends",
			ids:   srs("022"), app: []part{encoding, echo}, danger: notASCII, play: act(func(t *trial) {
				t.play(client.connects)
				for _, text := range []string{"\u00e9", "\u65e5", "\U0001F600"} {
					d := t.echo(text)
					if t.Profile().Encoding == "ascii" {
						d.Expect = *t.Profile().Invalid
					}
					if !t.play(client.obeys(d), client.asksCutAnywhere(d)) {
						return
					}
				}
				t.play(client.getsNoMore)
			}),
		},

		{
			title: "closes on a disconnect that comes byte by byte",
			ids:   srs("022"), needs: []ability{pongs, outlivesDisconnect}, play: script(
				client.connects,
				client.sendsInSegments(strings.Split("ping\ndisconnect\n", "")...), client.gets("pong"), client.waitsForTheEnd,
				given(next.connects, next.sends("disconnect\n"), next.seesTheEnd),
				client.seesTheEnd,
			),
		},

		// SRS-009: The byte 0x0A shall end a command, and nothing else shall: no
		// other byte, no end of a segment, no pause.
		//
		// SRS-019: The server shall send no packet that no command asked for.
		{title: "waits for the line feed", ids: srs("009", "019"), needs: []ability{pongs}, play: act(waitForLineFeed)},

		{title: "takes no other ASCII byte for the end of a command", ids: srs("009"), play: script(
			client.connects, client.sendsNoPing("a word, one other byte and ping, for every other byte below 0x80", around("word", "ping")...), client.leaves,
			needs(tellsLongerPings),
			next.connects, next.sendsNoPing("the same with ping before and the word behind", around("ping", "word")...),
		)},

		{title: "takes no length for the end of a command", ids: srs("009"), app: []part{maxPacket}, play: act(func(t *trial) {
			var commands []string
			for n := 64; n <= t.Profile().MaxPacket-len("ping"); n *= 2 {
				commands = append(commands, long(n)+"ping")
			}
			t.play(client.connects, client.sendsNoPing("commands that end in ping behind as many bytes as a buffer may have", commands...))
		})},

		{
			title: "takes no byte from 0x80 on for the end of a command",
			ids:   srs("009"), needs: []ability{survivesInvalid}, danger: notASCII, play: script(
				client.connects, client.sendsNoPing("ping, one other byte and ping, for every byte from 0x80 on", aroundHigh("ping", "ping")...),
			),
		},

		{
			title: "takes no line end of Unicode for the end of a command",
			ids:   srs("009"), needs: []ability{survivesInvalid}, danger: notASCII, play: script(
				client.connects,
				client.sendsNoPing("a word and ping with the next line, a line separator or a paragraph separator between them",
					"word\u0085ping", "word\u2028ping", "word\u2029ping"),
			),
		},

		// SRS-024: The server shall take a carriage return for an ordinary byte
		// of the command.
		{title: "takes a carriage return for an ordinary byte", ids: srs("024"), play: script(
			client.connects,
			client.sendsNoPing("ping and disconnect with a carriage return before or within them", "\rping", "\rdisconnect", "pi\rng", "\r", "word\rping"),
			client.leaves,
			needs(tellsLongerPings),
			client.connects, client.sendsNoPing("ping with a carriage return after it", "ping\r", "ping\r\r"), client.leaves,
			needs(tellsLongerDisconnects),
			client.connects, client.sendsNoPing("disconnect with a carriage return after it", "disconnect\r", "disconnect\r\r"), client.leaves,
			client.connects, client.sendsNoPingInSegments("no such command", "ping\r", "\ndisconnect\r", "\n"),
		)},

		{title: "hands a carriage return to the callback", ids: srs("024"), app: []part{echo}, play: act(func(t *trial) {
			t.play(client.connects, client.obeys(t.echo("a b")), client.echoes("a\r", "\ra", "\r", "a\rb\r\r"), client.getsNoMore)
		})},
	},
}

// waitForLineFeed pauses within a command.
func waitForLineFeed(t *trial) {
	c, stall := t.connect(), t.Pace().Limits().Stall
	t.step("send ping without its line feed, and pause for %s; nothing comes", stall)
	_ = c.Send("ping")
	t.pause(stall - t.Pace().Quiet()) // it is listened to for the rest
	early := t.listen(c)
	t.step("send the line feed; pong comes, once")
	_ = c.Send("\n")
	event := c.Receive(t)
	if _, packet := early.IsPacket(); packet && event == target.Packet("pong") {
		t.verify("what came in the pause, which has not ended the command", early, nothing, "SRS-019")
		return
	}
	if t.verify("what came in the pause", early, nothing, "SRS-009") {
		t.verify("what came in the pause", early, nothing, "SRS-019")
	}
	t.verify("the next packet", event, packet("pong"), "SRS-009")
	t.About("SRS-009")
	t.noMore(c)
}

// sized is a command of n bytes: a text to be echoed, where the profile states how, or
// else one that it does not name.
func sized(t *trial, n int) target.Dialogue {
	if p := t.Profile(); p.Echo == "" {
		return target.Dialogue{Send: long(n), Expect: *p.Otherwise}
	}
	return t.echo(pattern(n - len(t.Profile().Echo)))
}

// buffers gives lengths around the sizes of buffers that no maximum forbids.
func buffers(t *trial) []int {
	var all []int
	for _, size := range []int{64, 128, 256, 258, 260, 512, 1024, 2048, 4096, 8192} {
		for n := size - 2; n <= size+2; n++ {
			if n < roomy(t, 1<<16) {
				all = append(all, n)
			}
		}
	}
	return all
}

// around puts every byte below 0x80 but the line feed between two words.
func around(before, after string) []string {
	var commands []string
	for b := range 0x80 {
		if b != '\n' {
			commands = append(commands, before+string(rune(b))+after)
		}
	}
	return commands
}

// aroundHigh does the same with every byte from 0x80 on. The next line, and the
// line feed with its highest bit set, come first.
func aroundHigh(before, after string) []string {
	commands := []string{before + "\x85" + after, before + "\x8a" + after}
	for b := 0x80; b < 0x100; b++ {
		if b != 0x85 && b != 0x8a {
			commands = append(commands, before+string([]byte{byte(b)})+after)
		}
	}
	return commands
}

// splits gives every way of cutting a text into parts, that into most parts first.
func splits(text string) [][]string {
	var all [][]string
	for cuts := 1<<(len(text)-1) - 1; cuts >= 0; cuts-- {
		var parts []string
		begin := 0
		for i := 1; i < len(text); i++ {
			if cuts&(1<<(i-1)) != 0 {
				parts = append(parts, text[begin:i])
				begin = i
			}
		}
		all = append(all, append(parts, text[begin:]))
	}
	return all
}

// long is a packet of n bytes that is no command of anybody's.
func long(n int) string { return strings.Repeat("L", max(n, 0)) }
