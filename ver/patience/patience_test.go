package patience_test

import (
	"context"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
)

// wait waits as Next says, but takes so much longer for each slice, and gives
// their number.
func wait(w *patience.Wait, longer time.Duration) (slices int) {
	for next := w.Next(); next > 0; next = w.Next() {
		slices++
		<-time.After(next + longer)
	}
	return slices
}

// A wait takes as long as it says, at least.
func TestWait(t *testing.T) {
	for _, d := range []time.Duration{time.Millisecond, 30 * time.Millisecond, 200 * time.Millisecond} {
		begin := time.Now()
		slices := wait(patience.For(d), 0)
		if took := time.Since(begin); took < d || slices == 0 {
			t.Errorf("a wait of %v took %v, in %d slices", d, took, slices)
		}
	}
}

// What takes much longer than asked for does not count, but does not go on for
// ever either.
func TestHeldUp(t *testing.T) {
	const d = 20 * time.Millisecond
	begin := time.Now()
	wait(patience.For(d), 15*time.Millisecond)
	if took := time.Since(begin); took < 8*d {
		t.Errorf("a wait of %v was over after %v", d, took)
	}
}

// A slice that was interrupted counts for what it took.
func TestInterrupted(t *testing.T) {
	w := patience.For(time.Hour)
	for range 1000 {
		if w.Next() == 0 {
			t.Fatal("an hour is over")
		}
	}
}

func TestNothing(t *testing.T) {
	if next := patience.For(0).Next(); next != 0 {
		t.Error(next)
	}
}

func TestWithin(t *testing.T) {
	begin := time.Now()
	ctx, cancel := patience.Within(t.Context(), 20*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if took := time.Since(begin); took < 20*time.Millisecond {
		t.Errorf("it was over after %v", took)
	}
	parent, end := context.WithCancel(t.Context())
	ctx, cancel = patience.Within(parent, time.Hour)
	defer cancel()
	end()
	<-ctx.Done()
}
