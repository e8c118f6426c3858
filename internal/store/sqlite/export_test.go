package sqlite

import (
	"context"
	"database/sql"
	"io/fs"
	"runtime"

	"github.com/pressly/goose/v3"

	"tandem/internal/store/sqlstore"
)

func (s *Store) ReaderPool() *sql.DB { return s.reads }

// WriterPool is a pool like the writer's; the writer's own has one connection,
// which it keeps.
func (s *Store) WriterPool() *sql.DB {
	s.writes.SetMaxOpenConns(2)
	return s.writes
}

// Hold keeps the writer busy until release is closed.
func (s *Store) Hold(held chan<- struct{}, release <-chan struct{}) {
	_ = s.writer.write(context.Background(), func(context.Context, sqlstore.Querier) error {
		close(held)
		<-release
		return nil
	})
}

// AwaitQueue returns when n pieces wait.
func (s *Store) AwaitQueue(n int) {
	for {
		s.writer.mu.Lock()
		waiting := len(s.writer.waiting)
		s.writer.mu.Unlock()
		if waiting >= n {
			return
		}
		runtime.Gosched()
	}
}

// MigrateTo makes a file as a former version of this program had it.
func MigrateTo(ctx context.Context, path string, version int64) error {
	db, err := sql.Open("sqlite", dsn(path, false))
	if err != nil {
		return err
	}
	defer db.Close()
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err == nil {
		_, err = provider.UpTo(ctx, version)
	}
	return err
}
