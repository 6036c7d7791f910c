package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/client"
	"github.com/socket-oneline/oneline/reports"
)

func sendCommand() *cli.Command {
	return &cli.Command{
		Name:      "send",
		Usage:     "run the reference client: send commands and print their responses",
		ArgsUsage: "[COMMAND...]",
		Description: `Each argument is a command; one with blanks needs quotes. Without arguments, commands
are read from standard input, one per line. Each response is printed on a line. ping and
disconnect are sent behind your commands, unless these include disconnect or shutdown:
the responses are what comes before that pong. -timeout is the time for each command.

-driver obeys the lines of a client under test instead (docs/verify-your-client.md).

Exit codes: 0 there was a response, or none was due; 1 there was none, or the connection
ended before all had come; 2 wrong flags; 3 the server cannot be reached, or does not
answer ping by pong.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: oneline.DefaultAddr, Usage: "`HOST:PORT`: the address of the server"},
			&cli.DurationFlag{Name: "timeout", Value: 3 * time.Second, Usage: "`TIME`: how long to wait for the server"},
			&cli.BoolFlag{Name: "driver", Usage: "obey connect, send, receive, ... on standard input", HideDefault: true},
		},
		Action: sendAction,
	}
}

func sendAction(ctx context.Context, c *cli.Command) error {
	addr, err := address(c)
	if err != nil {
		return err
	}
	if c.Duration("timeout") <= 0 {
		return fmt.Errorf("-timeout %v: give a time above 0, such as 3s", c.Duration("timeout"))
	}
	if c.Bool("driver") && c.Args().Present() {
		return fmt.Errorf("-driver takes its lines from standard input, not as arguments")
	}
	for _, command := range c.Args().Slice() {
		if strings.Contains(command, "\n") {
			return fmt.Errorf("%q is more than one line: pass each command as a separate argument", command)
		}
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	s := &sender{
		client:  client.Client{Addr: addr, MaxPacket: longestResponse},
		timeout: c.Duration("timeout"),
		out:     c.Root().Writer,
	}
	defer s.client.Close()
	if c.Bool("driver") {
		return s.drive(ctx, c.Root().Reader)
	}
	if err := s.within(ctx, s.client.Connect); err != nil {
		return fail{reports.ExitNoTarget, s.reason(err)}
	}
	commands := c.Args().Slice()
	if len(commands) == 0 {
		if _, ok := screen(c.Root().Reader); ok {
			stop() // an interrupt ends the program, which may be waiting for a line
			return s.interact(context.WithoutCancel(ctx), c.Root().Reader)
		}
		if commands, err = lines(c.Root().Reader); err != nil {
			return err
		}
	}
	if err := s.all(ctx, commands); err != nil {
		return fail{reports.ExitFailed, err}
	}
	return nil
}

// longestResponse is the longest one that is shown, in bytes.
const longestResponse = 16 << 20

// lines reads all lines.
func lines(in io.Reader) ([]string, error) {
	data, err := io.ReadAll(in)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n"), nil
}

// all sends commands, and prints all that comes until the connection ends. Behind them
// a ping is sent, whose pong is the last packet: no response can be taken for it.
func (s *sender) all(ctx context.Context, commands []string) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout*time.Duration(max(len(commands), 1)))
	defer cancel()
	asked, sent := commands, append(slices.Clone(commands), oneline.Ping, oneline.Disconnect)
	leaves := slices.IndexFunc(commands, func(c string) bool { return c == oneline.Disconnect || c == oneline.Shutdown })
	if leaves >= 0 {
		asked, sent = commands[:leaves], commands[:leaves+1]
	}
	written := make(chan struct{})
	go func() { // while responses are received: a server that is not read from need not read
		defer close(written)
		for _, command := range sent {
			if s.client.Send(ctx, command) != nil {
				return // whoever receives notices it, too
			}
		}
	}()
	n, err := s.printAll(ctx, leaves < 0)
	cancel()
	<-written
	switch {
	case err != nil:
		return err
	case n == 0 && len(asked) > 0:
		return fmt.Errorf("%s has sent no response", s.client.Addr)
	case leaves >= 0 && leaves+1 < len(commands):
		return fmt.Errorf("%q is not sent: the connection is closed", commands[leaves+1])
	}
	return nil
}

// printAll prints the responses until the connection ends, and returns how many there
// were. Where they end in a pong, that is not printed.
func (s *sender) printAll(ctx context.Context, pong bool) (n int, err error) {
	var held *string // not yet printed: it may be the last
	for {
		response, err := s.client.Receive(ctx)
		if err == nil && ctx.Err() != nil { // more comes than can be taken in time
			err = ctx.Err()
		}
		closed := errors.Is(err, client.ErrClosed)
		if closed && pong && held != nil && *held == oneline.Pong {
			return n, nil
		}
		if held != nil {
			if err := s.print(*held); err != nil {
				return n, err
			}
			n++
		}
		switch {
		case closed && !pong:
			return n, nil
		case closed:
			return n, fmt.Errorf("%s has closed the connection before it had answered everything", s.client.Addr)
		case n > 0 && errors.Is(err, context.DeadlineExceeded):
			return n, fmt.Errorf("%s has not come to an end in time", s.client.Addr)
		case err != nil:
			return n, s.reason(err)
		}
		held = &response
	}
}

// reason says in the words of this command why something failed.
func (s *sender) reason(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s does not answer: nothing within %s (-timeout)", s.client.Addr, s.timeout)
	case errors.Is(err, client.ErrClosed):
		return fmt.Errorf("%s has closed the connection", s.client.Addr)
	case errors.Is(err, client.ErrTooLong):
		return fmt.Errorf("a response of %s is longer than %d MiB, and is not shown", s.client.Addr, longestResponse>>20)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "client: "))
}

// sender is the reference client at work for a person.
type sender struct {
	client  client.Client
	timeout time.Duration
	out     io.Writer
}

func (s *sender) within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return do(ctx)
}

// again is how long a response may take that comes behind a pong.
const again = 50 * time.Millisecond

// send sends a command and prints its responses at once, for a person who waits for
// them. A ping is sent after it; where more comes behind the pong, that was a response.
func (s *sender) send(ctx context.Context, command string) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	switch command {
	case oneline.Disconnect:
		return s.client.Disconnect(ctx)
	case oneline.Shutdown:
		return s.client.Shutdown(ctx)
	}
	err := s.client.Send(ctx, command)
	if err == nil {
		err = s.client.Send(ctx, oneline.Ping)
	}
	var response string
	if err == nil {
		response, err = s.client.Receive(ctx)
	}
	for n := 0; err == nil; n++ {
		more := ""
		if response == oneline.Pong {
			soon, end := context.WithTimeout(ctx, again)
			more, err = s.client.Receive(soon)
			end()
			switch {
			case err == nil:
			case n == 0:
				_, err = fmt.Fprintln(s.out, "(no response)")
				return err
			default:
				return nil
			}
		}
		if err := s.print(response); err != nil {
			return err
		}
		if response != oneline.Pong {
			more, err = s.client.Receive(ctx)
		}
		response = more
	}
	return fmt.Errorf("%q: %w", command, s.reason(err))
}

// print prints a response: its bytes as they are, but on a terminal what could upset it
// is quoted.
func (s *sender) print(response string) error {
	if _, ok := screen(s.out); ok {
		response = harmless(response)
	}
	_, err := fmt.Fprintln(s.out, response)
	return err
}

// harmless quotes a text that is more than what is seen of it.
func harmless(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return text
	}
	return strconv.Quote(text)
}

// interact sends the lines that a person types, until they end or the connection
// does.
func (s *sender) interact(ctx context.Context, in io.Reader) error {
	lines := bufio.NewReader(in)
	for s.client.Connected() {
		fmt.Fprint(s.out, "> ")
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) && line == "" {
			return s.within(ctx, s.client.Disconnect)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err := s.send(ctx, strings.TrimSuffix(line, "\n")); err != nil {
			return fail{reports.ExitFailed, err}
		}
	}
	return nil
}
