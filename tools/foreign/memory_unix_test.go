//go:build unix

package foreign_test

import (
	"os"
	"runtime"
	"syscall"
)

// memory is the most that a process has taken, in bytes.
func memory(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
