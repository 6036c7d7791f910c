package ver

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/ver/patience"
	"github.com/socket-oneline/oneline/ver/play"
	"github.com/socket-oneline/oneline/ver/target"
)

var serverParameters = play.Protocol{
	ID: "TP-007", Title: "server parameters",
	Objective: "A server whose parameters are not set or invalid says which, and does not start.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-001: The server shall check that its parameters are set and valid,
		// and shall name each one that is not.
		{Title: "names the parameters that are not set or invalid", IDs: srs("001"), Play: play.Func(namesParameters)},

		// SRS-021: A server that cannot have its port shall say so and shall fail
		// to start.
		{Title: "says that its port is taken", IDs: srs("021"), Play: play.Func(func(t *play.Trial) {
			t.Step("take a port")
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			t.BlockOn("listen", err)
			defer ln.Close()
			t.Step("start a server at this port; it fails, and names the address")
			err = refused(t, target.Params{Addr: ln.Addr().String(), Callback: doNothing})
			if t.Verify("the start of a server", err, play.AnError) {
				t.Verify("what it says", said(err), mentions(ln.Addr().String(), "the address"))
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

// namesParameters checks and starts servers with parameters that are not set or invalid.
func namesParameters(t *play.Trial) {
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
		t.Step("check a server %s %s", row.fault, strings.Join(row.wrong, " and "))
		names(t, checked(t, row.params), row.wrong, row.right)
		t.Step("start it; it does not start, and says the same")
		names(t, refused(t, row.params), row.wrong, row.right)
	}
	t.Step("check a server with both")
	t.Verify("the check", checked(t, target.Params{Addr: "127.0.0.1:0", Callback: doNothing}), play.NoError)
}

func checked(t *play.Trial, p target.Params) error {
	if t.Rehearses() {
		return nil
	}
	return t.Target.API.Check(p)
}

// refused gives the error with which a server fails to start; nil if it starts,
// or does not return.
func refused(t *play.Trial, p target.Params) error {
	if t.Rehearses() {
		return nil
	}
	starting, cancel := patience.Within(t, t.Pace.Quiet())
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- t.Target.API.ListenAndServe(starting, p) }()
	waiting, over := patience.Within(t, t.Limit())
	defer over()
	select {
	case err := <-result:
		return err
	case <-waiting.Done():
		return nil
	}
}

// names verifies that an error names these parameters, and not those.
func names(t *play.Trial, err error, missing, set []string) {
	if !t.Verify("the error", err, play.AnError) {
		return
	}
	for _, name := range missing {
		t.Verify("what it says", strings.ToLower(said(err)), mentions(name, name))
	}
	for _, name := range set {
		t.Verify("what it says", strings.ToLower(said(err)), mentionsNot(name, name))
	}
}

var failingCallback = play.Protocol{
	ID: "TP-020", Title: "failing callback",
	Objective: "A callback that fails costs its client the connection, and nobody else anything.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-044: When the callback fails, the server shall drop its client, log
		// the failure, and go on.
		{
			Title: "drops the client of a callback that returns an error",
			IDs:   srs("044"),
			Play:  play.Func(callbackFails("returns an error", func() error { return errFailing })),
		},

		{
			Title: "drops the client of a callback that panics",
			IDs:   srs("044"),
			Play:  play.Func(callbackFails("panics", func() error { panic(errFailing) })),
		},
	},
}

// callbackFails has a callback fail, and another client come.
func callbackFails(name string, fail func() error) func(*play.Trial) {
	return func(t *play.Trial) {
		log := newLog()
		p := runServer(t, target.Params{Logger: log.logger()}, func(_ context.Context, c target.Command, respond func(string) error) error {
			if c.Text != "fail" {
				return respond("ok")
			}
			return fail()
		})
		c := enter(t, p)
		t.Step("send a command; it is answered")
		asks(t, c, "work", "ok")
		before := log.text()
		t.Step("send a command on which the callback %s; the connection ends, and no packet comes before", name)
		_ = c.Send("fail\nwork\n")
		t.Verify("the connection", c.Receive(t), play.TheEnd)
		t.Step("the log names the failure")
		t.Verify("the log before", before, mentionsNot(errFailing.Error(), "the failure"))
		play.Soon(t, "the log", log.text, mentions(errFailing.Error(), "the failure"))
		t.Step("the next client is served; the command after the failing one was not handled")
		other := enterVerified(t, p)
		asks(t, other, "work", "ok")
		t.Verify("what the callback was handed", p.exceptPredefined(), calls(valid("work"), valid("fail"), valid("work")))
	}
}

var silentClient = play.Protocol{
	ID: "TP-021", Title: "silent client",
	Objective: "With an idle limit a client that sends nothing does not keep the server for ever.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-045: With an idle limit set the server shall drop a client that
		// sends nothing for that long; without one it shall not.
		{Title: "drops a client that sends nothing", IDs: srs("045"), Play: play.Func(dropsSilent)},

		{Title: "drops a client that has never sent anything", IDs: srs("045"), Play: play.Func(func(t *play.Trial) {
			p := runServer(t, target.Params{IdleTimeout: idleLimit}, nil)
			t.Step("connect and send nothing; the connection ends")
			c, err := play.DialAt(t, p.addr)
			t.Require("a connection to the server", err, play.NoError)
			t.Verify("the connection", c.Wait(t, 4*t.Pace.Response()), play.TheEnd)
			t.Step("the next client is served")
			t.Verify("the connection of the next client", play.Service(t.NotServedAt(p.addr)), play.Served)
		})},

		{Title: "keeps a client that sends more often than the idle limit", IDs: srs("045"), Play: play.Func(keepsPinging)},

		{Title: "keeps a silent client where no limit is set", IDs: srs("045"), Play: play.Func(func(t *play.Trial) {
			p := runServer(t, target.Params{}, nil)
			c := enter(t, p)
			t.Step("send nothing for a while; the connection stays")
			t.Verify("what comes meanwhile", c.Listen(t), play.Nothing)
			t.Verify("what comes meanwhile", c.Listen(t), play.Nothing)
			asksPing(t, c)
		})},
	},
}

// idleLimit is short enough to be waited for, and long enough to be told from
// none.
const idleLimit = 40 * time.Millisecond

// dropsSilent waits for the idle limit. A busy machine may hide that the end comes
// early, so it does that more than once.
func dropsSilent(t *play.Trial) {
	t.Step("start a server with an idle limit of %s", idleLimit)
	p := runServer(t, target.Params{IdleTimeout: idleLimit}, nil)
	for done, tries := 0, 0; done < 3; tries++ {
		if tries == 12 {
			t.Block("this machine is too busy: a connection and a command took longer than %s, again and again", idleLimit)
		}
		t.Step("connect, and let another client wait; send ping, and then nothing; the connection ends, but not before the limit")
		began := time.Now()
		c, err := play.DialAt(t, p.addr)
		t.Require("a connection to the server", err, play.NoError)
		waiting, err := play.DialAt(t, p.addr)
		t.Require("another one", err, play.NoError)
		_ = waiting.Send("ping\n")
		asked := time.Now()
		_ = c.Send("ping\n")
		event := c.Receive(t)
		if event == target.Closed && !t.Rehearses() { // before the ping came, or so it seems
			t.Verify("time since the client came", time.Since(began), atLeast(idleLimit))
			continue
		}
		done++
		t.Verify("the answer to ping", event, play.Packet("pong"))
		t.Verify("the connection", c.Wait(t, 4*t.Pace.Response()), play.TheEnd)
		t.Verify("time since the ping", time.Since(asked), atLeast(idleLimit))
		t.Step("the client that waited is served")
		if !receivesText(t, waiting, "pong") {
			return
		}
		_ = waiting.Send("disconnect\n")
		_ = waiting.Receive(t)
	}
}

// keepsPinging sends pings, each within the idle limit of the one before, for longer than
// that limit. Where this machine is too busy for that, it tries again with a longer limit,
// and in the end blocks the spec.
func keepsPinging(t *play.Trial) {
	for limit := 2 * idleLimit; limit <= 32*idleLimit; limit *= 2 {
		t.Step("start a server with an idle limit, and send ping again and again, for longer than the limit; each is answered")
		c := enter(t, runServer(t, target.Params{IdleTimeout: limit}, nil))
		began, slowest, kept := time.Now(), time.Duration(0), true
		for last := began; kept && slowest < limit && last.Sub(began) < 3*limit/2; {
			target.Pause(t, limit/4)
			_ = c.Send("ping\n")
			event := c.Receive(t)
			slowest = max(slowest, time.Since(last))
			last = time.Now()
			kept = slowest >= limit || t.Verify("the answer to ping", event, play.Packet("pong")) && !t.Rehearses()
		}
		if slowest < limit {
			return
		}
		_ = c.Close()
	}
	t.Block("this machine is too busy: a pause of a quarter of the idle limit took longer than that, again and again")
}

var stopping = play.Protocol{
	ID: "TP-022", Title: "stopping the server from its program",
	Objective: "When the server returns, nothing of it is left.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-046: Stopping the server from its program shall close the client,
		// end everything that the server started and release the port, before it
		// returns.
		{Title: "leaves nothing behind when its program stops it", IDs: srs("046"), Play: play.Func(stopsInAnyState)},

		{Title: "cancels a callback that runs when its program stops it", IDs: srs("046"), Play: play.Func(stopsDuringCallback)},
	},
}

// stopsInAnyState stops servers in several states. Each must return, its port be free, its
// client be closed, and nothing of it run on.
func stopsInAnyState(t *play.Trial) {
	stopsWith(t, "idle", enter)
	stopsWith(t, "with nobody connected", func(*play.Trial, *program) *target.Conn { return nil })
	stopsWith(t, "within a packet", func(t *play.Trial, p *program) *target.Conn {
		c := enter(t, p)
		_ = c.Send("pi")
		return c
	})
	stopsWith(t, "with a client that waits", func(t *play.Trial, p *program) *target.Conn {
		c := enter(t, p)
		waiting, err := play.DialAt(t, p.addr)
		t.Require("a further connection", err, play.NoError)
		_ = waiting.Send("ping\n")
		return c
	})
	stopsWith(t, "with a client that does not take its responses", func(t *play.Trial, p *program) *target.Conn {
		c := enter(t, p)
		_ = c.Send("work\n")
		t.Require("the callback runs", play.Eventually(t, func() bool { return len(p.exceptPredefined()) > 0 }, play.IsTrue), play.IsTrue)
		target.Pause(t, t.Pace.Quiet()) // the connection holds no more by then
		return c
	})
	c := stopsWith(t, "with a client that stays though it has sent disconnect", func(t *play.Trial, p *program) *target.Conn {
		c := enter(t, p)
		_ = c.Send("disconnect\n")
		t.Require("the connection after disconnect", c.Receive(t), play.TheEnd)
		return c
	})
	takes := true                                  // what is sent, as a server does that still holds this connection
	for tries := 0; takes && tries < 20; tries++ { // the kernel's answer to the first one takes a moment
		takes = c.Send("ping\n") == nil
		target.Pause(t, 5*time.Millisecond)
	}
	t.Verify("the server takes what this client sends", takes, play.Is(false))
}

// stopsWith stops a server in the state into which it is brought, and gives the connection of
// its client; nil: there is none.
func stopsWith(t *play.Trial, state string, bring func(*play.Trial, *program) *target.Conn) *target.Conn {
	t.Step("start a server, and stop it: %s", state)
	left, response := newLeftovers(), play.Pattern(32_000)
	p := runServer(t, target.Params{}, func(_ context.Context, _ target.Command, respond func(string) error) error {
		for range 500 { // in all, more than a connection holds
			if err := respond(response); err != nil {
				return err
			}
		}
		return nil
	})
	c := bring(t, p)
	p.cancel()
	t.Step("the server returns, its port is free, its client is closed, and nothing runs on")
	hasReturned(t, p)
	hasLeftNothing(t, p, c, left)
	return c
}

// hasLeftNothing verifies that nothing is left of a server that has returned.
func hasLeftNothing(t *play.Trial, p *program, c *target.Conn, left leftovers) {
	play.IsFree(t, p.addr)
	if c != nil {
		t.Verify("the connection", t.End(c, c.Receive(t)), anEnd)
	}
	play.Soon(t, "goroutines that were not there before", left.goroutines, isEmpty[string]())
}

// stopsDuringCallback stops a server whose callback waits to be canceled.
func stopsDuringCallback(t *play.Trial) {
	left := newLeftovers()
	running := make(chan struct{})
	runs := sync.OnceFunc(func() { close(running) })
	p := runServer(t, target.Params{}, func(ctx context.Context, _ target.Command, _ func(string) error) error {
		runs()
		<-ctx.Done()
		return ctx.Err()
	})
	c := enter(t, p)
	t.Step("send a command whose callback goes on until it is canceled, and stop the server")
	_ = c.Send("work\n")
	t.Require("the callback runs", play.Eventually(t, closed(running), play.IsTrue), play.IsTrue)
	p.cancel()
	hasReturned(t, p)
	hasLeftNothing(t, p, c, left)
}

var stoppingWithin = play.Protocol{
	ID: "TP-010", Title: "server stopped from within its callback",
	Objective: "A callback may stop the server that it is called by.",
	Observe:   target.API,
	Specs: []play.Spec{
		// SRS-051: The server shall stop in the same way when it is stopped from
		// within its callback.
		{Title: "stops from within the callback", IDs: srs("051"), Play: play.Func(func(t *play.Trial) {
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
			t.Step("send a command; it is answered")
			asks(t, c, "work", "ok")
			t.Step("send a command whose callback stops the server; the connection ends, and the command after it is not handled")
			_ = c.Send("stop\nwork\n")
			t.Verify("the connection", c.Receive(t), play.TheEnd)
			hasReturned(t, p)
			hasLeftNothing(t, p, nil, left)
			t.Verify("what the callback was handed", p.exceptPredefined(), calls(valid("work"), valid("stop")))
		})},
	},
}
