// Package calculator is a small thing to verify: an example of a suite that uses
// package trace and has requirements of its own, in srs.json.
//
// One requirement fails, and one is not tested. Both are meant: the example shows
// how a report tells of them.
package calculator

import "errors"

// ErrDivideByZero is returned by Divide where the divisor is 0.
var ErrDivideByZero = errors.New("calculator: division by zero")

// Calculator holds one result. The zero value shows 0.
type Calculator struct{ result int64 }

// Result gives the result of the last step.
func (c *Calculator) Result() int64 { return c.result }

// Add replaces the result by its sum with n.
func (c *Calculator) Add(n int64) { c.result += n }

// Divide replaces the result by its quotient with n, rounded towards zero. If n
// is 0 it returns ErrDivideByZero, and the result stays.
func (c *Calculator) Divide(n int64) error {
	if n == 0 {
		return ErrDivideByZero
	}
	c.result /= n
	return nil
}

// Average replaces the result by the average of it and n.
//
// Known defect: the sum of two large numbers does not fit in 64 bits, and then the
// average lies outside of the two. CALC-AVG-1 fails for it.
func (c *Calculator) Average(n int64) { c.result = (c.result + n) / 2 }
