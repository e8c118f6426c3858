package sqlite_test

import (
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/store/sqlite"
	"tandem/internal/store/sqlstore"
	"tandem/internal/store/storetest"
)

// BenchmarkPortfolio: see storetest.BenchPortfolio. Plans are those of EXPLAIN
// QUERY PLAN.
func BenchmarkPortfolio(b *testing.B) {
	s := fresh(b).Open(b).(*sqlite.Store)
	storetest.BenchPortfolio(b, s, func(b *testing.B, q app.PortfolioQuery) string {
		text, args := sqlstore.PortfolioSQL(q)
		rows, err := s.ReaderPool().QueryContext(b.Context(), "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		var steps []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				b.Fatal(err)
			}
			steps = append(steps, step)
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		return strings.Join(steps, "\n")
	})
}
