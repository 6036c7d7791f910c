package ver

import (
	"context"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// trial is one spec that is carried out. What it sees goes to its recorder.
type trial struct {
	*run
	recorder
	context.Context
	scope
	seats   [lastSeat + 1]guest // the clients of a script
	open    []*target.Conn      // all connections to the server
	number  int                 // of the last connection
	stopped bool                // the server has been told to stop
}

// scope says what is made of that which is verified now.
type scope struct {
	ids    []string // the requirements
	given  bool     // it is a precondition
	within bool     // it belongs to the current step
}

// in plays steps in another scope.
func (t *trial) in(other scope, steps ...step) bool {
	before := t.scope
	t.scope = other
	defer func() { t.scope = before }()
	return t.play(steps...)
}

// guest is a client of a script.
type guest struct {
	conn  *target.Conn
	heard *target.Event // what it has received already
}

// Target is what is verified.
func (t *trial) Target() *target.Target { return t.target }

// Profile is the application profile of the server.
func (t *trial) Profile() *target.Profile { return t.target.Profile }

// Pace says how long to wait for the target.
func (t *trial) Pace() *target.Pace { return t.pace }

// About says of which requirements that is which is verified from now on.
func (t *trial) About(ids ...string) { t.ids = ids }

// willStop says that the server is about to be told to stop.
func (t *trial) willStop() { t.stopped = true }

// startFresh starts a server that has served nobody yet, where the suite can.
func (t *trial) startFresh() error { return t.server.start(t, t.target) }

// notServedAt says why nobody is served at an address; nothing if somebody is.
func (t *trial) notServedAt(addr string) string {
	if t.rehearses() {
		return ""
	}
	return t.alive(t, addr, t.log())
}

// step begins a step of the spec.
func (t *trial) step(format string, args ...any) {
	if !t.within {
		t.recorder.step(fmt.Sprintf(format, args...))
	}
}

// verify verifies the requirements that are named, or else those of the spec. What
// says what it is that is compared.
func (t *trial) verify(what string, actual any, want expectation, ids ...string) bool {
	GinkgoHelper()
	return t.check(verification{what: what, ids: t.named(ids), actual: actual, want: want})
}

// must is verify, and a failure ends the spec.
func (t *trial) must(what string, actual any, want expectation, ids ...string) {
	GinkgoHelper()
	t.check(verification{what: what, ids: t.named(ids), actual: actual, want: want, must: true})
}

// soon verifies what a function gives in the end.
func soon[T any](t *trial, what string, actual func() T, want expected[T], ids ...string) bool {
	GinkgoHelper()
	return t.verify(what, eventually(t, actual, want), want, ids...)
}

// eventually calls a function until it gives what is wanted, or the time for that is
// over.
func eventually[T any](t *trial, actual func() T, want expected[T]) (value T) {
	if t.rehearses() {
		return value
	}
	waiting, cancel := patience.Within(t, t.window())
	defer cancel()
	for value = actual(); !want.holds(value) && waiting.Err() == nil; value = actual() {
		t.pause(5 * time.Millisecond)
	}
	return value
}

// require makes sure of a precondition. Where it does not hold the spec is blocked,
// and blames nobody.
func (t *trial) require(what string, actual any, want expectation) {
	GinkgoHelper()
	t.check(verification{what: what, actual: actual, want: want})
}

func (t *trial) named(ids []string) []string {
	switch {
	case t.given:
		return nil
	case len(ids) > 0:
		return ids
	}
	return t.ids
}

// haveTo blocks the spec where the suite cannot do what it has to.
func (t *trial) haveTo(do string, err error) {
	GinkgoHelper()
	if err != nil {
		t.block("the suite cannot %s: %s", do, err)
	}
}

// block ends the spec, because something that it needs is not there.
func (t *trial) block(format string, args ...any) {
	GinkgoHelper()
	t.recorder.block(fmt.Sprintf(format, args...))
}

// log writes what happens on a connection into the transcript of the spec.
func (t *trial) log() target.Log {
	t.number++
	return t.transcript(t.number)
}

// connect gives a connection that the server serves, as a precondition.
func (t *trial) connect() *target.Conn {
	GinkgoHelper()
	return t.connectBy(target.Dial)
}

// connectBy is connect for a connection that is dialed in another way.
func (t *trial) connectBy(dial dialer) *target.Conn {
	GinkgoHelper()
	if !t.found.probed && !t.rehearses() {
		t.block("this is shown by the answer to a command, and none that is known is answered as it should be")
	}
	if t.rehearses() {
		return target.Nowhere()
	}
	c, problem := t.servedBy(t, dial, t.server.addr, t.known(), t.log())
	if c == nil {
		t.block("no connection is served: %s", problem)
	}
	t.open = append(t.open, c)
	return c
}

// arrive gives a connection that the server serves, or says why there is none.
func (t *trial) arrive(log target.Log) (*target.Conn, string) {
	if t.rehearses() {
		return target.Nowhere(), ""
	}
	return t.served(t, t.server.addr, t.known(), log)
}

// dial gives a connection that may not be served yet.
func (t *trial) dial() *target.Conn {
	GinkgoHelper()
	if t.rehearses() {
		return target.Nowhere()
	}
	c, err := t.dialUntil(t, target.Dial, t.server.addr, t.log())
	if err != nil {
		t.block("the server cannot be dialed: %s", err)
	}
	t.open = append(t.open, c)
	return c
}

// dialFurther gives the connection of a further client. One that is refused, or not
// answered, is a connection that has ended (Pj).
func (t *trial) dialFurther() *target.Conn {
	if t.rehearses() {
		return target.Nowhere()
	}
	dialing, cancel := patience.Within(t, max(t.pace.Quiet(), leastDial))
	defer cancel()
	c, err := target.Dial(dialing, t.server.addr, t.pace, t.log())
	if err != nil {
		return target.Nowhere()
	}
	t.open = append(t.open, c)
	return c
}

// leastDial is how long a further client is given to be accepted by the kernel.
const leastDial = 500 * time.Millisecond

// start gives a connection on which this was sent first thing, and what the server
// sends then. One that the server closes without a packet, or refuses, is dialed
// again: a server may need a moment to see that its last client has left.
func (t *trial) start(data string) (*target.Conn, target.Event) {
	GinkgoHelper()
	trying, cancel := patience.Within(t, t.pace.Response())
	defer cancel()
	for {
		c := t.dial()
		if data != "" {
			_ = c.Send(data)
		}
		event := c.Listen(t)
		if event != target.Closed || trying.Err() != nil || t.rehearses() {
			return c, event
		}
		t.pause(5 * time.Millisecond)
	}
}

// pause lets time pass as a stimulus.
func (t *trial) pause(d time.Duration) { target.Pause(t, d) }

// listen reports what the server sends although nothing is due.
func (t *trial) listen(c *target.Conn) target.Event { return c.Listen(t) }

// asks verifies that a command is answered by its responses.
func (t *trial) asks(c *target.Conn, d target.Dialogue) bool {
	GinkgoHelper()
	_ = c.Send(d.Send + "\n")
	return t.receives(c, d.Expect)
}

// receives verifies that these responses come next.
func (t *trial) receives(c *target.Conn, want []target.Response) bool {
	GinkgoHelper()
	for _, r := range want {
		if !t.verify("the next packet", c.Receive(t), response(r)) {
			return false
		}
	}
	return true
}

// noMore verifies by order that nothing has come beyond what was received: the
// next packet is the answer to a command that is sent now.
func (t *trial) noMore(c *target.Conn) bool {
	GinkgoHelper()
	_ = c.Send(t.known().Send + "\n")
	for _, r := range t.known().Expect {
		if !t.verify(fmt.Sprintf("the next packet is the answer to %s", target.Packet(t.known().Send)), c.Receive(t), response(r)) {
			return false
		}
	}
	return true
}

// obeyed reports whether a command is answered by its responses and by nothing
// else. If not, whatever comes is received, so that it is not taken for the answer
// to a later one.
func (t *trial) obeyed(c *target.Conn, d target.Dialogue) bool {
	if t.rehearses() || exchange(t, c, d) == "" && exchange(t, c, t.known()) == "" {
		return true
	}
	t.settle(c)
	return false
}

// settle receives whatever is still to come.
func (t *trial) settle(c *target.Conn) {
	listening, cancel := patience.Within(t, 4*t.pace.Quiet())
	defer cancel()
	for listening.Err() == nil {
		if _, more := t.listen(c).IsPacket(); !more {
			return
		}
	}
}

// end waits for the end of a connection, whatever comes before it.
func (t *trial) end(c *target.Conn, event target.Event) target.Event {
	waiting, cancel := patience.Within(t, t.pace.Response())
	defer cancel()
	for waiting.Err() == nil {
		if _, packet := event.IsPacket(); !packet {
			break
		}
		event = c.Ending(t)
	}
	return event
}

// nextIsServed verifies that a further client is served.
func (t *trial) nextIsServed() bool {
	GinkgoHelper()
	c, problem := t.arrive(t.log())
	if c != nil {
		defer c.Leave(t)
		problem = t.exchange(c, t.known()) // and goes on being served
	}
	return t.verify("the connection of the next client", service(t.autopsy(problem)), served)
}

// autopsy adds to a problem how the server has ended, if it has.
func (r *run) autopsy(problem string) string {
	if problem == "" {
		return ""
	}
	if ended := r.target.Server.Ended(r.pace.Limits().Quiet); ended != "" {
		problem += "; " + ended
	}
	return problem
}

func (t *trial) exchange(c *target.Conn, d target.Dialogue) string {
	if t.rehearses() {
		return ""
	}
	return exchange(t, c, d)
}

// visit is a client that is served and leaves by disconnect. It leaves nothing in
// the transcript, and says what went wrong.
func (t *trial) visit() string {
	c, problem := t.arrive(silent)
	if c == nil {
		return problem
	}
	defer c.Disconnect(t)
	return t.exchange(c, t.known()) // and goes on being served
}

// repeat does something as often as wanted, or until its time is over, but three
// times at least, or until it fails. It gives how often that was.
func (t *trial) repeat(wanted int, once func(i int) bool) (done int) {
	if t.rehearses() {
		once(0)
		return 1
	}
	repeating, cancel := patience.Within(t, 2*t.pace.Limits().Loop)
	defer cancel()
	for done < wanted && t.Err() == nil && (done < 3 || repeating.Err() == nil) {
		done++
		if !once(done - 1) {
			break
		}
	}
	return done
}

// many is how often to do at once what takes one response each: as often as
// wanted, or fewer times with a server that takes long.
func (t *trial) many(wanted int) int {
	if t.rehearses() {
		return 2
	}
	return max(2, t.pace.Times(wanted))
}

// commands gives those of some commands that are answered as they should be where
// each is sent alone. What was found of a command is kept for other specs.
func (t *trial) sound(dialogues []target.Dialogue) []target.Dialogue {
	if t.rehearses() {
		return dialogues
	}
	return slices.DeleteFunc(slices.Clone(dialogues), func(d target.Dialogue) bool {
		c, _ := t.arrive(silent)
		if c == nil {
			return true
		}
		defer c.Leave(t)
		return !t.obeyed(c, d)
	})
}
