package verify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/reports/formal"
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/render/text"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Output says which reports are written.
type Output struct {
	Folder  *folder.Folder // nil: none are written
	Fresh   bool           // the run in the folder has only just been recorded
	Run     string         // the SHA-256 of the run.json in the folder; empty: these are bare results
	Formats []string
	Layout  layout.Layout
	Verbose bool   // print every requirement
	Hint    string // what to do next time, printed beneath the result; empty: nothing
}

// Report writes the reports of a model, and prints what a run ends with.
func Report(model *reports.Model, out Output, term Terminal) error {
	if out.Folder != nil {
		at, err := stamp(model)
		if err != nil {
			return err
		}
		set, err := render.Set(model, out.Formats, render.Options{Time: at, Layout: out.Layout})
		if err := out.publish(set, err, term); err != nil {
			return err
		}
	}
	if err := text.Terminal(term.Out, model, text.TerminalOptions{Width: term.Width, Color: term.Color, Verbose: out.Verbose}); err != nil {
		return err
	}
	if out.Hint != "" {
		fmt.Fprintln(term.Out, out.Hint)
	}
	out.where(term)
	return nil
}

// ReportComparison is [Report] for several targets.
func ReportComparison(c *reports.Comparison, out Output, term Terminal) error {
	if out.Folder != nil {
		for i := range c.Targets { // all before anything is written
			if _, err := stamp(c.Targets[i].Model); err != nil {
				return err
			}
		}
		set, err := render.ComparisonSet(c, out.Formats, func(m *reports.Model) render.Options {
			at, _ := stamp(m)
			return render.Options{Time: at, Layout: out.Layout}
		})
		if err := out.publish(set, err, term); err != nil {
			return err
		}
	}
	if err := text.TerminalComparison(term.Out, c, text.TerminalOptions{Width: term.Width, Color: term.Color}); err != nil {
		return err
	}
	out.where(term)
	return nil
}

// publish writes the documents into the folder. Whoever relied on those that it held
// is told if they were not as they had been written.
func (out Output) publish(set []folder.Document, err error, term Terminal) error {
	if err == nil {
		doubts := out.Folder.Doubts(out.Fresh)
		if err = out.Folder.Publish(out.Run, set); err == nil {
			for _, d := range doubts {
				term.Warn(d)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("the reports cannot be written: %w", err)
	}
	return nil
}

// where says what a run has left. The hash of run.json is the last line: whoever keeps
// it elsewhere can tell later whether anything was exchanged.
func (out Output) where(term Terminal) {
	if out.Folder == nil {
		return
	}
	fmt.Fprintf(term.Out, "reports in %s\n", out.Folder.Dir())
	if out.Run != "" {
		fmt.Fprintf(term.Out, "%s SHA256 %s\n", folder.ManifestName, out.Run)
	}
}

// stamp is the time that files bear in them: SOURCE_DATE_EPOCH, else when the run
// began.
func stamp(model *reports.Model) (time.Time, error) {
	text, given := os.LookupEnv("SOURCE_DATE_EPOCH")
	if !given {
		return model.Run.Started, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH=%q: give seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// Fail prints why there is no result, and gives the exit code.
func Fail(w io.Writer, err error) int {
	Complain(w, err)
	return reports.ExitNothing
}

// Complain prints an error as one line. All that is wrong with a file is a line
// each, which begins with file, line and column, and so is every reason why a
// formal run is refused.
func Complain(w io.Writer, err error) {
	if reasons, ok := errors.AsType[formal.Refusal](err); ok {
		for _, r := range reasons {
			fmt.Fprintln(w, "oneline: "+oneLine(r))
		}
		return
	}
	if mistakes, ok := errors.AsType[strictjson.Errors](err); ok {
		for _, m := range mistakes {
			fmt.Fprintln(w, oneLine(m.Error()))
		}
		return
	}
	if several, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		for _, err := range several.Unwrap() {
			Complain(w, err)
		}
		return
	}
	fmt.Fprintln(w, "oneline: "+oneLine(err.Error()))
}

// oneLine makes a text fit for a line on a terminal. Much of what errors say was
// read from files, so what is not seen stands as an escape.
func oneLine(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\x%02x`, r)
		}
	}
	return b.String()
}
