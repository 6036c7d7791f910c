package faulty

import (
	"context"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// unconnectedFaults are wrong about a client that is not connected (SRS-061), and
// about how long it waits, or for what.
var unconnectedFaults = []clientMember{
	{"unconnected-send-ok", "reports ok where it is to send and is not connected", srs("061"), lax(encoding(func(c *caller, text string) (string, error) {
		if c.conn == nil {
			return "", nil
		}
		return encodeCommand(text)
	}))},
	{"unconnected-sends-later", "reports that it cannot send while it is not connected, and sends it when it connects", srs("061"), sendsLater(func(c *caller, ctx context.Context) error {
		c.flush()
		return c.ping(ctx)
	})},
	{"unconnected-sends-once-connected", "reports that it cannot send while it is not connected, and sends it once it is", srs("061"), sendsLater(func(c *caller, ctx context.Context) error {
		err := c.ping(ctx)
		c.flush()
		return err
	})},
	{"left-sends-later", "reports that it cannot send when it has left, and sends it once it is connected again", srs("061"), sendsLater(func(c *caller, ctx context.Context) error {
		if !c.marked {
			c.held, c.marked = "", true
		}
		err := c.ping(ctx)
		c.flush()
		return err
	})},
	{"unconnected-receive-waits", "waits for a response though it is not connected", srs("061"), lax(receiving(func(c *caller, ctx context.Context, within time.Duration) target.Answer {
		if c.conn == nil {
			target.Pause(ctx, within)
			return target.Answer{Kind: target.Timeout}
		}
		return c.next(ctx, within)
	}))},
	{"unconnected-disconnect-ok", "reports ok where it is to disconnect and is not connected", srs("061"), leavesUnconnected("disconnect")},
	{"unconnected-shutdown-ok", "reports ok where it is to shut the server down and is not connected", srs("061"), leavesUnconnected("shutdown")},
	{"closed-send-ok", "reports ok where it is to send and knows that the server has closed", srs("061"), lax(encoding(func(c *caller, text string) (string, error) {
		if c.ended {
			return "", nil
		}
		return encodeCommand(text)
	}))},

	{"fraction-misread", "takes 0.9 s for 0.09 s", srs("052"), receiving(func(c *caller, ctx context.Context, within time.Duration) target.Answer {
		if within > 600*time.Millisecond && within < time.Second {
			within /= 10
		}
		return c.next(ctx, within)
	})},
	{"timeout-renewed", "begins its time-out anew with each byte", srs("052"), func(c *caller) {
		c.extend = func(within time.Duration) time.Duration { return within }
	}},
	{"timeout-forgotten", "waits for much longer once bytes of a response have come", srs("052"), func(c *caller) {
		c.extend = func(time.Duration) time.Duration { return 1200 * time.Millisecond }
	}},
	{"ping-repeated", "sends ping again whenever no pong has come for 70 ms", srs("015"), func(c *caller) {
		c.greet = func(c *caller, ctx context.Context) (err error) {
			for range 50 {
				if err = c.asks(ctx, "ping\n", 70*time.Millisecond, c.pong); err == nil {
					return nil
				}
			}
			return err
		}
	}},
	{"pong-swallowed", "takes every pong for the answer to a ping of its own", srs("015"), func(c *caller) {
		c.begin = func(c *caller) { c.input, c.ended, c.marked = "", false, false }
		c.receive = func(c *caller, ctx context.Context, within time.Duration) target.Answer {
			answer := c.next(ctx, within)
			for c.marked && c.pong(answer) {
				answer = c.next(ctx, within)
			}
			c.marked = true
			return answer
		}
	}},
	{"pong-taken", "waits for the pong itself where it is told to send ping", srs("015"), func(c *caller) {
		c.greet = func(c *caller, ctx context.Context) error {
			c.marked = false
			err := c.ping(ctx)
			c.marked = err == nil
			return err
		}
		c.put = func(c *caller, data string) error {
			err := c.writeAll(data)
			if err == nil && c.marked && data == "ping\n" {
				_ = c.next(context.Background(), 200*time.Millisecond)
			}
			return err
		}
	}},
}

// lax is a change of a client that does not look whether it is connected.
func lax(change func(*caller)) func(*caller) {
	return func(c *caller) {
		c.lax = true
		change(c)
	}
}

// leavesUnconnected reports ok for a command that leaves, though there is no connection.
func leavesUnconnected(command string) func(*caller) {
	return lax(leaving(func(c *caller, ctx context.Context, which string) target.Answer {
		if c.conn == nil && which == command {
			return fine
		}
		return c.goodbye(ctx, which)
	}))
}

// sendsLater reports that it is not connected where it is to send and is not, keeps that
// all the same, and connects like this.
func sendsLater(greet func(c *caller, ctx context.Context) error) func(*caller) {
	return lax(func(c *caller) {
		c.greet = greet
		c.encode = func(c *caller, text string) (string, error) {
			data, err := encodeCommand(text)
			if c.conn == nil || c.ended {
				c.held += data
				return "", errUnconnected
			}
			return data, err
		}
	})
}

// flush sends what was kept.
func (c *caller) flush() {
	_ = c.writeAll(c.held)
	c.held = ""
}
