package ver

import (
	"slices"

	"github.com/socket-oneline/oneline/ver/play"
)

var randomSequences = play.Protocol{
	ID: "TP-025", Title: "random sequences",
	Objective:     "Whatever commands come in whatever segments, and however their clients leave, the server does as a model of the protocol does.",
	Preconditions: append(slices.Clone(onTheWire), "A command is used only if it is answered as it should be where it is sent alone."),
	Deviations:    []string{"A sequence that fails is made as short as it can be while it fails. The requirement that what remains is about has failed."},
	Specs: []play.Spec{
		// SRS-022, SRS-023: commands in segments. SRS-005, SRS-036, SRS-041:
		// disconnect. SRS-016, SRS-032, SRS-033, SRS-034, SRS-035: one client after
		// another has left.
		{
			Title:     "answers random sequences of commands and clients as the protocol says",
			IDs:       play.SequenceIDs,
			Phase:     play.Anything,
			Responses: 100,
			Play:      play.Func(play.RandomSequences),
		},
	},
}
