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
func connectFaults() []clientFault {
	ponging := func(pong func(target.Answer) bool) func(*caller) {
		return func(c *caller) { c.pong = pong }
	}
	text := func(like func(string) bool) func(*caller) {
		return ponging(func(a target.Answer) bool { return a.Kind == target.OK && like(a.Text) })
	}
	return []clientFault{
		{"fixed-port", "connects to port 5001, whatever address it is given", srs("011"), dialing(func(ctx context.Context, addr string) (net.Conn, error) {
			host, _, _ := net.SplitHostPort(addr)
			return dialTCP(ctx, net.JoinHostPort(host, "5001"))
		})},
		{"host-ignored", "connects to ::1, whatever host it is given", srs("011"), dialing(func(ctx context.Context, addr string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(addr)
			return dialTCP(ctx, net.JoinHostPort("::1", port))
		})},
		{"port-cut", "has room for four digits of a port", srs("011"), dialing(func(ctx context.Context, addr string) (net.Conn, error) {
			host, port, _ := net.SplitHostPort(addr)
			return dialTCP(ctx, net.JoinHostPort(host, port[:min(len(port), 4)]))
		})},
		{"dials-only-when-used", "reports that it is connected, and connects with the first command", srs("011", "054", "059"), func(c *caller) {
			c.dial = func(context.Context, string) (net.Conn, error) { return nil, nil }
			c.greet = func(context.Context) error { return nil }
			c.lives = func() bool { return true }
		}},

		{"no-ping", "connects without a ping", srs("054", "059"), func(c *caller) {
			c.greet = func(context.Context) error { return nil }
		}},
		{"ping-not-awaited", "sends ping, and reports that it is connected at once", srs("054", "059"), func(c *caller) {
			pending := false
			c.greet = func(ctx context.Context) error {
				pending = true
				return c.write(ctx, "ping\n")
			}
			cut := c.cut
			c.cut = func(input string, open bool) (packet, rest string, ok bool) {
				packet, rest, ok = cut(input, open)
				if ok && pending {
					pending, c.input = false, rest
					return cut(rest, open)
				}
				return packet, rest, ok
			}
		}},
		{"pong-in-one", "looks for the pong in the first segment only", srs("060"), func(c *caller) {
			first := true
			begin := c.begin
			c.begin = func() { begin(); first = true }
			c.cut = func(input string, open bool) (packet, rest string, ok bool) {
				if first && input != "" {
					first = false
					input = strings.TrimSuffix(input, "\n") + "\n"
				}
				return cutPacket(input, open)
			}
		}},
		{"any-answer-is-pong", "takes any answer for a pong", srs("054", "059"), ponging(func(a target.Answer) bool { return a.Kind == target.OK })},
		{"pong-awaited-for-ever", "reports nothing until a pong comes", srs("059"), func(c *caller) {
			var served atomic.Bool // who is told to connect may be asked meanwhile
			lives := c.lives
			c.lives = func() bool { return served.Load() && lives() }
			c.greet = func(ctx context.Context) error {
				err := c.write(ctx, "ping\n")
				for err == nil {
					a := c.receive(context.Background(), time.Minute)
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
		{"timeout-is-pong", "takes a missing pong for one after 20 ms", srs("054", "059"), func(c *caller) {
			c.greet = func(ctx context.Context) error {
				if err := c.write(ctx, "ping\n"); err != nil {
					return err
				}
				if a := c.receive(ctx, 20*time.Millisecond); !c.pong(a) && a.Kind != target.Timeout {
					return errors.New("ping was answered by " + a.String())
				}
				return nil
			}
		}},
		{"closed-is-pong", "takes a connection that ends for one that is served", srs("059"), ponging(func(a target.Answer) bool {
			return a.Text == "pong" || a.Kind == target.Ended
		})},
		{"pong-folded", "takes PONG for a pong", srs("054", "059"), text(func(s string) bool { return strings.EqualFold(s, "pong") })},
		{"pings-in-capitals", "sends PING", srs("054"), func(c *caller) {
			c.greet = func(ctx context.Context) error {
				if err := c.write(ctx, "PING\n"); err != nil {
					return err
				}
				if a := c.receive(ctx, time.Second); !c.pong(a) {
					return errors.New(a.String())
				}
				return nil
			}
		}},
		{"connected-without-pong", "counts as connected though no pong came", srs("054"), func(c *caller) {
			failed := false
			greet := c.greet
			c.greet = func(ctx context.Context) error {
				err := greet(ctx)
				failed = err != nil
				return err
			}
			lives := c.lives
			c.lives = func() bool { return failed || lives() }
		}},
		{"refusal-ignored", "reports that it is connected where nobody listens", srs("059"), func(c *caller) {
			refused := false
			dial, greet := c.dial, c.greet
			c.dial = func(ctx context.Context, addr string) (net.Conn, error) {
				conn, err := dial(ctx, addr)
				if refused = err != nil; refused {
					return nil, nil
				}
				return conn, nil
			}
			c.greet = func(ctx context.Context) error {
				if refused {
					return nil
				}
				return greet(ctx)
			}
		}},

		{"connects-once", "cannot connect a second time", srs("058"), func(c *caller) {
			used := false
			dial := c.dial
			c.dial = func(ctx context.Context, addr string) (net.Conn, error) {
				if used {
					return nil, errors.New("the client is closed")
				}
				used = true
				return dial(ctx, addr)
			}
		}},
		{"old-bytes-kept", "puts what was left of the last connection before the next one", srs("058"), func(c *caller) {
			c.begin = func() { c.ended = false }
			leave := c.leave
			c.leave = func(ctx context.Context, command string) target.Answer {
				_ = c.receive(ctx, 10*time.Millisecond) // as one that reads in the background
				return leave(ctx, command)
			}
		}},
		{"end-kept", "takes the next connection for ended, as the last one was", srs("058"), func(c *caller) {
			c.begin = func() { c.input = "" }
		}},
		{"reconnected-unknown", "reports that it is not connected, once it has left, though it has connected again", srs("058"), func(c *caller) {
			left, leave, lives := false, c.leave, c.lives
			c.leave = func(ctx context.Context, command string) target.Answer {
				left = true
				return leave(ctx, command)
			}
			c.lives = func() bool { return !left && lives() }
		}},
		{"reconnects-without-ping", "sends no ping when it connects again", srs("058"), func(c *caller) {
			used := false
			greet := c.greet
			c.greet = func(ctx context.Context) error {
				if used {
					return nil
				}
				used = true
				return greet(ctx)
			}
		}},
	}
}

func dialing(dial func(ctx context.Context, addr string) (net.Conn, error)) func(*caller) {
	return func(c *caller) { c.dial = dial }
}

// leaveFaults are wrong about disconnecting (SRS-012) and shutting the server
// down (SRS-056).
func leaveFaults() []clientFault {
	return []clientFault{
		{"disconnect-closes-only", "closes without the command", srs("012"), leaving("disconnect", "", true)},
		{"disconnect-twice", "sends disconnect twice", srs("012"), leaving("disconnect", "disconnect\ndisconnect\n", true)},
		{"disconnect-unended", "sends disconnect without its line feed", srs("012"), leaving("disconnect", "disconnect", true)},
		{"disconnect-stays", "sends disconnect, and keeps the connection", srs("012"), leaving("disconnect", "disconnect\n", false)},
		{"disconnect-not-noted", "counts as connected after it has disconnected", srs("012"), notNoted("disconnect")},
		{"shutdown-closes-only", "closes without the command to shut down", srs("056"), leaving("shutdown", "", true)},
		{"shutdown-and-disconnect", "sends disconnect after shutdown", srs("056"), leaving("shutdown", "shutdown\ndisconnect\n", true)},
		{"shutdown-stays", "sends shutdown, and keeps the connection", srs("056"), leaving("shutdown", "shutdown\n", false)},
		{"shutdown-not-noted", "counts as connected after it has shut the server down", srs("056"), notNoted("shutdown")},
	}
}

// leaving sends something of its own for a command that leaves.
func leaving(command, data string, closes bool) func(*caller) {
	return func(c *caller) {
		leave := c.leave
		c.leave = func(ctx context.Context, which string) target.Answer {
			if which != command {
				return leave(ctx, which)
			}
			_ = c.write(ctx, data)
			if closes {
				c.finish()
			} else {
				c.kept, c.conn = append(c.kept, c.conn), nil
			}
			return fine
		}
	}
}

// notNoted leaves as it should, but goes on to report a connection.
func notNoted(command string) func(*caller) {
	return func(c *caller) {
		left := false
		leave, lives := c.leave, c.lives
		c.leave = func(ctx context.Context, which string) target.Answer {
			left = which == command
			return leave(ctx, which)
		}
		c.lives = func() bool { return left || lives() }
	}
}
