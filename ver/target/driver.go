package target

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// drivers makes clients under test: programs that obey lines on their standard
// input and answer each by one line on their standard output.
type drivers struct{ command CommandLine }

func (d drivers) Check(string) error {
	return fmt.Errorf("a client under test does not show a check of its parameters")
}

// maxAnswer bounds an answer line of a client under test, in bytes.
const maxAnswer = 8 << 20

func (d drivers) New(addr string) (ClientUnderTest, error) {
	argv := d.command.argv(addr)
	if err := runnable(argv[0]); err != nil {
		return nil, err
	}
	cmd, stdin, stdout, err := newChild(drive, argv, nil)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	c := &driven{cmd: cmd, stdin: stdin, lines: make(chan string)}
	c.ended, c.end = context.WithCancel(context.Background())
	go c.read(stdout)
	return c, nil
}

// driven is a client under test that runs.
type driven struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // answers; closed when there are no more
	ended context.Context
	end   context.CancelFunc
	mu    sync.Mutex // held while a line waits for its answer: a spec may end before
	late  bool       // an answer did not come in time: a later one could be taken for another's
}

// read passes the answers on. It ends when the client does, or is ended.
func (c *driven) read(stdout io.Reader) {
	defer close(c.lines)
	lines := bufio.NewScanner(stdout)
	for lines.Buffer(nil, maxAnswer); lines.Scan(); {
		select {
		case c.lines <- lines.Text():
		case <-c.ended.Done():
			return
		}
	}
}

// ask writes a line and reads its answer.
func (c *driven) ask(ctx context.Context, line string) Answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.late {
		return Answer{Missing, "the client under test has not answered an earlier line in time"}
	}
	written := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c.stdin, line+"\n")
		written <- err
	}()
	select {
	case err := <-written:
		if err != nil {
			return Answer{Missing, "the client under test has ended: " + err.Error()}
		}
	case <-ctx.Done():
		c.late = true
		return Answer{Missing, "the client under test does not read its standard input"}
	}
	select {
	case answer, ok := <-c.lines:
		if !ok {
			return Answer{Missing, "the client under test has ended without an answer"}
		}
		return parseAnswer(answer)
	case <-ctx.Done():
		c.late = true
		return Answer{Missing, "the client under test has not answered " + quote(line) + " in time"}
	}
}

// parseAnswer reads an answer line. What is none is no report, of a failure neither.
func parseAnswer(line string) Answer {
	word, rest, _ := strings.Cut(line, " ")
	switch AnswerKind(word) {
	case Timeout, Ended:
		if rest == "" {
			return Answer{Kind: AnswerKind(word)}
		}
	case Failed:
		return Answer{Failed, rest}
	case OK:
		if !strings.HasPrefix(rest, `"`) {
			return Answer{OK, rest}
		}
		if text, err := DecodeText(rest); err == nil {
			return Answer{OK, text}
		}
	}
	return Answer{Missing, "not an answer: " + quote(line)}
}

// EncodeText writes bytes as a JSON string whose characters U+0000 to U+00FF
// stand for one byte each.
func EncodeText(text string) string {
	characters, _ := charmap.ISO8859_1.NewDecoder().String(text) // every byte stands for one
	data, _ := json.Marshal(characters)
	return string(data)
}

// DecodeText is the reverse of EncodeText.
func DecodeText(data string) (string, error) {
	var characters string
	if err := json.Unmarshal([]byte(data), &characters); err != nil {
		return "", fmt.Errorf("the text must be a JSON string, not %s", data)
	}
	text, err := charmap.ISO8859_1.NewEncoder().String(characters)
	if err != nil {
		return "", fmt.Errorf("%s stands for no bytes: write each as a character from U+0000 to U+00FF", data)
	}
	return text, nil
}

func (c *driven) Connect(ctx context.Context) Answer    { return c.ask(ctx, "connect") }
func (c *driven) Disconnect(ctx context.Context) Answer { return c.ask(ctx, "disconnect") }
func (c *driven) Shutdown(ctx context.Context) Answer   { return c.ask(ctx, "shutdown") }
func (c *driven) Connected(ctx context.Context) Answer  { return c.ask(ctx, "connected") }

func (c *driven) Send(ctx context.Context, text string) Answer {
	return c.ask(ctx, "send "+EncodeText(text))
}

func (c *driven) Receive(ctx context.Context, within time.Duration) Answer {
	return c.ask(ctx, "receive "+strconv.FormatFloat(within.Seconds(), 'f', -1, 64))
}

// Quit asks the client to end, and ends it, with all that it has started, if it
// does not do so at once.
func (c *driven) Quit() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.ask(ctx, "quit")
	c.end()
	_ = c.stdin.Close()
	return c.cmd.Wait()
}
