package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"tandem/internal/store/pgtest"
	"tandem/internal/store/postgres"
	"tandem/internal/store/storetest"
)

func TestJobsOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	d := database(pgtest.Database(t))
	if err := postgres.MigrateTo(t.Context(), string(d), 2); err != nil {
		t.Fatal(err)
	}
	db := d.look(t)
	defer db.Close()
	storetest.JobsBefore(t, open, string(d), func(query string) {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	})
	var there bool
	if err := db.QueryRow(`SELECT to_regclass('job') IS NOT NULL`).Scan(&there); err != nil || there {
		t.Errorf("the old table is still there (%v)", err)
	}
}

func TestAJobGivenUpIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*postgres.Store)
	storetest.GivenUpAgain(t, s, `now()`, func(query string) {
		if _, err := s.Pool().Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	})
}

// TestTablesAreRivers: a release of river that needs other tables needs a
// migration here.
func TestTablesAreRivers(t *testing.T) {
	t.Parallel()
	d := fresh(t).(database)
	d.Open(t)
	other := database(pgtest.Database(t))
	pool, err := pgxpool.New(t.Context(), string(other))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err == nil {
		_, err = m.Migrate(t.Context(), rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := d.look(t), other.look(t)
	defer ours.Close()
	defer theirs.Close()
	for _, query := range []string{
		`SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
FROM information_schema.columns WHERE table_name LIKE 'river%' ORDER BY table_name, ordinal_position`,
		`SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'river%' ORDER BY indexname`,
		`SELECT enumlabel::text FROM pg_enum ORDER BY enumsortorder`,
		`SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'river%' ORDER BY 1`,
		`SELECT line || ' ' || version FROM river_migration ORDER BY 1`,
	} {
		storetest.SameTables(t, ours, theirs, query)
	}
}
