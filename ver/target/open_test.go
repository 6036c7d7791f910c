package target_test

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
)

func TestMain(m *testing.M) {
	target.Child()
	if play, ok := plays[os.Getenv("PLAY")]; ok {
		play()
	}
	os.Exit(m.Run())
}

// plays are what this program does instead of running tests.
var plays = map[string]func(){"client": playClient}

func TestOpenRefuses(t *testing.T) {
	for want, choice := range map[string]target.Choice{
		"HOST:PORT":          {Addr: "localhost"},
		"the port":           {Addr: "localhost:http-not"},
		"write HOST":         {Addr: ":5001"},
		"within a quotation": {Client: "echo 'x"},
		"is empty":           {Launch: "  "},
		"verified alone":     {Client: "echo", Addr: "127.0.0.1:1"},
	} {
		if _, err := target.Open(choice); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, not ...%s...", choice, err, want)
		}
	}
}

func TestWhatTargetsShow(t *testing.T) {
	g := NewWithT(t)
	for kind, row := range map[string]struct {
		choice target.Choice
		shows  []string
	}{
		target.Reference: {target.Choice{}, []string{"wire", "api", "stop", "exit", "client"}},
		target.Address:   {target.Choice{Addr: "[::1]:5001"}, []string{"wire"}},
		target.Launched:  {target.Choice{Launch: os.Args[0] + " {host} {port}"}, []string{"wire", "stop", "exit"}},
		target.UnderTest: {target.Choice{Client: os.Args[0] + " {addr}"}, []string{"client"}},
	} {
		o, err := target.Open(row.choice)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(o.Kind).To(Equal(kind))
		g.Expect(o.Shows()).To(Equal(row.shows))
		for _, k := range []string{"wire", "api", "stop", "exit", "client"} {
			g.Expect(o.Can(k) || o.Needs[k] != "").To(BeTrue(), "%s says what %s needs", kind, k)
		}
	}
	o, err := target.Open(target.Choice{Addr: "localhost:5001", Shutdown: true})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.Shows()).To(Equal([]string{"wire", "stop"}))
}

func TestReferenceProcess(t *testing.T) {
	g := NewWithT(t)
	ref := target.NewReference()
	addr, err := target.FreeAddr()
	g.Expect(err).NotTo(HaveOccurred())
	p, err := target.Launch(t.Context(), ref.Process, addr, time.Minute)
	g.Expect(err).NotTo(HaveOccurred())
	defer p.Kill()

	second, err := ref.Process.Launch(addr)
	g.Expect(err).NotTo(HaveOccurred())
	status, ended := second.Exit(10 * time.Second)
	g.Expect([]any{status, ended}).To(Equal([]any{1, true}))
	g.Expect(second.Kill()).To(Succeed())
	g.Expect(second.Output()).To(ContainSubstring(addr))

	c, err := target.Dial(t.Context(), addr, target.Usual, target.NewPace(limits()), func(string, []byte, string) {})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Send("shutdown\n")).To(Succeed())
	status, ended = p.Exit(10 * time.Second)
	g.Expect([]any{status, ended}).To(Equal([]any{0, true}))
}

// playClient is a client under test with a few manners of its own.
func playClient() {
	var line string
	buf := make([]byte, 1)
	for {
		n, err := os.Stdin.Read(buf)
		if err != nil {
			os.Exit(0)
		}
		if n == 1 && buf[0] != '\n' {
			line += string(buf)
			continue
		}
		switch {
		case line == "connect":
			_, _ = os.Stdout.WriteString("ok\n")
		case line == `send "a\nÿ"`:
			_, _ = os.Stdout.WriteString("error no line feeds\n")
		case strings.HasPrefix(line, "receive "):
			_, _ = os.Stdout.WriteString(`ok "pong\u0000ÿ"` + "\n")
		case line == "connected":
			_, _ = os.Stdout.WriteString("ok false\r\n")
		case line == "disconnect":
			_, _ = os.Stdout.WriteString("closed\n")
		case line == "shutdown":
			_, _ = os.Stdout.WriteString("hm?\n")
		default:
			os.Exit(3)
		}
		line = ""
	}
}

func TestClientUnderTest(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("PLAY", "client")
	o, err := target.Open(target.Choice{Client: os.Args[0] + " {addr}"})
	g.Expect(err).NotTo(HaveOccurred())
	c, err := o.Client.New("127.0.0.1:1")
	g.Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	g.Expect(c.Connect(ctx)).To(Equal(target.Answer{Kind: target.OK}))
	g.Expect(c.Send(ctx, "a\n\xff")).To(Equal(target.Answer{Kind: target.Failed, Text: "no line feeds"}))
	g.Expect(c.Receive(ctx, time.Second)).To(Equal(target.Answer{Kind: target.OK, Text: "pong\x00\xff"}))
	g.Expect(c.Connected(ctx)).To(Equal(target.Answer{Kind: target.OK, Text: "false"}))
	g.Expect(c.Disconnect(ctx)).To(Equal(target.Answer{Kind: target.Ended}))
	g.Expect(c.Shutdown(ctx)).To(Equal(target.Answer{Kind: target.Missing, Text: `not an answer: "hm?"`}))
	_ = c.Quit()
	g.Expect(c.Connect(ctx).Kind).To(Equal(target.Missing))
}

// An address is given once, and not to whoever else asks: a launched server must
// find its port free.
func TestFreeAddr(t *testing.T) {
	g := NewWithT(t)
	given := map[string]bool{}
	for range 300 {
		addr, err := target.FreeAddr()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(given[addr]).To(BeFalse(), addr)
		given[addr] = true
		_, err = net.ListenPacket("udp", addr)
		g.Expect(err).To(HaveOccurred(), "another process would be given it too")
	}
}
