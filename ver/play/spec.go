package play

import (
	"reflect"
	"runtime"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// Protocol is a test protocol: specs that belong together.
type Protocol struct {
	ID, Title     string
	Objective     string
	Preconditions []string
	Deviations    []string
	Specs         []Spec
}

// Spec is one case: what is played, for which requirements, and what that takes.
type Spec struct {
	Title     string
	IDs       []string  // the requirements that it verifies
	Observe   string    // what the target must show; empty: target.Wire
	App       []Part    // what the application profile must state
	Needs     []Ability // what the server must be able to do, so that this can be shown
	Danger    Danger
	Responses int  // about how many responses it waits for beyond those that are planned
	Restarts  bool // the server must be started again, though other specs follow
	Play      Play
}

// Play is what a spec does, and where that is written.
type Play struct {
	act   func(*Trial)
	place types.CodeLocation
}

// Func is a play that is a function.
func Func(do func(*Trial)) Play {
	f := runtime.FuncForPC(reflect.ValueOf(do).Pointer())
	file, line := f.FileLine(f.Entry())
	return Play{do, types.CodeLocation{FileName: file, LineNumber: line}}
}

// Script is a play that needs nothing but steps.
func Script(steps ...Step) Play {
	return Play{func(t *Trial) { t.Play(steps...) }, types.NewCodeLocation(1)}
}

// Danger orders the specs: those that may kill a bad server come after all that
// cannot, so that one dead server does not hide what could still be learned.
type Danger int

const (
	Foremost Danger = iota - 1 // it finds out what the others rely on
	harmless
	Lengthy      // many connections, long runs
	Closing      // the client leaves without disconnect
	HalfClosing  // ... by its sending side only
	Resetting    // ... by a reset
	LeavingEarly // ... with answers on their way
	NotASCII     // bytes that are not ASCII
	Anything     // all of these at random
	OverLong     // packets without end
	NearShutdown // what a faulty server might take for shutdown
	LastButOne   // a shutdown that others follow
	Shutdown     // the server is gone
	Exiting      // ... and what it has started may keep its port
)

// decorators tell Ginkgo of a spec what it must know.
func (sp Spec) decorators() []any {
	decorators := []any{sp.Play.place, trace.Req(sp.IDs...), trace.Observe(sp.observes())}
	if sp.Danger != harmless {
		decorators = append(decorators, SpecPriority(-int(sp.Danger)))
	}
	return decorators
}

func (sp Spec) observes() string {
	if sp.Observe == "" {
		return target.Wire
	}
	return sp.Observe
}

// onServer reports whether the spec talks to the target's server.
func (sp Spec) onServer() bool {
	return slices.Contains([]string{target.Wire, target.Stop}, sp.observes())
}

// Part is what an application profile may state.
type Part int

const (
	Sample Part = iota
	Commands
	Otherwise
	Empty
	Invalid
	TooLong
	MaxPacket
	Echo
	Encoding
	TextCommand // a command with one response that is a text
)

var partNames = [...]string{"sample", "commands", "otherwise", "empty", "invalid", "too_long", "max_packet", "echo", "encoding", "commands"}

// missing says what is missing where a profile does not state the part.
func (p Part) missing(profile *target.Profile) string {
	switch {
	case p.StatedBy(profile):
		return ""
	case p == Sample:
		return "needs -app sample"
	case profile == nil:
		return "needs -app"
	}
	if p == TextCommand {
		return "needs a command with one response that is a text in the application profile"
	}
	return `needs "` + partNames[p] + `" in the application profile`
}

// StatedBy reports whether a profile states the part.
func (p Part) StatedBy(profile *target.Profile) bool {
	if profile == nil {
		return false
	}
	return [...]bool{
		Sample:    profile.Name == target.Sample().Name,
		Commands:  len(profile.Commands) > 0,
		Otherwise: profile.Otherwise != nil,
		Empty:     profile.Empty != nil,
		Invalid:   profile.Invalid != nil,
		TooLong:   profile.TooLong != nil && profile.MaxPacket > 0,
		MaxPacket: profile.MaxPacket > 0,
		Echo:      profile.Echo != "",
		Encoding:  profile.Encoding != "" && profile.Invalid != nil,
		TextCommand: slices.ContainsFunc(profile.Commands, func(d target.Dialogue) bool {
			return len(d.Expect) == 1 && d.Expect[0].IsText()
		}),
	}[p]
}
