package folder

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Document is a file that is to be written. Its name is a path within the folder, with
// slashes.
type Document struct {
	Name  string
	Write func(io.Writer) error
}

// Bytes is a document that is known already.
func Bytes(name string, data []byte) Document {
	return Document{name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}}
}

// JSON is a document of a value.
func JSON(name string, v any) Document {
	return Document{name, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}}
}

// Sum is the SHA-256 of data, in hexadecimal.
func Sum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Replace writes a file of which the old content, if there is any, is the caller's to
// replace. Whatever happens, the old or the new file is there, complete.
func Replace(name string, write func(io.Writer) error) error {
	dir, base := filepath.Split(name)
	root, err := os.OpenRoot(cmp.Or(dir, "."))
	if err != nil {
		return err
	}
	defer root.Close()
	temporary := "." + base + "." + strconv.FormatUint(rand.Uint64(), 36)
	if _, err := writeNew(root, temporary, write); err != nil {
		return renamed(err, name)
	}
	if err := root.Rename(temporary, base); err != nil {
		_ = root.Remove(temporary)
		return renamed(err, name)
	}
	return nil
}

// writeNew writes a file that must not be there, and gives its SHA-256. On an error
// nothing is left of it.
func writeNew(root *os.Root, name string, write func(io.Writer) error) (sum string, err error) {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	b := bufio.NewWriterSize(io.MultiWriter(file, h), 1<<16)
	err = write(b)
	err = cmp.Or(err, b.Flush())
	if err = cmp.Or(err, file.Close()); err != nil {
		_ = root.Remove(name)
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// renamed gives an error the name that the user knows in place of a temporary one.
func renamed(err error, name string) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	} else if l, ok := errors.AsType[*os.LinkError](err); ok {
		err = l.Err
	}
	return &fs.PathError{Op: "write", Path: name, Err: err}
}

// another is the error of a folder that nothing can be written into.
func another(err error, dir string) error {
	return fmt.Errorf("%w: name another folder by -out", renamed(err, dir))
}

// A stage is a folder within the folder, in which files wait until all of them are
// complete. They are called 0, 1, ... there. Its own list of them, which has the form
// of documents.json, says after a crash what is ours.
type stage struct {
	folder *Folder
	name   string
	files  []evidence.File // with the names that they are to have
}

const (
	stagePrefix = ".oneline-"
	stageList   = "files.json"
	stagePart   = stageList + ".part" // the list while it is written
)

// stage makes a stage of documents.
func (f *Folder) stage(all ...Document) (*stage, error) {
	s := &stage{folder: f, name: stagePrefix + strconv.FormatUint(rand.Uint64(), 36)}
	if err := f.root.Mkdir(s.name, 0o777); err != nil {
		return nil, another(err, f.dir)
	}
	return s, s.add(all...)
}

// add writes more documents. An error discards the stage.
func (s *stage) add(all ...Document) (err error) {
	defer func() {
		if err != nil {
			s.discard()
		}
	}()
	first := len(s.files)
	for _, d := range all {
		s.files = append(s.files, evidence.File{Name: d.Name})
	}
	if err := s.writeList(); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range all {
		g.Go(func() (err error) {
			if s.files[first+i].SHA256, err = writeNew(s.folder.root, s.at(first+i), d.Write); err != nil {
				return renamed(err, s.folder.path(d.Name))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return s.writeList() // now with the hashes
}

// at is where a staged file is.
func (s *stage) at(i int) string { return path.Join(s.name, strconv.Itoa(i)) }

func (s *stage) writeList() error {
	list, part := path.Join(s.name, stageList), path.Join(s.name, stagePart)
	if _, err := writeNew(s.folder.root, part, JSON("", documents{Schema: DocumentsSchema, Files: s.files}).Write); err != nil {
		return renamed(err, s.folder.path(list))
	}
	return s.folder.root.Rename(part, list)
}

// publish gives the files their places, in their order, and removes those files of ours
// that are gone before the last comes. Where that fails half-way, the stage stays, and
// says to the next run what is ours.
func (s *stage) publish(gone []evidence.File) error {
	f := s.folder
	for _, file := range s.files { // whatever can fail for want of space comes first
		if dir := path.Dir(file.Name); dir != "." {
			if err := f.makeDir(dir); err != nil {
				return err
			}
		}
	}
	for i, file := range s.files {
		if i == len(s.files)-1 {
			if err := f.remove(gone); err != nil {
				return err
			}
		}
		if err := f.root.Rename(s.at(i), file.Name); err != nil {
			return renamed(err, f.path(file.Name))
		}
	}
	f.know(s.files)
	s.discard()
	return nil
}

// without returns the files whose names another list lacks.
func without(files, others []evidence.File) []evidence.File {
	return slices.DeleteFunc(slices.Clone(files), func(f evidence.File) bool {
		return slices.ContainsFunc(others, func(o evidence.File) bool { return o.Name == f.Name })
	})
}

// makeDir makes a folder. With force it takes the place of a file or link.
func (f *Folder) makeDir(dir string) error {
	if parent := path.Dir(dir); parent != "." {
		if err := f.makeDir(parent); err != nil {
			return err
		}
	}
	if info, err := f.root.Lstat(dir); err == nil && !info.IsDir() && f.force {
		if err := f.root.Remove(dir); err != nil {
			return err
		}
	}
	if err := f.root.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return renamed(err, f.path(dir))
	}
	return nil
}

// discard removes the stage with what is left in it, and nothing that is not ours.
func (s *stage) discard() {
	s.empty()
	for _, name := range []string{stagePart, stageList} {
		_ = s.folder.root.Remove(path.Join(s.name, name))
	}
	_ = s.folder.root.Remove(s.name)
}

// empty removes the files that wait in the stage.
func (s *stage) empty() {
	for i := range s.files {
		_ = s.folder.root.Remove(s.at(i))
	}
}

// sweep learns from the stages of processes that were killed which files they had put
// in their places already, and removes these stages. The list of a stage stays while it
// alone says that a file is ours: whoever opens the folder may be killed, too.
func (f *Folder) sweep() error {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), stagePrefix) {
			continue
		}
		var list documents
		if sum, err := f.readOurs(path.Join(entry.Name(), stageList), DocumentsSchema, &list); err != nil || sum == "" {
			f.removeStub(entry.Name())
			continue
		}
		s := &stage{folder: f, name: entry.Name(), files: list.Files}
		placed := slices.DeleteFunc(slices.Clone(list.Files), func(file evidence.File) bool {
			o, err := f.compare(file.Name, []string{file.SHA256})
			return err != nil || o != isOurs || slices.Contains(f.known[file.Name], file.SHA256)
		})
		if len(placed) == 0 {
			s.discard()
			continue
		}
		s.empty()
		f.know(placed)
		f.placed = append(f.placed, placed...)
	}
	return nil
}

// removeStub removes what a stage leaves whose process was killed before its list was
// there, or after it was gone: an empty folder, or one that holds a part of the list.
// Everything else is somebody else's.
func (f *Folder) removeStub(dir string) {
	if inside, err := fs.ReadDir(f.root.FS(), dir); err == nil && len(inside) == 1 && inside[0].Name() == stagePart {
		_ = f.root.Remove(path.Join(dir, stagePart))
	}
	_ = f.root.Remove(dir)
}
