package render

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

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
		for _, name := range fileNames() {
			if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	for _, folder := range folders {
		_ = os.Remove(folder) // one that holds something of the user's stays
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
	if err := errors.Join(write(b), b.Flush(), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return &fs.PathError{Op: "write", Path: filepath.Join(dir, name), Err: err}
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, name))
}
