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
		Description: `Each argument is a command; one with blanks needs quotes. Without arguments,
commands are read from standard input, a line each. Every response is printed on a
line of its own. Behind the commands a ping and disconnect are sent, unless they end
in disconnect or shutdown: what comes before that pong are the responses. -timeout
holds for each command. -driver makes the client obey the lines of a client under test instead.`,
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
			return s.interact(ctx, c.Root().Reader)
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

// manyBytes of commands are not sent at once: nobody may read their responses then.
const manyBytes = 32 << 10

// all sends commands, and prints all that comes until the connection ends. Behind them
// a ping is sent, whose pong is the last packet: no response can be taken for it.
func (s *sender) all(ctx context.Context, commands []string) error {
	if len(strings.Join(commands, "\n")) > manyBytes {
		for _, command := range commands {
			if err := s.send(ctx, command); err != nil {
				return err
			}
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout*time.Duration(max(len(commands), 1)))
	defer cancel()
	sent, leaves := commands, false
	for i, command := range commands {
		if command == oneline.Disconnect || command == oneline.Shutdown {
			sent, leaves = commands[:i+1], true
			break
		}
	}
	if !leaves {
		sent = append(slices.Clone(commands), oneline.Ping, oneline.Disconnect)
	}
	if err := s.write(ctx, sent); err != nil {
		return err
	}
	err := s.printAll(ctx, !leaves)
	if rest := len(commands) - len(sent); err == nil && leaves && rest > 0 {
		err = fmt.Errorf("%q is not sent: the connection is closed", commands[len(sent)])
	}
	return err
}

func (s *sender) write(ctx context.Context, commands []string) error {
	for _, command := range commands {
		if err := s.client.Send(ctx, command); err != nil {
			return fmt.Errorf("%q: %w", command, s.reason(err))
		}
	}
	return nil
}

// printAll prints the responses until the connection ends. Where they end in a pong,
// the last packet is held back.
func (s *sender) printAll(ctx context.Context, pong bool) error {
	var held *string
	flush := func() error {
		if held == nil {
			return nil
		}
		return s.print(*held)
	}
	for n := 0; ; n++ {
		response, err := s.client.Receive(ctx)
		if err == nil && ctx.Err() != nil { // more comes than can be taken in time
			err = ctx.Err()
		}
		switch {
		case errors.Is(err, client.ErrClosed) && pong && held != nil && *held == oneline.Pong, errors.Is(err, client.ErrClosed) && !pong:
			if !pong {
				return flush()
			}
			return nil
		case err != nil:
			if printErr := flush(); printErr != nil {
				return printErr
			}
			if errors.Is(err, client.ErrClosed) {
				return fmt.Errorf("%s has closed the connection before it had answered everything", s.client.Addr)
			}
			if n > 0 && errors.Is(err, context.DeadlineExceeded) {
				return fmt.Errorf("%s has not come to an end in time", s.client.Addr)
			}
			return s.reason(err)
		}
		if err := flush(); err != nil {
			return err
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
	return err
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
	if !s.client.Connected() {
		return fmt.Errorf("%q is not sent: the connection is closed", command)
	}
	switch command {
	case oneline.Disconnect:
		return s.client.Disconnect(ctx)
	case oneline.Shutdown:
		return s.client.Shutdown(ctx)
	}
	if err := s.write(ctx, []string{command, oneline.Ping}); err != nil {
		return err
	}
	response, err := s.client.Receive(ctx)
	for err == nil {
		if response == oneline.Pong {
			soon, end := context.WithTimeout(ctx, again)
			more, err := s.client.Receive(soon)
			end()
			if err != nil {
				return nil
			}
			if err := s.print(response); err != nil {
				return err
			}
			response = more
			continue
		}
		if err := s.print(response); err != nil {
			return err
		}
		response, err = s.client.Receive(ctx)
	}
	return fmt.Errorf("%q: %w", command, s.reason(err))
}

// print prints a response: its bytes as they are, but on a terminal what could
// upset it is quoted.
func (s *sender) print(response string) error {
	if _, ok := screen(s.out); ok && strings.ContainsFunc(response, func(r rune) bool { return !strconv.IsPrint(r) }) {
		response = strconv.Quote(response)
	}
	_, err := fmt.Fprintln(s.out, response)
	return err
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
