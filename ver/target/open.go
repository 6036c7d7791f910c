package target

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
)

// Choice says which target is meant. The zero value means the reference.
type Choice struct {
	Addr     string   // a server that is already there, or, with Launch, where the launched one listens
	Launch   string   // a command that starts a server
	Client   string   // a command that starts a client under test
	Shutdown bool     // the server at an address may be shut down
	Profile  *Profile // what the server does with commands of its own; of a client, the times alone
}

// Open gives the chosen target. It contacts nothing. An error says what is wrong
// with the choice.
func Open(c Choice) (t *Target, err error) {
	if c.Client != "" && (c.Addr != "" || c.Launch != "") {
		return nil, fmt.Errorf("a client under test is verified alone: leave out -addr and -launch, or -client")
	}
	if c.Addr != "" {
		if err := checkAddr(c.Addr); err != nil {
			return nil, err
		}
	}
	switch {
	case c.Client != "":
		t, err = newClientUnderTest(c.Client)
	case c.Launch != "":
		t, err = newLaunched(c.Launch, c.Addr)
	case c.Addr != "":
		t = newAddress(c.Addr, c.Shutdown)
	case c.Profile != nil && c.Profile.Name != Sample().Name:
		return nil, errors.New("-app: the reference has the sample application, and no other: give -addr or -launch")
	default:
		t = NewReference()
	}
	if err == nil && c.Profile != nil {
		t.Profile, t.Limits = c.Profile, c.Profile.Limits(t.Limits)
	}
	return t, err
}

const (
	needsLaunch    = "needs a launched server"
	needsReference = "needs the reference's API"
	needsShutdown  = "needs -shutdown"
	needsClient    = "needs -client"
	needsServer    = "needs a server: -addr or -launch"
)

func newAddress(addr string, shutdown bool) *Target {
	t := &Target{
		Kind: Address, Name: addr, Addr: addr,
		Needs:  map[string]string{API: needsReference, Exit: needsLaunch, Client: needsClient, Stop: needsShutdown},
		Server: atAddress(addr), Limits: DefaultLimits(),
	}
	if shutdown {
		delete(t.Needs, Stop)
	}
	return t
}

func newLaunched(line, addr string) (*Target, error) {
	command, err := ParseCommand(line)
	if err != nil {
		return nil, fmt.Errorf("-launch: %w", err)
	}
	if addr == "" && !command.isTold() {
		return nil, fmt.Errorf("-launch: the command is not told where to listen: put {addr}, or {host} and {port}, into it, or give its address by -addr")
	}
	limits := DefaultLimits()
	return &Target{
		Kind: Launched, Name: line, Addr: addr, Command: line, SHA256: command.Hash(), Files: command.Files(),
		Needs:  map[string]string{API: needsReference, Client: needsClient},
		Server: Launching(command, addr, limits), Process: command, Limits: limits,
	}, nil
}

func newClientUnderTest(line string) (*Target, error) {
	command, err := ParseCommand(line)
	if err != nil {
		return nil, fmt.Errorf("-client: %w", err)
	}
	if !command.isTold() {
		return nil, fmt.Errorf("-client: the command is not told where to connect: put {addr}, or {host} and {port}, into it")
	}
	return &Target{
		Kind: UnderTest, Name: line, Command: line, SHA256: command.Hash(), Files: command.Files(),
		Needs:  map[string]string{Wire: needsServer, Stop: needsServer, Exit: needsServer, API: needsReference},
		Client: drivers{command}, Limits: DefaultLimits(),
	}, nil
}

func checkAddr(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("-addr %q: write HOST:PORT, such as 127.0.0.1:5001 or [::1]:5001", addr)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("-addr %q: the port must be a number from 1 to 65535", addr)
	}
	return nil
}

// runnable says why a program cannot be started.
func runnable(name string) error {
	_, err := exec.LookPath(name)
	if err == nil {
		return nil
	}
	if _, statErr := os.Stat(name); statErr == nil {
		return fmt.Errorf("%s: it is there, but it cannot be run", name)
	}
	return fmt.Errorf("%s: there is no such program", name)
}
