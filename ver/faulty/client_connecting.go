package faulty

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// connectFaults are wrong about connecting (SRS-011, SRS-054, SRS-059) and about
// connecting again (SRS-058).
var connectFaults = []clientMember{
	{"fixed-port", "connects to port 5001, whatever address it is given", srs("011"), dialingAt(func(host, _ string) (string, string) { return host, "5001" })},
	{"host-ignored", "connects to ::1, whatever host it is given", srs("011"), dialingAt(func(_, port string) (string, string) { return "::1", port })},
	{"port-cut", "has room for four digits of a port", srs("011"), dialingAt(func(host, port string) (string, string) {
		return host, port[:min(len(port), 4)]
	})},
	{"dials-only-when-used", "reports that it is connected, and connects with the first command", srs("011", "054", "059"), func(c *caller) {
		c.dial = func(context.Context, string) (net.Conn, error) { return nil, nil }
		c.greet = greetNobody
		c.lives = func(*caller) bool { return true }
	}},

	{"no-ping", "connects without a ping", srs("054", "059"), greeting(greetNobody)},
	{"ping-not-awaited", "sends ping, and reports that it is connected at once", srs("054", "059"), func(c *caller) {
		c.greet = func(c *caller, ctx context.Context) error {
			c.marked = true // the pong is pending
			return c.write(ctx, "ping\n")
		}
		c.cut = func(c *caller, input string) (packet, rest string, ok bool) {
			packet, rest, ok = strings.Cut(input, "\n")
			if ok && c.marked {
				c.marked, c.input = false, rest
				return strings.Cut(rest, "\n")
			}
			return packet, rest, ok
		}
	}},
	{"pong-in-one", "looks for the pong in the first segment only", srs("060"), func(c *caller) {
		c.begin = func(c *caller) { c.input, c.ended, c.marked = "", false, true }
		c.cut = func(c *caller, input string) (packet, rest string, ok bool) {
			if c.marked && input != "" {
				c.marked = false
				input = strings.TrimSuffix(input, "\n") + "\n"
			}
			return strings.Cut(input, "\n")
		}
	}},
	{"any-answer-is-pong", "takes any answer for a pong", srs("054", "059"), ponging(func(a target.Answer) bool { return a.Kind == target.OK })},
	{"pong-awaited-for-ever", "reports nothing until a pong comes", srs("059"), func(c *caller) {
		var served atomic.Bool // who is told to connect may be asked meanwhile
		c.lives = func(c *caller) bool { return served.Load() && c.isConnected() }
		c.greet = func(c *caller, ctx context.Context) error {
			err := c.write(ctx, "ping\n")
			for err == nil {
				a := c.receive(c, context.Background(), time.Minute)
				if c.pong(a) {
					served.Store(true)
					return nil
				}
				if a.Kind != target.Timeout {
					err = errors.New("ping was answered by " + a.String())
				}
			}
			return err
		}
	}},
	{"timeout-is-pong", "takes a missing pong for one after 20 ms", srs("054", "059"), greeting(func(c *caller, ctx context.Context) error {
		return c.asks(ctx, "ping\n", 20*time.Millisecond, func(a target.Answer) bool { return c.pong(a) || a.Kind == target.Timeout })
	})},
	{"closed-is-pong", "takes a connection that ends for one that is served", srs("059"), ponging(func(a target.Answer) bool {
		return a.Text == "pong" || a.Kind == target.Ended
	})},
	{"pong-folded", "takes PONG for a pong", srs("054", "059"), ponging(func(a target.Answer) bool {
		return a.Kind == target.OK && strings.EqualFold(a.Text, "pong")
	})},
	{"pings-in-capitals", "sends PING", srs("054"), greeting(func(c *caller, ctx context.Context) error {
		return c.asks(ctx, "PING\n", time.Second, c.pong)
	})},
	{"connected-without-pong", "counts as connected though no pong came", srs("054"), func(c *caller) {
		c.greet = func(c *caller, ctx context.Context) error {
			err := c.ping(ctx)
			c.marked = err != nil
			return err
		}
		c.lives = markedOrConnected
	}},
	{"refusal-ignored", "reports that it is connected where nobody listens", srs("059"), func(c *caller) {
		c.dial = func(ctx context.Context, addr string) (net.Conn, error) {
			conn, err := dialTCP(ctx, addr)
			if c.marked = err != nil; c.marked {
				return nil, nil
			}
			return conn, nil
		}
		c.greet = func(c *caller, ctx context.Context) error {
			if c.marked {
				return nil
			}
			return c.ping(ctx)
		}
	}},

	{"connects-once", "cannot connect a second time", srs("058"), func(c *caller) {
		c.dial = func(ctx context.Context, addr string) (net.Conn, error) {
			if c.marked {
				return nil, errors.New("the client is closed")
			}
			c.marked = true
			return dialTCP(ctx, addr)
		}
	}},
	{"old-bytes-kept", "puts what was left of the last connection before the next one", srs("058"), func(c *caller) {
		c.begin = func(c *caller) { c.ended = false }
		c.leave = func(c *caller, ctx context.Context, command string) target.Answer {
			_ = c.next(ctx, 10*time.Millisecond) // as one that reads in the background
			return c.goodbye(ctx, command)
		}
	}},
	{"end-kept", "takes the next connection for ended, as the last one was", srs("058"), func(c *caller) {
		c.begin = func(c *caller) { c.input = "" }
	}},
	{"reconnected-unknown", "reports that it is not connected, once it has left, though it has connected again", srs("058"), func(c *caller) {
		c.leave = func(c *caller, ctx context.Context, command string) target.Answer {
			c.marked = true
			return c.goodbye(ctx, command)
		}
		c.lives = func(c *caller) bool { return !c.marked && c.isConnected() }
	}},
	{"reconnects-without-ping", "sends no ping when it connects again", srs("058"), greeting(func(c *caller, ctx context.Context) error {
		if c.marked {
			return nil
		}
		c.marked = true
		return c.ping(ctx)
	})},
}

// dialingAt dials another host or port.
func dialingAt(change func(host, port string) (string, string)) func(*caller) {
	return dialing(func(ctx context.Context, addr string) (net.Conn, error) {
		host, port, _ := net.SplitHostPort(addr)
		return dialTCP(ctx, net.JoinHostPort(change(host, port)))
	})
}

func greetNobody(*caller, context.Context) error { return nil }

func markedOrConnected(c *caller) bool { return c.marked || c.isConnected() }

// leaveFaults are wrong about disconnecting (SRS-012) and shutting the server
// down (SRS-056).
var leaveFaults = []clientMember{
	{"disconnect-closes-only", "closes without the command", srs("012"), leavingBy("disconnect", "", true)},
	{"disconnect-twice", "sends disconnect twice", srs("012"), leavingBy("disconnect", "disconnect\ndisconnect\n", true)},
	{"disconnect-unended", "sends disconnect without its line feed", srs("012"), leavingBy("disconnect", "disconnect", true)},
	{"disconnect-stays", "sends disconnect, and keeps the connection", srs("012"), leavingBy("disconnect", "disconnect\n", false)},
	{"disconnect-not-noted", "counts as connected after it has disconnected", srs("012"), notNoted("disconnect")},
	{"shutdown-closes-only", "closes without the command to shut down", srs("056"), leavingBy("shutdown", "", true)},
	{"shutdown-and-disconnect", "sends disconnect after shutdown", srs("056"), leavingBy("shutdown", "shutdown\ndisconnect\n", true)},
	{"shutdown-stays", "sends shutdown, and keeps the connection", srs("056"), leavingBy("shutdown", "shutdown\n", false)},
	{"shutdown-not-noted", "counts as connected after it has shut the server down", srs("056"), notNoted("shutdown")},
}

// leavingBy sends something of its own for a command that leaves.
func leavingBy(command, data string, closes bool) func(*caller) {
	return leaving(func(c *caller, ctx context.Context, which string) target.Answer {
		if which != command {
			return c.goodbye(ctx, which)
		}
		_ = c.write(ctx, data)
		if closes {
			c.finish()
		} else {
			c.kept, c.conn = append(c.kept, c.conn), nil
		}
		return fine
	})
}

// notNoted leaves as it should, but goes on to report a connection.
func notNoted(command string) func(*caller) {
	return func(c *caller) {
		c.leave = func(c *caller, ctx context.Context, which string) target.Answer {
			c.marked = which == command
			return c.goodbye(ctx, which)
		}
		c.lives = markedOrConnected
	}
}
