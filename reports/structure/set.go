package structure

import (
	"iter"
	"math/bits"
	"slices"
)

// set is a set of requirements, by their place in the list.
type set []uint64

func newSet(size int) set { return make(set, (size+63)/64) }

func (s set) add(members ...int) {
	for _, i := range members {
		s[i/64] |= 1 << (i % 64)
	}
}

func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) empty() bool {
	return !slices.ContainsFunc(s, func(word uint64) bool { return word != 0 })
}

func (s set) union(other set) {
	for i := range other {
		s[i] |= other[i]
	}
}

// meets reports whether the two have a member in common.
func (s set) meets(other set) bool {
	for i := range s {
		if s[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

// all gives the members in their order.
func (s set) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
