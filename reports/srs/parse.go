package srs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// parser reads files one after the other into one.
type parser struct {
	file      *File
	documents []*strictjson.Document // of each requirement
	folded    map[string]int         // requirements by their id in lower case
	mistakes  strictjson.Errors
}

func (p *parser) read(source Source) {
	var entries map[string]Requirement
	doc, err := strictjson.Parse(source.Name, []byte(source.Text), schema(), &entries)
	if err != nil {
		p.mistakes = append(p.mistakes, err.(strictjson.Errors)...)
		return
	}
	for id, at := range doc.Members() {
		r := entries[id]
		r.ID, r.File, r.Line, r.Column = id, source.Name, at.Line, at.Column
		lower := strings.ToLower(id)
		if i, again := p.folded[lower]; again {
			p.mistakes = append(p.mistakes, strictjson.Error{File: r.File, Line: r.Line, Column: r.Column, Text: taken(id, p.file.Requirements[i])})
			continue
		}
		n := len(p.file.Requirements)
		p.file.index[id], p.folded[lower] = n, n
		p.file.Requirements = append(p.file.Requirements, r)
		p.documents = append(p.documents, doc)
	}
	p.file.Files = append(p.file.Files, Source{source.Name, doc.SHA256, source.Text})
}

// taken describes an id that another requirement has, if only in another case.
func taken(id string, first Requirement) string {
	place := fmt.Sprintf("%s:%d:%d", first.File, first.Line, first.Column)
	if id == first.ID {
		return fmt.Sprintf("the id %s is taken by %s: give another", id, place)
	}
	return fmt.Sprintf("the id %s differs only in case from %s at %s: give another", id, first.ID, place)
}

// checkParents walks from every requirement up to its ancestors. It reports parents that
// do not exist or are retired, and each cycle once, at the parent that closes it.
func (p *parser) checkParents() {
	const (
		above = 1 // an ancestor of the one that is looked at, or itself
		done  = 2
	)
	state := make([]byte, len(p.file.Requirements))
	var path []string
	var walk func(i int)
	walk = func(i int) {
		r := &p.file.Requirements[i]
		state[i], path = above, append(path, r.ID)
		for k, id := range r.Parents {
			n, known := p.file.index[id]
			switch {
			case r.Retired:
			case !known:
				p.mistake(i, k, fmt.Sprintf("%s has the parent %s, which no requirement in %s has: correct the id, or give its file too", r.ID, id, p.file.Name))
			case p.file.Requirements[n].Retired:
				p.mistake(i, k, fmt.Sprintf("%s has the parent %s, which is retired: give another, or remove it", r.ID, id))
			case state[n] == above:
				p.mistake(i, k, fmt.Sprintf("%s is its own ancestor (%s): remove one of these parents", id, cycle(path, id)))
			case state[n] != done:
				walk(n)
			}
		}
		state[i], path = done, path[:len(path)-1]
	}
	for i := range state {
		if state[i] != done {
			walk(i)
		}
	}
	p.mistakes.Sort()
}

func (p *parser) mistake(requirement, parent int, text string) {
	r := p.file.Requirements[requirement]
	p.mistakes = append(p.mistakes, p.documents[requirement].Mistake(text, r.ID, "parents", strconv.Itoa(parent)))
}

// cycle shows the part of a path that begins with id and leads back to it.
func cycle(path []string, id string) string {
	return strings.Join(append(path[slices.Index(path, id):], id), " > ")
}
