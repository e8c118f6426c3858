package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"tandem/internal/app"
	"tandem/internal/jobs"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
	"tandem/internal/store/storetest"
)

func TestJobsOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plans.db")
	if err := sqlite.MigrateTo(t.Context(), path, 2); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	storetest.JobsBefore(t, open, path, func(query string) {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	})
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE name = 'job'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("the old table is still there (%v)", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTablesAreRivers: a release of river that needs other tables needs a
// migration here.
func TestTablesAreRivers(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*sqlite.Store)
	theirs, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "river.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	theirs.SetMaxOpenConns(1)
	m, err := rivermigrate.New(riversqlite.New(theirs), nil)
	if err == nil {
		_, err = m.Migrate(t.Context(), rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	storetest.SameTables(t, s.ReaderPool(), theirs, `SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE tbl_name LIKE 'river%' ORDER BY name`)
	storetest.SameTables(t, s.ReaderPool(), theirs, `SELECT line || ' ' || version FROM river_migration ORDER BY 1`)
}

func TestAJobGivenUpIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*sqlite.Store)
	storetest.GivenUpAgain(t, s, `datetime('now')`, func(query string) {
		if _, err := s.WriterPool().Exec(query); err != nil {
			t.Fatal(err)
		}
	})
}

// idle does nothing, or one kind of job.
type idle struct{ done atomic.Int64 }

func (i *idle) JobKinds() []string                    { return []string{"note"} }
func (i *idle) Periodics() []app.Periodic             { return nil }
func (i *idle) RunJob(context.Context, app.Job) error { i.done.Add(1); return nil }

func start(t *testing.T, s *sqlite.Store, w jobs.Worker) {
	t.Helper()
	r, err := jobs.Start(t.Context(), s, w, jobs.Options{Log: slog.New(slog.DiscardHandler), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Stop(context.Background()) })
}

// TestAnIdleServerLeavesTheDiskAlone: looking for jobs, and looking after
// them, writes nothing while there are none; every ten minutes river notes
// that its queue is in use.
func TestAnIdleServerLeavesTheDiskAlone(t *testing.T) {
	t.Parallel()
	db := fresh(t)
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t).(*sqlite.Store)
		start(t, s, &idle{})
		conn, err := s.ReaderPool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		version := func() (v int64) { // changes with every write of another connection
			if err := conn.QueryRowContext(t.Context(), `PRAGMA data_version`).Scan(&v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		time.Sleep(time.Minute)
		last, writes := version(), 0
		for range 15 * 60 {
			time.Sleep(time.Second)
			if v := version(); v != last {
				last = v
				writes++
			}
		}
		if writes > 2 {
			t.Errorf("%d writes in a quarter of an hour of idling, want 2 at most", writes)
		}
	})
}

// TestJobsUnderLoad: who writes without a pause leaves room for jobs.
func TestJobsUnderLoad(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*sqlite.Store)
	w := &idle{}
	start(t, s, w)
	const writers, each, most = 16, 8, 5_000
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			for k := 0; k < each || k < most && w.done.Load() < writers*each; k++ {
				stream := plan.SharedStream(plan.ID(fmt.Sprint("p", n)))
				c := app.Change{Appends: []app.Append{{Stream: stream, Expect: int64(k), Records: []plan.Record{{Stream: stream, Seq: int64(k) + 1, Kind: "x", Data: []byte("{}")}}}}}
				if k < each {
					c.Jobs = []app.Job{{Kind: "note", Key: fmt.Sprint(n, "/", k)}}
				}
				if err := s.Commit(context.Background(), c); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if n := w.done.Load(); n != writers*each {
		t.Errorf("%d jobs done while others wrote, want %d", n, writers*each)
	}
}
