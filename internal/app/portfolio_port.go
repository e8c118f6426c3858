package app

import (
	"context"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// PortfolioRow is what the portfolio shows of a plan without loading it. It is
// made from the shared stream and from the deal the plan carries, so it knows
// nothing of either side's own space but that deal. It is for the members of
// the plan's workspace.
type PortfolioRow struct {
	Plan      plan.ID
	Workspace plan.ID
	Home      plan.Side
	Phase     plan.Phase
	Paused    bool
	Left      bool
	Title     string
	Buyer     string // organisations
	Seller    string
	Decide    civil.Day // the date in the plan; zero: none
	Ready     civil.Day // computed, as of AsOf; zero: it cannot be told, or the plan is over
	Dated     bool      // somebody at the other side stands behind Decide
	Next      NextStep
	Done      plan.Sides[int] // counted steps per side, joint ones on both
	Total     plan.Sides[int]
	Joint     int
	LastBuyer time.Time // last event by somebody at the buyer; zero: none
	Quiet     int       // working days of the other side that passed since it did something, as of AsOf
	Blocks    Obstacles
	Asks      plan.Sides[int]       // open proposals that wait for a side
	Asked     plan.Sides[time.Time] // since when the oldest of them does
	Slips     int                   // how often the decision or a milestone was agreed to be later
	Moved     int                   // calendar days by which the decision is later than first agreed
	Overdue   int                   // steps of the home side past their date, as of AsOf
	Since     civil.Day             // the date of the first of those
	Missed    int                   // check-ins that did not take place, as of AsOf
	Deal      DealCut
	Shared    time.Time // zero: not yet
	Agreed    time.Time // first agreement; zero: not yet
	Active    int       // people at the buyer who did something; Commit counts them
	Need      int       // the order of urgency: see Reasons
	AsOf      civil.Day // the day it was computed for; zero: only what was known before
	Updated   time.Time
	Seq       int64
	Remark    *Remark // as read; not stored with the row
}

// NextStep is the step that is to be done next.
type NextStep struct {
	Item  plan.ID // empty: none
	Title string
	Party plan.Party
	Name  string // its owners
	Due   civil.Day
}

// Obstacles are the steps that cannot go on.
type Obstacles struct {
	N     int
	Since civil.Day // of the one that matters most: see obstacles
	Waits plan.Side // whose move it is; empty: nobody said
}

// DealCut is what the portfolio shows of the deal a plan carries. Without one,
// Owner is who leads the plan for the home side.
type DealCut struct {
	ID        plan.ID // empty: none
	Account   string
	Stage     string
	Segment   string
	Amount    int64  // in the smallest unit of its currency
	Currency  string // empty: no amount is known
	Close     civil.Day
	Owner     plan.ID // a member; empty: none is known here
	OwnerName string
}

// Remark is what a manager noted on a plan. Never for the other side.
type Remark struct {
	Plan      plan.ID
	Workspace plan.ID
	Member    plan.ID
	Name      string // of the member, as read
	Text      string
	At        time.Time
}

// SavedView is the portfolio as somebody wants to see it again.
type SavedView struct {
	ID        plan.ID
	Workspace plan.ID
	Member    plan.ID
	Name      string
	Query     string // filter and order, as in the page's address
	Shared    bool   // for the whole workspace
	Created   time.Time
}

// PortfolioFilter says which plans of a workspace are wanted; empty fields say
// nothing.
type PortfolioFilter struct {
	Workspace plan.ID
	Mine      plan.ID // the member owns the deal or is on the plan
	Needs     bool    // needs somebody today
	Obstacles bool
	Slipped   bool
	Quiet     bool   // nothing by the other side for QuietDays working days
	Differs   bool   // the CRM's date is another than the plan's
	Phase     string // a plan.Phase, "paused" or "left"
	Segment   string
	Owner     plan.ID
	Words     []string // each occurs in title, organisations, account or owner
}

// PortfolioQuery is a page of the portfolio: after a cursor, in one of
// PortfolioSorts. Limit is at most 500.
type PortfolioQuery struct {
	PortfolioFilter
	Sort  string
	Desc  bool   // the other way round than the sort's own
	After string // the Cursor of the row before; empty: from the start
	Limit int
}

// PortfolioPage is one page. Cursor is empty if there is no further one.
type PortfolioPage struct {
	Rows   []PortfolioRow
	Cursor string
}

// PortfolioStore keeps the rows of the portfolio. Rows are written with their
// changes by PlanStore.Commit, and by SavePortfolio where only the day or the
// deal is another. Safe for concurrent use.
type PortfolioStore interface {
	// Portfolio reads a page; its query's cursor, if it is none, is as empty.
	Portfolio(ctx context.Context, q PortfolioQuery) (PortfolioPage, error)
	// CountPortfolio counts plans, up to a number.
	CountPortfolio(ctx context.Context, f PortfolioFilter, most int) (int, error)
	// PortfolioOf is a plan's row; ErrNotFound.
	PortfolioOf(ctx context.Context, planID plan.ID) (PortfolioRow, error)
	// SavePortfolio stores a row unless a later event of the plan has; with
	// recount it first learns from the events who of the buyer was active.
	SavePortfolio(ctx context.Context, r PortfolioRow, recount bool) error
	// StalePortfolio lists plans whose rows were computed for an earlier day.
	StalePortfolio(ctx context.Context, workspace plan.ID, today civil.Day, limit int) ([]plan.ID, error)
	// Segments of a workspace's deals, in order, at most a hundred.
	Segments(ctx context.Context, workspace plan.ID) ([]string, error)
	// Pilot counts the plans shared in a time, both ends included.
	Pilot(ctx context.Context, workspace plan.ID, from, to time.Time, within time.Duration) (PilotCount, error)
	// PilotPlans lists them, those that do not meet a question first, at most
	// limit.
	PilotPlans(ctx context.Context, workspace plan.ID, from, to time.Time, limit int) ([]PortfolioRow, error)
}

// ViewStore keeps saved views and remarks.
type ViewStore interface {
	// Views of a member and those shared with their workspace, oldest first.
	Views(ctx context.Context, workspace, member plan.ID) ([]SavedView, error)
	View(ctx context.Context, id plan.ID) (SavedView, error)
	SaveView(ctx context.Context, v SavedView) error
	DropView(ctx context.Context, id plan.ID) error
	// SaveRemark replaces the remark on a plan; without text it deletes it.
	SaveRemark(ctx context.Context, r Remark) error
}

// PilotCount is what the pilot view counts of plans shared in a time.
type PilotCount struct {
	Plans   int // shared
	Due     int // of those agreed, or shared long enough to be
	InTime  int // agreed within that time
	Steps   int // of all of them
	Buyers  int // steps somebody at the buyer does, alone or jointly
	Active  int // plans with at least two people of the buyer who did something
	Running int // plans with a date, not over
	Undated int // of those, whose date nobody at the buyer agreed
}
