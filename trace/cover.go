package trace

import (
	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/trace/record"
)

// Cover has every spec collect which statements of the program it executes, if
// the program was built to count them, as package cover says; else run tells why
// there is nothing to collect, and nothing else changes. It is called once, with
// the run that [Record] is given, before the suite runs.
func Cover(run *evidence.Run, o cover.Options) {
	collector, err := cover.Open(o)
	if err != nil {
		run.Structure = &evidence.Structure{Missing: err.Error()}
		return
	}
	run.Structure = collector.Structure()
	current.Lock()
	current.cover = &collection{collector, run}
	current.Unlock()
	ReportAfterSuite("end of the collection", func(Report) {
		current.Lock()
		current.cover = nil
		current.Unlock()
		_ = collector.Close() // a temporary folder
	})
}

// collection is what a run collects. Where that fails, all of it is given up: the
// code of some specs would pass for the code of all.
type collection struct {
	*cover.Collector
	run *evidence.Run
}

func (c *collection) begin() {
	if err := c.Begin(); err != nil {
		c.giveUp(err)
	}
}

// end books what the spec has executed.
func (c *collection) end(a *record.Attempt) {
	executed, unsettled, err := c.End()
	if err != nil {
		c.giveUp(err)
		return
	}
	a.Update(func(spec *evidence.Spec) { spec.Executed, spec.Unsettled = executed, unsettled })
}

func (c *collection) giveUp(err error) {
	c.run.Structure = &evidence.Structure{Missing: "it failed: " + err.Error()}
	current.Lock()
	current.cover = nil
	current.Unlock()
}
