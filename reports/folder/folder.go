// Package folder keeps the folder of a run: what was recorded, and the documents
// that were made of it.
//
// Two files say what the tool wrote into a folder. The manifest, run.json, describes
// the run and lists its evidence; documents.json lists the documents. Both give
// the SHA-256 of every file that they list, and only a file that is listed, and still
// has that hash, is ever replaced or removed. Everything else in the folder is somebody
// else's and stays as it is. Links are never followed.
//
// Documents are written beside the old ones and take their places together, when all
// of them are complete. documents.json comes last.
package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Folder is a folder that holds a run, or is about to. Open or Create makes one, and
// Close releases it.
type Folder struct {
	dir   string // as the user gave it
	force bool
	root  *os.Root
	lock  *os.File

	manifest    *Manifest // nil: there is none
	manifestSHA string
	documents   *documents // nil: there are none

	known map[string][]string // the hashes that a file of ours may have, by its name

	placed []evidence.File // files that only the stages of killed processes list
}

// Create opens the folder, and makes it if need be. With force, files that are not the
// tool's are replaced where they are in the way.
func Create(dir string, force bool) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, another(err, dir)
	}
	f, err := Open(dir)
	if err == nil {
		f.force = force
	}
	return f, err
}

// Open opens a folder that is there. Until it is closed, nobody else can open it: two
// runs must not write into one folder.
func Open(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, root: root}
	if f.lock, err = lock(dir); err != nil {
		_ = root.Close()
		return nil, err
	}
	if err := f.learn(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Close releases the folder.
func (f *Folder) Close() {
	if f.lock != nil {
		_ = f.lock.Close()
	}
	_ = f.root.Close()
}

// Force says whether files that are not the tool's are replaced where they are in the way.
func (f *Folder) Force(force bool) { f.force = force }

// Dir is the path of the folder, as it was given.
func (f *Folder) Dir() string { return f.dir }

// Same reports whether two paths lead to the same file or folder.
func Same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// path is that of a file of the folder, for messages and for other programs.
func (f *Folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// learn finds out what in the folder is ours.
func (f *Folder) learn() (err error) {
	f.known, f.placed = make(map[string][]string), nil
	var m Manifest
	if f.manifestSHA, err = f.readOurs(ManifestName, ManifestSchema, &m); err != nil {
		return err
	} else if f.manifestSHA != "" {
		f.manifest = &m
		f.know(m.Evidence)
		f.know(m.Previous)
	}
	var d documents
	if sum, err := f.readOurs(DocumentsName, DocumentsSchema, &d); err != nil {
		return err
	} else if sum != "" {
		f.documents = &d
		f.know(d.Files)
	}
	return f.sweep()
}

// relearn removes the stages of killed processes that nobody needs any more.
func (f *Folder) relearn() error {
	if len(f.placed) == 0 {
		return nil
	}
	return f.learn()
}

func (f *Folder) know(files []evidence.File) {
	for _, file := range files {
		f.known[file.Name] = append(f.known[file.Name], file.SHA256)
	}
}

// Claim refuses to go on where a file that is not ours stands in the way of one that
// is to be written. Nothing has been touched by then.
func (f *Folder) Claim(names ...string) error {
	var foreign, changed []string
	for _, name := range names {
		o, err := f.obstacle(name)
		switch {
		case err != nil:
			return err
		case o == isFolder:
			return fmt.Errorf("%s is a folder, and a file of this name is to be written: move it away, or name another folder by -out", f.path(name))
		case o == isForeign:
			foreign = append(foreign, f.path(name))
		case o == isChanged:
			changed = append(changed, f.path(name))
		}
	}
	switch {
	case f.force:
		return nil
	case len(foreign) > 0:
		return fmt.Errorf("%s: oneline did not write what is there: move it away, name another folder by -out, or replace it by -force", listed(foreign))
	case len(changed) > 0:
		return fmt.Errorf("%s: changed since oneline wrote it: move it away, name another folder by -out, or replace it by -force", listed(changed))
	}
	return nil
}

// listed names at most five files.
func listed(names []string) string {
	const most = 5
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}

// obstacle is what stands where a file is to be written.
type obstacle int

const (
	isNothing obstacle = iota
	isOurs
	isForeign // also a link, or anything else that is no regular file
	isChanged // it was ours, and somebody has edited it
	isFolder
)

// obstacle finds out what stands where a file is to be written.
func (f *Folder) obstacle(name string) (obstacle, error) { return f.compare(name, f.known[name]) }

// compare finds out what stands where a file should be that has one of some hashes.
func (f *Folder) compare(name string, hashes []string) (obstacle, error) {
	for parent := path.Dir(name); parent != "."; parent = path.Dir(parent) {
		info, err := f.root.Lstat(parent)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return isForeign, err
		case !info.IsDir():
			return isForeign, nil
		}
	}
	info, err := f.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return isNothing, nil
	case err != nil:
		return isForeign, err
	case info.IsDir():
		return isFolder, nil
	case !info.Mode().IsRegular(), len(hashes) == 0:
		return isForeign, nil
	}
	sum, err := f.hash(name)
	switch {
	case err != nil:
		return isForeign, err
	case !slices.Contains(hashes, sum):
		return isChanged, nil
	}
	return isOurs, nil
}

// hash is the SHA-256 of a file, in hexadecimal.
func (f *Folder) hash(name string) (string, error) {
	file, err := f.root.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// remove removes files that are ours, and the folders that are empty then.
func (f *Folder) remove(files []evidence.File) error {
	for _, file := range files {
		switch o, err := f.obstacle(file.Name); {
		case err != nil:
			return err
		case o != isOurs:
			continue
		}
		if err := f.root.Remove(file.Name); err != nil {
			return err
		}
		for parent := path.Dir(file.Name); parent != "."; parent = path.Dir(parent) {
			if f.root.Remove(parent) != nil { // it holds something else
				break
			}
		}
	}
	return nil
}
