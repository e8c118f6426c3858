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
	usesIndices(t, sqlstore.Hot())
}

// Every order of the portfolio is one of an index, with whatever filter: of
// 10,000 plans those are read that are shown, and nothing is sorted.
func TestPortfolioUsesIndices(t *testing.T) {
	t.Parallel()
	usesIndices(t, sqlstore.PortfolioQueries())
}

func usesIndices(t *testing.T, queries map[string]string) {
	t.Helper()
	s := fresh(t).Open(t).(*sqlite.Store)
	for name, query := range queries {
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
		plan := strings.Replace(strings.Join(steps, "\n"), "SCAN found", "", 1) // what was found is counted
		if !strings.Contains(plan, "SEARCH") || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s is answered by\n%s", name, plan)
		}
	}
}
