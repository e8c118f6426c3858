package cli

import (
	"bytes"
	"testing"

	"tandem/internal/exchange/xlsx"
	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// A table is read by what it is: pasted rows have no name, and people name
// files as they like.
func TestReadTableLooksAtTheContent(t *testing.T) {
	t.Parallel()
	var book bytes.Buffer
	table := sheet.Table{Language: "de", Columns: []sheet.TableColumn{{Field: sheet.Title, Header: "Schritt", Width: 20}}, Steps: [][]sheet.Cell{{{Text: "Vertrag prüfen"}}}}
	if err := xlsx.Encode(&book, table); err != nil {
		t.Fatal(err)
	}
	text := []byte("Schritt\tFirma\nVertrag prüfen\tNordwerk\n")
	for name, c := range map[string]struct {
		file string
		data []byte
	}{
		"pasted":                  {"", text},
		"text":                    {"plan.txt", text},
		"tabs":                    {"plan.tsv", text},
		"a workbook without name": {"", book.Bytes()},
		"a workbook named CSV":    {"plan.csv", book.Bytes()},
		"a workbook":              {"Plan.XLSX", book.Bytes()},
	} {
		g, err := ReadTable(c.file, c.data)
		if err != nil || len(g.Rows) < 2 {
			t.Errorf("%s: %d rows, %v", name, len(g.Rows), err)
		}
	}
	for file, want := range map[string]string{"alt.xls": "import.xlsx.old"} {
		_, err := ReadTable(file, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"))
		if f, ok := fault.As(err); !ok || f.Key != want {
			t.Errorf("%s: %v", file, err)
		}
	}
}
