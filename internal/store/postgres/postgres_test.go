package postgres_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to look into the tables

	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/store/pgtest"
	"tandem/internal/store/postgres"
	"tandem/internal/store/storetest"
)

func TestMain(m *testing.M) {
	storetest.Child(open)
	os.Exit(pgtest.Main(m))
}

func open(ctx context.Context, address string) (storetest.Store, error) {
	return postgres.Open(ctx, address)
}

// database is the address of a database of a test.
type database string

func fresh(t testing.TB) storetest.Database { return database(pgtest.Database(t)) }

func (d database) Open(t testing.TB) storetest.Store {
	t.Helper()
	s, err := open(context.Background(), string(d))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func (d database) look(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", string(d))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// Traces asks every column of every table, statistics included, and greps the
// files of the database.
func (d database) Traces(t testing.TB, word string) []string {
	t.Helper()
	db := d.look(t)
	defer db.Close()
	var found []string
	for _, table := range tables(t, db) {
		var n int
		query := fmt.Sprintf(`SELECT count(*) FROM %s AS r WHERE strpos(r::text, $1) > 0 OR strpos(r::text, $2) > 0`, table)
		if err := db.QueryRow(query, word, fmt.Sprintf("%x", word)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = append(found, table)
		}
	}
	return append(found, d.files(t, db, word)...)
}

func tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	if _, err := db.Exec(`ANALYZE`); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names := []string{"pg_statistic"}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if len(names) < 10 {
		t.Fatalf("only the tables %v are seen", names)
	}
	return names
}

func (d database) files(t testing.TB, db *sql.DB, word string) []string {
	t.Helper()
	var oid string
	if err := db.QueryRow(`SELECT oid::text FROM pg_database WHERE datname = current_database()`).Scan(&oid); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CHECKPOINT`); err != nil {
		t.Fatal(err)
	}
	var found []string
	folder := filepath.Join(pgtest.DataFolder(t), "base", oid)
	read := 0
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // dropped meanwhile
		}
		read++
		if bytes.Contains(content, []byte(word)) {
			found = append(found, "file "+e.Name())
		}
		return err
	})
	if err != nil || read < 10 {
		t.Fatalf("read %d files of the database in %s: %v", read, folder, err)
	}
	return found
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, fresh)
}

func TestCrashOfTheClient(t *testing.T) {
	t.Parallel()
	storetest.Crash(t, open, pgtest.Database(t))
}

func TestDeadHolderOfJobs(t *testing.T) {
	t.Parallel()
	storetest.DeadHolder(t, open, pgtest.Database(t))
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	d := fresh(t).(database)
	if err := d.Open(t).Close(); err != nil {
		t.Fatal(err)
	}
	db := d.look(t)
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`); err != nil {
		t.Fatal(err)
	}
	_, err := open(t.Context(), string(d))
	if f, ok := fault.As(err); !ok || f.Key != "store.newer" {
		t.Errorf("opening a newer database: %v, want the fault store.newer", err)
	}
}

// TestErasingDespiteOldReaders: a report or a backup that began before an
// erasure must not keep the erased words in the files.
func TestErasingDespiteOldReaders(t *testing.T) {
	t.Parallel()
	d := fresh(t).(database)
	s := d.Open(t)
	if _, err := storetest.Start(t.Context(), s, "p1", 3); err != nil {
		t.Fatal(err)
	}
	db := d.look(t)
	defer db.Close()
	old, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Exec(`SELECT count(*) FROM event`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Erase(t.Context(), "p1", []plan.ID{storetest.Ute}); err != nil {
		t.Fatal(err)
	}
	if where := d.Traces(t, "Ute Brandt"); len(where) > 0 {
		t.Errorf("erased words are still found in %v", where)
	}
	if err := old.Rollback(); err != nil {
		t.Fatal(err)
	}
	var statistics int
	if err := db.QueryRow(`SELECT attstattarget FROM pg_attribute WHERE attrelid = 'word'::regclass AND attname = 'value'`).Scan(&statistics); err != nil || statistics != 0 {
		t.Errorf("the planner samples %d values of words (%v), want none", statistics, err)
	}
}
