package server_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/socket-oneline/oneline/server"
)

var soakInFull = flag.Bool("soak", false, "carry out TestSoak in full: some minutes")

// A trial is one way of straining the server.
type trial struct {
	what       string
	part, full int // how many times: among the tests, and with -soak
	server     func() *server.Server
	run        func(s *strain, n int)
}

// strain is a server under strain, and what became of what was due.
type strain struct {
	*running
	t           *testing.T
	mu          sync.Mutex
	lost, wrong int // packets that did not come; that came out of order, or should not have
	first       string
}

// left is what is there besides the tests.
type left struct {
	goroutines, descriptors, memory int
}

// TestSoak strains the server in every way that it may meet, and holds it to losing
// nothing, answering in order, and leaving nothing behind. With -soak it prints a table.
func TestSoak(t *testing.T) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "what\thow many\tlost\tout of order\tgoroutines\tdescriptors\tmemory\ttime\t\n")
	fmt.Fprint(w, "\t\t\t\tmore at the end\tmore at the end\tmore at the end\t\t\n")
	for _, trial := range trials {
		t.Run(trial.what, func(t *testing.T) {
			n := trial.part
			if *soakInFull {
				n = trial.full
			}
			trial.carryOut(t, trial.part) // what is made once is not left behind
			remaining()                   // the collector closes what was forgotten so far
			before, began := remaining(), time.Now()
			s := trial.carryOut(t, n)
			took, after := time.Since(began), remaining()
			if s.lost > 0 || s.wrong > 0 {
				t.Errorf("%d lost, %d out of order; the first: %s", s.lost, s.wrong, s.first)
			}
			more := left{after.goroutines - before.goroutines, after.descriptors - before.descriptors, after.memory - before.memory}
			if more.goroutines > 0 || more.descriptors > 0 || more.memory > memoryOfTests {
				t.Errorf("more at the end than at the start: %d goroutines, %d descriptors, %d bytes", more.goroutines, more.descriptors, more.memory)
			}
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d KiB\t%.1f s\t\n",
				trial.what, n, s.lost, s.wrong, more.goroutines, more.descriptors, more.memory>>10, took.Seconds())
		})
	}
	_ = w.Flush()
	if *soakInFull {
		fmt.Println(table.String())
	}
}

// memoryOfTests is what package testing itself may keep of a trial.
const memoryOfTests = 128 << 10

// carryOut runs the trial against a server of its own, which must stop and leave its
// port.
func (trial trial) carryOut(t *testing.T, n int) *strain {
	s := &strain{t: t}
	if trial.server != nil {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s.running = launch(trial.server(), ln)
	}
	trial.run(s, n)
	if s.running != nil {
		s.stop()
		s.gone(t)
	}
	return s
}

// launch serves, like start, but leaves nothing for the end of the test.
func launch(s *server.Server, ln net.Listener) *running {
	ctx, stop := context.WithCancel(context.Background())
	r := &running{ln.Addr().String(), stop, make(chan error, 1)}
	go func() { r.result <- s.Serve(ctx, ln) }()
	return r
}

// remaining counts what is there: of descriptors at once, because the collector would
// close those that were forgotten; of the rest once what is on its way out has gone.
func remaining() left {
	l := left{descriptors: descriptors()}
	for end := time.Now().Add(patience); ; {
		debug.FreeOSMemory()
		goroutines, bytes := runtime.NumGoroutine(), memory()
		if goroutines == l.goroutines && bytes >= l.memory || time.Now().After(end) {
			return l
		}
		l.goroutines, l.memory = goroutines, bytes
	}
}

func memory() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func descriptors() int {
	entries, _ := os.ReadDir("/dev/fd") // not on Windows
	return len(entries)
}

// failed notes what went wrong; kind is s.lost or s.wrong.
func (s *strain) failed(kind *int, n int, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*kind += n
	if s.first == "" {
		s.first = fmt.Sprintf(format, args...)
	}
}

// A line is a connection of a client that counts.
type line struct {
	*strain
	*net.TCPConn
	in *bufio.Reader
}

func (s *strain) dial() *line {
	nc, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = nc.SetDeadline(time.Now().Add(5 * patience))
	return &line{s, nc.(*net.TCPConn), bufio.NewReader(nc)}
}

// says sends bytes; what is lost by an error is seen where the answers are taken.
func (l *line) says(bytes string) { _, _ = io.WriteString(l.TCPConn, bytes) }

// takes holds the next packets to these.
func (l *line) takes(packets ...string) bool {
	for i, want := range packets {
		got, err := l.in.ReadSlice('\n')
		if err != nil {
			l.failed(&l.lost, len(packets)-i, "%q: %v", want, err)
			return false
		}
		if string(got[:len(got)-1]) != want {
			l.failed(&l.wrong, 1, "%.100q instead of %q", got, want)
		}
	}
	return true
}

// over holds the connection to its end.
func (l *line) over() {
	rest, err := io.ReadAll(l.in)
	if len(rest) > 0 {
		l.failed(&l.wrong, 1, "%.100q instead of the end", rest)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		l.failed(&l.lost, 1, "the connection has not ended")
	}
	l.Close()
}

// leaves says goodbye.
func (l *line) leaves() {
	l.says("disconnect\n")
	l.over()
}

// reset closes so that the server gets a reset.
func (l *line) reset() {
	_ = l.SetLinger(0)
	l.Close()
}
