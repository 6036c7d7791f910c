package ver

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/target"
)

var serverParameters = protocol{
	id: "TP-007", title: "server parameters",
	objective: "A server whose parameters are not set or invalid says which, and does not start.",
	specs: []spec{
		// SRS-001: The server shall check that its parameters are set and valid,
		// and shall name each one that is not.
		{title: "names the parameters that are not set or invalid", ids: srs("001"), observe: target.API, play: act(namesParameters)},

		// SRS-021: A server that cannot have its port shall say so and shall fail
		// to start.
		{title: "says that its port is taken", ids: srs("021"), observe: target.API, play: act(func(t *trial) {
			t.step("take a port")
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			t.haveTo("listen", err)
			t.cleanUp(func(context.Context) { _ = ln.Close() })
			t.step("start a server at this port; it fails, and names the address")
			err = refused(t, target.Params{Addr: ln.Addr().String(), Callback: doNothing})
			if t.verify("the start of a server", err, anError) {
				t.verify("what it says", said(err), mentions(ln.Addr().String(), "the address"))
			}
		})},
	},
}

func doNothing(context.Context, target.Command, func(string) error) error { return nil }

// said is what an error says; nothing where there is none.
func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func namesParameters(t *trial) {
	for _, row := range []struct {
		fault        string // what is wrong with the parameters
		params       target.Params
		wrong, right []string
	}{
		{"without", target.Params{}, []string{"addr", "callback"}, nil},
		{"without", target.Params{Callback: doNothing}, []string{"addr"}, []string{"callback"}},
		{"without", target.Params{Addr: "127.0.0.1:0"}, []string{"callback"}, []string{"addr"}},
		{"with an invalid", target.Params{Addr: "nowhere", Callback: doNothing}, []string{"addr"}, []string{"callback"}},
		{"with a negative", target.Params{Addr: "127.0.0.1:0", Callback: doNothing, MaxPacket: -1, IdleTimeout: -1}, []string{"maxpacket", "idletimeout"}, []string{"addr", "callback"}},
	} {
		t.step("check a server %s %s", row.fault, strings.Join(row.wrong, " and "))
		names(t, checked(t, row.params), row.wrong, row.right)
		t.step("start it; it does not start, and says the same")
		names(t, refused(t, row.params), row.wrong, row.right)
	}
	t.step("check a server with both")
	t.verify("the check", checked(t, target.Params{Addr: "127.0.0.1:0", Callback: doNothing}), noError)
}

func checked(t *trial, p target.Params) error {
	if t.rehearses() {
		return nil
	}
	return t.Target().API.Check(p)
}

// refused gives the error with which a server fails to start; nil if it starts,
// or does not return.
func refused(t *trial, p target.Params) error {
	if t.rehearses() {
		return nil
	}
	starting, cancel := patience.Within(t, t.Pace().Quiet())
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- t.Target().API.ListenAndServe(starting, p) }()
	waiting, over := patience.Within(t, t.window())
	defer over()
	select {
	case err := <-result:
		return err
	case <-waiting.Done():
		return nil
	}
}

// names verifies that an error names these parameters, and not those.
func names(t *trial, err error, missing, set []string) {
	if !t.verify("the error", err, anError) {
		return
	}
	for _, name := range missing {
		t.verify("what it says", strings.ToLower(said(err)), mentions(name, name))
	}
	for _, name := range set {
		t.verify("what it says", strings.ToLower(said(err)), mentionsNot(name, name))
	}
}

var failingCallback = protocol{
	id: "TP-020", title: "failing callback",
	objective: "A callback that fails costs its client the connection, and nobody else anything.",
	specs: []spec{
		// SRS-044: When the callback fails, the server shall drop its client, log
		// the failure, and go on.
		{
			title: "drops the client of a callback that returns an error",
			ids:   srs("044"), observe: target.API, play: act(callbackFails("returns an error", func() error { return errFailing })),
		},
		{
			title: "drops the client of a callback that panics",
			ids:   srs("044"), observe: target.API, play: act(callbackFails("panics", func() error { panic(errFailing) })),
		},
	},
}

func callbackFails(name string, fail func() error) func(*trial) {
	return func(t *trial) {
		log := newLog()
		p := runServer(t, target.Params{Logger: log.logger()}, func(_ context.Context, c target.Command, respond func(string) error) error {
			if c.Text != "fail" {
				return respond("ok")
			}
			return fail()
		})
		c := enter(t, p)
		t.step("send a command; it is answered")
		_ = c.Send("work\n")
		receivesText(t, c, "ok")
		before := log.text()
		t.step("send a command on which the callback %s; the connection ends, and no packet comes before", name)
		_ = c.Send("fail\nwork\n")
		t.verify("the connection", c.Ending(t), theEnd)
		t.step("the log names the failure")
		t.verify("the log before", before, mentionsNot(errFailing.Error(), "the failure"))
		soon(t, "the log", log.text, mentions(errFailing.Error(), "the failure"))
		t.step("the next client is served; the command after the failing one was not handled")
		other := enterVerified(t, p)
		_ = other.Send("work\n")
		receivesText(t, other, "ok")
		t.verify("what the callback was handed", p.own(), calls(valid("work"), valid("fail"), valid("work")))
	}
}

var silentClient = protocol{
	id: "TP-021", title: "silent client",
	objective: "With an idle limit a client that sends nothing does not keep the server for ever.",
	specs: []spec{
		// SRS-045: With an idle limit set the server shall drop a client that
		// sends nothing for that long; without one it shall not.
		{title: "drops a client that sends nothing", ids: srs("045"), observe: target.API, play: act(dropsSilent)},

		{title: "drops a client that has never sent anything", ids: srs("045"), observe: target.API, play: act(func(t *trial) {
			p := runServer(t, target.Params{IdleTimeout: idleLimit}, nil)
			t.step("connect and send nothing; the connection ends")
			c, err := dialAt(t, p.addr)
			t.require("a connection to the server", err, noError)
			t.verify("the connection", c.Expiry(t), theEnd)
			t.step("the next client is served")
			t.verify("the connection of the next client", service(t.notServedAt(p.addr)), served)
		})},

		{title: "keeps a client that goes on sending", ids: srs("045"), observe: target.API, play: act(keepsSender)},

		{title: "keeps a silent client where no limit is set", ids: srs("045"), observe: target.API, play: act(func(t *trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			t.step("send nothing for a while; the connection stays")
			t.verify("what comes meanwhile", t.listen(c), nothing)
			t.verify("what comes meanwhile", t.listen(c), nothing)
			pong(t, c)
		})},
	},
}

// idleLimit is short enough to be waited for, and long enough to be told from
// none.
const idleLimit = 40 * time.Millisecond

// dropsSilent waits for the idle limit. A busy machine may hide that the end comes
// early, so it does that more than once.
func dropsSilent(t *trial) {
	t.step("start a server with an idle limit of %s", idleLimit)
	p := runServer(t, target.Params{IdleTimeout: idleLimit}, nil)
	for done, tries := 0, 0; done < 3; tries++ {
		if tries == 12 {
			t.block("this machine is too busy: a connection and a command took longer than %s, again and again", idleLimit)
		}
		t.step("connect, and let another client wait; send ping, and then nothing; the connection ends, but not before the limit")
		began := time.Now()
		c, err := dialAt(t, p.addr)
		t.require("a connection to the server", err, noError)
		waiting, err := dialAt(t, p.addr)
		t.require("another one", err, noError)
		_ = waiting.Send("ping\n")
		asked := time.Now()
		_ = c.Send("ping\n")
		event := c.Receive(t)
		if event == target.Closed && !t.rehearses() { // before the ping came, or so it seems
			t.verify("time since the client came", time.Since(began), atLeast(idleLimit))
			continue
		}
		done++
		t.verify("the answer to ping", event, packet("pong"))
		t.verify("the connection", c.Expiry(t), theEnd)
		t.verify("time since the ping", time.Since(asked), atLeast(idleLimit))
		t.step("the client that waited is served")
		if !receivesText(t, waiting, "pong") {
			return
		}
		_ = waiting.Send("disconnect\n")
		_ = waiting.Ending(t)
	}
}

// keepsSender sends commands for longer than the idle limit.
func keepsSender(t *trial) {
	limit := 5 * idleLimit
	t.step("start a server with an idle limit of %s", limit)
	p := runServer(t, target.Params{IdleTimeout: limit}, nil)
	for range 5 {
		c := enter(t, p)
		began, slowest := time.Now(), time.Duration(0)
		t.step("send ping again and again, for longer than the limit; each is answered")
		held := true
		for last := began; held && last.Sub(began) < 3*limit/2; {
			t.pause(limit / 4)
			_ = c.Send("ping\n")
			event := c.Receive(t)
			slowest = max(slowest, time.Since(last))
			last = time.Now()
			if slowest >= limit { // this machine was too busy to tell
				break
			}
			held = t.verify("the answer to ping", event, packet("pong")) && !t.rehearses()
		}
		if slowest < limit {
			return
		}
		_ = c.Close()
	}
	t.block("this machine is too busy: a pause of %s took longer than %s, again and again", limit/4, limit)
}

var stopping = protocol{
	id: "TP-022", title: "stopping the server from its program",
	objective: "When the server returns, nothing of it is left.",
	specs: []spec{
		// SRS-046: Stopping the server from its program shall close the client,
		// end everything that the server started and release the port, before it
		// returns.
		{title: "leaves nothing behind", ids: srs("046"), observe: target.API, play: act(func(t *trial) {
			for _, state := range []string{"idle", "within a packet", "with a client that waits", "with nobody connected"} {
				stopIn(t, state)
			}
		})},

		{title: "cancels a callback that runs", ids: srs("046"), observe: target.API, play: act(stopWhileCalled)},
	},
}

// stopIn stops a server that is in some state.
func stopIn(t *trial, state string) {
	t.step("start a server, and stop it: %s", state)
	left := newLeftovers()
	p := runServer(t, target.Params{}, nil)
	var c *target.Conn
	if state != "with nobody connected" {
		c = enter(t, p)
	}
	switch state {
	case "within a packet":
		_ = c.Send("pi")
	case "with a client that waits":
		waiting, err := dialAt(t, p.addr)
		t.require("a further connection", err, noError)
		_ = waiting.Send("ping\n")
	}
	p.cancel()
	t.step("the server returns, its port is free, its client is closed, and nothing runs on")
	hasLeftNothing(t, p, c, left)
}

// hasLeftNothing verifies that nothing is left of a server that was stopped.
func hasLeftNothing(t *trial, p *program, c *target.Conn, left leftovers) {
	hasReturned(t, p)
	isFree(t, p.addr)
	if c != nil {
		t.verify("the connection", c.Ending(t), theEnd)
	}
	soon(t, "goroutines that were not there before", left.goroutines, isEmpty[string]())
}

func stopWhileCalled(t *trial) {
	left := newLeftovers()
	running := make(chan struct{})
	runs := sync.OnceFunc(func() { close(running) })
	p := runServer(t, target.Params{}, func(ctx context.Context, _ target.Command, _ func(string) error) error {
		runs()
		<-ctx.Done()
		return ctx.Err()
	})
	c := enter(t, p)
	t.step("send a command whose callback goes on until it is canceled, and stop the server")
	_ = c.Send("work\n")
	t.require("the callback runs", eventually(t, closed(running), isTrue), isTrue)
	p.cancel()
	hasLeftNothing(t, p, c, left)
}

var stoppingWithin = protocol{
	id: "TP-010", title: "server stopped from within its callback",
	objective: "A callback may stop the server that it is called by.",
	specs: []spec{
		// SRS-051: The server shall stop in the same way when it is stopped from
		// within its callback.
		{title: "stops from within the callback", ids: srs("051"), observe: target.API, play: act(func(t *trial) {
			left := newLeftovers()
			var p *program
			p = runServer(t, target.Params{}, func(_ context.Context, c target.Command, respond func(string) error) error {
				if c.Text == "stop" {
					p.cancel()
					return nil
				}
				return respond("ok")
			})
			c := enter(t, p)
			t.step("send a command; it is answered")
			_ = c.Send("work\n")
			receivesText(t, c, "ok")
			t.step("send a command whose callback stops the server; the connection ends, and the command after it is not handled")
			_ = c.Send("stop\nwork\n")
			t.verify("the connection", c.Ending(t), theEnd)
			hasLeftNothing(t, p, nil, left)
			t.verify("what the callback was handed", p.own(), calls(valid("work"), valid("stop")))
		})},
	},
}
