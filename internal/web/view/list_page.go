package view

import (
	"time"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// List is what somebody without an account takes part in.
type List struct {
	Guest []ListRow
}

// ListRow is a plan in a list.
type ListRow struct {
	ID, Title, Buyer, Seller string
	State                    PlanState
	Revision                 int
	DecideBy                 civil.Day
	BuyerDone, BuyerTotal    int
	SellerDone, SellerTotal  int
	Proposals                int
	Updated, LastBuyer       time.Time
}

// state says where in its life a plan is.
func (r *ListRow) state(l *locale.Locale) string {
	switch r.State {
	case Agreed:
		return l.T("pages.list.agreed", "N", r.Revision)
	case Shared:
		return l.T("plan.state.shared")
	case Paused:
		return l.T("plan.state.paused")
	case Decided:
		return l.T("plan.state.decided")
	case Left:
		return l.T("plan.state.left")
	case Archived:
		return l.T("plan.state.archived")
	}
	return l.T("pages.list.draft")
}

func (r *ListRow) decide(l *locale.Locale) string {
	if r.DecideBy.IsZero() {
		return l.T("pages.list.open")
	}
	return l.Date(r.DecideBy)
}
