package target

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// maxOutput is how much of the output of a process is kept: its last bytes.
const maxOutput = 64 << 10

// Tail keeps the end of what a process prints.
type Tail struct {
	mu      sync.Mutex
	buf     []byte
	dropped int
}

// Write implements io.Writer.
func (t *Tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - maxOutput; over > 0 {
		t.dropped += over
		t.buf = bytes.Clone(t.buf[over:])
	}
	return len(b), nil
}

// String gives what was kept, as valid UTF-8.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.ToValidUTF8(string(t.buf), "\uFFFD")
	if t.dropped > 0 {
		text = fmt.Sprintf("(%d bytes before this are not kept)\n", t.dropped) + text
	}
	return text
}
