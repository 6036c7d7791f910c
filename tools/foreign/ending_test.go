//go:build unix

package foreign_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/ver/patience"
)

// An interrupted run writes the reports of what was done, and says that it is
// not all.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal os.Signal
		after  int32 // connections that are served; the next one is not, and the run is interrupted
		code   int
	}{
		{"before the first spec", os.Interrupt, 0, reports.ExitIncomplete},
		{"within a spec", os.Interrupt, 20, reports.ExitIncomplete},
		{"one connection later", os.Interrupt, 21, reports.ExitIncomplete},
		{"two connections later", os.Interrupt, 22, reports.ExitIncomplete},
		{"three connections later", os.Interrupt, 23, reports.ExitIncomplete},
		{"told to end", syscall.SIGTERM, 20, reports.ExitIncomplete},
		{"after a failure", os.Interrupt, -80, reports.ExitFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			failing, after := c.after < 0, max(c.after, -c.after)
			var count atomic.Int32
			stuck := make(chan struct{})
			addr := serial(func(ctx context.Context, conn *net.TCPConn) {
				if count.Add(1) == after+1 {
					close(stuck)
				}
				if count.Load() > after {
					<-ctx.Done()
					return
				}
				serve(conn, failing)
			})(t)
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			o := outcome{out: t.TempDir()}
			cmd := command(ctx, "verify", "-out", o.out, "-addr", addr)
			o = finish(t, cmd, o, func() error {
				if err := cmd.Start(); err != nil {
					return err
				}
				select {
				case <-stuck:
				case <-ctx.Done():
				}
				_ = cmd.Process.Signal(c.signal)
				return cmd.Wait()
			})
			if o.code != c.code {
				t.Errorf("exit code %d, want %d:\n%s%s", o.code, c.code, o.stdout, o.stderr)
			}
			if o.model.Run.Complete || !strings.Contains(o.stdout, "The run is not complete") {
				t.Errorf("the run is complete: %t\n%s", o.model.Run.Complete, o.stdout)
			}
			if o.took > 30*time.Second {
				t.Errorf("it went on for %s", o.took)
			}
		})
	}
}

// serve is a server for one client; a failing one answers
// whatever comes by pong.
func serve(conn net.Conn, failing bool) {
	for in := bufio.NewReader(conn); ; {
		command, err := in.ReadString('\n')
		switch {
		case err != nil, command == "disconnect\n":
			return
		case command == "ping\n", failing:
			_, _ = io.WriteString(conn, "pong\n")
		}
	}
}

// Whatever ends the suite, nothing of what it has started is left.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	kill := func(suite, _ int) { _ = syscall.Kill(suite, syscall.SIGKILL) }
	for _, c := range []struct {
		name, role string
		hearts     int
		end        func(suite, supervisor int)
	}{
		{"killed", "living with child", 2, kill},
		{"told to end", "living with child", 2, func(suite, _ int) { _ = syscall.Kill(suite, syscall.SIGTERM) }},
		{"interrupted", "living with child", 2, func(suite, _ int) { _ = syscall.Kill(suite, syscall.SIGINT) }},
		{"killed with its group", "living with child", 2, func(suite, _ int) { _ = syscall.Kill(-suite, syscall.SIGKILL) }},
		{"killed with its supervisor", "living", 1, func(suite, supervisor int) {
			_ = syscall.Kill(supervisor, syscall.SIGKILL)
			kill(suite, 0)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.hearts == 1 && runtime.GOOS != "linux" {
				t.Skip("only Linux ends a process with its parent")
			}
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			_ = ln.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute))
			cmd := command(t.Context(), "verify", "-out", t.TempDir(), "-launch", os.Args[0]+" {addr}")
			cmd.Env = append(os.Environ(), roleEnv+"="+c.role, heartEnv+"="+ln.Addr().String())
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var hearts []*bufio.Reader
			supervisor := 0
			for range c.hearts {
				conn, err := ln.Accept()
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(time.Minute))
				in := bufio.NewReader(conn)
				line, err := in.ReadString('\n')
				if err != nil {
					t.Fatal(err)
				}
				var pid, parent int
				if _, err := fmt.Sscan(line, &pid, &parent); err != nil {
					t.Fatal(err)
				}
				if supervisor == 0 {
					supervisor = parent
				}
				hearts = append(hearts, in)
			}
			c.end(cmd.Process.Pid, supervisor)
			begin := time.Now()
			soon, cancel := patience.Within(t.Context(), 2*time.Second)
			defer cancel()
			for _, h := range hearts {
				_, err := h.ReadByte() // until the process is gone
				if err == nil || soon.Err() != nil {
					t.Errorf("it lived %s longer (%v)", time.Since(begin), err)
				}
			}
			_ = cmd.Wait()
			t.Logf("gone after %s", time.Since(begin))
		})
	}
}
