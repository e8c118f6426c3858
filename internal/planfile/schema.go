package planfile

import (
	"bytes"
	_ "embed"
)

//go:embed plan.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of the format; docs/plan.schema.json
// is a copy. It describes everything Decode checks within one value; that ids
// are unique and references lead somewhere only Decode can tell.
func Schema() []byte { return bytes.Clone(schema) }
