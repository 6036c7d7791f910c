package selftest

import (
	"fmt"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/ver/verify"
)

// progress shows what has run: a bar on a terminal, else a line a member.
type progress struct {
	term  verify.Terminal
	total int
	ran   int
	wrong int
}

// barWidth is how many columns the bar takes.
const barWidth = 20

func (p *progress) done(r Result, took time.Duration) {
	p.ran++
	if !r.OK {
		p.wrong++
	}
	if p.term.Progress == nil {
		fmt.Fprintf(p.term.Out, "%*d/%d  %-7s  %4.1f s  %s: %s\n", len(fmt.Sprint(p.total)), p.ran, p.total, r.Kind, took.Seconds(), r.Name, r.outcome())
		return
	}
	full := barWidth * p.ran / p.total
	p.term.Show(fmt.Sprintf("[%s%s] %d of %d, %d wrong  %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), p.ran, p.total, p.wrong, r.Name))
}

// end removes the bar.
func (p *progress) end() {
	if p.term.Progress != nil {
		p.term.Show("")
	}
}
