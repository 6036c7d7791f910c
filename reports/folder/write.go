package folder

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	stageLast   = "last" // the file that takes its place after all others
)

// stage writes all documents, and the last one, which lists the others.
func (f *Folder) stage(all []Document, last func([]evidence.File) Document) (_ *stage, err error) {
	s := &stage{folder: f, name: stagePrefix + strconv.FormatUint(rand.Uint64(), 36), files: make([]evidence.File, len(all))}
	for i, d := range all {
		s.files[i].Name = d.Name
	}
	if err := f.root.Mkdir(s.name, 0o777); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.discard()
		}
	}()
	if err := s.writeList(); err != nil {
		return nil, err
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range all {
		g.Go(func() (err error) {
			if s.files[i].SHA256, err = writeNew(f.root, s.at(i), d.Write); err != nil {
				return renamed(err, f.path(d.Name))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	d := last(s.files)
	if _, err := writeNew(f.root, path.Join(s.name, stageLast), d.Write); err != nil {
		return nil, renamed(err, f.path(d.Name))
	}
	return s, s.writeList() // now with the hashes
}

// at is where a staged file is.
func (s *stage) at(i int) string { return path.Join(s.name, strconv.Itoa(i)) }

func (s *stage) writeList() error {
	list, temporary := path.Join(s.name, stageList), path.Join(s.name, stageList+".part")
	if _, err := writeNew(s.folder.root, temporary, JSON("", documents{Schema: DocumentsSchema, Files: s.files}).Write); err != nil {
		return renamed(err, s.folder.path(list))
	}
	return s.folder.root.Rename(temporary, list)
}

// publish gives the files their places, in their order, and removes those files of ours
// that are gone. The last file comes last. Where that fails half-way, the stage stays,
// and says to the next run what is ours.
func (s *stage) publish(gone []evidence.File, last string) error {
	f := s.folder
	for _, file := range s.files { // whatever can fail for want of space comes first
		if dir := path.Dir(file.Name); dir != "." {
			if err := f.makeDir(dir); err != nil {
				return err
			}
		}
	}
	gone = slices.DeleteFunc(slices.Clone(gone), func(old evidence.File) bool {
		return slices.ContainsFunc(s.files, func(now evidence.File) bool { return now.Name == old.Name })
	})
	for i, file := range s.files {
		if err := f.root.Rename(s.at(i), file.Name); err != nil {
			return renamed(err, f.path(file.Name))
		}
	}
	f.know(s.files)
	if err := f.remove(gone); err != nil {
		return err
	}
	if err := f.root.Rename(path.Join(s.name, stageLast), last); err != nil {
		return renamed(err, f.path(last))
	}
	s.discard()
	return nil
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
	for i := range s.files {
		_ = s.folder.root.Remove(s.at(i))
	}
	for _, name := range []string{stageLast, stageList + ".part", stageList} {
		_ = s.folder.root.Remove(path.Join(s.name, name))
	}
	_ = s.folder.root.Remove(s.name)
}

// sweep learns from the stages of processes that were killed which files they had put
// in their places already, and removes these stages.
func (f *Folder) sweep() error {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), stagePrefix) {
			continue
		}
		list, _, err := readOurs[documents](f, path.Join(entry.Name(), stageList))
		if err != nil || list == nil {
			f.removeStub(entry.Name())
			continue
		}
		f.know(slices.DeleteFunc(slices.Clone(list.Files), func(file evidence.File) bool { return file.SHA256 == "" }))
		(&stage{folder: f, name: entry.Name(), files: list.Files}).discard()
	}
	return nil
}

// removeStub removes what a stage leaves whose process was killed before its list was
// there, or after it was gone: an empty folder, or one that holds a part of the list.
// Everything else is somebody else's.
func (f *Folder) removeStub(dir string) {
	const part = stageList + ".part"
	if inside, err := fs.ReadDir(f.root.FS(), dir); err == nil && len(inside) == 1 && inside[0].Name() == part {
		_ = f.root.Remove(path.Join(dir, part))
	}
	_ = f.root.Remove(dir)
}
