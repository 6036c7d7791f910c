package ver

import (
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var invalidPackets = play.Protocol{
	ID: "TP-014", Title: "invalid packets",
	Objective:     "What cannot be converted to ASCII goes to the callback, marked, and is never obeyed.",
	Preconditions: onTheWire,
	Deviations:    []string{"Where the profile does not state the encoding, only bytes are sent that are invalid in ASCII and UTF-8 alike."},
	Specs: []play.Spec{
		// SRS-007: The server shall hand a packet that cannot be converted to
		// ASCII to the callback, marked invalid.
		{
			Title: "hands invalid packets to the callback",
			IDs:   srs("007"),
			App:   play.Invalid,
			Phase: play.NotASCII,
			Play: play.Func(func(t *play.Trial) {
				t.Play(client.Connects)
				packets := []string{
					"\xff", "cmd01\xff", "\xff\xfe", "ab\xffcd", "\xffcmd01", "\xc3", "a\x80b", "\xff\xf4",
					// What a decoder of UTF-8 may let through: overlong forms, a surrogate, a
					// number that is too large, characters that are cut.
					"\xc1\xb0", "\xe0\x81\xb0", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\xe2\x82b",
					"\xff\xfb\x01cmd01", "cmd01\xff\xf1", // and a terminal may take out
				}
				// A long one too, where the same text is answered without the invalid byte.
				if text := filler(upTo(t.Profile(), 5000) - 1); play.Otherwise.StatedBy(t.Profile()) && t.Answered(client.Conn(t), target.Dialogue{Send: text, Expect: *t.Profile().Otherwise}) {
					packets = append(packets, text+"\xff")
				}
				t.Play(play.Each(packets, asksInvalid), client.GetsNothingElse)
			}),
		},

		{
			Title: "takes every byte from 0x80 on for invalid",
			IDs:   srs("007"),
			App:   play.Invalid | play.Echo,
			Phase: play.NotASCII,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(
					client.Connects,
					play.Say("the client sends texts to be echoed, each with one byte from 0x80 on, and with what a decoder of UTF-8 may let through; each is answered as the profile says of invalid packets",
						play.Each(aroundHigh(p.Echo+"a", "z"), asksInvalid),
						play.Each([]string{"\xff\xf4", "\xc1\xb0", "\xe0\x81\xb0", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}, func(text string) play.Step {
							return asksInvalid(p.Echo + text)
						})),
					client.GetsNothingElse,
				)
			}),
		},

		{
			Title: "treats well-formed UTF-8 as its profile says",
			IDs:   srs("007"),
			App:   play.Encoding | play.Echo,
			Phase: play.NotASCII,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, play.Each([]string{
					"é", "aéb", "日本", "\U0001F600", "\U0010FFFF", "e\u0301", "a\u2028b\u0085c", "\ufeffa", "\u00a0a\u00a0", "\u212b \uff41",
				}, func(text string) play.Step {
					if p.Encoding == "ascii" {
						return asksInvalid(p.Echo + text)
					}
					return client.SendsAndGetsBack(text)
				}), client.GetsNothingElse)
			}),
		},

		// SRS-028: The server shall not take an invalid packet for a predefined
		// command.
		{
			Title: "does not take an invalid packet for ping or disconnect",
			IDs:   srs("028"),
			Needs: play.SurvivesInvalid,
			Phase: play.NotASCII,
			Play: play.Script(
				client.Connects,
				client.SendsLookalikesInVain("ping and disconnect with bytes that are not ASCII before, within and after them",
					append([]string{"pi\xffng", "disconnect\xff"}, slices.Concat(withNonASCIIBytes("ping"), withNonASCIIBytes("disconnect"))...)...),
				client.Leaves,
				client.Connects, client.SendsLookalikesInSegments(play.Like("\xff"), "pi\xff", "ng\ndiscon\xff", "nect\n"),
			),
		},

		{
			Title: "takes no Unicode look-alike for ping or disconnect",
			IDs:   srs("028"),
			Needs: play.SurvivesInvalid,
			Phase: play.NotASCII,
			Play: play.Script(
				client.Connects,
				client.SendsLookalikesInVain("ping in characters that decoders drop, compose, fold or normalize", alike("ping")...),
				client.SendsLookalikesInVain("disconnect in the same", alike("disconnect")...),
			),
		},

		{
			Title:   "does not take an invalid packet for shutdown",
			IDs:     srs("028"),
			Observe: target.Stop,
			Needs:   play.SurvivesInvalid,
			Phase:   play.NearShutdown,
			Play: play.Script(
				client.Connects, client.SendsLookalikesInVain("shutdown with bytes that are not ASCII before, within and after it", withNonASCIIBytes("shutdown")...), client.Leaves,
				client.Connects, client.SendsLookalikesInSegments(play.Like("\xff"), "shut\xff", "down\n"), client.Leaves,
				next.IsServed,
			),
		},
	},
}

// alike gives a command in characters that a decoder, a comparison without case or a
// normal form makes the command.
func alike(command string) []string {
	full, first := "", command[:1]
	for _, r := range command {
		full += string(r + 0xfee0)
	}
	packets := []string{
		full, "\ufeff" + command, command + "\ufeff", command + "\u0301", "\u00a0" + command, command + "\u00a0", command + "\u3000",
		first + "\u200b" + command[1:], first + "\u00ad" + command[1:], command + "\u2028", "\u0085" + command,
		"\xc1" + string([]byte{0x80 | command[0]&0x3f}) + command[1:],
	}
	return append(packets, strings.Replace(command, "i", "\u0131", 1), strings.Replace(command, "i", "\u0130", 1), strings.Replace(command, "s", "\u017f", 1)+"\u200b")
}

// asksInvalid sends an invalid packet, and verifies what it is answered.
func asksInvalid(packet string) play.Step {
	return func(t *play.Trial) bool {
		return t.Play(client.Asks(target.Dialogue{Send: packet, Expect: *t.Profile().Invalid}))
	}
}

// withNonASCIIBytes gives a command with a byte that is neither ASCII nor UTF-8 in every
// place, added and in the stead of its own.
func withNonASCIIBytes(command string) []string {
	var packets []string
	for i := range len(command) + 1 {
		packets = append(packets, command[:i]+"\xff"+command[i:])
	}
	// What is white space in Latin-1, and the commands of telnet.
	packets = append(packets, command+"\xa0", "\x85"+command, "\xff\xfb\x01"+command, command[:2]+"\xff\xfd\x03"+command[2:],
		"\xff\xf1"+command, command+"\xff\xf1", "\xff\xff"+command, "\xff\xfa\x18\xff\xf0"+command)
	// The same with the highest bit set, which a careless mask takes away: in one
	// byte, and in all. No letter becomes well-formed UTF-8 by that.
	high := []byte(command)
	for i := range len(command) {
		packets = append(packets, command[:i]+string([]byte{command[i] | 0x80})+command[i+1:])
		high[i] |= 0x80
	}
	return append(packets, string(high))
}

var overLongPackets = play.Protocol{
	ID: "TP-015", Title: "over-long packets",
	Objective:     "A packet longer than the maximum does no harm.",
	Preconditions: onTheWire,
	// A server may keep nothing of an over-long packet and go on with an empty one. That
	// it answers these is the subject of SRS-029.
	Specs: []play.Spec{
		// SRS-030: Of a packet longer than the maximum the server shall drop the
		// bytes past it up to the next 0x0A, and shall hand the packet to the
		// callback once, marked invalid and too long.
		{
			Title: "hands an over-long packet to the callback once",
			IDs:   srs("030"),
			App:   play.TooLong,
			Needs: play.AnswersEmpty,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				most := p.MaxPacket
				return play.Steps(
					client.Connects,
					play.Each([]int{1, 2, 1000, most, 3*most + 1}, func(over int) play.Step { return asksTooLong(filler(most + over)) }),
				)
			}),
		},

		{
			Title: "hands an over-long packet to the callback once, though a byte past the maximum is not ASCII",
			IDs:   srs("030"),
			App:   play.TooLong,
			Needs: play.SurvivesInvalid | play.AnswersEmpty,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, asksTooLong(filler(p.MaxPacket+1)+"\xff"))
			}),
		},

		{
			Title: "does not take an over-long packet for the command that it begins with",
			IDs:   srs("030"),
			App:   play.TooLong | play.Echo,
			Needs: play.AnswersEmpty,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, play.Each([]int{1, p.MaxPacket}, func(over int) play.Step {
					return asksTooLong(p.Echo + filler(p.MaxPacket-len(p.Echo)) + filler(over))
				}))
			}),
		},

		{
			Title: "hands a packet of just the maximum to the callback whole",
			IDs:   srs("030"),
			App:   play.TooLong | play.Echo,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				most := p.MaxPacket
				return play.Steps(
					client.Connects, client.CanAsk(p.Echoing(filler(most/2))),
					client.SendsAndGetsBack(filler(most-len(p.Echo))), client.GetsNothingElse,
				)
			}),
		},

		{
			Title: "waits for the line feed of an over-long packet",
			IDs:   srs("030"),
			App:   play.TooLong,
			Needs: play.AnswersEmpty,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(client.Connects, client.Sends(filler(p.MaxPacket+1000)), client.Hears(play.Nothing), asksTooLong(""))
			}),
		},

		{
			Title: "applies the same maximum where the line feed comes in a segment of its own",
			IDs:   srs("030"),
			App:   play.TooLong | play.Otherwise,
			Needs: play.AnswersEmpty,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				return play.Steps(
					client.Connects,
					client.CanAsk(echoOrUnknown(p, p.MaxPacket-1)),
					client.AsksWithLateLineFeed(echoOrUnknown(p, p.MaxPacket-1)),
					client.AsksWithLateLineFeed(echoOrUnknown(p, p.MaxPacket)),
					client.AsksWithLateLineFeed(target.Dialogue{Send: filler(p.MaxPacket + 1), Expect: *p.TooLong}),
				)
			}),
		},

		// SRS-031: After a packet longer than the maximum the server shall go on
		// with the next command.
		{
			Title: "goes on after an over-long packet",
			IDs:   srs("031"),
			App:   play.MaxPacket,
			Needs: play.Pongs | play.AnswersPairs,
			Phase: play.OverLong,
			Play: play.FromProfile(func(p *target.Profile) play.Step {
				most := p.MaxPacket
				endsInPing := func(n int) string { return filler(n-len("ping")) + "ping" }
				// Each ping takes one pong. A server that reads the end of an over-long packet as ping
				// sends one more, which is still there in the end.
				return play.Steps(
					client.Connects,
					play.Each([]int{most + 1, most + len("ping"), 2*most + len("ping")}, func(n int) play.Step {
						return play.Steps(client.Sends(endsInPing(n)+"\nping\n"), client.GetsPongAtLast)
					}),
					client.SendsInSegments(endsInPing(3*most), "\nping\n"), // the line feed comes first in a segment
					client.GetsOnePong("for the last ping"),
				)
			}),
		},
	},
}

// asksTooLong sends a packet that is too long, or the end of one, and verifies what
// it is answered, and that nothing more comes.
func asksTooLong(packet string) play.Step {
	return func(t *play.Trial) bool {
		return t.Play(client.Asks(target.Dialogue{Send: packet, Expect: *t.Profile().TooLong}), client.GetsNothingElse)
	}
}
