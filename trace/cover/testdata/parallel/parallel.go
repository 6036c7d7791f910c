// Package parallel is code for tests that run at the same time.
package parallel

var started = initial()

func initial() bool {
	return true
}

// Started reports what initialization did.
func Started() bool { return started }

// One is executed by one test alone.
func One() int { return 1 }

// Two is executed while two tests run.
func Two() int { return 2 }
