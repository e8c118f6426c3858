package app

import (
	"slices"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// ReasonKind is why a deal needs somebody today.
type ReasonKind string

// The reasons, the most urgent first: what waits for us, what does not hold,
// what goes quiet.
const (
	ReasonAnswer  ReasonKind = "answer"  // the other side's proposal waits for an answer
	ReasonUnblock ReasonKind = "unblock" // somebody cannot go on and waits for us
	ReasonOverdue ReasonKind = "overdue" // own steps are past their date
	ReasonLate    ReasonKind = "late"    // the computed date is later than the agreed
	ReasonCRM     ReasonKind = "crm"     // the CRM closes before both decide
	ReasonQuiet   ReasonKind = "quiet"   // the other side does nothing
	ReasonStuck   ReasonKind = "stuck"   // an obstacle that the other side could clear lasts
	ReasonWaits   ReasonKind = "waits"   // an own proposal waits
	ReasonSlips   ReasonKind = "slips"   // dates were moved again and again
	ReasonMissed  ReasonKind = "missed"  // check-ins do not take place
	ReasonUndated ReasonKind = "undated" // nobody at the other side agreed the date
)

var reasonOrder = []ReasonKind{ReasonAnswer, ReasonUnblock, ReasonOverdue, ReasonLate, ReasonCRM, ReasonQuiet, ReasonStuck, ReasonWaits, ReasonSlips, ReasonMissed, ReasonUndated}

// Reason is one of them, with what its sentence says: a number, and the day it
// is about.
type Reason struct {
	Kind ReasonKind
	N    int
	Day  civil.Day
}

// Thresholds of reasons. Working days are those of the other side's calendar.
const (
	QuietDays   = 5 // working days without anything by the other side
	stuckDays   = 5 // calendar days an obstacle lasts
	waitsDays   = 3 // calendar days an own proposal waits
	slipsOften  = 2 // times something was moved later
	missedOften = 2 // check-ins in a row
	undatedDays = 7 // calendar days since sharing
)

// running reports that something is to be done in the plan by both sides.
func (r *PortfolioRow) running() bool {
	return (r.Phase == plan.Shared || r.Phase == plan.Agreed) && !r.Paused && !r.Left
}

// Reasons say why a plan needs somebody of its workspace, the most urgent
// first, as of the day the row was computed for. They speak of the plan and
// its sides, never of how good anybody is.
func (r *PortfolioRow) Reasons() []Reason {
	if !r.running() || r.AsOf.IsZero() {
		return nil
	}
	us, them := r.Home, r.Home.Other()
	var out []Reason
	add := func(if_ bool, x Reason) {
		if if_ {
			out = append(out, x)
		}
	}
	age := func(since civil.Day) int { return int(r.AsOf - since) }
	add(r.Asks.Of(us) > 0, Reason{Kind: ReasonAnswer, N: r.Asks.Of(us), Day: civil.Day(r.Asked.Of(us).Unix() / 86400)})
	add(r.Blocks.N > 0 && r.Blocks.Waits == us, Reason{Kind: ReasonUnblock, N: r.Blocks.N, Day: r.Blocks.Since})
	add(r.Overdue > 0, Reason{Kind: ReasonOverdue, N: r.Overdue, Day: r.Since})
	add(r.LateDays() > 0, Reason{Kind: ReasonLate, N: r.LateDays(), Day: r.Ready})
	add(r.Gap() < 0, Reason{Kind: ReasonCRM, N: -r.Gap(), Day: r.Deal.Close})
	add(r.Quiet >= QuietDays, Reason{Kind: ReasonQuiet, N: r.Quiet})
	add(r.Blocks.N > 0 && r.Blocks.Waits != us && age(r.Blocks.Since) >= stuckDays, Reason{Kind: ReasonStuck, N: r.Blocks.N, Day: r.Blocks.Since})
	add(r.Asks.Of(them) > 0 && age(civil.Day(r.Asked.Of(them).Unix()/86400)) >= waitsDays, Reason{Kind: ReasonWaits, N: r.Asks.Of(them), Day: civil.Day(r.Asked.Of(them).Unix() / 86400)})
	add(r.Slips >= slipsOften, Reason{Kind: ReasonSlips, N: r.Slips})
	add(r.Missed >= missedOften, Reason{Kind: ReasonMissed, N: r.Missed})
	add(!r.Dated && !r.Decide.IsZero() && !r.Shared.IsZero() && age(civil.Day(r.Shared.Unix()/86400)) >= undatedDays, Reason{Kind: ReasonUndated, Day: r.Decide})
	return out
}

// LateDays is by how many calendar days the computed date is later than the
// one in the plan; never negative.
func (r *PortfolioRow) LateDays() int {
	if r.Ready.IsZero() || r.Decide.IsZero() {
		return 0
	}
	return max(0, int(r.Ready-r.Decide))
}

// Gap is the calendar days from the plan's date to the CRM's: negative if the
// CRM's is earlier, zero if either is missing.
func (r *PortfolioRow) Gap() int {
	if r.Deal.Close.IsZero() || r.Decide.IsZero() {
		return 0
	}
	return int(r.Deal.Close - r.Decide)
}

// NeedsFrom is the least Need of a plan that needs somebody.
const NeedsFrom = 1 << 16

// need is the order of urgency: by the most urgent reason, then by the nearest
// decision; plans that run before those that do not.
func (r *PortfolioRow) need() int {
	soon := 0
	if d := int(r.Decide); d > 0 && d < NeedsFrom && r.running() {
		soon = NeedsFrom - 1 - d
	}
	reasons := r.Reasons()
	if len(reasons) == 0 {
		return soon
	}
	return (len(reasonOrder)-slices.Index(reasonOrder, reasons[0].Kind))*NeedsFrom + soon
}
