// Package junit reads JUnit XML as pytest, Maven Surefire, Gradle, gotestsum,
// jest-junit, CTest, cargo-nextest, GoogleTest and Ginkgo write it. There is no
// standard for the format, so every rule depends on the content of a file and never on
// the tool that wrote it.
//
// A case names the requirements that it verifies by a property or an attribute (see
// package ids), or in its name. Its result is an outcome.
package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// Looks reports whether the beginning of a file looks like XML.
func Looks(head []byte) bool {
	text := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(text, "<") || strings.HasPrefix(text, "\xff\xfe<") || strings.HasPrefix(text, "\xfe\xff\x00<")
}

// Read reads JUnit XML from r to its end. Its memory does not grow with the output of
// tests, nor with cases that name no requirement. name is the file's, for messages; the
// error is one line that begins with it.
func Read(name string, r io.Reader, find ids.Finder) (*results.Results, error) {
	in := newLimiter(r)
	d := reader{name: name, in: in, xml: xml.NewDecoder(in), find: find}
	if err := d.file(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, in.line, readable(err))
	}
	return &results.Results{Name: name, Format: "junit", Suites: d.suites}, nil
}

func readable(err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		if syntax.Msg == "unexpected EOF" {
			err = io.ErrUnexpectedEOF
		} else {
			return errors.New("this is no well-formed XML: " + syntax.Msg)
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends in the middle of the report: the run was cut short, or the file was; repeat the run")
	}
	return err
}

type reader struct {
	name   string
	in     *limiter
	xml    *xml.Decoder
	find   ids.Finder
	suites []results.Suite
	shown  counts // so far

	unnamed []results.Spec // tests of the present suite that failed and name no requirement
	depth   int
	cases   int // that name a requirement
}

// element is an element with everything in it.
type element struct {
	XMLName xml.Name
	Attr    []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []element  `xml:",any"`
}

// children calls each for every element within the present one. each must read the element
// to its end.
func (d *reader) children(each func(xml.StartElement) error) error {
	if d.depth++; d.depth > maxDepth {
		return fmt.Errorf("its elements stand in each other more than %d deep: this is no report of tests", maxDepth)
	}
	for {
		t, err := d.xml.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			d.depth--
			return nil
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		}
	}
}

// token returns the next token that is not blank.
func (d *reader) token() (xml.Token, error) {
	for {
		t, err := d.xml.Token()
		if text, ok := t.(xml.CharData); !ok || len(bytes.TrimSpace(text)) > 0 {
			return t, err
		}
	}
}

// file reads the whole file.
func (d *reader) file() error {
	t, err := d.token()
	root, begins := t.(xml.StartElement)
	switch {
	case err == io.EOF:
		return errors.New("the file is empty: the run wrote no results, repeat it")
	case err != nil:
		return err
	case !begins:
		return errors.New("this is no JUnit XML")
	case root.Name.Local == "testsuite":
		err = d.suite(root)
	case root.Name.Local == "testsuites":
		err = d.group(root, nil, nil)
	default:
		return fmt.Errorf("this is no JUnit XML, whose root is <testsuites> or <testsuite>: it is <%s>", root.Name.Local)
	}
	if err != nil {
		return err
	}
	if _, err := d.token(); err != io.EOF {
		return errors.New("something follows the end of the report")
	}
	if d.shown.cases == 0 {
		d.suites = append(d.suites, results.Suite{Notes: []string{d.name + " holds no test case: nothing was run"}})
	}
	return nil
}
