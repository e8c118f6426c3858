package csv

import (
	"bufio"
	"io"
	"strings"

	"tandem/internal/sheet"
)

// Encode writes a plan's table as CSV that opens in the Excel of its language
// by a double click: UTF-8 with a byte order mark, semicolons where the comma
// is the decimal sign. Cells that a spreadsheet would take for a formula get
// an apostrophe in front.
func Encode(w io.Writer, t sheet.Table) error {
	delimiter := ","
	if t.Language == "de" {
		delimiter = ";"
	}
	out := bufio.NewWriter(w)
	out.WriteString("\ufeff")
	for _, row := range t.Rows() {
		for i, cell := range row {
			if i > 0 {
				out.WriteString(delimiter)
			}
			out.WriteString(quote(sheet.Neutral(cell), delimiter))
		}
		out.WriteString("\r\n")
	}
	return out.Flush()
}

func quote(s, delimiter string) string {
	if s != strings.TrimSpace(s) || strings.ContainsAny(s, "\"\r\n\t;,|"+delimiter) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}
