package oneline

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// Packet is one packet, without the line feed that ended it (P3).
type Packet struct {
	// Bytes holds the packet without its line feed. A carriage return is an ordinary
	// byte (Pb). Bytes is valid until the next call of Next.
	Bytes []byte

	// TooLong reports that the packet was longer than the maximum. Bytes then holds
	// its first bytes, as many as the maximum allows (Pg).
	TooLong bool
}

// ASCII reports whether every byte of the packet is below 0x80 (P7, Pd).
func (p Packet) ASCII() bool { return ascii(p.Bytes) }

// Reader reads packets. It never delivers bytes that no line feed has ended (Pi).
// After an error of its source, such as an exceeded deadline, no byte is lost: the
// part of a packet that has arrived is kept, and the next call continues it (Ps).
//
// A Reader is for one goroutine at a time.
type Reader struct {
	source io.Reader
	max    int

	// buf[start:end] has been read and not yet delivered; buf[start:scanned] holds
	// no line feed. If tooLong is set, the packet is buf[start:start+max], and the
	// bytes up to its line feed are dropped.
	buf                 []byte
	start, scanned, end int
	tooLong             bool

	err error // of the source, returned together with bytes that are not yet delivered
}

// A read has room for at least readSize bytes and at most readMost.
const (
	readSize = 4 << 10
	readMost = 128 << 10 // so that the bytes are still in the cache when they are scanned
)

// NewReader returns a Reader of the packets of source, with a maximum length of max
// bytes; max below 1 means [DefaultMaxPacket]. Its buffer grows with the packets, up
// to max + 4 KiB.
func NewReader(source io.Reader, max int) *Reader {
	if max < 1 {
		max = DefaultMaxPacket
	}
	return &Reader{source: source, max: min(max, math.MaxInt-readSize)}
}

// Next returns the next packet. It reads only if no complete packet is buffered, and
// returns the errors of the source unchanged: io.EOF at its end, even within a
// packet, which is then never delivered. After any error it may be called again.
func (r *Reader) Next() (Packet, error) {
	for !r.Complete() {
		if err := r.fill(); err != nil {
			return Packet{}, err
		}
	}
	length := r.scanned - r.start
	end := r.start + min(length, r.max)
	packet := Packet{r.buf[r.start:end:end], r.tooLong || length > r.max}
	r.start, r.scanned, r.tooLong = r.scanned+1, r.scanned+1, false
	return packet, nil
}

// Repeats takes the next buffered packets as long as they are complete and equal to
// packet, and returns their number. It does not read.
func (r *Reader) Repeats(packet string) (n int) {
	if r.tooLong {
		return 0
	}
	rest := r.buf[r.start:r.end]
	for len(rest) > len(packet) && rest[len(packet)] == '\n' && string(rest[:len(packet)]) == packet {
		rest = rest[len(packet)+1:]
		n++
	}
	if n > 0 {
		r.start = r.end - len(rest)
		r.scanned = r.start
	}
	return n
}

// Complete reports whether a complete packet is buffered, so that Next does not read.
func (r *Reader) Complete() bool {
	i := bytes.IndexByte(r.buf[r.scanned:r.end], '\n')
	if i < 0 {
		r.scanned = r.end
		return false
	}
	r.scanned += i
	return true
}

// fill reads once. Everything buffered belongs to one packet, whose line feed has not
// arrived yet.
func (r *Reader) fill() error {
	if r.err != nil {
		err := r.err
		r.err = nil
		return err
	}
	if r.tooLong || r.end-r.start > r.max {
		r.tooLong = true
		r.end = r.start + r.max
		r.scanned = r.end
	}
	r.makeRoom()
	n, err := r.source.Read(r.buf[r.end:min(r.end+readMost, len(r.buf))])
	r.end += n
	if n > 0 {
		r.err, err = err, nil
	}
	return err
}

// makeRoom makes room for at least readSize bytes. The largest buffer has room for
// that behind any packet that is not too long. A packet is moved at most once, and the
// buffer doubles, so each byte is copied a bounded number of times.
func (r *Reader) makeRoom() {
	if len(r.buf)-r.end < readSize && r.start > 0 {
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.scanned -= r.start
		r.start = 0
	}
	if len(r.buf)-r.end < readSize {
		grown := make([]byte, min(max(2*len(r.buf), readSize), r.max+readSize))
		copy(grown, r.buf[:r.end])
		r.buf = grown
	}
}

// ascii checks 32 bytes at a time: packets may be long.
func ascii(b []byte) bool {
	for ; len(b) >= 32; b = b[32:] {
		if (word(b)|word(b[8:])|word(b[16:])|word(b[24:]))&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, x := range b {
		if x >= 0x80 {
			return false
		}
	}
	return true
}

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
