package sqlite

import (
	"context"
	"database/sql"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/store/sqlstore"
)

// River makes a client that runs the jobs of this store.
func (s *Store) River(c *river.Config) (sqlstore.River, error) { return river.NewClient(s.jobs, c) }

// jobDriver is river's driver for a file that has one writer. What river
// writes takes its turn at the writer like any change and shares the group's
// sync. On connections of its own it would have to find the moment in which
// the file is free: under load it waits in vain, and every change waits for
// river's syncs. What river reads it reads beside the writer; those
// connections cannot write, so that a write nobody thought of fails at once.
type jobDriver struct {
	*riversqlite.Driver
	*sqlstore.Bell
	writer *writer
}

func newJobDriver(reads *sql.DB, w *writer) *jobDriver {
	return &jobDriver{Driver: riversqlite.New(reads), Bell: sqlstore.NewBell(), writer: w}
}

func (d *jobDriver) SupportsListener() bool { return true }

// SupportsListenNotify implements riverdriver.Driver: nothing is told by way of
// the database.
func (d *jobDriver) SupportsListenNotify() bool { return false }

func (d *jobDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.Bell
}

func (d *jobDriver) GetExecutor() riverdriver.Executor {
	return &jobExecutor{Executor: d.Driver.GetExecutor(), driver: d}
}

// jobExecutor is where a client of river does what it does: what writes, and
// what is done in the course of a transaction, by the writer.
type jobExecutor struct {
	riverdriver.Executor
	driver *jobDriver
}

// written does one thing as a piece of the writer. As for any piece, ctx
// counts until the writer has begun with it.
func written[P, R any](ctx context.Context, e *jobExecutor, p P, do func(riverdriver.Executor, context.Context, P) (R, error)) (R, error) {
	var out R
	err := e.driver.writer.take(ctx, func(ctx context.Context, t turn) error {
		var err error
		out, err = do(e.driver.UnwrapExecutor(t.tx), ctx, p)
		return err
	})
	return out, err
}

func (e *jobExecutor) JobGetAvailable(ctx context.Context, p *riverdriver.JobGetAvailableParams) (*riverdriver.JobGetAvailableResult, error) {
	return written(ctx, e, p, riverdriver.Executor.JobGetAvailable)
}

func (e *jobExecutor) JobSetStateIfRunningMany(ctx context.Context, p *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	return written(ctx, e, p, riverdriver.Executor.JobSetStateIfRunningMany)
}

func (e *jobExecutor) JobRescueMany(ctx context.Context, p *riverdriver.JobRescueManyParams) (*struct{}, error) {
	return written(ctx, e, p, riverdriver.Executor.JobRescueMany)
}

func (e *jobExecutor) JobDeleteBefore(ctx context.Context, p *riverdriver.JobDeleteBeforeParams) (int, error) {
	return written(ctx, e, p, riverdriver.Executor.JobDeleteBefore)
}

func (e *jobExecutor) NotificationDeleteBefore(ctx context.Context, p *riverdriver.NotificationDeleteBeforeParams) (int, error) {
	return written(ctx, e, p, riverdriver.Executor.NotificationDeleteBefore)
}

func (e *jobExecutor) QueueCreateOrSetUpdatedAt(ctx context.Context, p *riverdriver.QueueCreateOrSetUpdatedAtParams) (*rivertype.Queue, error) {
	return written(ctx, e, p, riverdriver.Executor.QueueCreateOrSetUpdatedAt)
}

func (e *jobExecutor) QueueDeleteExpired(ctx context.Context, p *riverdriver.QueueDeleteExpiredParams) ([]string, error) {
	return written(ctx, e, p, riverdriver.Executor.QueueDeleteExpired)
}

// LeaderAttemptReelect prolongs the leadership of the one client that there
// is, without a sync every few seconds for it. Should two servers run on one
// file for a while, both look after its jobs, which does no harm: each thing
// they do there is one transaction that first looks at what is there.
func (e *jobExecutor) LeaderAttemptReelect(_ context.Context, p *riverdriver.LeaderReelectParams) (*riverdriver.Leader, error) {
	return &riverdriver.Leader{ElectedAt: p.ElectedAt, ExpiresAt: p.ElectedAt.Add(p.TTL), LeaderID: p.LeaderID}, nil
}

// Begin lends a turn of the writer, until it is committed or rolled back.
func (e *jobExecutor) Begin(ctx context.Context) (riverdriver.ExecutorTx, error) {
	l := &lent{end: make(chan error), ended: make(chan error, 1)}
	begun := make(chan riverdriver.ExecutorTx)
	go func() {
		l.ended <- e.driver.writer.take(ctx, func(_ context.Context, t turn) error {
			begun <- e.driver.UnwrapExecutor(t.tx)
			return <-l.end
		})
	}()
	select {
	case l.ExecutorTx = <-begun:
		return l, nil
	case err := <-l.ended:
		return nil, err
	}
}

// lent is a turn in the hands of river. Its statements are not interrupted
// when their contexts end: that would undo what others do in the transaction.
type lent struct {
	riverdriver.ExecutorTx
	end   chan error
	ended chan error
	over  bool
}

func (l *lent) Commit(context.Context) error   { return l.finish(nil) }
func (l *lent) Rollback(context.Context) error { _ = l.finish(sql.ErrTxDone); return nil }

func (l *lent) finish(err error) error {
	if l.over {
		return sql.ErrTxDone
	}
	l.over = true
	l.end <- err
	return <-l.ended
}

func (l *lent) JobSchedule(ctx context.Context, p *riverdriver.JobScheduleParams) ([]*riverdriver.JobScheduleResult, error) {
	return l.ExecutorTx.JobSchedule(context.WithoutCancel(ctx), p)
}

func (l *lent) JobInsertFastMany(ctx context.Context, p *riverdriver.JobInsertFastManyParams) ([]*riverdriver.JobInsertFastResult, error) {
	return l.ExecutorTx.JobInsertFastMany(context.WithoutCancel(ctx), p)
}

func (l *lent) LeaderDeleteExpired(ctx context.Context, p *riverdriver.LeaderDeleteExpiredParams) (int, error) {
	return l.ExecutorTx.LeaderDeleteExpired(context.WithoutCancel(ctx), p)
}

func (l *lent) LeaderAttemptElect(ctx context.Context, p *riverdriver.LeaderElectParams) (*riverdriver.Leader, error) {
	return l.ExecutorTx.LeaderAttemptElect(context.WithoutCancel(ctx), p)
}

func (e *jobExecutor) LeaderResign(ctx context.Context, p *riverdriver.LeaderResignParams) (bool, error) {
	return written(ctx, e, p, riverdriver.Executor.LeaderResign)
}
