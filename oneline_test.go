package oneline_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/socket-oneline/oneline"
)

func TestSRS(t *testing.T) {
	file, err := os.ReadFile("srs.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(oneline.SRS, file) {
		t.Error("SRS is not the file srs.json")
	}
}
