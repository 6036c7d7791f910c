package faulty

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/socket-oneline/oneline/ver/target"
)

// parameterFaults are wrong about parameters (SRS-001) and a port that is taken
// (SRS-021).
var parameterFaults = []apiMember{
	{"check-nothing", "checks none of its parameters", srs("001"), checking(func(target.Params) error { return nil })},
	{"check-first-only", "names the first missing parameter only", srs("001"), checking(func(p target.Params) error {
		if err := checkParams(p); err != nil {
			first, _, _ := strings.Cut(err.Error(), ",")
			return errors.New(first)
		}
		return nil
	})},
	{"check-names-all", "names all parameters where one is missing", srs("001"), checking(func(p target.Params) error {
		if checkParams(p) != nil {
			return errors.New("the server: Addr and Callback must be set")
		}
		return nil
	})},
	{"check-wants-more", "calls for a maximum, which has a default", srs("001"), func(k *program) {
		k.check = func(p target.Params) error {
			if p.MaxPacket == 0 {
				return errors.Join(checkParams(p), errors.New("not set: MaxPacket"))
			}
			return checkParams(p)
		}
		k.starts = checkParams
	}},
	{"check-missing-only", "takes negative limits for valid ones", srs("001"), checking(func(p target.Params) error {
		p.MaxPacket, p.IdleTimeout = max(p.MaxPacket, 0), max(p.IdleTimeout, 0)
		return checkParams(p)
	})},
	{"starts-all-the-same", "checks its parameters, but starts without them", srs("001"), func(k *program) {
		k.starts = func(target.Params) error { return nil }
	}},
	{"stays-down-silently", "does not start where parameters are missing, and says nothing", srs("001"), func(k *program) {
		k.starts = func(target.Params) error { return nil }
		k.listen = func(_ context.Context, addr string) (net.Listener, error) {
			if addr == "" {
				return nil, nil
			}
			return net.Listen("tcp", addr)
		}
	}},

	{"busy-port-no-error", "returns without an error where its port is taken", srs("021"), onTakenPort(nil)},
	{"busy-port-unnamed", "says that an address is in use, but not which", srs("021"), onTakenPort(errors.New("address already in use"))},
}

// onTakenPort says this where the port is taken.
func onTakenPort(instead error) func(*program) {
	return func(k *program) {
		k.listen = func(_ context.Context, addr string) (net.Listener, error) {
			ln, err := net.Listen("tcp", addr)
			if err != nil {
				return nil, instead
			}
			return ln, nil
		}
	}
}
