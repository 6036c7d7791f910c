package ver

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"github.com/onsi/gomega/gleak"
	"github.com/onsi/gomega/gleak/goroutine"
)

// errFailing is what a callback fails with.
var errFailing = errors.New("the callback fails on purpose")

// logBuffer keeps what a server logs.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func newLog() *logBuffer { return &logBuffer{} }

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logBuffer) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logBuffer) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// leftovers finds goroutines that were not there before.
type leftovers struct{ before map[uint64]bool }

func newLeftovers() leftovers {
	before := map[uint64]bool{}
	for _, g := range gleak.Goroutines() {
		before[g.ID] = true
	}
	return leftovers{before}
}

// goroutines names the functions of those that are new. The runtime's own and
// those of the harness are not of the server's making.
func (l leftovers) goroutines() []string {
	names := []string{}
	for _, g := range gleak.Goroutines() {
		if !l.before[g.ID] && !harness(g) {
			names = append(names, g.TopFunction+" created by "+g.CreatorFunction)
		}
	}
	return names
}

// harness reports whether a goroutine is Ginkgo's or the runtime's.
func harness(g goroutine.Goroutine) bool {
	return strings.HasPrefix(g.CreatorFunction, "github.com/onsi/") ||
		strings.HasPrefix(g.CreatorFunction, "github.com/socket-oneline/oneline/ver/patience.") ||
		strings.HasPrefix(g.TopFunction, "os/signal.") || strings.HasPrefix(g.TopFunction, "runtime.")
}
