package target_test

import (
	"io"
	"net"
	"testing"

	"github.com/socket-oneline/oneline/ver/target"
)

// A port lingers once a connection was closed at it first, and nobody listens.
func TestLingers(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	addr := ln.Addr().String()
	if target.Lingers(addr) {
		t.Error("a port without connections lingers")
	}
	client, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	served, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = served.Close()
	if _, err := client.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("reading gave %v, want the end", err)
	}
	_ = client.Close()
	if target.Lingers(addr) {
		t.Error("a port lingers although somebody listens there")
	}
	_ = ln.Close()
	if !target.Lingers(addr) {
		t.Error("a port does not linger whose connection was closed there first")
	}
}
