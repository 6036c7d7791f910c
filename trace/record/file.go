package record

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Variable names the folder that takes process files. It is unset when the
// program starts: what a test starts must not write there too.
const Variable = "ONELINE_EVIDENCE"

var folder = func() string {
	dir := os.Getenv(Variable)
	_ = os.Unsetenv(Variable)
	return dir
}()

// Ignore makes this process leave no process file. A program that is started in a
// run, and writes results of its own, calls it before anything else.
func Ignore() { folder = "" }

// Package is the import path of the package that this program was built from; of
// a test, that of the tested package.
func Package() (module, path string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	return info.Main.Path, strings.TrimSuffix(info.Path, ".test")
}

// File is the process file that a front end writes. The zero value writes nothing.
type File struct {
	mu    sync.Mutex
	f     *os.File
	specs int
	err   error
}

// Open opens the process file of this process; without a folder for it, it is the
// zero File. p says what differs between front ends.
func Open(p evidence.Process) (*File, error) {
	if folder == "" {
		return &File{}, nil
	}
	path := filepath.Join(folder, p.FrontEnd+"-"+strings.ToLower(rand.Text())+".jsonl")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	p.PID, p.Started = os.Getpid(), time.Now()
	p.Go, p.OS = runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH
	_, p.Package = Package()
	file := &File{f: f}
	file.Write(evidence.Record{Schema: evidence.ProcessSchema, Open: &p})
	return file, file.Err()
}

// Err reports the first write that failed.
func (f *File) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Begin records that a spec begins, and returns its number.
func (f *File) Begin(spec evidence.Spec) int {
	f.mu.Lock()
	f.specs++
	number := f.specs
	f.mu.Unlock()
	f.Write(evidence.Record{Number: number, Begin: &spec})
	return number
}

// Close writes the closing record.
func (f *File) Close(c evidence.Close) {
	f.mu.Lock()
	c.At, c.Specs = time.Now(), f.specs
	f.mu.Unlock()
	f.Write(evidence.Record{Close: &c})
}

// Beside writes a document beside the file, with the same name and another ending.
func (f *File) Beside(ending string, document any) error {
	if f.f == nil {
		return nil
	}
	out, err := os.OpenFile(strings.TrimSuffix(f.f.Name(), ".jsonl")+ending, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer out.Close()
	return json.NewEncoder(out).Encode(document)
}

// Write appends a record, in one write, so that a crash cuts none in two. A fault may come
// after the closing record too.
func (f *File) Write(r evidence.Record) {
	if f.f == nil {
		return
	}
	line, err := json.Marshal(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil { // half a line may stand there, and nothing can follow it
		return
	}
	if err == nil {
		_, err = f.f.Write(append(line, '\n'))
	}
	f.err = err
}
