package target

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// childEnv tells a process of this program that it is to play a part of its own
// instead of what its arguments say.
const childEnv = "ONELINE_CHILD"

// The parts: a supervisor keeps its input and its output for itself, or passes
// them on.
const (
	keep  = "supervise"
	drive = "drive"
)

// Child plays the part that a parent process of the same program asks for, and
// exits; in a process that nobody asked it returns at once. The first statement
// of main, and of TestMain in tests that verify, must be a call of it.
//
// One part is that of a supervisor: it runs a command in a process group of its
// own, and ends the whole group when its standard input ends, which happens
// whatever becomes of the suite. The other is that of the reference server.
func Child() {
	if part := os.Getenv(childEnv); part != "" {
		_ = os.Unsetenv(childEnv)
		os.Exit(supervise(os.Args[1:], part == drive))
	}
	if addr := os.Getenv(serveEnv); addr != "" {
		_ = os.Unsetenv(serveEnv)
		os.Exit(serveReference(addr))
	}
}

// newChild is a process of this program that is to play a part, with the ends of the
// pipes to its standard input and output. It has a process group of its own: what ends
// the suite's group leaves it to its work. It has not been started.
func newChild(part string, argv, env []string) (cmd *exec.Cmd, stdin io.WriteCloser, stdout io.Reader, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, nil, err
	}
	cmd = exec.Command(self, argv...)
	cmd.Env = append(append(os.Environ(), env...), childEnv+"="+part)
	ownGroup(cmd)
	if stdin, err = cmd.StdinPipe(); err == nil {
		stdout, err = cmd.StdoutPipe()
	}
	return cmd, stdin, stdout, err
}

// notStarted is the status of a supervisor whose command could not be started.
const notStarted = 127

// leftBehind is what a supervisor reports when the command has ended by itself,
// but not what it has started.
const leftBehind = "left behind"

// supervise runs a command. What it is told by the suite, and what it reports to
// it, differs: the input and output of a driven one are the command's, and where
// that ends, all ends. Else the input says by its end that the group is to be
// ended, and the output, a line each, with which status the command itself has
// ended, as soon as it has, and whether it has left processes behind: they may
// keep its port, which the suite wants to see. What the command prints goes to
// the standard error then.
func supervise(argv []string, driven bool) int {
	// A signal meant for the suite must not make the supervisor leave its command
	// behind, nor must the end of whoever it reports to. The signals are caught:
	// were they ignored, the command would ignore them too.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	report, input := io.Writer(os.Stdout), io.Discard
	if driven {
		pipe, err := cmd.StdinPipe()
		if err != nil {
			return notStarted
		}
		cmd.Stdout, report, input = os.Stdout, io.Discard, pipe
	}
	ownGroup(cmd)
	dieWithParent(cmd)
	adoptOrphans()
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return notStarted
	}
	told, ended := make(chan struct{}), make(chan int, 1)
	go func() {
		defer close(told)
		_, _ = io.Copy(input, os.Stdin)
		_, _ = io.Copy(io.Discard, os.Stdin) // where the command reads no more
	}()
	go func() { ended <- exitStatus(cmd.Wait()) }()
	select {
	case status := <-ended:
		if groupLives(cmd) {
			defer endGroup(cmd)
		}
		_, _ = fmt.Fprintln(report, status)
		if driven {
			return status
		}
		<-told
		if groupLives(cmd) {
			_, _ = fmt.Fprintln(report, leftBehind)
		}
		return status
	case <-told:
		killGroup(cmd)
		status := <-ended
		endGroup(cmd)
		return status
	}
}

// bySignal is what shells add to the number of the signal that has ended a process.
const bySignal = 128

// ending says how a process has ended, by its status.
func ending(status int) string {
	if status > bySignal && status < bySignal+65 {
		return fmt.Sprintf("by signal %d (%s)", status-bySignal, syscall.Signal(status-bySignal))
	}
	return fmt.Sprintf("with status %d", status)
}

// exitStatus gives the status of a command that was waited for.
func exitStatus(err error) int {
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case failed && exit.ExitCode() < 0:
		return bySignal + signalOf(exit)
	case failed:
		return exit.ExitCode()
	case err != nil:
		return notStarted
	}
	return 0
}
