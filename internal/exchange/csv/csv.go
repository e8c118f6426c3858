// Package csv turns delimited text into a sheet.Grid and back.
//
// It reads what spreadsheets and people really produce: UTF-8 with or without
// a byte order mark, UTF-16 ("Unicode text" of Excel), Windows-1252; columns
// separated by semicolon, comma, tab or bar; any line ends; quotes that were
// never closed. A table pasted from Excel is such a text too.
package csv

import (
	"bytes"
	"io"
	"strings"

	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// MaxBytes is the largest text that Decode reads.
const MaxBytes = 16 << 20

// Decode reads a table. It takes at most MaxBytes, sheet.MaxRows rows that are
// not blank, sheet.MaxColumns columns and sheet.MaxCell characters a cell;
// more, or a text that is no text, is a fault of kind TooLarge or Invalid that
// names the line.
func Decode(r io.Reader) (sheet.Grid, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return sheet.Grid{}, err
	}
	if len(data) > MaxBytes {
		return sheet.Grid{}, fault.New(fault.TooLarge, "import.tooLarge", "limit", MaxBytes>>20)
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return sheet.Grid{}, fault.New(fault.Invalid, "import.csv.isWorkbook")
	}
	if bytes.HasPrefix(data, []byte("%PDF-")) || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return sheet.Grid{}, fault.New(fault.Invalid, "import.csv.binary", "line", 1)
	}
	text, err := decodeText(data)
	if err != nil {
		return sheet.Grid{}, err
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return sheet.Grid{}, fault.New(fault.Invalid, "import.csv.nul", "line", lineAt(text, i))
	}
	delimiter, text, skipped := findDelimiter(text)
	p := parser{text: text, delimiter: delimiter, line: 1, record: 1 + skipped}
	if skipped > 0 {
		p.line++
	}
	return p.grid()
}

// lineAt is the line of an offset; a lone CR ends a line too.
func lineAt(text string, offset int) int {
	head := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text[:offset])
	return 1 + strings.Count(head, "\n")
}
