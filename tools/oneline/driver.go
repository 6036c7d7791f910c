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

	"github.com/socket-oneline/oneline/client"
	"github.com/socket-oneline/oneline/ver/target"
)

// drive makes the reference client a client under test: it obeys the lines of
// in, and answers each by one line.
func (s *sender) drive(ctx context.Context, in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if _, err := fmt.Fprintln(s.out, s.obey(ctx, verb, rest)); err != nil {
			return err
		}
		if verb == "quit" {
			return nil
		}
	}
}

// obey carries out a line and gives the answer to it.
func (s *sender) obey(ctx context.Context, verb, rest string) string {
	switch verb {
	case "connect":
		return answer("ok", s.within(ctx, s.client.Connect))
	case "disconnect":
		return answer("ok", s.within(ctx, s.client.Disconnect))
	case "shutdown":
		return answer("ok", s.within(ctx, s.client.Shutdown))
	case "connected":
		return "ok " + strconv.FormatBool(s.client.Connected())
	case "quit":
		return answer("ok", s.client.Close())
	case "send":
		text, err := target.DecodeText(rest)
		if err != nil {
			return answer("", err)
		}
		return answer("ok", s.within(ctx, func(ctx context.Context) error { return s.client.Send(ctx, text) }))
	case "receive":
		seconds, err := strconv.ParseFloat(rest, 64)
		if err != nil {
			return answer("", fmt.Errorf("receive takes a number of seconds, not %q", rest))
		}
		ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
		defer cancel()
		text, err := s.client.Receive(ctx)
		return answer("ok "+target.EncodeText(text), err)
	}
	return "error unknown line: " + strconv.Quote(verb)
}

// answer is what a line is answered: ok and what goes with it, or what became of
// it.
func answer(ok string, err error) string {
	switch {
	case err == nil:
		return ok
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, client.ErrClosed):
		return "closed"
	}
	return "error " + strings.Join(strings.Fields(err.Error()), " ")
}
