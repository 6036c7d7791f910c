package ver

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

// are expects a list.
func are[T comparable](want []T) play.Expected[[]T] {
	return play.Expecting(trace.Text(want), func(got []T) bool { return slices.Equal(got, want) })
}

// isEmpty expects a list without elements.
func isEmpty[T any]() play.Expected[[]T] {
	return play.Expecting("none", func(got []T) bool { return len(got) == 0 })
}

// atLeast expects a time that is no shorter.
func atLeast(least time.Duration) play.Expected[time.Duration] {
	return play.Expecting("at least "+least.String(), func(d time.Duration) bool { return d >= least })
}

// mentions expects a text that holds another. What is shown says what that is: it
// may differ from run to run.
func mentions(text, what string) play.Expected[string] {
	return play.Expecting("a text that mentions "+what, func(s string) bool { return strings.Contains(s, text) })
}

// mentionsNot expects a text that does not hold another.
func mentionsNot(text, what string) play.Expected[string] {
	return play.Expecting("a text that does not mention "+what, func(s string) bool { return !strings.Contains(s, text) })
}

// anEnd is the end of a connection, within a packet or not.
var anEnd = play.Expecting("the end of the connection", target.Event.IsClosed)

// noScrap is anything but an empty packet or bytes without a line feed.
var noScrap = play.Expecting("neither an empty packet nor bytes that are not ended", func(e target.Event) bool {
	text, packet := e.IsPacket()
	return packet && text != "" || e == target.Nothing
})

// notLate is any packet but those of what a client was told to do while it was not connected.
var notLate = play.Expecting("nothing that it was told to send before", func(e target.Event) bool {
	text, _ := e.IsPacket()
	return text != "early" && text != "disconnect" && text != "shutdown"
})

// notBehindPart is what may come of commands that a client could not send whole.
var notBehindPart = play.Expecting("another whole command, nothing whole, or the end", func(e target.Event) bool {
	text, packet := e.IsPacket()
	return e.IsNothing() || e.IsClosed() || packet && (text == "another" || text == play.Pattern(slowBytes))
})

// Expectations of what a client reports.

var (
	ok      = play.Is(target.Answer{Kind: target.OK})
	yes     = target.Answer{Kind: target.OK, Text: "true"}
	failure = play.Expecting("an error", func(a target.Answer) bool { return a.Kind == target.Failed })

	// notOK is a report that something has not gone well, whatever it is.
	notOK = play.Expecting("a report that it failed", func(a target.Answer) bool {
		return a.Kind != target.OK && a.Kind != target.Missing && a.Kind != ""
	})

	// reported is a report, whatever it says.
	reported = play.Expecting("a report", func(a target.Answer) bool { return a.Kind != target.Missing && a.Kind != "" })

	// notConnected is what a client reports of what it cannot do without a connection.
	notConnected = play.Expecting("an error, or that it is closed", func(a target.Answer) bool {
		return a.Kind == target.Failed || a.Kind == target.Ended
	})

	// noText is what a client reports that has received no response. That this is a
	// time-out and nothing else is SRS-052.
	noText = play.Expecting("a time-out", func(a target.Answer) bool {
		return a.Kind != target.OK && a.Kind != target.Missing || a == target.Answer{Kind: target.OK}
	})
)

// received expects the report of a response.
func received(text string) play.Expected[target.Answer] {
	return play.Is(target.Answer{Kind: target.OK, Text: text})
}

// wholeOrError expects the report of a response with this text, or of a failure:
// a client may have a maximum, but may not pass a part off for the whole.
func wholeOrError(text string) play.Expected[target.Answer] {
	return play.Expecting(fmt.Sprintf("a response of %d bytes, or an error", len(text)), func(a target.Answer) bool {
		return a.Kind == target.Failed || a == target.Answer{Kind: target.OK, Text: text}
	})
}

// delivery is what came of commands that a client was told to send: the last one,
// or the first that came otherwise.
type delivery struct {
	want   string
	came   target.Event
	report target.Answer
}

func (d delivery) String() string { return d.came.String() + " and the report " + d.report.String() }

// wholeOrReported expects the packets that a client was told to send, or its
// report that it could not send them.
var wholeOrReported = play.Expecting("each command whole and the report ok, or the report of an error or a time-out", func(d delivery) bool {
	return d.report.Kind == target.Failed || d.report.Kind == target.Timeout || d.came == target.Packet(d.want) && d.report == target.Answer{Kind: target.OK}
})
