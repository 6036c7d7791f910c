package reports

import (
	"fmt"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// justify adds justifications to the requirements that need one. Those of requirements
// that passed are noted, as one file may serve several runs.
func (b *builder) justify(m *Model) {
	m.AcceptJustified = b.opt.AcceptJustified
	file := b.opt.Justifications
	if file == nil {
		if lost := m.Run.Justifications; lost != nil {
			m.Run.Notes = append(m.Run.Notes, "the run had justifications, which this report was not given: "+lost.Name+" with SHA-256 "+lost.SHA256)
		}
		m.Run.Justifications = nil
		return
	}
	m.Run.Justifications = &evidence.File{Name: file.Name, SHA256: file.SHA256}
	var needless []string
	for i := range m.Requirements {
		r := &m.Requirements[i]
		j, ok := file.Of[r.ID]
		switch {
		case !ok || r.Verdict == Invalid:
		case r.Verdict == Pass && r.Reason == "":
			needless = append(needless, r.ID)
		default:
			r.Justification = &j
		}
	}
	if len(needless) > 0 {
		m.Run.Notes = append(m.Run.Notes, fmt.Sprintf("justified, but passed: %s", ranges(needless)))
	}
}

// acceptance says how justifications changed the exit code.
func (b *builder) acceptance(m *Model) string {
	strict := *b
	strict.opt.AcceptJustified = false
	if code := strict.exitCode(m); code != m.ExitCode {
		return fmt.Sprintf("Accepted, because they are justified: without -accept-justified the exit code would be %d.", code)
	}
	return "That they are justified is accepted, but does not change the exit code."
}
