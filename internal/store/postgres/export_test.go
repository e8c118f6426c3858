package postgres

import (
	"context"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// MigrateTo makes a database as a former version of this program had it.
func MigrateTo(ctx context.Context, address string, version int64) error {
	pool, err := pgxpool.New(ctx, address)
	if err != nil {
		return err
	}
	defer pool.Close()
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err == nil {
		_, err = provider.UpTo(ctx, version)
	}
	return err
}
