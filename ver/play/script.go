package play

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// Step is a step of a script, which says what clients do and what they must get. Steps
// are played in order; one that gives false ends the script, because what follows would
// make no sense.
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
func (c Client) Conn(t *Trial) *target.Conn { return t.seats[c] }

// SetConn gives the client another connection.
func (c Client) SetConn(t *Trial, conn *target.Conn) bool {
	t.seats[c] = conn
	return true
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

// Times plays steps n times.
func Times(n int, steps ...Step) Step { return Steps(slices.Repeat(steps, n)...) }

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

// Some is [Each], or with a server that takes long for some of the list, from its whole
// length: so many that each can be answered in the time of a repetition.
func Some[T any](list []T, do func(T) Step) Step {
	return func(t *Trial) bool {
		some := list
		if n := t.Many(len(list)); n < len(list) && !t.Rehearses() {
			some = make([]T, n)
			for i := range some {
				some[i] = list[i*len(list)/n]
			}
		}
		return Each(some, do)(t)
	}
}

// Moment lets a little time pass, as between two segments, so that the server may have
// acted on what it was sent.
func Moment(t *Trial) bool {
	target.Pause(t, t.Pace.Limits.Pause)
	return true
}

// Connects connects a client, and makes sure that it is served.
func (c Client) Connects(t *Trial) bool {
	t.Step("%s connects, and is served", c)
	return c.SetConn(t, t.Connect())
}

// Dials connects a client that may not be served yet.
func (c Client) Dials(t *Trial) bool {
	t.Step("%s connects", c)
	if c == Second || c == Third {
		return c.SetConn(t, t.DialFurther())
	}
	conn, err := t.dial(t, t.addr, t.Log())
	t.mustDial(conn, err)
	return c.SetConn(t, conn)
}

// ConnectsSilently connects a client that is not spoken to. Where the server speaks first the
// spec is blocked: that is SRS-019, and hides what is answered.
func (c Client) ConnectsSilently(t *Trial) bool {
	t.Step("%s connects", c)
	within := t.Pace.Quiet()
	if c == First && t.found.probed { // then a new client is known to be sent nothing
		within = t.Pace.Limits.Pause
	}
	c.SetConn(t, t.come("", within))
	t.Require("what comes before any command", c.Conn(t).Listen(t), NothingOrTheEnd)
	return true
}

// BeginsWith connects a client that sends this first thing. What it gets is seen later; it
// is dialed again where it is sent something else than what it should get, and is closed.
func (c Client) BeginsWith(data string, want ...target.Response) Step {
	return func(t *Trial) bool {
		t.Step("%s connects, and sends %s first thing", c, quoted(data))
		return c.SetConn(t, t.come(data, t.Pace.Quiet(), want...))
	}
}

// Sends sends bytes in one segment.
func (c Client) Sends(data string) Step {
	return c.does("sends "+quoted(data), func(_ *Trial, conn *target.Conn) { _ = conn.Send(data) })
}

// SendsInSegments sends bytes in several segments.
func (c Client) SendsInSegments(parts ...string) Step {
	all := make([]string, len(parts))
	for i, part := range parts {
		all[i] = quoted(part)
	}
	return c.does("sends in segments of their own: "+strings.Join(all, ", "), func(t *Trial, conn *target.Conn) {
		_ = conn.SendSegments(t, parts...)
	})
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
	return func(t *Trial) bool { return t.Receives(c.Conn(t), want) }
}

// Asks sends a command, and verifies what it is answered.
func (c Client) Asks(d target.Dialogue) Step {
	return func(t *Trial) bool {
		t.Step("%s sends %s; it gets %s", c, quoted(d.Send+"\n"), target.Responses(d.Expect))
		return t.asks(c.Conn(t), d)
	}
}

// GetsNothingElse sends a command whose answer is known, and so verifies that nothing else
// has come: that answer must be the very next packet.
func (c Client) GetsNothingElse(t *Trial) bool {
	t.Step("%s sends one more command; its answer is the next packet", c)
	return t.NoMore(c.Conn(t))
}

// Hears verifies what comes within the time of silence.
func (c Client) Hears(want Expectation) Step {
	return func(t *Trial) bool {
		t.Step("listen to what %s gets: %s", c, want.Expected())
		return t.Verify("what comes to "+c.String()+", though nothing is due", c.Conn(t).Listen(t), want)
	}
}

// EndIDs are the requirements that the end of a connection shows.
type EndIDs struct {
	Closed string // the connection ends
	Silent string // no packet comes before that
}

// IsClosedSilently verifies that the connection ends, and that no packet comes before.
func (c Client) IsClosedSilently(ids EndIDs) Step {
	return func(t *Trial) bool {
		t.Step("the connection of %s ends, and no packet comes before", c)
		event := c.Conn(t).Receive(t)
		t.Verify("what comes first", event, NoPacket, ids.Silent)
		t.Verify("the connection", t.End(c.Conn(t), event), TheEnd, ids.Closed)
		_ = c.Conn(t).Close()
		return true
	}
}

// SeesTheEnd verifies that the connection ends, and nothing comes before.
func (c Client) SeesTheEnd(t *Trial) bool {
	return c.ends(t, (*target.Conn).Receive)
}

// SeesTheEndAtLast verifies that the connection ends, whatever comes before.
func (c Client) SeesTheEndAtLast(t *Trial) bool {
	return c.ends(t, func(conn *target.Conn, _ context.Context) target.Event { return t.End(conn, conn.Receive(t)) })
}

func (c Client) ends(t *Trial, event func(*target.Conn, context.Context) target.Event) bool {
	t.Step("the connection of %s ends", c)
	t.Verify("the connection", event(c.Conn(t), t), TheEnd)
	_ = c.Conn(t).Close()
	return true
}

// IsServed verifies that a new client is served, and goes on being served. It leaves by
// disconnect.
func (c Client) IsServed(t *Trial) bool {
	t.Step("%s connects; it is served", c)
	conn, problem := t.Arrive(t.Log())
	if conn != nil {
		defer conn.Leave(t)
		problem = t.Exchange(conn, t.Known())
	}
	return t.Verify("the connection of the next client", Service(t.autopsy(problem)), Served)
}

// The ways of leaving: by disconnect, as clients should; by disconnect and the end of the
// connection that the server owes; and without disconnect.

func (c Client) Leaves(t *Trial) bool {
	return c.does("leaves by disconnect", func(t *Trial, conn *target.Conn) { conn.Leave(t) })(t)
}

func (c Client) DisconnectsAndWaits(t *Trial) bool {
	return c.does("sends disconnect, waits for the connection to end, and closes", func(t *Trial, conn *target.Conn) {
		_ = conn.Send("disconnect\n")
		_ = conn.Receive(t)
		_ = conn.Close()
	})(t)
}

func (c Client) Closes(t *Trial) bool {
	return c.does("closes the connection", func(_ *Trial, conn *target.Conn) { _ = conn.Close() })(t)
}

// SendsAndCloses sends bytes and closes the connection in the same segment.
func (c Client) SendsAndCloses(data string) Step {
	return c.does("sends "+quoted(data)+", and closes the connection in the same segment", func(_ *Trial, conn *target.Conn) {
		_ = conn.SendAndClose(data)
	})
}

func (c Client) ClosesHalf(t *Trial) bool {
	return c.does("closes its sending side", func(_ *Trial, conn *target.Conn) { _ = conn.CloseWrite() })(t)
}

func (c Client) Resets(t *Trial) bool {
	return c.does("resets the connection", func(_ *Trial, conn *target.Conn) { _ = conn.Reset() })(t)
}

// does is a step that acts on the connection of a client.
func (c Client) does(what string, act func(*Trial, *target.Conn)) Step {
	return func(t *Trial) bool {
		t.Step("%s %s", c, what)
		act(t, c.Conn(t))
		return true
	}
}
