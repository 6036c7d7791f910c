package faulty

import (
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// apiFault is one mistake in a server as a program sees it.
type apiFault struct {
	name, text string
	breaks     []string
	change     func(*program)
}

func apiFaults() []Member {
	var members []Member
	for _, family := range [][]apiFault{parameterFaults(), commandFaults(), markFaults(), sessionFaults(), responseFaults(), failureFaults(), idleFaults(), stopFaults()} {
		for _, f := range family {
			members = append(members, Member{
				Name: "api-" + f.name, Kind: Fault, Text: f.text, Breaks: f.breaks,
				Target: func() *target.Target { return inProgram(f.change) },
			})
		}
	}
	return members
}

// inProgram is a target that shows what a program sees of a server. The client
// beside it conforms: SRS-002 is of that kind too.
func inProgram(change func(*program)) *target.Target {
	k := newProgram()
	change(k)
	return shows(&target.Target{API: k, Client: clients{}}, target.API)
}

// shows completes a target that can show some kinds only.
func shows(t *target.Target, kinds ...string) *target.Target {
	t.Kind, t.Needs = target.Reference, map[string]string{}
	for _, kind := range []string{target.Wire, target.API, target.Stop, target.Exit, target.Client} {
		t.Needs[kind] = "is not what this member is about"
	}
	for _, kind := range kinds {
		delete(t.Needs, kind)
	}
	t.Limits = target.DefaultLimits()
	t.Limits.Response, t.Limits.Quiet, t.Limits.Exit = 500*time.Millisecond, 50*time.Millisecond, time.Second
	t.Limits.Stall = 2 * t.Limits.Quiet
	return t
}

// apiVariants are servers that conform, but unlike the reference.
func apiVariants() []Member {
	var members []Member
	for _, v := range []apiFault{
		{name: "byte-by-byte", text: "writes its packets byte by byte", change: byteByByte},
		{name: "fresh-goroutines", text: "calls the callback in a goroutine of its own each time", change: freshGoroutines},
		{name: "check-all-errors", text: "names each missing or invalid parameter by an error of its own", change: joinedErrors},
		{name: "slow", text: "takes 3 ms for every command", change: slowCommands},
		{name: "resets", text: "resets a connection that it drops, once all is sent", change: resetting},
	} {
		members = append(members, Member{
			Name: "api-" + v.name, Kind: Variant, Text: v.text,
			Target: func() *target.Target { return inProgram(v.change) },
		})
	}
	return members
}
