package cover

import (
	"encoding/binary"
	"fmt"
	"math"
)

// decoder reads coverage data. What cannot be read makes it panic with
// malformed: it is called from functions that begin with recovered.
type decoder struct {
	data []byte
	pos  int
}

type malformed string

// recovered turns the panic of a decoder into an error.
func recovered(err *error, what string) {
	switch problem := recover().(type) {
	case nil:
	case malformed:
		*err = fmt.Errorf("%s cannot be read (%s): build with the release of Go that this module names", what, string(problem))
	default:
		panic(problem)
	}
}

func (d *decoder) at(pos int) {
	if pos < 0 || pos > len(d.data) {
		panic(malformed("it is cut off"))
	}
	d.pos = pos
}

func (d *decoder) skip(n int) { d.at(d.pos + n) }

func (d *decoder) take(n int) []byte {
	start := d.pos
	if n < 0 {
		panic(malformed("it is cut off"))
	}
	d.skip(n)
	return d.data[start:d.pos]
}

func (d *decoder) word32() int { return int(binary.LittleEndian.Uint32(d.take(4))) }

func (d *decoder) word64() int {
	n := binary.LittleEndian.Uint64(d.take(8))
	if n > math.MaxInt32 {
		panic(malformed("a length is out of range"))
	}
	return int(n)
}

// count is a number of things that take 16 bytes each, at least.
func (d *decoder) count() int { return d.bounded(d.word64(), 16) }

// bounded refuses a number of things, each of so many bytes at least, that
// cannot be in what is left.
func (d *decoder) bounded(n, size int) int {
	if n < 0 || n > (len(d.data)-d.pos)/size {
		panic(malformed("a count is out of range"))
	}
	return n
}

// number reads one of variable length, seven bits to a byte, the lowest first.
func (d *decoder) number() int {
	n, length := binary.Uvarint(d.data[d.pos:])
	if length <= 0 || n > math.MaxUint32 {
		panic(malformed("a number is out of range"))
	}
	d.pos += length
	return int(n)
}

func (d *decoder) magic(want string) {
	if string(d.take(len(want))) != want {
		panic(malformed("it is something else"))
	}
	if version := d.word32(); version != formVersion {
		panic(malformed(fmt.Sprintf("its form has the version %d, not %d", version, formVersion)))
	}
}

// texts is a table of strings.
type texts []string

func (d *decoder) texts() texts {
	all := make(texts, d.bounded(d.number(), 1))
	for i := range all {
		all[i] = string(d.take(d.number()))
	}
	return all
}

func (t texts) at(i int) string {
	if i >= len(t) {
		panic(malformed("a text is missing"))
	}
	return t[i]
}
