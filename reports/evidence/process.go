package evidence

import "time"

// ProcessSchema is the version of the form of process files.
const ProcessSchema = "oneline-process/1"

// Names of the front ends that write process files.
const (
	Ginkgo = "ginkgo" // package trace
	GoTest = "gotest" // package trace/gotest
)

// Record is one line of a process file, which a test process writes while it runs. The
// first line opens the file. If there is no closing line, the process crashed, or ran
// plain Go tests whose TestMain does not call gotest.Main.
type Record struct {
	Schema string   `json:"schema,omitempty"` // of the file, in its first record
	Open   *Process `json:"open,omitempty"`

	Number int   `json:"number,omitempty"` // of the spec that Begin, Spec and End are about, from 1
	Begin  *Spec `json:"begin,omitempty"`  // what is known of a spec when it begins
	Spec   *Spec `json:"spec,omitempty"`   // its evidence so far; the last one of an attempt counts
	End    *End  `json:"end,omitempty"`    // what became of the spec; the last one counts

	Run   *Run   `json:"run,omitempty"`   // what the suite says of its run; the last one counts
	Fault string `json:"fault,omitempty"` // misuse of the harness that belongs to no single spec
	Close *Close `json:"close,omitempty"`
}

// Process is the test process that wrote a file.
type Process struct {
	FrontEnd string    `json:"front_end"` // Ginkgo or GoTest
	Package  string    `json:"package"`   // import path of the tested package
	Suite    string    `json:"suite,omitempty"`
	PID      int       `json:"pid"`
	Go       string    `json:"go"`
	OS       string    `json:"os"` // such as linux/amd64
	Started  time.Time `json:"started"`

	// Ginkgo runs one suite in several processes: Group is the same for all of
	// them, Proc counts from 1. Only process 1 learns when the suite has ended,
	// and its closing record closes them all.
	Group  string `json:"group,omitempty"`
	Proc   int    `json:"proc,omitempty"`
	Procs  int    `json:"procs,omitempty"`
	DryRun bool   `json:"dry_run,omitempty"`
}

// End is the outcome of a spec.
type End struct {
	State     string  `json:"state"`    // as in package results
	Attempts  int     `json:"attempts"` // 0: it was skipped before it began
	Repeated  bool    `json:"repeated,omitempty"`
	Failure   string  `json:"failure,omitempty"`    // why it failed or was skipped
	FailureAt string  `json:"failure_at,omitempty"` // file:line
	FailedIn  string  `json:"failed_in,omitempty"`  // the node that failed, such as BeforeAll, if not the spec's own body
	Cleanup   string  `json:"cleanup,omitempty"`    // a failure after the one that decided the state
	TimeUp    bool    `json:"time_up,omitempty"`    // the time of the whole suite was over, not the spec's own
	Seconds   float64 `json:"seconds"`

	Protocols  []string `json:"protocols,omitempty"`   // ids of all protocols that it stands in, from the outermost
	ProtocolAt string   `json:"protocol_at,omitempty"` // file:line of the innermost
}

// Close is the last record of a process that ended normally.
type Close struct {
	At       time.Time `json:"at"`
	Specs    int       `json:"specs"`              // how many the process has recorded
	Filtered bool      `json:"filtered,omitempty"` // not every spec was chosen to run
}
