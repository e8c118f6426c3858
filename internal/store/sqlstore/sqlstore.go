// Package sqlstore is what the SQLite and the PostgreSQL store share: the SQL,
// which is one text for both, and the reading of rows. How a write becomes
// durable is each store's own and is handed in.
//
// Times are stored as Unix milliseconds; 0 stands for the zero time.
package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"tandem/internal/app"
)

// Querier runs SQL: a pool, a transaction, or a connection that keeps its
// statements prepared.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// WriteFunc runs do within a transaction. When it returns nil, what do wrote
// is on disk, synced; when it returns an error, nothing of it is stored (or,
// if the connection to a server broke, it is unknown). Do may run more than
// once.
type WriteFunc func(ctx context.Context, do func(ctx context.Context, q Querier) error) error

// Store answers what both databases answer alike. Safe for concurrent use.
type Store struct {
	read  Querier
	write WriteFunc
}

// New makes the shared part of a store.
func New(read Querier, write WriteFunc) *Store { return &Store{read: read, write: write} }

// exec writes a single statement.
func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		_, err := q.ExecContext(ctx, query, args...)
		return err
	})
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q Querier, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one reads a single row; app.ErrNotFound if there is none.
func one[T any](ctx context.Context, q Querier, scan func(row) (T, error), query string, args ...any) (T, error) {
	var none T
	found, err := collect(ctx, q, scan, query, args...)
	switch {
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, app.ErrNotFound
	}
	return found[0], nil
}

// number scans a row of a single number.
func number(from row) (n int64, err error) {
	err = from.Scan(&n)
	return n, err
}

// row is the present one of *sql.Rows.
type row interface{ Scan(dest ...any) error }

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// flag is how a truth value is stored: both databases agree on numbers.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
