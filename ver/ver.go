// Package ver is the suite: it verifies a server and a client of the one-line
// protocol against the requirements of srs.json, over real sockets.
//
// Specs are data: a table per test protocol, with the text of a requirement above
// the specs that verify it. Package play carries them out. The same suite runs under go
// test and in the command oneline verify; package ver/verify runs it for both.
//
// What is sent to a target stands in the specs as literal bytes, what comes back
// is compared byte for byte, and what must not come is excluded by order, wherever
// the answer to a later command can only come after it, else by silence. An
// absence never counts alone, only beside an answer on the same connection: a
// server that does nothing passes nothing.
package ver

import (
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

// srs writes ids of requirements by their numbers.
func srs(numbers ...string) []string {
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = "SRS-" + n
	}
	return ids
}

// protocols gives all test protocols, in the order of their subjects.
func protocols() []play.Protocol {
	return []play.Protocol{
		basicServer, commonCommands, reconnecting, secondClient, severalCommands, packets, matching,
		responses, invalidPackets, overLongPackets, leaving, randomSequences, shuttingDown, process,
		serverParameters, callback, callbackResponses, failingCallback, silentClient, stopping, stoppingWithin,
		clientParameters, basicClient, clientSending, reconnectingClient, clientReceiving,
	}
}

// onTheWire is what the specs of a server on the wire begin with.
var onTheWire = []string{"The server listens at its address.", "No other client is connected."}

// New gives the suite for a target. What it does at random follows from the seed.
func New(t *target.Target, seed int64) *play.Suite { return play.New(t, seed, protocols()) }

// The clients of a script.
const (
	client = play.First
	second = play.Second
	third  = play.Third
	next   = play.Next
)
