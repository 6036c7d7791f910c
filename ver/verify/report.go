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
	"github.com/socket-oneline/oneline/reports/layout"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/render/text"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Output says which reports are written.
type Output struct {
	Dir     string // empty: none
	Formats []string
	Layout  layout.Layout
}

// Report writes the reports of a model, and prints what a run ends with.
func Report(model *reports.Model, out Output, term Terminal) error {
	if out.Dir != "" {
		at, err := stamp(model)
		if err != nil {
			return err
		}
		if err := render.WriteAll(out.Dir, model, out.Formats, render.Options{Time: at, Layout: out.Layout}); err != nil {
			return fmt.Errorf("the reports cannot be written: %w", err)
		}
	}
	if err := text.Terminal(term.Out, model, text.TerminalOptions{Width: term.Width, Color: term.Color}); err != nil {
		return err
	}
	if out.Dir != "" {
		fmt.Fprintf(term.Out, "reports in %s\n", out.Dir)
	}
	return nil
}

// ReportComparison is [Report] for several targets.
func ReportComparison(c *reports.Comparison, out Output, term Terminal) error {
	if out.Dir != "" {
		for i := range c.Targets { // all before anything is written
			if _, err := stamp(c.Targets[i].Model); err != nil {
				return err
			}
		}
		err := render.WriteComparison(out.Dir, c, out.Formats, func(m *reports.Model) render.Options {
			at, _ := stamp(m)
			return render.Options{Time: at, Layout: out.Layout}
		})
		if err != nil {
			return fmt.Errorf("the reports cannot be written: %w", err)
		}
	}
	if err := text.TerminalComparison(term.Out, c, text.TerminalOptions{Width: term.Width, Color: term.Color}); err != nil {
		return err
	}
	if out.Dir != "" {
		fmt.Fprintf(term.Out, "reports in %s\n", out.Dir)
	}
	return nil
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
	if reasons, ok := errors.AsType[Refusal](err); ok {
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
