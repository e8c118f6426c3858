// Package postgres keeps plans in a PostgreSQL database: the store when several
// machines serve the same plans.
//
// The tables and the SQL are those of the SQLite store. Every change is a
// transaction of its own with synchronous_commit=on; two changes wait for each
// other only if they append to the same stream, and the second is then told
// that it is stale. The other machines are told after the commit, many changes
// at once; see Listen.
package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/store/sqlstore"
)

//go:embed migration/*.sql
var migrations embed.FS

var (
	_ app.Store = (*Store)(nil)
)

// Store implements app.Store. It is safe
// for concurrent use, by any number of machines.
type Store struct {
	*sqlstore.Store
	pool     *pgxpool.Pool
	db       *sql.DB // the same connections behind database/sql
	notifier *notifier
	jobs     *jobDriver
	enqueuer *sqlstore.Enqueuer[pgx.Tx]
}

const (
	defaultConns = 20 // unless the address says pool_max_conns

	// patience ends what has begun on a server that does not answer any more.
	patience = 30 * time.Second
)

// Open connects to the database at an address ("postgres://…", or a libpq
// connection string) and brings its tables up to date. A database of a newer
// program is refused with the fault "store.newer".
func Open(ctx context.Context, address string) (*Store, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("address of the database: %w", err)
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = defaultConns
	}
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "on"
	config.ConnConfig.RuntimeParams["application_name"] = "tandem"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	if err := migrate(ctx, db); err != nil {
		db.Close()
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{pool: pool, db: db, notifier: newNotifier(config.ConnConfig.Copy(), rand.Text())}
	s.Store = sqlstore.New(reader{db, pool}, s.write)
	s.jobs = &jobDriver{Driver: riverpgxv5.New(pool), Bell: sqlstore.NewBell()}
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
	locker, err := lock.NewPostgresSessionLocker() // several machines may start at once
	if err != nil {
		return err
	}
	jobs, err := sqlstore.RiverTables(riverpgxv5.New(nil), insertJob)
	if err != nil {
		return err
	}
	return sqlstore.Migrate(ctx, goose.DialectPostgres, db, files, goose.WithSessionLocker(locker), jobs)
}

// insertJob is the row of a job taken over from an older version.
const insertJob = `INSERT INTO river_job (kind, args, scheduled_at, state, max_attempts)
VALUES ($1, $2::text::jsonb, $3::text::timestamp AT TIME ZONE 'UTC', 'available', 20)`

// Check tells whether the database answers; for readiness.
func (s *Store) Check(ctx context.Context) error {
	err := s.pool.Ping(ctx)
	if err != nil && ctx.Err() == nil {
		s.pool.Reset() // the connection may have been cut, and the others with it
		err = s.pool.Ping(ctx)
	}
	return err
}

// Close tells the other machines what they have not been told yet and closes
// all connections. Changes that have begun are finished first.
func (s *Store) Close() error {
	err := s.notifier.close()
	err = errors.Join(err, s.db.Close())
	s.pool.Close()
	return err
}

// Commit implements app.PlanStore. If ctx ends before the change has begun
// nothing is stored; afterwards it is finished without ctx, so that the caller
// learns the truth.
func (s *Store) Commit(ctx context.Context, c app.Change) error {
	statements, err := sqlstore.Statements(c)
	if err != nil {
		return err
	}
	err = s.trying(ctx, func(ctx context.Context) error { return s.commit(ctx, statements, c.Jobs) })
	if err == nil {
		if len(c.Jobs) > 0 {
			s.jobs.Ring()
		}
		for _, a := range c.Appends {
			s.notifier.tell(a.Stream)
		}
	}
	return err
}

// commit makes two journeys: all statements with the BEGIN before them, then
// the COMMIT. Jobs are a third one in between.
func (s *Store) commit(ctx context.Context, statements []sqlstore.Statement, jobs []app.Job) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	for _, st := range statements {
		batch.Queue(st.SQL, st.Args...)
	}
	err = sent(conn.SendBatch(ctx, batch), statements)
	if err == nil {
		err = s.enqueuer.Insert(ctx, begun{conn.Conn()}, jobs)
	}
	if err != nil {
		if conn.Conn().IsClosed() {
			return lost{err}
		}
		_, _ = conn.Exec(ctx, "ROLLBACK") // if this fails the pool drops the connection
		return err
	}
	_, err = conn.Exec(ctx, "COMMIT")
	return err
}

func sent(results pgx.BatchResults, statements []sqlstore.Statement) error {
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return err
	}
	for _, st := range statements {
		tag, err := results.Exec()
		if err != nil {
			return fmt.Errorf("store a change: %w", err)
		}
		if st.Head && tag.RowsAffected() == 0 {
			return app.ErrStale
		}
	}
	return results.Close()
}

// reader reads, once more if the connection turns out to have been cut.
type reader struct {
	*sql.DB
	pool *pgxpool.Pool
}

func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if errors.Is(err, driver.ErrBadConn) {
		r.pool.Reset()
		rows, err = r.DB.QueryContext(ctx, query, args...)
	}
	return rows, err
}

// write implements sqlstore.WriteFunc; ctx as in Commit.
func (s *Store) write(ctx context.Context, do func(ctx context.Context, q sqlstore.Querier) error) error {
	return s.trying(ctx, func(ctx context.Context) error {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return orLost(conn, err)
		}
		if err := do(ctx, tx); err != nil {
			_ = tx.Rollback() // if this fails the pool drops the connection
			return orLost(conn, err)
		}
		return tx.Commit()
	})
}

// lost is the failure of a connection before anything was committed on it:
// nothing is stored, and another connection may work.
type lost struct{ error }

func (l lost) Unwrap() error { return l.error }

func orLost(conn *sql.Conn, err error) error {
	open := false
	_ = conn.Raw(func(c any) error {
		open = !c.(*stdlib.Conn).Conn().IsClosed()
		return nil
	})
	if open {
		return err
	}
	return lost{err}
}

const tries = 5

// trying repeats what the server undid because it collided with somebody
// else's transaction, whose result it then sees, and what a connection that
// had been cut could not even begin.
func (s *Store) trying(ctx context.Context, do func(ctx context.Context) error) error {
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := do(ctx)
		if n == tries || !passing(err) {
			return err
		}
		if errors.As(err, new(lost)) {
			s.pool.Reset() // where one was cut the others were
		}
	}
}

// passing tells whether the same may work in a moment, and nothing is stored.
func passing(err error) bool {
	var l lost
	if errors.As(err, &l) {
		return !errors.Is(err, context.DeadlineExceeded)
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case "40001", "40P01", "23505": // serialization failure, deadlock, a unique row came first
		return true
	}
	return false
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

// rewrites make the server write the tables of words anew, with the rows that
// are visible now. VACUUM FULL would not do: it carries deleted rows over while
// any transaction, be it of somebody who just connects, is older than the
// deletion; and a plain vacuum leaves their bytes in the gaps of pages.
var rewrites = []string{
	`ALTER TABLE word ALTER COLUMN value TYPE text USING value || ''`,
	`ALTER TABLE member ALTER COLUMN name TYPE text USING name || ''`,
	`ALTER TABLE account ALTER COLUMN formatted TYPE text USING formatted || ''`,
	`ALTER TABLE passkey ALTER COLUMN name TYPE text USING name || ''`,
	`ALTER TABLE login ALTER COLUMN subject TYPE text USING subject || ''`,
	`ALTER TABLE asked ALTER COLUMN words TYPE text USING words || ''`,
	`ALTER TABLE sign_in ALTER COLUMN address TYPE text USING address || ''`,
	`ALTER TABLE plan_row ALTER COLUMN title TYPE text USING title || ''`,
	`ALTER TABLE deal ALTER COLUMN owner_name TYPE text USING owner_name || ''`,
	`ALTER TABLE portfolio ALTER COLUMN title TYPE text USING title || ''`,
	`ALTER TABLE view ALTER COLUMN name TYPE text USING name || ''`,
	`ALTER TABLE remark ALTER COLUMN text TYPE text USING text || ''`,
	`ALTER TABLE inbox ALTER COLUMN raw TYPE bytea USING raw || ''::bytea`,
}

// holdUp is how long changes may have to wait until the table is free.
const holdUp = `SET LOCAL lock_timeout = '5s'`

// purge rewrites the table if words were deleted since the last time. Changes
// wait meanwhile. What the server's own write-ahead log, its archive and
// backups hold is the operator's to expire.
func (s *Store) purge(ctx context.Context) error {
	due, err := s.PurgeDue(ctx)
	if err != nil || due == 0 {
		return err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, holdUp); err != nil {
			return err
		}
		for _, table := range rewrites {
			if _, err := tx.Exec(ctx, table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("purge deleted words from the table (erasing again, or the next start, tries again): %w", err)
	}
	return s.Purged(ctx, due)
}
