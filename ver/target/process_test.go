//go:build unix

package target_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
)

// long is how long what must come is waited for.
const long = time.Minute

func init() {
	plays["forking"] = func() { playForking(os.Args[1], false) }
	plays["forking at once"] = func() { playForking(os.Args[1], true) }
	plays["holding"] = func() { <-time.After(2 * long) } // keeps what it has inherited
}

// playForking is a server that answers every line by the id of its process, and
// ends with status 0 on shutdown; or at once, where it is to. A child keeps its
// port.
func playForking(addr string, atOnce bool) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	file, err := ln.(*net.TCPListener).File()
	if err != nil {
		os.Exit(1)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "PLAY=holding")
	child.ExtraFiles = []*os.File{file}
	if err := child.Start(); err != nil || atOnce {
		syscall.Exit(0) // os.Exit takes a second under the race detector
	}
	for {
		conn, err := ln.Accept()
		if err != nil {
			os.Exit(1)
		}
		for lines := bufio.NewScanner(conn); lines.Scan() && lines.Text() != "disconnect"; {
			if lines.Text() == "shutdown" {
				syscall.Exit(0)
			}
			fmt.Fprintln(conn, os.Getpid())
		}
		_ = conn.Close()
	}
}

func parse(t *testing.T, line string) target.CommandLine {
	t.Helper()
	command, err := target.ParseCommand(line)
	if err != nil {
		t.Fatal(err)
	}
	return command
}

func start(t *testing.T, line string) *target.Proc {
	t.Helper()
	p, err := parse(t, line).Launch("127.0.0.1:77")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	return p
}

// say sends a line to a server, and gives what is answered, if anything.
func say(addr, line string, within time.Duration) string {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return ""
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(within))
	_, _ = fmt.Fprintln(conn, line)
	answer, _ := bufio.NewReader(conn).ReadString('\n')
	return answer
}

// lives reports whether there is a process.
func lives(pid int) bool { return syscall.Kill(pid, 0) == nil }

// printed waits for a number that a process prints.
func printed(g *WithT, p *target.Proc) (pid int) {
	g.Eventually(func() error {
		_, err := fmt.Sscan(p.Output(), &pid)
		return err
	}, long).Should(Succeed())
	return pid
}

// What has a port after the process has ended shows, until it is killed.
func TestEndOfProcessAndOfItsGroup(t *testing.T) {
	t.Setenv("PLAY", "forking")
	g := NewWithT(t)
	addr, err := target.FreeAddr()
	g.Expect(err).NotTo(HaveOccurred())
	p, err := target.Launch(t.Context(), parse(t, os.Args[0]+" {addr}"), addr, long)
	g.Expect(err).NotTo(HaveOccurred())
	defer p.Kill()
	g.Expect(p.Startup()).To(BeNumerically(">", 0))
	g.Expect(say(addr, "shutdown", long)).To(BeEmpty())
	status, ended := p.Exit(long)
	g.Expect([]any{status, ended}).To(Equal([]any{0, true}))
	_, err = net.Listen("tcp", addr)
	g.Expect(err).To(MatchError(syscall.EADDRINUSE))
	g.Expect(p.Kill()).To(MatchError(target.ErrLeft))
	ln, err := net.Listen("tcp", addr)
	g.Expect(err).NotTo(HaveOccurred(), "the port is free once the group is gone")
	_ = ln.Close()
	g.Expect(p.Kill()).To(MatchError(target.ErrLeft), "the same the second time")
	status, ended = p.Exit(0)
	g.Expect([]any{status, ended}).To(Equal([]any{0, true}), "still that of the process")
}

// A server whose port is fixed is started again, whatever its last process has
// left there.
func TestStartedAgain(t *testing.T) {
	t.Setenv("PLAY", "forking")
	g := NewWithT(t)
	addr, err := target.FreeAddr()
	g.Expect(err).NotTo(HaveOccurred())
	o, err := target.Open(target.Choice{Launch: os.Args[0] + " {addr}", Addr: addr})
	g.Expect(err).NotTo(HaveOccurred())
	defer o.Server.Stop()
	started := func(begin func(context.Context) (string, error), within time.Duration) string {
		at, err := begin(t.Context())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(at).To(Equal(addr))
		return say(addr, "who", within)
	}
	first := started(o.Server.Start, long)
	g.Expect(started(o.Server.Start, long)).To(Equal(first))
	g.Expect(say(addr, "shutdown", long)).To(BeEmpty())
	second := ""
	g.Eventually(func() string { // once it is known that the first one has ended
		second = started(o.Server.Start, 100*time.Millisecond)
		return second
	}, long).ShouldNot(Or(BeEmpty(), Equal(first)))
	g.Expect(o.Server.Stop()).To(Succeed(), "it was running still")
	g.Expect(started(o.Server.Start, long)).NotTo(Or(BeEmpty(), Equal(second)))
}

// Why a process cannot be had is told.
func TestLaunchTellsWhyNot(t *testing.T) {
	for _, c := range []struct {
		name, play, line string
		within           time.Duration
		want             []string
	}{
		{"it fails", "", `sh -c 'echo no such luck >&2; exit 7'`, long, []string{"status 7", "no such luck"}},
		{"it does not listen", "", `sh -c 'echo soon; sleep 100'`, 300 * time.Millisecond, []string{"within 300ms", "refused", "soon"}},
		{"it goes to the background", "forking at once", os.Args[0] + " {addr}", long, []string{"status 0", "foreground"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("PLAY", c.play)
			g := NewWithT(t)
			addr, err := target.FreeAddr()
			g.Expect(err).NotTo(HaveOccurred())
			_, err = target.Launch(t.Context(), parse(t, c.line), addr, c.within)
			for _, want := range c.want {
				g.Expect(err).To(MatchError(ContainSubstring(want)))
			}
			_, err = net.Dial("tcp", addr)
			g.Expect(err).To(MatchError(syscall.ECONNREFUSED), "nothing is left")
		})
	}
}

// A server that is there already is not taken for the one that is started.
func TestLaunchWhereSomebodyListens(t *testing.T) {
	g := NewWithT(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer ln.Close()
	go func() {
		for conn, err := ln.Accept(); err == nil; conn, err = ln.Accept() {
			_ = conn.Close()
		}
	}()
	_, err = target.Launch(t.Context(), parse(t, "sleep 100"), ln.Addr().String(), long)
	g.Expect(err).To(MatchError(ContainSubstring("somebody listens at " + ln.Addr().String())))
}

// A process is ended with all that it has started, also where it would not end
// by itself.
func TestKillEndsTheGroup(t *testing.T) {
	g := NewWithT(t)
	p := start(t, `sh -c 'sleep 100 & echo $! for {port}; wait'`)
	child := printed(g, p)
	_, ended := p.Exit(0)
	g.Expect(ended).To(BeFalse())
	g.Expect(lives(child)).To(BeTrue())
	g.Expect(p.Kill()).To(Succeed(), "it had not ended by itself")
	_, ended = p.Exit(0)
	g.Expect(ended).To(BeTrue())
	g.Expect(lives(child)).To(BeFalse())
	g.Expect(p.Output()).To(HaveSuffix("for 77\n"))
}

// The status is that of the process, whatever goes on; one that a signal has
// ended has 128 and its number. Signals do to it what they do to others.
func TestStatusOfExit(t *testing.T) {
	for line, want := range map[string]int{
		`sh -c 'exit 3'`:                                    3,
		`sh -c 'sleep 100 & exit 4'`:                        4,
		`sh -c 'kill -KILL $$'`:                             137,
		`sh -c 'kill -TERM $$; exit 5'`:                     143,
		`sh -c 'kill -INT $$; exit 5'`:                      130,
		`sh -c 'kill -HUP $$; exit 5'`:                      129,
		`sh -c 'kill -PIPE $$; exit 5'`:                     141,
		`sh -c 'trap "exit 6" TERM; kill -TERM $$; exit 5'`: 6,
	} {
		g := NewWithT(t)
		status, ended := start(t, line).Exit(long)
		g.Expect([]any{status, ended}).To(Equal([]any{want, true}), line)
	}
}

// A process that has left the group may go on, and keep the output open: it keeps
// nobody waiting.
func TestWhoLeavesTheGroup(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("setsid is not installed on this machine")
	}
	g := NewWithT(t)
	p := start(t, `sh -c 'setsid sh -c "echo \$\$; exec sleep 100" & wait; exit 2'`)
	pid := printed(g, p)
	defer func() { _ = syscall.Kill(pid, syscall.SIGKILL) }()
	g.Expect(p.Kill()).To(Succeed())
	g.Expect(lives(pid)).To(BeTrue())
}

// A supervisor does its work though nobody is there to be told.
func TestSupervisorWithoutSuite(t *testing.T) {
	g := NewWithT(t)
	cmd := exec.Command(os.Args[0], "sh", "-c", "sleep 100 & echo $$ $! >&2")
	cmd.Env = append(os.Environ(), "ONELINE_CHILD=supervise")
	stdin, err := cmd.StdinPipe()
	g.Expect(err).NotTo(HaveOccurred())
	stdout, err := cmd.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	stderr, err := cmd.StderrPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(stdout.Close()).To(Succeed())
	g.Expect(cmd.Start()).To(Succeed())
	var pid, child int
	_, err = fmt.Fscanln(stderr, &pid, &child)
	g.Expect(err).NotTo(HaveOccurred())
	g.Eventually(lives, long).WithArguments(pid).Should(BeFalse())
	g.Expect(lives(child)).To(BeTrue())
	g.Expect(stdin.Close()).To(Succeed())
	rest, err := io.ReadAll(stderr)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(strings.TrimSpace(string(rest))).To(BeEmpty())
	g.Expect(cmd.Wait()).To(Succeed())
	g.Expect(lives(child)).To(BeFalse())
}

// An address is free though processes are started all the time: each has, for a
// moment, what this one has open.
func TestFreeAddrBesideStarts(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	var starting sync.WaitGroup
	for range 8 {
		starting.Go(func() {
			for ctx.Err() == nil {
				_ = exec.Command("true").Run()
			}
		})
	}
	defer starting.Wait()
	defer cancel()
	for range 150 { // a copy that is overlooked shows within fifty
		addr, err := target.FreeAddr()
		g.Expect(err).NotTo(HaveOccurred())
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		g.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	}
}
