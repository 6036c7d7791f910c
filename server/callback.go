package server

import "context"

// Callback handles one command. It decides which commands are legal and how an illegal
// one is answered (P8). It may respond any number of times, through responder, until
// it returns (P5, P6).
//
// Commands of one listener are handled one at a time: the next one waits until the
// callback has returned (Pa). With several listeners the callback runs for each of them.
// ctx is done when the server is being stopped, which waits for the callback. It is not
// done when the client leaves: then Send returns an error sooner or later. If the callback
// returns an error or panics, the client is dropped, the failure is logged, and the server
// goes on (Po). Earlier responses are delivered.
type Callback func(ctx context.Context, command Command, responder Responder) error

// Command is one command, without the line feed that ended it.
type Command struct {
	// Text is the command. For an invalid command it holds only the bytes that are
	// ASCII (Pe).
	Text string

	// Invalid reports that the command holds a byte that is not ASCII (P7, Pd), or is
	// too long.
	Invalid bool

	// TooLong reports that the command was longer than the maximum. Text and Raw are
	// made from its first bytes, as many as the maximum allows (Pg).
	TooLong bool

	// Raw holds the bytes as they arrived, so that a callback can decode them in its
	// own way. They are valid until the callback returns, which may change them.
	Raw []byte
}

// Responder sends the responses of one command. It may be copied, and used by several
// goroutines, until its callback returns. After that, like the zero Responder, it
// returns [ErrResponderDone].
type Responder struct {
	out  *outbox
	call uint64
}

// Send sends one response, which may hold any bytes but 0x0A; an empty one is a packet
// too. Responses are sent in the order of the calls, within a few milliseconds, even
// while the callback still runs.
//
// Send blocks while the client does not take its responses. It returns
// oneline.ErrLineFeed for a response that holds 0x0A (Pn); nothing of it is sent, and
// the responder can still be used. Any error but these means that the client is gone
// or takes nothing; it is dropped once the callback returns.
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
