package faulty

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
)

// framingFaults find the wrong ends of packets.
var framingFaults = []wireFault{
	{"read-is-packet", "takes what one read gives for one packet", srs("008", "009", "022", "023", "030", "035", "036", "042"), onBytes(func(c *visitor, chunk []byte) {
		if len(chunk) > 0 {
			c.obey(packet{text: strings.TrimSuffix(string(chunk), "\n")})
		}
	})},
	{"partial-forgotten", "forgets the beginning of a packet when a read ends within it", srs("008", "009", "022", "023", "030", "031", "042"), onBytes(func(c *visitor, chunk []byte) {
		c.partial = nil
		c.split(chunk)
	})},
	{"pause-forgets", "forgets an unfinished packet when the client pauses", srs("009"), atPause(func(c *visitor) { c.partial = nil })},
	{"pause-ends-packet", "takes a pause for the end of a packet", srs("009", "030"), atPause(func(c *visitor) {
		if len(c.partial) > 0 {
			c.split([]byte("\n"))
		}
	})},
	{"pause-leaves", "hangs up on a client that pauses within a packet", srs("009", "030"), atPause(func(c *visitor) { c.gone = len(c.partial) > 0 })},
	{"pause-asks", "sends an empty packet to see whether a client is alive that pauses within a packet", srs("019", "030"), atPause(func(c *visitor) {
		if len(c.partial) > 0 && !c.marked {
			c.marked = true
			c.send(c, "\n")
		}
	})},
	{"ends-at-cr", "takes a carriage return for the end of a packet, too", srs("008", "009", "024", "025", "026", "042"), endsAt("\r")},
	{"ends-at-nul", "takes NUL for the end of a packet, too", srs("008", "009", "025", "026", "042"), endsAt("\x00")},
	{"ends-at-semicolon", "takes a semicolon for the end of a packet, too", srs("008", "009", "026", "042"), endsAt(";")},
	{"ends-at-vertical-tab", "takes the other line separators of ASCII for ends of packets", srs("008", "009", "025", "026", "042"), endsAt("\v\f\x1c\x1d\x1e")},
	{"ends-at-nel", "takes 0x85, the next line of Latin-1, for the end of a packet", srs("007", "009", "028"), endsAt("\x85")},
	{"ends-at-ff", "takes 0xff, which is -1 as a char, for the end of a packet", srs("007", "009", "028", "030"), endsAt("\xff")},
	{"cr-stripped", "drops a carriage return before the line feed", srs("008", "024", "025", "026", "042"), altersText(func(text string) string {
		return strings.TrimSuffix(text, "\r")
	})},
	{"cr-before-segment", "drops a carriage return where the line feed comes first in the next segment", srs("022", "024"), onBytes(func(c *visitor, chunk []byte) {
		if len(chunk) > 0 && chunk[0] == '\n' {
			c.partial = bytes.TrimSuffix(c.partial, []byte("\r"))
		}
		c.split(chunk)
	})},
	{"cr-is-space", "takes a carriage return for a space", srs("008", "024", "026", "042"), altersText(strings.NewReplacer("\r", " ").Replace)},
	{"seven-bits", "takes the lower seven bits of each byte", srs("007", "009", "028"), onBytes(func(c *visitor, chunk []byte) {
		for i := range chunk {
			chunk[i] &= 0x7f
		}
		c.split(chunk)
	})},
	{"c-string", "takes NUL for the end of the text of a packet", srs("008", "025", "026", "042"), altersText(func(text string) string {
		text, _, _ = strings.Cut(text, "\x00")
		return text
	})},
	{"line-buffer", "reads lines into 4096 bytes, and takes a longer one for several", srs("008", "009", "030", "031", "042"), byByte(func(c *visitor, b byte) {
		c.split([]byte{b})
		if len(c.partial) == 4096 {
			c.split([]byte("\n"))
		}
	})},
	{"read-boundary", "overwrites the last byte of a full buffer", srs("008", "042", "050"), onReading(func(c *visitor, buf []byte) (int, error) {
		n, err := c.Read(buf[:4096])
		if n == 4096 {
			buf[n-1] = 0
		}
		return n, err
	})},
	{"segment-trimmed", "trims what one read gives before it looks for packets", srs("008", "022", "023", "024", "025", "026", "028", "029", "031", "042", "047"), onBytes(func(c *visitor, chunk []byte) {
		if ended := bytes.HasSuffix(chunk, []byte("\n")); ended {
			chunk = append(bytes.TrimSpace(chunk), '\n')
		} else {
			chunk = bytes.TrimSpace(chunk)
		}
		c.split(chunk)
	})},
}

// endsAt makes these bytes ends of packets.
func endsAt(bytes string) func(*skeleton) {
	return func(s *skeleton) {
		s.ends = func(b byte) bool { return b == '\n' || strings.IndexByte(bytes, b) >= 0 }
	}
}

// atPause does something when a client has sent nothing for a while. The suite
// lets 50 ms of silence pass, and 2 ms between two segments, which a busy machine
// must not make a while.
func atPause(do func(c *visitor)) func(*skeleton) {
	return onReading(func(c *visitor, buf []byte) (int, error) {
		pause := patience.For(30 * time.Millisecond)
		for next := pause.Next(); next > 0; next = pause.Next() {
			_ = c.SetReadDeadline(time.Now().Add(next))
			if n, err := c.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
				return n, err
			}
		}
		do(c)
		return 0, nil
	})
}
