package client_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/socket-oneline/oneline/client"
)

// A client of the sample application, which answers cmd01 by ack.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()

	c := client.Client{Addr: sampleServer()}
	if err := c.Connect(ctx); err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	for _, command := range []string{"cmd01", "junk"} {
		response, err := c.Do(ctx, command)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(response)
	}
	fmt.Println(c.Disconnect(ctx), c.Connected())
	// Output:
	// ack
	// nak - unknown cmd
	// <nil> false
}

// No response in time, and no connection any more, are different errors. After the
// first, Receive can be called again.
func ExampleClient_Receive() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()

	c := client.Client{Addr: sampleServer()}
	if err := c.Connect(ctx); err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	brief, cancelBrief := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancelBrief()
	_, err := c.Receive(brief)
	fmt.Println("timed out:", errors.Is(err, context.DeadlineExceeded))

	_ = c.Send(ctx, "cmd01")
	_ = c.Send(ctx, "disconnect")
	fmt.Println(c.Receive(ctx))
	_, err = c.Receive(ctx)
	fmt.Println("closed:", errors.Is(err, client.ErrClosed))
	// Output:
	// timed out: true
	// ack <nil>
	// closed: true
}

// sampleServer serves one client as the sample application does, and returns its
// address. For a server proper see package server.
func sampleServer() string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		defer ln.Close()
		nc, err := ln.Accept()
		if err != nil {
			return
		}
		defer nc.Close()
		for commands := bufio.NewScanner(nc); commands.Scan(); {
			switch commands.Text() {
			case "ping":
				fmt.Fprintln(nc, "pong")
			case "cmd01":
				fmt.Fprintln(nc, "ack")
			case "disconnect":
				return
			default:
				fmt.Fprintln(nc, "nak - unknown cmd")
			}
		}
	}()
	return ln.Addr().String()
}
