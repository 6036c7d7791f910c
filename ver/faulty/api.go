package faulty

import (
	"context"
	"slices"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// apiMember is a server as a program sees it.
type apiMember = entry[func(*program)]

func apiMembers() []Member {
	return members("api-", slices.Concat(
		parameterFaults, commandFaults, markFaults, sessionFaults, orderFaults, bytesFaults, lineFeedFaults, lateFaults,
		failureFaults, idleFaults, stopFaults, apiVariants,
	), func(m apiMember) *target.Target { // the client beside it conforms: SRS-002 is of that kind too
		k := newProgram()
		m.change(k)
		return shows(&target.Target{API: k, Client: clients{}}, target.API)
	})
}

// shows completes a target that can show some kinds only.
func shows(t *target.Target, kinds ...string) *target.Target {
	t.Kind, t.Needs = target.Reference, map[string]string{}
	for _, kind := range []string{target.Wire, target.API, target.Stop, target.Exit, target.Client} {
		if !slices.Contains(kinds, kind) {
			t.Needs[kind] = "is not what this member is about"
		}
	}
	t.Limits = target.DefaultLimits()
	t.Limits.Response, t.Limits.Quiet, t.Limits.Exit = 500*time.Millisecond, 50*time.Millisecond, time.Second
	t.Limits.Stall = 2 * t.Limits.Quiet
	return t
}

// Changes that replace one function of the program.

func checking(check func(target.Params) error) func(*program) {
	return func(k *program) { k.check = check }
}

// parameters changes the parameters before the program serves.
func parameters(alter func(*target.Params)) func(*program) {
	return func(k *program) { k.alter = alter }
}

func guarding(guard func(respond, end func(string) error) *responder) func(*program) {
	return func(k *program) { k.guard = guard }
}

func failing(failed func(s *session, err error) error) func(*program) {
	return func(k *program) { k.failed = failed }
}

func atDisconnect(goodbye func(s *session)) func(*program) {
	return func(k *program) { k.goodbye = goodbye }
}

func atLeft(left func(s *session, part []byte) error) func(*program) {
	return func(k *program) { k.left = left }
}

// handing changes what the callback is handed.
func handing(change func(*target.Command)) func(*program) {
	return calling(func(c target.Command, call func(target.Command) error) error {
		change(&c)
		return call(c)
	})
}

// calling changes how often the callback is called, and with what.
func calling(calls func(c target.Command, call func(target.Command) error) error) func(*program) {
	return instead(func(ctx context.Context, c target.Command, respond func(string) error, callback target.Callback) error {
		return calls(c, func(c target.Command) error { return callback(ctx, c, respond) })
	})
}

// instead calls a function instead of the callback, which it is handed.
func instead(do func(ctx context.Context, c target.Command, respond func(string) error, callback target.Callback) error) func(*program) {
	return parameters(func(p *target.Params) {
		callback := p.Callback
		p.Callback = func(ctx context.Context, c target.Command, respond func(string) error) error {
			return do(ctx, c, respond, callback)
		}
	})
}
