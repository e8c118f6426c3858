// Package jobs runs the work that changes leave to be done later, on river.
// The jobs themselves are written by the stores, in the transactions of the
// changes. What is promised: a job is done at least once, not before its time,
// and not lost with the process that was doing it; one that fails is tried
// again after growing pauses, and one that is given up after its last attempt
// is kept, counted and logged.
//
// A log line of a job holds its kind, its attempt and the kind of its error.
// What an error says may be a name or an address; river, which keeps the
// errors beside the job, is given no more than that either.
package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/app"
	"tandem/internal/fault"
)

// Worker does jobs: app.Service.
type Worker interface {
	RunJob(ctx context.Context, j app.Job) error
	JobKinds() []string
	Periodics() []app.Periodic
}

// Database keeps jobs. River makes a client that runs them.
type Database interface {
	River(c *river.Config) (Client, error)
	// Discarded counts the jobs that were given up and are kept.
	Discarded(ctx context.Context) (int64, error)
}

// Client is what is used of a river client.
type Client = interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// Options of a runner.
type Options struct {
	Log      *slog.Logger
	Registry prometheus.Registerer // nil: no numbers
	// Clock makes river take its time from here instead of from the system
	// and the database.
	Clock func() time.Time
	// Workers is how many jobs run at the same time; 8 if zero.
	Workers int
}

const (
	// Timeout is how long one attempt may take. Its context ends then.
	Timeout = time.Minute
	// RescueAfter is when a job whose process has died is handed out again.
	RescueAfter = 5 * time.Minute

	look      = 2 * time.Second       // how often is looked for jobs that nobody in this process rang for
	between   = 50 * time.Millisecond // from one look to the next, at least
	firstWait = time.Minute
	longest   = 6 * time.Hour
	keepDone  = 48 * time.Hour // longer than the longest interval of periodic work
	keepGiven = 30 * 24 * time.Hour
)

// Runner runs jobs until it is stopped.
type Runner struct {
	client Client
}

// Start begins to run the jobs of a database. They run until Stop; ctx only
// bounds the start.
func Start(ctx context.Context, db Database, w Worker, o Options) (*Runner, error) {
	clock := o.Clock
	if clock == nil {
		clock = time.Now
	}
	n := newNumbers(o.Registry, db)
	workers := river.NewWorkers()
	for _, kind := range w.JobKinds() {
		river.AddWorkerArgs(workers, args{kind: kind}, &doer{worker: w, clock: clock, log: o.Log, numbers: n})
	}
	c := &river.Config{
		Logger:                      slog.New(warnings{o.Log.Handler()}),
		Workers:                     workers,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cmp.Or(o.Workers, 8)}},
		PeriodicJobs:                periodics(w.Periodics(), clock),
		ErrorHandler:                &failures{log: o.Log, numbers: n},
		RetryPolicy:                 backoff{clock},
		MaxAttempts:                 app.JobAttempts,
		JobTimeout:                  Timeout,
		RescueStuckJobsAfter:        RescueAfter,
		FetchPollInterval:           look,
		FetchCooldown:               between,
		FetchOnlyKnownKinds:         true, // while a newer program runs beside this one, its kinds are left to it
		CompletedJobRetentionPeriod: keepDone,
		CancelledJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepGiven,
		ReindexerSchedule:           river.NeverSchedule(), // the operator's to decide, as for all other tables
	}
	if o.Clock != nil {
		c.Test.Time = timeOf(o.Clock)
	}
	client, err := db.River(c)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("start to run jobs: %w", err)
	}
	return &Runner{client: client}, nil
}

// Stop takes no new jobs and waits for those that run. When ctx ends their
// contexts are ended too; what is not done then is done after the next start.
func (r *Runner) Stop(ctx context.Context) error {
	err := r.client.Stop(ctx)
	if err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.client.StopAndCancel(hard); err != nil {
		return fmt.Errorf("stop running jobs: %w", err)
	}
	return nil
}

// args are what river keeps of a job; the stores write them.
type args struct {
	kind string
	app.Job
}

// Kind implements river.JobArgs.
func (a args) Kind() string { return a.kind }

// doer does the jobs of one kind.
type doer struct {
	river.WorkerDefaults[args]
	worker  Worker
	clock   func() time.Time
	log     *slog.Logger
	numbers *numbers
}

// Work implements river.Worker.
func (d *doer) Work(ctx context.Context, row *river.Job[args]) (err error) {
	defer func() {
		if r := recover(); r != nil {
			// What is said in a panic may be anything; where it happened is enough.
			d.log.ErrorContext(ctx, "a job panicked", "kind", row.Kind, "attempt", row.Attempt, "stack", string(debug.Stack()))
			err = failure{why: "panic"}
		}
	}()
	j := row.Args.Job
	j.Kind = row.Kind
	err = d.worker.RunJob(ctx, j)
	var again app.Again
	switch {
	case err == nil:
		d.numbers.count(row.Kind, "done")
		return nil
	case errors.As(err, &again):
		return river.JobSnooze(max(0, again.At.Sub(d.clock())))
	}
	return failure{why: why(err), error: err}
}

// failure is an error that says nothing but its kind.
type failure struct {
	error
	why string
}

func (f failure) Error() string { return f.why }
func (f failure) Unwrap() error { return f.error }

// why names the kind of an error: a fault's key, else the innermost type.
func why(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Key
	}
	for _, known := range []error{context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}

// failures tells of attempts that failed.
type failures struct {
	log     *slog.Logger
	numbers *numbers
}

// HandleError implements river.ErrorHandler.
func (f *failures) HandleError(ctx context.Context, row *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if row.Attempt < row.MaxAttempts {
		f.numbers.count(row.Kind, "failed")
		f.log.WarnContext(ctx, "a job failed and is tried again", "kind", row.Kind, "attempt", row.Attempt, "why", err.Error())
		return nil
	}
	f.numbers.count(row.Kind, "given up")
	f.log.ErrorContext(ctx, "a job is given up", "kind", row.Kind, "attempt", row.Attempt, "job", row.ID, "why", err.Error())
	return nil
}

// HandlePanic implements river.ErrorHandler. A doer lets none through.
func (f *failures) HandlePanic(ctx context.Context, row *rivertype.JobRow, _ any, _ string) *river.ErrorHandlerResult {
	return f.HandleError(ctx, row, failure{why: "panic"})
}

// backoff is how long a job that failed waits: a minute, then twice as long
// each time up to six hours, a tenth more or less so that what failed together
// does not come back together.
type backoff struct{ clock func() time.Time }

// NextRetry implements river.ClientRetryPolicy.
func (b backoff) NextRetry(row *rivertype.JobRow) time.Time {
	wait := firstWait << min(max(row.Attempt, 1)-1, 10)
	wait = min(wait, longest)
	return b.clock().Add(wait - wait/10 + rand.N(wait/5))
}

// timeOf is a clock as river wants it.
type timeOf func() time.Time

// Now implements rivertype.TimeGenerator.
func (t timeOf) Now() time.Time { return t() }

// NowOrNil implements rivertype.TimeGenerator: what the database should take
// for now.
func (t timeOf) NowOrNil() *time.Time { now := t(); return &now }

// warnings lets river say what went wrong, and not what it does all day.
type warnings struct{ slog.Handler }

// WithAttrs implements slog.Handler.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// Enabled implements slog.Handler.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}
