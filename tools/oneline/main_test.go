package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/socket-oneline/oneline/ver/faulty"
	"github.com/socket-oneline/oneline/ver/selftest"
	"github.com/socket-oneline/oneline/ver/target"
)

func TestMain(m *testing.M) {
	target.Child()
	faulty.Child()
	selftest.Child()
	if filepath.Base(os.Args[0]) != "oneline" {
		_ = flag.Set("test.parallel", "8") // most of the time they wait; a flag given counts
	}
	testscript.Main(tests{m}, map[string]func(){"oneline": func() {
		version = os.Getenv("RELEASE") // as the linker sets it in a release
		main()
	}})
}

// tests are all tests; what they have built is removed behind them.
type tests struct{ *testing.M }

func (t tests) Run() int {
	code := t.M.Run()
	if dir, err := programs(); err == nil {
		_ = os.RemoveAll(dir)
	}
	return code
}

// The scripts use the command as its users do.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "serve": serve, "served": served, "listen": listen, "untouched": untouched, "columns": columns, "module": module, "fails": fails,
		},
		Setup: func(env *testscript.Env) error {
			free, err := refusing(env.Defer)
			env.Setenv("FREE", free)
			// A process under the race detector lingers for a second before it exits.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return errors.Join(err, unraced(env))
		},
	})
}

// refusing gives an address at which nobody listens, and nobody else can: a
// connection to elsewhere has it.
func refusing(later func(func())) (addr string, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	later(func() { _ = ln.Close() })
	for range 100 { // a connection that has ended can still have the port
		var local *net.TCPAddr
		if addr, err = target.FreeAddr(); err != nil {
			return "", err
		}
		if local, err = net.ResolveTCPAddr("tcp", addr); err != nil {
			return "", err
		}
		var conn net.Conn
		if conn, err = (&net.Dialer{LocalAddr: local}).Dial("tcp", ln.Addr().String()); err == nil {
			later(func() {
				_ = conn.(*net.TCPConn).SetLinger(0) // the port is free at once
				_ = conn.Close()
			})
			return addr, nil
		}
	}
	return "", err
}

// The address that the scripts take for free refuses, and stays free.
func TestRefusing(t *testing.T) {
	addr, err := refusing(t.Cleanup)
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		_ = conn.Close()
		t.Errorf("somebody listens at %s", addr)
	}
	if ln, err := net.Listen("tcp", addr); err == nil {
		_ = ln.Close()
		t.Errorf("somebody else can listen at %s", addr)
	}
}

// exits runs a command that must end with an exit code: exits CODE COMMAND...
// Where the code is 2, it must have said why in one line or, of a file, in some,
// and must not have printed anything else.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if code := exitCode(ts, args[1:]); code != want {
		ts.Fatalf("exit code %d, not %d", code, want)
	}
	if out := ts.ReadFile("stdout"); want == 2 && out != "" {
		ts.Fatalf("exit code 2, but it printed %q", out)
	}
}

func exitCode(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(args[0], args[1:]...)
	if err == nil {
		return 0
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		ts.Fatalf("%v", err)
	}
	return exit.ExitCode()
}

// serve starts oneline serve on a free port, and sets ADDR.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	path, err := lookPath(ts.Getenv("PATH"))
	ts.Check(err)
	cmd := exec.Command(path, append([]string{"serve", "-addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	running.Store(ts, ended)
	line, err := bufio.NewReader(out).ReadString('\n')
	go func() { ended <- cmd.Wait() }()
	ts.Defer(func() { _ = cmd.Process.Kill() })
	ts.Check(err)
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening at ")
	if !ok {
		ts.Fatalf("it printed %q", line)
	}
	ts.Setenv("ADDR", addr)
}

func lookPath(path string) (string, error) {
	for dir := range strings.SplitSeq(path, string(os.PathListSeparator)) {
		if found, err := exec.LookPath(dir + string(os.PathSeparator) + "oneline"); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("there is no oneline in %s", path)
}

// running are the servers of the scripts, which run beside each other: by script, a
// channel that gives how its server has ended.
var running sync.Map

// served waits until the server of serve has ended, without an error.
func served(ts *testscript.TestScript, _ bool, _ []string) {
	ended, ok := running.Load(ts)
	if !ok {
		ts.Fatalf("the script has not started a server")
	}
	ts.Check(<-ended.(chan error))
}

// listen starts a server that closes every connection (listen closing) or never
// answers (listen silent), and sets ADDR.
func listen(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = ln.Close() })
	ts.Setenv("ADDR", ln.Addr().String())
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			touched.Store(ln.Addr().String(), true)
			if args[0] == "closing" {
				_ = c.Close()
			} else {
				defer c.Close()
			}
		}
	}()
}

// touched are the addresses of listen to which somebody connected.
var touched sync.Map

// untouched checks that nobody connected to the server of listen.
func untouched(ts *testscript.TestScript, neg bool, _ []string) {
	if _, some := touched.Load(ts.Getenv("ADDR")); some != neg {
		ts.Fatalf("somebody connected to it: %t", some)
	}
}

var escape = regexp.MustCompile("\x1b")

// columns checks that what was printed is as wide as a terminal of 80 columns at
// most, and without colours: columns stdout.
func columns(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			ts.Fatalf("a line of %d columns: %s", n, line)
		}
	}
	if escape.MatchString(text) {
		ts.Fatalf("there are escape sequences in it")
	}
}

// Whoever lets other machines connect is warned; 0.0.0.0 and :: are all addresses.
func TestExposed(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "::ffff:127.0.0.1": false,
		"0.0.0.0": true, "::": true, "192.0.2.1": true, "fe80::1": true, "": true,
	} {
		if got := exposed(&net.TCPAddr{IP: net.ParseIP(addr)}); got != want {
			t.Errorf("%q: %t, want %t", addr, got, want)
		}
	}
}

// What a server sends cannot move the cursor of a terminal, or hide what is there.
func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"ack": "ack", "é ß 好 \uFFFD": "é ß 好 \uFFFD", "": "",
		"\x1b[2J": `"\x1b[2J"`, "a\r": `"a\r"`, "\x9b2J": `"\x9b2J"`, "\u009b2J": `"\u009b2J"`, "a\u202eb": `"a\u202eb"`,
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
