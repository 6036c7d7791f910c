package structure

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
)

// accept marks the unreached blocks of functions whose acceptance covers them, and
// lists the acceptances that are stale. A block that a failed requirement executes
// is not covered: passing requirements should reach it.
func (c *computation) accept(accepted map[string]justification.Unreached) {
	unreached := map[string][]*block{}
	for i := range c.blocks {
		b := &c.blocks[i]
		if b.Block[4] == 0 || !b.by.empty() || !b.shared.empty() {
			continue
		}
		name := c.coverage.Functions[b.function].Name
		unreached[name] = append(unreached[name], b)
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

// count counts the statements, and names the requirements of each function.
func (c *computation) count() {
	packages := map[string]int{}
	for i := range c.files {
		f := &c.files[i]
		if f.NotBuilt {
			continue
		}
		at, known := packages[f.Package]
		if !known {
			at = len(c.coverage.Packages)
			packages[f.Package] = at
			c.coverage.Packages = append(c.coverage.Packages, Package{Path: f.Package})
		}
		by := make(map[int]*set) // by function
		for _, b := range f.blocks {
			c.coverage.Total.add(b)
			c.coverage.Packages[at].add(b)
			c.coverage.Functions[b.function].add(b)
			if by[b.function] == nil {
				by[b.function] = new(set)
			}
			by[b.function].union(&b.by)
		}
		for function, requirements := range by {
			c.coverage.Functions[function].Requirements = c.ids(requirements)
		}
	}
	slices.SortFunc(c.coverage.Packages, func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
}

// list lists the unreached and accepted places, and the requirements that passed
// without executing any code.
func (c *computation) list() {
	c.coverage.Unreached = c.places(func(b *block) bool { return !b.reached && b.accepted == "" })
	c.coverage.Accepted = c.places(func(b *block) bool { return !b.reached && b.accepted != "" })
	for i, r := range c.requirements {
		executes := func(b block) bool { return b.Block[4] > 0 && (b.by.has(i) || b.shared.has(i)) }
		if r.Passed && !slices.ContainsFunc(c.blocks, executes) {
			c.coverage.Idle = append(c.coverage.Idle, r.ID)
		}
	}
}

// places lists the wanted blocks. Neighbors in one function that are alike form
// one place.
func (c *computation) places(wanted func(*block) bool) []Place {
	var all []Place
	for i := range c.files {
		var last *block // of the last place; nil: another place begins
		var lines []int // of that place
		for _, b := range c.files[i].blocks {
			switch {
			case b.Block[4] == 0:
				continue
			case !wanted(b):
				last = nil
				continue
			case last == nil || !last.alike(b):
				all = append(all, Place{
					File: b.file.Name, Function: c.coverage.Functions[b.function].Name, Lines: strconv.Itoa(b.Block[0]),
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
	for k := range c.files {
		f := &c.files[k]
		code := linesOf(f.blocks)
		by := make(map[int][]*block) // with statements, by requirement
		for _, b := range f.blocks {
			for i := range b.by.all() {
				if b.Block[4] > 0 {
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
				if name := c.coverage.Functions[b.function].Name; !slices.Contains(part.Functions, name) {
					part.Functions = append(part.Functions, name)
				}
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
// have code; lines without code do not split a range.
func lineRanges(lines, code []int) string {
	var ranges []string
	for i := 0; i < len(code); i++ {
		first := i
		for i < len(code) && contains(lines, code[i]) {
			i++
		}
		if i > first {
			ranges = append(ranges, evidence.FormatRange(code[first], code[i-1]))
		}
	}
	return strings.Join(ranges, ",")
}

func contains(sorted []int, n int) bool {
	_, found := slices.BinarySearch(sorted, n)
	return found
}
