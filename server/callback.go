package server

import "context"

// Callback handles one command. It decides which commands are legal and what an
// illegal one is answered (P8), and responds zero, one or many times, through
// responder, while it runs (P5, P6).
//
// Commands are handled one at a time: the next one waits until the callback has
// returned (Pa). ctx is done when the server is being stopped, which waits for the
// callback. If it returns an error, or panics, its client is dropped; that is
// logged, and the server goes on (Po). Responses sent before are delivered.
type Callback func(ctx context.Context, command Command, responder Responder) error

// Command is one command, without the line feed that ended it.
type Command struct {
	// Text is the command. Of an invalid one it holds the bytes that are ASCII,
	// the others left out (Pe).
	Text string

	// Invalid says that the command holds a byte that is not ASCII (P7, Pd), or
	// is too long.
	Invalid bool

	// TooLong says that the command was longer than the maximum. Text and Raw
	// hold what its first bytes give, as many as the maximum allows (Pg).
	TooLong bool

	// Raw holds the bytes as they came, so that a callback may decode them
	// otherwise. They are valid until the callback returns, and its to change.
	Raw []byte
}

// Responder sends the responses of one command. It may be copied, and used by
// several goroutines, until the callback that it was given to has returned; it is
// dead from then on. The zero Responder is dead.
type Responder struct {
	out  *outbox
	call uint64
}

// Send sends one response, which may hold any bytes but 0x0A; an empty one is a
// packet too. Responses are sent in the order of the calls, within a few
// milliseconds, though the callback runs on.
//
// Send waits for a client that does not take its responses. Nothing of the
// response is sent where it returns oneline.ErrLineFeed (Pn), after which the
// responder can be used further, or [ErrResponderDone]. Any other error says that
// the client is gone or takes nothing, and is dropped once the callback returns.
func (r Responder) Send(response string) error {
	if r.out == nil {
		return ErrResponderDone
	}
	return r.out.respond(r.call, response)
}

// asciiOnly appends the bytes of b that are below 0x80 to dst (Pe).
func asciiOnly(dst, b []byte) []byte {
	for _, x := range b {
		if x < 0x80 {
			dst = append(dst, x)
		}
	}
	return dst
}
