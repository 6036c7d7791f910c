package server_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/socket-oneline/oneline/server"
)

// The benchmarks stand beside their baseline: the plainest loop that does as much by
// the same calls. Both are driven by the same client. tools/bench makes a table of
// their ratios.

// BenchmarkPing: a ping is sent when the last one was answered.
func BenchmarkPing(b *testing.B) {
	b.Run("echo", func(b *testing.B) { drive(b, loop(echo), "ping\n", "ping\n", 1) })
	b.Run("server", func(b *testing.B) { drive(b, reference(answer), "ping\n", "pong\n", 1) })
}

// depths are how many commands are on their way at a time. The last is without
// bound: they are sent while their answers are taken, both as fast as can be.
var depths = []int{8, 64, 1024, unbounded}

func atDepths(b *testing.B, run func(b *testing.B, ahead int)) {
	for _, ahead := range depths {
		name := fmt.Sprintf("ahead=%d", ahead)
		if ahead == unbounded {
			name = "ahead=all"
		}
		b.Run(name, func(b *testing.B) { run(b, ahead) })
	}
}

// BenchmarkPipelined: pings are sent without waiting for the answers. The echo loop
// moves as many bytes and looks at none; the loop of lines looks for pings.
func BenchmarkPipelined(b *testing.B) {
	atDepths(b, func(b *testing.B, ahead int) {
		b.Run("echo", func(b *testing.B) { drive(b, loop(echo), "ping\n", "ping\n", ahead) })
		b.Run("lines", func(b *testing.B) { drive(b, loop(lines), "ping\n", "pong\n", ahead) })
		b.Run("server", func(b *testing.B) { drive(b, reference(answer), "ping\n", "pong\n", ahead) })
	})
}

// BenchmarkCallback: commands that the callback answers are sent as the pings of
// BenchmarkPipelined are. The loop of lines has a callback too.
func BenchmarkCallback(b *testing.B) {
	atDepths(b, func(b *testing.B, ahead int) {
		b.Run("pings", func(b *testing.B) { drive(b, reference(answer), "ping\n", "pong\n", ahead) })
		b.Run("lines", func(b *testing.B) { drive(b, loop(lines), "work\n", "pong\n", ahead) })
		b.Run("server", func(b *testing.B) { drive(b, reference(answer), "work\n", "pong\n", ahead) })
	})
}

// BenchmarkLongPacket: packets of 1 MiB, within the maximum, each answered; against
// io.Copy of as many bytes to nowhere, and into a buffer of which a string is made, as
// the callback is handed one.
func BenchmarkLongPacket(b *testing.B) {
	packet := strings.Repeat("x", longPacket) + "\n"
	b.Run("discard", func(b *testing.B) { drive(b, loop(discard), packet, "pong\n", 1) })
	b.Run("keep", func(b *testing.B) { drive(b, loop(keep), packet, "pong\n", 1) })
	b.Run("server", func(b *testing.B) { drive(b, reference(answer), packet, "pong\n", 1) })
}

// answer is a callback that does as little as it can.
func answer(_ context.Context, _ server.Command, r server.Responder) error { return r.Send("pong") }

const (
	bufferSize = 8 << 10 // of the loops, as the server's becomes
	longPacket = 1 << 20
	unbounded  = 0
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

// lines is the plainest server that answers ping itself, and hands other lines to a
// callback which may respond from any goroutine.
func lines(nc net.Conn) {
	in, out := bufio.NewReaderSize(nc, bufferSize), bufio.NewWriterSize(nc, bufferSize)
	var mu sync.Mutex
	respond := func(response string) error {
		mu.Lock()
		defer mu.Unlock()
		_, _ = out.WriteString(response)
		return out.WriteByte('\n')
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if string(line) == "ping\n" {
			err = respond("pong")
		} else {
			err = respondPong(string(line[:len(line)-1]), respond)
		}
		if err == nil && in.Buffered() == 0 {
			err = out.Flush()
		}
		if err != nil {
			return
		}
	}
}

// respondPong is the callback of the loops; in a variable, because callbacks are not known
// when a server is compiled.
var respondPong = func(_ string, respond func(string) error) error { return respond("pong") }

// discard copies long packets to nowhere, and answers.
func discard(nc net.Conn) {
	for {
		if _, err := io.Copy(io.Discard, io.LimitReader(nc, longPacket+1)); err != nil {
			return
		}
		if _, err := io.WriteString(nc, "pong\n"); err != nil {
			return
		}
	}
}

// keep copies long packets into memory, and calls back.
func keep(nc net.Conn) {
	var packet bytes.Buffer
	for {
		packet.Reset()
		if _, err := io.Copy(&packet, io.LimitReader(nc, longPacket+1)); err != nil {
			return
		}
		respond := func(response string) error {
			_, err := io.WriteString(nc, response+"\n")
			return err
		}
		if err := respondPong(packet.String(), respond); err != nil {
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
	if ahead == 1 {
		b.SetBytes(int64(len(command)))
	}
	b.ReportAllocs()
	if ahead == unbounded {
		err = stream(b, nc, command, answer)
	} else {
		err = batches(b, nc, command, answer, ahead)
	}
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	nc.Close()
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

// batches sends ahead commands, takes their answers, and so on.
func batches(b *testing.B, nc net.Conn, command, answer string, ahead int) error {
	commands := []byte(strings.Repeat(command, ahead))
	want := []byte(strings.Repeat(answer, ahead))
	got := make([]byte, len(want))
	b.ResetTimer()
	for left := b.N; left > 0; left -= ahead {
		n := min(left, ahead)
		if _, err := nc.Write(commands[:n*len(command)]); err != nil {
			return err
		}
		if err := takes(nc, got[:n*len(answer)], want); err != nil {
			return err
		}
	}
	return nil
}

// stream sends all commands while it takes their answers.
func stream(b *testing.B, nc net.Conn, command, answer string) error {
	const portion = 8 << 10 // commands to a write, answers to a comparison
	commands := []byte(strings.Repeat(command, portion))
	want := []byte(strings.Repeat(answer, portion))
	got := make([]byte, len(want))
	sent := make(chan error, 1)
	b.ResetTimer()
	go func() {
		for left := b.N; left > 0; left -= portion {
			if _, err := nc.Write(commands[:min(left, portion)*len(command)]); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for left := b.N; left > 0; left -= portion {
		if err := takes(nc, got[:min(left, portion)*len(answer)], want); err != nil {
			return err
		}
	}
	return <-sent
}

// takes fills got, and holds it to what is wanted.
func takes(nc net.Conn, got, want []byte) error {
	if _, err := io.ReadFull(nc, got); err != nil || !bytes.HasPrefix(want, got) {
		return fmt.Errorf("answered by %.50q: %v", got, err)
	}
	return nil
}
