package play

import (
	"context"
	"fmt"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

// dialUntil dials until a connection does what the function asks of it, for as long as a
// response may take: a server may need a moment to see that its last client has left, and
// may refuse or close a new one until then. A client that was not turned away is not
// dialed again, and a server that does not listen at all has ended. It gives the last
// connection.
func (r *run) dialUntil(ctx context.Context, addr string, window target.Window, log target.Log, does func(context.Context, *target.Conn) bool) (*target.Conn, error) {
	if r.rehearses {
		return target.Nowhere(), nil
	}
	trying, cancel := patience.Within(ctx, r.Pace.Response()+r.Pace.Quiet())
	defer cancel()
	for began := time.Now(); ; target.Pause(trying, 5*time.Millisecond) {
		c, err := target.Dial(ctx, addr, window, r.Pace, log)
		switch {
		case err != nil:
			if trying.Err() != nil || r.Target.Server.Ended(0) != "" {
				return nil, err
			}
		case does(trying, c) || !r.turnedAway(trying, c, began) || trying.Err() != nil:
			return c, nil
		default:
			c.Leave(ctx)
		}
	}
}

// turnedAway reports whether the server has ended the connection of a client. One that
// comes just after another has left may be told before that it is not served yet.
func (r *run) turnedAway(ctx context.Context, c *target.Conn, began time.Time) bool {
	if c.Gone() || time.Since(began) > 8*r.Pace.Quiet() {
		return c.Gone()
	}
	if event := c.Poll(ctx, r.Pace.Quiet()); event != target.Nothing {
		c.PutBack(event)
	}
	return c.Gone()
}

// dial gives a connection that the server accepts.
func (r *run) dial(ctx context.Context, addr string, log target.Log) (*target.Conn, error) {
	return r.dialUntil(ctx, addr, target.Usual, log, func(context.Context, *target.Conn) bool { return true })
}

// visit dials a server that accepts, and leaves.
func (r *run) visit(ctx context.Context, addr string, log target.Log) error {
	c, err := r.dial(ctx, addr, log)
	if err == nil {
		c.Leave(ctx)
	}
	return err
}

// begin gives a connection on which this was sent first thing, and what the server sends
// within a time then. Where that is what it should, nobody was turned away.
func (r *run) begin(ctx context.Context, addr, data string, within time.Duration, log target.Log, want ...target.Response) (c *target.Conn, event target.Event, err error) {
	c, err = r.dialUntil(ctx, addr, target.Usual, log, func(ctx context.Context, c *target.Conn) bool {
		if data != "" {
			_ = c.Send(data)
		}
		event = c.Wait(ctx, within)
		return event == target.Nothing || len(want) > 0 && want[0].Matches(event)
	})
	return c, event, err
}

// served gives a connection on which a command is answered, or says why there is none.
func (r *run) served(ctx context.Context, addr string, window target.Window, d target.Dialogue, log target.Log) (*target.Conn, string) {
	problem := ""
	c, err := r.dialUntil(ctx, addr, window, log, func(trying context.Context, c *target.Conn) bool {
		problem = r.exchange(trying, c, d)
		if problem == "" && !r.found.probed && addr == r.addr {
			problem = r.more(ctx, c, d)
		}
		return problem == ""
	})
	if err != nil {
		return nil, fmt.Sprintf("it cannot be dialed: %s", err)
	}
	if problem != "" {
		c.Leave(ctx)
		return nil, problem
	}
	return c, ""
}

// alive says what is wrong with the server; empty if it serves. Of a server
// without a probe it is only known whether it can be dialed.
func (r *run) alive(ctx context.Context, addr string, log target.Log) string {
	if r.found.probed {
		c, problem := r.served(ctx, addr, target.Usual, r.found.probe, log)
		if c != nil {
			c.Leave(ctx)
		}
		return problem
	}
	if err := r.visit(ctx, addr, log); err != nil {
		return fmt.Sprintf("it cannot be dialed: %s", err)
	}
	return ""
}

// autopsy adds to a problem how the server has ended, if it has.
func (r *run) autopsy(problem string) string {
	if problem == "" {
		return ""
	}
	if ended := r.Target.Server.Ended(r.Pace.Limits.Quiet); ended != "" {
		problem += "; " + ended
	}
	return problem
}

// Known is a command whose answer is known.
func (r *run) Known() target.Dialogue {
	if r.found.probed {
		return r.found.probe
	}
	return Ping
}

// exchange sends a command and compares its responses; it says what was wrong.
func (r *run) exchange(ctx context.Context, c *target.Conn, d target.Dialogue) string {
	if r.rehearses {
		return ""
	}
	_ = c.Send(d.Send + "\n")
	for _, want := range d.Expect {
		if got := c.Receive(ctx); !want.Matches(got) {
			return fmt.Sprintf("%q was answered by %s instead of %s", d.Send, got, want)
		}
	}
	return ""
}
