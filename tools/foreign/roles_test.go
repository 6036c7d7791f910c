package foreign_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

// roleEnv makes this program play a part instead of running tests: that of a
// client or a server that the command starts.
const (
	roleEnv  = "FOREIGN_ROLE"
	heartEnv = "FOREIGN_HEART" // where a server tells that it lives
)

// roles are the parts.
var roles = map[string]func() int{
	// Clients under test.
	"floods":            func() int { return spill("rubbish\n") },
	"floods in one go":  func() int { return spill("rubbish") },
	"hangs":             func() int { return hang() },
	"reads and is mute": func() int { _, _ = io.Copy(io.Discard, os.Stdin); return 0 },
	"exits":             func() int { return 3 },
	"prints rubbish":    func() int { return answer(0, func(string) string { return "\x1b[2J\xff{" }) },
	"agrees to all":     func() int { return answer(0, func(string) string { return "ok" }) },
	"says true":         func() int { return answer(0, func(string) string { return "ok true" }) },
	"closed from birth": func() int { return answer(0, func(string) string { return "closed" }) },
	"leaves after two":  func() int { return answer(2, func(string) string { return "ok" }) },

	// Servers.
	"late":              playLate,
	"living":            func() int { return live() },
	"living with child": func() int { return live("living child") },
	"living child":      func() int { heart(); return hang() },
}

// play plays a part, and gives the exit status.
func play(role string) int {
	part, known := roles[role]
	if !known {
		fmt.Fprintln(os.Stderr, "no such part:", role)
		return 2
	}
	return part()
}

// spill prints without end.
func spill(text string) int {
	text = strings.Repeat(text, 1000)
	for {
		if _, err := os.Stdout.WriteString(text); err != nil {
			return 1
		}
	}
}

// hang does nothing until it is killed.
func hang() int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt) // which nobody sends to it
	<-signals
	return 0
}

// answer answers lines, so many of them; 0: all.
func answer(most int, to func(string) string) int {
	n := 0
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println(to(in.Text()))
		if n++; n == most {
			return 0
		}
	}
	return 0
}

// heart connects to the test, and tells this process and its parent. The test
// sees the connection end when the process does.
func heart() {
	conn, err := net.Dial("tcp", os.Getenv(heartEnv))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(conn, os.Getpid(), os.Getppid())
}

// live is a server that takes connections and says nothing, in company.
func live(company ...string) int {
	ln, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	heart()
	for _, role := range company {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), roleEnv+"="+role)
		if err := cmd.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	for {
		conn, err := ln.Accept()
		if err != nil {
			return 1
		}
		go func() { _, _ = io.Copy(io.Discard, conn) }()
	}
}
