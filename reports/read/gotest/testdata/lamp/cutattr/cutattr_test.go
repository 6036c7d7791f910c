package cutattr

import (
	"strings"
	"testing"
)

func TestLongAttribute(t *testing.T) { t.Attr("requirement", strings.Repeat("R-1,", 1200)+"R-2") }
