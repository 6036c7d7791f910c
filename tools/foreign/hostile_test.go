package foreign_test

import (
	"bufio"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
)

// hostile are servers that mean harm, or mean something else altogether. None of
// them meets a requirement: none may pass, and none may keep the suite.
var hostile = map[string]func(*testing.T) (addr string){
	"floods":                         raw(endless(strings.Repeat("pong\n", 1000), 0)),
	"drips a byte a second":          raw(endless("p", time.Second)),
	"drips pong":                     raw(endless("pong\n", 2*time.Millisecond)),
	"drips pong slowly":              raw(endless("pong\n", 150*time.Millisecond)),
	"never answers":                  raw(func(_ context.Context, c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) }),
	"never reads":                    raw(func(ctx context.Context, _ *net.TCPConn) { <-ctx.Done() }),
	"closes at once":                 raw(func(context.Context, *net.TCPConn) {}),
	"resets":                         raw(func(_ context.Context, c *net.TCPConn) { _ = c.SetLinger(0) }),
	"closes when it is spoken to":    raw(func(_ context.Context, c *net.TCPConn) { _, _ = c.Read(make([]byte, 1)) }),
	"a gigabyte without a line feed": raw(gigabyte),
	"Redis":                          raw(redis),
	"HTTP":                           func(t *testing.T) string { return web(t, (*httptest.Server).Start) },
	"TLS":                            func(t *testing.T) string { return web(t, (*httptest.Server).StartTLS) },
}

// busy are those that keep the machine busy, or the suite: some specs are enough.
var busy = map[string]bool{"floods": true, "drips pong": true, "drips pong slowly": true}

func TestHostileServers(t *testing.T) {
	t.Parallel()
	for name, start := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"-addr", start(t)}, haste(t)...)
			if busy[name] && !*slow {
				args = append(args, "-only", "SRS-003,SRS-004,SRS-005,SRS-016,SRS-032,SRS-034,SRS-019")
			}
			o := verify(t, args...)
			o.expect(t, reports.ExitFailed)
			if o.model.Summary.InScope == 0 || !o.model.Run.Complete && o.model.Run.Unreachable == "" {
				t.Errorf("%d requirements in scope, complete: %t", o.model.Summary.InScope, o.model.Run.Complete)
			}
		})
	}
}

// haste are the flags that keep the waits short.
func haste(t *testing.T) []string {
	t.Helper()
	if *slow {
		return nil
	}
	path := filepath.Join(t.TempDir(), "haste.json")
	if err := os.WriteFile(path, []byte(`{"name": "in haste", "response_timeout": "200ms", "quiet": "50ms"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-app", path}
}

// raw serves any number of connections at once until the test ends.
func raw(each func(ctx context.Context, conn *net.TCPConn)) func(*testing.T) string {
	return func(t *testing.T) string {
		return listen(t, each, func(group *sync.WaitGroup, serve func()) { group.Go(serve) })
	}
}

// serial serves one connection after the other, as they come.
func serial(each func(ctx context.Context, conn *net.TCPConn)) func(*testing.T) string {
	return func(t *testing.T) string { return listen(t, each, func(_ *sync.WaitGroup, serve func()) { serve() }) }
}

// listen has every connection served, in the way that do does it.
func listen(t *testing.T, each func(context.Context, *net.TCPConn), do func(*sync.WaitGroup, func())) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			do(&group, func() {
				defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
				defer conn.Close()
				each(ctx, conn.(*net.TCPConn))
			})
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = ln.Close()
		group.Wait()
	})
	return ln.Addr().String()
}

// endless sends a text again and again, and reads nothing.
func endless(text string, pause time.Duration) func(context.Context, *net.TCPConn) {
	return func(ctx context.Context, c *net.TCPConn) {
		ticker := time.NewTicker(max(pause, 1))
		defer ticker.Stop()
		for ctx.Err() == nil {
			if _, err := io.WriteString(c, text); err != nil {
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

// gigabyte sends one, as fast as it is taken, and goes on listening.
func gigabyte(_ context.Context, c *net.TCPConn) {
	chunk := []byte(strings.Repeat("x", 1<<20))
	for range 1 << 10 {
		if _, err := c.Write(chunk); err != nil {
			return
		}
	}
	_, _ = io.Copy(io.Discard, c)
}

// redis answers lines as a store does that speaks in lines too.
func redis(_ context.Context, c *net.TCPConn) {
	for in := bufio.NewScanner(c); in.Scan(); {
		answer := "-ERR unknown command\r\n"
		if strings.TrimSuffix(in.Text(), "\r") == "ping" {
			answer = "+PONG\r\n"
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}

// web serves a page that says pong.
func web(t *testing.T, start func(*httptest.Server)) string {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "pong\n")
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it is spoken to in another language
	start(s)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}
