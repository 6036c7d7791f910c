package target

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
)

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
	addr    string
	stdin   io.Closer
	started time.Time
	ended   chan struct{} // closed when the process has ended
	done    chan struct{} // closed when its supervisor has: nothing of its group is left
	startup time.Duration // until it could be dialed
	output  Tail          // standard output and error

	mu     sync.Mutex
	status int
	left   bool
}

// launch starts a command under a supervisor.
func launch(argv, env []string, addr string) (*Proc, error) {
	cmd, stdin, reports, err := newChild(keep, argv, env)
	if err != nil {
		return nil, err
	}
	p := &Proc{addr: addr, stdin: stdin, started: time.Now(), ended: make(chan struct{}), done: make(chan struct{})}
	cmd.Stderr = &p.output
	// A process that outlives the group and keeps the output open must not keep
	// the suite waiting.
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		for lines := bufio.NewScanner(reports); lines.Scan(); {
			p.hear(lines.Text())
		}
		_ = cmd.Wait()
		p.end(cmd.ProcessState.ExitCode())
	}()
	return p, nil
}

// hear takes what the supervisor reports.
func (p *Proc) hear(line string) {
	if status, err := strconv.Atoi(line); err == nil {
		p.end(status)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = p.left || line == leftBehind
}

// end books the end of the process; what comes later is that of its supervisor.
func (p *Proc) end(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.hasEnded() {
		p.status = status
		close(p.ended)
	}
}

// Addr is the address at which the process was told to listen.
func (p *Proc) Addr() string { return p.addr }

// Exit waits for the process itself to end, and gives its status, 128 and the number of
// the signal if one has ended it; false if it has not ended within that time. What it has
// started may go on, until [Proc.Kill].
func (p *Proc) Exit(within time.Duration) (status int, ok bool) {
	waiting, cancel := patience.Within(context.Background(), within)
	defer cancel()
	select {
	case <-p.ended:
	case <-waiting.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status, p.hasEnded()
}

func (p *Proc) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// ErrLeft is what [Proc.Kill] finds of a process that has ended by itself, but not
// with all that it had started.
var ErrLeft = errors.New("the server had ended, but not all that it had started in its process group: the suite ended that")

// Kill ends the process and everything in its process group, and waits for that:
// a port that they had is free then. Its error may be [ErrLeft], where there are
// process groups.
func (p *Proc) Kill() error {
	_ = p.stdin.Close()
	<-p.done
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left {
		return ErrLeft
	}
	return nil
}

// Startup gives how long it took until the process could be dialed; 0 where it
// was not waited for.
func (p *Proc) Startup() time.Duration { return p.startup }

// Output gives the last 64 KiB of what the process has printed; all of it is there
// once Kill has returned.
func (p *Proc) Output() string { return p.output.String() }
