package faulty

import (
	"io"
	"time"
)

// shutdownFaults go wrong about the command shutdown.
var shutdownFaults = []wireFault{
	{"shutdown-ignored", "ignores shutdown", srs("006", "037", "038", "040"), onShutdown(func(*visitor) {})},
	{"shutdown-not-first", "hands shutdown to the callback where it is the first command of a client", srs("006", "037", "038"), notFirst("shutdown")},
	{"shutdown-bye", "says bye before it stops", srs("037"), onShutdown(func(c *visitor) {
		c.respond("bye")
		c.halt()
	})},
	{"shutdown-disconnects", "takes shutdown for disconnect", srs("006", "038", "040"), onShutdown(func(c *visitor) { c.gone = true })},
	{"shutdown-keeps-client", "stops on shutdown, but keeps the connection of its client", srs("006"), onShutdown(func(c *visitor) {
		c.skeleton.leave = func(*visitor) {}
		c.halt()
	})},
	{"shutdown-serves-on", "takes no further client after shutdown, but serves the one it has", srs("006", "037"), onShutdown(func(c *visitor) { c.stop() })},
	{"shutdown-keeps-port", "closes the connection on shutdown, and hangs with its port still bound", srs("006", "038", "040"), onShutdown(func(c *visitor) {
		c.skeleton.leave = func(c *visitor) {
			c.drop()
			<-c.ctx.Done()
		}
		c.gone = true
	})},
	{"shutdown-after-waiting", "serves the clients that wait before it stops", srs("040"), onShutdown(func(c *visitor) {
		c.skeleton.leave = func(c *visitor) {
			c.skeleton.leave = (*visitor).drop
			c.drop()
			c.acceptWaiting((*visitor).talk)
			c.stop()
		}
		c.gone = true
	})},
	{"shutdown-tells-waiting", "tells the clients that wait that it stops", srs("040"), onShutdown(func(c *visitor) {
		c.acceptWaiting(func(further *visitor) {
			further.send(further, "going down\n")
			further.drop()
		})
		c.halt()
	})},
	{"shutdown-keeps-waiting", "keeps the connections of clients that wait", srs("040"), onShutdown(func(c *visitor) {
		c.acceptWaiting(func(*visitor) {})
		c.halt()
	})},
	{"shutdown-runs-rest", "handles the rest of the segment before it stops", srs("037"), func(s *skeleton) {
		s.shutdown = func(c *visitor) { c.marked = true }
		afterSegment(func(c *visitor) {
			if c.marked {
				c.halt()
			}
		})(s)
	}},
	{"shutdown-drops-due", "drops the responses that are due before shutdown", srs("041"), onShutdown(func(c *visitor) {
		c.due = nil
		c.halt()
	})},
	{"shutdown-canceled", "does not stop if its client has gone within 20 ms after shutdown", srs("006", "038"), onShutdown(func(c *visitor) {
		c.gone = true
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			c.stop()
		}
	})},
	{"shutdown-resumes", "listens again at its port after shutdown", srs("006", "038"), onShutdown(func(c *visitor) {
		c.move(c.listener().Addr().String())
		c.gone = true
	})},
	{"shutdown-when-alone", "does not stop while another client waits", srs("006", "038"), onShutdown(func(c *visitor) {
		alone := true
		c.acceptWaiting(func(further *visitor) {
			alone = false
			further.hangUp()
		})
		if c.gone = true; alone {
			c.stop()
		}
	})},
}
