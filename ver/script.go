package ver

import (
	"fmt"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// A script says what clients do and what they must get. Its steps are played in
// order; one that gives false ends it, because what follows would make no sense.
type step func(*trial) bool

func (t *trial) play(steps ...step) bool {
	for _, s := range steps {
		if !s(t) {
			return false
		}
	}
	return true
}

// seat is a client of a script, by the order of their coming.
type seat int

const (
	client   seat = iota
	second        // further ones, while the first is connected
	third         //
	next          // one that comes when others have left
	lastSeat = next
)

func (c seat) String() string {
	return [...]string{"the client", "a second client", "a third client", "the next client"}[c]
}

func (c seat) conn(t *trial) *target.Conn { return t.seats[c].conn }

func (c seat) sit(t *trial, conn *target.Conn) bool {
	t.seats[c] = guest{conn: conn}
	return true
}

// event gives what comes next: what was heard already, or what the function waits
// for.
func (c seat) event(t *trial, wait func() target.Event) target.Event {
	if heard := t.seats[c].heard; heard != nil {
		t.seats[c].heard = nil
		return *heard
	}
	return wait()
}

// about has steps verify these of the requirements of the spec.
func about(ids []string, steps ...step) step {
	return func(t *trial) bool { return t.in(scope{ids, t.given, t.within}, steps...) }
}

// given makes preconditions of what steps verify: where that does not hold, the
// spec is blocked.
func given(steps ...step) step {
	return func(t *trial) bool { return t.in(scope{t.ids, true, t.within}, steps...) }
}

// say makes one instruction of steps that say nothing themselves.
func say(text string, steps ...step) step {
	return func(t *trial) bool {
		t.step("%s", text)
		return t.in(scope{t.ids, t.given, true}, steps...)
	}
}

// times plays steps so often.
func times(n int, steps ...step) step {
	return func(t *trial) bool {
		for range n {
			if !t.play(steps...) {
				return false
			}
		}
		return true
	}
}

// each plays steps for each of a list.
func each[T any](list []T, do func(T) step) step {
	return func(t *trial) bool {
		for _, one := range list {
			if !do(one)(t) {
				return false
			}
		}
		return true
	}
}

// wait lets time pass as a stimulus.
func wait(d time.Duration) step {
	return func(t *trial) bool {
		t.pause(d)
		return true
	}
}

// connects connects a client, and makes sure that it is served.
func (c seat) connects(t *trial) bool {
	t.step("%s connects, and is served", c)
	return c.sit(t, t.connect())
}

// dials connects a client that may not be served yet.
func (c seat) dials(t *trial) bool {
	t.step("%s connects", c)
	if c == second || c == third {
		return c.sit(t, t.dialFurther())
	}
	return c.sit(t, t.dial())
}

// comes connects a client that is not spoken to. Where the server speaks first the
// spec is blocked: that is SRS-019, and hides what is answered.
func (c seat) comes(t *trial) bool {
	t.step("%s connects", c)
	conn, event := t.start("")
	t.require("what comes before any command", event, nothingOrTheEnd)
	return c.sit(t, conn)
}

// beginsWith connects a client that sends this first thing.
func (c seat) beginsWith(data string) step {
	return func(t *trial) bool {
		t.step("%s connects, and sends %s first thing", c, quoted(data))
		conn, event := t.start(data)
		c.sit(t, conn)
		if data == "" || event != target.Nothing {
			t.seats[c].heard = &event
		}
		return true
	}
}

// sends sends bytes in one segment.
func (c seat) sends(data string) step {
	return func(t *trial) bool {
		t.step("%s sends %s", c, quoted(data))
		_ = c.conn(t).Send(data)
		return true
	}
}

// sendsInSegments sends bytes in several segments.
func (c seat) sendsInSegments(parts ...string) step {
	return func(t *trial) bool {
		all := make([]string, len(parts))
		for i, part := range parts {
			all[i] = quoted(part)
		}
		t.step("%s sends in segments of their own: %s", c, strings.Join(all, ", "))
		_ = c.conn(t).SendSegments(t, parts...)
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

// gets verifies the next packets.
func (c seat) gets(texts ...string) step {
	return func(t *trial) bool {
		for _, text := range texts {
			event := c.event(t, func() target.Event { return c.conn(t).Receive(t) })
			if !t.verify("the next packet to "+c.String(), event, packet(text)) {
				return false
			}
		}
		return true
	}
}

// getsAll verifies the next packets, as a profile states them.
func (c seat) getsAll(want []target.Response) step {
	return func(t *trial) bool {
		for _, r := range want {
			event := c.event(t, func() target.Event { return c.conn(t).Receive(t) })
			if !t.verify("the next packet to "+c.String(), event, response(r)) {
				return false
			}
		}
		return true
	}
}

// asks sends a command, and verifies what it is answered.
func (c seat) asks(d target.Dialogue) step {
	return func(t *trial) bool {
		t.step("%s sends %s; it gets %s", c, quoted(d.Send+"\n"), target.Responses(d.Expect))
		return t.asks(c.conn(t), d)
	}
}

// getsNoMore verifies by order that nothing else has come: what comes next is the
// answer to a command that is sent now.
func (c seat) getsNoMore(t *trial) bool {
	t.step("%s sends one more command; its answer is the next packet", c)
	return t.noMore(c.conn(t))
}

// hears verifies what comes within the time of silence.
func (c seat) hears(want expectation) step {
	return func(t *trial) bool {
		t.step("listen to what %s gets: %s", c, want.Expected())
		return t.verify("what comes to "+c.String()+", though nothing is due", c.event(t, func() target.Event { return t.listen(c.conn(t)) }), want)
	}
}

// isDisconnected verifies that the connection ends, for one requirement, and that
// no packet comes before, for another.
func (c seat) isDisconnected(endID, silentID string) step {
	return func(t *trial) bool {
		t.step("the connection of %s ends, and no packet comes before", c)
		event := c.conn(t).Ending(t)
		t.verify("what comes first", event, noPacket, silentID)
		t.verify("the connection", t.end(c.conn(t), event), theEnd, endID)
		_ = c.conn(t).Close()
		return true
	}
}

// seesTheEnd verifies that the connection ends, and nothing comes before.
func (c seat) seesTheEnd(t *trial) bool {
	t.step("the connection of %s ends", c)
	t.verify("the connection", c.event(t, func() target.Event { return c.conn(t).Ending(t) }), theEnd)
	_ = c.conn(t).Close()
	return true
}

// waitsForTheEnd waits for the connection to end. What came is seen later.
func (c seat) waitsForTheEnd(t *trial) bool {
	event := c.conn(t).Ending(t)
	t.seats[c].heard = &event
	return true
}

// endsAfterAll verifies that the connection ends, whatever comes before.
func (c seat) endsAfterAll(t *trial) bool {
	t.step("the connection of %s ends", c)
	t.verify("the connection", t.end(c.conn(t), c.conn(t).Ending(t)), theEnd)
	_ = c.conn(t).Close()
	return true
}

// isServed verifies that a new client is served. It leaves by disconnect.
func (c seat) isServed(t *trial) bool {
	t.step("%s connects; it is served", c)
	return t.nextIsServed()
}

// leaves leaves by disconnect, as clients should.
func (c seat) leaves(t *trial) bool {
	t.step("%s leaves by disconnect", c)
	c.conn(t).Leave(t)
	return true
}

// disconnects sends disconnect, waits for the end and closes.
func (c seat) disconnects(t *trial) bool {
	t.step("%s sends disconnect, waits for the connection to end, and closes", c)
	_ = c.conn(t).Send("disconnect\n")
	_ = c.conn(t).Ending(t)
	_ = c.conn(t).Close()
	return true
}

// closes closes the connection.
func (c seat) closes(t *trial) bool {
	t.step("%s closes the connection", c)
	_ = c.conn(t).Close()
	return true
}

// closesHalf closes the sending side.
func (c seat) closesHalf(t *trial) bool {
	t.step("%s closes its sending side", c)
	_ = c.conn(t).CloseWrite()
	return true
}

// resets resets the connection.
func (c seat) resets(t *trial) bool {
	t.step("%s resets the connection", c)
	_ = c.conn(t).Reset()
	return true
}
