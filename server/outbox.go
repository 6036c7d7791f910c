package server

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/socket-oneline/oneline"
)

const (
	// flushSize is how many bytes of responses are gathered before they are sent. It
	// bounds the memory that a client can cost that does not read.
	flushSize = 64 << 10

	// flushAfter is how long a response may wait to be sent while a callback runs.
	flushAfter = time.Millisecond
)

// outbox gathers responses and sends them: before the server waits for its client, so
// that commands that arrived together are answered together, and by a timer while a
// callback runs, because that may take long.
//
// The goroutine that serves the client holds the mutex, except while it runs a
// callback or waits for the client. So a predefined command needs no locking, and the
// callback and the timer can send.
type outbox struct {
	nc    net.Conn
	ctx   context.Context // once it is done, each write has lingerTime only
	limit time.Duration   // Server.WriteTimeout

	sync.Mutex
	buf      []byte
	err      error     // why nothing can be sent anymore
	deadline time.Time // for writing, until ctx is done

	call    uint64 // number of the latest callback
	running bool   // whether that has not returned yet

	timer  *time.Timer
	armed  bool           // the timer will fire
	timers sync.WaitGroup // the timer's goroutine, from when it is armed
}

// respond sends a response of the callback with this number, if it still runs.
func (o *outbox) respond(call uint64, response string) error {
	o.Lock()
	defer o.Unlock()
	if call != o.call || !o.running {
		return ErrResponderDone
	}
	if o.err != nil {
		return o.err
	}
	buf, err := oneline.AppendPacket(o.buf, response)
	if err != nil {
		return err
	}
	o.buf = buf
	o.arm()
	if len(o.buf) < flushSize {
		return nil
	}
	return o.flush()
}

// pong responds to n pings. The responses are no longer than the pings, which one read
// bounds.
func (o *outbox) pong(n int) {
	buf := o.buf
	for range n {
		buf = append(buf, oneline.Pong+"\n"...)
	}
	o.buf = buf
}

// begin hands the outbox to a callback, which sends through the Responder.
func (o *outbox) begin() Responder {
	o.call++
	o.running = true
	if len(o.buf) > 0 {
		o.arm()
	}
	o.Unlock()
	return Responder{o, o.call}
}

// end takes the outbox back. The Responder cannot send anymore.
func (o *outbox) end() {
	o.Lock()
	o.running = false
}

// arm has the gathered responses sent soon. A flush does not disarm the timer, which
// then finds nothing to send: so it is set once in flushAfter, not once for every batch
// of commands.
func (o *outbox) arm() {
	if o.armed {
		return
	}
	o.armed = true
	o.timers.Add(1)
	if o.timer == nil {
		o.timer = time.AfterFunc(flushAfter, o.flushLate)
	} else {
		o.timer.Reset(flushAfter)
	}
}

// flushLate sends the gathered responses, in the timer's goroutine.
func (o *outbox) flushLate() {
	defer o.timers.Done()
	o.Lock()
	defer o.Unlock()
	o.armed = false
	_ = o.flush() // its error is kept, and ends the connection
}

// disarm stops the timer and waits for its goroutine. The outbox must not be locked.
func (o *outbox) disarm() {
	if o.timer != nil && o.timer.Stop() {
		o.timers.Done()
	}
	o.timers.Wait()
}

// flush sends the gathered responses. After a failure it always fails: no packet can
// follow one that was sent in part.
func (o *outbox) flush() error {
	if len(o.buf) == 0 || o.err != nil {
		return o.err
	}
	o.extend()
	_, o.err = o.nc.Write(o.buf)
	o.buf = o.buf[:0]
	if cap(o.buf) > 2*flushSize {
		o.buf = nil // a long response does not keep its memory forever
	}
	return o.err
}

// extend gives the client time to take what is about to be sent. It moves the deadline
// only if less than the limit is left, and then by half as much again: setting it for
// every flush would cost as much as many commands.
func (o *outbox) extend() {
	if now := time.Now(); o.deadline.Sub(now) < o.limit {
		o.deadline = now.Add(o.limit + o.limit/2)
		_ = o.nc.SetWriteDeadline(o.deadline)
	}
	// The end of ctx sets a deadline too, which the line above may have replaced.
	if o.ctx.Err() != nil {
		_ = o.nc.SetWriteDeadline(time.Now().Add(lingerTime))
	}
}
