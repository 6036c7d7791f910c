package reports

import _ "embed"

// CoverageSchema is the schema of coverage.json: JSON schema, draft-07.
//
//go:embed coverage.schema.json
var CoverageSchema []byte

// ComparisonSchema is the schema of comparison.json. It refers to the schema of
// coverage.json as coverage.schema.json, in the same folder.
//
//go:embed comparison.schema.json
var ComparisonSchema []byte
