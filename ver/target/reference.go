package target

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/socket-oneline/oneline/client"
	"github.com/socket-oneline/oneline/server"
)

// NewReference is the reference server and client, with the sample application.
// Every spec gets a fresh server; for its exit, this program runs itself again
// as a server: main, or TestMain, must call [Child] first.
func NewReference() *Target {
	limits := DefaultLimits()
	limits.Quiet, limits.Stall, limits.Pause = 15*time.Millisecond, 40*time.Millisecond, time.Millisecond
	return &Target{
		Kind:    Reference,
		Name:    "the reference server and client",
		Server:  InProcess(sampleServer, limits),
		Process: selfProcess{},
		API:     referenceAPI{},
		Client:  referenceClients{},
		Profile: Sample(),
		Limits:  limits,
	}
}

// sampleServer is the reference server with the sample application.
func sampleServer(ctx context.Context, ln net.Listener) error {
	s := server.Server{Callback: server.Sample}
	return s.Serve(ctx, ln)
}

// referenceAPI adapts the reference server to [ServerAPI].
type referenceAPI struct{}

func reference(p Params) *server.Server {
	s := &server.Server{Addr: p.Addr, MaxPacket: p.MaxPacket, IdleTimeout: p.IdleTimeout, Logger: p.Logger}
	if p.Callback != nil {
		s.Callback = func(ctx context.Context, c server.Command, r server.Responder) error {
			return p.Callback(ctx, Command(c), r.Send)
		}
	}
	return s
}

func (referenceAPI) Check(p Params) error { return reference(p).Check() }

func (referenceAPI) ListenAndServe(ctx context.Context, p Params) error {
	return reference(p).ListenAndServe(ctx)
}

func (referenceAPI) Serve(ctx context.Context, p Params, ln net.Listener) error {
	return reference(p).Serve(ctx, ln)
}

// selfProcess runs this program again, as the reference server.
type selfProcess struct{}

// serveEnv makes [Child] a server at the address that it holds.
const serveEnv = "ONELINE_SERVE"

func (selfProcess) Launch(addr string) (*Proc, error) {
	return LaunchSelf([]string{serveEnv + "=" + addr}, addr)
}

// serveReference is the reference server as a process: status 0 after a normal
// stop (Pl), 1 and a line on standard error if it cannot serve (Pp).
func serveReference(addr string) int {
	s := server.Server{Addr: addr, Callback: server.Sample}
	if err := s.ListenAndServe(context.Background()); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return 0
}

// referenceClients adapts the reference client to [ClientMaker].
type referenceClients struct{}

func (referenceClients) Check(addr string) error { return (&client.Client{Addr: addr}).Check() }

func (referenceClients) New(addr string) (ClientUnderTest, error) {
	return &referenceClient{client.Client{Addr: addr}}, nil
}

type referenceClient struct{ c client.Client }

func (r *referenceClient) Connect(ctx context.Context) Answer { return answer("", r.c.Connect(ctx)) }

func (r *referenceClient) Send(ctx context.Context, text string) Answer {
	return answer("", r.c.Send(ctx, text))
}

func (r *referenceClient) Receive(ctx context.Context, within time.Duration) Answer {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return answer(r.c.Receive(ctx))
}

func (r *referenceClient) Disconnect(ctx context.Context) Answer {
	return answer("", r.c.Disconnect(ctx))
}

func (r *referenceClient) Shutdown(ctx context.Context) Answer { return answer("", r.c.Shutdown(ctx)) }

func (r *referenceClient) Connected(context.Context) Answer {
	return Answer{OK, strconv.FormatBool(r.c.Connected())}
}

func (r *referenceClient) Quit() error { return r.c.Close() }

// answer puts what the reference client returned into the words of a client
// under test.
func answer(text string, err error) Answer {
	switch {
	case err == nil:
		return Answer{OK, text}
	case errors.Is(err, context.DeadlineExceeded):
		return Answer{Kind: Timeout}
	case errors.Is(err, client.ErrClosed):
		return Answer{Kind: Ended}
	}
	return Answer{Failed, err.Error()}
}
