package cover

import (
	"maps"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Watch notes what is executed while one test runs.
type Watch struct {
	alone, shared []byte
	before        map[string]string // goroutines that were there when the test began; nil if others ran
	err           error
}

// Begin begins a test. It returns nil where nothing is counted.
func Begin() *Watch {
	c, err := open()
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &Watch{alone: make([]byte, c.size), shared: make([]byte, c.size)}
	w.err = c.book()
	if len(c.active) == 0 {
		w.before = c.within()
	}
	c.active[w] = true
	return w
}

// End ends a test. It returns a function that notes in the test's evidence what the
// test has executed.
func (w *Watch) End() (note func(*evidence.Spec)) {
	c, err := open()
	if w == nil || err != nil {
		return func(*evidence.Spec) {}
	}
	var unsettled []string
	if w.before != nil {
		unsettled = c.settle(w)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.book() // w has the error, too
	delete(c.active, w)
	if len(c.active) == 0 {
		c.forget()
	}
	if w.err != nil {
		fault := "what the spec executes could not be counted: " + w.err.Error()
		return func(spec *evidence.Spec) { spec.Faults = append(spec.Faults, fault) }
	}
	add(w.alone, c.began)
	first := len(c.code.Structure.Files)
	for i := range w.alone {
		if w.alone[i] != 0 {
			w.shared[i] = 0
		}
	}
	executed, shared := evidence.FormatNumbers(w.alone[first:]), evidence.FormatNumbers(w.shared[first:])
	return func(spec *evidence.Spec) { spec.Executed, spec.Shared, spec.Unsettled = executed, shared, unsettled }
}

// book takes what was executed since the last call, for all tests that ran
// meanwhile.
func (c *collector) book() error {
	executed, err := c.take()
	for w := range c.active {
		switch {
		case err != nil:
			w.err = err
		case len(c.active) == 1:
			add(w.alone, executed)
		default:
			add(w.shared, executed)
		}
	}
	return err
}

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

// within maps each goroutine in the counted code to the function of it that it is in. It
// leaves out the caller's goroutine, and tests, even those of a counted package.
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
