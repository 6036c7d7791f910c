package play

import (
	"slices"

	"github.com/socket-oneline/oneline/ver/target"
)

// Echo is a command that is answered with its own argument.
func (t *Trial) Echo(text string) target.Dialogue {
	return target.Dialogue{Send: t.target.Profile.Echo + text, Expect: []target.Response{target.Text(text)}}
}

// Singles gives the commands of the profile with just one response.
func (t *Trial) Singles() []target.Dialogue {
	return slices.DeleteFunc(slices.Clone(t.target.Profile.Commands), func(d target.Dialogue) bool { return len(d.Expect) != 1 })
}

// Several gives those with none or more than one.
func (t *Trial) Several() []target.Dialogue {
	return slices.DeleteFunc(slices.Clone(t.target.Profile.Commands), func(d target.Dialogue) bool { return len(d.Expect) == 1 })
}

// Fit cuts a text to what a command to be echoed can hold.
func (t *Trial) Fit(text string) string {
	p := t.target.Profile
	if most := p.MaxPacket - len(p.Echo); p.MaxPacket > 0 && len(text) > most {
		return text[:most]
	}
	return text
}

// Pattern is a text of n bytes in which no part is like another, so that a piece
// lost or moved shows.
func Pattern(n int) string {
	text := make([]byte, max(n, 0))
	for i := range text {
		text[i] = byte('!' + (i*7+i/93)%93)
	}
	return string(text)
}
