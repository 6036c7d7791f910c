package foreign_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/ver/target"
)

// need skips a test where a program is missing.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed on this machine", program)
	}
}

// Real servers of other protocols fail for what they do, pass only the one thing
// that they do too, which is to say so where their port is taken, and keep nobody.
func TestPrograms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		program string
		launch  func(*testing.T) []string
	}{
		{"redis-server", launch(`redis-server --port {port} --bind {host} --save ''`)},
		{"socat", launch("socat TCP-LISTEN:{port},bind={host},reuseaddr,fork PIPE")},
		{"ncat", launch("ncat -k -l {host} {port} --exec /bin/cat")},
		{"nginx", nginx},
	} {
		t.Run(c.program, func(t *testing.T) {
			t.Parallel()
			need(t, c.program)
			o := verify(t, append(c.launch(t), haste(t)...)...)
			o.expect(t, reports.ExitFailed, "SRS-021")
		})
	}
}

func launch(command string) func(*testing.T) []string {
	return func(*testing.T) []string { return []string{"-launch", command} }
}

// nginx has its port in a file.
func nginx(t *testing.T) []string {
	addr, err := target.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf("daemon off; pid %s/pid; error_log stderr;\nevents {}\nhttp { access_log off; server { listen %s; } }\n", dir, addr)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-launch", "nginx -p " + dir + " -c " + path, "-addr", addr}
}

// started is oneline serve on a free port.
func started(t *testing.T, addr string) string {
	t.Helper()
	cmd := command(t.Context(), "serve", "-addr", addr)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(strings.TrimSpace(line), "listening at ")
}

// What people have at hand to talk to a server works with ours.
func TestPlainClients(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ program, args string }{
		{"nc", "{host} {port}"}, {"ncat", "{host} {port}"}, {"socat", "- TCP:{addr}"},
	} {
		t.Run(c.program, func(t *testing.T) {
			t.Parallel()
			need(t, c.program)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			addr := started(t, "127.0.0.1:0")
			host, port, _ := strings.Cut(addr, ":")
			args := strings.NewReplacer("{addr}", addr, "{host}", host, "{port}", port).Replace(c.args)
			cmd := exec.CommandContext(ctx, c.program, strings.Fields(args)...)
			cmd.Stdin = strings.NewReader("ping\ncmd01\njunk\ncount 3\ndisconnect\n")
			got, err := cmd.Output()
			if want := "pong\nack\nnak - unknown cmd\n1\n2\n3\n"; string(got) != want || err != nil {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		})
	}
}

// telnet ends a line by CR LF, and a carriage return is an ordinary byte (Pb).
func TestTelnet(t *testing.T) {
	t.Parallel()
	need(t, "telnet")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	host, port, _ := strings.Cut(started(t, "127.0.0.1:0"), ":")
	cmd := exec.CommandContext(ctx, "telnet", host, port)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(in, "ping\necho x\n")
	var got []string
	for lines := bufio.NewScanner(out); len(got) < 2 && lines.Scan(); {
		if text := lines.Text(); !strings.HasPrefix(text, "Trying") && !strings.HasPrefix(text, "Connected") && !strings.HasPrefix(text, "Escape") {
			got = append(got, text)
		}
	}
	_ = in.Close()
	_ = cmd.Wait()
	if want := `["nak - unknown cmd" "x\r"]`; fmt.Sprintf("%q", got) != want && fmt.Sprintf("%q", got) != `["nak - unknown cmd" "x"]` {
		t.Errorf("%q, want %s", got, want)
	}
}
