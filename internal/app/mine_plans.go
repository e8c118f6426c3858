package app

import (
	"cmp"
	"context"
	"slices"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// MinePlan is another plan somebody is on, with how much they are asked for.
type MinePlan struct {
	Row   PlanRow
	Asked []Asked
	View  View
}

// mostOfPlace is how many of a workspace's plans, last changed first, are looked
// through for those a member is on.
const mostOfPlace = 500

// MyPlans are all plans on this server on which the caller is a person: those
// their browser came in to, and of a member the workspace's. What asks for
// them comes first, what is over last.
func (s *Service) MyPlans(ctx context.Context, c Caller) ([]MinePlan, error) {
	return s.others(ctx, c, "")
}

// others are the caller's plans but one.
func (s *Service) others(ctx context.Context, c Caller, but plan.ID) ([]MinePlan, error) {
	ids := map[plan.ID]bool{}
	for id := range c.Session.Persons {
		ids[id] = true
	}
	if c.Member != nil {
		rows, err := s.List(ctx, c, mostOfPlace)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !r.Left && r.Phase != plan.Archived {
				ids[r.Plan] = true
			}
		}
	}
	delete(ids, but)
	var out []MinePlan
	for id := range ids {
		v, err := s.Open(ctx, c, id)
		if _, refused := fault.As(err); refused {
			continue // not on it, or not any more
		}
		if err != nil {
			return nil, err
		}
		m := MineOf(v, "")
		out = append(out, MinePlan{Row: Row(v.Plan), Asked: m.Asked, View: v})
	}
	slices.SortFunc(out, func(a, b MinePlan) int {
		return cmp.Or(cmp.Compare(bit(a.View.Over()), bit(b.View.Over())), cmp.Compare(bit(len(a.Asked) == 0), bit(len(b.Asked) == 0)),
			cmp.Compare(a.Row.DecideBy, b.Row.DecideBy), cmp.Compare(a.Row.Title, b.Row.Title), cmp.Compare(a.Row.Plan, b.Row.Plan))
	})
	return out, nil
}

// Over reports that nothing happens in the plan any more.
func (v View) Over() bool { return v.Plan.ReadOnly() || v.Plan.Phase == plan.Decided }
