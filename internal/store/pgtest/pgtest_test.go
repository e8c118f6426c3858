package pgtest_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"tandem/internal/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for range 2 {
		conn, err := pgx.Connect(ctx, pgtest.Database(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(ctx, `CREATE TABLE mine (x int)`); err != nil {
			t.Errorf("the database is not empty: %v", err)
		}
		var fsync string
		if err := conn.QueryRow(ctx, `SHOW fsync`).Scan(&fsync); err != nil || fsync != "on" {
			t.Errorf("fsync is %q (%v); acknowledged would not mean on disk", fsync, err)
		}
		conn.Close(ctx)
	}
}

func TestKilledServerStartsAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, s.Address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE kept (x int)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	conn.Close(ctx)
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
	if conn, err = pgx.Connect(ctx, s.Address("postgres")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `SELECT * FROM kept`); err != nil {
		t.Error(err)
	}
	conn.Close(ctx)
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}
