package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/app"
)

// jobArgs is how river keeps a job: its row holds the kind, the time and this.
type jobArgs struct {
	app.Job
	// Unique says which jobs are one and the same while they wait. Empty: none.
	Unique string `json:"unique,omitempty" river:"unique"`
}

// Kind implements river.JobArgs.
func (a jobArgs) Kind() string { return a.Job.Kind }

// unfinished are the states in which a job is still to be done. River insists
// on the running ones; see Enqueuer.Insert for why they are not enough.
var unfinished = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled}

// Enqueuer writes the jobs of changes into river's table, within the
// transactions of the changes. Safe for concurrent use.
type Enqueuer[TTx any] struct {
	client *river.Client[TTx]
}

// NewEnqueuer makes one on a database's driver.
func NewEnqueuer[TTx any](driver riverdriver.Driver[TTx]) (*Enqueuer[TTx], error) {
	client, err := river.NewClient(driver, &river.Config{
		Logger:      slog.New(slog.DiscardHandler),
		MaxAttempts: app.JobAttempts,
		Hooks:       []rivertype.Hook{river.HookInsertBeginFunc(startAtOnce)},
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Enqueuer[TTx]{client: client}, nil
}

// startAtOnce lets what is due already be found by the next look: river takes
// any job with a time for one of the future, which its scheduler has to wake.
// A wrong clock here costs seconds and no more: no job is started before the
// time in its row.
func startAtOnce(_ context.Context, p *rivertype.JobInsertParams) error {
	if !p.ScheduledAt.After(time.Now()) {
		p.State = rivertype.JobStateAvailable
	}
	return nil
}

// Insert adds jobs within a transaction. What waits already, with the same
// kind, key and time, stands for the new one. What is running does not: it may
// have looked before this change. So beside a running job a second one waits,
// and only one.
func (e *Enqueuer[TTx]) Insert(ctx context.Context, tx TTx, jobs []app.Job) error {
	open := paramsOf(jobs)
	for len(open) > 0 {
		results, err := e.client.InsertManyTx(ctx, tx, open)
		if err != nil {
			return fmt.Errorf("store jobs: %w", err)
		}
		behind := map[string]string{} // unique name → name of the one that waits behind the running one
		for _, r := range results {
			if !r.UniqueSkippedAsDuplicate || r.Job.State != rivertype.JobStateRunning {
				continue
			}
			var there jobArgs
			if err := json.Unmarshal(r.Job.EncodedArgs, &there); err != nil {
				return fmt.Errorf("store jobs: read job %d: %w", r.Job.ID, err)
			}
			behind[r.Job.Kind+"\n"+there.Unique] = fmt.Sprintf("%s\nbehind %d", there.Unique, r.Job.ID)
		}
		var next []river.InsertManyParams
		for _, p := range open {
			args := p.Args.(jobArgs)
			if name := behind[args.Kind()+"\n"+args.Unique]; args.Unique != "" && name != "" {
				args.Unique = name
				p.Args = args
				next = append(next, p)
			}
		}
		open = next
	}
	return nil
}

// paramsOf leaves out what is the same as one before it. The order is that of
// the names: two transactions wait for each other's jobs, but never in a ring.
func paramsOf(jobs []app.Job) []river.InsertManyParams {
	seen := map[string]bool{}
	var out []river.InsertManyParams
	for _, j := range jobs {
		args := jobArgs{Job: j}
		// Databases round times; no job may begin before its own.
		opts := &river.InsertOpts{ScheduledAt: j.RunAt.Add(time.Millisecond - 1).Truncate(time.Millisecond)}
		if !j.RunAt.After(time.Now()) { // rounded up it would wait for river's scheduler, which comes every five seconds
			opts.ScheduledAt = j.RunAt.Truncate(time.Millisecond)
		}
		if j.RunAt.IsZero() {
			opts.ScheduledAt = time.Now()
		}
		if j.Key != "" {
			args.Unique = j.Key + "\n" + j.RunAt.UTC().Format(time.RFC3339Nano)
			opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: unfinished}
			name := j.Kind + "\n" + args.Unique
			if seen[name] {
				continue
			}
			seen[name] = true
		}
		out = append(out, river.InsertManyParams{Args: args, InsertOpts: opts})
	}
	slices.SortStableFunc(out, func(a, b river.InsertManyParams) int {
		x, y := a.Args.(jobArgs), b.Args.(jobArgs)
		return cmp.Or(cmp.Compare(x.Kind(), y.Kind()), cmp.Compare(x.Unique, y.Unique))
	})
	return out
}

// River is a client of river that runs jobs; its methods are river's.
type River = interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// discarded counts the jobs that were given up and are kept to be looked at.
const discarded = `SELECT count(*) FROM river_job WHERE state = 'discarded'`

// Discarded tells how many jobs were given up after their last attempt and
// are still kept.
func (s *Store) Discarded(ctx context.Context) (int64, error) {
	return one(ctx, s.read, number, discarded)
}

// Bell wakes whoever waits for jobs in this process. It is river's listener:
// what other machines do is seen when they are looked for, every few seconds.
// PostgreSQL's own notifications would be sent within the transactions of
// changes, where they take a lock across the whole server until the sync.
type Bell struct {
	rung chan struct{}
}

// NewBell makes a bell that nobody has rung yet.
func NewBell() *Bell { return &Bell{rung: make(chan struct{}, 1)} }

// Ring tells that there may be jobs to do now. It never blocks.
func (b *Bell) Ring() {
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

// WaitForNotification implements riverdriver.Listener.
func (b *Bell) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-b.rung:
		return &riverdriver.Notification{Topic: "river_insert", Payload: `{"queue":"` + river.QueueDefault + `"}`}, nil
	}
}

// The rest of riverdriver.Listener: there is nothing to connect to.

func (b *Bell) Connect(context.Context) error          { return nil }
func (b *Bell) Close(context.Context) error            { return nil }
func (b *Bell) Ping(context.Context) error             { return nil }
func (b *Bell) Listen(context.Context, string) error   { return nil }
func (b *Bell) Unlisten(context.Context, string) error { return nil }
func (b *Bell) Schema() string                         { return "" }
func (b *Bell) SetAfterConnectExec(string)             {}

var _ riverdriver.Listener = (*Bell)(nil)
