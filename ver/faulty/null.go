package faulty

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// null is a server that does nothing of what the protocol wants.
type null struct {
	name, text string
	earns      []string
	each       func(ctx context.Context, conn *net.TCPConn) // has a connection, which is closed after it
}

// nulls gives the servers that must earn nothing, or next to nothing. They take
// any number of clients at once.
func nulls() []Member {
	members := []Member{{
		Name: "closed-port", Kind: Null, Text: "nobody listens",
		Target: func() *target.Target {
			return onWire("closed-port", func(ctx context.Context, ln net.Listener) error {
				err := ln.Close()
				<-ctx.Done()
				return err
			})
		},
	}}
	for _, n := range []null{
		{"silent", "accepts, reads, and says nothing", nil, func(_ context.Context, conn *net.TCPConn) {
			_, _ = io.Copy(io.Discard, conn)
		}},
		{"deaf", "accepts, and does not even read", nil, func(ctx context.Context, _ *net.TCPConn) { <-ctx.Done() }},
		{"hangs-up", "accepts and closes", nil, func(context.Context, *net.TCPConn) {}},
		{"resets", "accepts and resets", nil, func(_ context.Context, conn *net.TCPConn) { _ = conn.SetLinger(0) }},
		{"hangs-up-when-spoken-to", "closes when the first bytes come", nil, func(_ context.Context, conn *net.TCPConn) {
			_, _ = conn.Read(make([]byte, 4096))
		}},
		{"always-pong", "answers whatever it reads by pong", srs("004", "016", "019", "020", "032", "034", "049"), onEveryRead(func([]byte) string { return "pong\n" })},
		{"always-nak", "answers whatever it reads like an unknown command", nil, onEveryRead(func([]byte) string { return "nak - unknown cmd\n" })},
		{"always-empty", "answers whatever it reads by an empty packet", nil, onEveryRead(func([]byte) string { return "\n" })},
		{"echoes", "echoes everything", nil, onEveryRead(func(b []byte) string { return string(b) })},
		{"echoes-and-feeds", "echoes everything, with a line feed behind it", nil, onEveryRead(func(b []byte) string { return string(b) + "\n" })},
		{"floods", "sends packets without end", nil, forEver(strings.Repeat("pong\n", 1000), 0)},
		{"floods-unended", "sends 64 MiB and more without a line feed", nil, forEver(strings.Repeat("pong", 1<<14), 0)},
		{"drips", "sends a byte every 100 ms, and no line feed", nil, forEver("p", 100*time.Millisecond)},
		{"drips-pong", "sends a pong every 20 ms, whatever it gets", nil, forEver("pong\n", 20*time.Millisecond)},
		{"drips-pong-slower", "sends a pong every 50 ms, whatever it gets", nil, forEver("pong\n", 50*time.Millisecond)},
		{"banner", "sends a banner, and then nothing", nil, func(_ context.Context, conn *net.TCPConn) {
			_, _ = io.WriteString(conn, "220 ready\r\n")
			_, _ = io.Copy(io.Discard, conn)
		}},
		{"one-pong", "sends one pong, unasked, and then nothing", nil, func(_ context.Context, conn *net.TCPConn) {
			_, _ = io.WriteString(conn, "pong\n")
			_, _ = io.Copy(io.Discard, conn)
		}},
		{"http", "is a web server", nil, func(_ context.Context, conn *net.TCPConn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request")
		}},
		{"redis", "is a store with a protocol of lines", nil, onEveryLine(func(line string) string {
			if line == "ping" {
				return "+PONG\r\n"
			}
			return "-ERR unknown command '" + line + "'\r\n"
		})},
		{"smtp", "is a mail server", nil, func(ctx context.Context, conn *net.TCPConn) {
			_, _ = io.WriteString(conn, "220 mail ready\r\n")
			onEveryLine(func(string) string { return "500 command not recognized\r\n" })(ctx, conn)
		}},
	} {
		members = append(members, Member{
			Name: n.name, Kind: Null, Text: n.text, Earns: n.earns,
			Target: func() *target.Target {
				t := onWire(n.name, crowd(n.each))
				// What is missing is missing always: there is no need to wait for long.
				t.Limits.Response, t.Limits.Loop = 250*time.Millisecond, 250*time.Millisecond
				t.Limits.Quiet, t.Limits.Hurried = 30*time.Millisecond, 30*time.Millisecond
				return t
			},
		})
	}
	return members
}

// crowd serves any number of connections at once, until ctx is done.
func crowd(each func(context.Context, *net.TCPConn)) target.ServeFunc {
	return func(ctx context.Context, ln net.Listener) error {
		var group sync.WaitGroup
		defer group.Wait()
		defer context.AfterFunc(ctx, func() { _ = ln.Close() })()
		for {
			conn, err := ln.Accept()
			if err != nil {
				return nil
			}
			group.Go(func() {
				defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
				defer conn.Close()
				each(ctx, conn.(*net.TCPConn))
			})
		}
	}
}

// onEveryRead answers what a read gives, whatever it is.
func onEveryRead(answer func([]byte) string) func(context.Context, *net.TCPConn) {
	return func(_ context.Context, conn *net.TCPConn) {
		buf := make([]byte, 4096)
		for {
			n, err := conn.Read(buf)
			if n > 0 {
				_, _ = io.WriteString(conn, answer(buf[:n]))
			}
			if err != nil {
				return
			}
		}
	}
}

// onEveryLine answers each line.
func onEveryLine(answer func(string) string) func(context.Context, *net.TCPConn) {
	return func(ctx context.Context, conn *net.TCPConn) {
		rest := ""
		onEveryRead(func(b []byte) string {
			answers := ""
			lines := strings.Split(rest+string(b), "\n")
			for _, line := range lines[:len(lines)-1] {
				answers += answer(strings.TrimSuffix(line, "\r"))
			}
			rest = lines[len(lines)-1]
			return answers
		})(ctx, conn)
	}
}

// forEver sends a text again and again.
func forEver(text string, pause time.Duration) func(context.Context, *net.TCPConn) {
	return func(ctx context.Context, conn *net.TCPConn) {
		ticker := time.NewTicker(max(pause, 1))
		defer ticker.Stop()
		for ctx.Err() == nil {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
			if pause > 0 {
				select {
				case <-ticker.C:
				case <-ctx.Done():
				}
			}
		}
	}
}
