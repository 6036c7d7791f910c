package faulty

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// clientMember is a client.
type clientMember = entry[func(*caller)]

func clientMembers() []Member {
	return append(clientCheckFaults(), members("client-", slices.Concat(
		connectFaults, leaveFaults, sendFaults, receiveFaults, closedFaults, unconnectedFaults, clientVariants,
	), func(m clientMember) *target.Target {
		t := &target.Target{Client: clients{change: m.change}}
		if m.kind() == Fault {
			return shows(t, target.Client)
		}
		t.API = newProgram()
		return shows(t, target.API, target.Client)
	})...)
}

// clientCheckFaults are wrong about the parameters of the client (SRS-002).
func clientCheckFaults() []Member {
	var members []Member
	for _, f := range []struct {
		name, text string
		check      func(addr string) error // what its check says
		connects   func(addr string) error // what connecting says
	}{
		{"check-nothing", "does not check its address", checkNothing, checkNothing},
		{"check-names-nothing", "says that a parameter is not set, but not which", checkNamelessly, checkNamelessly},
		{"check-missing-only", "takes an address without a port for a valid one", checkMissing, checkMissing},
		{"check-at-connect-only", "checks its address only when it connects", checkNothing, checkAddr},
		{"connects-unchecked", "checks its address, but connects without one", checkAddr, checkNothing},
	} {
		change := func(c *caller) {
			c.check = f.connects
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

func checkNothing(string) error { return nil }

func checkNamelessly(addr string) error {
	if addr == "" {
		return errors.New("a parameter is not set")
	}
	return nil
}

func checkMissing(addr string) error {
	if addr == "" {
		return checkAddr(addr)
	}
	return nil
}

// clientVariants are clients that conform, but unlike the reference.
var clientVariants = []clientMember{
	{"in-pieces", "sends 7 bytes at a time", nil, dialing(func(ctx context.Context, addr string) (net.Conn, error) {
		conn, err := dialTCP(ctx, addr)
		if err != nil {
			return nil, err
		}
		return thrifty{conn}, nil
	})},
	{"closes-hard", "closes without waiting for the server", nil, leaving(func(c *caller, ctx context.Context, command string) target.Answer {
		err := c.write(ctx, command+"\n")
		c.drop()
		return report(err)
	})},
	{"slow", "takes 10 ms before it sends and before it receives", nil, func(c *caller) {
		c.encode = func(_ *caller, text string) (string, error) {
			target.Pause(context.Background(), 10*time.Millisecond)
			return encodeCommand(text)
		}
		c.receive = func(c *caller, ctx context.Context, within time.Duration) target.Answer {
			target.Pause(ctx, 10*time.Millisecond)
			return c.next(ctx, within)
		}
	}},
	{"talkative", "says why a command is refused in many words", nil, encoding(func(_ *caller, text string) (string, error) {
		data, err := encodeCommand(text)
		if err != nil {
			err = errors.New("client: cannot send: line feed (0x0A) ends a packet: \"" + text + "\"")
		}
		return data, err
	})},
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

// Changes that replace one function of the client.

func dialing(dial func(ctx context.Context, addr string) (net.Conn, error)) func(*caller) {
	return func(c *caller) { c.dial = dial }
}

func greeting(greet func(c *caller, ctx context.Context) error) func(*caller) {
	return func(c *caller) { c.greet = greet }
}

func ponging(pong func(target.Answer) bool) func(*caller) {
	return func(c *caller) { c.pong = pong }
}

func encoding(encode func(c *caller, text string) (string, error)) func(*caller) {
	return func(c *caller) { c.encode = encode }
}

func putting(put func(c *caller, data string) error) func(*caller) {
	return func(c *caller) { c.put = put }
}

func gathering(segment func(c *caller, data string) string) func(*caller) {
	return func(c *caller) { c.segment = segment }
}

func cutting(cut func(c *caller, input string) (packet, rest string, ok bool)) func(*caller) {
	return func(c *caller) { c.cut = cut }
}

func delivering(deliver func(packet string) string) func(*caller) {
	return func(c *caller) { c.deliver = deliver }
}

func receiving(receive func(c *caller, ctx context.Context, within time.Duration) target.Answer) func(*caller) {
	return func(c *caller) { c.receive = receive }
}

func leaving(leave func(c *caller, ctx context.Context, command string) target.Answer) func(*caller) {
	return func(c *caller) { c.leave = leave }
}
