package ver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

var matching = protocol{
	id: "TP-012", title: "exact matching",
	objective:     "A predefined command is the whole packet, byte for byte, in lower case.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-025: The server shall take a packet for a predefined command only
		// where it is that command byte for byte: in lower case, whole, and
		// nothing added.
		{title: "answers pong to nothing but ping", ids: srs("025"), play: script(
			client.connects, client.sendsNoPing("what resembles ping", resembling("ping")...),
		)},

		{title: "closes on nothing but disconnect", ids: srs("025"), play: script(
			client.connects, client.sendsNoPing("what resembles disconnect", resembling("disconnect")...),
		)},

		{title: "closes on nothing but disconnect as the first command of a connection", ids: srs("025"), needs: []ability{pongs}, play: script(
			client.connects, client.leaves,
			next.beginsWith(" disconnect\n"), next.sends("ping\n"), next.getsOnePong(`after " disconnect" and one ping`),
		)},

		// SRS-028: The server shall not take an invalid packet for a predefined
		// command.
		{
			title: "does not take an invalid packet for ping as the first command of a connection",
			ids:   srs("028"), needs: []ability{pongs, survivesInvalid}, danger: notASCII, play: script(
				client.connects, client.leaves,
				next.beginsWith("\xef\xbb\xbfping\n"), next.sends("ping\n"), next.getsOnePong("after a byte order mark with ping, and one ping"),
			),
		},

		{title: "stops on nothing but shutdown", ids: srs("025"), observe: target.Stop, danger: nearShutdown, play: script(
			client.connects, client.sendsNoPing("what resembles shutdown", resembling("shutdown")...), client.leaves,
			next.isServed,
		)},
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
		command + `\n`, fmt.Sprintf("%%%x%s", command[0], command[1:]), fmt.Sprintf(`\x%x%s`, command[0], command[1:]),
	}
}

var responses = protocol{
	id: "TP-013", title: "commands and responses of the application",
	objective:     "The callback gets every command unaltered, and its responses reach the client unaltered.",
	preconditions: onTheWire,
	specs: []spec{
		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-042: The server shall send the bytes of a response unaltered,
		// whatever they are but 0x0A, and shall end the packet by one 0x0A.
		{title: "echoes commands of every length around the sizes of buffers", ids: srs("008", "042"), app: []part{echo, maxPacket}, play: act(func(t *trial) {
			prefix := len(t.Profile().Echo)
			t.play(
				client.connects, client.obeys(t.echo("a")),
				say("the client sends texts of many lengths to be echoed; each comes back unaltered",
					each(lengths(t, prefix+1), func(n int) step { // of the command, or of its answer
						return client.echoes(pattern(n-prefix), t.fit(pattern(n)))
					})),
				client.getsNoMore,
			)
		})},

		{title: "echoes blanks and empty texts", ids: srs("008", "042"), app: []part{echo}, play: act(func(t *trial) {
			t.play(
				client.connects, client.obeys(t.echo("a")),
				client.echoes(" a", "a ", "a  b", "  ", "\ta\t", "", "", "a", "ABC abc", "a\x00b", "a=b;c,d", "a\rb\r", "a\b\v\f\x1bb", "a\x7fb",
					"%41", `\x41`, `\n`, `a\`, `"a"`, "'a'", "a\x1b[31mb", "a\x04\x1a", "&amp;$HOME`a`"),
				client.getsNoMore,
			)
		})},

		{title: "ends every response by one line feed", ids: srs("042"), app: []part{text}, play: act(framing)},

		{title: "sends an empty response", ids: srs("018"), app: []part{echo}, play: act(func(t *trial) {
			t.play(
				client.connects, client.obeys(t.echo(" ")), // a blank at the end of a command is not lost
				client.echoes(""), client.getsNoMore,
			)
		})},

		// SRS-023: The server shall handle the commands of one segment one at a
		// time and in order: the responses of one shall be complete before those
		// of the next.
		{title: "echoes hundreds of commands sent at once", ids: srs("023"), app: []part{echo}, danger: lengthy, play: act(echoHundreds)},

		// SRS-026: The server shall take every byte below 0x80 but 0x0A, NUL and
		// other control bytes too, for a valid byte of a command.
		{title: "echoes every byte below 0x80", ids: srs("026", "042"), app: []part{echo}, play: act(func(t *trial) {
			all := strings.Join(around("", ""), "")
			t.play(
				client.connects, client.obeys(t.echo("a")),
				say("the client sends every byte below 0x80 but 0x0A to be echoed, all in one and alone; each comes back unaltered",
					client.echoes(t.fit(all), t.fit(all[64:]+all[:64])), client.echoes(around("", "")...)),
				client.getsNoMore,
			)
		})},

		// SRS-029: The server shall hand the empty packet to the callback as a
		// command like any other.
		{title: "hands the empty packet to the callback", ids: srs("029"), app: []part{empty}, play: act(func(t *trial) {
			t.play(client.connects, client.asks(target.Dialogue{Expect: *t.Profile().Empty}), client.getsNoMore)
		})},

		{title: "hands each of several empty packets to the callback", ids: srs("029"), app: []part{empty}, needs: []ability{pairs}, play: act(func(t *trial) {
			one := target.Dialogue{Expect: *t.Profile().Empty}
			t.play(client.connects, client.asksAtOnce([]target.Dialogue{one, one, one}), client.getsNoMore)
		})},

		{title: "answers commands of every length around the sizes of buffers", ids: srs("008"), app: []part{otherwise, maxPacket}, play: act(func(t *trial) {
			t.play(
				client.connects,
				say("the client sends commands of many lengths that the profile does not name; each is answered as it says",
					each(lengths(t, 1), func(n int) step {
						return client.asks(target.Dialogue{Send: long(n), Expect: *t.Profile().Otherwise})
					})),
				client.getsNoMore,
			)
		})},

		{title: "answers any other command as the profile says", ids: srs("008"), app: []part{otherwise}, play: act(func(t *trial) {
			t.play(client.connects, each([]string{"no such command", "x", "pong", "connect", "0"}, func(command string) step {
				return client.asks(target.Dialogue{Send: command, Expect: *t.Profile().Otherwise})
			}), client.getsNoMore)
		})},
	},
}

// framing verifies how responses end. What they say is the subject of others.
func framing(t *trial) {
	t.play(client.comes)
	c, shown := client.conn(t), false
	for _, d := range t.singles() {
		t.step("send %q; a response with the text of %s is just that, with nothing but its line feed after it", d.Send, d.Expect[0])
		_ = c.Send(d.Send + "\n")
		event := c.Receive(t)
		if !d.Expect[0].In(event) && !t.rehearses() {
			continue
		}
		shown = true
		if !t.verify("the response", event, response(d.Expect[0])) || !t.verify("what comes after it", t.listen(c), noScrap) {
			return
		}
	}
	if !shown {
		t.block("no command of the profile is answered by a response with its text")
	}
}

// echoHundreds has many different texts echoed that are sent at once.
func echoHundreds(t *trial) {
	c := t.connect()
	t.obeys(c, t.echo(t.fit(pattern(61))))
	n := t.many(200)
	t.step("send up to 200 different texts to be echoed, many in a segment; all come back in order")
	wrong, want := target.Nothing, target.Nothing
	for sent := 0; sent < n && wrong == want; sent += 100 {
		batch := ""
		most := min(n, sent+100)
		for i := sent; i < most; i++ {
			batch += t.echo(pattern(1+i%61)).Send + "\n"
		}
		_ = c.Send(batch)
		for i := sent; i < most && wrong == want; i++ {
			wrong, want = c.Receive(t), target.Packet(pattern(1+i%61))
		}
	}
	if t.rehearses() {
		want = target.Packet(pattern(1))
	}
	t.verify("the echo that was wrong first, or the last one", wrong == want, isTrue)
	t.noMore(c)
}

// What follows from the application profile.

// roomy gives a length of up to n bytes that no maximum forbids, as far as one is
// known.
func roomy(t *trial, n int) int {
	if most := t.Profile().MaxPacket; most > 0 {
		return min(n, most)
	}
	return min(n, 200)
}

// lengths gives the lengths of commands to try: those around the sizes that buffers
// have, up to the maximum of the profile, and all short ones.
func lengths(t *trial, least int) []int {
	most := t.Profile().MaxPacket
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
