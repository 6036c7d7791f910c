package junit

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/read/ids"
	"github.com/socket-oneline/oneline/reports/results"
)

// testcase reads a <testcase> and puts it into a suite: as a spec if it names a
// requirement, else as one that proves nothing.
func (d *reader) testcase(start xml.StartElement, into *results.Suite, containers []string) error {
	var e element
	if err := d.xml.DecodeElement(&e, &start); err != nil {
		return err
	}
	c := testcase{Spec: results.Spec{
		Title: attribute(e.Attr, "name"), Location: attribute(e.Attr, "file"), Grade: results.Outcome, Seconds: seconds(attribute(e.Attr, "time")),
	}}
	if line := attribute(e.Attr, "line"); line != "" && c.Location != "" {
		c.Location += ":" + line
	}
	c.read(&e)
	c.judge(statusOf(&e))
	d.shown.cases++
	d.shown.bad += len(c.failures)
	d.shown.errors += c.errors
	if len(c.skipped) > 0 || c.State == results.Skipped {
		d.shown.skipped++
	}
	c.readLabels()
	if c.recorded && c.State == results.Passed {
		c.NoEvidence = ids.NotHere
	}
	if node := suiteNode.FindString(c.Title); node != "" && len(containers) == 0 {
		if c.State.Failure() {
			into.Refuse(d.place(d.in.line), "%s of the suite %q failed: %s", node, into.Name, cmp.Or(c.Failure, "no reason given"))
		}
		return nil
	}
	if class := attribute(start.Attr, "classname"); class != "" && class != into.Path && class != c.Title {
		containers = append(slices.Clone(containers), class)
	}
	c.Containers = containers
	c.Identity = results.NewIdentity(into.Path, evidence.Protocol{}, containers, c.Title)
	for _, a := range start.Attr {
		if ids.Names(a.Name.Local) {
			c.Requirements = results.AppendNew(c.Requirements, ids.Split(a.Value)...)
		}
	}
	c.Requirements = results.AppendNew(c.Requirements, d.find.In(append(slices.Clone(containers), c.Title)...)...)
	switch named := len(c.Requirements) > 0; {
	case named && d.cases == maxCases:
		return fmt.Errorf("it holds more than %d tests that name a requirement: split it", maxCases)
	case named:
		d.cases++
	case c.State.Failure() && len(d.unnamed) < maxUnnamed:
		d.unnamed = append(d.unnamed, c.Spec)
		return nil
	}
	into.AddOutcome(c.Spec)
	return nil
}

// testcase is a <testcase>.
type testcase struct {
	results.Spec
	again    string // an id that the same property names twice
	pairs    []string
	failures []outcome
	errors   int // among failures
	skipped  []outcome
	tries    []outcome // earlier or later ones, all of which failed
	reruns   bool
	recorded bool // it uses package trace or trace/gotest
}

// read takes over what stands in an element.
func (c *testcase) read(e *element) {
	for i := range e.Inner {
		e := &e.Inner[i]
		switch name := strings.ToLower(e.XMLName.Local); name {
		case "property":
			c.property(e)
		case "failure", "error":
			c.failures = append(c.failures, e.outcome())
			if name == "error" {
				c.errors++
			}
		case "skipped":
			c.skipped = append(c.skipped, e.outcome())
		case "system-out":
		case "system-err":
			if strings.HasPrefix(c.Title, ginkgoSpec) && retried.MatchString(e.Text) {
				c.tries = append(c.tries, outcome{text: "Ginkgo tried it again"})
			}
		case "rerunfailure", "rerunerror", "flakyfailure", "flakyerror":
			c.tries = append(c.tries, e.outcome())
			c.reruns = c.reruns || strings.HasPrefix(name, "rerun")
		default:
			c.read(e) // properties, or an element that nobody knows
		}
	}
}

// settle closes a suite. A test that failed and names no requirement is another try at a
// test of the same name that does: several tools write the properties only once.
func (d *reader) settle(s *results.Suite) {
	named := make(map[string][]string, len(s.Specs))
	for i := range s.Specs {
		key := s.Specs[i].Identity.Key()
		named[key] = results.AppendNew(named[key], s.Specs[i].Requirements...)
	}
	for _, spec := range d.unnamed {
		spec.Requirements = named[spec.Identity.Key()]
		s.AddOutcome(spec)
	}
	d.unnamed = nil
	results.Number(s.Specs)
	d.suites = append(d.suites, *s)
}

// What Ginkgo writes in the names and the output of its specs.
const ginkgoSpec = "[It] "

var (
	labels    = regexp.MustCompile(`^\[It\] (.*) \[([^\[\]]*)\]$`)
	retried   = regexp.MustCompile(`Attempt #[0-9]+ Failed`)
	suiteNode = regexp.MustCompile(`^\[(\w*Suite|DeferCleanup \(Suite\))\]`)
)

// readLabels takes Ginkgo's labels, which may name requirements, out of the title.
func (c *testcase) readLabels() {
	m := labels.FindStringSubmatch(c.Title)
	if m == nil {
		return
	}
	for _, label := range strings.Split(m[2], ", ") {
		if id, ok := strings.CutPrefix(label, "req:"); ok {
			c.Title = m[1]
			c.Requirements = results.AppendNew(c.Requirements, id)
		}
		c.recorded = c.recorded || strings.HasPrefix(label, "protocol:") // of package trace
	}
}

// property reads a <property>, whose value is an attribute or its text.
func (c *testcase) property(e *element) {
	name, value := attribute(e.Attr, "name"), attribute(e.Attr, "value")
	c.recorded = c.recorded || name == evidence.SpecEntry || ids.Recorded(name, value)
	if !ids.Names(name) {
		return
	}
	value = cmp.Or(value, e.Text)
	pair := name + "=" + value
	if slices.Contains(c.pairs, pair) {
		c.again = strings.TrimSpace(value)
	}
	c.pairs = append(c.pairs, pair)
	c.Requirements = results.AppendNew(c.Requirements, ids.Split(value)...)
}

// outcome is the content of a <failure>, <error>, <skipped> or similar element.
type outcome struct {
	text string // its message, else the first line of its text
	at   string // file:line, as far as its text tells
}

// maxReason is how many bytes are kept of a reason.
const maxReason = 2 << 10

// framing are the lines that go test prints around those of a test.
var framing = regexp.MustCompile(`(?m)^\s*(=== (RUN|NAME|CONT|PAUSE|ATTR)|--- (FAIL|SKIP|PASS):) .*$`)

var placed = regexp.MustCompile(`(?m)^\s*([^\s:"']+\.[A-Za-z0-9]+):([0-9]+)(?::|$)`)

func (e *element) outcome() (told outcome) {
	if found := placed.FindAllStringSubmatch(e.Text, -1); len(found) > 0 {
		last := found[len(found)-1]
		told.at = last[1] + ":" + last[2]
	}
	first, _, _ := strings.Cut(strings.TrimSpace(framing.ReplaceAllString(e.Text, "")), "\n")
	told.text = strings.TrimSpace(framing.ReplaceAllString(attribute(e.Attr, "message"), ""))
	if told.text == "" || told.text == "Failed" { // all that gotestsum says
		told.text = strings.TrimSpace(cmp.Or(first, told.text))
	}
	told.text = cmp.Or(told.text, attribute(e.Attr, "type"))
	if len(told.text) > maxReason {
		told.text = strings.ToValidUTF8(told.text[:maxReason], "") + "..."
	}
	return told
}

// judge sets what became of the case; status is what its attributes say.
func (c *testcase) judge(status results.State) {
	c.Attempts = 1 + len(c.tries)
	for _, row := range []struct {
		holds     bool
		state     results.State
		told      []outcome
		otherwise string // the reason if nothing was told
	}{
		{len(c.failures) > 0, results.Failed, c.failures, ""},
		{c.reruns, results.Failed, c.tries, ""}, // a rerun is reported with a failure; without, the failure was lost
		{status == results.Failed, results.Failed, c.skipped, "its status says so"},
		{len(c.skipped) > 0, results.Skipped, c.skipped, ""},
		{status == results.Skipped, results.Skipped, nil, "its status says so"},
		{len(c.tries) > 0, results.Passed, c.tries, ""},
		{status == results.Unknown, results.Unknown, nil, "its status is of no known kind"},
		{true, results.Passed, nil, ""},
	} {
		if !row.holds {
			continue
		}
		c.State = row.state
		for _, o := range row.told {
			c.Failure, c.FailureAt = cmp.Or(c.Failure, o.text), cmp.Or(c.FailureAt, o.at)
		}
		c.Failure = cmp.Or(c.Failure, row.otherwise)
		break
	}
	if c.State == results.Passed && len(c.tries) == 0 && c.again != "" {
		c.NoEvidence = fmt.Sprintf("it names %s twice, as a test does that was run again: what became of its first try is not in the file", c.again)
	}
}

// statuses are the words for results that tools write into attributes.
var statuses = map[results.State]string{
	results.Passed:  ",run,passed,pass,ok,success,successful,succeeded,completed,complete,executed,",
	results.Failed:  ",failed,fail,failure,error,errored,broken,panicked,timedout,timeout,aborted,interrupted,crashed,",
	results.Skipped: ",notrun,not run,not_run,skipped,skip,disabled,suppressed,ignored,pending,todo,filtered,inconclusive,",
}

// statusOf returns what the attributes of a case say besides its elements, Unknown for a
// word that is not known. GoogleTest marks a disabled test in no other way.
func statusOf(e *element) results.State {
	said := make(map[results.State]bool)
	for _, key := range []string{"status", "result"} {
		word := strings.ToLower(strings.TrimSpace(attribute(e.Attr, key)))
		state := results.Unknown
		for s, words := range statuses {
			if strings.Contains(words, ","+word+",") {
				state = s
			}
		}
		said[state] = said[state] || word != ""
	}
	for _, worst := range []results.State{results.Failed, results.Skipped, results.Unknown} {
		if said[worst] {
			return worst
		}
	}
	return results.Passed
}
