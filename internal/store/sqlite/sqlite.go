// Package sqlite keeps plans in one SQLite file: the store of a server on a
// single machine.
//
// What is acknowledged is on disk: the file is in WAL mode with
// synchronous=FULL, and a change is answered after its transaction was synced.
// One writer commits all changes that wait at a moment in one transaction, so
// a sync is shared by as many changes as arrived during the last one; readers
// have a pool of their own and never wait for the writer.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // the driver

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/store/sqlstore"
)

//go:embed migration/*.sql
var migrations embed.FS

var (
	_ app.Store = (*Store)(nil)
)

// ErrClosed answers writes after Close.
var ErrClosed = errors.New("the store is closed")

// Store implements app.Store. It is safe
// for concurrent use, also by several processes on one machine.
type Store struct {
	*sqlstore.Store
	path     string
	writer   *writer
	writes   *sql.DB
	reads    *sql.DB
	texts    *sqlstore.Prepared
	jobs     *jobDriver
	enqueuer *sqlstore.Enqueuer[*sql.Tx]
}

const busyTimeout = 10 * time.Second

// dsn names a file and how every connection to it is set up. The pragmas run
// in this order, and waiting for locks has to be known before the first of
// the others may have to wait.
func dsn(path string, readOnly bool) string {
	q := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}}
	q["_pragma"] = []string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"fullfsync(1)", // where a plain fsync does not reach the disk (macOS)
		"foreign_keys(ON)",
		"secure_delete(ON)",
		"wal_autocheckpoint(4000)", // pages of 4 KB: the same few pages change all the time
		"journal_size_limit(16777216)",
	}
	if readOnly {
		q.Set("_query_only", "1")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Open opens or creates the file at a path, brings its tables up to date and
// finishes what a crash interrupted. A file of a newer program is refused
// with the fault "store.newer".
func Open(ctx context.Context, path string) (*Store, error) {
	writes, err := sql.Open("sqlite", dsn(path, false))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	writes.SetMaxOpenConns(1)
	if err := migrate(ctx, writes); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), writes.Close())
	}
	reads, err := sql.Open("sqlite", dsn(path, true))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), writes.Close())
	}
	reads.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	reads.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	reads.SetConnMaxIdleTime(5 * time.Minute)

	conn, err := writes.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), reads.Close(), writes.Close())
	}
	s := &Store{path: path, writes: writes, reads: reads, writer: newWriter(conn), texts: sqlstore.Prepare(reads.PrepareContext)}
	s.Store = sqlstore.New(s.texts, s.writer.write)
	s.jobs = newJobDriver(reads, s.writer)
	if s.enqueuer, err = sqlstore.NewEnqueuer(s.jobs); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.purge(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	jobs, err := sqlstore.RiverTables(riversqlite.New(nil), insertJob)
	if err != nil {
		return err
	}
	return sqlstore.Migrate(ctx, goose.DialectSQLite3, db, files, jobs)
}

// insertJob is the row of a job taken over from an older version.
const insertJob = `INSERT INTO river_job (kind, args, scheduled_at, state, max_attempts)
VALUES ($1, jsonb($2), $3, 'available', 20)`

// Commit implements app.PlanStore.
func (s *Store) Commit(ctx context.Context, c app.Change) error {
	statements, err := sqlstore.Statements(c)
	if err != nil {
		return err
	}
	err = s.writer.take(ctx, func(ctx context.Context, t turn) error {
		if err := sqlstore.Run(ctx, t, statements); err != nil {
			return err
		}
		return s.enqueuer.Insert(ctx, t.tx, c.Jobs)
	})
	if err == nil && len(c.Jobs) > 0 {
		s.jobs.Ring()
	}
	return err
}

// Check tells whether the store can read and its writer still works; for
// readiness.
func (s *Store) Check(ctx context.Context) error {
	if err := s.reads.PingContext(ctx); err != nil {
		return err
	}
	return s.writer.write(ctx, func(context.Context, sqlstore.Querier) error { return nil })
}

// Close stores what still waits, refuses what comes later, folds the log into
// the file and closes it.
func (s *Store) Close() error {
	err := s.writer.close()
	s.texts.Close()
	return errors.Join(err, s.reads.Close(), s.writes.Close())
}

// Backup writes a consistent copy of everything, without traces of deleted
// words, to a new file, and syncs it. It fails if the file exists. Changes go
// on meanwhile.
func (s *Store) Backup(ctx context.Context, path string) error {
	own, err := sql.Open("sqlite", dsn(s.path, false))
	if err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	defer own.Close()
	if _, err := own.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// Erase implements app.PlanStore.
func (s *Store) Erase(ctx context.Context, planID plan.ID, subjects []plan.ID) (int, error) {
	n, err := s.DeleteWords(ctx, planID, subjects)
	if err != nil {
		return 0, err
	}
	return n, s.purge(ctx)
}

// ForgetMember implements app.PrivacyStore.
func (s *Store) ForgetMember(ctx context.Context, member plan.ID) error {
	if err := s.DropMember(ctx, member); err != nil {
		return err
	}
	return s.purge(ctx)
}

// DeletePlan implements app.PrivacyStore.
func (s *Store) DeletePlan(ctx context.Context, planID plan.ID) error {
	if err := s.DropPlan(ctx, planID); err != nil {
		return err
	}
	return s.purge(ctx)
}

// Redact implements app.PlanStore.
func (s *Store) Redact(ctx context.Context, stream string, hashes []string) error {
	if err := s.DeleteTexts(ctx, stream, hashes); err != nil {
		return err
	}
	return s.purge(ctx)
}

// purge removes the traces of deleted words from the files, if any were
// deleted since the last time. Secure deletion overwrites the rows, but not
// the copies that page splits left in the unused middle of other pages before;
// rebuilding the file does. Erasing is rare, the pause is worth it: about a
// second per 100 MB, in which changes wait and readers do not.
func (s *Store) purge(ctx context.Context) error {
	due, err := s.PurgeDue(ctx)
	if err != nil || due == 0 {
		return err
	}
	if err := s.writer.alone(ctx, rebuild); err != nil {
		return fmt.Errorf("purge deleted words from the file (erasing again, or the next start, tries again): %w", err)
	}
	return s.Purged(ctx, due)
}

// rebuild writes the file anew and empties its log. The log can only be
// emptied when no reader looks at an older state, so it waits for those.
func rebuild(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	var busy, frames, done int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &done); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("a reader holds on to an old state")
	}
	return nil
}

// Commits counts the transactions committed so far, each of which cost one
// sync, and the changes in them.
func (s *Store) Commits() (transactions, changes int64) {
	return s.writer.commits.Load(), s.writer.pieces.Load()
}
