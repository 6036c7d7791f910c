package foreign_test

import (
	"context"
	"os"
	"testing"

	"github.com/socket-oneline/oneline/reports"
)

// Clients that do nothing of what they are told, however they say so: none may
// pass, and none may keep the suite.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	for _, role := range []string{
		"floods", "floods in one go", "hangs", "reads and is mute", "exits", "prints rubbish",
		"agrees to all", "says true", "closed from birth", "leaves after two",
	} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			o := outcome{out: t.TempDir()}
			cmd := command(ctx, append([]string{"verify", "-out", o.out, "-client", os.Args[0] + " {addr}"}, haste(t)...)...)
			cmd.Env = append(os.Environ(), roleEnv+"="+role)
			o = finish(t, cmd, o, cmd.Run)
			o.expect(t, reports.ExitFailed)
		})
	}
}
