// Package calc is code with tests of which it is known what they notice.
package calc

import "errors"

// ErrZero is returned for a divisor of 0.
var ErrZero = errors.New("division by zero")

// Add adds.
func Add(a, b int) int { return a + b }

// Weak is executed by a test that verifies nothing of it.
func Weak(n int) int {
	n *= 2
	return n
}

// Divide divides.
func Divide(a, b int) (int, error) {
	if b == 0 {
		return 0, ErrZero
	}
	return a / b, nil
}

// Wait ends once n is reached; with another step it never does.
func Wait(n int) int {
	i := 0
	for i != n {
		i += 1
	}
	return i
}

// Nobody is executed by no test.
func Nobody() bool { return true }
