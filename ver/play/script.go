package play

import (
	"fmt"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// A script says what clients do and what they must get. Its steps are played in
// order; one that gives false ends it, because what follows would make no sense.
type Step func(*Trial) bool

// Play plays steps in order, and reports whether all have given true.
func (t *Trial) Play(steps ...Step) bool {
	for _, s := range steps {
		if !s(t) {
			return false
		}
	}
	return true
}

// Client is a client of a script, by the order of their coming.
type Client int

const (
	First    Client = iota
	Second          // further ones, while the first is connected
	Third           //
	Next            // one that comes when others have left
	lastSeat = Next
)

func (c Client) String() string {
	return [...]string{"the client", "a second client", "a third client", "the next client"}[c]
}

// Conn is the connection of the client.
func (c Client) Conn(t *Trial) *target.Conn { return t.seats[c].conn }

// Sit gives the client another connection.
func (c Client) Sit(t *Trial, conn *target.Conn) bool {
	t.seats[c] = guest{conn: conn}
	return true
}

// event gives what comes next: what was heard already, or what the function waits
// for.
func (c Client) event(t *Trial, wait func() target.Event) target.Event {
	if heard := t.seats[c].heard; heard != nil {
		t.seats[c].heard = nil
		return *heard
	}
	return wait()
}

// Steps is a step that plays others in order.
func Steps(steps ...Step) Step {
	return func(t *Trial) bool { return t.Play(steps...) }
}

// About has steps verify these of the requirements of the spec.
func About(ids []string, steps ...Step) Step {
	return func(t *Trial) bool { return t.in(scope{ids, t.given, t.within}, steps...) }
}

// Given makes preconditions of what steps verify: where that does not hold, the
// spec is blocked.
func Given(steps ...Step) Step {
	return func(t *Trial) bool { return t.in(scope{t.ids, true, t.within}, steps...) }
}

// Say makes one instruction of steps that say nothing themselves.
func Say(text string, steps ...Step) Step {
	return func(t *Trial) bool {
		t.Step("%s", text)
		return t.in(scope{t.ids, t.given, true}, steps...)
	}
}

// Times plays steps so often.
func Times(n int, steps ...Step) Step {
	return func(t *Trial) bool {
		for range n {
			if !t.Play(steps...) {
				return false
			}
		}
		return true
	}
}

// Each plays steps for each of a list.
func Each[T any](list []T, do func(T) Step) Step {
	return func(t *Trial) bool {
		for _, one := range list {
			if !do(one)(t) {
				return false
			}
		}
		return true
	}
}

// Some plays steps for each of a list, or with a server that takes long for some of it,
// from its whole length: so many that each can be answered in the time of a repetition.
func Some[T any](list []T, do func(T) Step) Step {
	return func(t *Trial) bool {
		n := len(list)
		if !t.Rehearses() {
			n = t.Many(n)
		}
		for i := range n {
			if !do(list[i*len(list)/n])(t) {
				return false
			}
		}
		return true
	}
}

// Moment lets a little time pass, as between two segments, so that the server may have
// acted on what it was sent.
func Moment(t *Trial) bool {
	target.Pause(t, t.pace.Limits().Pause)
	return true
}

// Connects connects a client, and makes sure that it is served.
func (c Client) Connects(t *Trial) bool {
	t.Step("%s connects, and is served", c)
	return c.Sit(t, t.Connect())
}

// Dials connects a client that may not be served yet.
func (c Client) Dials(t *Trial) bool {
	t.Step("%s connects", c)
	if c == Second || c == Third {
		return c.Sit(t, t.DialFurther())
	}
	return c.Sit(t, t.dial())
}

// Comes connects a client that is not spoken to. Where the server speaks first the
// spec is blocked: that is SRS-019, and hides what is answered.
func (c Client) Comes(t *Trial) bool {
	t.Step("%s connects", c)
	var conn *target.Conn
	var event target.Event
	if c == First && t.found.probed { // then a new client is known to be sent nothing
		conn = t.dial()
		event = conn.Poll(t, t.pace.Limits().Pause)
	}
	if conn == nil || event == target.Closed && !t.Rehearses() {
		conn, event = t.start("")
	}
	t.Require("what comes before any command", event, NothingOrTheEnd)
	return c.Sit(t, conn)
}

// BeginsWith connects a client that sends this first thing.
func (c Client) BeginsWith(data string) Step {
	return func(t *Trial) bool {
		t.Step("%s connects, and sends %s first thing", c, quoted(data))
		conn, event := t.start(data)
		c.Sit(t, conn)
		if data == "" || event != target.Nothing {
			t.seats[c].heard = &event
		}
		return true
	}
}

// Sends sends bytes in one segment.
func (c Client) Sends(data string) Step {
	return func(t *Trial) bool {
		t.Step("%s sends %s", c, quoted(data))
		_ = c.Conn(t).Send(data)
		return true
	}
}

// SendsInSegments sends bytes in several segments.
func (c Client) SendsInSegments(parts ...string) Step {
	return func(t *Trial) bool {
		all := make([]string, len(parts))
		for i, part := range parts {
			all[i] = quoted(part)
		}
		t.Step("%s sends in segments of their own: %s", c, strings.Join(all, ", "))
		_ = c.Conn(t).SendSegments(t, parts...)
		return true
	}
}

// quoted shows bytes that may be many.
func quoted(data string) string {
	if len(data) > 100 {
		return fmt.Sprintf("%d bytes, %q ... %q", len(data), data[:40], data[len(data)-20:])
	}
	return fmt.Sprintf("%q", data)
}

// Gets verifies the next packets.
func (c Client) Gets(texts ...string) Step {
	var want []target.Response
	for _, text := range texts {
		want = append(want, target.Text(text))
	}
	return c.GetsAll(want)
}

// GetsAll verifies the next packets, as a profile states them.
func (c Client) GetsAll(want []target.Response) Step {
	return func(t *Trial) bool {
		for _, r := range want {
			event := c.event(t, func() target.Event { return c.Conn(t).Receive(t) })
			if !t.Verify("the next packet to "+c.String(), event, Response(r)) {
				return false
			}
		}
		return true
	}
}

// Asks sends a command, and verifies what it is answered.
func (c Client) Asks(d target.Dialogue) Step {
	return func(t *Trial) bool {
		t.Step("%s sends %s; it gets %s", c, quoted(d.Send+"\n"), target.Responses(d.Expect))
		return t.asks(c.Conn(t), d)
	}
}

// GetsNoMore verifies by order that nothing else has come: what comes next is the
// answer to a command that is sent now.
func (c Client) GetsNoMore(t *Trial) bool {
	t.Step("%s sends one more command; its answer is the next packet", c)
	return t.NoMore(c.Conn(t))
}

// Hears verifies what comes within the time of silence.
func (c Client) Hears(want Expectation) Step {
	return func(t *Trial) bool {
		t.Step("listen to what %s gets: %s", c, want.Expected())
		return t.Verify("what comes to "+c.String()+", though nothing is due", c.event(t, func() target.Event { return c.Conn(t).Listen(t) }), want)
	}
}

// IsDisconnected verifies that the connection ends, for one requirement, and that
// no packet comes before, for another.
func (c Client) IsDisconnected(endID, silentID string) Step {
	return func(t *Trial) bool {
		t.Step("the connection of %s ends, and no packet comes before", c)
		event := c.Conn(t).Ending(t)
		t.Verify("what comes first", event, NoPacket, silentID)
		t.Verify("the connection", t.End(c.Conn(t), event), TheEnd, endID)
		_ = c.Conn(t).Close()
		return true
	}
}

// SeesTheEnd verifies that the connection ends, and nothing comes before.
func (c Client) SeesTheEnd(t *Trial) bool {
	t.Step("the connection of %s ends", c)
	t.Verify("the connection", c.event(t, func() target.Event { return c.Conn(t).Ending(t) }), TheEnd)
	_ = c.Conn(t).Close()
	return true
}

// WaitsForTheEnd waits for the connection to end. What came is seen later.
func (c Client) WaitsForTheEnd(t *Trial) bool {
	event := c.Conn(t).Ending(t)
	t.seats[c].heard = &event
	return true
}

// EndsAfterAll verifies that the connection ends, whatever comes before.
func (c Client) EndsAfterAll(t *Trial) bool {
	t.Step("the connection of %s ends", c)
	t.Verify("the connection", t.End(c.Conn(t), c.Conn(t).Ending(t)), TheEnd)
	_ = c.Conn(t).Close()
	return true
}

// IsServed verifies that a new client is served. It leaves by disconnect.
func (c Client) IsServed(t *Trial) bool {
	t.Step("%s connects; it is served", c)
	return t.NextIsServed()
}

// Leaves leaves by disconnect, as clients should.
func (c Client) Leaves(t *Trial) bool {
	t.Step("%s leaves by disconnect", c)
	c.Conn(t).Leave(t)
	return true
}

// Disconnects sends disconnect, waits for the end and closes.
func (c Client) Disconnects(t *Trial) bool {
	t.Step("%s sends disconnect, waits for the connection to end, and closes", c)
	_ = c.Conn(t).Send("disconnect\n")
	_ = c.Conn(t).Ending(t)
	_ = c.Conn(t).Close()
	return true
}

// Closes closes the connection.
func (c Client) Closes(t *Trial) bool {
	t.Step("%s closes the connection", c)
	_ = c.Conn(t).Close()
	return true
}

// ClosesHalf closes the sending side.
func (c Client) ClosesHalf(t *Trial) bool {
	t.Step("%s closes its sending side", c)
	_ = c.Conn(t).CloseWrite()
	return true
}

// Resets resets the connection.
func (c Client) Resets(t *Trial) bool {
	t.Step("%s resets the connection", c)
	_ = c.Conn(t).Reset()
	return true
}
