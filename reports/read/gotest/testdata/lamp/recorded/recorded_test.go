package recorded

import "testing"

func TestRecorded(t *testing.T) {
	t.Attr("requirement", "R-1")
	t.Attr("oneline", "gotest")
	t.Run("part", func(*testing.T) {})
}

func TestRecordedAndFailed(t *testing.T) {
	t.Attr("requirement", "R-2")
	t.Attr("oneline", "gotest")
	t.Error("it fails")
}
