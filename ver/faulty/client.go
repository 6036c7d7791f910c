package faulty

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// clientFault is one mistake in a client.
type clientFault struct {
	name, text string
	breaks     []string
	change     func(*caller)
}

func clientFaults() []Member {
	members := clientCheckFaults()
	for _, f := range slices.Concat(connectFaults(), leaveFaults(), sendFaults(), receiveFaults(), closedFaults(), unconnectedFaults()) {
		members = append(members, Member{
			Name: "client-" + f.name, Kind: Fault, Text: f.text, Breaks: f.breaks,
			Target: func() *target.Target {
				return shows(&target.Target{Client: clients{change: f.change}}, target.Client)
			},
		})
	}
	return members
}

// clientCheckFaults are wrong about the parameters of the client (SRS-002).
func clientCheckFaults() []Member {
	var members []Member
	for _, f := range []struct {
		name, text string
		check      func(addr string) error // what its check says
		connects   func(addr string) error // what connecting says; nil: the same
	}{
		{"check-nothing", "does not check its address", func(string) error { return nil }, nil},
		{"check-names-nothing", "says that a parameter is not set, but not which", func(addr string) error {
			if addr == "" {
				return errors.New("a parameter is not set")
			}
			return nil
		}, nil},
		{"check-missing-only", "takes an address without a port for a valid one", func(addr string) error {
			if addr == "" {
				return checkAddr(addr)
			}
			return nil
		}, nil},
		{"check-at-connect-only", "checks its address only when it connects", func(string) error { return nil }, checkAddr},
		{"connects-unchecked", "checks its address, but connects without one", checkAddr, func(string) error { return nil }},
	} {
		change := func(c *caller) {
			c.check = f.check
			if f.connects != nil {
				c.check = f.connects
			}
			c.dial = func(ctx context.Context, addr string) (net.Conn, error) {
				if addr == "" {
					return nil, errors.New("connection refused")
				}
				return dialTCP(ctx, addr)
			}
		}
		members = append(members, Member{
			Name: "client-" + f.name, Kind: Fault, Text: f.text, Breaks: srs("002"),
			Target: func() *target.Target {
				t := &target.Target{API: newProgram(), Client: clients{change: change, check: f.check}}
				return shows(t, target.API)
			},
		})
	}
	return members
}

// clientVariants are clients that conform, but unlike the reference.
func clientVariants() []Member {
	var members []Member
	for _, v := range []clientFault{
		{name: "in-pieces", text: "sends 7 bytes at a time", change: func(c *caller) {
			dial := c.dial
			c.dial = func(ctx context.Context, addr string) (net.Conn, error) {
				conn, err := dial(ctx, addr)
				if err != nil {
					return nil, err
				}
				return thrifty{conn}, nil
			}
		}},
		{name: "closes-hard", text: "closes without waiting for the server", change: func(c *caller) {
			c.leave = func(ctx context.Context, command string) target.Answer {
				err := c.write(ctx, command+"\n")
				c.drop()
				if err != nil {
					return failure(err)
				}
				return fine
			}
		}},
		{name: "slow", text: "takes 10 ms before it sends and before it receives", change: func(c *caller) {
			encode, receive := c.encode, c.receive
			c.encode = func(text string) (string, error) {
				target.Pause(context.Background(), 10*time.Millisecond)
				return encode(text)
			}
			c.receive = func(ctx context.Context, within time.Duration) target.Answer {
				target.Pause(ctx, 10*time.Millisecond)
				return receive(ctx, within)
			}
		}},
		{name: "talkative", text: "says why a command is refused in many words", change: func(c *caller) {
			encode := c.encode
			c.encode = func(text string) (string, error) {
				data, err := encode(text)
				if err != nil {
					err = errors.New("client: cannot send: line feed (0x0A) ends a packet: \"" + text + "\"")
				}
				return data, err
			}
		}},
	} {
		members = append(members, Member{
			Name: "client-" + v.name, Kind: Variant, Text: v.text,
			Target: func() *target.Target {
				t := &target.Target{API: newProgram(), Client: clients{change: v.change}}
				return shows(t, target.API, target.Client)
			},
		})
	}
	return members
}

// thrifty is a connection that is written to in pieces of 7 bytes.
type thrifty struct{ net.Conn }

func (t thrifty) Write(data []byte) (int, error) {
	written := 0
	for piece := range slices.Chunk(data, 7) {
		n, err := t.Conn.Write(piece)
		if written += n; err != nil {
			return written, err
		}
	}
	return written, nil
}
