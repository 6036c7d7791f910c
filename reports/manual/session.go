package manual

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/record"
)

// Session leads a tester through manual protocols.
type Session struct {
	File   *File
	Path   string       // of the results file; what is in it already is gone on with
	Run    evidence.Run // what is known of the run; its file, times and testers are filled in
	Tester evidence.Tester
	Again  string // the spec to begin anew, such as MP-001.2; may be empty

	In  *bufio.Reader
	Out io.Writer
	Now func() time.Time

	suite   record.Suite
	seen    []byte     // the results file as it was read or written last; nil: there was none
	shown   string     // the protocol whose head stands on the screen
	answers []answered // that can be taken back
}

// answered is an answer about a spec.
type answered struct {
	spec   int
	before record.Spec // as it was
	said   string      // the answer in words
}

// errStop ends a session before everything is recorded.
var errStop = errors.New("stopped")

// Lead asks for every step that is not recorded yet, in the order of the file, until
// all are recorded, the tester stops, or the input ends. The results are written after
// every answer. The error says why nothing could be asked or recorded.
func (s *Session) Lead() error {
	err := s.open()
	if err == nil && s.Again != "" {
		err = s.again()
	}
	if err != nil {
		return err
	}
	s.say("\n%s\n", s.state())
	if s.next() >= 0 {
		s.say("%s", help)
	}
	for err == nil {
		if n := s.next(); n >= 0 {
			err = s.step(n)
		} else {
			err = s.end()
		}
	}
	if !errors.Is(err, errStop) {
		return err
	}
	s.say("\n%s\n", s.state())
	return nil
}

// end lets a tester who has answered everything take back the last answer.
func (s *Session) end() error {
	for len(s.answers) > 0 {
		line, err := s.prompt("\nNothing is left to be asked: q ends, b takes back the last answer.\n> ")
		switch {
		case err != nil:
			return err
		case line == "b":
			return s.takeBack()
		case line == "q":
			return errStop
		}
	}
	return errStop
}

// open reads the results of an earlier session, or begins new ones.
func (s *Session) open() error {
	file := evidence.File{Name: s.File.Name, SHA256: s.File.SHA256}
	var old record.Suite
	var err error
	if s.seen, err = os.ReadFile(s.Path); err == nil {
		old, err = record.Decode(s.Path, s.seen)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.suite = record.Suite{Name: "manual protocols", Run: s.Run, Specs: slices.Clone(s.File.Specs)}
		s.suite.Run.Manual, s.suite.Run.Started = &file, s.Now()
	case err != nil:
		return fmt.Errorf("%w: give another file for the results", err)
	case old.Run.Manual == nil || old.Run.Manual.SHA256 != file.SHA256:
		return fmt.Errorf("%s: these results are not of %s as it is now: give another file for the results, or the protocols as they were", s.Path, file.Name)
	default:
		s.suite = old
	}
	for _, t := range s.suite.Run.Testers {
		if t.Initials == s.Tester.Initials && t.Name != s.Tester.Name {
			return fmt.Errorf("the initials %s are those of %s already: choose others", t.Initials, t.Name)
		}
	}
	return nil
}

// again restarts a spec that could not be finished. One that failed cannot be
// restarted.
func (s *Session) again() error {
	for i := range s.suite.Specs {
		spec := &s.suite.Specs[i]
		if s.name(i) != s.Again {
			continue
		}
		switch {
		case !spec.Began:
			return nil
		case failed(spec):
			return fmt.Errorf("%s has failed, and a spec that is tried again counts as its worst: record another try in a file of its own", s.Again)
		}
		fresh := s.File.Specs[i]
		was := cmp.Or(spec.Blocked, "it had passed")
		fresh.Notes = append(slices.Clone(spec.Notes), fmt.Sprintf("begun anew by %s, %s; before: %s", s.Tester.Initials, stamp(s.Now()), was))
		s.suite.Specs[i] = fresh
		return s.save()
	}
	return fmt.Errorf("there is no spec %s in %s", s.Again, s.File.Name)
}

// name returns the name of a spec in reports: its protocol and its number there.
func (s *Session) name(n int) string {
	id, nth := s.suite.Specs[n].Protocol.ID, 0
	for i := 0; i <= n; i++ {
		if s.suite.Specs[i].Protocol.ID == id {
			nth++
		}
	}
	return fmt.Sprintf("%s.%d", id, nth)
}

// next returns the number of the first spec that is not finished, -1 if all are.
func (s *Session) next() int {
	return slices.IndexFunc(s.suite.Specs, func(spec record.Spec) bool { return !over(&spec) })
}

// over reports whether all steps of a spec have been asked for.
func over(s *record.Spec) bool { return s.Completed || s.Blocked != "" }

func failed(s *record.Spec) bool {
	return slices.ContainsFunc(s.Verifications, func(v evidence.Verification) bool { return !v.Passed })
}

// Counts counts specs: those that passed, failed, could not be finished, and are still
// open.
type Counts struct{ Passed, Failed, Blocked, Open int }

// Counts counts the specs of the session.
func (s *Session) Counts() Counts {
	var c Counts
	for i := range s.suite.Specs {
		switch spec := &s.suite.Specs[i]; {
		case failed(spec):
			c.Failed++
		case !over(spec):
			c.Open++
		case spec.Completed:
			c.Passed++
		default:
			c.Blocked++
		}
	}
	return c
}

// state describes the progress of the session.
func (s *Session) state() string {
	c, specs := s.Counts(), "1 spec"
	if n := len(s.suite.Specs); n != 1 {
		specs = fmt.Sprintf("%d specs", n)
	}
	return fmt.Sprintf("%s: %s: %d passed, %d failed, %d cannot be done, %d open.\nThe results are in %s.",
		show(s.File.Name), specs, c.Passed, c.Failed, c.Blocked, c.Open, show(s.Path))
}

// save writes the results, unless somebody else has changed the file meanwhile.
func (s *Session) save() error {
	if now, _ := os.ReadFile(s.Path); !bytes.Equal(now, s.seen) {
		return fmt.Errorf("%s: somebody else has written these results since, and your last answer is not in them: give the same command again", s.Path)
	}
	s.suite.Run.Ended = s.Now()
	data := record.Encode(s.suite)
	if err := folder.Replace(s.Path, folder.Bytes("", data).Write); err != nil {
		return fmt.Errorf("the results cannot be written: %w", err)
	}
	s.seen = data
	return nil
}

// stamp formats a time for notes.
func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05 UTC-07:00") }
