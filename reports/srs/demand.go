package srs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Demand returns the SHA-256, in hexadecimal, of what is demanded by a
// requirement: its text, whatever its white space, and who verifies it by which
// observations. Its group, source and rationale demand nothing.
func (r *Requirement) Demand() string {
	observe := slices.Sorted(slices.Values(r.Observe))
	data, err := json.Marshal([]any{strings.Join(strings.Fields(r.Desc), " "), r.Tester, observe, r.Level, slices.Sorted(slices.Values(r.Parents)), r.Retired})
	if err != nil {
		panic(err) // texts can always be encoded
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// DemandOf returns one SHA-256 for what [File.Demands] returned.
func DemandOf(demands map[string]string) string {
	data, err := json.Marshal(demands) // sorted by id
	if err != nil {
		panic(err) // texts can always be encoded
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Demands returns what [Requirement.Demand] returns for each requirement, by id.
func (f *File) Demands() map[string]string {
	all := make(map[string]string, len(f.Requirements))
	for i := range f.Requirements {
		all[f.Requirements[i].ID] = f.Requirements[i].Demand()
	}
	return all
}
