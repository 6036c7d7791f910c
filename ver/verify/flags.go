package verify

import (
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
}

// Flags is that table.
var Flags = []Flag{
	{"addr", "HOST:PORT", "verify the server at this address; with -launch, the address at which the launched server listens"},
	{"launch", "COMMAND", "start a server by this command and verify it; {addr}, {host} and {port} in it are replaced"},
	{"client", "COMMAND", "start a client by this command and verify it; it obeys lines on its standard input"},
	{"app", "FILE", "the application profile: what the server does with commands of its own; sample: that of the sample application"},
	{"shutdown", "", "the server at -addr may be shut down, at the very end"},
	{"level", "LEVEL", "only the requirements of this level are in scope"},
	{"only", "ID,...", "only the specs of these requirements or protocols, such as SRS-004 or TP-002; the others are not tested"},
	{"justifications", "FILE", "why requirements that do not pass may stand so, shown beside their verdicts"},
	{"accept-justified", "", "what is justified does not change the exit code"},
	{"complete", "", "a requirement that the target cannot show makes exit code 4"},
	{"out", "DIR", "write the reports into this folder"},
	{"v", "", "print every requirement and all counts, not only what did not pass"},
	{"force", "", "replace files in that folder that oneline did not write, where they are in the way"},
	{"format", "LIST", "the reports to write: " + strings.Join(render.Formats(), ", ") + ", or all; results.json and coverage.json are always written"},
	{"run-type", "TYPE", "dev, dryrun (record the test protocol, send nothing to the target) or formal; dev unless given"},
	{"protocol", "FILE", "the test protocol that a dryrun issued, which a formal run follows"},
	{"kill-matrix", "FILE", "the kill matrix of this suite, as oneline selftest wrote it, which a formal run cites"},
	{"config", "FILE", "what the runs and documents of a project have in common; oneline.json unless given, if it is there"},
	{"run-id", "ID", "the id of the run, for the reports"},
	{"tester", "NAME", "who verifies, for the reports"},
	{"target-name", "NAME", "the name of what is verified, for the reports"},
	{"target-version", "VERSION", "its version, for the reports"},
	{"target-serial", "NUMBER", "its serial number, for the reports"},
	{"time", "DURATION", "how long the run may take, such as 20m; " + minutes(target.DefaultLimits().Run) + " unless given. What does not fit is not tested, and the reports say which time would have been enough"},
	{"seed", "NUMBER", "of the order of the specs within a degree of danger, and of the random sequences"},
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
	Level    string
	Only     []string
	Complete bool

	RunType    string // dev, dryrun or formal; empty: dev
	App        string // path of the profile, or sample; empty: none
	Protocol   string // path of the test protocol that a formal run follows
	KillMatrix string // path of the kill matrix that a formal run cites; empty: none
	Config     config.Config

	Justifications  *justification.File // nil: none
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
	v = v.with(set)
	o := Options{
		RunType: v["run-type"], App: v["app"], Protocol: v["protocol"], KillMatrix: v["kill-matrix"], Config: set,
		Level: v["level"], RunID: v["run-id"], Tester: v["tester"],
		Name: v["target-name"], Version: v["target-version"], Serial: v["target-serial"],
		Out: v["out"], Checkout: true,
		Choice: target.Choice{
			Addr: v["addr"], Launch: v["launch"], Client: v["client"],
		},
	}
	for _, read := range []func(*Options, *srs.File) error{v.switches, v.level, v.only, v.runType, v.profile, v.justifications, v.formats, v.seed, v.time} {
		if err := read(&o, file); err != nil {
			return Options{}, err
		}
	}
	if o.Choice.Shutdown && o.Choice.Addr == "" {
		return Options{}, fmt.Errorf("-shutdown goes with -addr: other servers are shut down anyway")
	}
	if o.AcceptJustified && o.Justifications == nil {
		return Options{}, fmt.Errorf("-accept-justified goes with -justifications: without them there is nothing to accept")
	}
	return o, nil
}

// with gives the values with those that the configuration sets, and no flag.
func (v Values) with(set config.Config) Values {
	v = maps.Clone(v)
	for name, value := range map[string]string{
		"run-type": set.RunType, "run-id": set.RunID, "tester": set.Tester,
		"target-name": set.Target.Name, "target-version": set.Target.Version, "target-serial": set.Target.Serial,
		"justifications": set.Justifications,
	} {
		if _, given := v[name]; !given && value != "" {
			v[name] = value
		}
	}
	return v
}

func (v Values) runType(o *Options, _ *srs.File) error {
	switch o.RunType {
	case "", "dev":
		o.RunType = "dev"
	case "dryrun", "formal":
	default:
		return fmt.Errorf("-run-type %s: it is dev, dryrun or formal", o.RunType)
	}
	for _, name := range []string{"protocol", "kill-matrix"} {
		if v[name] != "" && o.RunType != "formal" {
			return fmt.Errorf("-%s goes with -run-type formal: only a formal run cites it", name)
		}
	}
	return nil
}

func (v Values) switches(o *Options, _ *srs.File) error {
	for name, to := range map[string]*bool{
		"shutdown": &o.Choice.Shutdown, "complete": &o.Complete, "accept-justified": &o.AcceptJustified, "force": &o.Force, "v": &o.Verbose,
	} {
		if text, given := v[name]; given {
			on, err := strconv.ParseBool(text)
			if err != nil {
				return fmt.Errorf("-%s=%s: it is true or false", name, text)
			}
			*to = on
		}
	}
	return nil
}

func (v Values) level(o *Options, file *srs.File) error {
	if o.Level == "" {
		return nil
	}
	levels := map[string]bool{}
	for _, r := range file.Requirements {
		levels[r.Level] = true
	}
	delete(levels, "")
	if !levels[o.Level] {
		return fmt.Errorf("-level %s: no requirement has this level; there is %s", o.Level, strings.Join(slices.Sorted(maps.Keys(levels)), ", "))
	}
	return nil
}

// only reads the ids of requirements and protocols. A misspelt id must not
// become a run in which nothing is verified: the requirements are checked here,
// the protocols by [Run], which knows them.
func (v Values) only(o *Options, file *srs.File) error {
	if v["only"] == "" {
		return nil
	}
	for id := range strings.SplitSeq(v["only"], ",") {
		id = strings.TrimSpace(id)
		if r, ok := file.Lookup(id); ok && r.Retired {
			return fmt.Errorf("-only %s: the requirement is retired", id)
		} else if !ok && !strings.HasPrefix(id, "TP-") {
			return fmt.Errorf("-only %s: there is no such requirement in %s; a protocol begins with TP-", id, file.Name)
		}
		o.Only = append(o.Only, id)
	}
	return nil
}

func (v Values) profile(o *Options, _ *srs.File) (err error) {
	path := v["app"]
	if path == "" {
		return nil
	}
	o.Choice.Profile, err = target.LoadProfile(path)
	return err
}

func (v Values) justifications(o *Options, file *srs.File) (err error) {
	if path := v["justifications"]; path != "" {
		o.Justifications, err = justification.Load(path, file)
	}
	return err
}

func (v Values) formats(o *Options, _ *srs.File) (err error) {
	list := v["format"]
	if list == "" {
		list = "txt,md,html,json,csv,junit"
	}
	if o.Formats, err = render.ParseFormats(list); err != nil {
		return fmt.Errorf("-format: %w", err)
	}
	if !slices.Contains(o.Formats, "json") {
		o.Formats = append(o.Formats, "json")
	}
	return nil
}

func (v Values) seed(o *Options, _ *srs.File) (err error) {
	o.Seed = 1
	if text := v["seed"]; text != "" {
		if o.Seed, err = strconv.ParseInt(text, 10, 64); err != nil || o.Seed <= 0 {
			return fmt.Errorf("-seed %s: give a whole number from 1 on", text)
		}
	}
	return nil
}

func (v Values) time(o *Options, _ *srs.File) (err error) {
	if text := v["time"]; text != "" {
		if o.Time, err = time.ParseDuration(text); err != nil || o.Time <= 0 {
			return fmt.Errorf("-time %s: give a time above 0, such as 20m or 1h30m", text)
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
