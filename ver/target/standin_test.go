package target

import (
	"regexp"
	"testing"

	"github.com/socket-oneline/oneline/server"
)

// Expressions as profiles hold them have an example that they match.
func TestExample(t *testing.T) {
	for _, text := range []string{
		"^(on|off)$", "^v[0-9]+\\.[0-9]+$", "^.{3}$", "^a?b*c+$", "(?i)^OK", "[^a-z]", "^\\d{2,4} °C$", "^[\\x00-\\x1f]$", "", "^$", "\\bword\\b",
	} {
		r := Response{re: regexp.MustCompile(text)}
		if got := r.example(); !r.re.MatchString(got) {
			t.Errorf("%q: %q does not match it", text, got)
		}
	}
}

func TestStandInAnswers(t *testing.T) {
	p, err := ParseProfile("lamp.json", []byte(`{
		"name": "lamp", "commands": [{"send": "on", "expect": ["ok", "done"]}, {"send": "é", "expect": ["e"]}],
		"otherwise": ["error"], "empty": ["nothing"], "invalid": ["bad"], "too_long": ["long"], "echo": "say ", "encoding": "utf-8", "max_packet": 64
	}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		command server.Command
		want    string
	}{
		{server.Command{Text: "on"}, `packet "ok", packet "done"`},
		{server.Command{Text: "say x"}, `packet "x"`},
		{server.Command{Text: "say "}, `packet ""`},
		{server.Command{Text: "off"}, `packet "error"`},
		{server.Command{}, `packet "nothing"`},
		{server.Command{Invalid: true, Raw: []byte("\xff")}, `packet "bad"`},
		{server.Command{Invalid: true, Raw: []byte("é")}, `packet "e"`},
		{server.Command{Invalid: true, TooLong: true, Raw: []byte("é")}, `packet "long"`},
	} {
		if got := Responses(p.answer(c.command)); got != c.want {
			t.Errorf("%+v: %s, want %s", c.command, got, c.want)
		}
	}
	if got := Responses((&Profile{}).answer(server.Command{Text: "x"})); got != "no packet" {
		t.Errorf("what is not stated is answered by %s", got)
	}
}
