package mainskips

import "testing"

func TestMain(*testing.M) {}

func TestPasses(t *testing.T) { t.Attr("requirement", "R-1") }
