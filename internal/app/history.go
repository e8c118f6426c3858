package app

import (
	"context"

	"tandem/internal/plan"
)

// Entry is an event of a plan's history, with the words that were not erased.
type Entry struct {
	Event plan.Event
	plan.Meta
}

// History reads up to limit entries of the shared history before a sequence
// (0: from the end), newest first.
func (s *Service) History(ctx context.Context, v View, before int64, limit int) ([]Entry, error) {
	head := v.Plan.Head.Seq
	if before <= 0 || before > head+1 {
		before = head + 1
	}
	after := max(before-1-int64(limit), 0)
	records, err := s.plans.Records(ctx, plan.SharedStream(v.Plan.ID), after, int(before-1-after))
	if err != nil {
		return nil, err
	}
	words, err := s.plans.Words(ctx, plan.SharedStream(v.Plan.ID))
	if err != nil {
		return nil, err
	}
	out := make([]Entry, 0, len(records))
	for i := len(records) - 1; i >= 0; i-- {
		ev, m, err := plan.Unseal(records[i], words)
		if err != nil {
			return nil, err
		}
		out = append(out, Entry{ev, m})
	}
	return out, nil
}
