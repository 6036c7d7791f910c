// Package ids finds the requirements that an outcome names. An outcome is a test of which
// only the result is known. It names requirements by a property, by an attribute, or in
// its name.
package ids

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Finder finds requirement ids in the names of tests. The zero value finds none.
type Finder struct{ pattern *regexp.Regexp }

// New returns a finder for a regular expression. An id is what its first group
// matches, or all of the match if it has no group. An empty pattern finds
// nothing.
func New(pattern string) (Finder, error) {
	if pattern == "" {
		return Finder{}, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return Finder{}, fmt.Errorf("the id pattern %q is no regular expression: %w", pattern, err)
	}
	if re.MatchString("") {
		return Finder{}, fmt.Errorf("the id pattern %q matches an empty text: it must match ids only", pattern)
	}
	return Finder{re}, nil
}

// In returns the ids in the names of a test and of what it stands in, each once.
func (f Finder) In(names ...string) []string {
	if f.pattern == nil {
		return nil
	}
	var found []string
	for _, name := range names {
		for _, match := range f.pattern.FindAllStringSubmatch(name, -1) {
			if id := match[min(1, len(match)-1)]; id != "" && !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	return found
}

// Names reports whether a property or an attribute of this name lists
// requirement ids. Upper and lower case do not matter.
func Names(property string) bool {
	switch strings.ToLower(property) {
	case "requirement", "requirements", "req", "verifies":
		return true
	}
	return false
}

// Recorded reports whether a property or an attribute is the mark of a test that uses
// trace/gotest. Such a test is judged by its verifications, not by its outcome.
func Recorded(property, value string) bool { return property == "oneline" && value == "gotest" }

// NotHere is the reason why the outcome of a test that records verifications does not
// count.
const NotHere = "its verifications are not in this file: report on the folder that oneline run leaves"

// Split returns the ids in the value of a property. They are separated by
// commas or blanks.
func Split(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}
