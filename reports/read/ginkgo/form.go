package ginkgo

import "time"

// Report is the report of one suite as Ginkgo writes it; a JSON report is a list of them.
// It has only the members that verdicts depend on.
type Report struct {
	SuitePath                  *string // folder of the suite; nil: this is no report of a suite
	SuiteDescription           string
	SuiteSucceeded             bool
	SpecialSuiteFailureReasons []string `json:",omitempty"`
	PreRunStats                Stats
	StartTime, EndTime         time.Time
	SuiteConfig                Config
	SpecReports                []Node // specs, and nodes of the suite
}

// Stats counts specs.
type Stats struct{ TotalSpecs, SpecsThatWillRun int }

// Config is how Ginkgo was called.
type Config struct {
	RandomSeed int64
	DryRun     bool
}

// Node is a spec, or a node of the suite such as BeforeSuite.
type Node struct {
	ContainerHierarchyTexts     []string
	ContainerHierarchyLocations []Location
	ContainerHierarchyLabels    [][]string
	LeafNodeType                string
	LeafNodeLocation            Location
	LeafNodeLabels              []string
	LeafNodeText                string
	State                       string
	RunTime                     time.Duration
	Failure                     Failure
	AdditionalFailures          []AdditionalFailure `json:",omitempty"`
	NumAttempts                 int
	MaxMustPassRepeatedly       int
	ReportEntries               []Entry
}

// Location is a place in the source.
type Location struct {
	FileName       string
	LineNumber     int
	FullStackTrace string `json:",omitempty"`
}

// Failure is why a node failed, or was skipped.
type Failure struct {
	Message        string
	Location       Location
	ForwardedPanic string `json:",omitempty"`

	FailureNodeType           string `json:",omitempty"` // of the node that failed, if it is not the leaf
	FailureNodeContainerIndex int    `json:",omitempty"` // of its container
}

// AdditionalFailure is a failure that followed the first.
type AdditionalFailure struct {
	State   string
	Failure Failure
}

// Entry is a report entry. Its value holds evidence as JSON in a text. The names are in
// package evidence.
type Entry struct {
	Name  string
	Value EntryValue
}

// EntryValue is the value of a report entry.
type EntryValue struct{ AsJSON string }

// Prefixes of the labels by which package trace ties specs to requirements and
// protocols.
const (
	RequirementLabel = "req:"
	ObserveLabel     = "observe:"
	ProtocolLabel    = "protocol:"
)
