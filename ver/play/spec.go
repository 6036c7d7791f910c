package play

import (
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
	Observe       string // what the target must show, unless a spec says otherwise; empty: target.Wire
	Specs         []Spec
}

// Spec is one case: what is played, for which requirements, and what that takes.
type Spec struct {
	Title     string
	IDs       []string  // the requirements that it verifies
	Observe   string    // what the target must show; empty: what its protocol says
	App       Statement // what the application profile must state
	Needs     Ability   // what the server must be able to do, so that this can be shown
	Phase     Phase
	Responses int // about how many responses it waits for beyond those that are planned
	Play      Play
}

// Play is what a spec does, and where it stands in the table of specs.
type Play struct {
	act   func(*Trial)
	place types.CodeLocation
}

// Func is a play that is a function. Inlined into a table, it would not know its place.
//
//go:noinline
func Func(do func(*Trial)) Play { return Play{do, types.NewCodeLocation(1)} }

// Script is a play that needs nothing but steps.
func Script(steps ...Step) Play {
	return Play{func(t *Trial) { t.Play(steps...) }, types.NewCodeLocation(1)}
}

// FromProfile is a script that is made from the application profile.
func FromProfile(script func(*target.Profile) Step) Play {
	return Play{func(t *Trial) { t.Play(script(t.Profile())) }, types.NewCodeLocation(1)}
}

// Phase orders the specs: those that may kill a bad server come after all that
// cannot, so that one dead server does not hide what could still be learned.
type Phase int

const (
	Foremost Phase = iota - 1 // it finds out what the others rely on
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
	LastButOne   // a shutdown; the server must be started again, because others follow
	Shutdown     // the server is gone
	Exiting      // ... and what it has started may keep its port
)

// decorators are what Ginkgo must know of a spec.
func (sp Spec) decorators() []any {
	decorators := []any{sp.Play.place, trace.Req(sp.IDs...), trace.Observe(sp.Observe)}
	if sp.Phase != harmless {
		decorators = append(decorators, SpecPriority(-int(sp.Phase)))
	}
	return decorators
}

// onServer reports whether the spec talks to the target's server.
func (sp Spec) onServer() bool {
	return slices.Contains([]string{target.Wire, target.Stop}, sp.Observe)
}

// Statement is what an application profile may state; they are joined by |.
type Statement uint

// What profiles state.
const (
	Sample        Statement = 1 << iota // it is that of the sample application
	Commands                            // some commands, with their responses
	TextCommand                         // a command with one response that is a text
	ManyResponses                       // a command with a hundred responses or more
	Otherwise                           // what any other command is answered
	Empty                               // what the empty command is answered
	Invalid                             // what a packet that is not ASCII is answered
	TooLong                             // what a packet past the maximum is answered
	MaxPacket                           // the maximum
	Echo                                // a command that is answered by its own text
	Encoding                            // which bytes are valid, and what others are answered
)

// statements say what is needed where a profile leaves something out.
var statements = []struct {
	statement Statement
	needs     string
	stated    func(*target.Profile) bool
}{
	{Sample, "-app sample", func(p *target.Profile) bool { return p.Name == target.Sample().Name }},
	{Commands, `"commands"`, func(p *target.Profile) bool { return len(p.Commands) > 0 }},
	{TextCommand, "a command with one response that is a text", func(p *target.Profile) bool {
		return slices.ContainsFunc(p.Commands, func(d target.Dialogue) bool { return len(d.Expect) == 1 && d.Expect[0].IsText() })
	}},
	{ManyResponses, "a command with a hundred responses", func(p *target.Profile) bool {
		return len(p.Commands) > 0 && len(p.Longest().Expect) >= 100
	}},
	{Otherwise, `"otherwise"`, func(p *target.Profile) bool { return p.Otherwise != nil }},
	{Empty, `"empty"`, func(p *target.Profile) bool { return p.Empty != nil }},
	{Invalid, `"invalid"`, func(p *target.Profile) bool { return p.Invalid != nil }},
	{TooLong, `"too_long"`, func(p *target.Profile) bool { return p.TooLong != nil && p.MaxPacket > 0 }},
	{MaxPacket, `"max_packet"`, func(p *target.Profile) bool { return p.MaxPacket > 0 }},
	{Echo, `"echo"`, func(p *target.Profile) bool { return p.Echo != "" }},
	{Encoding, `"encoding"`, func(p *target.Profile) bool { return p.Encoding != "" && p.Invalid != nil }},
}

// missing says what is needed where a profile does not state all of this.
func (all Statement) missing(p *target.Profile) string {
	for _, one := range statements {
		switch {
		case all&one.statement == 0 || p != nil && one.stated(p):
		case one.statement == Sample:
			return "needs " + one.needs
		case p == nil:
			return "needs -app"
		default:
			return "needs " + one.needs + " in the application profile"
		}
	}
	return ""
}

// StatedBy reports whether a profile states all of this.
func (all Statement) StatedBy(p *target.Profile) bool { return all.missing(p) == "" }
