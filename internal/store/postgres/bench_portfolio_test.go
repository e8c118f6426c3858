package postgres_test

import (
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/store/sqlstore"
	"tandem/internal/store/storetest"
)

// BenchmarkPortfolio: see storetest.BenchPortfolio. Plans are those of EXPLAIN
// (ANALYZE), with what the server knows of the tables after ANALYZE.
func BenchmarkPortfolio(b *testing.B) {
	d := fresh(b).(database)
	s := d.Open(b)
	db := d.look(b)
	defer db.Close()
	analyzed := false
	storetest.BenchPortfolio(b, s, func(b *testing.B, q app.PortfolioQuery) string {
		if !analyzed {
			if _, err := db.ExecContext(b.Context(), "ANALYZE portfolio"); err != nil {
				b.Fatal(err)
			}
			analyzed = true
		}
		text, args := sqlstore.PortfolioSQL(q)
		rows, err := db.QueryContext(b.Context(), "EXPLAIN (ANALYZE, COSTS OFF) "+text, args...)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		var steps []string
		for rows.Next() {
			var step string
			if err := rows.Scan(&step); err != nil {
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
