package evidence

// Structure is the code that the specs of a run could be seen to execute. Its
// blocks are numbered from 0 on, through all functions of all files in their
// order; by these numbers [Spec.Executed] names them.
type Structure struct {
	Missing string       `json:"missing,omitempty"` // why nothing could be collected
	Files   []SourceFile `json:"files,omitempty"`   // sorted by name
}

// SourceFile is a file of the code, as it was when the run began.
type SourceFile struct {
	Name      string     `json:"name"`             // path within its module, such as server/conn.go
	Package   string     `json:"package"`          // import path
	SHA256    string     `json:"sha256,omitempty"` // of Text
	Text      string     `json:"text,omitempty"`
	NotBuilt  bool       `json:"not_built,omitempty"` // no process contained it: it is of another system, for instance
	Functions []Function `json:"functions"`           // in the order of their place
}

// Function is a function of the code, with its blocks. Those of a function
// literal belong to the function that it stands in.
type Function struct {
	Name   string  `json:"name"` // with its package, such as server.Server.Serve
	Blocks []Block `json:"blocks"`
}

// Block is a run of statements that are executed together: the line and column
// in which it begins, those in which it ends, and how many statements it has.
// Lines and columns are counted from 1, columns in bytes; the end is exclusive.
type Block [5]int
