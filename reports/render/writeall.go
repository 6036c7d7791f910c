package render

import (
	"bufio"
	"errors"
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
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	files := Files(opt)
	for _, f := range files {
		if err := os.Remove(filepath.Join(dir, f.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range files {
		if slices.Contains(formats, f.Format) {
			g.Go(func() error { return writeFile(dir, f, m) })
		}
	}
	return g.Wait()
}

// writeFile writes under a temporary name and renames.
func writeFile(dir string, f File, m *reports.Model) (err error) {
	tmp, err := os.CreateTemp(dir, "."+f.Name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	b := bufio.NewWriterSize(tmp, 1<<16)
	if err := errors.Join(f.Write(b, m), b.Flush(), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return &fs.PathError{Op: "write", Path: filepath.Join(dir, f.Name), Err: err}
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, f.Name))
}
