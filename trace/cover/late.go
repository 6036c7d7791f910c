package cover

import (
	"maps"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// patience limits how long the end of a test waits for goroutines that still run in
// the counted code.
const patience = time.Second

// settle waits until the goroutines that have entered the counted code during a
// test have left it, and returns the functions of those that have not in time. It
// does not wait while other tests run.
func (c *collector) settle(w *Watch) []string {
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		c.mu.Lock()
		alone := len(c.active) == 1
		c.mu.Unlock()
		left := map[string]bool{}
		for goroutine, function := range c.within() {
			if _, there := w.before[goroutine]; !there {
				left[function] = true
			}
		}
		if len(left) == 0 || !alone {
			return nil
		}
		if time.Now().After(deadline) {
			return slices.Sorted(maps.Keys(left))
		}
	}
}

// within maps the goroutines that are in the counted code to the function of it
// that each is in. The caller's own is none of them, and tests that stand in a
// counted package are no counted code.
func (c *collector) within() map[string]string {
	found := map[string]string{}
	var stacks strings.Builder // of all goroutines, the caller's first
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 2)
	for _, stack := range strings.Split(stacks.String(), "\n\n")[1:] {
		lines := strings.Split(stack, "\n")
		for i := 1; i+1 < len(lines); i += 2 { // a function, and the place that it is at
			// The function that created a goroutine is not one that it is in.
			frame := lines[i]
			if k := strings.LastIndexByte(frame, '('); k > 0 && c.counts(frame[:k]) && !strings.Contains(lines[i+1], "_test.go:") {
				name, _, _ := strings.Cut(lines[0], "[")
				found[name] = frame[strings.LastIndexByte(frame[:k], '/')+1 : k]
				break
			}
		}
	}
	return found
}

// counts reports whether a function, by its full name, is in a counted package.
func (c *collector) counts(function string) bool {
	return slices.ContainsFunc(c.packages, func(path string) bool {
		rest, ok := strings.CutPrefix(function, path)
		return ok && strings.HasPrefix(rest, ".")
	})
}
