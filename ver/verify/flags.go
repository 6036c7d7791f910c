package verify

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socket-oneline/oneline/reports/config"
	"github.com/socket-oneline/oneline/reports/justification"
	"github.com/socket-oneline/oneline/reports/render"
	"github.com/socket-oneline/oneline/reports/srs"
	"github.com/socket-oneline/oneline/ver/target"
)

// Flag is one row of the table of flags that oneline verify and go test ./ver
// share. None bears the name of a flag of the go command's.
type Flag struct {
	Name  string
	Value string // what stands for its value in a usage text; empty for a switch
	Usage string
	set   func(o *Options, value string) error
}

// Flags is that table.
var Flags = []Flag{
	{"addr", "HOST:PORT", "verify the server at this address; with -launch, the address at which the launched server listens", word(func(o *Options) *string { return &o.Choice.Addr })},
	{"launch", "COMMAND", "start a server by this command and verify it; {addr}, {host} and {port} in it are replaced", word(func(o *Options) *string { return &o.Choice.Launch })},
	{"client", "COMMAND", "start a client by this command and verify it; it obeys lines on its standard input", word(func(o *Options) *string { return &o.Choice.Client })},
	{"app", "FILE", "the application profile: what the server does with commands of its own; sample: that of the sample application", word(func(o *Options) *string { return &o.app })},
	{"shutdown", "", "the server at -addr may be shut down, at the very end", on(func(o *Options) *bool { return &o.Choice.Shutdown })},
	{"level", "LEVEL", "only the requirements of this level are in scope", word(func(o *Options) *string { return &o.Level })},
	{"only", "ID,...", "only the specs of these requirements or protocols, such as SRS-004 or TP-002; the others are not tested", func(o *Options, ids string) error {
		for id := range strings.SplitSeq(ids, ",") {
			o.Only = append(o.Only, strings.TrimSpace(id))
		}
		return nil
	}},
	{"justifications", "FILE", "why requirements that do not pass may stand so, shown beside their verdicts", word(func(o *Options) *string { return &o.justifications })},
	{"accept-justified", "", "what is justified does not change the exit code", on(func(o *Options) *bool { return &o.AcceptJustified })},
	{"complete", "", "a requirement that the target cannot show makes exit code 4", on(func(o *Options) *bool { return &o.Complete })},
	{"out", "DIR", "write the reports into this folder", word(func(o *Options) *string { return &o.Out })},
	{"v", "", "print every requirement and all counts, not only what did not pass", on(func(o *Options) *bool { return &o.Verbose })},
	{"force", "", "replace files in that folder that oneline did not write, where they are in the way", on(func(o *Options) *bool { return &o.Force })},
	{"format", "LIST", "the reports to write: " + strings.Join(render.Formats(), ", ") + ", or all; results.json and coverage.json are always written", func(o *Options, list string) (err error) {
		o.Formats, err = render.ParseFormats(list)
		return err
	}},
	{"run-type", "TYPE", "dev, dryrun (record the test protocol, send nothing to the target) or formal; dev unless given", word(func(o *Options) *string { return &o.RunType })},
	{"protocol", "FILE", "the test protocol that a dryrun issued, which a formal run follows", word(func(o *Options) *string { return &o.Protocol })},
	{"kill-matrix", "FILE", "the kill matrix of this suite, as oneline selftest wrote it, which a formal run cites", word(func(o *Options) *string { return &o.KillMatrix })},
	{"config", "FILE", "what the runs and documents of a project have in common; oneline.json unless given, if it is there", func(*Options, string) error { return nil }}, // it is read first
	{"run-id", "ID", "the id of the run, for the reports", word(func(o *Options) *string { return &o.RunID })},
	{"tester", "NAME", "who verifies, for the reports", word(func(o *Options) *string { return &o.Tester })},
	{"target-name", "NAME", "the name of what is verified, for the reports", word(func(o *Options) *string { return &o.Name })},
	{"target-version", "VERSION", "its version, for the reports", word(func(o *Options) *string { return &o.Version })},
	{"target-serial", "NUMBER", "its serial number, for the reports", word(func(o *Options) *string { return &o.Serial })},
	{"time", "DURATION", "how long the run may take, such as 20m; " + minutes(target.DefaultLimits().Run) + " unless given. What does not fit is not tested, and the reports say which time would have been enough", func(o *Options, value string) (err error) {
		if o.Time, err = time.ParseDuration(value); err != nil || o.Time <= 0 {
			err = errors.New("give a time above 0, such as 20m or 1h30m")
		}
		return err
	}},
	{"seed", "NUMBER", "of the order of the specs within a degree of danger, and of the random sequences", func(o *Options, value string) (err error) {
		if o.Seed, err = strconv.ParseInt(value, 10, 64); err != nil || o.Seed <= 0 {
			err = errors.New("give a whole number from 1 on")
		}
		return err
	}},
}

// word sets a text, and on a switch.
func word(field func(*Options) *string) func(*Options, string) error {
	return func(o *Options, value string) error {
		*field(o) = value
		return nil
	}
}

func on(field func(*Options) *bool) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		if *field(o), err = strconv.ParseBool(value); err != nil {
			err = errors.New("it is true or false")
		}
		return err
	}
}

// Values are the flags that were given, by name. One given empty is in it.
type Values map[string]string

// Register makes the flags known to a flag set. They are read into the values
// when it is parsed.
func Register(fs *flag.FlagSet) Values {
	values := Values{}
	for _, f := range Flags {
		set := func(value string) error {
			values[f.Name] = value
			return nil
		}
		if f.Value == "" {
			fs.BoolFunc(f.Name, f.Usage, set)
		} else {
			fs.Func(f.Name, "`"+f.Value+"`: "+f.Usage, set)
		}
	}
	return values
}

// Options say what to verify, and what to make of it. Values.Options makes them
// from flags.
type Options struct {
	Choice   target.Choice
	app      string // path of the profile, or sample; empty: none
	Level    string
	Only     []string
	Complete bool

	RunType    string // dev, dryrun or formal; empty: dev
	Protocol   string // path of the test protocol that a formal run follows
	KillMatrix string // path of the kill matrix that a formal run cites; empty: none
	Config     config.Config

	Justifications  *justification.File // nil: none
	justifications  string              // its path
	AcceptJustified bool

	Out   string // folder of the reports; empty: none are written
	Force bool   // replace files in it that are not oneline's

	// Checkout has the state of the repository recorded that holds the working directory.
	Checkout bool

	Verbose    bool // print every requirement
	Formats    []string
	RunID      string
	Tester     string
	Name       string // of the target; empty: as the target is called
	Version    string
	Serial     string
	Seed       int64
	Time       time.Duration // of the whole run; 0: that of the target's limits
	Repeat     string        // the command that repeats the run
	RepeatOnly string        // the command that repeats some requirements alone, where their ids follow; empty: there is none
}

// Options checks the flags. An error is one line for whoever gave them; it means
// exit code 2.
func (v Values) Options(file *srs.File) (Options, error) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if v[name] == "" {
			return Options{}, fmt.Errorf("-%s is given empty: give it a value, or leave it out", name)
		}
	}
	set, err := config.Load(v["config"])
	if err != nil {
		return Options{}, err
	}
	o := Options{
		RunType: cmp.Or(set.Run.Type, "dev"), RunID: set.Run.ID, Tester: set.Tester, justifications: set.Justifications,
		Name: set.Target.Name, Version: set.Target.Version, Serial: set.Target.Serial,
		Config: set, Seed: 1, Checkout: true, Formats: []string{"txt", "md", "html", "json", "csv", "junit"},
	}
	for _, f := range Flags {
		value, given := v[f.Name]
		if !given {
			continue
		}
		if err := f.set(&o, value); err != nil {
			return Options{}, fmt.Errorf("-%s %s: %w", f.Name, value, err)
		}
	}
	if !slices.Contains(o.Formats, "json") {
		o.Formats = append(o.Formats, "json")
	}
	if o.app != "" {
		if o.Choice.Profile, err = target.LoadProfile(o.app); err != nil {
			return Options{}, err
		}
	}
	if o.justifications != "" {
		if o.Justifications, err = justification.Load(o.justifications, file); err != nil {
			return Options{}, err
		}
	}
	return o, o.check(file)
}

// check says which flags do not go together, or do not fit the requirements. A misspelt
// id must not become a run in which nothing is verified: requirements are checked here,
// protocols by [Run], which knows them.
func (o *Options) check(file *srs.File) error {
	if !slices.Contains([]string{"dev", dryrun, "formal"}, o.RunType) {
		return fmt.Errorf("-run-type %s: it is dev, dryrun or formal", o.RunType)
	}
	for name, value := range map[string]string{"protocol": o.Protocol, "kill-matrix": o.KillMatrix} {
		if value != "" && o.RunType != "formal" {
			return fmt.Errorf("-%s goes with -run-type formal: only a formal run cites it", name)
		}
	}
	if o.Choice.Shutdown && o.Choice.Addr == "" {
		return errors.New("-shutdown goes with -addr: other servers are shut down anyway")
	}
	if o.AcceptJustified && o.Justifications == nil {
		return errors.New("-accept-justified goes with -justifications: without them there is nothing to accept")
	}
	levels := map[string]bool{}
	for _, r := range file.Requirements {
		levels[r.Level] = true
	}
	delete(levels, "")
	if o.Level != "" && !levels[o.Level] {
		return fmt.Errorf("-level %s: no requirement has this level; there is %s", o.Level, strings.Join(slices.Sorted(maps.Keys(levels)), ", "))
	}
	for _, id := range o.Only {
		if r, ok := file.Lookup(id); ok && r.Retired {
			return fmt.Errorf("-only %s: the requirement is retired", id)
		} else if !ok && !strings.HasPrefix(id, "TP-") {
			return fmt.Errorf("-only %s: there is no such requirement in %s; a protocol begins with TP-", id, file.Name)
		}
	}
	return nil
}

// minutes writes a time of whole minutes.
func minutes(d time.Duration) string { return strconv.Itoa(int(d/time.Minute)) + "m" }

// RepeatOut is the folder of a run that repeats single specs: the reports of the run
// in which they failed stay as they are.
const RepeatOut = "oneline-repeat"

// RepeatBy fills in how a run with these flags is repeated by a command. Single
// specs are repeated in the same order and in a dev run: no other is begun without
// all of them.
func (o *Options) RepeatBy(command string, v Values) {
	o.Repeat = strings.TrimSpace(command + " " + v.String())
	v = maps.Clone(v)
	v["seed"] = strconv.FormatInt(o.Seed, 10)
	if o.Out != "" {
		v["out"] = RepeatOut
	}
	if o.RunType != "dev" {
		v["run-type"] = "dev"
	}
	for _, name := range []string{"only", "protocol", "kill-matrix", "run-id", "v"} {
		delete(v, name)
	}
	o.RepeatOnly = command + " " + v.String() + " -only"
}

// String writes the flags as they would be typed, in the order of the table.
func (v Values) String() string {
	var words []string
	for _, f := range Flags {
		value, given := v[f.Name]
		switch {
		case !given:
		case f.Value == "" && value == "true":
			words = append(words, "-"+f.Name)
		case f.Value == "":
			words = append(words, "-"+f.Name+"="+value)
		default:
			words = append(words, "-"+f.Name, Quoted(value))
		}
	}
	return strings.Join(words, " ")
}

// Quoted writes a word so that a shell takes it for one.
func Quoted(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,@%+=") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
