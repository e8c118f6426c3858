package postgres_test

import (
	"context"
	"errors"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/store/postgres"
)

func TestEveryConnectionSyncs(t *testing.T) {
	t.Parallel()
	d := fresh(t).(database)
	db := d.look(t)
	defer db.Close()
	var name string
	if err := db.QueryRow(`SELECT current_database()`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`ALTER DATABASE ` + name + ` SET synchronous_commit = off`); err != nil {
		t.Fatal(err)
	}
	s := d.Open(t).(*postgres.Store)
	for range 3 {
		conn, err := s.Pool().Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
		var got string
		if err := conn.QueryRow(t.Context(), `SHOW synchronous_commit`).Scan(&got); err != nil || got != "on" {
			t.Errorf("synchronous_commit is %q (%v), want on whatever the database's default", got, err)
		}
	}
}

// TestPlansDoNotWaitForEachOther holds a change of one plan open: those of
// other plans go through, one of the same stream waits and is then stale.
func TestPlansDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	d := fresh(t).(database)
	s := d.Open(t).(*postgres.Store)
	if err := s.Commit(t.Context(), append1("p1/shared")); err != nil {
		t.Fatal(err)
	}
	db := d.look(t)
	defer db.Close()
	held, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(`UPDATE stream SET head = 2 WHERE name = 'p1/shared'`); err != nil {
		t.Fatal(err)
	}
	for _, stream := range []string{"p2/shared", "p1/buyer"} {
		if err := s.Commit(t.Context(), append1(stream)); err != nil {
			t.Errorf("%s while p1/shared is being changed: %v", stream, err)
		}
	}
	same := make(chan error, 1)
	go func() {
		same <- s.Commit(context.Background(), app.Change{Appends: []app.Append{{Stream: "p1/shared", Expect: 1, Records: []plan.Record{
			{Stream: "p1/shared", Seq: 2, Kind: "x", Data: []byte("{}"), Hash: "h"}}}}})
	}()
	if err := held.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-same; !errors.Is(err, app.ErrStale) {
		t.Errorf("a change that came second: %v, want ErrStale", err)
	}
}
