package target

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Profile says what a server does with commands of its own, so that its callback
// can be verified on the wire. What it leaves out is not observable.
type Profile struct {
	Name      string
	SHA256    string `json:"-"` // of the file; empty for the one that is built in
	Commands  []Dialogue
	Otherwise *[]Response // what any other command is answered
	Empty     *[]Response // the empty command
	Invalid   *[]Response // an invalid packet
	TooLong   *[]Response `json:"too_long"` // a packet longer than MaxPacket
	Echo      string      // what stands before a text that is answered with that text
	Encoding  string      // ascii or utf-8; empty: not known
	MaxPacket int         `json:"max_packet"` // bytes; 0: not known

	ResponseTimeout Duration `json:"response_timeout"` // 0: not stated
	Quiet           Duration // 0: not stated
}

// Duration is a time that is written as in Go: 250ms.
type Duration time.Duration

// UnmarshalText reads a time; the schema has seen to its form.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// Dialogue is a command with what it is answered.
type Dialogue struct {
	Send   string
	Expect []Response
}

// Response is one packet that is expected: a text, or what matches an
// expression.
type Response struct {
	text string
	re   *regexp.Regexp
}

// Text is a response of exactly this text.
func Text(text string) Response { return Response{text: text} }

// Matches reports whether an event is the response.
func (r Response) Matches(e Event) bool {
	text, ok := e.IsPacket()
	if r.re != nil {
		return ok && r.re.MatchString(text)
	}
	return ok && text == r.text
}

// IsText reports whether the response is a text that is not empty.
func (r Response) IsText() bool { return r.re == nil && r.text != "" }

// In reports whether an event is a packet that holds the text of the response,
// whatever else it holds.
func (r Response) In(e Event) bool {
	text, ok := e.IsPacket()
	return ok && r.re == nil && r.text != "" && strings.Contains(text, r.text)
}

// String writes the response as evidence shows it.
func (r Response) String() string {
	if r.re != nil {
		return fmt.Sprintf("packet that matches %q", r.re)
	}
	return Packet(r.text).String()
}

// UnmarshalJSON reads a text or {"match": "REGEXP"}.
func (r *Response) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &r.text); err == nil {
		return nil
	}
	var match struct{ Match string }
	if err := json.Unmarshal(data, &match); err != nil {
		return err
	}
	re, err := regexp.Compile(match.Match)
	r.re = re
	return err
}

//go:embed profile.schema.json
var profileSchema []byte

var schema = strictjson.Shipped(profileSchema)

// LoadProfile reads an application profile; "sample" is the one of the sample
// application, which is built in. All that is wrong with a file is reported at
// once, with line and column.
func LoadProfile(path string) (*Profile, error) {
	if path == "sample" {
		return Sample(), nil
	}
	data, err := strictjson.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseProfile(path, data)
}

// ParseProfile is [LoadProfile] for a file that has been read.
func ParseProfile(name string, data []byte) (*Profile, error) {
	sum := sha256.Sum256(data)
	p := &Profile{SHA256: hex.EncodeToString(sum[:])}
	if _, err := strictjson.Parse(name, data, schema(), p); err != nil {
		return nil, err
	}
	return p, nil
}

// Sample is the profile of the sample application with what the reference adds to
// it: the commands echo, count and none, and that it takes ASCII alone.
func Sample() *Profile {
	p := PlainSample()
	p.Commands = append(p.Commands,
		Dialogue{"none", []Response{}},
		counting(3), counting(300), // more than a byte counts
	)
	p.Echo, p.Encoding = "echo ", "ascii"
	return p
}

// counting is the command count.
func counting(n int) Dialogue {
	d := Dialogue{Send: "count " + strconv.Itoa(n)}
	for i := range n {
		d.Expect = append(d.Expect, Text(strconv.Itoa(i+1)))
	}
	return d
}

// PlainSample is the profile of the sample application as P10 has it: any command
// but cmd01 is answered alike.
func PlainSample() *Profile {
	nak := &[]Response{Text("nak - unknown cmd")}
	return &Profile{
		Name: "sample application",
		Commands: []Dialogue{
			{"cmd01", []Response{Text("ack")}},
			{"junk", *nak},
		},
		Otherwise: nak, Empty: nak, Invalid: nak, TooLong: nak,
		MaxPacket: 64 << 10,
	}
}

// Limits gives the limits that hold for a server with this profile.
func (p *Profile) Limits(limits Limits) Limits {
	if p == nil {
		return limits
	}
	if p.ResponseTimeout > 0 {
		limits.Response = time.Duration(p.ResponseTimeout)
	}
	if p.Quiet > 0 {
		limits.Quiet = time.Duration(p.Quiet)
	}
	limits.Packet = max(limits.Packet, 2*p.MaxPacket)
	return limits
}

// Probe gives a command by which a server shows that it serves, with its
// responses: the first one of the profile that is answered at all. ping goes
// before it where the server answers that.
func (p *Profile) Probe() (Dialogue, bool) {
	if p != nil {
		for _, c := range p.Commands {
			if len(c.Expect) > 0 {
				return c, true
			}
		}
	}
	return Dialogue{}, false
}

// Echoing is a command that is answered with a text, where the profile says how.
func (p *Profile) Echoing(text string) Dialogue {
	return Dialogue{p.Echo + text, []Response{Text(text)}}
}

// Fit cuts a text to what a command to be echoed can hold.
func (p *Profile) Fit(text string) string {
	if most := p.MaxPacket - len(p.Echo); p.MaxPacket > 0 && len(text) > most {
		return text[:most]
	}
	return text
}

// Singles gives the commands with just one response.
func (p *Profile) Singles() []Dialogue {
	return slices.DeleteFunc(slices.Clone(p.Commands), func(d Dialogue) bool { return len(d.Expect) != 1 })
}

// Several gives the commands with no response, or more than one.
func (p *Profile) Several() []Dialogue {
	return slices.DeleteFunc(slices.Clone(p.Commands), func(d Dialogue) bool { return len(d.Expect) == 1 })
}

// Longest gives the command with the most responses.
func (p *Profile) Longest() Dialogue {
	return slices.MaxFunc(p.Commands, func(a, b Dialogue) int { return len(a.Expect) - len(b.Expect) })
}

// Size gives how many bytes the responses have on the wire, at least.
func (d Dialogue) Size() int {
	n := 0
	for _, r := range d.Expect {
		n += len(r.text) + 1
	}
	return n
}

// Responses writes a list of responses as evidence shows it.
func Responses(list []Response) string {
	if len(list) == 0 {
		return "no packet"
	}
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = r.String()
	}
	if n := len(words); n > 10 {
		return fmt.Sprintf("%d packets: %s, %s, ..., %s", n, words[0], words[1], words[n-1])
	}
	return strings.Join(words, ", ")
}
