package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"io/fs"
	"time"
)

// A file is what an archive holds.
type file struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// packTar writes the files, within a folder, as a tar.gz. The bytes depend on
// the arguments alone.
func packTar(w io.Writer, folder string, when time.Time, files []file) error {
	zw := gzip.NewWriter(w)
	tw := tar.NewWriter(zw)
	for _, f := range files {
		header := &tar.Header{
			Name:    folder + "/" + f.name,
			Mode:    int64(f.mode),
			Size:    int64(len(f.content)),
			ModTime: when,
		}
		if err := tw.WriteHeader(header); err != nil {
			return err
		}
		if _, err := tw.Write(f.content); err != nil {
			return err
		}
	}
	if err := tw.Close(); err != nil {
		return err
	}
	return zw.Close()
}

// packZip writes the files, within a folder, as a zip. The bytes depend on the
// arguments alone.
func packZip(w io.Writer, folder string, when time.Time, files []file) error {
	zw := zip.NewWriter(w)
	for _, f := range files {
		header := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: when}
		header.SetMode(f.mode)
		fw, err := zw.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := fw.Write(f.content); err != nil {
			return err
		}
	}
	return zw.Close()
}
