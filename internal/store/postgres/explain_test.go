package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tandem/internal/store/sqlstore"
)

// TestHotQueriesUseIndices asks for plans that hold for any values, and makes
// scans and sorts dear: small tables are scanned whatever indices they have,
// and a scan that is left then is one no index can spare.
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
	d := fresh(t).(database)
	d.Open(t)
	db := d.look(t)
	defer db.Close()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, set := range []string{"plan_cache_mode = force_generic_plan", "enable_seqscan = off", "enable_sort = off", "enable_bitmapscan = off"} {
		if _, err := conn.ExecContext(ctx, "SET "+set); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for name, query := range queries {
		n++
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PREPARE q%d AS %s", n, query)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var values []string
		for i := 1; strings.Contains(query, fmt.Sprintf("$%d", i)); i++ {
			values = append(values, "NULL")
		}
		execute := fmt.Sprintf("EXPLAIN EXECUTE q%d", n)
		if len(values) > 0 {
			execute += "(" + strings.Join(values, ",") + ")"
		}
		rows, err := conn.QueryContext(ctx, execute)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var steps []string
		for rows.Next() {
			var step string
			if err := rows.Scan(&step); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, step)
		}
		rows.Close()
		plan := strings.Join(steps, "\n")
		if !strings.Contains(plan, "Index") || !strings.Contains(plan, "Index Cond") || strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Sort") {
			t.Errorf("%s is answered by\n%s", name, plan)
		}
	}
}
