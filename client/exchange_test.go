package client_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/client"
)

// A command is sent as it is, with exactly one 0x0A (P3, P4); one that holds 0x0A
// is refused, and nothing of it sent (Pu).
func TestSend(t *testing.T) {
	commands := []string{"cmd01", "", " x ", "a\rb", "\x00\xff", strings.Repeat("y", 100_000)}
	sent := make(chan struct{})
	c := connected(t, func(p *peer) {
		p.expect(strings.Join(commands, "\n") + "\n")
		close(sent)
		p.ends()
	})
	ctx := within(t, patience)
	for _, command := range commands {
		for _, bad := range []string{command + "\n", "\n" + command, "a\nb"} {
			if err := c.Send(ctx, bad); !errors.Is(err, oneline.ErrLineFeed) {
				t.Errorf("%.20q: got %v, want ErrLineFeed", bad, err)
			}
		}
		if err := c.Send(ctx, command); err != nil {
			t.Errorf("%.20q: %v", command, err)
		}
	}
	<-sent
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// The results of Receive differ: a response, also an empty one; a time-out, which
// loses no byte; the end (Ps).
func TestReceive(t *testing.T) {
	step := make(chan string)
	c := connected(t, func(p *peer) {
		for text := range step {
			p.send(text)
		}
	})
	ctx := within(t, patience)
	want := func(response string) {
		t.Helper()
		if got, err := c.Receive(ctx); got != response || err != nil {
			t.Errorf("got %.50q and %v, want %.50q", got, err, response)
		}
	}
	wantTimeout := func() {
		t.Helper()
		if got, err := c.Receive(within(t, time.Millisecond)); got != "" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %q and %v, want context.DeadlineExceeded", got, err)
		}
		if !c.Connected() {
			t.Error("not connected after a time-out")
		}
	}
	wantTimeout()
	for _, part := range []string{"f", "ir", "st"} {
		step <- part
		wantTimeout()
	}
	step <- " one\n\nsecond\r\n"
	want("first one")
	want("")
	want("second\r")
	wantTimeout()

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := c.Receive(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}

	step <- strings.Repeat("x", 21) + "\nafter\n"
	if got, err := c.Receive(ctx); got != strings.Repeat("x", 20) || !errors.Is(err, client.ErrTooLong) {
		t.Errorf("got %q and %v, want 20 bytes and ErrTooLong", got, err)
	}
	want("after")

	step <- "last\nhalf"
	close(step)
	want("last")
	for range 2 {
		if got, err := c.Receive(ctx); got != "" || !errors.Is(err, client.ErrClosed) {
			t.Errorf("got %q and %v, want ErrClosed", got, err)
		}
		if c.Connected() {
			t.Error("still connected")
		}
	}
	if err := c.Send(ctx, "x"); !errors.Is(err, client.ErrClosed) {
		t.Errorf("Send returned %v, want ErrClosed", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("Close returned %v, want nil", err)
	}
}

// Do gives the response to a command, Ping holds it to pong.
func TestDo(t *testing.T) {
	c := connected(t, func(p *peer) {
		p.expect("a\n")
		p.send("1\n2\n")
		p.expect("b\nping\n")
		p.send("pong\n")
		p.expect("ping\n")
		p.send("late\n")
		p.ends()
	})
	ctx := within(t, patience)
	var got []string
	for _, command := range []string{"a", "b"} {
		response, err := c.Do(ctx, command)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, response)
	}
	if want := []string{"1", "2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := c.Ping(ctx); err != nil {
		t.Error(err)
	}
	if err := c.Ping(ctx); !errors.Is(err, client.ErrNoPong) || !strings.Contains(err.Error(), `"late"`) {
		t.Errorf("got %v, want an ErrNoPong that says what came", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// Commands can be sent while responses are received: a server that is not read from need
// not read, and both sides would wait for ever.
func TestSendWhileReceiving(t *testing.T) {
	const commands = 32 // of 1 MiB: more than connections hold, in both directions
	long := strings.Repeat("x", 1<<20)
	c := &client.Client{MaxPacket: len(long), Addr: listen(t, func(p *peer) {
		p.expect("ping\n")
		p.send("pong\n")
		for range commands {
			p.expect(long + "\n")
			p.send(long + "\n")
			if t.Failed() {
				return
			}
		}
	})}
	t.Cleanup(func() { _ = c.Close() })
	ctx := within(t, patience)
	if err := c.Connect(ctx); err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() {
		var err error
		for n := 0; n < commands && err == nil; n++ {
			err = c.Send(ctx, long)
		}
		sent <- err
	}()
	for n := range commands {
		if got, err := c.Receive(ctx); err != nil || got != long {
			t.Fatalf("response %d: got %.100q and %v", n, got, err)
		}
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}
