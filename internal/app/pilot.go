package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// Pilot tells a team that begins whether plans take hold. It counts plans,
// never people.
type Pilot struct {
	PilotCount
	From, To time.Time
	Plans    []PortfolioRow // those counted, shared last first; at most PilotListed
	Welcomed int            // how introductions were met, as sellers noted it
	Hesitant int
	Refused  int
}

// AgreeWithin is the time in which a plan that was shared should be agreed.
const AgreeWithin = 7 * 24 * time.Hour

// PilotListed bounds the list behind the numbers.
const PilotListed = 300

// PilotDays are the periods one can look at, in days.
var PilotDays = []int{30, 90, 180, 365}

// Pilot is for every member: its numbers are the team's.
func (s *Service) Pilot(ctx context.Context, c Caller, days int) (Pilot, error) {
	if c.Member == nil {
		return Pilot{}, missing()
	}
	now := s.clock()
	out := Pilot{From: now.AddDate(0, 0, -days), To: now}
	var err error
	if out.PilotCount, err = s.portfolio.Pilot(ctx, c.Member.Workspace, out.From, out.To, AgreeWithin); err != nil {
		return out, err
	}
	if out.Plans, err = s.portfolio.PilotPlans(ctx, c.Member.Workspace, out.From, out.To, PilotListed); err != nil {
		return out, err
	}
	met, err := s.signals.ResistancesSince(ctx, c.Member.Workspace, out.From)
	for _, r := range met {
		switch r.Outcome {
		case "welcomed":
			out.Welcomed++
		case "hesitant":
			out.Hesitant++
		case "refused":
			out.Refused++
		}
	}
	return out, err
}

// InTime says whether a plan was agreed soon after it was shared; Due, whether
// that can be said already.
func (r *PortfolioRow) InTime() bool {
	return !r.Agreed.IsZero() && r.Agreed.Sub(r.Shared) <= AgreeWithin
}

// DueBy reports whether it can be said at a time whether a plan was agreed in
// time.
func (r *PortfolioRow) DueBy(now time.Time) bool {
	return r.InTime() || now.Sub(r.Shared) > AgreeWithin
}

// UndatedYet reports that a plan runs with a date nobody at the other side
// stands behind.
func (r *PortfolioRow) UndatedYet() bool {
	return !r.Left && !r.Dated && !r.Decide.IsZero() && (r.Phase == plan.Shared || r.Phase == plan.Agreed)
}

// BuyerSteps are the steps somebody at the buyer does, alone or jointly, and
// all of them.
func (r *PortfolioRow) BuyerSteps() (n, all int) {
	return r.Total.Buyer, r.Total.Buyer + r.Total.Seller - r.Joint
}
