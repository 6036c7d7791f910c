package cover

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"
)

// patience is how long the end of a spec waits for goroutines that still run in
// the covered code.
const patience = time.Second

// settle waits until the goroutines that have entered the covered code during
// the spec have left it, and gives the functions of those that have not in time.
func (c *Collector) settle() []string {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for {
		left := map[string]bool{}
		for goroutine, function := range c.within() {
			if !c.before[goroutine] {
				left[function] = true
			}
		}
		if len(left) == 0 {
			return nil
		}
		select {
		case <-deadline.C:
			return slices.Sorted(maps.Keys(left))
		case <-again.C:
		}
	}
}

// running names the goroutines that are in the covered code.
func (c *Collector) running() map[string]bool {
	names := map[string]bool{}
	for name := range c.within() {
		names[name] = true
	}
	return names
}

// within gives the goroutines that are in the covered code, each by its number,
// with the covered function that it is in.
func (c *Collector) within() map[string]string {
	found := map[string]string{}
	for stack := range strings.SplitSeq(stacks(), "\n\n") {
		head, frames, _ := strings.Cut(stack, "\n")
		for frame := range strings.SplitSeq(frames, "\n") {
			// Places are indented, and what a goroutine was created by it is not in.
			if function, _, _ := cutLast(frame, "("); function != "" && c.covers(function) {
				name, _, _ := strings.Cut(head, "[")
				found[name] = function[strings.LastIndexByte(function, '/')+1:]
				break
			}
		}
	}
	return found
}

// covers tells whether a function, by its full name, is of a covered package.
func (c *Collector) covers(function string) bool {
	return slices.ContainsFunc(c.packages, func(path string) bool {
		rest, ok := strings.CutPrefix(function, path)
		return ok && strings.HasPrefix(rest, ".")
	})
}

// stacks are those of all goroutines.
func stacks() string {
	for size := 64 << 10; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return string(buf[:n])
		}
	}
}

// cutLast cuts around the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
