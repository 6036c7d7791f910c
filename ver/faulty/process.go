package faulty

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// processEnv names the member that a process of this program is to be, as a
// server at the address in addrEnv.
const (
	processEnv = "ONELINE_FAULTY"
	addrEnv    = "ONELINE_FAULTY_ADDR"
)

// Child is a server with a fault where a parent process of the same program asks
// for one, and exits; in a process that nobody asked it returns at once. main,
// and TestMain in tests that use this package, must call it, after target.Child.
func Child() {
	name, addr := os.Getenv(processEnv), os.Getenv(addrEnv)
	if name == "" {
		return
	}
	_ = os.Unsetenv(processEnv)
	if name == keeper {
		os.Exit(keep())
	}
	for _, p := range slices.Concat(processes, launchedProcesses) {
		if p.name == name {
			os.Exit(p.change(addr))
		}
	}
	fmt.Fprintf(os.Stderr, "there is no process %q\n", name)
	os.Exit(1)
}

// process is a server as a process of its own, a function that gives its exit status.
type process = entry[func(addr string) int]

// patientExit is how long the end of a process is waited for: with the race
// detector it takes a second.
const patientExit = 3 * time.Second

func processMembers() []Member {
	return members("process-", processes, func(p process) *target.Target {
		t := shows(&target.Target{Process: launcher(p.name)}, target.Exit)
		t.Limits.Exit = patientExit
		return t
	})
}

// launcher starts this program again, as the process of that name.
type launcher string

// Launch implements target.Process.
func (l launcher) Launch(addr string) (*target.Proc, error) {
	return target.LaunchSelf([]string{processEnv + "=" + string(l), addrEnv + "=" + addr}, addr)
}

// serveProcess has two moments for a mistake: the port that it cannot have, where
// taken gives another listener or the status to exit with, and the end.
func serveProcess(addr string, callback target.Callback, taken func(error) (net.Listener, int), ended func() int) int {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		var status int
		if ln, status = taken(err); ln == nil {
			return status
		}
	}
	if err := newProgram().Serve(context.Background(), target.Params{Callback: callback}, ln); err != nil {
		return complain(err)
	}
	return ended()
}

func respondsOK(_ context.Context, _ target.Command, respond func(string) error) error {
	return respond("ok")
}

// complain prints an error, and gives the status of failure.
func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func complains(err error) (net.Listener, int) { return nil, complain(err) }

// ending ends in its own way; onBusyPort meets a port that is taken in its own
// way.
func ending(ended func() int) func(string) int {
	return func(addr string) int { return serveProcess(addr, respondsOK, complains, ended) }
}

func onBusyPort(taken func(error) (net.Listener, int)) func(string) int {
	return func(addr string) int {
		return serveProcess(addr, respondsOK, taken, func() int { return 0 })
	}
}

// stay does not return for longer than any exit is waited for.
func stay() { time.Sleep(time.Minute) }

// killSelf ends this process by a signal.
func killSelf() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	stay()
}

// stillOpen is a listener that whoever closes it leaves open.
type stillOpen struct{ net.Listener }

func (stillOpen) Close() error { return nil }

var processes = []process{
	{"exits-with-1", "exits with status 1 after shutdown", srs("039"), ending(func() int { return 1 })},
	{"exits-with-1-if-awaited", "exits with status 1 after shutdown if further clients wait", srs("039"), func(addr string) int {
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return complain(err)
		}
		params := target.Params{Callback: func(context.Context, target.Command, func(string) error) error { return nil }}
		if err := newProgram().Serve(context.Background(), params, stillOpen{ln}); err != nil {
			return complain(err)
		}
		_ = ln.(*net.TCPListener).SetDeadline(time.Now().Add(100 * time.Millisecond))
		if _, err := ln.Accept(); err == nil {
			return complain(errors.New("a client waits"))
		}
		return 0
	}},
	{"exits-with-count", "exits with the number of invalid commands as its status", srs("039"), func(addr string) int {
		var invalid atomic.Int64
		count := func(_ context.Context, c target.Command, respond func(string) error) error {
			if c.Invalid {
				invalid.Add(1)
			}
			return respond("ok")
		}
		return serveProcess(addr, count, complains, func() int { return int(min(invalid.Load(), 255)) })
	}},
	{"exits-with-143", "exits after shutdown with the status of a signal", srs("039"), ending(func() int { return 143 })},
	{"stays", "stays after shutdown", srs("039"), ending(func() int {
		stay()
		return 0
	})},
	{"panics-at-exit", "panics after shutdown", srs("039"), ending(func() int { panic("closed twice") })},
	{"killed-at-exit", "ends itself by a signal after shutdown", srs("039"), ending(func() int {
		killSelf()
		return 0
	})},

	{"busy-port-status-0", "exits with status 0 where its port is taken", srs("021"), onBusyPort(func(err error) (net.Listener, int) {
		_ = complain(err)
		return nil, 0
	})},
	{"busy-port-silent", "exits without a word where its port is taken", srs("021"), onBusyPort(func(error) (net.Listener, int) { return nil, 1 })},
	{"busy-port-waits", "waits for ever where its port is taken", srs("021"), onBusyPort(func(err error) (net.Listener, int) {
		_ = complain(err)
		stay()
		return nil, 1
	})},
	{"busy-port-moves", "serves at another port where its own is taken", srs("021"), onBusyPort(func(err error) (net.Listener, int) {
		_ = complain(err)
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, 1
		}
		return ln, 0
	})},
	{"busy-port-takes-over", "stops the server that has its port, and fails", srs("021"), func(addr string) int {
		return onBusyPort(func(err error) (net.Listener, int) {
			if conn, dialErr := net.Dial("tcp", addr); dialErr == nil {
				_, _ = conn.Write([]byte("shutdown\n"))
				_, _ = conn.Read(make([]byte, 1))
				_ = conn.Close()
			}
			return nil, complain(err)
		})(addr)
	}},

	{"busy-port-status-98", "exits with the number of the error where its port is taken", nil, onBusyPort(func(err error) (net.Listener, int) {
		fmt.Println("cannot listen: " + strconv.Quote(err.Error()))
		return nil, 98
	})},
	{"slow-exit", "takes 100 ms to exit", nil, ending(func() int {
		time.Sleep(100 * time.Millisecond)
		return 0
	})},
}
