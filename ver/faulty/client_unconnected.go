package faulty

import (
	"context"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// unconnectedFaults are wrong about a client that is not connected (SRS-061), and
// about how long it waits, or for what.
func unconnectedFaults() []clientFault {
	return []clientFault{
		{"unconnected-send-ok", "reports ok where it is to send and is not connected", srs("061"), func(c *caller) {
			c.lax = true
			encode := c.encode
			c.encode = func(text string) (string, error) {
				if c.conn == nil {
					return "", nil
				}
				return encode(text)
			}
		}},
		{"unconnected-sends-later", "keeps what it is to send until it is connected", srs("061"), func(c *caller) {
			c.lax = true
			kept := ""
			encode, greet := c.encode, c.greet
			c.encode = func(text string) (string, error) {
				data, err := encode(text)
				if c.conn == nil {
					kept += data
					return "", err
				}
				return data, err
			}
			c.greet = func(ctx context.Context) error {
				if kept != "" {
					_ = c.put(kept)
					kept = ""
				}
				return greet(ctx)
			}
		}},
		{"unconnected-receive-waits", "waits for a response though it is not connected", srs("061"), func(c *caller) {
			c.lax = true
			receive := c.receive
			c.receive = func(ctx context.Context, within time.Duration) target.Answer {
				if c.conn == nil {
					target.Pause(ctx, within)
					return target.Answer{Kind: target.Timeout}
				}
				return receive(ctx, within)
			}
		}},
		{"unconnected-disconnect-ok", "reports ok where it is to disconnect and is not connected", srs("061"), leavesUnconnected("disconnect")},
		{"unconnected-shutdown-ok", "reports ok where it is to shut the server down and is not connected", srs("061"), leavesUnconnected("shutdown")},
		{"closed-send-ok", "reports ok where it is to send and knows that the server has closed", srs("061"), func(c *caller) {
			c.lax = true
			encode := c.encode
			c.encode = func(text string) (string, error) {
				if c.ended {
					return "", nil
				}
				return encode(text)
			}
		}},

		{"fraction-misread", "takes 0.9 s for 0.09 s", srs("052"), func(c *caller) {
			receive := c.receive
			c.receive = func(ctx context.Context, within time.Duration) target.Answer {
				if within > 600*time.Millisecond && within < time.Second {
					within /= 10
				}
				return receive(ctx, within)
			}
		}},
		{"timeout-renewed", "begins its time-out anew with each byte", srs("052"), func(c *caller) {
			c.extend = func(within time.Duration) time.Duration { return within }
		}},
		{"timeout-forgotten", "waits for much longer once bytes of a response have come", srs("052"), func(c *caller) {
			c.extend = func(time.Duration) time.Duration { return 1200 * time.Millisecond }
		}},
		{"pong-swallowed", "takes every pong for the answer to a ping of its own", srs("015"), func(c *caller) {
			receive, connected := c.receive, false
			c.begin = func() { c.input, c.ended, connected = "", false, false }
			c.receive = func(ctx context.Context, within time.Duration) target.Answer {
				answer := receive(ctx, within)
				for connected && answer.Kind == target.OK && answer.Text == "pong" {
					answer = receive(ctx, within)
				}
				connected = true
				return answer
			}
		}},
		{"pong-taken", "waits for the pong itself where it is told to send ping", srs("015"), func(c *caller) {
			put, greet, greeted := c.put, c.greet, false
			c.greet = func(ctx context.Context) error {
				greeted = false
				err := greet(ctx)
				greeted = err == nil
				return err
			}
			c.put = func(data string) error {
				err := put(data)
				if err == nil && greeted && data == "ping\n" {
					_ = c.next(context.Background(), 200*time.Millisecond)
				}
				return err
			}
		}},
	}
}

// leavesUnconnected reports ok for a command that leaves, though there is no connection.
func leavesUnconnected(command string) func(*caller) {
	return func(c *caller) {
		c.lax = true
		leave := c.leave
		c.leave = func(ctx context.Context, which string) target.Answer {
			if c.conn == nil && which == command {
				return fine
			}
			return leave(ctx, which)
		}
	}
}
