package trace

import (
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/trace/cover"
)

// Cover notes in run which code is counted as the specs execute it, or why none
// is. It is for a program that runs a suite itself and writes its own results, and
// is called with the run that [Record] is given.
func Cover(run *evidence.Run) {
	code, err := cover.Structure()
	if err != nil {
		code = &evidence.Structure{Missing: err.Error()}
	}
	run.Structure = code
}
