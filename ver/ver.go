package ver

import "github.com/socket-oneline/oneline/ver/target"

// srs writes ids of requirements by their numbers.
func srs(numbers ...string) []string {
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = "SRS-" + n
	}
	return ids
}

// protocols gives all test protocols, in the order of their subjects.
func protocols() []protocol {
	return []protocol{
		basicServer, commonCommands, reconnecting, secondClient, severalCommands, packets, matching,
		responses, invalidPackets, overLongPackets, leaving, randomSequences, shuttingDown, process,
		serverParameters, callback, callbackResponses, failingCallback, silentClient, stopping, stoppingWithin,
		clientParameters, basicClient, clientSending, reconnectingClient, clientReceiving,
	}
}

// onTheWire is what the specs of a server on the wire begin with.
var onTheWire = []string{"The server listens at its address.", "No other client is connected."}

// New gives the suite for a target. What it does at random follows from the seed.
func New(t *target.Target, seed int64) *Suite { return newSuite(t, seed, protocols()) }
