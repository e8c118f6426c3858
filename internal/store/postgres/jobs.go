package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"tandem/internal/store/sqlstore"
)

// River makes a client that runs the jobs of this store, together with those
// of other machines.
func (s *Store) River(c *river.Config) (sqlstore.River, error) { return river.NewClient(s.jobs, c) }

// jobDriver is river's driver without its notifications: see sqlstore.Bell.
type jobDriver struct {
	*riverpgxv5.Driver
	*sqlstore.Bell
}

func (d *jobDriver) SupportsListener() bool     { return true }
func (d *jobDriver) SupportsListenNotify() bool { return false }

func (d *jobDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.Bell
}

// connection is a pgx.Conn under a name that leaves Conn free for pgx.Tx.
type connection = pgx.Conn

// begun is the transaction that a batch has begun on a connection, as river
// wants to see it. Who began it ends it.
type begun struct{ *connection }

var _ pgx.Tx = begun{}

func (b begun) Commit(ctx context.Context) error {
	_, err := b.Exec(ctx, "COMMIT")
	return err
}

func (b begun) Rollback(ctx context.Context) error {
	_, err := b.Exec(ctx, "ROLLBACK")
	return err
}

func (b begun) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }
func (b begun) Conn() *pgx.Conn                { return b.connection }
