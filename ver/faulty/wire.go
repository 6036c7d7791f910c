package faulty

import (
	"slices"
	"time"

	"github.com/socket-oneline/oneline/ver/target"
)

// onWire is a target of a server that shows what it does on the wire, and
// whether it stops. It has the sample application, and a quick temper: a run
// against a server that answers nothing must not take long.
func onWire(name string, serve target.ServeFunc) *target.Target {
	limits := target.DefaultLimits()
	limits.Response, limits.Quiet, limits.Exit = 500*time.Millisecond, 50*time.Millisecond, time.Second
	limits.Stall = limits.Quiet
	limits.Unread, limits.Often = held, 200
	return &target.Target{
		Kind: target.Reference,
		Name: name,
		Needs: map[string]string{
			target.API:    "a server on the wire has no API",
			target.Exit:   "a server on the wire has no process of its own",
			target.Client: "a server is not a client",
		},
		Server:  target.InProcess(serve, limits),
		Profile: target.Sample(),
		Limits:  limits,
	}
}

// held is more than a connection of the skeleton holds of what is not read.
const held = 1 << 20

// wireFault is a fault of the skeleton.
type wireFault = entry[func(*skeleton)]

// wireFaults gives the servers with one mistake that shows on the wire.
func wireFaults() []Member {
	return members("", slices.Concat(
		framingFaults, segmentFaults, matchingFaults(), validityFaults, maximumFaults,
		pongFaults, frameFaults, silentFaults, answerFaults, unaskedFaults,
		leavingFaults, disconnectFaults, shutdownFaults, clientFaultsOnWire, waitingFaults, sequenceFaults,
		earlyFaults, togetherFaults, unicodeFaults, volumeFaults,
	), func(f wireFault) *target.Target { return onWire(f.name, serve(f.change)) })
}

// Mistakes that replace one function of the skeleton.

func onClient(attend func(c *visitor)) func(*skeleton) {
	return func(s *skeleton) { s.attend = attend }
}

func onReading(read func(c *visitor, buf []byte) (int, error)) func(*skeleton) {
	return func(s *skeleton) { s.read = read }
}

func onBytes(take func(c *visitor, chunk []byte)) func(*skeleton) {
	return func(s *skeleton) { s.take = take }
}

func onPacket(handle func(c *visitor, p packet)) func(*skeleton) {
	return func(s *skeleton) { s.handle = handle }
}

func onSending(send func(c *visitor, text string)) func(*skeleton) {
	return func(s *skeleton) { s.send = send }
}

// onEnd does something when a client has left by itself.
func onEnd(ended func(c *visitor, err error)) func(*skeleton) {
	return func(s *skeleton) { s.ended = ended }
}

func onLeaving(leave func(c *visitor)) func(*skeleton) {
	return func(s *skeleton) { s.leave = leave }
}

func onDisconnect(goodbye func(c *visitor)) func(*skeleton) {
	return func(s *skeleton) { s.goodbye = goodbye }
}

func onShutdown(shutdown func(c *visitor)) func(*skeleton) {
	return func(s *skeleton) { s.shutdown = shutdown }
}

func tooLongIf(tooLong func(n int) bool) func(*skeleton) {
	return func(s *skeleton) { s.tooLong = tooLong }
}

func validIf(valid func(text string) bool) func(*skeleton) {
	return func(s *skeleton) { s.valid = valid }
}

func frames(frame func(response string) string) func(*skeleton) {
	return func(s *skeleton) { s.frame = frame }
}

func answers(answer func(p packet) []string) func(*skeleton) {
	return func(s *skeleton) { s.answer = answer }
}

// altersText changes the text of every packet.
func altersText(change func(string) string) func(*skeleton) {
	return onPacket(func(c *visitor, p packet) {
		p.text = change(p.text)
		c.obey(p)
	})
}

// except does something else with some packets.
func except(which func(packet) bool, instead func(c *visitor, p packet)) func(*skeleton) {
	return onPacket(func(c *visitor, p packet) {
		if which(p) {
			instead(c, p)
		} else {
			c.obey(p)
		}
	})
}

// twice obeys a packet twice.
func twice(c *visitor, p packet) {
	c.obey(p)
	c.obey(p)
}

// byByte takes what was read byte by byte.
func byByte(take func(c *visitor, b byte)) func(*skeleton) {
	return onBytes(func(c *visitor, chunk []byte) {
		for _, b := range chunk {
			take(c, b)
		}
	})
}

// afterSegment does something after the packets of one read were handled.
func afterSegment(do func(c *visitor)) func(*skeleton) {
	return onBytes(func(c *visitor, chunk []byte) {
		c.split(chunk)
		do(c)
	})
}

// inSegment handles packets in another way, and does something after those of one read.
func inSegment(handle func(c *visitor, p packet), after func(c *visitor)) func(*skeleton) {
	return func(s *skeleton) {
		onPacket(handle)(s)
		afterSegment(after)(s)
	}
}
