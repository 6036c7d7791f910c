package ver

import (
	"context"
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// getsWhatever receives what a command is answered, whatever that is.
func (c seat) getsWhatever(t *trial) bool {
	_ = c.conn(t).Receive(t)
	return true
}

// asksEach sends commands one by one, each with one after it that shows that
// nothing more was answered.
func (c seat) asksEach(dialogues []target.Dialogue) step {
	return each(dialogues, func(d target.Dialogue) step {
		return func(t *trial) bool { return t.play(c.asks(d), c.getsNoMore) }
	})
}

// asksAtOnce sends commands in one segment, and verifies all their answers.
func (c seat) asksAtOnce(dialogues []target.Dialogue) step {
	var segment strings.Builder
	var want []target.Response
	for _, d := range dialogues {
		segment.WriteString(d.Send + "\n")
		want = append(want, d.Expect...)
	}
	return func(t *trial) bool {
		return t.play(c.sends(segment.String()), c.getsAll(want))
	}
}

// echoes sends texts to be echoed; each must come back unaltered.
func (c seat) echoes(texts ...string) step {
	return func(t *trial) bool {
		return t.play(each(texts, func(text string) step { return c.asks(t.echo(text)) }))
	}
}

// asksCutAnywhere sends a command in two segments, cut in every place.
func (c seat) asksCutAnywhere(d target.Dialogue) step {
	return func(t *trial) bool {
		t.step("%s sends %q in two segments, cut in every place; each is answered by %s", c, d.Send, target.Responses(d.Expect))
		for i := 1; i < len(d.Send); i++ {
			_ = c.conn(t).SendSegments(t, d.Send[:i], d.Send[i:]+"\n")
			if !t.receives(c.conn(t), d.Expect) {
				return false
			}
		}
		return true
	}
}

// asksInSegments sends a packet and its line feed in segments of their own, and
// verifies what it is answered, and that nothing more comes.
func (c seat) asksInSegments(d target.Dialogue) step {
	return func(t *trial) bool {
		return t.play(c.sendsInSegments(d.Send, "\n"), c.getsAll(d.Expect), c.getsNoMore)
	}
}

// isUnserved verifies that a client that waits gets no packet.
func (c seat) isUnserved(t *trial) bool {
	return c.hears(nothingOrTheEnd)(t)
}

// getsNoPacketAtTheEnd verifies that no packet comes before the connection ends.
func (c seat) getsNoPacketAtTheEnd(t *trial) bool {
	t.step("%s gets no packet", c)
	t.verify("what comes first", c.conn(t).Ending(t), noPacket)
	_ = c.conn(t).Close()
	return true
}

// seesAnyEnd waits for the connection to end, whatever comes, and closes it.
func (c seat) seesAnyEnd(t *trial) bool {
	_ = c.conn(t).Ending(t)
	_ = c.conn(t).Close()
	return true
}

// willStop notes that the server is about to be told to stop.
func (c seat) willStop(t *trial) bool {
	t.willStop()
	return true
}

// needs makes sure of an ability that only the rest of a script needs.
func needs(a ability) step {
	return func(t *trial) bool {
		t.need([]ability{a})
		return true
	}
}

// obeys is the same for a client of a script.
func (c seat) obeys(d target.Dialogue) step {
	return func(t *trial) bool {
		t.obeys(c.conn(t), d)
		return true
	}
}

// obeys makes sure that a command is answered by its responses and by nothing else,
// as a precondition.
func (t *trial) obeys(c *target.Conn, d target.Dialogue) {
	before := t.given
	t.given = true
	defer func() { t.given = before }()
	if t.asks(c, d) {
		t.noMore(c)
	}
}

// counted says how often something was done. A rehearsal does not know.
func counted(t *trial, format string, n int) string {
	if t.rehearses() {
		return strings.Replace(format, "number %d", "of the last number", 1)
	}
	return fmt.Sprintf(format, n)
}

// dialAt gives a connection to an address other than the target's.
func dialAt(t *trial, addr string) (*target.Conn, error) {
	if t.rehearses() {
		return target.Nowhere(), nil
	}
	c, err := target.Dial(t, addr, t.pace, t.log())
	if err == nil {
		t.cleanUp(func(context.Context) { _ = c.Close() })
	}
	return c, err
}
