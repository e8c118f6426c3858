package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
)

// JobsBefore fills the table of jobs of version 2, which is at an address, and
// looks whether they are done by this version, which opens it. Of the two that
// are due one is just being done.
func JobsBefore(t *testing.T, open OpenFunc, address string, exec func(query string)) {
	for n, key := range []string{"due", "taken", "later"} {
		exec(fmt.Sprintf(`INSERT INTO job (kind, key, run_at, due, taken, attempts, data) VALUES ('note', '%s', %d, %d, %d, %d, 'abc')`,
			key, epoch.Add(time.Duration(n/2)*time.Hour).UnixMilli(), epoch.UnixMilli(), n%2, n%2))
	}
	synctest.Test(t, func(t *testing.T) {
		for range 2 { // it is moved once
			s, err := open(t.Context(), address)
			check(t, err)
			check(t, s.Close())
		}
		s, err := open(t.Context(), address)
		check(t, err)
		t.Cleanup(func() { s.Close() })
		h := newHands("note")
		work(t, s, h)
		pass(soon)
		wantKeys(t, h, "due", "taken")
		h.skip(time.Hour)
		wantKeys(t, h, "due", "later", "taken")
		for _, a := range h.attempts() {
			if string(a.Data) != "abc" || a.Kind != "note" {
				t.Errorf("done: %+v, want the job as it was", a.Job)
			}
		}
	})
}

// SameTables compares what a query on two databases tells of their tables.
func SameTables(t *testing.T, ours, theirs *sql.DB, query string) {
	t.Helper()
	read := func(db *sql.DB) []string {
		rows, err := db.Query(query)
		check(t, err)
		defer rows.Close()
		var out []string
		for rows.Next() {
			var line string
			check(t, rows.Scan(&line))
			out = append(out, line)
		}
		check(t, rows.Err())
		return out
	}
	want := read(theirs)
	if len(want) < 5 {
		t.Fatalf("%d lines tell of the tables: the test sees nothing", len(want))
	}
	if diff := cmp.Diff(want, read(ours)); diff != "" {
		t.Errorf("tables of jobs (-as river makes them +as they are):\n%s", diff)
	}
}

// GivenUpAgain does what docs/operating.md tells an operator to do with a job
// that was given up. Time is the real one: the database's own clock counts.
func GivenUpAgain(t *testing.T, s Store, now string, exec func(query string)) {
	enqueue(t, s, app.Job{Kind: "note", Key: "k"})
	exec(`UPDATE river_job SET state = 'discarded', finalized_at = ` + now + `, attempt = max_attempts`)
	if n, err := s.Discarded(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d jobs given up, %v; want one", n, err)
	}
	exec(`UPDATE river_job SET state = 'available', max_attempts = attempt + 3, finalized_at = NULL, scheduled_at = ` + now + ` WHERE id = 1`)
	h := newHands("note")
	done := make(chan struct{})
	h.do = func(context.Context, app.Job) error { close(done); return nil }
	work(t, s, h)
	<-done
}
