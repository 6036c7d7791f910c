package ver

import (
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var severalCommands = play.Protocol{
	ID: "TP-006", Title: "two commands in one string",
	Objective:     "The commands of one segment are handled one at a time and in order.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-023: The server shall handle the commands of one segment one at a
		// time and in order: the responses of one shall be complete before those
		// of the next.
		{
			Title: "answers two pings in one segment by two pongs",
			IDs:   srs("023"),
			Needs: play.Pongs,
			Play: play.Script(
				client.Connects,
				client.Sends("ping\nping\n"), client.Gets("pong", "pong"),
				client.GetsNothingElse, client.Hears(play.Nothing),
			),
		},

		{
			Title: "answers a command and a half at once, and the rest later",
			IDs:   srs("023", "022"),
			Needs: play.Pongs,
			Play: play.Script(
				client.Connects,
				client.Sends("ping\npi"), client.Gets("pong"),
				client.Sends("ng\n"), client.Gets("pong"),
				client.GetsNothingElse,
				play.About(srs("023"),
					client.Sends("ping\npi"), client.Gets("pong"),
					client.Sends("ng\nping\n"), client.Gets("pong", "pong"),
					client.GetsNothingElse),
			),
		},

		{
			Title: "answers the commands of the application in order",
			IDs:   srs("023"),
			App:   play.Commands,
			Play: play.Func(func(t *play.Trial) {
				stated := t.Profile().Commands
				if empty := t.Profile().Empty; empty != nil { // the last, so that the segment ends in two line feeds
					stated = append(slices.Clone(stated), target.Dialogue{Expect: *empty})
				}
				commands := t.AnsweredAlone(stated)
				if len(commands) == 0 {
					t.Block("no command of the profile is answered as it says")
				}
				var all []target.Dialogue
				for range 3 {
					for _, d := range commands {
						all = append(all, t.Known(), d)
					}
				}
				t.Play(client.Connects, asksAtOnce(all), client.GetsNothingElse)
			}),
		},

		{
			Title: "completes the responses of one command before those of the next",
			IDs:   srs("023"),
			App:   play.Commands,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				commands := p.Several()
				if len(commands) == 0 {
					commands = p.Singles()
				}
				return play.Steps(client.Connects, play.Each(commands, asksBeforeAnother))
			}),
		},
	},
}

// asksBeforeAnother sends a command, and one whose answer is known, in one segment.
func asksBeforeAnother(d target.Dialogue) play.Step {
	return func(t *play.Trial) bool {
		conn, last := client.Conn(t), t.Known()
		t.Step("%s sends %q and %q in one segment; nothing comes after the answer to the second, whatever that to the first is", client, d.Send, last.Send)
		_ = conn.Send(d.Send + "\n" + last.Send + "\n")
		answered, after := false, target.Nothing
		for range 2*len(d.Expect) + 10 {
			var event target.Event
			if answered {
				event = conn.Listen(t)
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
		return t.Verify("the second command is answered", answered, play.IsTrue) && t.Verify("what comes after the answer to the second", after, play.Nothing)
	}
}

var packets = play.Protocol{
	ID: "TP-011", Title: "packets and segments",
	Objective:     "A command is what stands before a line feed, however it arrives.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-022: The server shall handle a command alike in however many TCP
		// segments it arrives.
		{Title: "answers ping in every split into segments", IDs: srs("022"), Needs: play.Pongs, Play: play.Script(
			client.Connects,
			play.Say("the client sends ping in each of its splits into segments; each is answered by one pong",
				play.Each(splits("ping\n"), func(parts []string) play.Step {
					return play.Steps(client.SendsInSegments(parts...), client.Gets("pong"))
				})),
			client.GetsNothingElse,
		)},

		{
			Title: "loses no blank where a segment ends",
			IDs:   srs("022"),
			App:   play.Echo,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				d := p.Echoing("a \t \r b")
				return play.Steps(client.Connects, client.CanAsk(d), client.AsksCutInEveryPlace(d), client.GetsNothingElse)
			}),
		},

		{
			Title: "answers long commands whose line feed comes in a segment of its own",
			IDs:   srs("022"),
			App:   play.Otherwise,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, play.Say("the client sends commands of lengths around the sizes of buffers, whole, and with the line feed in a segment of its own; both are answered alike",
					play.Some(buffers(p), func(n int) play.Step {
						d := echoOrUnknown(p, n)
						return play.Steps(client.CanAsk(d), client.AsksWithLateLineFeed(d))
					})))
			}),
		},

		{
			Title: "cuts no character where a segment ends",
			IDs:   srs("022"),
			App:   play.Encoding | play.Echo,
			Phase: play.NotASCII,
			Play: play.Func(func(t *play.Trial) {
				t.Play(client.Connects)
				for _, text := range []string{"\u00e9", "\u65e5", "\U0001F600"} {
					d := t.Profile().Echoing(text)
					if t.Profile().Encoding == "ascii" {
						d.Expect = *t.Profile().Invalid
					}
					if !t.Play(client.CanAsk(d), client.AsksCutInEveryPlace(d)) {
						return
					}
				}
				t.Play(client.GetsNothingElse)
			}),
		},

		{
			Title: "closes on a disconnect that comes byte by byte",
			IDs:   srs("022"),
			Needs: play.Pongs | play.OutlivesDisconnect | play.ClosesOnDisconnect,
			Play: play.Script(
				client.Connects,
				client.SendsInSegments(strings.Split("ping\ndisconnect\n", "")...), client.Gets("pong"), client.SeesTheEndAtLast,
			),
		},

		// SRS-009: The byte 0x0A shall end a command, and nothing else shall: no
		// other byte, no end of a segment, no pause.
		//
		// SRS-019: The server shall send no packet that no command asked for.
		{
			Title: "waits for the line feed",
			IDs:   srs("009", "019", "003"),
			Needs: play.Pongs,
			Play:  play.Func(waitForLineFeed),
		},

		{Title: "does not end a command at any other ASCII byte", IDs: srs("009"), Play: play.Script(
			play.Needs(play.TellsPingFromXPing),
			client.Connects, client.SendsLookalikesInVain("a word, one other byte and ping, for every other byte below 0x80", around("word", "ping")...), client.Leaves,
			play.Needs(play.TellsPingFromPingX), // who cuts a text at a NUL ends no command there
			next.Connects, next.SendsLookalikesInVain("the same with ping before and the word behind, but for NUL", around("ping", "word")[1:]...),
		)},

		{
			Title: "does not end a command at any length",
			IDs:   srs("009"),
			App:   play.MaxPacket,
			Needs: play.TellsPingFromXPing,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				var commands []string
				for n := 64; n <= p.MaxPacket-len("ping"); n *= 2 { // a server that ends a command after n bytes finds ping behind it
					commands = append(commands, filler(n)+"ping")
				}
				return play.Steps(client.Connects, client.SendsLookalikesInVain("commands that end in ping behind as many bytes as a buffer may have", commands...))
			}),
		},

		{
			Title: "does not end a command at a byte from 0x80 on",
			IDs:   srs("009"),
			Needs: play.SurvivesInvalid | play.TellsPingFromPingX | play.TellsPingFromXPing,
			Phase: play.NotASCII,
			Play: play.Script(
				client.Connects, client.SendsLookalikesInVain("ping, one other byte and ping, for every byte from 0x80 on", aroundHigh("ping", "ping")...),
			),
		},

		{
			Title: "does not end a command at a line end of Unicode",
			IDs:   srs("009"),
			Needs: play.SurvivesInvalid | play.TellsPingFromXPing,
			Phase: play.NotASCII,
			Play: play.Script(
				client.Connects,
				client.SendsLookalikesInVain("a word and ping with the next line, a line separator or a paragraph separator between them",
					"word\u0085ping", "word\u2028ping", "word\u2029ping"),
			),
		},

		// SRS-024: The server shall take a carriage return for an ordinary byte
		// of the command.
		{Title: "takes a carriage return for an ordinary byte", IDs: srs("024"), Play: play.Script(
			play.Needs(play.TellsPingFromXPing),
			client.Connects,
			client.SendsLookalikesInVain("ping and disconnect with a carriage return before or within them", "\rping", "\rdisconnect", "pi\rng", "\r", "word\rping"),
			client.Leaves,
			play.Needs(play.TellsPingFromPingX),
			client.Connects, client.SendsLookalikesInVain("ping with a carriage return after it", "ping\r", "ping\r\r"), client.Leaves,
			play.Needs(play.TellsDisconnectFromDisconnectX),
			client.Connects, client.SendsLookalikesInVain("disconnect with a carriage return after it", "disconnect\r", "disconnect\r\r"), client.Leaves,
			client.Connects, client.SendsLookalikesInSegments(play.Like("no such command"), "ping\r", "\ndisconnect\r", "\n"),
		)},

		{
			Title: "hands a carriage return to the callback",
			IDs:   srs("024"),
			App:   play.Echo,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, client.CanAsk(p.Echoing("a b")), client.SendsAndGetsBack("a\r", "\ra", "\r", "a\rb\r\r"), client.GetsNothingElse)
			}),
		},
	},
}

// waitForLineFeed pauses within a command, while a further client waits. What goes wrong
// then counts if it does without the further client, too.
func waitForLineFeed(t *play.Trial) {
	c, stall := t.Connect(), t.Pace.Limits.Stall*3/4
	t.Step("a second client connects and sends ping; send ping without its line feed, and pause for %s; nothing comes to either", stall)
	waiting := t.DialFurther()
	_ = waiting.Send("ping\n")
	early := pausesInPing(t, c, stall)
	t.Verify("what comes to the second client", waiting.Poll(t, t.Pace.Limits.Pause), play.NothingOrTheEnd, "SRS-003")
	t.Step("send the line feed; pong comes, once")
	_ = c.Send("\n")
	event := c.Receive(t)
	if (early != target.Nothing || event != target.Packet("pong")) && !t.Rehearses() {
		c.Leave(t)
		waiting.Leave(t)
		c = t.Connect()
		early = pausesInPing(t, c, stall)
		_ = c.Send("\n")
		event = c.Receive(t)
	}
	if _, packet := early.IsPacket(); packet && event == target.Packet("pong") {
		t.Verify("what came in the pause, which has not ended the command", early, play.Nothing, "SRS-019")
		return
	}
	if t.Verify("what came in the pause", early, play.Nothing, "SRS-009") {
		t.Verify("what came in the pause", early, play.Nothing, "SRS-019")
	}
	t.Verify("the next packet", event, play.Packet("pong"), "SRS-009")
	t.About("SRS-009")
	t.NoMore(c)
}

// pausesInPing sends ping without its line feed, and gives what comes in the pause.
func pausesInPing(t *play.Trial, c *target.Conn, stall time.Duration) target.Event {
	_ = c.Send("ping")
	target.Pause(t, stall-t.Pace.Quiet()) // it is listened to for the rest
	return c.Listen(t)
}

// echoOrUnknown is a command of n bytes: a text to be echoed, where the profile states how, or
// else one that it does not name.
func echoOrUnknown(p *target.Profile, n int) target.Dialogue {
	if p.Echo == "" {
		return target.Dialogue{Send: filler(n), Expect: *p.Otherwise}
	}
	return p.Echoing(play.Pattern(n - len(p.Echo)))
}

// buffers gives lengths around the sizes of buffers that no maximum forbids.
func buffers(p *target.Profile) []int {
	var all []int
	for _, size := range []int{64, 128, 256, 258, 260, 512, 1024, 2048, 4096, 8192} {
		for n := size - 2; n <= size+2; n++ {
			if n < upTo(p, 1<<16) {
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

// filler is a packet of n bytes that is no command of anybody's.
func filler(n int) string { return strings.Repeat("L", max(n, 0)) }

// asksEach sends commands one by one, each with one after it that shows that
// nothing more was answered.
func asksEach(dialogues []target.Dialogue) play.Step {
	return play.Each(dialogues, func(d target.Dialogue) play.Step {
		return play.Steps(client.Asks(d), client.GetsNothingElse)
	})
}

// asksAtOnce sends commands in one segment, and verifies all their answers.
func asksAtOnce(dialogues []target.Dialogue) play.Step {
	var segment strings.Builder
	var want []target.Response
	for _, d := range dialogues {
		segment.WriteString(d.Send + "\n")
		want = append(want, d.Expect...)
	}
	return play.Steps(client.Sends(segment.String()), client.GetsAll(want))
}
