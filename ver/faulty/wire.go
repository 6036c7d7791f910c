package faulty

import (
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// onWire is a target of a server that shows what it does on the wire, and
// whether it stops. It has the sample application, and a quick temper: a run
// against a server that answers nothing must not take long.
func onWire(name string, serve target.ServeFunc) *target.Target {
	limits := target.DefaultLimits()
	limits.Response, limits.Quiet, limits.Exit = 500*time.Millisecond, 50*time.Millisecond, time.Second
	limits.Stall = limits.Quiet
	limits.Unread, limits.Often = held, 200
	return &target.Target{
		Kind: target.Reference,
		Name: name,
		Needs: map[string]string{
			target.API:    "a server on the wire has no API",
			target.Exit:   "a server on the wire has no process of its own",
			target.Client: "a server is not a client",
		},
		Server:  target.InProcess(serve, limits),
		Profile: target.Sample(),
		Limits:  limits,
	}
}

// held is more than a connection of the skeleton holds of what is not read.
const held = 1 << 20

// wireFault is a fault of the skeleton: its name, one line of text, the
// requirements that it breaks, and the mistake.
type wireFault struct {
	name, text string
	breaks     []string
	mistake    func(*skeleton)
}

// wireFaults gives the servers with one mistake that shows on the wire.
func wireFaults() []Member {
	var members []Member
	for _, family := range wireFamilies() {
		for _, f := range family {
			members = append(members, Member{
				Name: f.name, Kind: Fault, Text: f.text, Breaks: f.breaks,
				Target: func() *target.Target { return onWire(f.name, serve(f.mistake)) },
			})
		}
	}
	return members
}

func wireFamilies() [][]wireFault {
	return [][]wireFault{
		framingFaults(), segmentFaults(), matchingFaults(), validityFaults(), maximumFaults(), replyFaults(),
		leavingFaults(), disconnectFaults(), shutdownFaults(), clientFaultsOnWire(), waitingFaults(), sequenceFaults(),
		earlyFaults(), togetherFaults(), unicodeFaults(), volumeFaults(),
	}
}

// srs writes ids of requirements by their numbers.
func srs(numbers ...string) []string {
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = "SRS-" + n
	}
	return ids
}
