package foreign_test

import (
	"context"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
)

// few are the flags for a part of the suite that takes no time.
var few = []string{"-only", "SRS-004,SRS-020,SRS-025"}

// A server is found by IPv4, IPv6 and the name of its host, launched or not.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"127.0.0.1:0", "[::1]:0", "localhost:0"} {
		t.Run(listen, func(t *testing.T) {
			t.Parallel()
			host, _, err := net.SplitHostPort(listen)
			if err != nil {
				t.Fatal(err)
			}
			ln, err := net.Listen("tcp", listen)
			if err != nil {
				t.Skipf("this machine has no %s: %v", host, err)
			}
			_, fixed, _ := net.SplitHostPort(ln.Addr().String())
			_ = ln.Close()
			_, port, _ := net.SplitHostPort(started(t, listen))
			for _, args := range [][]string{
				{"-addr", net.JoinHostPort(host, port)},
				{"-addr", net.JoinHostPort(host, fixed), "-launch", oneline + " serve -addr {addr}"},
				{"-addr", net.JoinHostPort(host, fixed), "-launch", oneline + " serve -addr " + strings.Replace(listen, ":0", ":{port}", 1)},
			} {
				o := verify(t, append(args, few...)...)
				if failed := o.ids(reports.Fail); len(failed) > 0 || o.model.Summary.Pass == 0 {
					t.Errorf("%q: %d passed, failed: %q", args, o.model.Summary.Pass, failed)
				}
			}
		})
	}
}

// The three ways to verify a server at an address come to the same verdicts.
func TestThreeWays(t *testing.T) {
	t.Parallel()
	need(t, "make")
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	// It answers whatever comes by pong: some requirements pass, some fail.
	addr := raw(func(_ context.Context, conn *net.TCPConn) { serve(conn, true) })(t)
	ways := map[string]func(out string) []string{
		"oneline verify": func(out string) []string {
			return append([]string{oneline, "verify", "-addr", addr, "-out", out}, few...)
		},
		"make ver": func(out string) []string {
			return []string{"make", "ver", "GO=true", "ONELINE=" + oneline, "ADDR=" + addr, "FLAGS=-out " + out + " " + strings.Join(few, " ")}
		},
		"go test ./ver": func(out string) []string {
			return append([]string{"go", "test", "-count=1", "./ver", "-addr", addr, "-out", out}, few...)
		},
	}
	verdicts := make(chan map[string]reports.Verdict, len(ways))
	t.Run("way", func(t *testing.T) {
		for name, argv := range ways {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o := outcome{out: filepath.Join(t.TempDir(), "out"), code: reports.ExitFailed}
				command := argv(o.out)
				cmd := exec.CommandContext(ctx, command[0], command[1:]...)
				cmd.Dir = "../.."
				cmd.Env = withoutMake()
				output, err := cmd.CombinedOutput()
				if err == nil || !strings.Contains(string(output), "exit code 1") {
					t.Fatalf("%v, though requirements failed:\n%s", err, output)
				}
				o.read(t)
				got := map[string]reports.Verdict{}
				for _, r := range o.model.Requirements {
					got[r.ID] = r.Verdict
				}
				if o.model.Summary.Pass == 0 || o.model.Summary.Fail == 0 {
					t.Errorf("%v: some must pass, and some fail", got)
				}
				verdicts <- got
			})
		}
	})
	close(verdicts)
	first := <-verdicts
	for other := range verdicts {
		if !maps.Equal(first, other) {
			t.Errorf("one way comes to %v, another to %v", first, other)
		}
	}
}

// withoutMake is the environment without what a make that runs this test has put
// into it.
func withoutMake() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ADDR", "LAUNCH", "CLIENT", "APP", "FLAGS"}, name)
	})
}
