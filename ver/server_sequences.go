package ver

import (
	"slices"
)

var randomSequences = protocol{
	id: "TP-025", title: "random sequences",
	objective:     "Whatever commands come in whatever segments, and however their clients leave, the server does as a model of the protocol does.",
	preconditions: append(slices.Clone(onTheWire), "A command is used only if it is answered as it should be where it is sent alone."),
	deviations:    []string{"A sequence that fails is made as short as it can be while it fails. The requirement that what remains is about has failed."},
	specs: []spec{
		// SRS-022, SRS-023: commands in segments. SRS-005, SRS-036, SRS-041:
		// disconnect. SRS-016, SRS-032, SRS-033, SRS-034, SRS-035: one client after
		// another has left.
		{title: "does as the model does", ids: sequenceIDs, danger: anything, responses: 100, play: act(likeTheModel)},
	},
}
