package faulty

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// sessionFaults are wrong about what a client leaves behind (SRS-035, SRS-036).
var sessionFaults = []apiMember{
	{"eof-ends-packet", "takes the end of the connection for the end of a packet", srs("035"), atLeft(func(s *session, part []byte) error {
		if len(part) > 0 {
			_ = s.call(s.decode(part, false), mute)
		}
		return nil
	})},
	{"partial-kept", "puts an unfinished packet before the next client's", srs("035"), atLeft(func(s *session, part []byte) error {
		s.backlog = part
		return nil
	})},
	{"commands-after-disconnect", "runs the commands that follow disconnect in its segment", srs("036"), atDisconnect(func(s *session) {
		for s.in.Buffered() > 0 {
			raw, tooLong, err := s.packet()
			if err != nil {
				return
			}
			_ = s.call(s.decode(raw, tooLong), mute)
		}
	})},
	{"disconnect-leaves-rest", "leaves what follows disconnect for the next client", srs("036"), atDisconnect(func(s *session) {
		rest, _ := s.in.Peek(s.in.Buffered())
		s.backlog = bytes.Clone(rest)
	})},
}

func mute(string) error { return nil }

// apiVariants are servers that conform, but unlike the reference.
var apiVariants = []apiMember{
	{"byte-by-byte", "writes its packets byte by byte", nil, byteByByte},
	{"fresh-goroutines", "calls the callback in a goroutine of its own each time", nil, freshGoroutines},
	{"check-all-errors", "names each missing or invalid parameter by an error of its own", nil, checking(joinedErrors)},
	{"slow", "takes 3 ms for every command", nil, slowCommands},
	{"resets", "resets a connection that it drops, once all is sent", nil, resetting},
}

// resetting drops a client by a reset. What was sent is given time to arrive:
// a reset overtakes it.
func resetting(k *program) {
	k.close = func(s *session) {
		target.Pause(context.Background(), 5*time.Millisecond)
		_ = s.conn.(*net.TCPConn).SetLinger(0)
		_ = s.conn.Close()
	}
}

func byteByByte(k *program) {
	k.write = func(s *session, data []byte) error { return writeBytes(s.conn, data) }
}

// freshGoroutines calls every callback in a goroutine of its own, and waits for
// it.
var freshGoroutines = instead(func(ctx context.Context, c target.Command, respond func(string) error, callback target.Callback) error {
	result := make(chan error)
	go func() {
		result <- (&session{params: target.Params{Callback: callback}, ctx: ctx}).call(c, respond)
	}()
	return <-result
})

// joinedErrors names each missing parameter by an error of its own.
func joinedErrors(p target.Params) error {
	var all []error
	wrong := func(name string, is bool) {
		if is {
			all = append(all, fmt.Errorf("parameter %s is missing or invalid", name))
		}
	}
	_, _, err := net.SplitHostPort(p.Addr)
	wrong("addr", err != nil)
	wrong("callback", p.Callback == nil)
	wrong("maxPacket", p.MaxPacket < 0)
	wrong("idleTimeout", p.IdleTimeout < 0)
	return errors.Join(all...)
}

// slowCommands takes a while for every command.
func slowCommands(k *program) {
	k.decode = func(raw []byte, tooLong bool) target.Command {
		target.Pause(context.Background(), 3*time.Millisecond)
		return decodeASCII(raw, tooLong)
	}
}
