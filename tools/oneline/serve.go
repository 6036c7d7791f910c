package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/server"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "run the reference server with the sample application",
		Description: `The sample application answers cmd01 by ack, "echo TEXT" by TEXT, "count N" by N
packets, none by nothing, and any other command by "nak - unknown cmd". The
server's own commands are ping, disconnect and shutdown. There is no
authentication and no encryption: whoever can connect can shut it down.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: oneline.DefaultAddr, Usage: "`HOST:PORT`: where to listen; port 0 takes a free one"},
			&cli.BoolFlag{Name: "log", Usage: "log to standard error", HideDefault: true},
		},
		Action: serveAction,
	}
}

func serveAction(ctx context.Context, c *cli.Command) error {
	addr, err := address(c)
	if err != nil {
		return err
	}
	s := server.Server{Callback: server.Sample}
	if c.Bool("log") {
		s.Logger = slog.New(slog.NewTextHandler(c.Root().ErrWriter, nil))
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fail{reports.ExitFailed, fmt.Errorf("cannot listen: %w: end what has this address, or choose another one by -addr", err)}
	}
	if exposed(ln.Addr()) {
		fmt.Fprintln(c.Root().ErrWriter, "oneline: other machines can connect, and anyone who can connect can shut this server down")
	}
	fmt.Fprintf(c.Root().Writer, "listening at %s\n", ln.Addr())
	ctx, stop := interruptible(ctx)
	defer stop()
	if err := s.Serve(ctx, ln); err != nil {
		return fail{reports.ExitFailed, err}
	}
	return nil
}

// exposed tells whether other machines can reach an address.
func exposed(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return !ok || !tcp.IP.IsLoopback()
}
