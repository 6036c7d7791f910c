package runner

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/folder"
	"github.com/socket-oneline/oneline/trace/cover"
	"github.com/socket-oneline/oneline/trace/rewrite"
)

// grace is how long a command that was asked to end may take.
const grace = 10 * time.Second

// command runs the command, and records how it ended.
func (r *recording) command(ctx context.Context, env []string) error {
	c := r.Manifest.Command
	counters, env, err := r.count(ctx, env)
	if err != nil {
		return err
	}
	g, streams := asGoTest(r.Args)
	args, stdout := r.Args, r.Stdout
	var printed *printer
	kept := &keeper{}
	if streams {
		stream, err := os.OpenFile(filepath.Join(r.path, streamFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return err
		}
		defer stream.Close()
		kept.file = stream
		args, c.Stream = g.args, true
		if g.asked {
			stdout = io.MultiWriter(kept, &unheeded{Writer: stdout})
		} else {
			printed = newPrinter(&unheeded{Writer: stdout}, g.verbose)
			stdout = io.MultiWriter(kept, printed)
		}
	} else {
		r.Manifest.Notes = append(r.Manifest.Notes, "the command is not go test, so its tests reported nothing beside their evidence: a package that failed without leaving any is seen by the command's status alone")
	}
	if r.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, r.Time, errTime)
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(env, evidenceVar+"="+r.path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = r.Stdin, stdout, r.Stderr
	cmd.Cancel = func() error { interrupt(cmd); return nil }
	cmd.WaitDelay = grace // also for processes that the command leaves behind
	apart(cmd)
	if err := cmd.Start(); err != nil {
		if c.EndedBy, c.Stream = endedBy(ctx), false; c.EndedBy == "" {
			c.Unstarted = unstarted(args[0], err)
		}
		return os.RemoveAll(filepath.Join(r.path, streamFile))
	}
	_ = cmd.Wait() // the state of the process says how it ended
	c.Exit, c.Signal = ended(cmd.ProcessState)
	if c.EndedBy = endedBy(ctx); c.EndedBy != "" {
		kill(cmd) // those that have outlived the command
	}
	if printed != nil {
		_ = printed.Close() // what cannot be printed is kept all the same
	}
	if kept.err != nil {
		return fmt.Errorf("the events of go test cannot be written: %w", kept.err)
	}
	return r.counted(counters)
}

// count makes the packages that are to be watched count what is executed. Without any it
// does nothing.
func (r *recording) count(ctx context.Context, env []string) (*rewrite.Set, []string, error) {
	if len(r.Cover) == 0 {
		return nil, env, nil
	}
	dir := filepath.Join(r.path, coverDir)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return nil, nil, err
	}
	set, err := rewrite.Counters(ctx, rewrite.Options{
		Patterns: r.Cover, Flags: rewrite.BuildFlags(r.Args), Folder: dir, Env: env, Generated: r.Generated,
	})
	if err != nil {
		return nil, nil, err
	}
	return set, set.Environ(env), nil
}

// counted records which code was watched. A package that was to be watched, and did not
// run, is a problem: what is said to be executed would be too little.
func (r *recording) counted(set *rewrite.Set) error {
	if set == nil {
		return nil
	}
	silent, err := set.Finish()
	if err != nil {
		return err
	}
	r.Manifest.Code = path.Join(r.dir, coverDir, cover.CodeFile)
	r.Manifest.Notes = append(r.Manifest.Notes, set.Left...)
	for _, name := range silent {
		r.Manifest.Problems = append(r.Manifest.Problems, fmt.Sprintf("-cover: the package %s was not part of any process: correct the pattern, or run tests that use it", name))
	}
	return nil
}

var errTime = errors.New("the time is over")

// unheeded is a writer that may fail: then what follows is lost, and nobody else hears of it.
type unheeded struct {
	io.Writer
	failed bool
}

func (u *unheeded) Write(p []byte) (int, error) {
	if !u.failed {
		_, err := u.Writer.Write(p)
		u.failed = err != nil
	}
	return len(p), nil
}

// endedBy says why a command was ended, or not even started; empty: it was not.
func endedBy(ctx context.Context) string {
	switch cause := context.Cause(ctx); {
	case cause == nil:
		return ""
	case errors.Is(cause, errTime):
		return folder.TimeUp
	}
	return folder.Interrupt
}

// unstarted says in a line why a command could not be started.
func unstarted(name string, err error) string {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return fmt.Sprintf("there is no command %q", name)
	}
	if p, ok := errors.AsType[*os.PathError](err); ok {
		err = p.Err
	}
	return fmt.Sprintf("%s cannot be started: %v", name, err)
}

// keeper writes the stream, and remembers an error.
type keeper struct {
	file *os.File
	err  error
}

func (k *keeper) Write(data []byte) (int, error) {
	n, err := k.file.Write(data)
	k.err = errors.Join(k.err, err)
	return n, err
}

// environment is that of the command, without the variable for evidence. GOFLAGS gains
// -count=1, so that go replays no results that it has kept: what these were recorded for
// may have changed. go is asked what it is told from outside; without go there is no
// answer.
func environment(ctx context.Context, args []string) (env []string, build *folder.Build) {
	env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, evidenceVar+"=") })
	flags := os.Getenv(flagsVar)
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOFLAGS", "GOWORK")
	cmd.Env = env
	if out, err := cmd.Output(); err == nil {
		if lines := strings.Split(string(out), "\n"); len(lines) == 4 { // the last is empty
			flags = lines[1]
			build = &folder.Build{Go: lines[0], Flags: flags, Work: lines[2], Tags: tags(append(strings.Fields(flags), args...))}
		}
	}
	if !strings.Contains(" "+strings.ReplaceAll(flags, "--", "-"), " -count=") {
		flags = strings.TrimSpace(flags + " -count=1")
	}
	return append(env, flagsVar+"="+flags), build
}

// tags finds the build tags among the flags of a command; the last counts.
func tags(args []string) (tags string) {
	for _, flag := range rewrite.BuildFlags(args) {
		if value, ok := strings.CutPrefix(flag, "-tags="); ok {
			tags = value
		}
	}
	return tags
}

// prebuilt lists the programs in a command that were not built from the sources that are
// here, as far as can be told: test binaries of Go, and a program that is named by its
// path and is no script.
func prebuilt(args []string) (found []evidence.File) {
	for i, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		built, err := buildinfo.ReadFile(arg)
		test := err == nil && strings.HasSuffix(built.Path, ".test")
		if !test && (i > 0 || !strings.ContainsRune(filepath.ToSlash(arg), '/') || isScript(arg) || isTool(arg)) {
			continue
		}
		if n, err := note(arg); err == nil {
			found = append(found, evidence.File{Name: arg, SHA256: n.sha256})
		}
	}
	return found
}

// isTool reports whether a program lies where the search path leads: such programs run
// tests and are none.
func isTool(name string) bool {
	found, err := exec.LookPath(filepath.Base(name))
	return err == nil && folder.Same(found, name)
}

func isScript(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 2)
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == "#!"
}
