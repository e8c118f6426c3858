package app

import (
	"context"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// DealSummary is what a seller writes into the CRM about a plan.
type DealSummary struct {
	View
	Next      *plan.Item   // the open step both sides have next; nil: none
	Ready     civil.Day    // when the decision can be made by what is known; zero: unknown
	Late      bool         // later than agreed
	Blocked   []*plan.Item // the oldest obstacle first
	Proposals []*plan.Proposal
	LastBuyer time.Time // when somebody at the buyer last did something; zero: never
}

// DealSummary sums a plan up for the CRM of the side whose deal it is. Members
// of that side only. Nothing internal of either side is in it.
func (s *Service) DealSummary(ctx context.Context, c Caller, v View) (DealSummary, error) {
	if !v.sellsIt(c) {
		return DealSummary{}, missing()
	}
	out := DealSummary{View: v, Next: nextOfBoth(v.Plan), Proposals: v.Plan.OpenProposals()}
	if t, err := v.Timetable(); err == nil { // a plan no calendar can hold has no computed date
		out.Ready = t.Ready()
	}
	due := v.Plan.Items[plan.DecisionItem].Terms.Due
	out.Late = !due.IsZero() && out.Ready > due
	for _, it := range v.Plan.Live(plan.KindAction) {
		if it.Progress.Status == plan.Blocked && it.Progress.Block != nil {
			out.Blocked = append(out.Blocked, it)
		}
	}
	slices.SortStableFunc(out.Blocked, func(a, b *plan.Item) int { return int(a.Progress.Block.Since) - int(b.Progress.Block.Since) })
	var err error
	out.LastBuyer, err = s.deals.LastBuyer(ctx, v.Plan.ID)
	return out, err
}

// nextOfBoth is the open step with the nearest agreed date; of those without, the
// first.
func nextOfBoth(p *plan.Plan) *plan.Item {
	var next *plan.Item
	for _, it := range p.Live(plan.KindAction) {
		switch {
		case it.Progress.Status == plan.Done:
		case next == nil, it.Terms.Due != 0 && (next.Terms.Due == 0 || it.Terms.Due < next.Terms.Due):
			next = it
		}
	}
	return next
}
