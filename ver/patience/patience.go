// Package patience measures a wait by the time in which this process ran.
//
// How long a server takes to answer is its own affair; how long the machine takes
// to let the suite look is not. Where other work keeps the cores, or the process
// is stopped for a while, a plain time-out would be over before anything could
// have come, and would blame the server. A wait of this package is cut into
// slices. One that took much longer than it should does not count: the wait grows
// with the load of the machine, up to a bound, and is as long as it says where
// there is none.
package patience

import (
	"context"
	"time"
)

const (
	slices       = 10                     // into which a wait is cut, if they are not too short or too long
	shortest     = 5 * time.Millisecond   // slice
	longest      = 100 * time.Millisecond // slice
	tolerance    = 2 * time.Millisecond   // by which a timer may be late at least, else a quarter of the slice
	mostTimes    = 20                     // a wait takes so many times as long at most,
	mostExtended = 10 * time.Second       // and no longer than this beyond what it says
)

// Wait is a wait that has begun. It is used by one goroutine.
type Wait struct {
	left  time.Duration // that has to count
	slice time.Duration // the current one
	begun time.Time     // of the current slice
	most  time.Time     // the end, whatever counted
}

// For begins to wait for so long.
func For(d time.Duration) *Wait {
	now := time.Now()
	return &Wait{
		left: d, slice: min(max(d/slices, shortest), longest),
		begun: now, most: now.Add(d + min((mostTimes-1)*d, mostExtended)),
	}
}

// Next says how long to wait at once, and is called again when that has been
// waited for, or was interrupted by something that is not what is waited for. It
// gives 0 when the wait is over.
func (w *Wait) Next() time.Duration {
	now := time.Now()
	took := now.Sub(w.begun)
	if took <= w.slice+max(w.slice/4, tolerance) {
		w.left -= took
	}
	w.begun = now
	if w.left <= 0 || now.After(w.most) {
		return 0
	}
	w.slice = min(w.left, w.slice)
	return w.slice
}

// Within returns a context that ends after d, or with its parent. The function
// returned ends it early, and returns once nothing is left running.
func Within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer cancel()
		wait := For(d)
		for next := wait.Next(); next > 0; next = wait.Next() {
			timer := time.NewTimer(next)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return
			}
		}
	}()
	return ctx, func() {
		cancel()
		<-ended
	}
}
