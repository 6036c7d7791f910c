package foreign_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socket-oneline/oneline/reports"
)

// pythonServer launches a server in Python, and verifies it.
func pythonServer(t *testing.T, path string, flags ...string) outcome {
	t.Helper()
	return verify(t, append([]string{"-launch", "python3 " + path + " {addr}", "-app", "sample"}, flags...)...)
}

// The server of the examples conforms.
func TestPythonServer(t *testing.T) {
	t.Parallel()
	need(t, "python3")
	o := pythonServer(t, "examples/server.py")
	if failed := o.ids(reports.Fail); o.code != reports.ExitPassed || len(failed) > 0 || o.model.Summary.Pass != 36 {
		t.Errorf("exit code %d, %d passed, failed: %q\n%s", o.code, o.model.Summary.Pass, failed, o.stdout)
	}
}

// A line changed, as its author might have written it, fails the requirements
// that it breaks, and none of their neighbors.
func TestBrokenPythonServers(t *testing.T) {
	t.Parallel()
	need(t, "python3")
	source, err := os.ReadFile("../../examples/server.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, line, instead string
		failed              []string
	}{
		{
			"strips a carriage return", "yield None if too_long or len(packet) > LONGEST else packet",
			"yield None if too_long or len(packet) > LONGEST else packet.rstrip(b'\\r')",
			[]string{"SRS-008", "SRS-024", "SRS-025", "SRS-026", "SRS-042"},
		},
		{
			"runs an unfinished packet", "        rest = b\"\" if too_long else rest  # bytes that nothing has ended are never run\n",
			"        rest = b\"\" if too_long else rest\n    if rest:\n        yield rest\n",
			[]string{"SRS-035"},
		},
		{
			"stops at a reset", "        except OSError:  # the client reset the connection\n            pass\n",
			"        except OSError:\n            break\n",
			[]string{"SRS-034"}, // what SRS-035 is verified by needs a server that survives it
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(string(source), c.line, c.instead, 1)
			if broken == string(source) {
				t.Fatalf("the server has no line %q", c.line)
			}
			path := filepath.Join(t.TempDir(), "server.py")
			if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			neighbors := []string{"SRS-004", "SRS-005", "SRS-009", "SRS-016", "SRS-022", "SRS-032"}
			o := pythonServer(t, path, "-only", strings.Join(append(neighbors, c.failed...), ","))
			if failed := o.ids(reports.Fail); o.code != reports.ExitFailed || !slices.Equal(failed, c.failed) {
				t.Errorf("exit code %d, failed: %q, want %q\n%s", o.code, failed, c.failed, o.stdout)
			}
		})
	}
}
