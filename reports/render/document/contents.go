package document

// Entry is a line of the contents.
type Entry struct {
	Title string
	Depth int
}

// fewEnough is how many lines of contents anyone reads. A document with more
// sections lists its chapters alone; the outline has them all.
const fewEnough = 400

// Contents lists the chapters of a document, and the sections in them that
// are places of their own, such as protocols.
func Contents(doc Document) []Entry {
	var chapters, all []Entry
	for b := range doc.Chapters() {
		s, ok := b.(Section)
		if !ok {
			continue
		}
		chapters = append(chapters, Entry{Title: s.Title, Depth: 1})
		all = append(all, chapters[len(chapters)-1])
		for inner := range s.Body {
			if s, ok := inner.(Section); ok && s.Anchor != "" && !s.Minor {
				all = append(all, Entry{Title: s.Title, Depth: 2})
			}
		}
	}
	if len(all) > fewEnough {
		return chapters
	}
	return all
}
