package app

import (
	"context"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Paper opens a plan for who may read its decision paper: everybody of the
// buyer who sees the buyer's own space, and everybody on the plan once it was
// shared. For anybody else there is none.
func (s *Service) Paper(ctx context.Context, c Caller, planID plan.ID) (View, error) {
	v, err := s.Open(ctx, c, planID)
	if err == nil && !v.OwnsPaper() && v.Plan.Paper == nil {
		err = missing()
	}
	return v, err
}

// OwnsPaper reports whether the viewer reads the decision paper as it is being
// written: the buyer's people who were let in.
func (v View) OwnsPaper() bool {
	side, sees := v.Plan.SeesPrivate(v.Me.ID)
	return sees && side == plan.Buyer
}

// SharePaper shows the decision paper to the other side, exactly as its reader
// saw it: seen are the versions of its parts. Verified editors and leads of the
// buyer.
//
// Faults: fault.paper.changed, and those of plan.SharePaper; nothing was shared
// then.
func (s *Service) SharePaper(ctx context.Context, c Caller, planID plan.ID, seen map[plan.PaperPart]int) (View, error) {
	var view View
	err := s.changing(ctx, planID, func() error {
		v, err := s.Paper(ctx, c, planID)
		if err != nil {
			return err
		}
		if !v.OwnsPaper() {
			return missing()
		}
		var cmd plan.SharePaper
		for _, part := range plan.PaperParts {
			x := v.Own.Paper.Part(part)
			now := 0
			if x != nil {
				now = x.Version
				cmd.Parts = append(cmd.Parts, plan.PaperShare{Part: part, Text: x.Text.Value, By: x.By})
			}
			if seen[part] != now {
				return fault.New(fault.Conflict, "fault.paper.changed")
			}
		}
		d, err := plan.Decide(v.Plan, cmd, s.env(v.Me.ID, v.Zone))
		if err != nil {
			return err
		}
		if err := s.commit(ctx, &d, nil); err != nil {
			return err
		}
		view, err = s.view(ctx, c, d.State)
		return err
	})
	return view, err
}

// PaperVersion is a part of the decision paper as it once stood.
type PaperVersion struct {
	plan.PaperWritten
	plan.Meta
}

// PaperVersions lists how a part of the decision paper stood, the latest first.
// The viewer reads the paper as it is being written.
func (s *Service) PaperVersions(ctx context.Context, v View, part plan.PaperPart) ([]PaperVersion, error) {
	if !v.OwnsPaper() {
		return nil, missing()
	}
	words, err := s.plans.Words(ctx, plan.PrivateStream(v.Plan.ID, plan.Buyer))
	if err != nil {
		return nil, err
	}
	var out []PaperVersion
	err = s.Log(ctx, v, true, func(r plan.Record) error {
		if r.Kind != (*plan.PaperWritten)(nil).Kind() {
			return nil
		}
		ev, m, err := plan.Unseal(r, words)
		if err != nil {
			return err
		}
		if e := ev.(*plan.PaperWritten); e.Part == part {
			out = append([]PaperVersion{{*e, m}}, out...)
		}
		return nil
	})
	return out, err
}
