package play

import (
	"context"
	"errors"
	"fmt"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// host is where the server of the specs is found.
type host struct {
	addr string // where the server of the current spec listens
	gate string // why no spec can talk to the server any more
	left bool   // a server has left processes behind, and that was noted
}

// start makes sure that a server listens.
func (h *host) start(ctx context.Context, t *target.Target) error {
	addr, err := t.Server.Start(ctx)
	if err != nil {
		h.gate = fmt.Sprintf("the server cannot be started: %s", err)
		return err
	}
	h.addr = addr
	return nil
}

// restart starts the server again after it has stopped.
func (h *host) restart(ctx context.Context, t *target.Target) {
	if t.Kind == target.Address {
		return
	}
	if t.Server.Fresh() { // the next spec starts one
		h.gate = ""
		return
	}
	if addr, err := t.Server.Start(ctx); err != nil {
		h.gate += fmt.Sprintf(", and cannot be started again: %s", err)
	} else {
		h.addr, h.gate = addr, ""
	}
}

// noteEnd notes how a server has ended, if not as it should. The reports name
// processes that it has left behind on their first page too.
func (r *run) noteEnd(ctx SpecContext, err error) {
	if err == nil {
		return
	}
	trace.Note(ctx, "%s", err)
	if errors.Is(err, target.ErrLeft) && !r.server.left {
		r.server.left = true
		r.notes = append(r.notes, fmt.Sprintf("after %q %s", ctx.SpecReport().LeafNodeText, err))
	}
}
