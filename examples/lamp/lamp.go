// Package lamp is a lamp that can be dimmed.
package lamp

import "fmt"

// Lamp is a lamp. The zero value is off.
type Lamp struct{ percent int }

// Dim sets the brightness in percent.
func (l *Lamp) Dim(percent int) error {
	if percent < 0 || percent > 100 {
		return fmt.Errorf("%d percent: the brightness is between 0 and 100", percent)
	}
	l.percent = percent
	return nil
}

// Brightness is that in percent.
func (l *Lamp) Brightness() int { return l.percent }
