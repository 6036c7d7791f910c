package cover

import "github.com/socket-oneline/oneline/reports/evidence"

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
	if err := c.book(); err != nil {
		w.err = err
	}
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
