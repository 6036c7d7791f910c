package formal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/socket-oneline/oneline/reports/checkout"
	"github.com/socket-oneline/oneline/reports/folder"
)

// Before says why a formal run of a command must not begin in the working directory. The
// folder out is that of the run, and is not looked at.
func Before(ctx context.Context, m *folder.Manifest, args []string, out string) Refusal {
	var r Refusal
	if m.Input(folder.Lock) == nil {
		r.Add("there is no lock beside the requirements: make it by oneline lock, and commit it")
	}
	repository, err := checkout.Open(ctx, ".", out)
	switch {
	case err != nil:
		r.Add("%s", err)
		return r
	case repository == nil:
		r.Add("the working directory is in no git repository: nobody could run it again")
		return r
	case repository.State.Commit == "":
		r.Add("the repository has no commit yet")
	case !repository.State.Clean:
		r.Add("the repository holds uncommitted changes: commit or remove them: %s", strings.Join(repository.State.Changed, ", "))
	}
	r.outside(ctx, repository, args)
	return r
}

// outside refuses sources that no commit of the repository has: an overlay, and modules
// that are replaced by folders outside of it. Without go there are none.
func (r *Refusal) outside(ctx context.Context, repository *checkout.Repository, args []string) {
	var env struct{ GOFLAGS, GOMOD, GOWORK string }
	if goJSON(ctx, &env, "env", "-json", "GOFLAGS", "GOMOD", "GOWORK") != nil {
		return
	}
	for _, flag := range append(strings.Fields(env.GOFLAGS), args...) {
		if name := strings.TrimLeft(flag, "-"); strings.HasPrefix(flag, "-") && (name == "overlay" || strings.HasPrefix(name, "overlay=")) {
			r.Add("an overlay replaces sources (%s): leave it out", flag)
		}
	}
	if vendored(env.GOFLAGS, env.GOMOD) { // modules come from the repository
		return
	}
	for _, f := range []struct{ path, command string }{{env.GOMOD, "mod"}, {env.GOWORK, "work"}} {
		if !filepath.IsAbs(f.path) { // there is none, or it is "off"
			continue
		}
		var read struct {
			Use     []struct{ DiskPath string }
			Replace []struct {
				New struct{ Path, Version string }
			}
		}
		if err := goJSON(ctx, &read, f.command, "edit", "-json", f.path); err != nil {
			r.Add("%s", err)
			continue
		}
		var dirs []string
		for _, use := range read.Use {
			dirs = append(dirs, use.DiskPath)
		}
		for _, replace := range read.Replace {
			if replace.New.Version == "" {
				dirs = append(dirs, replace.New.Path)
			}
		}
		for _, dir := range dirs {
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(filepath.Dir(f.path), dir)
			}
			if !repository.Holds(dir) {
				r.Add("%s takes a module from %s, outside of the repository: nobody could run it again", f.path, dir)
			}
		}
	}
}

// vendored reports whether the sources of other modules lie in the folder vendor.
func vendored(flags, mod string) bool {
	if strings.Contains(flags, "-mod=") {
		return strings.Contains(flags, "-mod=vendor")
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(mod), "vendor", "modules.txt"))
	return mod != "" && err == nil
}

// goJSON runs a command of go's that prints JSON.
func goJSON(ctx context.Context, v any, args ...string) error {
	var errs bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go %s: %w: %s", args[0], err, strings.TrimSpace(errs.String()))
	}
	return json.Unmarshal(out, v)
}
