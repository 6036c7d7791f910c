package content

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/render/document"
)

// Transcript shows what went over the wire, each read and write with its time.
// Exchanges that repeat those before them are folded, unless all is asked for;
// those of a step with a failed verification are marked.
func Transcript(e *evidence.Spec, all bool) document.Transcript {
	e = cmp.Or(e, &evidence.Spec{})
	hot := map[int]bool{}
	for _, v := range e.Verifications {
		if !v.Passed && v.Step > 0 {
			hot[v.Step] = true
		}
	}
	t := make(document.Transcript, 0, len(e.Transcript))
	for rest := e.Transcript; len(rest) > 0; {
		length, times := 1, 1
		if !all {
			length, times = repeats(rest)
		}
		for i := range rest[:length] {
			t = append(t, exchangeLine(&rest[i], hot))
		}
		if times > 1 {
			again := "the same again"
			if length > 1 {
				again = fmt.Sprintf("the %d above again", length)
			}
			last := rest[length*times-1].Offset.Seconds()
			t = append(t, document.Line{Mark: "*", Text: fmt.Sprintf("%10.6f s  %s, ×%s in all", last, again, document.Thousands(times))})
		}
		rest = rest[length*times:]
	}
	return t
}

func exchangeLine(x *evidence.Exchange, hot map[int]bool) document.Line {
	mark, what := "*", x.Text
	if spoken := map[string]string{evidence.Sent: ">", evidence.Received: "<"}[x.Direction]; spoken != "" {
		mark, what = spoken, quote(x.Bytes, x.Length)
	}
	text := fmt.Sprintf("%10.6f s  #%d %s %s", x.Offset.Seconds(), x.Connection, mark, what)
	return document.Line{Mark: mark, Text: text, Hot: x.Step > 0 && hot[x.Step]}
}

const (
	fewRepeats   = 3 // repeats of exchanges that are all shown
	longestCycle = 6 // exchanges that may repeat together
)

// repeats finds how many exchanges at the beginning repeat, and how often they
// stand there: 1 and 1 if that is not often.
func repeats(all []evidence.Exchange) (length, times int) {
	same := func(x, y evidence.Exchange) bool {
		return x.Connection == y.Connection && x.Direction == y.Direction && x.Step == y.Step && x.Length == y.Length && x.Text == y.Text && bytes.Equal(x.Bytes, y.Bytes)
	}
	for length = 1; length <= longestCycle && 2*length <= len(all); length++ {
		times = 1
		for (times+1)*length <= len(all) && slices.EqualFunc(all[:length], all[times*length:(times+1)*length], same) {
			times++
		}
		if times > fewRepeats {
			return length, times
		}
	}
	return 1, 1
}

// quoted is how many bytes of one read or write are shown.
const quoted = 400

// quote shows bytes so that every one can be told, and says how many there
// were if they are not all there.
func quote(data []byte, length int) string {
	length = max(length, len(data))
	data = data[:min(len(data), quoted)]
	text := strconv.QuoteToASCII(string(data))
	if length > len(data) {
		text += fmt.Sprintf("… (%s bytes in all)", document.Thousands(length))
	}
	return text
}

// inSight is how many exchanges before a failed verification are shown with it.
const inSight = 6

// Around are the exchanges that led to a failure, as far as the evidence says
// which they were.
func Around(f *Failure) document.Transcript {
	var t document.Transcript
	all := f.before()
	for _, x := range all[max(len(all)-inSight, 0):] {
		t = append(t, exchangeLine(&x, map[int]bool{f.Verification.Step: true}))
	}
	return t
}

// inExcerpt is how many lines of a transcript stand in the test report. The annex
// has them all.
const inExcerpt = 20

// excerpt is the part of a transcript that belongs to what failed, or else its
// end.
func excerpt(t document.Transcript) document.Transcript {
	if len(t) <= inExcerpt {
		return t
	}
	from := len(t) - inExcerpt
	if hot := slices.IndexFunc(t, func(l document.Line) bool { return l.Hot }); hot >= 0 {
		from = min(max(hot-2, 0), from)
	}
	var part document.Transcript
	more := func(n int, where string) {
		if n > 0 {
			part = append(part, document.Line{Mark: "*", Text: fmt.Sprintf("… %s %s", document.Plural(n, "line"), where)})
		}
	}
	more(from, "before")
	part = append(part, t[from:from+inExcerpt]...)
	more(len(t)-from-inExcerpt, "after")
	return part
}
