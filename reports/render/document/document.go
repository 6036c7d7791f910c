// Package document is the model of a document, which every format writes: what
// is said, apart from how it looks.
//
// A document carries its texts as they are, though much of them was said by the
// target. Every writer puts each text through [Show], which makes it harmless.
package document

import "iter"

// Document is what is said, apart from how a format says it.
type Document struct {
	Title   string
	Subject string // what it is about: the target
	Lead    Body   // comes first; in formats that have pages, on one of its own
	Run     Pairs  // the run that it is about; stands after Lead
	Body    Body

	// What stands on every page, in the formats that have pages.
	Header string // at its head
	Number string // at its head, on the other side; empty: none
	Footer string // at its foot, beside the number of the page
}

// Chapters are the run, if there is something to say of it, and Body.
func (doc Document) Chapters() Body {
	if len(doc.Run) == 0 {
		return doc.Body
	}
	return Concat(Blocks(Section{Title: "Run", Body: Blocks(doc.Run)}), doc.Body)
}

// Body yields the blocks of a document or section in order. It can be walked
// more than once, and builds each block only when it is asked for, so that a
// document of 100,000 rows is never in memory as a whole.
type Body iter.Seq[Block]

// Block is one of Section, Paragraph, List, Pairs, Table and Transcript.
type Block interface {
	empty() bool // there is nothing to show
}

// Empty reports whether a block has nothing to show.
func Empty(b Block) bool { return b == nil || b.empty() }

func (Section) empty() bool      { return false }
func (p Paragraph) empty() bool  { return p.Text == "" }
func (l List) empty() bool       { return len(l.Items) == 0 }
func (p Pairs) empty() bool      { return len(p) == 0 }
func (t Table) empty() bool      { return len(t.Rows) == 0 }
func (t Transcript) empty() bool { return len(t) == 0 }

// Section is a heading with what stands under it. Its level is its depth.
type Section struct {
	Title  string
	Anchor string // what a link names; empty: none
	Badge  Cell   // a verdict beside the title; empty text: none
	Fold   bool   // may be shown closed where the format can open it
	Minor  bool   // not worth a line of the contents
	Body   Body
}

// Paragraph is running text.
type Paragraph struct {
	Text string
	Tone Tone
}

// List is a list without order, under a short title.
type List struct {
	Title string
	Items []string
}

// Pair is a name and its value.
type Pair struct {
	Name, Value string
	Fixed       bool   // Value is set in a fixed-width face, every blank kept: a command, or what was expected
	Whole       bool   // a plain text does not break Value, so that it can be copied or searched for: a command, or a hash
	Parts       []Cell // Value in pieces, for a format that can link or mark each of them
}

// Pairs is a block of names and values.
type Pairs []Pair

// Add appends a name and its value, unless that is empty.
func (p *Pairs) Add(name, value string) {
	if value != "" {
		*p = append(*p, Pair{Name: name, Value: value})
	}
}

// AddCommand is [Pairs.Add] for what a user may type.
func (p *Pairs) AddCommand(name, command string) {
	if command != "" {
		*p = append(*p, Pair{Name: name, Value: command, Fixed: true, Whole: true})
	}
}

// Table has a header row and rows of as many cells as columns.
type Table struct {
	Name    string // a short word for style sheets
	Fit     bool   // no wider than its texts, where tables are as wide as the page
	Grid    bool   // a mark a cell, under narrow titles; the first column is the head of its row
	Heads   bool   // the first cell is the head of its row
	Kin     bool   // one of many that follow each other: its columns do not depend on its texts
	Columns []Column
	Rows    [][]Cell
}

// Add appends a row of texts, numbers and cells.
func (t *Table) Add(values ...any) {
	row := make([]Cell, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case Cell:
			row[i] = v
		case int:
			row[i].Text = Thousands(v)
		default:
			row[i].Text = v.(string)
		}
	}
	t.Rows = append(t.Rows, row)
}

// Column says how a column is laid out.
type Column struct {
	Title string
	Link  string // the anchor that the title points to; empty: none
	Label string // what the title means, where it is short
	Width int    // in characters; with Grow 0 the most that it takes, else the least
	Grow  int    // its share of the room that is left
	Right bool   // numbers
	Blank bool   // empty, to be written in by hand
	Fixed bool   // set in a fixed-width face
}

// Cell is one value.
type Cell struct {
	Text   string
	Anchor string // what a link to this place names; empty: none
	Link   string // the anchor that it points to; empty: none
	Href   string // a page beside this one that it points to; empty: none
	Label  string // what a mark means, for those who do not see it
	Tone   Tone
	Parts  []Cell // Text in pieces, for a format that can link or mark each of them
}

// Transcript is what went over the wire, line by line.
type Transcript []Line

// Line is one exchange of a transcript.
type Line struct {
	Mark string // who spoke: ">" the suite, "<" the other side, "*" neither
	Text string
	Hot  bool // it belongs to what failed
}

// Tone is how a text is meant. No format relies on color alone: the text says
// the same.
type Tone string

// The tones.
const (
	Plain Tone = ""
	Good  Tone = "good"
	Bad   Tone = "bad"
	Warn  Tone = "warn"
	Muted Tone = "muted"

	Changed Tone = "changed" // a part of what was expected or found that the other lacks
	Linked  Tone = "linked"  // it leads elsewhere, or was sent
	Heard   Tone = "heard"   // it was received
)

// Ink is the color of a text of a tone on paper, as 0xRRGGBB: dark enough to be read.
var Ink = map[Tone]int{Plain: 0x1d2430, Good: 0x13703c, Bad: 0xb3201f, Warn: 0x8a5300, Muted: 0x5b6575, Linked: 0x0b57b0, Heard: 0x13703c}

// Fill is the color behind a text of a tone that stands in a box.
var Fill = map[Tone]int{Good: 0xeef7f1, Bad: 0xfdf1f0, Warn: 0xfdf6e9}

// Spoken is the tone of a line of a transcript.
func (l Line) Spoken() Tone {
	switch l.Mark {
	case ">":
		return Linked
	case "<":
		return Heard
	}
	return Muted
}

// Blocks makes a Body of the blocks that are not empty.
func Blocks(all ...Block) Body { return Each(all, func(b *Block) Block { return *b }) }

// Each makes a Body of a block for each of many things, without those that are empty.
func Each[T any](all []T, block func(*T) Block) Body {
	return func(yield func(Block) bool) {
		for i := range all {
			if b := block(&all[i]); !Empty(b) && !yield(b) {
				return
			}
		}
	}
}

// Concat makes one Body of several. A nil Body has no blocks.
func Concat(all ...Body) Body {
	return func(yield func(Block) bool) {
		for _, body := range all {
			if body == nil {
				continue
			}
			for b := range body {
				if !yield(b) {
					return
				}
			}
		}
	}
}

// Anchors are the places of a document that links can lead to.
func (doc Document) Anchors() map[string]bool {
	found := map[string]bool{}
	var look func(Body)
	look = func(body Body) {
		for b := range body {
			switch b := b.(type) {
			case Section:
				found[b.Anchor] = true
				look(b.Body)
			case Table:
				for _, r := range b.Rows {
					for _, c := range r {
						found[c.Anchor] = true
					}
				}
			}
		}
	}
	look(doc.Body)
	delete(found, "")
	return found
}

// Text is a cell without a tone or a link.
func Text(text string) Cell { return Cell{Text: text} }
