package read_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/socket-oneline/oneline/reports/read"
)

func TestFormatIsKnownByContent(t *testing.T) {
	stream := `{"Action":"start","Package":"m/p"}` + "\n" + `{"Action":"output","Package":"m/p","Output":"PASS\n"}` + "\n" + `{"Action":"pass","Package":"m/p"}` + "\n"
	for name, row := range map[string]struct{ text, format string }{
		"Ginkgo":                    {`[{"SuitePath":"/p","SuiteDescription":"S","SuiteSucceeded":true,"SpecReports":[]}]`, "ginkgo"},
		"JUnit, many":               {"<testsuites/>", "junit"},
		"JUnit, one, declared":      {"\ufeff<?xml version='1.0'?>\n<testsuite/>", "junit"},
		"go test":                   {stream, "gotest"},
		"go test after other lines": {strings.Repeat("go: downloading example.com/x v1.2.3\n", 100) + stream, "gotest"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := read.From("file.txt", iotest.OneByteReader(strings.NewReader(row.text)))
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256([]byte(row.text))
			if r.Format != row.format || r.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("%s %s", r.Format, r.SHA256)
			}
		})
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"empty":             {"", "f: the file is empty: the run wrote no results, repeat it"},
		"for people":        {"=== RUN   TestX\n--- PASS: TestX (0.00s)\nPASS\nok  \tm/p\t0.1s\n", "f: this is what go test prints for people: give what go test -json prints, or use oneline run"},
		"an object":         {`{"schema": 1}`, "f: these are no results that can be read: give what Ginkgo's --json-report or go test -json wrote, or JUnit XML"},
		"something":         {"\x7fELF", "f: these are no results that can be read: give what Ginkgo's --json-report or go test -json wrote, or JUnit XML"},
		"HTML":              {"<html></html>", "f:1: this is no JUnit XML, whose root is <testsuites> or <testsuite>: it is <html>"},
		"a list, no report": {"[{}]", "f:1:2: this is not a suite of a Ginkgo JSON report: give the file that Ginkgo's --json-report wrote"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read.From("f", strings.NewReader(row.text))
			if err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
	_, err := read.From("f", iotest.ErrReader(errors.New("disk")))
	if err == nil || err.Error() != "f: the results cannot be read: disk" {
		t.Error(err)
	}
}
