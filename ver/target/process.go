package target

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// childEnv tells a process of this program that it is to play a part of its own
// instead of what its arguments say.
const childEnv = "ONELINE_CHILD"

// The parts: a supervisor keeps its input for itself, or passes it on.
const (
	keep  = "supervise"
	drive = "drive"
)

// maxOutput is how much of a launched server's output is kept: its last bytes.
const maxOutput = 64 << 10

// Child plays the part that a parent process of the same program asks for, and
// exits; in a process that nobody asked it returns at once. The first statement
// of main, and of TestMain in tests that verify, must be a call of it.
//
// One part is that of a supervisor: it runs a command in a process group of its
// own, and ends the whole group when its standard input ends, which happens
// whatever becomes of the suite. The other is that of the reference server.
func Child() {
	if part := os.Getenv(childEnv); part != "" {
		_ = os.Unsetenv(childEnv)
		os.Exit(supervise(os.Args[1:], part == drive))
	}
	if addr := os.Getenv(serveEnv); addr != "" {
		_ = os.Unsetenv(serveEnv)
		os.Exit(serveReference(addr))
	}
}

// notStarted is the status of a supervisor whose command could not be started.
const notStarted = 127

func supervise(argv []string, passInput bool) int {
	// The suite ends the command by ending this process's input; a signal meant
	// for the suite must not make the supervisor leave its command behind.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	ownGroup(cmd)
	dieWithParent(cmd)
	input := io.Discard
	if passInput {
		pipe, err := cmd.StdinPipe()
		if err != nil {
			return notStarted
		}
		input = pipe
	}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return notStarted
	}
	go func() {
		_, _ = io.Copy(input, os.Stdin)
		_, _ = io.Copy(io.Discard, os.Stdin) // where the command reads no more
		killGroup(cmd)
	}()
	err := cmd.Wait()
	killGroup(cmd) // what the command has started and left behind
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() < 0: // by a signal
		return 128
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil:
		return notStarted
	}
	return 0
}

// LaunchSelf starts this program again, under a supervisor and with more in its
// environment. What it finds there, its main must act on, after [Child].
func LaunchSelf(env []string, addr string) (*Proc, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return launch([]string{self}, env, addr)
}

// Proc is a process that was started, with all that it starts itself.
type Proc struct {
	addr   string
	stdin  io.Closer
	done   chan struct{} // closed when the process has ended
	mu     sync.Mutex
	output tail
	status int
}

// launch starts a command under a supervisor.
func launch(argv, env []string, addr string) (*Proc, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, argv...)
	cmd.Env = append(append(os.Environ(), env...), childEnv+"="+keep)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p := &Proc{addr: addr, stdin: stdin, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p, p
	ownGroup(cmd) // what ends the suite's group leaves the supervisor to its work
	// A process that outlives the group and keeps the output open must not keep
	// the suite waiting.
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.status = cmd.ProcessState.ExitCode()
	}()
	return p, nil
}

// Addr is the address at which the process was told to listen.
func (p *Proc) Addr() string { return p.addr }

// Exit waits for the process to end, and gives its status; false if it has not
// ended within that time.
func (p *Proc) Exit(within time.Duration) (status int, ok bool) {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		if !p.hasEnded() {
			return 0, false
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status, true
}

func (p *Proc) hasEnded() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Kill ends the process and everything that it has started, and waits for that.
func (p *Proc) Kill() {
	_ = p.stdin.Close()
	<-p.done
}

// Write keeps the output of the process; it is the process's standard output
// and error.
func (p *Proc) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.output.add(b)
	return len(b), nil
}

// Output gives the last 64 KiB of what the process has printed.
func (p *Proc) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// tail keeps the end of a stream.
type tail struct {
	buf     []byte
	dropped int
}

func (t *tail) add(b []byte) {
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - maxOutput; over > 0 {
		t.dropped += over
		t.buf = bytes.Clone(t.buf[over:])
	}
}

func (t *tail) String() string {
	text := strings.ToValidUTF8(string(t.buf), "\uFFFD")
	if t.dropped > 0 {
		text = fmt.Sprintf("(%d bytes before this are not kept)\n", t.dropped) + text
	}
	return text
}
