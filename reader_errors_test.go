package oneline_test

import (
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/socket-oneline/oneline"
)

// An error costs no byte, wherever it strikes (Ps).
func TestReaderGoesOnAfterErrors(t *testing.T) {
	input := "first\nsec\rond\n\nfour"
	interrupted := errors.New("interrupted")
	source := &flaky{source: iotest.OneByteReader(strings.NewReader(input)), err: interrupted}
	r := oneline.NewReader(source, 8)
	var got []packet
	for {
		packets, err := rest(r)
		got = append(got, packets...)
		if err == io.EOF {
			break
		}
		if err != interrupted {
			t.Fatalf("error is %v, want that of the source", err)
		}
	}
	if want := split([]byte(input), 8); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// flaky fails at every other read.
type flaky struct {
	source io.Reader
	err    error
	failed bool
}

func (f *flaky) Read(p []byte) (int, error) {
	if f.failed = !f.failed; f.failed {
		return 0, f.err
	}
	return f.source.Read(p)
}

func TestReaderKeepsPartAcrossDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer near.Close()
		defer far.Close()
		r := oneline.NewReader(near, 16)
		for _, part := range []string{"p", "in", "g"} {
			go io.WriteString(far, part)
			near.SetReadDeadline(time.Now().Add(time.Second))
			if p, err := r.Next(); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("after %q: got %q and %v, want a deadline exceeded", part, p.Bytes, err)
			}
		}
		go io.WriteString(far, "\n")
		near.SetReadDeadline(time.Time{})
		if p, err := r.Next(); err != nil || string(p.Bytes) != "ping" {
			t.Errorf("got %q and %v, want ping", p.Bytes, err)
		}
	})
}

// A packet that came with an error is delivered first, and the error then, once.
func TestReaderErrorWithData(t *testing.T) {
	r := oneline.NewReader(iotest.DataErrReader(strings.NewReader("a\nb\n")), 8)
	packets, err := rest(r)
	if len(packets) != 2 || err != io.EOF {
		t.Errorf("got %v and %v, want two packets and io.EOF", packets, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("then: %v, want io.EOF", err)
	}
}
