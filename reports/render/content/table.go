package content

import "github.com/socket-oneline/oneline/reports/render/document"

// Columns that many tables have.
var (
	requirementColumn = words("Requirement", 16, 0)
	verdictColumn     = words("Verdict", 14, 0)
)

// words is a column of texts; see [document.Column] for width and share.
func words(title string, width, share int) document.Column {
	return document.Column{Title: title, Width: width, Grow: share}
}

// number is a column of numbers.
func number(title string) document.Column {
	return document.Column{Title: title, Width: max(len(title), 9), Right: true} // up to 9,999,999
}

// toned is a cell that has a tone if that is called for.
func toned(text string, on bool, tone document.Tone) document.Cell {
	if !on {
		tone = document.Plain
	}
	return document.Cell{Text: text, Tone: tone}
}

// linkTo is an id that leads to its place.
func linkTo(id string) document.Cell { return document.Cell{Text: id, Link: id} }

// place is an id that links lead to, and that leads to its place elsewhere.
func place(id string) document.Cell { return document.Cell{Text: id, Anchor: id, Link: id} }

// titled is a section; nil if all of its blocks are empty.
func titled(title string, blocks ...document.Block) document.Block {
	for range document.Blocks(blocks...) {
		return document.Section{Title: title, Body: document.Blocks(blocks...)}
	}
	return nil
}

// muted is a remark.
func muted(text string) document.Paragraph {
	return document.Paragraph{Text: text, Tone: document.Muted}
}
