// Package structure computes structural coverage by requirement: the code that
// the specs of each requirement execute, the code that no passing requirement
// reaches, and the requirements that passed without executing any code.
//
// Unreached code can be accepted, function by function, with a reason. Accepted
// statements are counted apart. An acceptance that no longer fits the code is
// listed as stale.
package structure

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/results"
)

// Coverage is what the reports say of the code. It is part of coverage.json,
// except Files.
type Coverage struct {
	Collected bool   `json:"collected"`
	Reason    string `json:"reason,omitempty"` // why it was not

	Total     Counts     `json:"total"`
	Packages  []Package  `json:"packages,omitempty"`  // sorted by path
	Functions []Function `json:"functions,omitempty"` // in the order of their files and places

	Unreached []Place `json:"unreached,omitempty"` // what no requirement that passed reaches, and nobody has accepted
	Accepted  []Place `json:"accepted,omitempty"`  // what is not reached, and accepted

	Stale     []string `json:"stale,omitempty"`     // acceptances that no longer fit the code
	Idle      []string `json:"idle,omitempty"`      // requirements that passed without executing any of it
	Unsettled []string `json:"unsettled,omitempty"` // specs that left code running, some of which may be booked to later ones

	Files []File `json:"-"` // the sources, line by line
}

// Counts count statements. Reached, Accepted and Unreached are Statements
// together.
type Counts struct {
	Statements int `json:"statements"`
	Reached    int `json:"reached"` // by a requirement that passed
	Accepted   int `json:"accepted"`
	Unreached  int `json:"unreached"`
}

// Package counts the statements of one package.
type Package struct {
	Path string `json:"path"`
	Counts
}

// Function is a function with the requirements that execute some of it.
type Function struct {
	Name string `json:"name"`
	File string `json:"file"`
	Line int    `json:"line"`
	Counts
	Requirements []string `json:"requirements"` // whether they passed or not; in the order of the report
}

// Place is a run of statements of the same kind.
type Place struct {
	File         string   `json:"file"`
	Lines        string   `json:"lines"` // such as 12 or 12-15
	Function     string   `json:"function"`
	Statements   int      `json:"statements"`
	Requirements []string `json:"requirements,omitempty"` // that execute it; where it counts as unreached, none of them passed
	Shared       []string `json:"shared,omitempty"`       // whose specs ran, among others, when it was executed
	Reason       string   `json:"reason,omitempty"`       // why it is accepted
}

// Executed is what the specs of one requirement executed.
type Executed struct {
	Statements int    `json:"statements"`
	Files      []Part `json:"files"`
}

// Part is what was executed of one file.
type Part struct {
	File      string   `json:"file"`
	Lines     string   `json:"lines"` // such as 12-15,20
	Functions []string `json:"functions"`
}

// Requirement is a requirement with its verdict.
type Requirement struct {
	ID     string
	Passed bool
}

// Compute returns the coverage of code, and what each requirement executed. Code is
// nil if none was watched. Requirements are listed in the order given. Accepted says
// which code may stay unreached, by the name of its function, such as
// server.Server.Serve.
func Compute(code *evidence.Structure, requirements []Requirement, specs []*results.Spec, accepted map[string]justification.Unreached) (Coverage, map[string]*Executed) {
	switch {
	case code == nil:
		return Coverage{Reason: "the suite did not collect it"}, nil
	case code.Missing != "":
		return Coverage{Reason: code.Missing}, nil
	}
	c := newComputation(code, requirements)
	if err := c.book(specs); err != nil {
		return Coverage{Reason: err.Error()}, nil
	}
	c.coverage.Collected = true
	c.accept(accepted)
	c.count()
	c.coverage.Unreached = c.places(func(b *block) bool { return !b.reached && b.accepted == "" })
	c.coverage.Accepted = c.places(func(b *block) bool { return !b.reached && b.accepted != "" })
	for _, f := range c.files {
		c.coverage.Files = append(c.coverage.Files, c.view(f))
	}
	return c.coverage, c.executed()
}

// block is a block with what is known of it.
type block struct {
	evidence.Block
	function int    // in coverage.Functions
	lines    []int  // those on which it has code
	accepted string // the reason; empty if it is not accepted
	by       set    // the requirements that execute it
	reached  bool   // one of them passed
	shared   set    // the requirements whose specs ran, among others, when it was executed
}

// file is a file with its blocks.
type file struct {
	*evidence.SourceFile
	blocks []*block // in the order of their places
	texts  []string // its lines
}

type computation struct {
	requirements []Requirement
	blocks       []*block // of all files, by their numbers
	files        []*file  // without those that were not built
	coverage     Coverage
}

func newComputation(code *evidence.Structure, requirements []Requirement) *computation {
	c := &computation{requirements: requirements}
	for i := range code.Files {
		f := &file{SourceFile: &code.Files[i]}
		var functions []Function
		for _, from := range f.Functions {
			function := Function{Name: from.Name, File: f.Name, Requirements: []string{}}
			for k, place := range from.Blocks {
				f.blocks = append(f.blocks, &block{Block: place, function: len(c.coverage.Functions) + len(functions)})
				if k == 0 || place[0] < function.Line {
					function.Line = place[0]
				}
			}
			functions = append(functions, function)
		}
		c.blocks = append(c.blocks, f.blocks...)
		if f.NotBuilt { // only the numbers of its blocks count
			continue
		}
		c.coverage.Functions = append(c.coverage.Functions, functions...)
		c.files = append(c.files, f)
		slices.SortFunc(f.blocks, func(a, b *block) int { return slices.Compare(a.Block[:2], b.Block[:2]) })
		f.read()
	}
	return c
}

// book notes which requirements execute which blocks.
func (c *computation) book(specs []*results.Spec) error {
	if len(c.blocks) == 0 {
		return errors.New("no statement is counted: name packages in -cover")
	}
	index := make(map[string]int, len(c.requirements))
	for i, r := range c.requirements {
		index[r.ID] = i
	}
	for _, s := range specs {
		var of []int // requirements
		passed := false
		for _, id := range s.Requirements {
			if i, known := index[id]; known {
				of = append(of, i)
				passed = passed || c.requirements[i].Passed
			}
		}
		execute := func(k int) {
			b := c.blocks[k]
			b.by.add(of...)
			b.reached = b.reached || passed
		}
		for _, e := range s.Attempted {
			err := cmp.Or(
				evidence.ParseNumbers(e.Executed, len(c.blocks), execute),
				evidence.ParseNumbers(e.Shared, len(c.blocks), func(k int) { c.blocks[k].shared.add(of...) }),
			)
			if err != nil {
				return fmt.Errorf("the evidence of %s is broken (%w): repeat the run", s.Location, err)
			}
			for _, function := range e.Unsettled {
				c.coverage.Unsettled = append(c.coverage.Unsettled, s.Location+": "+function+" still ran")
			}
		}
	}
	return nil
}

// set is a set of requirements, by their place in the list.
type set struct{ bits big.Int }

func (s *set) add(members ...int) {
	for _, i := range members {
		s.bits.SetBit(&s.bits, i, 1)
	}
}

func (s *set) has(i int) bool { return s.bits.Bit(i) == 1 }

func (s *set) empty() bool { return s.bits.Sign() == 0 }

func (s *set) union(other *set) { s.bits.Or(&s.bits, &other.bits) }

func (s *set) equal(other *set) bool { return s.bits.Cmp(&other.bits) == 0 }

// ids names the requirements of a set.
func (c *computation) ids(of *set) []string {
	ids := []string{}
	for i, r := range c.requirements {
		if of.has(i) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
