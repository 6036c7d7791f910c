package content

import (
	"strconv"
	"strings"
)

// Ranges lists sorted ids briefly: SRS-001, 003 to 006, 010.
func Ranges(ids []string) string {
	var parts []string
	shared := ""
	for i := 0; i < len(ids); {
		prefix, number := numbered(ids[i])
		end := i + 1
		for end < len(ids) && follows(ids[end], prefix, number+end-i, len(ids[i])) {
			end++
		}
		if end-i < 3 { // two are as short one by one
			end = i + 1
		}
		part := ids[i]
		if prefix == shared && number >= 0 && i > 0 {
			part = part[len(prefix):]
		}
		if end > i+1 {
			part += " to " + ids[end-1][len(prefix):]
		}
		parts, shared = append(parts, part), prefix
		i = end
	}
	return strings.Join(parts, ", ")
}

// numbered splits the number off that an id ends with; -1 is none.
func numbered(id string) (prefix string, number int) {
	prefix = strings.TrimRight(id, "0123456789")
	number, err := strconv.Atoi(id[len(prefix):])
	if err != nil {
		return id, -1
	}
	return prefix, number
}

func follows(id, prefix string, number, length int) bool {
	p, n := numbered(id)
	return n >= 0 && p == prefix && n == number && len(id) == length
}
