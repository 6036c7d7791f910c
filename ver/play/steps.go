package play

import (
	"context"
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// Idles verifies that nothing comes to a client that is idle after the answer to ping.
func (c Client) Idles(t *Trial) bool {
	t.Step("%s is idle for a while; nothing comes", c)
	event := t.idle(t, c.Conn(t), Ping)
	if event.IsClosed() && !t.Rehearses() {
		t.Block("the connection of an idle client ends")
	}
	return t.Verify("what comes to an idle client", event, Nothing)
}

// GetsWhatever receives what a command is answered, whatever that is.
func (c Client) GetsWhatever(t *Trial) bool {
	_ = c.Conn(t).Receive(t)
	return true
}

// SendsAndGetsBack sends texts to be echoed; each must come back unaltered.
func (c Client) SendsAndGetsBack(texts ...string) Step {
	return func(t *Trial) bool {
		return t.Play(Each(texts, func(text string) Step { return c.Asks(t.Profile().Echoing(text)) }))
	}
}

// AsksCutInEveryPlace sends a command in two segments, cut in every place.
func (c Client) AsksCutInEveryPlace(d target.Dialogue) Step {
	var steps []Step
	for i := 1; i < len(d.Send); i++ {
		steps = append(steps, c.SendsInSegments(d.Send[:i], d.Send[i:]+"\n"), c.GetsAll(d.Expect))
	}
	text := fmt.Sprintf("%s sends %q in two segments, cut in every place; each is answered by %s", c, d.Send, target.Responses(d.Expect))
	return Say(text, steps...)
}

// AsksWithLateLineFeed sends a packet and its line feed in segments of their own, and
// verifies what it is answered, and that nothing more comes.
func (c Client) AsksWithLateLineFeed(d target.Dialogue) Step {
	return Steps(c.SendsInSegments(d.Send, "\n"), c.GetsAll(d.Expect), c.GetsNothingElse)
}

// FollowsTheFirst verifies that the server was there for others once the clients by
// which it was found to be ready had left. Where it was not, nothing else can be shown.
func (c Client) FollowsTheFirst(t *Trial) bool {
	t.Step("the client by which the server was found to be ready has left by disconnect; %s is served", c)
	return t.Verify("the connection of "+c.String(), Service(t.found.gone), Served)
}

// IsNotServed verifies that a client that waits gets no packet.
func (c Client) IsNotServed(t *Trial) bool {
	return c.Hears(NothingOrTheEnd)(t)
}

// GetsNoPacket verifies that no packet comes, whether the connection ends or not, and
// closes it.
func (c Client) GetsNoPacket(t *Trial) bool {
	t.Step("%s gets no packet", c)
	t.Verify("what comes first", c.Conn(t).Receive(t), NoPacket)
	_ = c.Conn(t).Close()
	return true
}

// Needs makes sure of an ability that only the rest of a script needs.
func Needs(a Ability) Step {
	return func(t *Trial) bool {
		t.need(a)
		return true
	}
}

// CanAsk makes sure that a command is answered by its responses and by nothing else, as a
// precondition.
func (c Client) CanAsk(d target.Dialogue) Step {
	return func(t *Trial) bool {
		return t.in(scope{t.ids, true, true}, c.Asks(d), c.GetsNothingElse)
	}
}

// Counted says how often something was done. A rehearsal does not know.
func Counted(t *Trial, format string, n int) string {
	if t.Rehearses() {
		return strings.Replace(format, "number %d", "of the last number", 1)
	}
	return fmt.Sprintf(format, n)
}

// DialAt gives a connection to an address other than the target's.
func DialAt(t *Trial, addr string) (*target.Conn, error) {
	if t.Rehearses() {
		return target.Nowhere(), nil
	}
	c, err := target.Dial(t, addr, target.Usual, t.Pace, t.Log())
	if err == nil {
		t.CleanUp(func(context.Context) { _ = c.Close() })
	}
	return c, err
}
