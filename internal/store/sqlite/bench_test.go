package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"tandem/internal/store/sqlite"
	"tandem/internal/store/storetest"
)

func BenchmarkChange(b *testing.B) {
	storetest.Bench(b, storetest.Contender{
		Open: func(b *testing.B) storetest.Store { return fresh(b).Open(b) },
		Syncs: func(_ *testing.B, s storetest.Store) int64 {
			transactions, _ := s.(*sqlite.Store).Commits()
			return transactions
		},
		Bare: func(b *testing.B, row []byte) func() error {
			db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { db.Close() })
			db.SetMaxOpenConns(1)
			if _, err := db.Exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)`); err != nil {
				b.Fatal(err)
			}
			insert, err := db.Prepare(`INSERT INTO t (data) VALUES ($1)`)
			if err != nil {
				b.Fatal(err)
			}
			return func() error { _, err := insert.Exec(row); return err }
		},
	})
}
