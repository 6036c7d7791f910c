package server_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/server"
)

// The benchmarks stand beside their baseline: the plainest loop that reads and
// writes as many bytes by the same calls. Both are driven by the same client.

// BenchmarkPing: a ping is sent when the last one was answered.
func BenchmarkPing(b *testing.B) {
	b.Run("baseline", func(b *testing.B) { drive(b, loop(echo), "ping\n", "ping\n", 1) })
	b.Run("server", func(b *testing.B) { drive(b, reference(answer), "ping\n", "pong\n", 1) })
}

// BenchmarkPipelined: pings are sent without waiting for the answers.
func BenchmarkPipelined(b *testing.B) {
	b.Run("baseline", func(b *testing.B) { drive(b, loop(echo), "ping\n", "ping\n", pipelined) })
	b.Run("server", func(b *testing.B) { drive(b, reference(answer), "ping\n", "pong\n", pipelined) })
}

// BenchmarkCallback: commands that the callback answers are sent as the pings of
// BenchmarkPipelined are; those are its baseline.
func BenchmarkCallback(b *testing.B) {
	b.Run("baseline", func(b *testing.B) { drive(b, reference(answer), "ping\n", "pong\n", pipelined) })
	b.Run("server", func(b *testing.B) { drive(b, reference(answer), "work\n", "pong\n", pipelined) })
}

// BenchmarkLongPacket: packets of 1 MiB, within the maximum, each answered; against
// io.Copy of as many bytes, and the same answer.
func BenchmarkLongPacket(b *testing.B) {
	packet := strings.Repeat("x", longPacket) + "\n"
	b.Run("baseline", func(b *testing.B) { drive(b, loop(swallow), packet, "pong\n", 1) })
	b.Run("server", func(b *testing.B) { drive(b, reference(answer), packet, "pong\n", 1) })
}

// answer is a callback that does as little as it can.
func answer(_ context.Context, _ server.Command, r server.Responder) error { return r.Send("pong") }

const (
	bufferSize = 4 << 10 // of the echo loop, as the server's at its start
	pipelined  = 64      // commands on their way at a time
	longPacket = 1 << 20
)

// serving serves clients until ctx is done.
type serving func(ctx context.Context, ln net.Listener) error

func reference(callback server.Callback) serving {
	return (&server.Server{Callback: callback, MaxPacket: longPacket}).Serve
}

// loop serves one client by talk.
func loop(talk func(net.Conn)) serving {
	return func(_ context.Context, ln net.Listener) error {
		defer ln.Close()
		nc, err := ln.Accept()
		if err != nil {
			return err
		}
		defer nc.Close()
		talk(nc)
		return nil
	}
}

// echo is the plainest server that answers as many bytes as it gets.
func echo(nc net.Conn) {
	buf := make([]byte, bufferSize)
	for {
		n, err := nc.Read(buf)
		if err != nil {
			return
		}
		if _, err := nc.Write(buf[:n]); err != nil {
			return
		}
	}
}

// swallow copies the bytes of a long packet to nowhere, and answers.
func swallow(nc net.Conn) {
	for {
		if _, err := io.Copy(io.Discard, io.LimitReader(nc, longPacket+1)); err != nil {
			return
		}
		if _, err := io.WriteString(nc, "pong\n"); err != nil {
			return
		}
	}
}

// drive sends a command b.N times, at most ahead of them before their answers, and
// compares every answer.
func drive(b *testing.B, serve serving, command, answer string, ahead int) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, ln) }()
	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	commands := []byte(strings.Repeat(command, ahead))
	want := []byte(strings.Repeat(answer, ahead))
	got := make([]byte, len(want))
	if ahead == 1 {
		b.SetBytes(int64(len(command)))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; left -= ahead {
		n := min(left, ahead)
		if _, err := nc.Write(commands[:n*len(command)]); err != nil {
			b.Fatal(err)
		}
		got := got[:n*len(answer)]
		if _, err := io.ReadFull(nc, got); err != nil || !bytes.HasPrefix(want, got) {
			b.Fatalf("answered by %.50q: %v", got, err)
		}
	}
	b.StopTimer()
	nc.Close()
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}
