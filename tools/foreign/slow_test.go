package foreign_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/server"
)

// answerTime is what a slow server needs for a command.
const answerTime = 500 * time.Millisecond

// A slow server is wholly verified in the time that a run names which was too short:
// at an address and launched, without a profile and with one.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	if !*slow {
		t.Skip("it takes many minutes: go test ./tools/foreign -slow -timeout 1h")
	}
	for name, args := range map[string][]string{
		"at an address":  {},
		"with a profile": {"-app", "sample"},
		"to the end":     {"-app", "sample", "-shutdown"},
		"launched":       {"-app", "sample", "-launch", os.Args[0] + " {addr}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name != "launched" {
				args = append(args, "-addr", late(t))
			}
			short := verifyLate(t, append(args, "-time", "1m"))
			named := regexp.MustCompile("-time ([0-9]+m) would have been enough").FindStringSubmatch(short.stdout)
			if short.code != reports.ExitIncomplete || named == nil {
				t.Fatalf("exit code %d\n%s", short.code, short.stdout)
			}
			if o := verifyLate(t, append(args, "-time", named[1])); o.code != reports.ExitPassed {
				t.Errorf("in %s: exit code %d\n%s", named[1], o.code, o.stdout)
			}
		})
	}
}

func verifyLate(t *testing.T, args []string) outcome {
	o := outcome{out: t.TempDir()}
	cmd := command(t.Context(), append([]string{"verify", "-out", o.out}, args...)...)
	cmd.Env = append(os.Environ(), roleEnv+"=late")
	return finish(t, cmd, o, cmd.Run)
}

// late is a slow server with the sample application.
func late(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serveLate(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// playLate is the same as a program.
func playLate() int {
	ln, err := net.Listen("tcp", os.Args[1])
	if err == nil {
		err = serveLate(context.Background(), ln)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// serveLate serves until it is told to stop.
func serveLate(ctx context.Context, ln net.Listener) error {
	s := server.Server{Callback: server.Sample}
	return s.Serve(ctx, lateListener{ln})
}

type lateListener struct{ net.Listener }

func (l lateListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return lateConn{conn.(*net.TCPConn), bufio.NewReader(conn)}, nil
}

// lateConn gives one command at a time, and takes its time for each that is
// answered, or that the application has.
type lateConn struct {
	*net.TCPConn
	in *bufio.Reader
}

func (c lateConn) Read(b []byte) (int, error) {
	part, err := c.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
	}
	if line := string(part); strings.HasSuffix(line, "\n") && line != "disconnect\n" && line != "shutdown\n" {
		<-time.After(answerTime)
	}
	return copy(b, part), err
}
