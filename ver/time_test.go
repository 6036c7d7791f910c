package ver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/socket-oneline/oneline"
	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/target"
	"github.com/socket-oneline/oneline/ver/verify"
)

// outOfTimeEnv makes this program verify a server that answers so many commands,
// and then is silent for longer than the suite has time; outEnv names the folder of
// the reports.
const (
	outOfTimeEnv = "VER_OUT_OF_TIME"
	outEnv       = "VER_OUT"
)

// Once the time of the suite is over nothing is held against the server, whatever
// was under way: the steps of a spec, or the question whether it lives.
func TestOutOfTime(t *testing.T) {
	for commands := 10; commands < 20; commands++ {
		t.Run(fmt.Sprint(commands), func(t *testing.T) {
			t.Parallel()
			outOfTime(t, commands)
		})
	}
}

func outOfTime(t *testing.T, commands int) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), outEnv+"="+out, fmt.Sprintf("%s=%d", outOfTimeEnv, commands))
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	f, err := os.Open(filepath.Join(out, "coverage.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := render.ReadCoverage("coverage.json", f)
	if err != nil {
		t.Fatal(err)
	}
	if m.ExitCode != reports.ExitIncomplete || m.Run.Complete {
		t.Errorf("exit code %d, complete: %t", m.ExitCode, m.Run.Complete)
	}
	for _, r := range m.Requirements {
		if r.Verdict == reports.Fail {
			t.Errorf("%s has failed", r.ID)
		}
	}
	for _, p := range m.Protocols {
		for _, s := range p.Specs {
			if blocked(s) && s.Reason != "the time of the suite was over" && s.Reason != "the run ended before it" {
				t.Errorf("%q is blocked: %s", s.Title, s.Reason)
			}
		}
	}
}

// verifySilent verifies a server that answers so many commands. The time of the
// suite is over before the answer to the next one is missing.
func verifySilent(commands, out string) error {
	most, err := strconv.Atoi(commands)
	if err != nil {
		return err
	}
	file, err := srs.Parse("srs.json", oneline.SRS)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer ln.Close()
	go func() {
		for most > 0 {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			most = answer(conn, most)
		}
	}()
	t, err := target.Open(target.Choice{Addr: ln.Addr().String()})
	if err != nil {
		return err
	}
	t.Limits.Run, t.Limits.Response = 1500*time.Millisecond, 2*time.Second
	_, err = verify.RunTarget(context.Background(), file, t, verify.Options{Out: out, Formats: []string{"json"}, Seed: 1}, verify.Terminal{Out: io.Discard})
	return err
}

// answer answers so many pings of a client. It gives how many are left; with none
// the connection stays open.
func answer(conn net.Conn, most int) int {
	for in := bufio.NewReader(conn); most > 0; {
		command, err := in.ReadString('\n')
		if err != nil || command == "disconnect\n" {
			_ = conn.Close()
			break
		}
		if command == "ping\n" {
			fmt.Fprint(conn, "pong\n")
			most--
		}
	}
	return most
}

func blocked(s reports.Spec) bool {
	return slices.Contains(slices.Collect(maps.Values(s.Results)), reports.ResultBlocked)
}
