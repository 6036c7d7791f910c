package ver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var matching = play.Protocol{
	ID: "TP-012", Title: "exact matching",
	Objective:     "A predefined command is the whole packet, byte for byte, in lower case.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-025: The server shall take a packet for a predefined command only
		// where it is that command byte for byte: in lower case, whole, and
		// nothing added.
		{Title: "answers pong to nothing but ping", IDs: srs("025"), Play: play.Script(
			client.Connects, client.SendsLookalikesInVain("what resembles ping", resembling("ping")...),
		)},

		{Title: "closes on nothing but disconnect", IDs: srs("025"), Play: play.Script(
			client.Connects, client.SendsLookalikesInVain("what resembles disconnect", resembling("disconnect")...),
		)},

		{
			Title: "closes on nothing but disconnect as the first command of a connection",
			IDs:   srs("025"),
			Needs: play.Pongs,
			Play: play.Script(
				client.Connects, client.Leaves,
				next.BeginsWith(" disconnect\n"), next.Sends("ping\n"), next.GetsOnePong(`after " disconnect" and one ping`),
			),
		},

		{
			Title:   "stops on nothing but shutdown",
			IDs:     srs("025"),
			Observe: target.Stop, // a faulty server may stop
			Phase:   play.NearShutdown,
			Play: play.Script(
				client.Connects, client.SendsLookalikesInVain("what resembles shutdown", resembling("shutdown")...), client.Leaves,
				next.IsServed,
			),
		},

		// SRS-028: The server shall not take an invalid packet for a predefined
		// command.
		{
			Title: "does not take an invalid packet for ping as the first command of a connection",
			IDs:   srs("028"),
			Needs: play.Pongs | play.SurvivesInvalid,
			Phase: play.NotASCII,
			Play: play.Script(
				client.Connects, client.Leaves,
				next.BeginsWith("\xef\xbb\xbfping\n"), next.Sends("ping\n"), next.GetsOnePong("after a byte order mark with ping, and one ping"),
			),
		},
	},
}

// resembling gives packets that a careless comparison takes for a predefined
// command.
func resembling(command string) []string {
	upper, n := strings.ToUpper(command), len(command)
	return []string{
		upper, command + " ", upper[:1] + command[1:], command[:n-1] + upper[n-1:],
		" " + command, "\t" + command, command + "\t", command + "\x00", "\x00" + command,
		command + "\v", command + "\x1f", // white space to some
		command + "x", "x" + command, command[:n-1], command[1:], command + command, command + " " + command,
		command + ".", "/" + command, "\"" + command + "\"", command + "\r", command + " now",
		// What terminals and decoders eat.
		command[:n-1] + "x\b" + command[n-1:], command + "x\x7f", command + "\x1a", "'" + command + "'",
		"\x1b[A" + command, command + "\x1b[0m", "\x1b]0x\a" + command,
		command + `\n`, fmt.Sprintf("%%%x%s", command[0], command[1:]), fmt.Sprintf(`\x%x%s`, command[0], command[1:]),
	}
}

var responses = play.Protocol{
	ID: "TP-013", Title: "commands and responses of the application",
	Objective:     "The callback gets every command unaltered, and its responses reach the client unaltered.",
	Preconditions: onTheWire,
	Specs: []play.Spec{
		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-042: The server shall send the bytes of a response unaltered,
		// whatever they are but 0x0A, and shall end the packet by one 0x0A.
		{
			Title: "echoes commands of every length around the sizes of buffers",
			IDs:   srs("008", "042"),
			App:   play.Echo | play.MaxPacket,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				prefix := len(p.Echo)
				return play.Steps(
					client.Connects, client.CanAsk(p.Echoing("a")),
					play.Say("the client sends texts of many lengths to be echoed; each comes back unaltered",
						play.Some(lengths(p, prefix+1), func(n int) play.Step { // of the command, or of its answer
							return client.SendsAndGetsBack(play.Pattern(n-prefix), p.Fit(play.Pattern(n)))
						})),
					client.GetsNothingElse,
				)
			}),
		},

		{
			Title: "echoes blanks, empty texts, control bytes, escapes and placeholders",
			IDs:   srs("008", "042"),
			App:   play.Echo,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(
					client.Connects, client.CanAsk(p.Echoing("a")),
					client.SendsAndGetsBack(" a", "a ", "a  b", "  ", "\ta\t", "", "", "a", "ABC abc", "a\x00b", "a=b;c,d", "a\rb\r", "a\b\v\f\x1bb", "a\x7fb",
						"%41", `\x41`, `\n`, `a\`, `"a"`, "'a'", "a\x1b[31mb", "a\x04\x1a", "&amp;$HOME`a`",
						// What formats, templates and substitutions take for places to fill in.
						"100%", "a%%b", "%d %s %x %f", "%(a)s", "%1$s", "{0} {} {a}", "{{a}}", "$1 $& ${a} $(a)", "#{a}", `\1 \0 \g<0> &`, "@a <a> %n"),
					client.GetsNothingElse,
				)
			}),
		},

		{
			Title: "ends every response by one line feed",
			IDs:   srs("042"),
			App:   play.TextCommand,
			Play:  play.Func(framing),
		},

		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		{
			Title: "sends an empty response",
			IDs:   srs("018"),
			App:   play.Echo,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(
					client.Connects, client.CanAsk(p.Echoing(" ")), // a server that trims commands is the subject of SRS-008
					client.SendsAndGetsBack(""), client.GetsNothingElse,
				)
			}),
		},

		{
			Title: "answers commands of every length around the sizes of buffers",
			IDs:   srs("008"),
			App:   play.Otherwise | play.MaxPacket,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(
					client.Connects,
					play.Say("the client sends commands of many lengths that the profile does not name; each is answered as it says",
						play.Some(lengths(p, 1), func(n int) play.Step {
							return client.Asks(target.Dialogue{Send: filler(n), Expect: *p.Otherwise})
						})),
					client.GetsNothingElse,
				)
			}),
		},

		{
			Title: "answers any other command as the profile says",
			IDs:   srs("008"),
			App:   play.Otherwise,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, play.Each([]string{"no such command", "x", "pong", "connect", "0", "100%", "a%%d%s%n", "{0}${a}"}, func(command string) play.Step {
					return client.Asks(target.Dialogue{Send: command, Expect: *p.Otherwise})
				}), client.GetsNothingElse)
			}),
		},

		// SRS-023: The server shall handle the commands of one segment one at a
		// time and in order: the responses of one shall be complete before those
		// of the next.
		{
			Title: "echoes hundreds of commands sent at once",
			IDs:   srs("023"),
			App:   play.Echo,
			Phase: play.Lengthy,
			Play:  play.Func(echoHundreds),
		},

		// SRS-026: The server shall take every byte below 0x80 but 0x0A, NUL and
		// other control bytes too, for a valid byte of a command.
		{
			Title: "echoes every byte below 0x80",
			IDs:   srs("026", "042"),
			App:   play.Echo,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				all := strings.Join(around("", ""), "")
				return play.Steps(
					client.Connects, client.CanAsk(p.Echoing("a")),
					play.Say("the client sends every byte below 0x80 but 0x0A to be echoed, all in one and alone; each comes back unaltered",
						client.SendsAndGetsBack(p.Fit(all), p.Fit(all[64:]+all[:64])), client.SendsAndGetsBack(around("", "")...)),
					client.GetsNothingElse,
				)
			}),
		},

		// SRS-029: The server shall hand the empty packet to the callback as a
		// command like any other.
		{
			Title: "hands the empty packet to the callback",
			IDs:   srs("029"),
			App:   play.Empty,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, client.Asks(target.Dialogue{Expect: *p.Empty}), client.GetsNothingElse)
			}),
		},

		{
			Title: "hands each of several empty packets to the callback",
			IDs:   srs("029"),
			App:   play.Empty,
			Needs: play.AnswersPairs,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				one := target.Dialogue{Expect: *p.Empty}
				return play.Steps(client.Connects, asksAtOnce([]target.Dialogue{one, one, one}), client.GetsNothingElse)
			}),
		},
	},
}

// framing verifies how responses end. What they say is the subject of others.
func framing(t *play.Trial) {
	t.Play(client.ConnectsSilently)
	c, shown := client.Conn(t), false
	for _, d := range t.Profile().Singles() {
		t.Step("send %q; a response with the text of %s is just that, with nothing but its line feed after it", d.Send, d.Expect[0])
		_ = c.Send(d.Send + "\n")
		event := c.Receive(t)
		if !d.Expect[0].In(event) && !t.Rehearses() {
			continue
		}
		shown = true
		if !t.Verify("the response", event, play.Response(d.Expect[0])) || !t.Verify("what comes after it", c.Listen(t), noScrap) {
			return
		}
	}
	if !shown {
		t.Block("no command of the profile is answered by a response with its text")
	}
}

// echoHundreds has many different texts echoed that are sent at once.
func echoHundreds(t *play.Trial) {
	t.Play(client.Connects, client.CanAsk(t.Profile().Echoing(t.Profile().Fit(play.Pattern(61)))))
	c := client.Conn(t)
	n := t.Many(200)
	t.Step("send up to 200 different texts to be echoed, many in a segment; all come back in order")
	got, last, want := 0, target.Event{}, target.Event{}
	for sent := 0; sent < n && last == want; sent += 100 {
		batch := ""
		most := min(n, sent+100)
		for i := sent; i < most; i++ {
			batch += t.Profile().Echoing(play.Pattern(1+i%61)).Send + "\n"
		}
		_ = c.Send(batch)
		for ; got < most && last == want; got++ {
			last, want = c.Receive(t), target.Packet(play.Pattern(1+got%61))
		}
	}
	t.Verify(play.Counted(t, "echo number %d", got), last, play.Expecting("the text that was sent", func(e target.Event) bool { return e == want }))
	t.NoMore(c)
}

// What follows from the application profile.

// upTo gives a length of up to n bytes that no maximum forbids, as far as one is
// known.
func upTo(p *target.Profile, n int) int {
	if most := p.MaxPacket; most > 0 {
		return min(n, most)
	}
	return min(n, 200)
}

// lengths gives the lengths of commands to try: those around the sizes that buffers
// have, up to the maximum of the profile, and all short ones.
func lengths(p *target.Profile, least int) []int {
	most := p.MaxPacket
	var all []int
	for size := 128; size <= most; size *= 2 {
		for n := size - 2; n <= min(size+2, most); n++ {
			all = append(all, n)
		}
	}
	slices.Reverse(all)
	for n := least; n <= min(80, most); n++ {
		all = append(all, n)
	}
	return all
}
