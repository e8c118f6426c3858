package sqlite_test

import (
	"regexp"
	"strings"
	"testing"

	"tandem/internal/store/sqlite"
	"tandem/internal/store/sqlstore"
)

var parameter = regexp.MustCompile(`\$\d+`)

func TestHotQueriesUseIndices(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*sqlite.Store)
	for name, query := range sqlstore.Hot() {
		rows, err := s.ReaderPool().Query("EXPLAIN QUERY PLAN " + parameter.ReplaceAllString(query, "'1'"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var steps []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, step)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
		plan := strings.Join(steps, "\n")
		if !strings.Contains(plan, "SEARCH") || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s is answered by\n%s", name, plan)
		}
	}
}
