//go:build unix

package server_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/server"
)

var exhaust = flag.Int("exhaust", 0, "use up all descriptors as many times, instead of testing: what a child of TestSoak does")

// TestMain lets the test binary be the child that may use up its descriptors.
func TestMain(m *testing.M) {
	flag.Parse()
	if *exhaust == 0 {
		os.Exit(m.Run())
	}
	if err := useUp(*exhaust); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func init() {
	trials = append(trials, trial{"descriptors used up, and back", 20, 500, nil, func(s *strain, n int) {
		output, err := exec.CommandContext(s.t.Context(), os.Args[0], "-exhaust", strconv.Itoa(n)).CombinedOutput()
		if err != nil {
			s.failed(&s.lost, 1, "%v: %s", err, output)
		}
	}})
}

// warnings passes on that a server says that it cannot accept.
type warnings chan bool

func (w warnings) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "cannot accept clients for now") {
		select {
		case w <- true:
		default:
		}
	}
	return len(p), nil
}

// useUp takes all descriptors away while a client waits to be accepted, again and
// again. The client must be served when they are back, and none be missing at the end.
func useUp(n int) error {
	// Only the soft limit: it can be raised again.
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = 64
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	var before left
	for i := range n + 1 {
		if err := useUpOnce(); err != nil {
			return fmt.Errorf("time %d: %w", i, err)
		}
		if i == 0 { // what is made once is not left behind
			before = remaining()
		}
	}
	if after := remaining(); after.goroutines > before.goroutines || after.descriptors > before.descriptors {
		return fmt.Errorf("at the start there were %+v, at the end %+v", before, after)
	}
	return nil
}

// useUpOnce serves one client, lets another wait, and takes what descriptors are left
// before the first one leaves.
func useUpOnce() (err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	warned := make(warnings, 1)
	r := launch(&server.Server{Callback: server.Sample, Logger: slog.New(slog.NewTextHandler(warned, nil))}, ln)
	defer func() {
		r.stop()
		err = errors.Join(err, <-r.result)
	}()
	served, err := net.Dial("tcp", r.addr)
	if err != nil {
		return err
	}
	defer served.Close()
	if err := converse(served, "ping\n", "pong\n"); err != nil {
		return err
	}
	waiting, err := net.Dial("tcp", r.addr)
	if err != nil {
		return err
	}
	defer waiting.Close()
	if err := allTaken(func() error {
		if err := converse(served, "disconnect\n", ""); err != nil {
			return err
		}
		select {
		case <-warned:
			return nil
		case <-time.After(patience):
			return errors.New("the server does not say that it cannot accept")
		}
	}); err != nil {
		return err
	}
	if err := converse(waiting, "cmd01\n", "ack\n"); err != nil {
		return err
	}
	return converse(waiting, "disconnect\n", "")
}

// allTaken calls do while there is no descriptor left.
func allTaken(do func() error) error {
	var files []*os.File
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for {
		f, err := os.Open(os.DevNull)
		if errors.Is(err, syscall.EMFILE) {
			return do()
		}
		if err != nil {
			return err
		}
		files = append(files, f)
	}
}

// converse sends, and holds the answer to what is wanted; nothing is the end.
func converse(nc net.Conn, command, want string) error {
	_ = nc.SetDeadline(time.Now().Add(patience))
	if _, err := nc.Write([]byte(command)); err != nil {
		return err
	}
	got := make([]byte, 100)
	n, err := nc.Read(got)
	if string(got[:n]) != want || want == "" && err != io.EOF {
		return fmt.Errorf("%q is answered by %q and %v", command, got[:n], err)
	}
	return nil
}
