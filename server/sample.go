package server

import (
	"context"
	"strconv"
	"strings"
)

// Sample is the callback of the sample application (P10). It answers
//
//	cmd01        ack
//	echo TEXT    TEXT, byte for byte
//	count N      N packets, 1 to N; N is a number from 1 to 1000
//	none         nothing
//
// and every other command by "nak - unknown cmd": the empty one, an invalid one,
// one that is too long, and a count of anything else.
func Sample(_ context.Context, command Command, responder Responder) error {
	const unknown = "nak - unknown cmd"
	if command.Invalid {
		return responder.Send(unknown)
	}
	name, argument, spaced := strings.Cut(command.Text, " ")
	switch {
	case command.Text == "cmd01":
		return responder.Send("ack")
	case command.Text == "none":
		return nil
	case name == "echo" && spaced:
		return responder.Send(argument)
	case name == "count":
		n, _ := strconv.Atoi(argument)
		if n < 1 || n > 1000 || strconv.Itoa(n) != argument {
			break
		}
		for i := range n {
			if err := responder.Send(strconv.Itoa(i + 1)); err != nil {
				return err
			}
		}
		return nil
	}
	return responder.Send(unknown)
}
