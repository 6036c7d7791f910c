package target_test

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/socket-oneline/oneline/ver/target"
)

func TestTail(t *testing.T) {
	g := NewWithT(t)
	var tail target.Tail
	for _, text := range []string{strings.Repeat("x", 64<<10), "\xff", "the end\n"} {
		n, err := tail.Write([]byte(text))
		g.Expect(n, err).To(Equal(len(text)))
	}
	g.Expect(tail.String()).To(HavePrefix("(9 bytes before this are not kept)\nxxx"))
	g.Expect(tail.String()).To(HaveSuffix("x\uFFFDthe end\n"))
}
