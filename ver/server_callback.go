package ver

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var callback = play.Protocol{
	ID: "TP-019", Title: "callback",
	Objective: "The callback is handed what it shall be, and its responses reach the client.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-008: The server shall hand every command that is not predefined to
		// the callback, unaltered and once.
		//
		// SRS-029: The server shall hand the empty packet to the callback as a
		// command like any other.
		{
			Title: "hands the callback every command that is not predefined",
			IDs:   srs("008", "029"),
			Play: play.Func(func(t *play.Trial) {
				texts := append(resembling("ping"), resembling("disconnect")...)
				texts = append(texts, "cmd01", "a b", " ", "\r", "a\x7fb", "ping pong", strings.Repeat("x", 5000))
				t.About("SRS-008")
				verifyHandedOver(t, target.Params{}, texts, valid)
				t.About("SRS-029")
				verifyHandedOver(t, target.Params{}, []string{"", "a", "", ""}, valid)
			}),
		},

		{Title: "does not hand the predefined commands to the callback", IDs: srs("008"), Play: play.Func(func(t *play.Trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			t.Step("send ping, a command and ping, and then disconnect")
			_ = c.Send("ping\nwork\nping\n")
			for _, text := range []string{"pong", "ok", "pong"} {
				receivesText(t, c, text)
			}
			_ = c.Send("disconnect\n")
			_ = c.Receive(t)
			t.Verify("what the callback was handed", p.all(), calls(valid("work")))
		})},

		// SRS-007: The server shall hand a packet that cannot be converted to
		// ASCII to the callback, marked invalid.
		//
		// SRS-027: The callback shall get of an invalid packet the ASCII bytes
		// left after dropping the others, the mark, and the raw bytes.
		{Title: "hands the callback invalid packets, marked", IDs: srs("007"), Play: play.Func(func(t *play.Trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			packets := []string{"\xff", "ab\xffcd", "caf\xc3\xa9", "\x80", "x\xfe", play.Pattern(9000) + "\xff"}
			t.Step("send %d invalid packets; each is answered once, and was handed over with the mark", len(packets))
			for _, text := range packets {
				asks(t, c, text, "ok")
			}
			marks := 0
			for _, one := range p.exceptPredefined() {
				if one.Invalid {
					marks++
				}
			}
			t.Verify("packets handed over with the mark", marks, play.Is(len(packets)))
		})},

		{
			Title: "hands the callback the ASCII bytes of invalid packets, and their raw bytes",
			IDs:   srs("027"),
			Play: play.Func(func(t *play.Trial) {
				texts := []string{
					"\xff", "ab\xffcd", "caf\xc3\xa9", "\x80", "\xff\xff\xfe", "pi\xffng", "ping\xff", "disconnect\x80",
					play.Pattern(100) + "\xff" + play.Pattern(100), "\xff" + play.Pattern(9000), play.Pattern(9000) + "\xff",
				}
				verifyHandedOver(t, target.Params{}, append(texts, aroundHigh("a", "z")...), func(text string) call {
					return call{Text: onlyASCII(text), Raw: text, Invalid: true}
				})
			}),
		},

		// SRS-026: The server shall take every byte below 0x80 but 0x0A, NUL and
		// other control bytes too, for a valid byte of a command.
		{Title: "hands the callback every byte below 0x80 as valid", IDs: srs("026"), Play: play.Func(func(t *play.Trial) {
			verifyHandedOver(t, target.Params{}, append(around("", ""), around("a", "z")...), valid)
		})},

		// SRS-030: Of a packet longer than the maximum the server shall drop the
		// bytes past it up to the next 0x0A, and shall hand the packet to the
		// callback once, marked invalid and too long.
		{
			Title: "hands the callback over-long packets once, cut and marked",
			IDs:   srs("030"),
			Play: play.Func(func(t *play.Trial) {
				const most = 100
				var texts []string
				for _, n := range []int{most - 1, most, most + 1, most + 2, 2 * most, 2*most + 1, 4096, 4097, 70_000, most} {
					texts = append(texts, letters(n))
				}
				texts = append(texts, strings.Repeat("ping", most), letters(most-4)+"ping", "end")
				verifyHandedOver(t, target.Params{MaxPacket: most}, texts, cutAt(most))
			}),
		},

		{
			Title: "takes 64 KiB for the maximum where none is set",
			IDs:   srs("030"),
			Play: play.Func(func(t *play.Trial) {
				const most = 64 << 10
				verifyHandedOver(t, target.Params{}, []string{letters(most - 1), letters(most), letters(most + 1), "end"}, cutAt(most))
			}),
		},

		// SRS-035: The server shall drop the bytes of an unfinished packet when
		// its client leaves: they shall neither be run nor be put before the next
		// client's.
		{Title: "does not hand the callback a packet that was not ended", IDs: srs("035"), Play: play.Func(func(t *play.Trial) {
			p := runServer(t, target.Params{}, nil)
			for _, leave := range []func(*target.Conn) error{(*target.Conn).CloseWrite, (*target.Conn).Close, (*target.Conn).Reset} {
				c := enter(t, p)
				t.Step("send a command and half of another, and leave; the next client sends the other half")
				asks(t, c, "first", "ok")
				_ = c.Send("sec")
				_ = leave(c)
				other := enterVerified(t, p) // verified here, not required
				asks(t, other, "ond", "ok")
				other.Leave(t)
			}
			want := []call{valid("first"), valid("ond")}
			t.Verify("what the callback was handed", p.exceptPredefined(), calls(append(append(want, want...), want...)...))
		})},

		// SRS-036: The server shall not answer disconnect by a packet, and shall
		// drop the commands that follow it in the same segment.
		{Title: "does not hand the callback what follows disconnect", IDs: srs("036"), Play: play.Func(func(t *play.Trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			t.Step("send a command, and then disconnect and two more in one segment, and come again")
			asks(t, c, "first", "ok")
			_ = c.Send("disconnect\nsecond\nthird\n")
			t.Verify("the connection", c.Receive(t), play.TheEnd)
			other := enterVerified(t, p)
			asks(t, other, "fourth", "ok")
			t.Verify("what the callback was handed", p.exceptPredefined(), calls(valid("first"), valid("fourth")))
		})},
	},
}

// letters is a text without capitals of n bytes in which no part is like another.
func letters(n int) string { return strings.ToLower(play.Pattern(n)) }

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

// verifyHandedOver verifies what the callback is handed for packets that are sent one by
// one, and that each is answered once.
func verifyHandedOver(t *play.Trial, p target.Params, texts []string, want func(string) call) {
	prog := runServer(t, p, nil)
	c := enter(t, prog)
	t.Step("send %d packets; each is answered once, and the callback is handed just these", len(texts))
	var all []call
	for _, text := range texts {
		_ = c.Send(text + "\n")
		all = append(all, want(text))
		if event := c.Receive(t); event != target.Packet("ok") && !t.Rehearses() {
			t.Verify("the answer to "+target.Packet(text).String(), event, play.Packet("ok"))
			return
		}
	}
	asksPing(t, c)
	got := prog.exceptPredefined()
	for i, one := range got {
		if i < len(all) && one != all[i] {
			t.Verify(fmt.Sprintf("command number %d", i+1), one, play.Is(all[i]))
			return
		}
	}
	t.Verify("how many commands the callback was handed", len(got), play.Is(len(all)))
	last := call{}
	if len(got) > 0 {
		last = got[len(got)-1]
	}
	t.Verify("the last command", last, play.Is(all[len(all)-1]))
}

var callbackResponses = play.Protocol{
	ID: "TP-023", Title: "responses of the callback",
	Objective: "What the callback sends reaches the client, unaltered and in order, and at no other time.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-018: The server shall send every response of a command, none, one
		// or many, in the order in which the callback gave them.
		{Title: "sends the responses of a callback in order: none, one or many", IDs: srs("018"), Play: play.Func(sendsNoneOneOrMany)},

		// SRS-042: The server shall send the bytes of a response unaltered,
		// whatever they are but 0x0A, and shall end the packet by one 0x0A.
		{Title: "sends every byte but the line feed in a response", IDs: srs("042"), Play: play.Func(sendsEveryByte)},

		// SRS-043: A callback that tries to send 0x0A inside a response shall get
		// an error, and nothing of that response shall be sent.
		{Title: "refuses a response with a line feed", IDs: srs("043"), Play: play.Func(refusesLineFeed)},

		// SRS-048: The callback shall be able to respond while it runs, and at no
		// other time.
		{Title: "refuses a response when its callback has returned", IDs: srs("048"), Play: play.Func(refusesLateResponse)},
	},
}

// sendsNoneOneOrMany has a callback that answers a number by so many packets.
func sendsNoneOneOrMany(t *play.Trial) {
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
	t.Step("send commands that are answered by %d packets, with ping after each; all come in order", counts)
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
	t.Step("send a command that is answered by empty packets around another; all three come")
	_ = c.Send("empty\n")
	for _, text := range []string{"", "x", ""} {
		receivesText(t, c, text)
	}
	t.Verify("what comes after them", c.Listen(t), play.Nothing)
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

// sendsEveryByte has a callback respond texts that hold all of them, alone and in masses.
func sendsEveryByte(t *play.Trial) {
	all := allBytes()
	texts := []string{"", all, "\r", "a\r", " ", "\x00", "\xff", "pong", strings.Repeat(all, 600), ""}
	c := enter(t, runServer(t, target.Params{}, numbered(texts)))
	t.Step("send commands, each answered by one packet: of every byte, empty and long ones among them")
	for i, text := range texts {
		if !asks(t, c, strconv.Itoa(i), text) {
			return
		}
	}
	asksPing(t, c)
}

// refusesLineFeed has a callback try to respond texts with line feeds among others.
func refusesLineFeed(t *play.Trial) {
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
		t.Step("send a command whose callback responds %q, and where that is an error, refused; the one answer comes, and nothing else before that to ping", text)
		_ = c.Send(strconv.Itoa(i) + "\n")
		told, answer := play.NoError, text
		if strings.Contains(text, "\n") {
			told, answer = play.AnError, "refused"
		}
		if !receivesText(t, c, answer) || !asksPing(t, c) {
			return
		}
		err := errNotCalled
		select {
		case err = <-results:
		default:
		}
		t.Verify("the callback was called", err != errNotCalled, play.IsTrue)
		t.Verify("what the callback was told", err, told)
	}
}

var errNotCalled = errors.New("the callback was not called")

// refusesLateResponse has a response tried when the callback has returned: while the server
// is idle, while another callback runs, and while another client is served.
func refusesLateResponse(t *play.Trial) {
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
	t.Step("a callback keeps its means to respond; used after the callback has returned, they give an error, and nothing is sent")
	asks(t, c, "keep", "ok")
	asksPing(t, c) // the callback has returned
	t.Verify("a response too late", late(), play.AnError)
	asksPing(t, c)
	t.Step("used while another callback runs, they send nothing either")
	asks(t, c, "keep\nuse", "ok")
	receivesText(t, c, "ok")
	asksPing(t, c)
	t.Step("used while another client is served, they send nothing to it")
	asks(t, c, "keep\ndisconnect", "ok")
	_ = c.Receive(t)
	other := enterVerified(t, p)
	t.Verify("a response too late", late(), play.AnError)
	asksPing(t, other)
}
