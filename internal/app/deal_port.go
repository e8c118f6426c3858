package app

import (
	"context"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Deal is the opportunity behind a plan, as the workspace's CRM knows it. It
// is the workspace's own: no event of a plan has it, and no view of the other
// side is given it.
type Deal struct {
	ID        plan.ID
	Workspace plan.ID
	Plan      plan.ID // empty: none yet
	CRM       string  // what the CRM calls it; unique in the workspace unless empty
	URL       string  // its page there
	Name      string
	Account   string    // the customer
	Amount    int64     // in minor units of the currency (cents); of no meaning without one
	Currency  string    // ISO 4217; empty: no amount is known
	Stage     string    // as the CRM says it
	Ended     string    // one of DealOpen, DealWon, DealLost
	Close     civil.Day // when the seller expects the decision; zero: unsaid
	Segment   string
	Owner     plan.ID // a member; empty if OwnerName is nobody of the workspace
	OwnerName string  // as the CRM says it
	Advice    string  // of the last readiness check: now, light, wait; empty: none was made
	// Gone is since when the CRM's list no longer has it; zero: it has, or
	// never had. A deal that is gone is kept.
	Gone    time.Time
	Created time.Time
	Updated time.Time
	Version int // number of times it was saved; SaveDeals expects the one that was read
}

// How a deal ended.
const (
	DealOpen = ""
	DealWon  = "won"
	DealLost = "lost"
)

// DealChange is a value of a deal that somebody or a list from the CRM changed.
type DealChange struct {
	Deal   plan.ID
	At     time.Time
	Field  string // one of Changed…
	Was    string // a day as YYYY-MM-DD, an amount as "123400 EUR", else words
	Now    string
	Member plan.ID // who changed it or brought the list in
	Listed bool    // it came with a list
}

// The fields whose changes are kept.
const (
	ChangedClose  = "close"
	ChangedStage  = "stage"
	ChangedAmount = "amount"
)

// DealLink gives a deal the plan that a change makes.
type DealLink struct {
	Workspace, Deal, Plan plan.ID
	Instead               plan.ID // the plan it had; empty: none
}

// DealWrite is a deal to be stored and what changed in it.
type DealWrite struct {
	Deal    Deal
	Changes []DealChange
}

// DealRow is a deal in a list, with what the list of plans says of its plan.
type DealRow struct {
	Deal
	PlanTitle string // empty: no plan
	Phase     plan.Phase
	DecideBy  string // the plan's, YYYY-MM-DD or empty
	Key       string // where it stands in the order that was asked for: see DealQuery
}

// DealSort is an order of the list of deals.
type DealSort string

// Orders of the list: the nearest close date first, by customer, the largest
// amount first (of any currency), what changed last first.
const (
	DealsByClose   DealSort = "close"
	DealsByAccount DealSort = "account"
	DealsByAmount  DealSort = "amount"
	DealsByChange  DealSort = "change"
)

// DealQuery says which deals of a workspace are listed.
type DealQuery struct {
	Workspace plan.ID
	Search    string  // in name, customer and CRM id, regardless of case
	Owner     plan.ID // empty: of anybody
	Without   bool    // only open ones without a plan
	Ended     bool    // also those won or lost
	Sort      DealSort
	AfterKey  string // Key and ID of the last one seen; empty: from the start
	After     plan.ID
	Limit     int
}

// DealStore keeps the deals of workspaces. Safe for concurrent use.
type DealStore interface {
	// Deal and DealOfPlan are ErrNotFound if the workspace has none such.
	Deal(ctx context.Context, workspace, id plan.ID) (Deal, error)
	DealOfPlan(ctx context.Context, workspace, planID plan.ID) (Deal, error)
	Deals(ctx context.Context, q DealQuery) ([]DealRow, error)
	// CountDeals counts the open ones, and those of them without a plan.
	CountDeals(ctx context.Context, workspace plan.ID) (open, without int, err error)
	// ListedDeals are all that have a CRM id, in no order.
	ListedDeals(ctx context.Context, workspace plan.ID) ([]Deal, error)
	// SaveDeals stores all or none. ErrStale if one was saved meanwhile,
	// ErrTaken if a CRM id or a plan belongs to another deal. Plan of a deal that
	// is there already is not changed: see LinkDeal.
	SaveDeals(ctx context.Context, deals []DealWrite) error
	// LinkDeal gives a deal a plan; empty takes it away. ErrTaken if the plan
	// has a deal already.
	LinkDeal(ctx context.Context, workspace, id, planID plan.ID) error
	// DeleteDeal deletes a deal with its history, checks and signals.
	DeleteDeal(ctx context.Context, workspace, id plan.ID) error
	// FreePlans are plans of a workspace without a deal, the last changed first.
	FreePlans(ctx context.Context, workspace plan.ID, limit int) ([]PlanRow, error)
	// LastBuyer is when somebody at the buyer last did something in a plan;
	// zero: never.
	LastBuyer(ctx context.Context, planID plan.ID) (time.Time, error)
	// DealChanges are a deal's, the last first, at most limit.
	DealChanges(ctx context.Context, id plan.ID, limit int) ([]DealChange, error)
}

// DealMapping is how a workspace reads a list with certain headers.
type DealMapping struct {
	Workspace plan.ID
	Headers   string // SHA-256 of the folded, sorted headers, in hex
	Settings  []byte // JSON of the settings, names of headers in them
	Used      time.Time
}

// ReadinessCheck is one answer to "is it time for a plan?".
type ReadinessCheck struct {
	ID        plan.ID
	Workspace plan.ID
	Deal      plan.ID
	At        time.Time
	Member    plan.ID
	Answers   []byte // JSON of readiness.Answers
	Advice    string // now, light, wait
}

// Resistance is how somebody at the buyer took the idea of a plan.
type Resistance struct {
	ID        plan.ID
	Workspace plan.ID
	Deal      plan.ID // empty: of the plan alone
	Plan      plan.ID // empty: there was none yet
	At        time.Time
	Member    plan.ID // who recorded it
	Moment    string  // introducing, inviting
	Objection string  // formal, process, timeline, work; empty: none was made
	Move      string  // light, steps, dates, confirm; empty: none was made
	Outcome   string  // welcomed, hesitant, refused; empty: not said yet
}

// SignalStore keeps what happened around introducing plans, and how lists are
// read. Safe for concurrent use.
type SignalStore interface {
	// SaveCheck adds a check and notes its advice in its deal.
	SaveCheck(ctx context.Context, c ReadinessCheck) error
	// Checks are a deal's, the last first.
	Checks(ctx context.Context, deal plan.ID) ([]ReadinessCheck, error)
	// SaveResistance adds a signal, or changes the outcome and the move of the
	// one with that id.
	SaveResistance(ctx context.Context, r Resistance) error
	// Resistances are those of a deal or of a plan (each may be empty), the
	// last first.
	Resistances(ctx context.Context, workspace, deal, planID plan.ID) ([]Resistance, error)
	// ResistancesSince are a workspace's since a time, the first first.
	ResistancesSince(ctx context.Context, workspace plan.ID, since time.Time) ([]Resistance, error)
	// Mapping is ErrNotFound where a list with such headers never came in.
	Mapping(ctx context.Context, workspace plan.ID, headers string) (DealMapping, error)
	SaveMapping(ctx context.Context, m DealMapping) error
}
