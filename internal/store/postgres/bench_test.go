package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"tandem/internal/store/pgtest"
	"tandem/internal/store/storetest"
)

func BenchmarkChange(b *testing.B) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, pgtest.Database(b))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	storetest.Bench(b, storetest.Contender{
		Open: func(b *testing.B) storetest.Store { return fresh(b).Open(b) },
		Syncs: func(b *testing.B, _ storetest.Store) int64 {
			// The backends have their own numbers until they have had nothing
			// to do for a second; the end of the log needs none.
			var n int64
			if _, err := conn.Exec(ctx, `SELECT pg_stat_force_next_flush()`); err != nil {
				b.Fatal(err)
			}
			if err := conn.QueryRow(ctx, `SELECT wal_sync FROM pg_stat_wal`).Scan(&n); err != nil {
				b.Fatal(err)
			}
			return n
		},
		Bare: func(b *testing.B, row []byte) func() error {
			if _, err := conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data bytea)`); err != nil {
				b.Fatal(err)
			}
			return func() error { _, err := conn.Exec(ctx, `INSERT INTO t (data) VALUES ($1)`, row); return err }
		},
	})
}
