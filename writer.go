package oneline

import (
	"io"
	"strings"
)

// AppendPacket appends packet and the line feed that ends it to dst, and returns
// the extended slice. It returns [ErrLineFeed], and dst as it was, where packet
// holds a line feed.
func AppendPacket(dst []byte, packet string) ([]byte, error) {
	if strings.IndexByte(packet, '\n') >= 0 {
		return dst, ErrLineFeed
	}
	return append(append(dst, packet...), '\n'), nil
}

// Writer writes packets, each with the line feed that ends it in one Write, so
// that small ones travel in one segment. It is for one goroutine at a time.
type Writer struct {
	target io.Writer
	buf    []byte
}

// NewWriter returns a Writer that writes to target.
func NewWriter(target io.Writer) *Writer {
	return &Writer{target: target}
}

// WritePacket writes one packet. If packet holds a line feed, it writes nothing and
// returns [ErrLineFeed]. Otherwise it returns how many bytes the target took, and the
// target's error. After a part of a packet no other packet can follow.
func (w *Writer) WritePacket(packet string) (n int, err error) {
	if w.buf, err = AppendPacket(w.buf[:0], packet); err != nil {
		return 0, err
	}
	return w.target.Write(w.buf)
}
