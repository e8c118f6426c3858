package sqlstore

import (
	"context"
	"slices"
	"time"

	"tandem/internal/app"
)

// A job is due at a time. While it is taken that time is the end of its
// lease, so a holder who died loses it by itself. Only jobs that wait (taken
// = 0) are unique by key: what is enqueued while one of the same key runs
// waits beside it, for the running one may not have seen what it is about.
const (
	saveJob = `INSERT INTO job (kind, key, run_at, due, data) VALUES ($1, $2, $3, $3, $4)
ON CONFLICT (key) WHERE taken = 0 AND key <> '' DO UPDATE SET kind = excluded.kind, run_at = excluded.run_at,
	due = excluded.due, data = excluded.data, attempts = 0, reason = ''`

	finishJob = `DELETE FROM job WHERE id = $1 AND taken = 1`

	// dropReplaced is the first step of a retry: a later job of the same key
	// already waits and stands for this one.
	dropReplaced = `DELETE FROM job WHERE id = $1 AND taken = 1 AND key <> ''
	AND EXISTS (SELECT 1 FROM job later WHERE later.key = job.key AND later.key <> '' AND later.taken = 0)`

	retryJob = `UPDATE job SET taken = 0, run_at = $2, due = $2, reason = $3 WHERE id = $1 AND taken = 1`
)

func takeJobs(lock string) string {
	return `UPDATE job SET taken = 1, due = $2, attempts = attempts + 1
WHERE id IN (SELECT id FROM job WHERE due <= $1 ORDER BY due, id LIMIT $3 ` + lock + `)
RETURNING id, attempts, kind, key, run_at, data`
}

func jobStatement(j app.Job) Statement {
	data := j.Data
	if data == nil {
		data = []byte{}
	}
	return Statement{SQL: saveJob, Args: []any{j.Kind, j.Key, millis(j.RunAt), data}}
}

// Take implements app.JobStore.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]app.TakenJob, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []app.TakenJob
	err := s.write(ctx, func(ctx context.Context, q Querier) error {
		jobs, err := collect(ctx, q, scanJob, s.take, now.UnixMilli(), now.Add(lease).UnixMilli(), limit)
		out = jobs
		return err
	})
	slices.SortFunc(out, func(a, b app.TakenJob) int {
		if c := a.RunAt.Compare(b.RunAt); c != 0 {
			return c
		}
		return int(a.ID - b.ID)
	})
	return out, err
}

func scanJob(from row) (app.TakenJob, error) {
	var j app.TakenJob
	var runAt int64
	err := from.Scan(&j.ID, &j.Attempts, &j.Kind, &j.Key, &runAt, &j.Data)
	j.RunAt = moment(runAt)
	return j, err
}

// Finish implements app.JobStore.
func (s *Store) Finish(ctx context.Context, id int64) error { return s.exec(ctx, finishJob, id) }

// Retry implements app.JobStore.
func (s *Store) Retry(ctx context.Context, id int64, at time.Time, reason string) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, dropReplaced, id); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, retryJob, id, at.UnixMilli(), reason)
		return err
	})
}
