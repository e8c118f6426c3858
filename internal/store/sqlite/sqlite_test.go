package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
	"tandem/internal/store/storetest"
)

// file is a database of a test; its path needs escaping wherever a path can.
type file string

func fresh(t testing.TB) storetest.Database {
	return file(filepath.Join(t.TempDir(), "plans ä%20b#?&.db"))
}

func (f file) Open(t testing.TB) storetest.Store {
	t.Helper()
	s, err := open(context.Background(), string(f))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Traces greps the bytes of all files of the database.
func (f file) Traces(t testing.TB, word string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(string(f)), "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	var found []string
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(word)) {
			found = append(found, filepath.Base(path))
		}
	}
	return found
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, fresh)
}

func TestMain(m *testing.M) {
	storetest.Child(open)
	os.Exit(m.Run())
}

func open(ctx context.Context, address string) (storetest.Store, error) {
	return sqlite.Open(ctx, address)
}

func TestCrash(t *testing.T) {
	t.Parallel()
	storetest.Crash(t, open, filepath.Join(t.TempDir(), "plans.db"))
}

func TestDeadHolderOfJobs(t *testing.T) {
	t.Parallel()
	storetest.DeadHolder(t, open, filepath.Join(t.TempDir(), "plans.db"))
}

func TestSettingsOfEveryConnection(t *testing.T) {
	t.Parallel()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "plans.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for name, db := range map[string]*sql.DB{"writer": s.WriterPool(), "readers": s.ReaderPool()} {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
			"secure_delete": "1", "busy_timeout": "10000", "fullfsync": "1"} {
			var got string
			if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s is %q (%v), want %q", name, pragma, got, err, want)
			}
		}
	}
	if _, err := s.ReaderPool().Exec("DELETE FROM event"); err == nil {
		t.Error("a reader can write")
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plans.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sqlite.Open(t.Context(), path)
	if f, ok := fault.As(err); !ok || f.Key != "store.newer" {
		t.Errorf("opening a newer database: %v, want the fault store.newer", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("a newer database was changed")
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*sqlite.Store)
	p, err := storetest.Start(t.Context(), s, "p1", 3)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), path); err == nil {
		t.Error("a backup was overwritten")
	}
	if head, err := storetest.Verify(t.Context(), file(path).Open(t), "p1/shared"); err != nil || head != p.Head {
		t.Errorf("the copy ends at %+v (%v), want %+v", head, err, p.Head)
	}
}

// TestPurgeIsMadeUpFor: if the process ended between deleting words and
// purging the file of them, the next start does it.
func TestPurgeIsMadeUpFor(t *testing.T) {
	t.Parallel()
	db := fresh(t)
	s := db.Open(t).(*sqlite.Store)
	if _, err := storetest.Start(t.Context(), s, "p1", 3); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteWords(t.Context(), "p1", []plan.ID{storetest.Ute}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = db.Open(t).(*sqlite.Store)
	if due, err := s.PurgeDue(t.Context()); err != nil || due != 0 {
		t.Errorf("after opening again purge %d is due (%v), want none", due, err)
	}
	if where := db.Traces(t, "Ute Brandt"); len(where) > 0 {
		t.Errorf("erased words are found in %v", where)
	}
}

func TestGroupsShareASync(t *testing.T) {
	t.Parallel()
	s := fresh(t).Open(t).(*sqlite.Store)
	hold, held := make(chan struct{}), make(chan struct{})
	go s.Hold(held, hold) // the writer is busy, and 100 changes come in
	<-held
	done := make(chan error)
	for n := range 100 {
		go func() {
			done <- s.Commit(context.Background(), app.Change{Jobs: []app.Job{{Kind: "k", Data: []byte{byte(n)}}}})
		}()
	}
	s.AwaitQueue(100)
	before, _ := s.Commits()
	close(hold)
	for range 100 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if after, changes := s.Commits(); after-before != 2 || changes < 100 {
		t.Errorf("%d transactions for 100 changes that waited together and the one before them, want 2", after-before)
	}
}

// TestPageSplitsLeaveNothing: when a page splits, the words that move leave a
// copy in the unused middle of the old page, which secure deletion does not
// know of. These orders of writing are some in which that happens.
func TestPageSplitsLeaveNothing(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{2, 10, 14} {
		db := fresh(t)
		s := db.Open(t).(*sqlite.Store)
		r := rand.New(rand.NewPCG(seed, 7))
		heads := map[string]int64{}
		for n := range 1500 {
			stream := plan.SharedStream(plan.ID(fmt.Sprint("p", r.IntN(20))))
			subject, word := plan.ID("kept"), "keptword"
			if r.IntN(3) == 0 {
				subject, word = "gone", "GONEWORD"
			}
			word = strings.Repeat("y", r.IntN(900)) + word
			record := plan.Record{Stream: stream, Seq: heads[stream] + 1, Kind: "x", Data: []byte("{}"), Hash: fmt.Sprint(n),
				Texts: []plan.Sealed{{Hash: fmt.Sprint(n), Salt: []byte("0123456789abcdef"), Value: word, Subject: subject}}}
			if err := s.Commit(t.Context(), app.Change{Appends: []app.Append{{Stream: stream, Expect: heads[stream], Records: []plan.Record{record}}}}); err != nil {
				t.Fatal(err)
			}
			heads[stream]++
		}
		for n := range 20 {
			if _, err := s.DeleteWords(t.Context(), plan.ID(fmt.Sprint("p", n)), []plan.ID{"gone"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Erase(t.Context(), "p0", nil); err != nil {
			t.Fatal(err)
		}
		if where := db.Traces(t, "GONEWORD"); len(where) > 0 {
			t.Errorf("order %d: erased words are still found in %v", seed, where)
		}
	}
}

// TestTwoProcesses: somebody runs a command on the file of a running server.
// Two stores on one file know as little of each other as two processes.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	db := fresh(t)
	stores := []storetest.Store{db.Open(t), db.Open(t)}
	if _, err := storetest.Start(t.Context(), stores[0], "p1", 1); err != nil {
		t.Fatal(err)
	}
	const writers, comments = 8, 10
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range comments {
				say := plan.Say{ID: plan.ID(fmt.Sprintf("c%d-%d", w, n)), Text: "x"}
				if _, err := storetest.Do(context.Background(), stores[w%2], "p1", say, storetest.Ute); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	p, err := storetest.Read(t.Context(), stores[0], "p1")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(p.Comments[""]); got != writers*comments {
		t.Errorf("%d comments, want %d", got, writers*comments)
	}
	if head, err := storetest.Verify(t.Context(), stores[1], "p1/shared"); err != nil || head != p.Head {
		t.Errorf("chain: %+v, %v; want %+v", head, err, p.Head)
	}
}
