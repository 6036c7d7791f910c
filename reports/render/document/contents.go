package document

import "slices"

// Entry is a line of the contents.
type Entry struct {
	Title string
	Depth int
}

// fewEnough is how many lines of contents anyone reads. A document with more
// sections lists its chapters alone; the outline has them all.
const fewEnough = 400

// Contents are the lines that lead to the chapters of a document, and to the sections
// in them that have anchors, such as protocols.
type Contents struct {
	Entries []Entry
	met     int
}

// Meet returns the entry of a heading, if it has one. All headings must be met in the
// order of the document.
func (c *Contents) Meet(s Section, depth int) (entry int, listed bool) {
	if c.met == len(c.Entries) || c.Entries[c.met] != (Entry{s.Title, depth}) {
		return 0, false
	}
	c.met++
	return c.met - 1, true
}

// ContentsOf lists the contents of a document.
func ContentsOf(doc Document) Contents {
	var all []Entry
	for b := range doc.Chapters() {
		s, ok := b.(Section)
		if !ok {
			continue
		}
		all = append(all, Entry{Title: s.Title, Depth: 1})
		for inner := range s.Body {
			if s, ok := inner.(Section); ok && s.Anchor != "" && !s.Minor {
				all = append(all, Entry{Title: s.Title, Depth: 2})
			}
		}
	}
	if len(all) > fewEnough {
		all = slices.DeleteFunc(all, func(e Entry) bool { return e.Depth > 1 })
	}
	return Contents{Entries: all}
}
