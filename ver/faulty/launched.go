package faulty

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// launchedMembers are servers on the wire that are processes of their own: a server may
// be right in all that it does itself, and be wrong for what it has started.
func launchedMembers() []Member {
	return members("launched-", launchedProcesses, func(p process) *target.Target {
		t := onWire(p.name, nil)
		t.Kind = target.Launched
		delete(t.Needs, target.Exit)
		t.Limits.Exit = patientExit
		t.Limits.Response = 3 * time.Second // another process may have to wait for its turn
		t.Process = launcher(p.name)
		t.Server = target.Launching(t.Process, "", t.Limits)
		return t
	})
}

var launchedProcesses = []process{
	{"child-keeps-port", "has a child in its process group that keeps its port after shutdown", srs("006", "038", "040"), withChild(true, inGroup)},
	{"daemon-keeps-port", "has a child in a session of its own that keeps its port after shutdown", srs("006", "038", "040"), withChild(true, ownSession)},
	{"one-client", "ends once its first client has left", srs("016"), skeletonWith(onClient(func(c *visitor) {
		c.talk()
		os.Exit(0)
	}))},
	{"works-on", "closes connection and port on shutdown, and goes on with other work", srs("006", "039"), func(addr string) int {
		status := skeletonWith(func(*skeleton) {})(addr)
		if status == 0 {
			stay()
		}
		return status
	}},
	{"listens-on", "ends its loop on shutdown, but keeps its port, and closes whoever comes", srs("006", "038", "039"), skeletonWith(onShutdown(func(c *visitor) {
		c.gone = true
		c.skeleton.attend = (*visitor).hangUp
	}))},
	{"dies-of-broken-pipe", "is ended by a signal when it writes to a client that has closed", srs("032"), skeletonWith(onGone(func(_ *skeleton, err error) {
		if errors.Is(err, syscall.EPIPE) {
			killSelf()
		}
	}))},

	{"plain", "the skeleton as a process", nil, skeletonWith(func(*skeleton) {})},
	{"port-not-reused", "has not set SO_REUSEADDR, so that the kernel keeps its port for a minute", nil, func(addr string) int {
		ln, err := target.ListenAlone.Listen(context.Background(), "tcp", addr)
		return serveAt(ln, err, func(*skeleton) {})
	}},
	{"leaves-child", "has a child that stays after shutdown, without its port", nil, withChild(false, inGroup)},
}

// skeletonWith is the skeleton as a process of its own, but for one change.
func skeletonWith(change func(*skeleton)) func(addr string) int {
	return func(addr string) int {
		ln, err := net.Listen("tcp", addr)
		return serveAt(ln, err, change)
	}
}

func serveAt(ln net.Listener, err error, change func(*skeleton)) int {
	if err != nil {
		return complain(err)
	}
	_ = serve(change)(context.Background(), ln)
	return 0
}

// keeper is the name of a process that is a child of such a server.
const keeper = "keeper"

// afterParent is how long a child lives after its parent: longer than anybody
// looks at its port.
const afterParent = 20 * time.Second

// withChild is a server with a child, which may have its port.
func withChild(port bool, group func(*exec.Cmd)) func(string) int {
	return skeletonWith(func(s *skeleton) {
		if err := s.startChild(port, group); err != nil {
			os.Exit(complain(err))
		}
	})
}

func (s *skeleton) startChild(port bool, group func(*exec.Cmd)) error {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), processEnv+"="+keeper)
	group(child)
	if port {
		file, err := s.ln.(*net.TCPListener).File()
		if err != nil {
			return err
		}
		defer file.Close()
		child.ExtraFiles = []*os.File{file}
	}
	if _, err := child.StdinPipe(); err != nil { // which ends with this process
		return err
	}
	if err := child.Start(); err != nil {
		return err
	}
	go func() { _ = child.Wait() }()
	return nil
}

// inGroup leaves a child in the process group of its parent.
func inGroup(*exec.Cmd) {}

// keep keeps what it has inherited.
func keep() int {
	_, _ = io.Copy(io.Discard, os.Stdin)
	target.Pause(context.Background(), afterParent)
	return 0
}
