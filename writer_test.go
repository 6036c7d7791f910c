package oneline_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/socket-oneline/oneline"
)

// writes notes each Write. It takes limit bytes of each, if that is not 0.
type writes struct {
	each  []string
	limit int
}

func (w *writes) Write(p []byte) (int, error) {
	w.each = append(w.each, string(p))
	if w.limit > 0 && len(p) > w.limit {
		return w.limit, errFull
	}
	return len(p), nil
}

var errFull = errors.New("full")

func TestWriter(t *testing.T) {
	var out writes
	w := oneline.NewWriter(&out)
	for _, packet := range []string{"ping", "", "a\rb\x00\xff", " x "} {
		if n, err := w.WritePacket(packet); err != nil || n != len(packet)+1 {
			t.Errorf("%q: %d, %v; want all of it and the line feed", packet, n, err)
		}
	}
	for _, packet := range []string{"\n", "a\n", "\na", "a\nb"} {
		if n, err := w.WritePacket(packet); n != 0 || !errors.Is(err, oneline.ErrLineFeed) {
			t.Errorf("%q: %d, %v; want ErrLineFeed", packet, n, err)
		}
	}
	if want := []string{"ping\n", "\n", "a\rb\x00\xff\n", " x \n"}; !slices.Equal(out.each, want) {
		t.Errorf("written: %q, want %q", out.each, want)
	}
}

func TestWriterFails(t *testing.T) {
	w := oneline.NewWriter(&writes{limit: 3})
	if n, err := w.WritePacket("ping"); n != 3 || err != errFull {
		t.Errorf("%d, %v; want 3 and the error of the target", n, err)
	}
}

func TestWriterAllocations(t *testing.T) {
	w := oneline.NewWriter(discard{})
	if allocs := testing.AllocsPerRun(1000, func() { _, _ = w.WritePacket("ping") }); allocs != 0 {
		t.Errorf("%v allocations per packet", allocs)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func TestAppendPacket(t *testing.T) {
	got, err := oneline.AppendPacket([]byte("a\n"), "b")
	if string(got) != "a\nb\n" || err != nil {
		t.Errorf("%q, %v; want a and b", got, err)
	}
	got, err = oneline.AppendPacket(got, "c\n")
	if string(got) != "a\nb\n" || err != oneline.ErrLineFeed {
		t.Errorf("%q, %v; want what was there, and ErrLineFeed", got, err)
	}
}
