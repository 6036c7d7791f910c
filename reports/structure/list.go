package structure

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/results"
)

// accept marks the unreached blocks of functions whose acceptance covers them, and
// lists the acceptances that are stale. A block that a failed requirement executes
// is not covered: passing requirements should reach it.
func (c *computation) accept(accepted map[string]justification.Unreached) {
	unreached := map[string][]*block{} // by function
	for _, f := range c.files {
		for _, b := range f.blocks {
			if b.by.empty() && b.shared.empty() {
				name := c.coverage.Functions[b.function].Name
				unreached[name] = append(unreached[name], b)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(accepted)) {
		a, statements := accepted[name], 0
		for _, b := range unreached[name] {
			statements += b.Block[4]
		}
		if statements > a.Statements {
			continue // they are listed as unreached
		}
		if !slices.ContainsFunc(c.coverage.Functions, func(f Function) bool { return f.Name == name }) {
			c.coverage.Stale = append(c.coverage.Stale, name+": no such function")
		} else if statements < a.Statements && !a.Seldom {
			c.coverage.Stale = append(c.coverage.Stale, fmt.Sprintf("%s: %d accepted, %d unreached", name, a.Statements, statements))
		}
		for _, b := range unreached[name] {
			b.accepted = a.Signed()
		}
	}
}

// add counts a block.
func (n *Counts) add(b *block) {
	statements := b.Block[4]
	n.Statements += statements
	switch {
	case b.reached:
		n.Reached += statements
	case b.accepted != "":
		n.Accepted += statements
	default:
		n.Unreached += statements
	}
}

// count counts the statements, names the requirements of each function, and lists those
// that passed without executing any code.
func (c *computation) count() {
	packages := map[string]*Counts{}
	by := make([]set, len(c.coverage.Functions))
	var executing set
	for _, f := range c.files {
		if packages[f.Package] == nil {
			packages[f.Package] = &Counts{}
		}
		for _, b := range f.blocks {
			c.coverage.Total.add(b)
			packages[f.Package].add(b)
			c.coverage.Functions[b.function].add(b)
			by[b.function].union(&b.by)
			if b.Block[4] > 0 {
				executing.union(&b.by)
				executing.union(&b.shared)
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(packages)) {
		c.coverage.Packages = append(c.coverage.Packages, Package{path, *packages[path]})
	}
	for i := range by {
		c.coverage.Functions[i].Requirements = c.ids(&by[i])
	}
	for i, r := range c.requirements {
		if r.Passed && !executing.has(i) {
			c.coverage.Idle = append(c.coverage.Idle, r.ID)
		}
	}
}

// places lists the wanted blocks. Neighbors in one function that are alike form
// one place.
func (c *computation) places(wanted func(*block) bool) []Place {
	var all []Place
	for _, f := range c.files {
		var last *block // of the last place; nil: another place begins
		var lines []int // of that place
		for _, b := range f.blocks {
			switch {
			case b.Block[4] == 0:
				continue
			case !wanted(b):
				last = nil
				continue
			case last == nil || !last.alike(b):
				all = append(all, Place{
					File: f.Name, Function: c.coverage.Functions[b.function].Name, Lines: strconv.Itoa(b.Block[0]),
					Requirements: c.ids(&b.by), Shared: c.ids(&b.shared), Reason: b.accepted,
				})
				lines = nil
			}
			last, lines = b, append(lines, b.lines...)
			p := &all[len(all)-1]
			p.Statements += b.Block[4]
			if len(lines) > 0 {
				p.Lines = evidence.FormatRange(slices.Min(lines), slices.Max(lines))
			}
		}
	}
	return all
}

// alike reports whether two blocks can be parts of one place.
func (b *block) alike(other *block) bool {
	return b.function == other.function && b.accepted == other.accepted && b.by.equal(&other.by) && b.shared.equal(&other.shared)
}

// executed returns what each requirement executed. A requirement that executed
// nothing has no entry.
func (c *computation) executed() map[string]*Executed {
	all := make(map[string]*Executed, len(c.requirements))
	for _, f := range c.files {
		code := linesOf(f.blocks)
		by := make(map[int][]*block) // with statements, by requirement
		for _, b := range f.blocks {
			for i := range c.requirements {
				if b.Block[4] > 0 && b.by.has(i) {
					by[i] = append(by[i], b)
				}
			}
		}
		for i, blocks := range by {
			id := c.requirements[i].ID
			if all[id] == nil {
				all[id] = &Executed{}
			}
			part := Part{File: f.Name, Lines: lineRanges(linesOf(blocks), code)}
			for _, b := range blocks {
				all[id].Statements += b.Block[4]
				part.Functions = results.AppendNew(part.Functions, c.coverage.Functions[b.function].Name)
			}
			all[id].Files = append(all[id].Files, part)
		}
	}
	return all
}

// linesOf are the lines on which blocks have code, sorted.
func linesOf(blocks []*block) []int {
	var lines []int
	for _, b := range blocks {
		if b.Block[4] > 0 {
			lines = append(lines, b.lines...)
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// lineRanges writes lines as ranges, such as 12-15,20. Code holds all lines that
// have code, these among them; lines without code do not split a range.
func lineRanges(lines, code []int) string {
	var ranges []string
	for len(lines) > 0 {
		i, _ := slices.BinarySearch(code, lines[0])
		n := 1
		for n < len(lines) && lines[n] == code[i+n] {
			n++
		}
		ranges = append(ranges, evidence.FormatRange(lines[0], lines[n-1]))
		lines = lines[n:]
	}
	return strings.Join(ranges, ",")
}
