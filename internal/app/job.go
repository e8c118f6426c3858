package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tandem/internal/plan"
)

// JobExpire closes proposals that nobody answered in time.
const JobExpire = "expire-proposals"

// jobsOf lists the work that follows from events, stored with them.
func jobsOf(p *plan.Plan, events []plan.Event) []Job {
	for _, ev := range events {
		switch ev.(type) {
		case *plan.ProposalMade, *plan.ProposalClosed:
			if len(p.OpenProposals()) > 0 {
				return []Job{expiry(p)}
			}
		}
	}
	return nil
}

// expiry is one job a plan, due when the earliest open proposal has run out
// everywhere on earth; the answer itself checks the day.
func expiry(p *plan.Plan) Job {
	var first time.Time
	for _, pr := range p.OpenProposals() {
		at := (pr.Expires + 1).Time().Add(14 * time.Hour)
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return Job{Kind: JobExpire, Key: JobExpire + "/" + string(p.ID), RunAt: first, Data: []byte(p.ID)}
}

// RunDue runs the jobs that are due now, and says how many there were. A job
// that fails is tried again later; it is never lost.
func (s *Service) RunDue(ctx context.Context, jobs JobStore) (int, error) {
	now := s.clock()
	taken, err := jobs.Take(ctx, now, time.Minute, 20)
	if err != nil {
		return 0, err
	}
	for _, j := range taken {
		if err := s.RunJob(ctx, j.Job); err != nil {
			slog.ErrorContext(ctx, "job failed", "kind", j.Kind, "attempt", j.Attempts, "error", err)
			wait := time.Minute << min(j.Attempts, 8)
			if err := jobs.Retry(ctx, j.ID, now.Add(wait), err.Error()); err != nil {
				return len(taken), err
			}
			continue
		}
		if err := jobs.Finish(ctx, j.ID); err != nil {
			return len(taken), err
		}
	}
	return len(taken), nil
}

// handler does a job, from ids alone: it reads the state afresh and acts only
// on what is still due, for a job may come twice or late.
type handler func(ctx context.Context, data []byte) error

// handle names who does the jobs of a kind; while the service is being made.
func (s *Service) handle(kind string, h handler) {
	if s.handlers[kind] != nil {
		panic("app: two handlers for jobs of kind " + kind)
	}
	s.handlers[kind] = h
}

// RunJob does one job now. It may be done more than once.
func (s *Service) RunJob(ctx context.Context, j Job) error {
	h := s.handlers[j.Kind]
	if h == nil {
		return fmt.Errorf("unknown kind of job %q", j.Kind)
	}
	return h(ctx, j.Data)
}

func (s *Service) expire(ctx context.Context, id plan.ID) error {
	return s.changing(ctx, id, func() error {
		p, err := s.states.shared(ctx, id)
		if err != nil {
			return err
		}
		w, err := s.workspace(ctx, p.Workspace)
		if err != nil {
			return err
		}
		d, err := plan.Decide(p, plan.ExpireProposals{}, s.env("", w.zone()))
		if err != nil {
			return err
		}
		return s.commit(ctx, &d, nil)
	})
}

// RunJobs runs due jobs until the context ends, looking every interval.
func (s *Service) RunJobs(ctx context.Context, jobs JobStore, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		for {
			n, err := s.RunDue(ctx, jobs)
			if err != nil && !errors.Is(err, context.Canceled) {
				slog.ErrorContext(ctx, "jobs", "error", err)
			}
			if n == 0 || err != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
