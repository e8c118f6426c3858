package sqlite

import (
	"context"
	"database/sql"
	"runtime"

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
