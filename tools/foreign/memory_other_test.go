//go:build !unix

package foreign_test

import "os"

// memory is not known here.
func memory(*os.ProcessState) int64 { return 0 }
