package faulty

import (
	"io"
	"time"
)

// disconnectFaults go wrong about the command disconnect.
var disconnectFaults = []wireFault{
	{"disconnect-ignored", "ignores disconnect", srs("005", "016", "036"), onDisconnect(func(*visitor) {})},
	{"disconnect-bye", "says bye before it disconnects", srs("036"), onDisconnect(func(c *visitor) {
		c.respond("bye")
		c.gone = true
	})},
	{"disconnect-late", "disconnects after the next command only", srs("005", "016"), func(s *skeleton) {
		s.goodbye = func(c *visitor) { c.marked = true }
		s.handle = func(c *visitor, p packet) {
			if c.gone = c.marked; !c.gone {
				c.obey(p)
			}
		}
	}},
	{"disconnect-not-first", "hands disconnect to the callback where it is the first command of a client", srs("005", "036"), notFirst("disconnect")},
	{"disconnect-stops", "stops on disconnect", srs("005", "016", "049"), onDisconnect((*visitor).halt)},
	{"disconnect-drops-due", "drops the responses that are due before disconnect", srs("041"), onDisconnect(func(c *visitor) { c.due, c.gone = nil, true })},
	{"disconnect-cuts-due", "sends no more than 1024 bytes of what is due before disconnect", srs("041"), onDisconnect(func(c *visitor) {
		c.due, c.gone = c.due[:min(len(c.due), 1024)], true
	})},
	{"disconnect-resets-due", "resets the connection on disconnect before what is due was sent", srs("041"), onDisconnect(func(c *visitor) {
		_ = c.tcp().SetLinger(0)
		_ = c.Close()
		c.gone = true
	})},
	{"disconnect-drops-queued", "drops on disconnect what its client has not taken of the responses of the segment", srs("041"), func(s *skeleton) {
		s.buffer = held / 64
		s.send = func(c *visitor, text string) {
			if len(c.held) == 0 { // the connection is not full
				_ = c.SetWriteDeadline(time.Now().Add(time.Millisecond))
				n, _ := c.Write([]byte(text))
				_ = c.SetWriteDeadline(time.Time{})
				text = text[n:]
			}
			c.held = append(c.held, text...)
		}
		afterSegment(func(c *visitor) {
			if c.flush(); !c.gone {
				_, _ = c.Write(c.held)
			}
			c.held = nil
		})(s)
	}},
	{"disconnect-runs-rest", "handles the rest of the segment before it disconnects", srs("036"), func(s *skeleton) {
		s.goodbye = func(c *visitor) { c.marked = true }
		afterSegment(func(c *visitor) { c.gone = c.gone || c.marked })(s)
	}},
	{"disconnect-half", "closes its sending side only on disconnect, and waits for the client", srs("016"), onDisconnect(func(c *visitor) {
		c.flush()
		_ = c.tcp().CloseWrite()
		_, _ = io.Copy(io.Discard, c.Conn)
		c.gone = true
	})},
	{"disconnect-needs-close", "closes on disconnect only when the client does", srs("005", "016"), onDisconnect(func(c *visitor) {
		c.flush()
		_, _ = io.Copy(io.Discard, c.Conn)
		c.gone = true
	})},
	{"disconnect-once", "obeys the first disconnect only", srs("005", "016"), func(s *skeleton) {
		first := true
		s.goodbye = func(c *visitor) { c.gone, first = first, false }
	}},
}

// notFirst hands a command to the callback where it is a client's first.
func notFirst(command string) func(*skeleton) {
	return onPacket(func(c *visitor, p packet) {
		if c.count++; c.count == 1 && p.text == command {
			c.respond(c.answer(packet{text: command, valid: true})...)
		} else {
			c.obey(p)
		}
	})
}

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
