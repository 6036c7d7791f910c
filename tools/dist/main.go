// Dist builds the archives of oneline that are published: a tar.gz each for
// Linux and macOS and a zip for Windows, on amd64 and arm64, and SHA256SUMS.
//
//	go run ./tools/dist -version v1.2.3 -out dist
//
// The same commit, version and Go give the same bytes: no path of this machine
// gets in, and every file bears the time of the commit, or SOURCE_DATE_EPOCH
// where that is set.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// platforms are those that archives are made for.
var platforms = []struct{ os, arch string }{
	{"linux", "amd64"},
	{"linux", "arm64"},
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"windows", "amd64"},
	{"windows", "arm64"},
}

// documents go into every archive beside the program: what somebody needs who has
// nothing but that.
var documents = []string{
	"LICENSE", "README.md", "PROTOCOL.md", "CHANGELOG.md", "CONTRIBUTING.md",
	"docs/*.md", "docs/images/*", "examples/*.py", "examples/profiles/*.json",
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	flags.SetOutput(stderr)
	version := flags.String("version", "", "the version to stamp in, such as v1.2.3")
	out := flags.String("out", "dist", "the folder to write; archives that an earlier run left there are removed")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *version == "" || strings.ContainsAny(*version, `/\ `) {
		fmt.Fprintf(stderr, "dist: -version %q: give a version without blanks and slashes\n", *version)
		return 2
	}
	if err := dist(ctx, *version, *out, stdout); err != nil {
		fmt.Fprintln(stderr, "dist:", err)
		return 1
	}
	return 0
}

// dist builds, packs and sums up every platform.
func dist(ctx context.Context, version, out string, stdout io.Writer) error {
	when, err := stamp(ctx)
	if err != nil {
		return err
	}
	if err := empty(out); err != nil {
		return err
	}
	docs, err := read(documents)
	if err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, p := range platforms {
		program, err := build(ctx, p.os, p.arch, version)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", p.os, p.arch, err)
		}
		folder := fmt.Sprintf("oneline_%s_%s_%s", version, p.os, p.arch)
		name, pack := folder+".tar.gz", packTar
		if p.os == "windows" {
			name, pack = folder+".zip", packZip
		}
		var archive bytes.Buffer
		if err := pack(&archive, folder, when, append([]file{program}, docs...)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(out, name), archive.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(archive.Bytes()), name)
		fmt.Fprintln(stdout, filepath.Join(out, name))
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), sums.Bytes(), 0o644)
}

// read reads the files that the patterns name, each at least one.
func read(patterns []string) ([]file, error) {
	var files []file
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("%s: there is no such file", pattern)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			files = append(files, file{name: filepath.ToSlash(path), mode: 0o644, content: content})
		}
	}
	return files, nil
}

// empty makes the folder and removes from it what an earlier run left there.
func empty(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "oneline_") && e.Name() != "SHA256SUMS" {
			continue
		}
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// build compiles oneline for a platform. On the platform that it runs on it
// asks the program for its version: the linker ignores a stamp for a variable
// that does not exist.
func build(ctx context.Context, goos, arch, version string) (file, error) {
	folder, err := os.MkdirTemp("", "dist")
	if err != nil {
		return file{}, err
	}
	defer os.RemoveAll(folder)
	name := "oneline"
	if goos == "windows" {
		name += ".exe"
	}
	path := filepath.Join(folder, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w -X main.version="+version, "-o", path, "./tools/oneline")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+arch)
	if output, err := cmd.CombinedOutput(); err != nil {
		return file{}, fmt.Errorf("go build: %w\n%s", err, output)
	}
	if goos == runtime.GOOS && arch == runtime.GOARCH {
		output, err := exec.CommandContext(ctx, path, "version").Output()
		if err != nil || !strings.Contains(string(output), version) {
			return file{}, fmt.Errorf("oneline version says %q, not %s (%v): see that main.version is printed", output, version, err)
		}
	}
	content, err := os.ReadFile(path)
	return file{name: name, mode: 0o755, content: content}, err
}

// stamp returns the time that files bear: SOURCE_DATE_EPOCH, else the time of
// the commit, else, where there is no git, the first that a zip can hold.
func stamp(ctx context.Context) (time.Time, error) {
	text, ok := os.LookupEnv("SOURCE_DATE_EPOCH")
	if !ok {
		output, err := exec.CommandContext(ctx, "git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC), nil
		}
		text = strings.TrimSpace(string(output))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH=%q: give seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
