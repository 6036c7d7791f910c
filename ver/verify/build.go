package verify

import (
	"cmp"
	"runtime/debug"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// Version is the version of this build. Release builds set it with the linker;
// otherwise it is what the go command knows.
var Version string

// BuildInfo says what this program is built from.
func BuildInfo() evidence.Suite {
	suite := evidence.Suite{Module: "github.com/socket-oneline/oneline", Package: "github.com/socket-oneline/oneline/ver", Version: Version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return suite
	}
	suite.Version = cmp.Or(Version, info.Main.Version)
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			suite.Commit = setting.Value
		case "vcs.modified":
			modified := setting.Value == "true"
			suite.Modified = &modified
		}
	}
	return suite
}
