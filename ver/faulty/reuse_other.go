//go:build !linux

package faulty

import "net"

// refuseReuse does nothing where a port that lingers is not known.
func refuseReuse(net.Listener) {}
