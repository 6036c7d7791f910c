package ver

import (
	"reflect"
	"runtime"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// protocol is a test protocol: specs that belong together.
type protocol struct {
	id, title     string
	objective     string
	preconditions []string
	deviations    []string
	specs         []spec
}

// spec is one case: what is played, for which requirements, and what that takes.
type spec struct {
	title     string
	ids       []string  // the requirements that it verifies
	observe   string    // what the target must show; empty: target.Wire
	app       []part    // what the application profile must state
	needs     []ability // what the server must be able to do, so that this can be shown
	danger    danger
	responses int  // about how many responses it waits for beyond those that are planned
	restarts  bool // the server must be started again, though other specs follow
	play      play
}

// play is what a spec does, and where that is written.
type play struct {
	act   func(*trial)
	place types.CodeLocation
}

// act is a play that is a function.
func act(do func(*trial)) play {
	f := runtime.FuncForPC(reflect.ValueOf(do).Pointer())
	file, line := f.FileLine(f.Entry())
	return play{do, types.CodeLocation{FileName: file, LineNumber: line}}
}

// script is a play that needs nothing but steps.
func script(steps ...step) play {
	return play{func(t *trial) { t.play(steps...) }, types.NewCodeLocation(1)}
}

// danger orders the specs: those that may kill a bad server come after all that
// cannot, so that one dead server does not hide what could still be learned.
type danger int

const (
	harmless     danger = iota
	lengthy             // many connections, long runs
	closing             // the client leaves without disconnect
	halfClosing         // ... by its sending side only
	resetting           // ... by a reset
	leavingEarly        // ... with answers on their way
	notASCII            // bytes that are not ASCII
	anything            // all of these at random
	overLong            // packets without end
	nearShutdown        // what a faulty server might take for shutdown
	lastButOne          // a shutdown that others follow
	shutdown            // the server is gone
	exiting             // ... and what it has started may keep its port
)

// decorators tell Ginkgo of a spec what it must know.
func (sp spec) decorators() []any {
	decorators := []any{sp.play.place, trace.Req(sp.ids...), trace.Observe(sp.observes())}
	if sp.danger != harmless {
		decorators = append(decorators, SpecPriority(-int(sp.danger)))
	}
	return decorators
}

func (sp spec) observes() string {
	if sp.observe == "" {
		return target.Wire
	}
	return sp.observe
}

// onServer reports whether the spec talks to the target's server.
func (sp spec) onServer() bool {
	return slices.Contains([]string{target.Wire, target.Stop}, sp.observes())
}

// part is what an application profile may state.
type part int

const (
	sample part = iota
	commands
	otherwise
	empty
	invalid
	tooLong
	maxPacket
	echo
	encoding
	text // a command with one response that is a text
)

var partNames = [...]string{"sample", "commands", "otherwise", "empty", "invalid", "too_long", "max_packet", "echo", "encoding", "commands"}

// missing says what is missing where a profile does not state the part.
func (p part) missing(profile *target.Profile) string {
	switch {
	case p.statedBy(profile):
		return ""
	case p == sample:
		return "needs -app sample"
	case profile == nil:
		return "needs -app"
	}
	if p == text {
		return "needs a command with one response that is a text in the application profile"
	}
	return `needs "` + partNames[p] + `" in the application profile`
}

func (p part) statedBy(profile *target.Profile) bool {
	if profile == nil {
		return false
	}
	return [...]bool{
		sample:    profile.Name == target.Sample().Name,
		commands:  len(profile.Commands) > 0,
		otherwise: profile.Otherwise != nil,
		empty:     profile.Empty != nil,
		invalid:   profile.Invalid != nil,
		tooLong:   profile.TooLong != nil && profile.MaxPacket > 0,
		maxPacket: profile.MaxPacket > 0,
		echo:      profile.Echo != "",
		encoding:  profile.Encoding != "" && profile.Invalid != nil,
		text: slices.ContainsFunc(profile.Commands, func(d target.Dialogue) bool {
			return len(d.Expect) == 1 && d.Expect[0].IsText()
		}),
	}[p]
}
