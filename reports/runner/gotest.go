package runner

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// goTest says what of a command concerns the events of go test -json.
type goTest struct {
	args    []string // the command with -json
	asked   bool     // the user wants the events: they are printed as they are
	verbose bool     // the output of passed tests is printed too
}

// asGoTest recognizes go [-C DIR] test. What follows -args belongs to the tests.
func asGoTest(args []string) (g goTest, ok bool) {
	if strings.TrimSuffix(filepath.Base(args[0]), ".exe") != "go" {
		return g, false
	}
	at := 1
	for at < len(args) && strings.HasPrefix(args[at], "-C") {
		if at++; args[at-1] == "-C" {
			at++
		}
	}
	if at >= len(args) || args[at] != "test" {
		return g, false
	}
	for _, arg := range args[at+1:] {
		if arg == "-args" || arg == "--args" {
			break
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		if !strings.HasPrefix(arg, "-") || value == "false" {
			continue
		}
		switch strings.TrimPrefix(name, "test.") {
		case "json":
			g.asked = true
		case "v", "bench", "fuzz":
			g.verbose = true
		case "c": // only builds
			return g, false
		}
	}
	g.args = slices.Clone(args)
	if !g.asked {
		g.args = slices.Insert(g.args, at+1, "-json")
	}
	return g, true
}

// event is an event of go test -json.
type event struct {
	Action, Package, Test, Output string
}

// printer prints the events of go test -json as go test prints without it: of what
// passed a line for each package, of what failed all that it said. It is a Writer that
// takes the stream in any pieces.
type printer struct {
	out      io.Writer
	verbose  bool
	rest     []byte // an incomplete line
	packages map[string]*packageOutput
	waiting  []string // verbose: the packages that have said something, in their order; the first is printed as it goes
}

// packageOutput is what a package has said and what is not printed yet.
type packageOutput struct {
	said   []event
	passed map[string]bool // tests that need not be shown
	ended  bool
}

func newPrinter(out io.Writer, verbose bool) *printer {
	return &printer{out: out, verbose: verbose, packages: make(map[string]*packageOutput)}
}

func (p *printer) Write(data []byte) (int, error) {
	n := len(data)
	for {
		line, rest, complete := bytes.Cut(data, []byte("\n"))
		if !complete {
			p.rest = append(p.rest, data...)
			return n, nil
		}
		data = rest
		if len(p.rest) > 0 {
			line, p.rest = append(p.rest, line...), nil
		}
		if err := p.line(line); err != nil {
			return n, err
		}
	}
}

// line takes a line of the stream. What is no event was printed by something else, and
// is passed on.
func (p *printer) line(line []byte) error {
	var e event
	if !bytes.HasPrefix(line, []byte("{")) || json.Unmarshal(line, &e) != nil || e.Action == "" {
		_, err := p.out.Write(append(line, '\n'))
		return err
	}
	if e.Package == "" { // the output of a build
		_, err := io.WriteString(p.out, e.Output)
		return err
	}
	o := p.packages[e.Package]
	if o == nil {
		o = &packageOutput{passed: make(map[string]bool)}
		p.packages[e.Package] = o
		p.waiting = append(p.waiting, e.Package)
	}
	ends := e.Action == "pass" || e.Action == "fail" || e.Action == "skip"
	switch {
	case e.Action == "output":
		o.said = append(o.said, e)
	case ends && e.Test == "":
		o.ended = true
	case ends:
		o.passed[e.Test] = e.Action != "fail"
	}
	if p.verbose {
		return p.advance()
	}
	if !o.ended {
		return nil
	}
	delete(p.packages, e.Package)
	return o.print(p.out, e.Action == "fail")
}

// advance prints the package whose turn it is as it goes, and those that have ended
// behind it.
func (p *printer) advance() error {
	for len(p.waiting) > 0 {
		o := p.packages[p.waiting[0]]
		if o == nil { // it is printed already
			p.waiting = p.waiting[1:]
			continue
		}
		for _, e := range o.said {
			if _, err := io.WriteString(p.out, e.Output); err != nil {
				return err
			}
		}
		if o.said = nil; !o.ended {
			return nil
		}
		delete(p.packages, p.waiting[0])
		p.waiting = p.waiting[1:]
	}
	return nil
}

// print prints a package that has ended, without -v.
func (o *packageOutput) print(out io.Writer, failed bool) error {
	w := bufio.NewWriter(out)
	for _, e := range o.said {
		switch {
		case e.Test == "" && (failed || isSummary(e.Output)),
			e.Test != "" && failed && !o.passed[e.Test] && !strings.HasPrefix(e.Output, "=== "):
			_, _ = w.WriteString(e.Output)
		}
	}
	return w.Flush()
}

// isSummary recognizes the line with which go test ends a package that passed.
func isSummary(line string) bool {
	return strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "?   \t") || strings.HasPrefix(line, "\t")
}

// Close prints what is left: a stream that was cut ends anywhere.
func (p *printer) Close() error {
	p.verbose = true
	for _, o := range p.packages {
		o.ended = true
	}
	err := p.advance()
	if err == nil && len(p.rest) > 0 {
		_, err = p.out.Write(append(p.rest, '\n'))
	}
	return err
}
