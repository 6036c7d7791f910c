// Package oneline holds what a server and a client of the one-line protocol
// share: the names of the predefined commands, a [Reader] and a [Writer] of
// packets, and the requirements. PROTOCOL.md is the protocol; rules are cited by
// the names that it gives them, such as P3 and Pg.
//
// The reference server and client are in the packages server and client.
package oneline

import (
	_ "embed"
	"errors"
)

// The predefined commands, and the response to the first (P7). They are matched
// byte for byte (Pc).
const (
	Ping       = "ping"       // answered by Pong
	Pong       = "pong"       // the response to Ping
	Disconnect = "disconnect" // the server closes the connection of its client, and goes on
	Shutdown   = "shutdown"   // the server closes the connection of its client, and stops
)

const (
	// DefaultMaxPacket is the default maximum length of a packet in bytes, without
	// its line feed (Pg).
	DefaultMaxPacket = 64 << 10

	// DefaultAddr is the address of the sample application (P10). Only the
	// machine itself can reach it.
	DefaultAddr = "127.0.0.1:5001"
)

// ErrLineFeed is returned for a packet that holds the byte 0x0A, which would end it
// early (Pn, Pu). Nothing of it has been sent.
var ErrLineFeed = errors.New("a packet cannot hold a line feed (0x0A): encode it, or send two packets")

// SRS is the requirement file, srs.json: what the reference server and client
// shall do, and what the suite verifies.
//
//go:embed srs.json
var SRS []byte

// Lock is the lock of the requirement file, srs.lock: which specs verify each
// requirement.
//
//go:embed srs.lock
var Lock []byte

// Protocol is the text of the protocol, PROTOCOL.md.
//
//go:embed PROTOCOL.md
var Protocol string
