package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"tandem/internal/fault"
)

// Migrate brings the tables of a database to what this program needs. It only
// goes forward; a database a newer program has worked on is refused with the
// fault "store.newer" and left as it is.
func Migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, options ...goose.ProviderOption) error {
	options = append(options, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if current > known {
		return fault.New(fault.Unready, "store.newer", "version", current, "known", known).Fix("store.newer.fix")
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the database to version %d: %w", known, err)
	}
	return nil
}
