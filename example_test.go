package oneline_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/socket-oneline/oneline"
)

func ExampleReader() {
	// What a client sent: two commands, and the beginning of a third.
	r := oneline.NewReader(strings.NewReader("ping\nset x=1\nshut"), oneline.DefaultMaxPacket)
	for {
		p, err := r.Next()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%q\n", p.Bytes)
	}
	// Output:
	// "ping"
	// "set x=1"
	// EOF
}

func ExampleWriter() {
	w := oneline.NewWriter(os.Stdout)
	for _, packet := range []string{"ping", "two\nlines"} {
		if _, err := w.WritePacket(packet); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// ping
	// a packet cannot hold a line feed (0x0A): encode it, or send two packets
}
