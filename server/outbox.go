package server

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/socket-oneline/oneline"
)

const (
	// flushSize is how many bytes of responses are gathered before they are sent;
	// it bounds the memory that a client who does not read can cost.
	flushSize = 64 << 10

	// flushAfter is how long a response may wait to be sent while a callback runs.
	flushAfter = time.Millisecond
)

// outbox gathers responses and sends them: in one go before the server waits for
// its client, so that commands that came together are answered together; and by a
// timer while a callback runs, because it may run for long.
//
// Its mutex is held by the goroutine that serves the client, except while that
// runs a callback or waits for the client: a predefined command costs no locking,
// and yet the callback and the timer may send.
type outbox struct {
	nc    net.Conn
	ctx   context.Context // once it is done, each write has lingerTime only
	limit time.Duration   // Server.WriteTimeout

	sync.Mutex
	buf      []byte
	err      error     // why nothing can be sent any more
	deadline time.Time // of writing, until ctx is done

	call    uint64 // number of the latest callback
	running bool   // it has not returned

	timer  *time.Timer
	armed  bool           // the timer will ring
	timers sync.WaitGroup // its goroutine, from when it is armed
}

// respond sends a response of the callback with that number, if it still runs.
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

// pong responds to n pings. It is no longer than they were: what is read in one go
// bounds it.
func (o *outbox) pong(n int) {
	buf := o.buf
	for range n {
		buf = append(buf, oneline.Pong+"\n"...)
	}
	o.buf = buf
}

// begin releases the outbox to a callback, which may send by the Responder.
func (o *outbox) begin() Responder {
	o.call++
	o.running = true
	if len(o.buf) > 0 {
		o.arm()
	}
	o.Unlock()
	return Responder{o, o.call}
}

// end takes the outbox back, and makes the Responder useless.
func (o *outbox) end() {
	o.Lock()
	o.running = false
}

// arm sees to it that what has been gathered is sent soon. A flush does not disarm
// the timer but leaves it to find nothing, so that it is set once in flushAfter,
// not once for every batch of commands.
func (o *outbox) arm() {
	if o.armed {
		return
	}
	o.armed = true
	o.timers.Add(1)
	if o.timer == nil {
		o.timer = time.AfterFunc(flushAfter, o.ring)
	} else {
		o.timer.Reset(flushAfter)
	}
}

// ring sends, in the timer's goroutine, what has been gathered.
func (o *outbox) ring() {
	defer o.timers.Done()
	o.Lock()
	defer o.Unlock()
	o.armed = false
	_ = o.flush() // its error is kept, and ends the connection
}

// disarm ends the timer and its goroutine. The outbox must not be locked.
func (o *outbox) disarm() {
	if o.timer != nil && o.timer.Stop() {
		o.timers.Done()
	}
	o.timers.Wait()
}

// flush sends what has been gathered. Once it has failed it does so for ever: no
// packet can follow one that was not sent whole.
func (o *outbox) flush() error {
	if len(o.buf) == 0 || o.err != nil {
		return o.err
	}
	o.extend()
	_, o.err = o.nc.Write(o.buf)
	o.buf = o.buf[:0]
	if cap(o.buf) > 2*flushSize {
		o.buf = nil // a long response does not cost its memory for ever
	}
	return o.err
}

// extend gives the client its time to take what is about to be sent. It moves the
// deadline only where less than the limit is left, and then by half as much again:
// to set one for every flush would cost as much as many commands.
func (o *outbox) extend() {
	if now := time.Now(); o.deadline.Sub(now) < o.limit {
		o.deadline = now.Add(o.limit + o.limit/2)
		_ = o.nc.SetWriteDeadline(o.deadline)
	}
	// The end of ctx sets a deadline too: here where it came before this one.
	if o.ctx.Err() != nil {
		_ = o.nc.SetWriteDeadline(time.Now().Add(lingerTime))
	}
}
