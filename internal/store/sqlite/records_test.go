package sqlite_test

import (
	"os"
	"strings"
	"testing"

	"tandem/internal/store/sqlite"
)

// Every table is in the records of processing that an operator hands to their
// data protection officer.
func TestEveryTableIsInTheRecords(t *testing.T) {
	t.Parallel()
	records, err := os.ReadFile("../../../docs/datenschutz/verzeichnis.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := fresh(t).Open(t).(*sqlite.Store).ReaderPool().Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(records), "| `"+name+"` |") {
			t.Errorf("docs/datenschutz/verzeichnis.md does not say what table %s holds", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
