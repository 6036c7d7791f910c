// Package toy is code of which it is known by hand which requirement executes
// which line: it stands behind every line that has code. A line of which nobody
// executes anything has nothing there.
package toy

import (
	"errors"
	"os"
)

// Divide divides.
func Divide(a, b int) (int, error) {
	if b == 0 { //: TOY-ADD TOY-DIV TOY-FAIL
		return 0, errors.New("by zero") //: TOY-DIV
	}
	n := a //: TOY-ADD TOY-FAIL
	n /= b //: TOY-ADD TOY-FAIL

	return n, nil //: TOY-ADD TOY-FAIL
}

// Fails is called by a spec that fails.
func Fails() int {
	return 1 //: TOY-FAIL
}

// Panics panics, after it has called what panics.
func Panics() {
	before() //: TOY-PANIC
	after()  //: TOY-PANIC
}

func before() {
	defer cleared() //: TOY-PANIC
	panic("toy")    //: TOY-PANIC
}

func cleared() {
	_ = 1 //: TOY-PANIC
}

func after() {
	_ = 2 //:
}

// Prepare is what a spec calls before it is blocked.
func Prepare() bool {
	return false //: TOY-BLOCK
}

// Blocked is what it would have called.
func Blocked() {
	_ = 3 //:
}

// Late goes on behind the back of its caller.
func Late(begin <-chan struct{}) {
	go func() { //: TOY-LATE
		<-begin                    //: TOY-LATE
		for i := range 3_000_000 { //: TOY-LATE
			if i < 0 { //: TOY-LATE
				panic("toy") //:
			}
		}
		ended() //: TOY-LATE
	}()
}

func ended() {
	_ = 4 //: TOY-LATE
}

// Leave leaves a goroutine that never ends.
func Leave() {
	go stay() //: TOY-LEAVE
}

func stay() {
	select {} //: TOY-LEAVE
}

// Retried does something else the second time.
func Retried(attempt int) string {
	switch attempt { //: TOY-RETRY
	case 1:
		return "first" //: TOY-RETRY
	case 2:
		return "second" //: TOY-RETRY
	default:
		return "third" //:
	}
}

// Child is what a process of its own does.
func Child() {
	defer os.Exit(3)       //: TOY-CHILD
	if len(os.Args) == 0 { //: TOY-CHILD
		_ = 5         //:
		for range 2 { //:
			_ = 6 //:
		}
	}
}

// Believed is accepted as unreached, although it is reached.
func Believed() {
	_ = 7 //: TOY-ADD
}

// Never is called by nobody.
func Never(n int) int {
	sum := func(a, b int) int { //:
		return a + b //:
	}
	return sum(n, n) //:
}
