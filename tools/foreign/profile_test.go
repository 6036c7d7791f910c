package foreign_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/strictjson"
)

// behaviour is a profile as its server reads it.
type behaviour struct {
	Commands []struct {
		Send   string
		Expect []any
	}
	Otherwise, Empty, Invalid []any
	TooLong                   []any `json:"too_long"`
	Echo, Encoding            string
	MaxPacket                 int `json:"max_packet"`
}

// anything is the schema that accepts every profile: the suite checks its form.
var anything = strictjson.Shipped([]byte(`{}`))

// A server that does what an example of a profile says passes with it, and one
// that does not fails.
func TestProfiles(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../examples/profiles/*.json")
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d profiles: %v", len(paths), err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b behaviour
			if _, err := strictjson.Parse(name, data, anything(), &b); err != nil {
				t.Fatal(err)
			}
			o := verify(t, "-addr", b.start(t), "-app", "examples/profiles/"+name)
			if o.code != reports.ExitPassed {
				t.Errorf("exit code %d\n%s", o.code, o.stdout)
			}
			if !slices.Contains(o.ids(reports.Pass), "SRS-008") {
				t.Error("SRS-008, which takes a profile, did not pass")
			}
		})
		t.Run(name+" not obeyed", func(t *testing.T) {
			t.Parallel()
			o := verify(t, "-addr", behaviour{Otherwise: []any{"what?"}, MaxPacket: 1 << 20}.start(t), "-app", "examples/profiles/"+name, "-only", "SRS-008,SRS-018")
			if !slices.Contains(o.ids(reports.Fail), "SRS-008") {
				t.Errorf("exit code %d, failed: %q", o.code, o.ids(reports.Fail))
			}
		})
	}
}

// start is a server that behaves so, for one client at a time.
func (b behaviour) start(t *testing.T) string {
	return serial(func(_ context.Context, conn *net.TCPConn) {
		for in := bufio.NewReaderSize(conn, 2<<20); ; {
			line, err := in.ReadString('\n')
			packet, ended := strings.CutSuffix(line, "\n")
			if err != nil || !ended || packet == "disconnect" {
				return
			}
			for _, answer := range b.answers(packet) {
				if _, err := io.WriteString(conn, answer+"\n"); err != nil {
					return
				}
			}
		}
	})(t)
}

// answers are the packets that a packet is answered by.
func (b behaviour) answers(packet string) []string {
	valid := !strings.ContainsFunc(packet, func(r rune) bool { return r >= utf8.RuneSelf })
	if b.Encoding == "utf-8" {
		valid = utf8.ValidString(packet)
	}
	most := b.MaxPacket
	if most == 0 {
		most = 64 << 10
	}
	echoed, echo := strings.CutPrefix(packet, b.Echo)
	switch {
	case len(packet) > most:
		return texts(b.TooLong)
	case !valid:
		return texts(b.Invalid)
	case packet == "ping":
		return []string{"pong"}
	case packet == "":
		return texts(b.Empty)
	case echo && b.Echo != "":
		return []string{echoed}
	}
	for _, c := range b.Commands {
		if c.Send == packet {
			return texts(c.Expect)
		}
	}
	return texts(b.Otherwise)
}

// texts gives a text for each response, one that matches where it is an
// expression.
func texts(responses []any) []string {
	all := []string{}
	for _, r := range responses {
		text, plain := r.(string)
		if !plain {
			text = map[string]string{
				`^[0-9]+\.[0-9]{2}$`: "12.50", "^(on|off)$": "off", "^wind [0-9]+$": "wind 3", "^rain [0-9]+$": "rain 0",
			}[r.(map[string]any)["match"].(string)]
		}
		all = append(all, text)
	}
	return all
}
