package client_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/client"
)

// Disconnect and Shutdown send their command, wait for the server to close, and
// close this side (P7).
func TestLeave(t *testing.T) {
	for command, leave := range map[string]func(*client.Client, context.Context) error{
		"disconnect": (*client.Client).Disconnect,
		"shutdown":   (*client.Client).Shutdown,
	} {
		tests := []struct {
			name   string
			script func(p *peer)
			within time.Duration
			want   error
		}{
			{"closed", func(p *peer) { p.expect(command + "\n") }, patience, nil},
			{"half-closed", func(p *peer) { p.expect(command + "\n"); _ = p.CloseWrite(); p.ends() }, patience, nil},
			{"reset", func(p *peer) { p.expect(command + "\n"); p.reset() }, patience, nil},
			{"responses first", func(p *peer) {
				p.expect(command + "\n")
				p.send("a\n" + strings.Repeat("x", 100) + "\nhalf")
			}, patience, nil},
			{"not closed", func(p *peer) { p.expect(command + "\n"); p.ends() }, 50 * time.Millisecond, context.DeadlineExceeded},
			{"responses without end", func(p *peer) {
				p.expect(command + "\n")
				for {
					if _, err := io.WriteString(p, "more\n"); err != nil {
						return
					}
				}
			}, 50 * time.Millisecond, context.DeadlineExceeded},
		}
		for _, test := range tests {
			t.Run(command+", "+test.name, func(t *testing.T) {
				c := connected(t, test.script)
				if err := leave(c, within(t, test.within)); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				if c.Connected() {
					t.Error("still connected")
				}
				if err := c.Send(t.Context(), "x"); !errors.Is(err, client.ErrNotConnected) {
					t.Errorf("Send returned %v, want ErrNotConnected", err)
				}
			})
		}
	}
}

// A command that was sent in part ends the connection: no other can follow it.
func TestSendInPart(t *testing.T) {
	proceed := make(chan struct{})
	c := connected(t, func(p *peer) { <-proceed })
	defer close(proceed)
	command := strings.Repeat("x", 64<<20)   // more than the kernel takes
	for tries := 0; c.Connected(); tries++ { // as long as the time was up before anything was sent
		if tries == 20 {
			t.Fatal("still connected, after a part of a command")
		}
		if err := c.Send(within(t, time.Duration(tries+1)*50*time.Millisecond), command); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v, want context.DeadlineExceeded", err)
		}
	}
	if err := c.Send(t.Context(), "y"); !errors.Is(err, client.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

// With a context that is done already nothing is sent, and the client can still be used.
func TestSendCancelled(t *testing.T) {
	ended := make(chan bool)
	c := connected(t, func(p *peer) {
		p.expect("last\n")
		p.ends()
		close(ended)
	})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 { // a client that notices late sends some of them, not all
		if err := c.Send(cancelled, "x"); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want context.Canceled", err)
		}
	}
	if err := c.Send(t.Context(), "last"); err != nil || !c.Connected() {
		t.Errorf("got %v, want to go on as before", err)
	}
	if err := c.Shutdown(cancelled); !errors.Is(err, context.Canceled) || c.Connected() {
		t.Errorf("Shutdown returned %v, want context.Canceled and to be disconnected", err)
	}
	<-ended
}
