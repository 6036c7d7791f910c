package ver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

var invalidPackets = protocol{
	id: "TP-014", title: "invalid packets",
	objective:     "What cannot be converted to ASCII goes to the callback, marked, and is never obeyed.",
	preconditions: onTheWire,
	deviations:    []string{"Where the profile does not state the encoding, only bytes are sent that are invalid in ASCII and UTF-8 alike."},
	specs: []spec{
		// SRS-007: The server shall hand a packet that cannot be converted to
		// ASCII to the callback, marked invalid.
		{title: "hands invalid packets to the callback", ids: srs("007"), app: []part{invalid}, danger: notASCII, play: act(func(t *trial) {
			t.play(client.connects)
			packets := []string{
				"\xff", "cmd01\xff", "\xff\xfe", "ab\xffcd", "\xffcmd01", "\xc3", "a\x80b", "\xff\xf4",
				// What a decoder of UTF-8 may let through: overlong forms, a surrogate, a
				// number that is too large, characters that are cut.
				"\xc1\xb0", "\xe0\x81\xb0", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\xe2\x82b",
			}
			if text := long(roomy(t, 5000) - 1); otherwise.statedBy(t.Profile()) && t.obeyed(client.conn(t), target.Dialogue{Send: text, Expect: *t.Profile().Otherwise}) {
				packets = append(packets, text+"\xff")
			}
			t.play(each(packets, asksInvalid), client.getsNoMore)
		})},

		{title: "takes no byte from 0x80 on for a valid one", ids: srs("007"), app: []part{invalid, echo}, danger: notASCII, play: act(func(t *trial) {
			t.play(
				client.connects,
				say("the client sends texts to be echoed, each with one byte from 0x80 on, and with what a decoder of UTF-8 may let through; each is answered as the profile says of invalid packets",
					each(aroundHigh(t.Profile().Echo+"a", "z"), asksInvalid),
					each([]string{"\xff\xf4", "\xc1\xb0", "\xe0\x81\xb0", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}, func(text string) step {
						return asksInvalid(t.Profile().Echo + text)
					})),
				client.getsNoMore,
			)
		})},

		{title: "treats well-formed UTF-8 as its profile says", ids: srs("007"), app: []part{encoding, echo}, danger: notASCII, play: act(func(t *trial) {
			t.play(client.connects, each([]string{
				"é", "aéb", "日本", "\U0001F600", "\U0010FFFF", "e\u0301", "a\u2028b\u0085c", "\ufeffa", "\u00a0a\u00a0", "\u212b \uff41",
			}, func(text string) step {
				if t.Profile().Encoding == "ascii" {
					return asksInvalid(t.Profile().Echo + text)
				}
				return client.echoes(text)
			}), client.getsNoMore)
		})},

		// SRS-028: The server shall not take an invalid packet for a predefined
		// command.
		{
			title: "does not take an invalid packet for ping or disconnect",
			ids:   srs("028"), needs: []ability{survivesInvalid}, danger: notASCII, play: script(
				client.connects,
				client.sendsNoPing("ping and disconnect with a byte 0xff before, within and after them",
					append([]string{"pi\xffng", "disconnect\xff"}, slices.Concat(spoiled("ping"), spoiled("disconnect"))...)...),
				client.leaves,
				client.connects, client.sendsNoPingInSegments("\xff", "pi\xff", "ng\ndiscon\xff", "nect\n"),
			),
		},

		{
			title: "does not take what Unicode makes alike for ping or disconnect",
			ids:   srs("028"), needs: []ability{survivesInvalid}, danger: notASCII, play: script(
				client.connects,
				client.sendsNoPing("ping in characters that decoders drop, compose, fold or normalize", alike("ping")...),
				client.sendsNoPing("disconnect in the same", alike("disconnect")...),
			),
		},

		{
			title: "does not take an invalid packet for shutdown",
			ids:   srs("028"), observe: target.Stop, needs: []ability{survivesInvalid}, danger: nearShutdown, play: script(
				client.connects, client.sendsNoPing("shutdown with a byte 0xff before, within and after it", spoiled("shutdown")...), client.leaves,
				client.connects, client.sendsNoPingInSegments("\xff", "shut\xff", "down\n"), client.leaves,
				next.isServed,
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
func asksInvalid(packet string) step {
	return func(t *trial) bool {
		return t.play(client.asks(target.Dialogue{Send: packet, Expect: *t.Profile().Invalid}))
	}
}

// spoiled gives a command with a byte that is neither ASCII nor UTF-8 in every
// place, added and in the stead of its own.
func spoiled(command string) []string {
	var packets []string
	for i := range len(command) + 1 {
		packets = append(packets, command[:i]+"\xff"+command[i:])
	}
	// What is white space in Latin-1.
	packets = append(packets, command+"\xa0", "\x85"+command)
	// The same with the highest bit set, which a careless mask takes away: in one
	// byte, and in all. No letter becomes well-formed UTF-8 by that.
	high := []byte(command)
	for i := range len(command) {
		packets = append(packets, command[:i]+string([]byte{command[i] | 0x80})+command[i+1:])
		high[i] |= 0x80
	}
	return append(packets, string(high))
}

var overLongPackets = protocol{
	id: "TP-015", title: "over-long packets",
	objective:     "A packet past the maximum does no harm.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-030: Of a packet longer than the maximum the server shall drop the
		// bytes past it up to the next 0x0A, and shall hand the packet to the
		// callback once, marked invalid and too long.
		{title: "hands an over-long packet to the callback once", ids: srs("030"), app: []part{tooLong}, needs: []ability{answersEmpty}, danger: overLong, play: act(func(t *trial) {
			most := t.Profile().MaxPacket
			t.play(
				client.connects,
				each([]int{1, 2, 1000, most, 3*most + 1}, func(over int) step { return asksTooMuch(long(most + over)) }),
			)
		})},

		{
			title: "hands an over-long packet to the callback once, though it is not ASCII either",
			ids:   srs("030"), app: []part{tooLong}, needs: []ability{survivesInvalid, answersEmpty}, danger: overLong, play: act(func(t *trial) {
				t.play(client.connects, asksTooMuch(long(t.Profile().MaxPacket+1)+"\xff"))
			}),
		},

		{title: "does not take an over-long packet for the command that it begins with", ids: srs("030"), app: []part{tooLong, echo}, needs: []ability{answersEmpty}, danger: overLong, play: act(func(t *trial) {
			p := t.Profile()
			t.play(client.connects, each([]int{1, p.MaxPacket}, func(over int) step {
				return asksTooMuch(p.Echo + long(p.MaxPacket+over-len(p.Echo)))
			}))
		})},

		{title: "hands a packet of just the maximum to the callback whole", ids: srs("030"), app: []part{tooLong, echo}, danger: overLong, play: act(func(t *trial) {
			most := t.Profile().MaxPacket
			t.play(
				client.connects, client.obeys(t.echo(long(most/2))),
				client.echoes(long(most-len(t.Profile().Echo))), client.getsNoMore,
			)
		})},

		{title: "waits for the line feed of an over-long packet", ids: srs("030"), app: []part{tooLong}, needs: []ability{answersEmpty}, danger: overLong, play: act(func(t *trial) {
			t.play(client.connects, client.sends(long(t.Profile().MaxPacket+1000)), client.hears(nothing), asksTooMuch(""))
		})},

		{title: "takes the maximum alike where the line feed comes in a segment of its own", ids: srs("030"), app: []part{tooLong, otherwise}, needs: []ability{answersEmpty}, danger: overLong, play: act(func(t *trial) {
			p := t.Profile()
			t.play(
				client.connects,
				client.obeys(sized(t, p.MaxPacket-1)),
				client.asksInSegments(sized(t, p.MaxPacket-1)),
				client.asksInSegments(sized(t, p.MaxPacket)),
				client.asksInSegments(target.Dialogue{Send: long(p.MaxPacket + 1), Expect: *p.TooLong}),
			)
		})},

		// SRS-031: After a packet longer than the maximum the server shall go on
		// with the next command.
		{
			title: "goes on after an over-long packet",
			ids:   srs("031"), app: []part{maxPacket}, needs: []ability{pongs, pairs}, danger: overLong, play: act(func(t *trial) {
				most := t.Profile().MaxPacket
				t.play(client.connects)
				for _, n := range []int{most + 1, most + 4, 2*most + 4} {
					if !t.play(client.sends(long(n-4)+"ping\nping\n"), client.getsOnePong(fmt.Sprintf("after a packet of %d bytes that ends in ping, and one ping", n))) {
						return
					}
				}
				// Its line feed comes first in a segment.
				t.play(client.sendsInSegments(long(3*most-4)+"ping", "\nping\n"), client.getsOnePong("after an over-long packet and one ping"))
			}),
		},
	},
}

// asksTooMuch sends a packet that is too long, or the end of one, and verifies what
// it is answered, and that nothing more comes.
func asksTooMuch(packet string) step {
	return func(t *trial) bool {
		return t.play(client.asks(target.Dialogue{Send: packet, Expect: *t.Profile().TooLong}), client.getsNoMore)
	}
}
