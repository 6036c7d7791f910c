package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
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
	if _, err := lookPath(words[0]); err != nil {
		return CommandLine{}, err
	}
	return CommandLine{words: words}, nil
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
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Launch starts the command.
func (c CommandLine) Launch(addr string) (*Proc, error) {
	return launch(c.argv(addr), nil, addr)
}

// launched is a server that is started by a command. One process serves many
// specs; it is started again where it has ended or where Restart asks.
type launched struct {
	process Process
	fixed   string // the address if it is fixed; else a free one is chosen
	ready   time.Duration
	proc    *Proc
}

func (l *launched) Start(ctx context.Context) (string, error) {
	if l.proc != nil && !l.proc.hasEnded() {
		return l.proc.Addr(), nil
	}
	return l.start(ctx)
}

func (l *launched) start(ctx context.Context) (string, error) {
	addr := l.fixed
	if addr == "" {
		var err error
		if addr, err = FreeAddr(); err != nil {
			return "", err
		}
	}
	proc, err := l.process.Launch(addr)
	if err != nil {
		return "", err
	}
	l.proc = proc
	if err := AwaitReady(ctx, proc, l.ready); err != nil {
		proc.Kill()
		return "", err
	}
	return addr, nil
}

// AwaitReady waits until a process can be dialled. The visit leaves with
// disconnect.
func AwaitReady(ctx context.Context, proc *Proc, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var last error
	for ctx.Err() == nil {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", proc.Addr())
		if err == nil {
			_ = conn.SetDeadline(time.Now().Add(time.Second))
			_, _ = conn.Write([]byte("disconnect\n"))
			_, _ = conn.Read(make([]byte, 1))
			return conn.Close()
		}
		last = err
		if status, ended := proc.Exit(10 * time.Millisecond); ended {
			return fmt.Errorf("it ended with status %d before it could be dialled at %s%s", status, proc.Addr(), lastLine(proc.Output()))
		}
	}
	return fmt.Errorf("it could not be dialled at %s within %s: %s%s", proc.Addr(), within, reason(last), lastLine(proc.Output()))
}

func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return ": " + last
	}
	return ""
}

func (l *launched) Fresh() bool { return false }

func (l *launched) Restart(ctx context.Context) bool {
	_ = l.Stop()
	_, err := l.start(ctx)
	return err == nil
}

func (l *launched) Stop() error {
	if l.proc != nil {
		l.proc.Kill()
	}
	l.proc = nil
	return nil
}

func (l *launched) Output() string {
	if l.proc == nil {
		return ""
	}
	return l.proc.Output()
}
