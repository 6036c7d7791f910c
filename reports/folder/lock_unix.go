//go:build unix

package folder

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock keeps every other oneline out of a folder until the file is closed. Where the
// file system knows no locks, it keeps nobody out.
func lock(dir string) (*os.File, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = d.Close()
		return nil, fmt.Errorf("%s is in use by another oneline: wait for its end, or name another folder by -out", dir)
	}
	return d, nil
}
