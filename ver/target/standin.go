package target

import (
	"context"
	"net"
	"regexp/syntax"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/server"
)

// NewStandIn is the reference in the place of a target with this profile, which
// it obeys; nil means that of the sample application. A suite that runs against
// it does as often as it wants what it would do less often on a slow target, and
// is never hurried: its steps are the same each time.
func NewStandIn(p *Profile) *Target {
	t := NewReference()
	t.Limits.Loop = time.Hour
	if p == nil {
		return t
	}
	t.Profile = p
	t.Limits.Packet = p.Limits(t.Limits).Packet
	t.Server = InProcess(func(ctx context.Context, ln net.Listener) error {
		s := server.Server{MaxPacket: p.MaxPacket, Callback: p.callback}
		return s.Serve(ctx, ln)
	}, t.Limits)
	return t
}

// callback answers commands as the profile says.
func (p *Profile) callback(_ context.Context, c server.Command, r server.Responder) error {
	for _, response := range p.answer(c) {
		if err := r.Send(response.example()); err != nil {
			return err
		}
	}
	return nil
}

// answer gives the responses of a command. What the profile leaves out is
// answered by nothing.
func (p *Profile) answer(c server.Command) []Response {
	text, invalid := c.Text, c.Invalid
	if invalid && !c.TooLong && p.Encoding == "utf-8" && utf8.Valid(c.Raw) {
		text, invalid = string(c.Raw), false
	}
	stated := func(responses *[]Response) []Response {
		if responses == nil {
			return nil
		}
		return *responses
	}
	switch {
	case c.TooLong:
		return stated(p.TooLong)
	case invalid:
		return stated(p.Invalid)
	}
	for _, d := range p.Commands {
		if d.Send == text {
			return d.Expect
		}
	}
	if rest, ok := strings.CutPrefix(text, p.Echo); ok && p.Echo != "" {
		return []Response{Text(rest)}
	}
	if text == "" {
		return stated(p.Empty)
	}
	return stated(p.Otherwise)
}

// example is a text that is the response. Of an expression it is the shortest
// that comes to mind; one that asks for more than its parts say may not match it.
func (r Response) example() string {
	if r.re == nil {
		return r.text
	}
	parsed, err := syntax.Parse(r.re.String(), syntax.Perl)
	if err != nil {
		return "" // it was parsed before
	}
	var b strings.Builder
	example(&b, parsed.Simplify())
	return b.String()
}

func example(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(ofClass(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		example(b, re.Sub[0])
	case syntax.OpConcat:
		for _, part := range re.Sub {
			example(b, part)
		}
	}
}

// ofClass is a character of a class, which is given as pairs of its bounds: a
// visible ASCII one, if there is one.
func ofClass(bounds []rune) rune {
	for i := 0; i+1 < len(bounds); i += 2 {
		for r := bounds[i]; r <= bounds[i+1] && r < utf8.RuneSelf; r++ {
			if r > ' ' && unicode.IsPrint(r) {
				return r
			}
		}
	}
	if len(bounds) == 0 {
		return 'x'
	}
	return bounds[0]
}
