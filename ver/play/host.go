package play

import (
	"context"
	"errors"
	"fmt"

	. "github.com/onsi/ginkgo/v2"

	"github.com/socket-oneline/oneline/trace"
	"github.com/socket-oneline/oneline/ver/target"
)

// start makes sure that the server of the specs listens.
func (r *run) start(ctx context.Context) error {
	addr, err := r.Target.Server.Start(ctx)
	if err != nil {
		r.gate = fmt.Sprintf("the server cannot be started: %s", err)
		return err
	}
	r.addr = addr
	return nil
}

// StartFresh starts a server that has served nobody yet, where the suite can.
func (t *Trial) StartFresh() error {
	if t.Target.Server.Fresh() {
		return t.start(t)
	}
	return nil
}

// restart starts the server again after it has stopped.
func (r *run) restart(ctx context.Context) {
	switch told := r.gate; {
	case r.Target.Kind == target.Address:
	case r.Target.Server.Fresh(): // the next spec starts one
		r.gate = ""
	default:
		if err := r.start(ctx); err != nil {
			r.gate = fmt.Sprintf("%s, and cannot be started again: %s", told, err)
			return
		}
		r.gate = ""
	}
}

// noteEnd notes how a server has ended, if not as it should. The reports name
// processes that it has left behind on their first page too.
func (r *run) noteEnd(ctx SpecContext, err error) {
	if err == nil {
		return
	}
	trace.Note(ctx, "%s", err)
	if errors.Is(err, target.ErrLeft) && !r.left {
		r.left = true
		r.notes = append(r.notes, fmt.Sprintf("after %q %s", ctx.SpecReport().LeafNodeText, err))
	}
}
