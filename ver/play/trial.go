package play

import (
	"context"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// Trial is one spec that is carried out, or rehearsed.
type Trial struct {
	*run
	context.Context
	scope
	spec    SpecContext
	place   types.CodeLocation         // of the spec
	planned *evidence.Spec             // what is planned, where it is rehearsed
	seats   [lastSeat + 1]*target.Conn // of the clients of a script
	open    []*target.Conn             // all connections to the server
	number  int                        // of the last connection
	stopped bool                       // the server has been told to stop
}

// scope applies to the verifications that are made while it lasts.
type scope struct {
	ids    []string // the requirements
	given  bool     // it is a precondition
	within bool     // it belongs to the current step
}

// in plays steps in another scope.
func (t *Trial) in(other scope, steps ...Step) bool {
	before := t.scope
	t.scope = other
	defer func() { t.scope = before }()
	return t.Play(steps...)
}

// Profile is the application profile of the server.
func (t *Trial) Profile() *target.Profile { return t.Target.Profile }

// About sets the requirements of the verifications that follow, where they name none.
func (t *Trial) About(ids ...string) { t.ids = ids }

// NotServedAt says why nobody is served at an address; nothing if somebody is.
func (t *Trial) NotServedAt(addr string) string {
	return t.alive(t, addr, t.Log())
}

// Soon verifies what a function gives in the end.
func Soon[T any](t *Trial, what string, actual func() T, want Expected[T], ids ...string) bool {
	return t.Verify(what, Eventually(t, actual, want), want, ids...)
}

// Eventually calls a function until it gives what is wanted, or the time for that is
// over. Little of that time goes into the calls.
func Eventually[T any](t *Trial, actual func() T, want Expected[T]) T {
	if t.Rehearses() {
		return *new(T)
	}
	waiting, cancel := patience.Within(t, t.Limit())
	defer cancel()
	for {
		began := time.Now()
		value := actual()
		if want.matches(value) || waiting.Err() != nil {
			return value
		}
		target.Pause(waiting, max(5*time.Millisecond, 40*time.Since(began)))
	}
}

// Limit is how long a spec waits for what has no response time of its own.
func (t *Trial) Limit() time.Duration { return t.Pace.Limits.Response }

// BlockOn blocks the spec where the suite cannot do what it has to.
func (t *Trial) BlockOn(do string, err error) {
	if err != nil {
		t.Block("the suite cannot %s: %s", do, err)
	}
}

// Connect gives a connection that the server serves, as a precondition.
func (t *Trial) Connect() *target.Conn { return t.connect(target.Usual) }

func (t *Trial) connect(window target.Window) *target.Conn {
	if !t.found.probed {
		t.Block("this is shown by the answer to a command, and none that is known is answered as it should be")
	}
	c, problem := t.served(t, t.addr, window, t.Known(), t.Log())
	if c == nil {
		t.Block("no connection is served: %s", problem)
	}
	t.open = append(t.open, c)
	return c
}

// Arrive gives a connection that the server serves, or says why there is none.
func (t *Trial) Arrive(log target.Log) (*target.Conn, string) {
	return t.served(t, t.addr, target.Usual, t.Known(), log)
}

// come gives a connection on which this was sent first thing. What the server sends
// within a time then is what comes next.
func (t *Trial) come(data string, within time.Duration, want ...target.Response) *target.Conn {
	c, event, err := t.begin(t, t.addr, data, within, t.Log(), want...)
	t.mustDial(c, err)
	if event != target.Nothing || data == "" {
		c.PutBack(event)
	}
	return c
}

// mustDial blocks the spec where the server accepts no connection.
func (t *Trial) mustDial(c *target.Conn, err error) {
	if err != nil {
		t.Block("the server cannot be dialed: %s", err)
	}
	t.open = append(t.open, c)
}

// DialFurther gives the connection of a further client. One that is refused, or not
// answered, is a connection that has ended (Pj).
func (t *Trial) DialFurther() *target.Conn {
	if t.Rehearses() {
		return target.Nowhere()
	}
	dialing, cancel := patience.Within(t, max(t.Pace.Quiet(), leastDial))
	defer cancel()
	c, err := target.Dial(dialing, t.addr, target.Usual, t.Pace, t.Log())
	if err != nil {
		return target.Nowhere()
	}
	t.open = append(t.open, c)
	return c
}

// leastDial is how long a further client is given to be accepted by the kernel.
const leastDial = 500 * time.Millisecond

// asks verifies that a command is answered by its responses.
func (t *Trial) asks(c *target.Conn, d target.Dialogue) bool {
	_ = c.Send(d.Send + "\n")
	return t.Receives(c, d.Expect)
}

// Receives verifies that these responses come next.
func (t *Trial) Receives(c *target.Conn, want []target.Response) bool {
	return t.receives(c, "the next packet", want)
}

func (t *Trial) receives(c *target.Conn, what string, want []target.Response) bool {
	for _, r := range want {
		if !t.Verify(what, c.Receive(t), Response(r)) {
			return false
		}
	}
	return true
}

// NoMore verifies by order that nothing has come beyond what was received: the
// next packet is the answer to a command that is sent now.
func (t *Trial) NoMore(c *target.Conn) bool {
	known := t.Known()
	_ = c.Send(known.Send + "\n")
	return t.receives(c, fmt.Sprintf("the next packet is the answer to %s", target.Packet(known.Send)), known.Expect)
}

// Answered reports whether a command is answered by its responses and by nothing
// else. If not, whatever comes is received, so that it is not taken for the answer
// to a later one.
func (t *Trial) Answered(c *target.Conn, d target.Dialogue) bool {
	if t.exchange(t, c, d) == "" && t.exchange(t, c, t.Known()) == "" {
		return true
	}
	t.settle(c)
	return false
}

// settle receives whatever is still to come.
func (t *Trial) settle(c *target.Conn) {
	listening, cancel := patience.Within(t, 4*t.Pace.Quiet())
	defer cancel()
	for listening.Err() == nil {
		if _, more := c.Listen(t).IsPacket(); !more {
			return
		}
	}
}

// End waits for the end of a connection, whatever comes before it.
func (t *Trial) End(c *target.Conn, event target.Event) target.Event {
	waiting, cancel := patience.Within(t, 4*t.Pace.Response()) // much may have been on its way
	defer cancel()
	for waiting.Err() == nil {
		if _, packet := event.IsPacket(); !packet {
			break
		}
		event = c.Receive(t)
	}
	return event
}

// Exchange sends a command, and says what is wrong with its answer; nothing if nothing is.
func (t *Trial) Exchange(c *target.Conn, d target.Dialogue) string {
	return t.exchange(t, c, d)
}

// Visit is a client that is served and leaves by disconnect. It leaves nothing in
// the transcript, and says what went wrong.
func (t *Trial) Visit() string {
	c, problem := t.Arrive(Silent)
	if c == nil {
		return problem
	}
	defer c.Disconnect(t)
	return t.Exchange(c, t.Known()) // and goes on being served
}

// Repeat does something as often as wanted, or until its time is over, but three
// times at least, or until it fails. It gives how often that was.
func (t *Trial) Repeat(wanted int, once func(i int) bool) (done int) {
	if t.Rehearses() {
		once(0)
		return 1
	}
	if most := t.Pace.Limits.Often; most > 0 {
		wanted = min(wanted, most)
	}
	repeating, cancel := patience.Within(t, 2*t.Pace.Limits.Loop)
	defer cancel()
	for done < wanted && t.Err() == nil && (done < 3 || repeating.Err() == nil) {
		done++
		if !once(done - 1) {
			break
		}
	}
	return done
}

// Many is how often to do at once what takes one response each: as often as
// wanted, or fewer times with a server that takes long.
func (t *Trial) Many(wanted int) int {
	if t.Rehearses() {
		return 2
	}
	return max(2, t.Pace.Times(wanted))
}

// AnsweredAlone gives those of some commands that are answered as they should be where
// each is sent alone. What was found of a command is kept for other specs.
func (t *Trial) AnsweredAlone(dialogues []target.Dialogue) []target.Dialogue {
	return slices.DeleteFunc(slices.Clone(dialogues), func(d target.Dialogue) bool {
		c, _ := t.Arrive(Silent)
		if c == nil {
			return true
		}
		defer c.Leave(t)
		return !t.Answered(c, d)
	})
}
