package render

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports"
)

// WriteAll writes the files of the formats (see ParseFormats) into dir, which
// it makes if need be. Every file of the set that an earlier run left there is
// removed first, also those of formats that are not asked for now: what stands
// in dir is of one run. A file appears under its name only when it is whole.
// It returns the first error, which names the file.
func WriteAll(dir string, m *reports.Model, formats []string, opt Options) error {
	if err := opt.Layout.Check(); err != nil {
		return err
	}
	if err := prepare(dir); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range Files(opt) {
		if slices.Contains(formats, f.Format) {
			g.Go(func() error { return writeFile(dir, f, m) })
		}
	}
	return g.Wait()
}

// WriteComparison writes the files of the formats into dir, as WriteAll does,
// and the reports of each target into a folder of its own beside them.
func WriteComparison(dir string, c *reports.Comparison, formats []string, opt func(*reports.Model) Options) error {
	if err := prepare(dir); err != nil {
		return err
	}
	for i := range c.Targets {
		t := &c.Targets[i]
		if err := WriteAll(filepath.Join(dir, t.Folder), t.Model, formats, opt(t.Model)); err != nil {
			return err
		}
	}
	for _, f := range ComparisonFiles() {
		if !slices.Contains(formats, f.Format) {
			continue
		}
		if err := whole(dir, f.Name, func(w io.Writer) error { return f.Write(w, c) }); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes dir if need be, and removes what an earlier run left there and
// in the folders of its targets.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	folders, err := filepath.Glob(filepath.Join(dir, reports.TargetFolder+"*"))
	if err != nil {
		return err
	}
	for _, folder := range append(folders, dir) {
		if err := sweep(folder); err != nil {
			return err
		}
	}
	for _, folder := range folders {
		_ = os.Remove(folder) // one that holds something of the user's stays
	}
	return nil
}

// sweep removes our files, also those that a run that was killed left under a temporary
// name.
func sweep(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		ours := slices.ContainsFunc(fileNames(), func(name string) bool {
			return entry.Name() == name || strings.HasPrefix(entry.Name(), "."+name+".")
		})
		if !ours {
			continue
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// fileNames lists every file that may be written into a folder.
func fileNames() []string {
	var all []string
	for _, f := range Files(Options{}) {
		all = append(all, f.Name)
	}
	for _, f := range ComparisonFiles() {
		all = append(all, f.Name)
	}
	return all
}

func writeFile(dir string, f File, m *reports.Model) error {
	return whole(dir, f.Name, func(w io.Writer) error { return f.Write(w, m) })
}

// whole writes a file under a temporary name and renames it.
func whole(dir, name string, write func(io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	b := bufio.NewWriterSize(tmp, 1<<16)
	err = cmp.Or(write(b), b.Flush(), tmp.Chmod(0o644))
	if err := cmp.Or(err, tmp.Close()); err != nil {
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // the name in it is the temporary one
		}
		return &fs.PathError{Op: "write", Path: filepath.Join(dir, name), Err: err}
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, name))
}
