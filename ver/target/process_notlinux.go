//go:build !linux

package target

import "os/exec"

// dieWithParent does nothing where no system call does it.
func dieWithParent(*exec.Cmd) {}

// adoptOrphans does nothing where no system call does it: the system waits for
// orphans there.
func adoptOrphans() {}
