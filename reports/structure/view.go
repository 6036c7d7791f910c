package structure

import "strings"

// File is a source file, cut into segments: runs of lines with the same state,
// requirements and reason.
type File struct {
	Name     string
	Package  string
	SHA256   string
	Counts   Counts
	Segments []Segment // empty: the text of the file is not in the results
}

// Segment is a run of lines.
type Segment struct {
	First        int // number of its first line
	Lines        []string
	State        State
	Requirements []string // that execute it, or some of it
	Reason       string   // why it is accepted, or why what is executed does not count as reached
}

// State is what can be said of the code of a line.
type State string

// The states. A line without code has none.
const (
	Reached   State = "reached"   // by a requirement that passed
	Partly    State = "partly"    // some of its statements are reached, some are not
	Unreached State = "unreached" // by none that passed
	Accepted  State = "accepted"  // not reached, and accepted
)

// line holds what the view shows beside one line.
type line struct {
	state  State
	by     *set
	reason string
}

func (l line) same(other line) bool {
	return l.state == other.state && l.reason == other.reason && l.by.equal(other.by)
}

// view returns the view of a file.
func (c *computation) view(f *file) File {
	view := File{Name: f.Name, Package: f.Package, SHA256: f.SHA256}
	on := make([][]*block, len(f.texts)+1) // the blocks with code on each line
	for _, b := range f.blocks {
		view.Counts.add(b)
		for _, number := range b.lines {
			if b.Block[4] > 0 && number < len(on) {
				on[number] = append(on[number], b)
			}
		}
	}
	var last line
	for i, text := range f.texts {
		number := i + 1
		l := c.line(on[number])
		if len(on[number]) == 0 {
			l = c.codeless(f, number, last)
		}
		if i == 0 || !l.same(last) {
			view.Segments = append(view.Segments, Segment{First: number, State: l.state, Requirements: c.ids(l.by), Reason: l.reason})
		}
		segment := &view.Segments[len(view.Segments)-1]
		segment.Lines = append(segment.Lines, text)
		last = l
	}
	return view
}

// line combines the blocks that have code on a line.
func (c *computation) line(blocks []*block) line {
	l := line{by: new(set)}
	for _, b := range blocks {
		state := Unreached
		switch {
		case b.reached:
			state = Reached
		case b.accepted != "":
			state, l.reason = Accepted, b.accepted
		case !b.shared.empty():
			l.reason = "executed while specs of " + strings.Join(c.ids(&b.shared), ", ") + " ran at the same time"
		}
		if l.state != "" && l.state != state {
			state = Partly
		}
		l.state = state
		l.by.union(&b.by)
	}
	return l
}

// codeless returns the line for one that has no code. A comment gets the state of the
// block around it; a blank line or closing brace gets that of the previous line.
func (c *computation) codeless(f *file, number int, previous line) line {
	text := f.texts[number-1]
	trimmed := strings.TrimLeft(text, " \t")
	switch {
	case trimmed == "" && f.at(number, 1) == nil:
		return c.line(nil)
	case trimmed == "", strings.HasPrefix(trimmed, "}"):
		return previous
	}
	if b := f.at(number, 1+len(text)-len(trimmed)); b != nil && b.Block[4] > 0 {
		return c.line([]*block{b})
	}
	return c.line(nil)
}
