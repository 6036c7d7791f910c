package structure

import (
	"slices"
	"strconv"
	"strings"
)

// accept drops what accepts a block that is executed, and lists it.
func (c *computation) accept() {
	c.coverage.Refuted = c.places(func(b *block) bool { return b.accepted.reason != "" && !b.accepted.seldom && !b.by.empty() })
	for i := range c.blocks {
		if b := &c.blocks[i]; !b.by.empty() {
			b.accepted = acceptance{}
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
	case b.accepted.reason != "":
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
		at, known := packages[f.Package]
		if !known {
			at = len(c.coverage.Packages)
			packages[f.Package] = at
			c.coverage.Packages = append(c.coverage.Packages, Package{Path: f.Package})
		}
		by := map[int]set{}
		for _, b := range f.blocks {
			c.coverage.Total.add(b)
			c.coverage.Packages[at].add(b)
			c.coverage.Functions[b.function].add(b)
			if by[b.function] == nil {
				by[b.function] = newSet(len(c.requirements))
			}
			by[b.function].union(b.by)
		}
		for function, requirements := range by {
			c.coverage.Functions[function].Requirements = c.ids(requirements)
		}
	}
	slices.SortFunc(c.coverage.Packages, func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
}

// list lists what is not reached, and what passed without reaching anything.
func (c *computation) list() {
	c.coverage.Unreached = c.places(func(b *block) bool { return !b.reached && b.accepted.reason == "" })
	c.coverage.Accepted = c.places(func(b *block) bool { return !b.reached && b.accepted.reason != "" })
	for i, r := range c.requirements {
		if r.Passed && c.statements(c.sets[i]) == 0 {
			c.coverage.Idle = append(c.coverage.Idle, r.ID)
		}
	}
}

func (c *computation) statements(of set) (n int) {
	for i := range of.all() {
		n += c.blocks[i].Block[4]
	}
	return n
}

// places lists the blocks that are wanted. Those that follow one another in a
// function, and of which the same is to be said, are one place.
func (c *computation) places(wanted func(*block) bool) []Place {
	var all []Place
	for i := range c.files {
		var group []*block
		for _, b := range c.files[i].blocks {
			switch {
			case b.Block[4] == 0:
				continue
			case !wanted(b):
				all, group = c.place(all, group), nil
				continue
			case len(group) > 0 && !group[0].alike(b):
				all, group = c.place(all, group), nil
			}
			group = append(group, b)
		}
		all = c.place(all, group)
	}
	return all
}

// alike tells whether two blocks can be parts of one place.
func (b *block) alike(other *block) bool {
	return b.function == other.function && b.accepted.number == other.accepted.number && slices.Equal(b.by, other.by)
}

// place adds the place of a group of blocks, if there are any.
func (c *computation) place(all []Place, group []*block) []Place {
	if len(group) == 0 {
		return all
	}
	b := group[0]
	p := Place{File: b.file.Name, Function: c.coverage.Functions[b.function].Name, Requirements: c.ids(b.by), Reason: b.accepted.reason}
	var lines []int
	for _, b := range group {
		p.Statements += b.Block[4]
		lines = append(lines, b.lines...)
	}
	if len(lines) == 0 {
		lines = []int{b.Block[0]}
	}
	first, last := slices.Min(lines), slices.Max(lines)
	p.Lines = strconv.Itoa(first)
	if last > first {
		p.Lines += "-" + strconv.Itoa(last)
	}
	return append(all, p)
}

// executed tells what each requirement executed; one that executed nothing is
// not in it.
func (c *computation) executed() map[string]*Executed {
	code := make(map[*file][]int, len(c.files)) // the lines with code
	for i := range c.files {
		f := &c.files[i]
		code[f] = linesOf(f.blocks)
	}
	all := make(map[string]*Executed, len(c.requirements))
	for i, r := range c.requirements {
		e := &Executed{Statements: c.statements(c.sets[i])}
		if e.Statements == 0 {
			continue
		}
		all[r.ID] = e
		for k := range c.files {
			f := &c.files[k]
			var blocks []*block
			var functions []string
			for _, b := range f.blocks {
				if !c.sets[i].has(b.number) || b.Block[4] == 0 {
					continue
				}
				blocks = append(blocks, b)
				if name := c.coverage.Functions[b.function].Name; !slices.Contains(functions, name) {
					functions = append(functions, name)
				}
			}
			if len(blocks) > 0 {
				e.Files = append(e.Files, Part{File: f.Name, Lines: lineRanges(linesOf(blocks), code[f]), Functions: functions})
			}
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

// lineRanges writes lines as ranges. Lines without code do not part a range: code
// is all lines that have some.
func lineRanges(lines, code []int) string {
	var b strings.Builder
	at := 0
	for i := 0; i < len(lines); {
		for code[at] != lines[i] {
			at++
		}
		first := lines[i]
		for i+1 < len(lines) && code[at+1] == lines[i+1] {
			i, at = i+1, at+1
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(first))
		if lines[i] > first {
			b.WriteString("-" + strconv.Itoa(lines[i]))
		}
		i++
	}
	return b.String()
}
