package app

import (
	"context"
	"errors"
	"time"

	"tandem/internal/plan"
)

// Jobs that delete the bytes of files nobody refers to any more.
const (
	JobSweepFiles    = "sweep-files"      // of all plans, every day
	JobSweepPlanFile = "sweep-plan-files" // of one plan, after a document was taken out
)

// orphanLife is how old bytes must be before they are deleted because nothing
// refers to them: longer than any form that carries them may be open.
const orphanLife = 24 * time.Hour

// removedLife is the same where it is known that a document was taken out:
// longer than an upload of the same bytes may take.
const removedLife = time.Hour

// fileJobs names who deletes; while the service is made.
func (s *Service) fileJobs() {
	s.every(JobSweepFiles, 24*time.Hour, func(ctx context.Context, _ []byte) error { return s.sweep(ctx, "", orphanLife) })
	s.handle(JobSweepPlanFile, func(ctx context.Context, data []byte) error { return s.sweep(ctx, plan.ID(data), removedLife) })
}

// sweepsOf is the work that follows from documents that were taken out: not at
// once, since the same bytes may be about to be used again.
func (s *Service) sweepsOf(planID plan.ID, events []plan.Event) []Job {
	for _, ev := range events {
		if _, ok := ev.(*plan.DocumentRemoved); ok && s.filing.On() {
			return []Job{{Kind: JobSweepPlanFile, Key: JobSweepPlanFile + "/" + string(planID),
				RunAt: s.clock().Add(removedLife + time.Minute).Truncate(time.Minute), Data: []byte(planID)}}
		}
	}
	return nil
}

// sweep deletes the bytes that no document refers to and that were put there
// long enough ago, of one plan or of all. The states are read afresh: another
// machine may have added a document a moment ago.
func (s *Service) sweep(ctx context.Context, planID plan.ID, age time.Duration) error {
	if !s.filing.On() {
		return nil
	}
	before := s.clock().Add(-age)
	used := map[Space]map[string]int64{}
	var failed error
	err := s.filing.Blobs.Each(ctx, planID, func(b Blob) error {
		if !b.Put.Before(before) {
			return nil
		}
		refers, known := used[b.Space]
		if !known {
			if len(used) > 1_000 {
				clear(used)
			}
			var err error
			if refers, err = s.referred(ctx, b.Space); err != nil {
				failed = errors.Join(failed, err) // one plan does not keep the others from theirs
				return nil
			}
			used[b.Space] = refers
		}
		if _, ok := refers[b.Digest]; ok {
			return nil
		}
		if err := s.filing.Blobs.Delete(ctx, b.Space, b.Digest, before); err != nil {
			failed = errors.Join(failed, err)
		}
		return nil
	})
	return errors.Join(err, failed)
}

// referred are the blobs of a space that documents name now, by what is stored,
// not by what is remembered.
func (s *Service) referred(ctx context.Context, in Space) (map[string]int64, error) {
	if in.Side == "" {
		st, err := s.plans.Load(ctx, plan.SharedStream(in.Plan))
		if err != nil {
			return nil, err
		}
		p, err := rebuild(st)
		if err != nil {
			return nil, err
		}
		return p.Blobs(), nil
	}
	st, err := s.plans.Load(ctx, plan.PrivateStream(in.Plan, in.Side))
	if err != nil {
		return nil, err
	}
	pv, err := rebuildPrivate(st, in.Plan, in.Side)
	if err != nil {
		return nil, err
	}
	return pv.Blobs(), nil
}

// dropFiles deletes all bytes of a plan that was deleted. What stays because
// this fails, the daily sweep deletes.
func (s *Service) dropFiles(ctx context.Context, planID plan.ID) error {
	if !s.filing.On() {
		return nil
	}
	return s.filing.Blobs.DropPlan(ctx, planID)
}

// eraseFiles deletes the bytes that an erased person brought and nobody else
// refers to. It is told which the plan referred to before.
func (s *Service) eraseFiles(ctx context.Context, before map[Space]map[string]int64) error {
	for in, had := range before {
		refers, err := s.referred(ctx, in)
		if err != nil {
			return err
		}
		for digest := range had {
			if _, ok := refers[digest]; ok {
				continue
			}
			if err := s.filing.Blobs.Delete(ctx, in, digest, s.clock().Add(time.Hour)); err != nil {
				return err
			}
		}
	}
	return nil
}

// filesOf are the blobs that a plan's streams refer to, by space.
func (s *Service) filesOf(ctx context.Context, planID plan.ID) (map[Space]map[string]int64, error) {
	out := map[Space]map[string]int64{}
	if !s.filing.On() {
		return out, nil
	}
	for _, side := range []plan.Side{"", plan.Buyer, plan.Seller} {
		in := Space{planID, side}
		var err error
		if out[in], err = s.referred(ctx, in); err != nil {
			return nil, err
		}
	}
	return out, nil
}
