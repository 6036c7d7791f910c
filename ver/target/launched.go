package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// CommandLine is a command with the placeholders {addr}, {host} and {port},
// split into words.
type CommandLine struct {
	words []string
}

// ParseCommand splits a command line into words as a shell does with plain
// words, 'single' and "double" quotes and backslashes, but runs no shell: there
// are no variables and no wildcards.
func ParseCommand(line string) (CommandLine, error) {
	words, err := split(line)
	if err != nil {
		return CommandLine{}, err
	}
	if len(words) == 0 {
		return CommandLine{}, fmt.Errorf("the command is empty")
	}
	return CommandLine{words: words}, nil
}

// isTold reports whether an address is put into the command.
func (c CommandLine) isTold() bool {
	return slices.ContainsFunc(c.words, func(word string) bool {
		return strings.Contains(word, "{addr}") || strings.Contains(word, "{port}")
	})
}

func split(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, escaped, quote := false, false, rune(0)
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("the command ends within a quotation: %s", line)
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// argv fills in the placeholders.
func (c CommandLine) argv(addr string) []string {
	host, port, _ := net.SplitHostPort(addr)
	fill := strings.NewReplacer("{addr}", addr, "{host}", host, "{port}", port)
	argv := make([]string, len(c.words))
	for i, word := range c.words {
		argv[i] = fill.Replace(word)
	}
	return argv
}

// Hash gives the SHA-256 of the program, or nothing if it cannot be read.
func (c CommandLine) Hash() string {
	path, err := exec.LookPath(c.words[0])
	if err != nil {
		return ""
	}
	return hash(path)
}

// Files gives the files that the command names behind its program, such as the script of
// an interpreter.
func (c CommandLine) Files() (all []evidence.File) {
	for _, word := range c.words[1:] {
		if info, err := os.Stat(word); err == nil && info.Mode().IsRegular() {
			all = append(all, evidence.File{Name: word, SHA256: hash(word)})
		}
	}
	return all
}

// hash gives the SHA-256 of a file, or nothing if it cannot be read.
func hash(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Launch starts the command.
func (c CommandLine) Launch(addr string) (*Proc, error) {
	argv := c.argv(addr)
	if err := runnable(argv[0]); err != nil {
		return nil, err
	}
	return launch(argv, nil, addr)
}

// Launching is a server that is started as a process: at this address, or where
// that is empty at one that is free.
func Launching(p Process, addr string, limits Limits) Server {
	return &launched{Proc: NoProc(), process: p, fixed: addr, ready: limits.Ready}
}

// launched is a server that is started as a process. One process serves many
// specs; it is started again where it has ended.
type launched struct {
	*Proc   // the last one
	process Process
	fixed   string // the address if it is fixed; else a free one is chosen
	ready   time.Duration
}

func (l *launched) Start(ctx context.Context) (addr string, err error) {
	if !l.hasEnded() {
		return l.Addr(), nil
	}
	_ = l.Stop() // of one that has ended, what it has left behind
	if addr = l.fixed; addr == "" {
		if addr, err = FreeAddr(); err != nil {
			return "", err
		}
	}
	proc, err := Launch(ctx, l.process, addr, l.ready)
	if err != nil {
		return "", err
	}
	l.Proc = proc
	return addr, nil
}

// Launch starts a process at an address where nobody listens, and waits until it
// can be dialed. The visit leaves with disconnect.
func Launch(ctx context.Context, p Process, addr string, within time.Duration) (*Proc, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if visit(ctx, addr) == nil {
		return nil, fmt.Errorf("somebody listens at %s already: it must be free", addr)
	}
	proc, err := p.Launch(addr)
	if err != nil {
		return nil, err
	}
	if problem := awaitReady(ctx, proc, within); problem != "" {
		_ = proc.Kill()
		return nil, errors.New(problem + lastLine(proc.Output()))
	}
	return proc, nil
}

// awaitReady waits until a process can be dialed, and says why it cannot; empty
// if it can.
func awaitReady(ctx context.Context, proc *Proc, within time.Duration) (problem string) {
	var last error
	for ctx.Err() == nil {
		err := visit(ctx, proc.Addr())
		if err == nil {
			proc.startup = time.Since(proc.started)
			if problem := gone(proc, 0); problem != "" && visit(ctx, proc.Addr()) == nil {
				return problem // whoever can be dialed is another
			}
			return "" // one that has ended now has served its first client
		}
		if last == nil || !errors.Is(err, context.DeadlineExceeded) { // that the time is over is not the reason
			last = err
		}
		if problem := gone(proc, 10*time.Millisecond); problem != "" {
			return problem
		}
	}
	return fmt.Sprintf("it could not be dialed at %s within %s: %s", proc.Addr(), within, reason(last))
}

// gone says how a process has ended that is to serve; empty if it has not.
func gone(proc *Proc, within time.Duration) string {
	status, ended := proc.Exit(within)
	switch {
	case !ended:
		return ""
	case status == 0:
		return fmt.Sprintf("it ended with status 0 before it could be used at %s: it must stay in the foreground", proc.Addr())
	}
	return fmt.Sprintf("it ended %s before it could be used at %s", ending(status), proc.Addr())
}

// visit dials an address, and leaves with disconnect.
func visit(ctx context.Context, addr string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write([]byte("disconnect\n"))
	_, _ = conn.Read(make([]byte, 1))
	return conn.Close()
}

func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return ": " + last
	}
	return ""
}

func (l *launched) Fresh() bool { return false }

func (l *launched) Stop() error { return l.Kill() }

func (l *launched) Ended(within time.Duration) string {
	status, ended := l.Exit(within)
	if !ended {
		return ""
	}
	return "its process has ended " + ending(status)
}
