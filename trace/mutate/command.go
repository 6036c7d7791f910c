package mutate

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Command is a go test or ginkgo command, taken apart.
type Command struct {
	Text     string
	Dir      string   // where go runs; empty: the working directory
	Build    []string // flags for building, such as -tags=x
	Packages []string // patterns
	Test     []string // flags for the test binaries
	Args     []string // arguments for them
}

// Flags of go test and ginkgo, by what becomes of them. Of those that are not here,
// none takes a value.
var (
	buildFlags = []string{"tags", "race", "mod", "modfile", "ldflags", "gcflags", "asmflags", "trimpath", "msan", "asan", "buildvcs", "p"}
	testFlags  = []string{"short", "run", "skip", "cpu", "parallel"}
	refused    = []string{"exec", "overlay", "c", "i", "toolexec"}
	valued     = []string{
		"tags", "mod", "modfile", "ldflags", "gcflags", "asmflags", "run", "skip", "cpu", "parallel", "p", "o", "timeout", "count", "covermode", "coverpkg",
		"coverprofile", "bench", "benchtime", "fuzz", "fuzztime", "fuzzminimizetime", "list", "vet", "outputdir", "exec", "overlay", "toolexec", "shuffle",
		"blockprofile", "cpuprofile", "memprofile", "mutexprofile", "trace", "pkgdir", "C",
	}
	ginkgoValued = []string{
		"tags", "label-filter", "focus", "focus-file", "skip", "skip-file", "skip-package", "procs", "nodes", "timeout", "seed", "output-dir", "json-report",
		"junit-report", "teamcity-report", "flake-attempts", "must-pass-repeatedly", "repeat", "coverpkg", "covermode", "coverprofile", "ldflags", "gcflags",
		"mod", "grace-period", "poll-progress-after", "poll-progress-interval", "sem-ver-filter",
	}
	ginkgoFilters = []string{"label-filter", "focus", "focus-file", "skip", "skip-file", "sem-ver-filter"}
)

// Parse takes a command apart.
func Parse(command []string) (*Command, error) {
	if len(command) == 0 {
		return nil, errors.New("no command: write one behind --, such as go test")
	}
	c := &Command{Text: strings.Join(command, " ")}
	rest, ginkgo := command[1:], false
	switch name := strings.TrimSuffix(filepath.Base(command[0]), ".exe"); {
	case name == "ginkgo":
		ginkgo = true
		if len(rest) > 0 && rest[0] == "run" {
			rest = rest[1:]
		}
	case name == "go" && len(rest) > 2 && rest[0] == "-C" && rest[2] == "test":
		c.Dir, rest = rest[1], rest[3:]
	case name == "go" && len(rest) > 0 && rest[0] == "test":
		rest = rest[1:]
	default:
		return nil, fmt.Errorf("%s: mutants are tested by go test and ginkgo commands only", c.Text)
	}
	return c, c.parse(rest, ginkgo)
}

func (c *Command) parse(args []string, ginkgo bool) error {
	recursive := false
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		name, value, hasValue := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		name = strings.TrimPrefix(name, "test.")
		if arg == "-args" || arg == "--args" || arg == "--" {
			c.Args = args
			break
		}
		if !strings.HasPrefix(arg, "-") {
			c.Packages = append(c.Packages, arg)
			continue
		}
		takes := valued
		if ginkgo {
			takes = ginkgoValued
		}
		if slices.Contains(takes, name) && !hasValue {
			if len(args) == 0 {
				return fmt.Errorf("%s: %s needs a value", c.Text, arg)
			}
			value, hasValue, args = args[0], true, args[1:]
		}
		flag := "-" + name
		if hasValue {
			flag += "=" + value
		}
		switch {
		case !ginkgo && slices.Contains(refused, name):
			return fmt.Errorf("%s: mutants cannot be tested with %s", c.Text, arg)
		case ginkgo && (name == "r" || name == "recursive"):
			recursive = true
		case ginkgo && slices.Contains(ginkgoFilters, name):
			c.Test = append(c.Test, "-ginkgo."+flag[1:])
		case name == "C":
			c.Dir = value
		case slices.Contains(buildFlags, name) && (!ginkgo || name != "p"):
			c.Build = append(c.Build, flag)
		case !ginkgo && slices.Contains(testFlags, name):
			c.Test = append(c.Test, "-test."+flag[1:])
		case strings.HasPrefix(name, "ginkgo."):
			c.Test = append(c.Test, flag)
		}
	}
	if len(c.Packages) == 0 {
		c.Packages = []string{"."}
	}
	for i, p := range c.Packages {
		if ginkgo && !strings.HasPrefix(p, ".") && !filepath.IsAbs(p) {
			p = "./" + p
		}
		if recursive && !strings.HasSuffix(p, "...") {
			p = strings.TrimSuffix(p, "/") + "/..."
		}
		c.Packages[i] = p
	}
	return nil
}
