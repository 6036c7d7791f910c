package target_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
)

const whole = `{
    "name": "lab instrument",   // comments are allowed
    "commands": [
        {"send": "*IDN?", "expect": [{"match": "^ACME,.*,[0-9]+$"}]},
        {"send": "reset", "expect": []},
        {"send": "list", "expect": ["a", "b"]},
    ],
    "otherwise": ["?"],
    "empty": [],
    "invalid": ["!"],
    "too_long": ["too long"],
    "echo": "say ",
    "encoding": "utf-8",
    "max_packet": 256,
    "response_timeout": "1.5s",
    "quiet": "80ms"
}`

func TestProfile(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "app.json")
	g.Expect(os.WriteFile(path, []byte(whole), 0o600)).To(Succeed())
	p, err := target.LoadProfile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Name).To(Equal("lab instrument"))
	g.Expect(p.SHA256).To(HaveLen(64))
	g.Expect(p.Commands[0].Expect[0].Matches(target.Packet("ACME,x,12"))).To(BeTrue())
	g.Expect(p.Commands[0].Expect[0].Matches(target.Packet("EMCA,x,12"))).To(BeFalse())
	g.Expect(p.Commands[0].Expect[0].Matches(target.Closed)).To(BeFalse())
	g.Expect(target.Responses(p.Commands[1].Expect)).To(Equal("no packet"))
	g.Expect(target.Responses(p.Commands[2].Expect)).To(Equal(`packet "a", packet "b"`))
	g.Expect(*p.Empty).To(BeEmpty())
	g.Expect((*p.Invalid)[0].Matches(target.Packet("!"))).To(BeTrue())
	g.Expect([]any{p.Echo, p.Encoding, p.MaxPacket, time.Duration(p.ResponseTimeout), time.Duration(p.Quiet)}).
		To(Equal([]any{"say ", "utf-8", 256, 1500 * time.Millisecond, 80 * time.Millisecond}))
	probe, ok := p.Probe()
	g.Expect(ok).To(BeTrue())
	g.Expect(probe.Send).To(Equal("*IDN?"))
	l := p.Limits(target.DefaultLimits())
	g.Expect([]time.Duration{l.Response, l.Quiet}).To(Equal([]time.Duration{1500 * time.Millisecond, 80 * time.Millisecond}))
}

func TestProfileLeavesOut(t *testing.T) {
	g := NewWithT(t)
	p, err := target.ParseProfile("app.json", []byte(`{"name": "x"}`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect([]any{p.Otherwise == nil, p.Empty == nil, p.Invalid == nil, p.TooLong == nil}).To(Equal([]any{true, true, true, true}))
	_, ok := p.Probe()
	g.Expect(ok).To(BeFalse())
	g.Expect(p.Limits(target.DefaultLimits())).To(Equal(target.DefaultLimits()))
	var none *target.Profile
	g.Expect(none.Limits(target.DefaultLimits())).To(Equal(target.DefaultLimits()))
}

func TestSampleIsBuiltIn(t *testing.T) {
	p, err := target.LoadProfile("sample")
	if err != nil || p.Name != "sample application" {
		t.Errorf("%+v %v", p, err)
	}
}

// Every mistake has its line and column, and all are told at once.
func TestProfileErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                   "app.json:1:1: ",
		`{"name": ""}`:                         "app.json:1:10: ",
		`{"name": "x", "bogus": 1}`:            "app.json:1:15: ",
		`{"name": "x",` + "\n" + `"quiet": 3}`: "app.json:2:10: ",
		`{"name": "x", "quiet": "3 hours"}`:    "app.json:1:24: ",
		`{"name": "x", "commands": [{"send": "a\nb", "expect": []}]}`:            "app.json:1:37: ",
		`{"name": "x", "commands": [{"send": "ping", "expect": []}]}`:            "app.json:1:37: ",
		`{"name": "x", "commands": [{"send": "a"}]}`:                             "app.json:1:28: ",
		`{"name": "x", "commands": [{"send": "a", "expect": [{"match": "("}]}]}`: "app.json:1:",
		`{"name": "x", "max_packet": 3}`:                                         "app.json:1:29: ",
		`{"name": "x", "encoding": "latin1"}`:                                    "app.json:1:27: ",
		`{"name": "x"`:                                                           "app.json:1:",
		`{"name": "x", "empty": [], "empty": []}`:                                "app.json:1:28: ",
	} {
		_, err := target.ParseProfile("app.json", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\n gives  %v\n and not %s...", text, err, want)
		}
	}
	_, err := target.LoadProfile(filepath.Join(t.TempDir(), "none.json"))
	if err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("%v", err)
	}
}

func FuzzProfile(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"name": "x", "commands": [{"send": "a", "expect": [{"match": "(a|b)*"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := target.ParseProfile("app.json", data)
		if (p == nil) == (err == nil) {
			t.Errorf("%v and %v", p, err)
		}
	})
}

// The profiles of the examples are valid.
func TestExampleProfiles(t *testing.T) {
	g := NewWithT(t)
	paths, err := filepath.Glob("../../examples/profiles/*.json")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(paths)).To(BeNumerically(">=", 5))
	for _, path := range paths {
		p, err := target.LoadProfile(path)
		g.Expect(err).NotTo(HaveOccurred())
		_, probed := p.Probe()
		g.Expect(probed).To(BeTrue(), path)
	}
}
