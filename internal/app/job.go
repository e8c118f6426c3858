package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tandem/internal/plan"
)

// JobExpire closes proposals that nobody answered in time.
const JobExpire = "expire-proposals"

// jobsOf lists the work that follows from events, stored with them.
func jobsOf(p *plan.Plan, events []plan.Event) []Job {
	var out []Job
	expires := false
	for _, ev := range events {
		switch ev.(type) {
		case *plan.ProposalMade, *plan.ProposalClosed:
			if !expires && len(p.OpenProposals()) > 0 {
				expires, out = true, append(out, expiry(p))
			}
		case *plan.CheckInOpened:
			if r := p.OpenRun(); r != nil {
				out = append(out, endOfRun(p, r))
			}
		}
	}
	return out
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

// every names work that comes again and again, and who does it; while the
// service is being made. Its handler is given no data.
func (s *Service) every(kind string, interval time.Duration, h handler) {
	s.handle(kind, h)
	s.periodics = append(s.periodics, Periodic{Kind: kind, Every: interval})
}

// Periodics lists the work that whoever runs jobs starts by itself.
func (s *Service) Periodics() []Periodic { return slices.Clone(s.periodics) }

// JobKinds lists the kinds of jobs that RunJob can do.
func (s *Service) JobKinds() []string { return slices.Sorted(maps.Keys(s.handlers)) }

// RunJob does one job now. It may be done more than once. An Again among the
// errors is no failure: the job is to be run again at that time.
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
