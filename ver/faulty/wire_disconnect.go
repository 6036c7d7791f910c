package faulty

import (
	"io"
	"net"
	"time"
)

// disconnectFaults go wrong about the command disconnect.
func disconnectFaults() []wireFault {
	return []wireFault{
		{"disconnect-ignored", "ignores disconnect", srs("005", "016", "036"), onDisconnect(func(*skeleton, *visitor) {})},
		{"disconnect-bye", "says bye before it disconnects", srs("036"), onDisconnect(func(s *skeleton, c *visitor) {
			s.respond(c, "bye")
			c.gone = true
		})},
		{"disconnect-late", "disconnects after the next command only", srs("005", "016"), func(s *skeleton) {
			leaving := 0
			s.goodbye = func(c *visitor) { leaving = c.number }
			s.handle = func(c *visitor, p packet) {
				if c.gone = leaving == c.number; !c.gone {
					s.obey(c, p)
				}
			}
		}},
		{"disconnect-not-first", "hands disconnect to the callback where it is the first command of a client", srs("005", "036"), notFirst("disconnect")},
		{"disconnect-stops", "stops on disconnect", srs("005", "016", "049"), onDisconnect(func(s *skeleton, c *visitor) {
			c.gone = true
			s.stop()
		})},
		{"disconnect-drops-due", "drops the responses that are due before disconnect", srs("041"), onDisconnect(func(_ *skeleton, c *visitor) { c.due, c.gone = nil, true })},
		{"disconnect-cuts-due", "sends no more than 1024 bytes of what is due before disconnect", srs("041"), onDisconnect(func(_ *skeleton, c *visitor) {
			c.due, c.gone = c.due[:min(len(c.due), 1024)], true
		})},
		{"disconnect-resets-due", "resets the connection on disconnect before what is due was sent", srs("041"), onDisconnect(func(_ *skeleton, c *visitor) {
			_ = c.Conn.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
			c.gone = true
		})},
		{"disconnect-drops-queued", "drops on disconnect what its client has not taken of the responses of the segment", srs("041"), func(s *skeleton) {
			s.buffer = held / 64
			queued := ""
			s.enter = func(*visitor) { queued = "" }
			s.send = func(c *visitor, text string) {
				if queued == "" { // the connection is not full
					_ = c.SetWriteDeadline(time.Now().Add(time.Millisecond))
					n, _ := c.Write([]byte(text))
					_ = c.SetWriteDeadline(time.Time{})
					text = text[n:]
				}
				queued += text
			}
			s.afterTake(func(c *visitor) {
				if s.flush(c); !c.gone {
					_, _ = c.Write([]byte(queued))
				}
				queued = ""
			})
		}},
		{"disconnect-runs-rest", "handles the rest of the segment before it disconnects", srs("036"), func(s *skeleton) {
			leaving := false
			s.goodbye = func(*visitor) { leaving = true }
			s.afterTake(func(c *visitor) {
				if leaving {
					c.gone, leaving = true, false
				}
			})
		}},
		{"disconnect-half", "closes its sending side only on disconnect, and waits for the client", srs("016"), func(s *skeleton) {
			s.goodbye = func(c *visitor) {
				s.flush(c)
				_ = c.Conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, c.Conn)
				c.gone = true
			}
		}},
		{"disconnect-needs-close", "closes on disconnect only when the client does", srs("005", "016"), func(s *skeleton) {
			s.goodbye = func(c *visitor) {
				s.flush(c)
				_, _ = io.Copy(io.Discard, c.Conn)
				c.gone = true
			}
		}},
		{"disconnect-once", "obeys the first disconnect only", srs("005", "016"), func(s *skeleton) {
			first := true
			s.goodbye = func(c *visitor) { c.gone, first = first, false }
		}},
	}
}

// notFirst hands a command to the callback where it is a client's first.
func notFirst(command string) func(*skeleton) {
	return func(s *skeleton) {
		first := true
		s.enter = func(*visitor) { first = true }
		s.is = func(text, known string) bool { return text == known && !(first && text == command) }
		s.handle = func(c *visitor, p packet) {
			s.obey(c, p)
			first = false
		}
	}
}

// onDisconnect does something else on disconnect.
func onDisconnect(instead func(s *skeleton, c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		s.goodbye = func(c *visitor) { instead(s, c) }
	}
}
