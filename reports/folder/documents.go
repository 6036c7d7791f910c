package folder

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Publish writes the documents of the run whose run.json has the given hash, or of
// bare results if the hash is empty. They replace those that are there; until all of
// them are written, those stay as they are.
func (f *Folder) Publish(run string, all []Document) error {
	if f.manifest != nil && f.manifest.Type == Formal && run != f.manifestSHA {
		return f.formal()
	}
	var names []string
	for _, d := range all {
		names = append(names, d.Name)
	}
	if err := f.Claim(append(names, DocumentsName)...); err != nil {
		return err
	}
	s, err := f.stage(all...)
	if err != nil {
		return err
	}
	now := documents{Schema: DocumentsSchema, Run: run, Files: slices.SortedFunc(slices.Values(s.files), byName)}
	if err := s.add(JSON(DocumentsName, now)); err != nil {
		return err
	}
	var gone []evidence.File
	if f.documents != nil {
		gone = f.documents.Files
	}
	if err := s.publish(without(gone, now.Files)); err != nil {
		return err
	}
	f.documents = &now
	return f.relearn()
}

func byName(a, b evidence.File) int { return strings.Compare(a.Name, b.Name) }

func (f *Folder) formal() error {
	return fmt.Errorf("%s holds the formal run %s, and a formal run is never replaced: name another folder by -out", f.dir, f.manifest.ID)
}

// Doubts says, in lines, why the documents in the folder cannot be relied on: they were
// edited or removed or, unless the run has only just been recorded, are not those of the
// run beside them.
func (f *Folder) Doubts(justRecorded bool) (lines []string) {
	if f.documents == nil {
		return nil
	}
	for _, file := range f.documents.Files {
		switch o, err := f.obstacle(file.Name); {
		case err != nil:
			lines = append(lines, fmt.Sprintf("%s: %v", f.path(file.Name), err))
		case o == isNothing:
			lines = append(lines, fmt.Sprintf("%s was removed since it was written", f.path(file.Name)))
		case o != isOurs:
			lines = append(lines, fmt.Sprintf("%s was changed since it was written", f.path(file.Name)))
		}
	}
	if f.manifest != nil && !justRecorded && f.documents.Run != f.manifestSHA {
		of := "of another run"
		if f.documents.Run == "" {
			of = "of results that no run.json vouches for"
		}
		lines = append(lines, fmt.Sprintf("the documents in %s were %s, and not of the run in its %s", f.dir, of, ManifestName))
	}
	return lines
}
