package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// A Recording is a run that goes on. It ends by Finish, or by Abort, which gives the
// folder back to the run that it held before.
type Recording struct {
	folder   *Folder
	manifest Manifest
	backup   *stage // holds the run.json of before; nil: there was none
	over     bool
}

// Begin says in run.json that a run goes on, so that the folder is known as ours even
// if the run is killed. The names are those of the files that the run will write beside
// its evidence. Where one of them is not ours, or the folder holds a formal run, nothing
// is touched.
func (f *Folder) Begin(m Manifest, written ...string) (*Recording, error) {
	if f.manifest != nil && f.manifest.Type == Formal {
		return nil, f.formal()
	}
	if err := f.Claim(append(written, ManifestName, DocumentsName)...); err != nil {
		return nil, err
	}
	m.Schema, m.Status, m.Evidence = ManifestSchema, Running, []evidence.File{}
	r := &Recording{folder: f, manifest: m}
	if f.manifest != nil {
		r.manifest.Previous = slices.Concat(f.manifest.Evidence, f.manifest.Previous, f.placed)
		old, err := f.root.ReadFile(ManifestName)
		if err != nil {
			return nil, err
		}
		if r.backup, err = f.stage(Bytes(ManifestName, old)); err != nil {
			return nil, err
		}
	}
	s, err := f.stage(JSON(ManifestName, r.manifest))
	if err == nil {
		err = s.publish(nil)
	}
	if err != nil {
		r.discard()
		return nil, err
	}
	return r, nil
}

// Finish writes the evidence that the caller still holds, and the final run.json, which
// lists it beside what was recorded into the folder meanwhile. It gives the SHA-256 of
// run.json.
func (r *Recording) Finish(m Manifest, all ...Document) (sum string, err error) {
	f := r.folder
	if err := f.restore(); err != nil {
		return "", err
	}
	m.Schema, m.Status, m.Previous = ManifestSchema, Finished, nil
	s, err := f.stage(all...)
	if err != nil {
		return "", err
	}
	m.Evidence = slices.SortedFunc(slices.Values(slices.Concat(m.Evidence, s.files)), byName)
	if err := s.add(JSON(ManifestName, m)); err != nil {
		return "", err
	}
	if err := s.publish(without(r.manifest.Previous, m.Evidence)); err != nil {
		return "", err
	}
	r.discard()
	f.manifest, f.manifestSHA = &m, s.files[len(all)].SHA256
	return f.manifestSHA, f.relearn()
}

// Abort gives the folder back to the run that it held before. After Finish it does
// nothing.
func (r *Recording) Abort() {
	if r.over {
		return
	}
	if r.backup != nil {
		_ = r.folder.root.Rename(r.backup.at(0), ManifestName)
	} else {
		_ = r.folder.root.Remove(ManifestName)
	}
	r.discard()
}

func (r *Recording) discard() {
	r.over = true
	if r.backup != nil {
		r.backup.discard()
	}
}

// restore makes the folder again, if somebody has removed it meanwhile.
func (f *Folder) restore() error {
	if _, err := os.Lstat(f.dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	again, err := Create(f.dir, f.force)
	if err != nil {
		return err
	}
	f.Close()
	*f = *again
	return nil
}

// Mkdir makes a folder for what a run leaves, and gives its path.
func (f *Folder) Mkdir(name string) (string, error) {
	if o, err := f.obstacle(path.Join(name, "x")); err != nil || o == isForeign {
		return "", errors.Join(err, f.Claim(name))
	}
	return f.path(name), f.makeDir(name)
}

// Recorded lists the files in a folder of the run, with their hashes. A link among them
// is an error: what it leads to can change unseen.
func (f *Folder) Recorded(dir string) (files []evidence.File, err error) {
	err = fs.WalkDir(f.root.FS(), dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is a link or no regular file: what it leads to is no evidence", f.path(name))
		}
		sum, err := f.hash(name)
		files = append(files, evidence.File{Name: name, SHA256: sum})
		return err
	})
	return files, err
}

// Manifest is that of the run in the folder, with the SHA-256 of run.json; nil if there
// is none.
func (f *Folder) Manifest() (*Manifest, string) { return f.manifest, f.manifestSHA }

// Code is the path of the file that holds the code whose execution was watched; empty:
// there is none.
func (f *Folder) Code() string {
	if f.manifest == nil || f.manifest.Code == "" {
		return ""
	}
	return f.path(f.manifest.Code)
}

// Evidence gives the paths of the evidence of the run. The error names every file that
// was changed, removed or added since the run has ended.
func (f *Folder) Evidence() (paths []string, err error) {
	m := f.manifest
	switch {
	case m == nil:
		return nil, fmt.Errorf("%s: this folder holds no run: there is no %s that oneline wrote", f.dir, ManifestName)
	case m.Status != Finished:
		return nil, fmt.Errorf("%s: the run %s did not end, so nothing can be concluded from it: run it again", f.dir, m.ID)
	}
	var all []error
	for _, file := range m.Evidence {
		if file.Name != ProtocolName && file.Name != m.Code {
			paths = append(paths, f.path(file.Name))
		}
		switch o, err := f.compare(file.Name, []string{file.SHA256}); {
		case err != nil:
			all = append(all, err)
		case o == isNothing:
			all = append(all, fmt.Errorf("%s: the evidence was removed after the run", f.path(file.Name)))
		case o != isOurs:
			all = append(all, fmt.Errorf("%s: the evidence was changed after the run", f.path(file.Name)))
		}
	}
	if m.Dir != "" {
		all = append(all, f.added(m.Dir)...)
	}
	return paths, errors.Join(all...)
}

// added names the files in a folder of evidence that the manifest does not list.
func (f *Folder) added(dir string) (all []error) {
	err := fs.WalkDir(f.root.FS(), dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !slices.ContainsFunc(f.manifest.Evidence, func(file evidence.File) bool { return file.Name == name }) {
			all = append(all, fmt.Errorf("%s: the evidence was added after the run", f.path(name)))
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		all = append(all, err)
	}
	return all
}
