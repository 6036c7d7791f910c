//go:build !linux

package target

// Lingers is not known here.
func Lingers(string) bool { return false }

func bindable(string) bool { return true }
