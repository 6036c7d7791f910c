package ver

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

var callback = protocol{
	id: "TP-019", title: "callback",
	objective: "The callback is handed what it shall be, and its responses reach the client.",
	specs: []spec{
		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-029: The server shall hand the empty packet to the callback as a
		// command like any other.
		{title: "is handed every command that is not predefined", ids: srs("008", "029"), observe: target.API, play: act(func(t *trial) {
			texts := append(resembling("ping"), resembling("disconnect")...)
			texts = append(texts, "cmd01", "a b", " ", "\r", "a\x7fb", "ping pong", strings.Repeat("x", 5000))
			t.About("SRS-008")
			handsOver(t, target.Params{}, texts, valid)
			t.About("SRS-029")
			handsOver(t, target.Params{}, []string{"", "a", "", ""}, valid)
		})},

		{title: "is not handed the predefined commands", ids: srs("008"), observe: target.API, play: act(func(t *trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			t.step("send ping, a command and ping, and then disconnect")
			_ = c.Send("ping\nwork\nping\n")
			for _, text := range []string{"pong", "ok", "pong"} {
				receivesText(t, c, text)
			}
			_ = c.Send("disconnect\n")
			_ = c.Ending(t)
			t.verify("what the callback was handed", p.all(), calls(valid("work")))
		})},

		// SRS-007: The server shall hand a packet that cannot be converted to
		// ASCII to the callback, marked invalid.
		//
		// SRS-027: The callback shall get of an invalid packet the ASCII bytes
		// left after dropping the others, the mark, and the raw bytes.
		{title: "is handed invalid packets, marked", ids: srs("007"), observe: target.API, play: act(func(t *trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			packets := []string{"\xff", "ab\xffcd", "caf\xc3\xa9", "\x80", "x\xfe", pattern(9000) + "\xff"}
			t.step("send %d invalid packets; each is answered once, and was handed over with the mark", len(packets))
			for _, text := range packets {
				_ = c.Send(text + "\n")
				receivesText(t, c, "ok")
			}
			marks := 0
			for _, one := range p.own() {
				if one.Invalid {
					marks++
				}
			}
			t.verify("packets handed over with the mark", marks, is(len(packets)))
		})},

		{title: "is handed what is left of invalid packets, and their raw bytes", ids: srs("027"), observe: target.API, play: act(func(t *trial) {
			texts := []string{
				"\xff", "ab\xffcd", "caf\xc3\xa9", "\x80", "\xff\xff\xfe", "pi\xffng", "ping\xff", "disconnect\x80",
				pattern(100) + "\xff" + pattern(100), "\xff" + pattern(9000), pattern(9000) + "\xff",
			}
			handsOver(t, target.Params{}, append(texts, aroundHigh("a", "z")...), func(text string) call {
				return call{Text: onlyASCII(text), Raw: text, Invalid: true}
			})
		})},

		// SRS-026: The server shall take every byte below 0x80 but 0x0A, NUL and
		// other control bytes too, for a valid byte of a command.
		{title: "is handed every byte below 0x80 as valid", ids: srs("026"), observe: target.API, play: act(func(t *trial) {
			handsOver(t, target.Params{}, append(around("", ""), around("a", "z")...), valid)
		})},

		// SRS-030: Of a packet longer than the maximum the server shall drop the
		// bytes past it up to the next 0x0A, and shall hand the packet to the
		// callback once, marked invalid and too long.
		{title: "is handed over-long packets once, cut and marked", ids: srs("030"), observe: target.API, play: act(func(t *trial) {
			const most = 100
			var texts []string
			for _, n := range []int{most - 1, most, most + 1, most + 2, 2 * most, 2*most + 1, 4096, 4097, 70_000, most} {
				texts = append(texts, letters(n))
			}
			texts = append(texts, strings.Repeat("ping", most), letters(most-4)+"ping", "end")
			handsOver(t, target.Params{MaxPacket: most}, texts, cutAt(most))
		})},

		{title: "is handed packets of up to 64 KiB where no maximum is set", ids: srs("030"), observe: target.API, play: act(func(t *trial) {
			const most = 64 << 10
			handsOver(t, target.Params{}, []string{letters(most - 1), letters(most), letters(most + 1), "end"}, cutAt(most))
		})},

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		{title: "is not handed a packet that was not ended", ids: srs("035"), observe: target.API, play: act(func(t *trial) {
			p := runServer(t, target.Params{}, nil)
			for _, leave := range []func(*target.Conn) error{(*target.Conn).CloseWrite, (*target.Conn).Close, (*target.Conn).Reset} {
				c := enter(t, p)
				t.step("send a command and half of another, and leave; the next client sends the other half")
				_ = c.Send("first\n")
				receivesText(t, c, "ok")
				_ = c.Send("sec")
				_ = leave(c)
				other := enterVerified(t, p)
				_ = other.Send("ond\n")
				receivesText(t, other, "ok")
				other.Leave(t)
			}
			want := []call{valid("first"), valid("ond")}
			t.verify("what the callback was handed", p.own(), calls(append(append(want, want...), want...)...))
		})},

		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		{title: "is not handed what follows disconnect", ids: srs("036"), observe: target.API, play: act(func(t *trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			t.step("send a command, and then disconnect and two more in one segment, and come again")
			_ = c.Send("first\n")
			receivesText(t, c, "ok")
			_ = c.Send("disconnect\nsecond\nthird\n")
			t.verify("the connection", c.Ending(t), theEnd)
			other := enterVerified(t, p)
			_ = other.Send("fourth\n")
			receivesText(t, other, "ok")
			t.verify("what the callback was handed", p.own(), calls(valid("first"), valid("fourth")))
		})},
	},
}

// letters is a text without capitals of n bytes in which no part is like another.
func letters(n int) string { return strings.ToLower(pattern(n)) }

// cutAt is what the callback is handed where a packet has a maximum.
func cutAt(most int) func(string) call {
	return func(text string) call {
		if len(text) <= most {
			return valid(text)
		}
		return call{Text: text[:most], Raw: text[:most], Invalid: true, TooLong: true}
	}
}

// onlyASCII drops the bytes from 0x80 on.
func onlyASCII(text string) string {
	var left []byte
	for i := range len(text) {
		if text[i] < 0x80 {
			left = append(left, text[i])
		}
	}
	return string(left)
}

// handsOver verifies what the callback is handed for packets that are sent one by
// one, and that each is answered once.
func handsOver(t *trial, p target.Params, texts []string, want func(string) call) {
	prog := runServer(t, p, nil)
	c := enter(t, prog)
	t.step("send %d packets; each is answered once, and the callback is handed just these", len(texts))
	var all []call
	for _, text := range texts {
		_ = c.Send(text + "\n")
		all = append(all, want(text))
		if event := c.Receive(t); event != target.Packet("ok") && !t.rehearses() {
			t.verify("the answer to "+target.Packet(text).String(), event, packet("ok"))
			return
		}
	}
	pong(t, c)
	got := prog.own()
	for i, one := range got {
		if i < len(all) && one != all[i] {
			t.verify(fmt.Sprintf("command number %d", i+1), one, is(all[i]))
			return
		}
	}
	t.verify("how many commands the callback was handed", len(got), is(len(all)))
	last := call{}
	if len(got) > 0 {
		last = got[len(got)-1]
	}
	t.verify("the last command", last, is(all[len(all)-1]))
}

var callbackResponses = protocol{
	id: "TP-023", title: "responses of the callback",
	objective: "What the callback sends reaches the client, unaltered and in order, and at no other time.",
	specs: []spec{
		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		{title: "may be none, one or many", ids: srs("018"), observe: target.API, play: act(noneOneOrMany)},

		// SRS-042: The server shall send the bytes of a response unaltered,
		// whatever they are but 0x0A, and shall end the packet by one 0x0A.
		{title: "may hold every byte but the line feed", ids: srs("042"), observe: target.API, play: act(everyByte)},

		// SRS-043: A callback that tries to send 0x0A inside a response shall get
		// an error, and nothing of that response shall be sent.
		{title: "may not hold a line feed", ids: srs("043"), observe: target.API, play: act(noLineFeed)},

		// SRS-048: The callback shall be able to respond while it runs, and at no
		// other time.
		{title: "may not come after the callback has returned", ids: srs("048"), observe: target.API, play: act(tooLate)},
	},
}

// noneOneOrMany answers a number by so many packets.
func noneOneOrMany(t *trial) {
	p := runServer(t, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
		if c.Text == "empty" {
			return errors.Join(respond(""), respond("x"), respond(""))
		}
		n, _ := strconv.Atoi(c.Text)
		for i := range n {
			if err := respond(fmt.Sprintf("%s/%d", c.Text, i)); err != nil {
				return err
			}
		}
		return nil
	})
	c := enter(t, p)
	counts := []int{0, 1, 2, 0, 0, 3, 1000, 0, 1}
	t.step("send commands that are answered by %d packets, with ping after each; all come in order", counts)
	segment := ""
	for _, n := range counts {
		segment += fmt.Sprintf("%d\nping\n", n)
	}
	_ = c.Send(segment)
	for _, n := range counts {
		for i := range n {
			if !receivesText(t, c, fmt.Sprintf("%d/%d", n, i)) {
				return
			}
		}
		receivesText(t, c, "pong")
	}
	t.step("send a command that is answered by empty packets around another; all three come")
	_ = c.Send("empty\n")
	for _, text := range []string{"", "x", ""} {
		receivesText(t, c, text)
	}
	t.verify("what comes after them", t.listen(c), nothing)
}

// numbered is a callback that is told by a number which text to respond.
func numbered(texts []string) target.Callback {
	return func(_ context.Context, c target.Command, respond func(string) error) error {
		i, err := strconv.Atoi(c.Text)
		if err != nil {
			return err
		}
		return respond(texts[i])
	}
}

func everyByte(t *trial) {
	all := allBytes()
	texts := []string{"", all, "\r", "a\r", " ", "\x00", "\xff", "pong", strings.Repeat(all, 600), ""}
	c := enter(t, runServer(t, target.Params{}, numbered(texts)))
	t.step("send commands, each answered by one packet: of every byte, empty and long ones among them")
	for i, text := range texts {
		_ = c.Send(strconv.Itoa(i) + "\n")
		if !receivesText(t, c, text) {
			return
		}
	}
	pong(t, c)
}

func noLineFeed(t *trial) {
	texts := []string{"before", "a\nb", "\n", "a\n", "\na", "ping\nping", "after"}
	results := make(chan error, len(texts))
	sends := numbered(texts)
	p := runServer(t, target.Params{}, func(ctx context.Context, c target.Command, respond func(string) error) error {
		err := sends(ctx, c, respond)
		results <- err
		if err != nil {
			err = respond("refused")
		}
		return err
	})
	c := enter(t, p)
	for i, text := range texts {
		t.step("send a command whose callback responds %q, and where that is an error, refused; the one answer comes, and nothing else before that to ping", text)
		_ = c.Send(strconv.Itoa(i) + "\n")
		told, answer := noError, text
		if strings.Contains(text, "\n") {
			told, answer = anError, "refused"
		}
		if !receivesText(t, c, answer) || !pong(t, c) {
			return
		}
		err := errNotCalled
		select {
		case err = <-results:
		default:
		}
		t.verify("the callback was called", err != errNotCalled, isTrue)
		t.verify("what the callback was told", err, told)
	}
}

var errNotCalled = errors.New("the callback was not called")

// tooLate responds when the callback has returned.
func tooLate(t *trial) {
	kept := make(chan func(string) error, 10)
	p := runServer(t, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
		if c.Text == "keep" {
			kept <- respond
		}
		if c.Text == "use" {
			// Another callback runs now; that of the command before is over.
			_ = (<-kept)("late")
		}
		return respond("ok")
	})
	late := func() error {
		select {
		case respond := <-kept:
			return respond("late")
		default:
			return nil
		}
	}
	c := enter(t, p)
	t.step("a callback keeps its means to respond; used after the callback has returned, they give an error, and nothing is sent")
	_ = c.Send("keep\n")
	receivesText(t, c, "ok")
	pong(t, c) // the callback has returned
	t.verify("a response too late", late(), anError)
	pong(t, c)
	t.step("used while another callback runs, they send nothing either")
	_ = c.Send("keep\nuse\n")
	receivesText(t, c, "ok")
	receivesText(t, c, "ok")
	pong(t, c)
	t.step("used while another client is served, they send nothing to it")
	_ = c.Send("keep\ndisconnect\n")
	receivesText(t, c, "ok")
	_ = c.Ending(t)
	other := enterVerified(t, p)
	t.verify("a response too late", late(), anError)
	pong(t, other)
}
