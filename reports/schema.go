package reports

import _ "embed"

// CoverageSchema is the schema of coverage.json: JSON schema, draft-07.
//
//go:embed coverage.schema.json
var CoverageSchema []byte
