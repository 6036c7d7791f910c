package server_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/socket-oneline/oneline/server"
)

// A server with a command of its own. The listener is bound before Serve runs, so
// that clients can connect at once.
func Example() {
	s := server.Server{
		Callback: func(ctx context.Context, command server.Command, responder server.Responder) error {
			if name, ok := strings.CutPrefix(command.Text, "greet "); ok && !command.Invalid {
				return responder.Send("hello " + name)
			}
			return responder.Send("unknown command")
		},
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	result := make(chan error)
	go func() { result <- s.Serve(context.Background(), ln) }()

	fmt.Print(talk(ln.Addr(), "ping\ngreet you\nwhat\nshutdown\n"))
	fmt.Println(<-result)
	// Output:
	// pong
	// hello you
	// unknown command
	// <nil>
}

// A callback may stop the server that it is called by: it ends the context that
// Serve was given. Serve returns once the callback has returned and its responses
// are sent.
func ExampleServer_Serve_stopFromCallback() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s := server.Server{
		Callback: func(ctx context.Context, command server.Command, responder server.Responder) error {
			if command.Text == "goodbye" {
				stop()
			}
			return responder.Send("heard " + command.Text)
		},
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	result := make(chan error)
	go func() { result <- s.Serve(ctx, ln) }()

	fmt.Print(talk(ln.Addr(), "hello\ngoodbye\n"))
	fmt.Println(<-result)
	// Output:
	// heard hello
	// heard goodbye
	// <nil>
}

func ExampleServer_Check() {
	fmt.Println((&server.Server{MaxPacket: -1}).Check())
	// Output:
	// server: wrong parameters: Addr is not set: give host:port; Callback is not set: give the function that handles commands; MaxPacket is -1: give a number of bytes
}

// talk sends commands and returns what comes until the server closes.
func talk(addr net.Addr, commands string) string {
	nc, err := net.Dial("tcp", addr.String())
	if err != nil {
		return err.Error()
	}
	defer nc.Close()
	fmt.Fprint(nc, commands)
	var responses strings.Builder
	_, _ = bufio.NewReader(nc).WriteTo(&responses)
	return responses.String()
}
