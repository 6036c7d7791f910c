package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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
line of its own. That a command's responses are complete is learned by a ping sent
after it. -driver makes the client obey the lines of a client under test instead.`,
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
		client:  client.Client{Addr: addr},
		timeout: c.Duration("timeout"),
		out:     c.Root().Writer,
	}
	defer s.client.Close()
	if c.Bool("driver") {
		return s.drive(ctx, c.Root().Reader)
	}
	if err := s.within(ctx, s.client.Connect); err != nil {
		return fail{reports.ExitNoTarget, err}
	}
	if c.Args().Present() {
		for _, command := range c.Args().Slice() {
			if err := s.send(ctx, command); err != nil {
				return fail{reports.ExitFailed, err}
			}
		}
		return nil
	}
	return s.interact(ctx, c.Root().Reader)
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

// send sends a command and prints its responses.
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
	case oneline.Ping:
		if err := s.client.Ping(ctx); err != nil {
			return fmt.Errorf("ping: %w", err)
		}
		return s.print(oneline.Pong)
	}
	if err := s.client.Send(ctx, command); err != nil {
		return fmt.Errorf("%q: %w", command, err)
	}
	if err := s.client.Send(ctx, oneline.Ping); err != nil {
		return fmt.Errorf("%q: %w", command, err)
	}
	for {
		response, err := s.client.Receive(ctx)
		if err != nil {
			return fmt.Errorf("%q: %w", command, err)
		}
		if response == oneline.Pong {
			return nil
		}
		if err := s.print(response); err != nil {
			return err
		}
	}
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

// interact sends the lines of standard input, until it ends or the connection
// does.
func (s *sender) interact(ctx context.Context, in io.Reader) error {
	prompt := ""
	if _, ok := screen(in); ok {
		prompt = "> "
	}
	lines := bufio.NewReader(in)
	for s.client.Connected() {
		fmt.Fprint(s.out, prompt)
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
