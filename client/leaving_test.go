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

// A command of which nothing was sent costs nothing.
func TestSendCancelled(t *testing.T) {
	sent, received := make(chan int, 1), make(chan int, 1)
	c := connected(t, func(p *peer) {
		n := <-sent
		p.expect(strings.Repeat("x\n", n) + "last\n")
		p.ends()
		received <- n
	})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for ; ; n++ { // a command may be sent before the end of its ctx is noticed
		if err := c.Send(cancelled, "x"); err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want context.Canceled", err)
			}
			break
		}
	}
	sent <- n
	if err := c.Send(t.Context(), "last"); err != nil || !c.Connected() {
		t.Errorf("got %v, want to go on as before", err)
	}
	_ = c.Close()
	<-received
}
