package faulty

import (
	"io"
	"time"
)

// shutdownFaults go wrong about the command shutdown.
func shutdownFaults() []wireFault {
	return []wireFault{
		{"shutdown-ignored", "ignores shutdown", srs("006", "037", "038", "040"), onShutdown(func(*skeleton, *visitor) {})},
		{"shutdown-not-first", "hands shutdown to the callback where it is the first command of a client", srs("006", "037", "038"), notFirst("shutdown")},
		{"shutdown-bye", "says bye before it stops", srs("037"), onShutdown(func(s *skeleton, c *visitor) {
			s.respond(c, "bye")
			c.gone = true
			s.stop()
		})},
		{"shutdown-disconnects", "takes shutdown for disconnect", srs("006", "038", "040"), onShutdown(func(_ *skeleton, c *visitor) { c.gone = true })},
		{"shutdown-keeps-client", "stops on shutdown, but keeps the connection of its client", srs("006"), func(s *skeleton) {
			s.shutdown = func(c *visitor) {
				c.gone = true
				s.leave = func(*visitor) {}
				s.stop()
			}
		}},
		{"shutdown-serves-on", "takes no further client after shutdown, but serves the one it has", srs("006", "037"), onShutdown(func(s *skeleton, _ *visitor) { s.stop() })},
		{"shutdown-keeps-port", "closes the connection on shutdown, and hangs with its port still bound", srs("006", "038", "040"), onShutdown(func(s *skeleton, c *visitor) {
			s.leave = func(c *visitor) {
				s.drop(c)
				<-s.ctx.Done()
			}
			c.gone = true
		})},
		{"shutdown-after-waiting", "serves the clients that wait before it stops", srs("040"), func(s *skeleton) {
			s.shutdown = func(c *visitor) {
				c.gone = true
				s.leave = func(c *visitor) {
					s.leave = s.drop
					s.drop(c)
					s.acceptWaiting(s.talk)
					s.stop()
				}
			}
		}},
		{"shutdown-tells-waiting", "tells the clients that wait that it stops", srs("040"), func(s *skeleton) {
			s.shutdown = func(c *visitor) {
				c.gone = true
				s.acceptWaiting(func(c *visitor) {
					s.send(c, "going down\n")
					s.drop(c)
				})
				s.stop()
			}
		}},
		{"shutdown-keeps-waiting", "keeps the connections of clients that wait", srs("040"), func(s *skeleton) {
			s.shutdown = func(c *visitor) {
				c.gone = true
				s.acceptWaiting(func(*visitor) {})
				s.stop()
			}
		}},
		{"shutdown-runs-rest", "handles the rest of the segment before it stops", srs("037"), func(s *skeleton) {
			leaving := false
			s.shutdown = func(*visitor) { leaving = true }
			s.afterTake(func(c *visitor) {
				if leaving {
					c.gone = true
					s.stop()
				}
			})
		}},
		{"shutdown-drops-due", "drops the responses that are due before shutdown", srs("041"), onShutdown(func(s *skeleton, c *visitor) {
			c.due, c.gone = nil, true
			s.stop()
		})},
		{"shutdown-canceled", "does not stop if its client has gone within 20 ms after shutdown", srs("006", "038"), onShutdown(func(s *skeleton, c *visitor) {
			c.gone = true
			_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			if _, err := c.Read(make([]byte, 1)); err != io.EOF {
				s.stop()
			}
		})},
		{"shutdown-resumes", "listens again at its port after shutdown", srs("006", "038"), onShutdown(func(s *skeleton, c *visitor) {
			s.move(s.listener().Addr().String())
			c.gone = true
		})},
		{"shutdown-when-alone", "does not stop while another client waits", srs("006", "038"), func(s *skeleton) {
			s.shutdown = func(c *visitor) {
				c.gone = true
				waiting := false
				s.acceptWaiting(func(w *visitor) {
					waiting = true
					s.close(w)
				})
				if !waiting {
					s.stop()
				}
			}
		}},
	}
}

// onShutdown does something else on shutdown.
func onShutdown(instead func(s *skeleton, c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		s.shutdown = func(c *visitor) { instead(s, c) }
	}
}
