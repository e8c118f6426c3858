package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// JobPortfolio computes a new day's rows of all portfolios; JobPortfolioPlan
// those of one plan, after its deal changed.
const (
	JobPortfolio     = "portfolio"
	JobPortfolioPlan = "portfolio-plan"
)

// refreshedAtOnce bounds how many plans one run looks at; it comes back for
// the rest.
const refreshedAtOnce = 100

// portfolios names who computes them; while the service is made.
func (s *Service) portfolios() {
	s.every(JobPortfolio, time.Hour, func(ctx context.Context, _ []byte) error { return s.refreshPortfolios(ctx) })
	s.handle(JobPortfolioPlan, func(ctx context.Context, data []byte) error { return s.refreshPortfolio(ctx, plan.ID(data)) })
}

// PortfolioSorts are the orders of the portfolio, the first as it is without
// choice; see PortfolioQuery.
var PortfolioSorts = []string{"need", "title", "next", "decide", "ready", "close", "amount", "stage", "owner", "progress", "buyer", "obstacle",
	"proposal", "slips", "missed", "phase"}

// Portfolio is a member's look at all plans of their workspace: a page of
// them, how many need somebody today and how many there are, both counted up
// to CountedMost.
type Portfolio struct {
	Page  PortfolioPage
	Team  bool // the caller is on no plan: what is counted are the whole workspace's
	Needs int  // plans of the caller (of a team: all) that need somebody today
	All   int
	Found int           // plans that match the filter
	First *PortfolioRow // the most urgent of those counted in Needs; nil: none
}

// CountedMost is as far as anybody counts.
const CountedMost = 1_000

// Portfolio reads a page. Members; drafts are among them, as in the list it
// took the place of.
func (s *Service) Portfolio(ctx context.Context, c Caller, q PortfolioQuery) (Portfolio, error) {
	if c.Member == nil {
		return Portfolio{}, missing()
	}
	q.Workspace = c.Member.Workspace
	var out Portfolio
	var err error
	if out.Page, err = s.portfolio.Portfolio(ctx, q); err != nil {
		return out, err
	}
	count := func(n *int, f PortfolioFilter) {
		if err == nil {
			f.Workspace = c.Member.Workspace
			*n, err = s.portfolio.CountPortfolio(ctx, f, CountedMost+1)
		}
	}
	count(&out.All, PortfolioFilter{})
	mine := 0
	if out.All > 0 {
		var one int
		if one, err = s.portfolio.CountPortfolio(ctx, PortfolioFilter{Workspace: c.Member.Workspace, Mine: c.Member.ID}, 1); err == nil {
			mine = one
		}
	}
	if out.Team = mine == 0; out.Team {
		count(&out.Needs, PortfolioFilter{Needs: true})
	} else {
		count(&out.Needs, PortfolioFilter{Needs: true, Mine: c.Member.ID})
	}
	count(&out.Found, q.PortfolioFilter)
	if err != nil || out.Needs == 0 {
		return out, err
	}
	first := PortfolioQuery{PortfolioFilter: PortfolioFilter{Workspace: c.Member.Workspace, Needs: true}, Limit: 1}
	if !out.Team {
		first.Mine = c.Member.ID
	}
	top, err := s.portfolio.Portfolio(ctx, first)
	if err == nil && len(top.Rows) > 0 && len(top.Rows[0].Reasons()) > 0 {
		out.First = &top.Rows[0]
	}
	return out, err
}

// PortfolioChoices are what one can filter by: the segments of deals, and the
// workspace's members.
func (s *Service) PortfolioChoices(ctx context.Context, c Caller) (segments []string, owners []Member, err error) {
	if c.Member == nil {
		return nil, nil, missing()
	}
	if segments, err = s.portfolio.Segments(ctx, c.Member.Workspace); err != nil {
		return nil, nil, err
	}
	owners, err = s.directory.Members(ctx, c.Member.Workspace)
	return segments, owners, err
}

// Most of what people type here.
const (
	remarkMost   = 2_000 // characters of a remark
	viewNameMost = 80
	viewsMost    = 50 // of a member
)

// Remark notes what a manager has to say on a plan of their workspace, in
// place of what was noted before; no text takes it away. Managers and
// administrators write, all members read; nobody else ever does.
func (s *Service) Remark(ctx context.Context, c Caller, planID plan.ID, text string) error {
	if c.Member == nil {
		return missing()
	}
	row, err := s.portfolio.PortfolioOf(ctx, planID)
	if errors.Is(err, ErrNotFound) || err == nil && row.Workspace != c.Member.Workspace {
		return missing()
	}
	if err != nil {
		return err
	}
	if !c.Member.manages() {
		return fault.New(fault.Forbidden, "fault.right.manager")
	}
	text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
	if utf8.RuneCountInString(text) > remarkMost {
		return fault.New(fault.Invalid, "portfolio.fault.remark", "max", remarkMost)
	}
	return s.views.SaveRemark(ctx, Remark{Plan: planID, Workspace: row.Workspace, Member: c.Member.ID, Text: text, At: s.clock()})
}

// Views are the caller's saved views and those shared with their workspace.
func (s *Service) Views(ctx context.Context, c Caller) ([]SavedView, error) {
	if c.Member == nil {
		return nil, missing()
	}
	return s.views.Views(ctx, c.Member.Workspace, c.Member.ID)
}

// SaveView keeps a view for the caller, or for their whole workspace, which
// managers and administrators may. The id is the form's, so that what is sent
// twice is kept once.
func (s *Service) SaveView(ctx context.Context, c Caller, v SavedView) error {
	if c.Member == nil {
		return missing()
	}
	v.Workspace, v.Member, v.Created = c.Member.Workspace, c.Member.ID, s.clock()
	v.Name = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(v.Name, "\x00", ""), ""))
	switch {
	case v.ID == "" || len(v.ID) > 40:
		return fault.New(fault.Invalid, "fault.id")
	case v.Name == "" || utf8.RuneCountInString(v.Name) > viewNameMost:
		return fault.New(fault.Invalid, "portfolio.fault.name", "max", viewNameMost)
	case len(v.Query) > 2_000:
		return fault.New(fault.Invalid, "portfolio.fault.query")
	case v.Shared && !c.Member.manages():
		return fault.New(fault.Forbidden, "fault.right.manager")
	}
	old, err := s.views.View(ctx, v.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil && (old.Workspace != v.Workspace || old.Member != v.Member) {
		return missing()
	}
	if errors.Is(err, ErrNotFound) {
		all, err := s.views.Views(ctx, v.Workspace, v.Member)
		if err != nil {
			return err
		}
		if len(all) >= viewsMost {
			return fault.New(fault.Refused, "portfolio.fault.views", "max", viewsMost)
		}
	}
	return s.views.SaveView(ctx, v)
}

// DropView deletes an own view, or a shared one, which managers and
// administrators may.
func (s *Service) DropView(ctx context.Context, c Caller, id plan.ID) error {
	if c.Member == nil {
		return missing()
	}
	v, err := s.views.View(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound),
		err == nil && (v.Workspace != c.Member.Workspace || v.Member != c.Member.ID && !v.Shared):
		return missing()
	case err != nil:
		return err
	case v.Member != c.Member.ID && !c.Member.manages():
		return fault.New(fault.Forbidden, "fault.right.manager")
	}
	return s.views.DropView(ctx, id)
}

// refreshPortfolios computes the rows of every workspace in which a new day
// has begun. Twice does no harm; what cannot be computed is left as it is
// until the next day and does not hold up the others.
func (s *Service) refreshPortfolios(ctx context.Context) error {
	places, err := s.directory.Workspaces(ctx)
	if err != nil {
		return err
	}
	left := refreshedAtOnce
	for _, w := range places {
		today := civil.On(s.clock(), w.zone())
		stale, err := s.portfolio.StalePortfolio(ctx, w.ID, today, left)
		if err != nil {
			return err
		}
		for _, id := range stale {
			if err := s.refreshPortfolio(ctx, id); err != nil {
				slog.ErrorContext(ctx, "a plan's row of the portfolio cannot be computed", "plan", id)
				if err := s.putOff(ctx, id, today); err != nil {
					return err
				}
			}
		}
		if left -= len(stale); left <= 0 {
			return Again{At: s.clock().Add(time.Second)}
		}
	}
	return nil
}

// putOff lets a row be as it is for a day.
func (s *Service) putOff(ctx context.Context, id plan.ID, today civil.Day) error {
	row, err := s.portfolio.PortfolioOf(ctx, id)
	if err != nil {
		return err
	}
	row.AsOf = today
	return s.portfolio.SavePortfolio(ctx, row, false)
}

// refreshPortfolio computes a plan's row afresh, with the deal it carries now.
// A plan that is not there has none.
func (s *Service) refreshPortfolio(ctx context.Context, id plan.ID) error {
	p, err := s.states.glance(ctx, id)
	if err != nil || p.Phase == "" {
		return err
	}
	before, err := s.portfolio.PortfolioOf(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if before.Deal, err = s.dealCut(ctx, p.Workspace, id); err != nil {
		return err
	}
	v, err := s.asOfNow(ctx, p)
	if err != nil {
		return err
	}
	v.times = nil // the plans in use keep their place
	return s.portfolio.SavePortfolio(ctx, portfolioRow(v, before), before.AsOf.IsZero())
}

// dealCut is what the portfolio shows of a plan's deal; empty without one.
func (s *Service) dealCut(ctx context.Context, workspace, planID plan.ID) (DealCut, error) {
	d, err := s.deals.DealOfPlan(ctx, workspace, planID)
	if errors.Is(err, ErrNotFound) {
		return DealCut{}, nil
	}
	return cutOf(d), err
}

func cutOf(d Deal) DealCut {
	return DealCut{ID: d.ID, Account: d.Account, Stage: d.Stage, Segment: d.Segment, Amount: d.Amount, Currency: d.Currency,
		Close: d.Close, Owner: d.Owner, OwnerName: d.OwnerName}
}

// refreshedNow is how many plans are brought up to date before whoever changed
// their deals has an answer.
const refreshedNow = 10

// dealsMoved brings the rows of plans up to date after their deals changed:
// few at once, many (and what fails) by jobs.
func (s *Service) dealsMoved(ctx context.Context, plans ...plan.ID) error {
	var c Change
	done := map[plan.ID]bool{"": true}
	for _, id := range plans {
		if done[id] {
			continue
		}
		done[id] = true
		if len(done) <= refreshedNow && s.refreshPortfolio(ctx, id) == nil {
			continue
		}
		c.Jobs = append(c.Jobs, Job{Kind: JobPortfolioPlan, Key: JobPortfolioPlan + "/" + string(id), RunAt: s.clock(), Data: []byte(id)})
	}
	if len(c.Jobs) == 0 {
		return nil
	}
	return s.plans.Commit(ctx, c)
}

// CatchUpPortfolios computes what is due without waiting for whoever runs
// jobs: for the demo and for tests.
func (s *Service) CatchUpPortfolios(ctx context.Context) error {
	for {
		err := s.refreshPortfolios(ctx)
		var again Again
		if !errors.As(err, &again) {
			return err
		}
	}
}
