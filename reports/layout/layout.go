// Package layout says what the pages of an organization's documents look like.
package layout

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Documents lists the names of the documents, in the order in which a reader
// wants them.
var Documents = []string{"summary", "report", "trace", "protocol"}

// Layout is what an organization wants of the pages of its documents. The zero
// value is A4 across, with the title and the target at the head of each page,
// without document numbers and approvers.
type Layout struct {
	Paper     string              // A4 or letter; empty: A4
	Portrait  bool                // upright; false: across, which suits wide tables
	Header    string              // at the head of every page, such as the name of the organization; empty: the target
	Footer    string              // at the foot of every page, beside its number; empty: the run
	Documents map[string]Identity // by the names of the documents
	Approvers []Approver          // who signs; none: no signature block
}

// Identity is how an organization files a document. Empty fields are not shown.
type Identity struct{ Number, Revision string }

// Approver signs every document.
type Approver struct{ Name, Role string }

// papers are the sizes of paper, upright, in millimeters.
var papers = map[string]struct{ width, height float64 }{
	"A4": {210, 297}, "letter": {215.9, 279.4},
}

// Check returns an error for a size of paper or a document that is not known.
func (l Layout) Check() error {
	if _, known := papers[l.paper()]; !known {
		return fmt.Errorf("paper %q is not known; give A4 or letter", l.Paper)
	}
	for name := range l.Documents {
		if !slices.Contains(Documents, name) {
			return fmt.Errorf("document %q is not known; there are %s", name, strings.Join(Documents, ", "))
		}
	}
	return nil
}

func (l Layout) paper() string { return cmp.Or(l.Paper, "A4") }

// Size is the page in millimeters, as it is looked at.
func (l Layout) Size() (width, height float64) {
	p := papers[l.paper()]
	if l.Portrait {
		return p.width, p.height
	}
	return p.height, p.width
}

// String is how a document is referred to; empty if it has no number and no
// revision.
func (id Identity) String() string {
	switch {
	case id.Revision == "":
		return id.Number
	case id.Number == "":
		return "revision " + id.Revision
	}
	return id.Number + ", revision " + id.Revision
}
