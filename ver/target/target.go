// Package target knows what is verified: the reference server and client, a
// server at an address, a launched process, a client under test. It offers them
// to the suite behind interfaces of its own, so that a faulty server or client
// can stand in the place of the reference.
//
// A [Target] says what it can show. The suite leaves out what it cannot, and
// talks to a server through [Conn], a connection whose every read is bounded in
// bytes and in time.
package target

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// What a target can show: the kinds that requirements and specs name.
const (
	Wire   = "wire"   // what a server does on the wire
	API    = "api"    // what a program sees that uses the server or client: parameters, callback, log
	Stop   = "stop"   // that the server stops, or that a faulty one might: at an address only with -shutdown
	Exit   = "exit"   // status and time of its process's exit
	Client = "client" // what a client does on the wire, and what it reports
)

// Kinds of target.
const (
	Reference = "reference"
	Address   = "address"
	Launched  = "launched"
	UnderTest = "client"
)

// Target is what is verified. A part that it does not offer is nil.
type Target struct {
	Kind    string
	Name    string          // how reports call it
	Addr    string          // for an address, host:port
	Command string          // for a launched server or a client under test
	SHA256  string          // of the launched program
	Files   []evidence.File // that the command names behind it

	Needs map[string]string // what it would take to show a kind that it cannot show

	Server  Server  // for Wire and Stop
	Process Process // for Exit
	API     ServerAPI
	Client  ClientMaker

	Profile *Profile // what the server does with commands of its own; nil: not known
	Limits  Limits
}

// Can reports whether the target can show a kind.
func (t *Target) Can(kind string) bool { return t.Needs[kind] == "" }

// Shows gives the kinds that the target can show.
func (t *Target) Shows() []string {
	return slices.DeleteFunc([]string{Wire, API, Stop, Exit, Client}, func(kind string) bool { return !t.Can(kind) })
}

// Server is a server to be verified on the wire.
type Server interface {
	// Start makes sure that a server listens, and gives its address. Where it
	// can, it starts one that has served nobody yet.
	Start(ctx context.Context) (addr string, err error)
	// Fresh reports whether Start gives a server that has served nobody yet.
	Fresh() bool
	// Stop ends what Start began, and all that this has started itself. It is no
	// error if the server has ended before; that something of it was left is.
	Stop() error
	// Ended says how the process of the server has ended, waiting so long for that;
	// empty where it has not, or there is none.
	Ended(within time.Duration) string
	// Output gives what the server has printed since Start, if it can be had; all
	// of it once it was stopped.
	Output() string
}

// Process starts servers as processes of their own.
type Process interface {
	// Launch starts a server that is to listen at addr, and returns at once.
	Launch(addr string) (*Proc, error)
}

// ServerAPI is the server as a program uses it.
type ServerAPI interface {
	// Check gives what the server's own check of its parameters gives.
	Check(Params) error
	// ListenAndServe serves at the address of the parameters until ctx is done.
	ListenAndServe(ctx context.Context, p Params) error
	// Serve serves at a listener that is already bound, until ctx is done.
	Serve(ctx context.Context, p Params, ln net.Listener) error
}

// Params are the parameters of a server. The zero value of each is the server's
// default.
type Params struct {
	Addr        string
	Callback    Callback
	MaxPacket   int
	IdleTimeout time.Duration
	Logger      *slog.Logger
}

// Callback is what a server hands its commands to.
type Callback func(ctx context.Context, command Command, respond func(string) error) error

// Command is what a callback is told of a command.
type Command struct {
	Text    string
	Invalid bool
	TooLong bool
	Raw     []byte // valid until the callback returns
}

// ClientMaker makes clients under test.
type ClientMaker interface {
	// Check gives what the client's own check of its parameters gives, for a
	// client with this address.
	Check(addr string) error
	// New gives a client that is to connect to addr.
	New(addr string) (ClientUnderTest, error)
}

// ClientUnderTest is one client. None of its methods takes longer than its
// context allows.
type ClientUnderTest interface {
	Connect(ctx context.Context) Answer
	Send(ctx context.Context, text string) Answer
	Receive(ctx context.Context, within time.Duration) Answer
	Disconnect(ctx context.Context) Answer
	Shutdown(ctx context.Context) Answer
	Connected(ctx context.Context) Answer
	// Quit ends the client; it is no error if it has ended before.
	Quit() error
}
