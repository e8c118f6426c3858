package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// portfolioRow is what the portfolio shows of a plan on a day. What only the
// store knows (when the buyer last did something, the deal) comes with before,
// the row as it was.
func portfolioRow(v View, before PortfolioRow) PortfolioRow {
	p, today := v.Plan, v.Today
	decision := p.Items[plan.DecisionItem]
	us, them := p.Home, p.Home.Other()
	r := PortfolioRow{Plan: p.ID, Workspace: p.Workspace, Home: p.Home, Phase: p.Phase, Paused: p.Paused != nil, Left: p.LeftBy != "",
		Title: decision.Terms.Title.Value, Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value,
		Decide: decision.Terms.Due, Dated: decision.StandsBehind(them), LastBuyer: before.LastBuyer, Deal: before.Deal, Active: before.Active,
		Shared: p.SharedAt, AsOf: today, Updated: time.UnixMilli(p.Head.At).UTC(), Seq: p.Head.Seq}
	if len(p.Baselines) > 0 {
		r.Agreed = p.Baselines[0].At
	}
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		done, total := Progress(p, side)
		r.Done.Set(side, done)
		r.Total.Set(side, total)
	}
	for _, it := range p.Live(plan.KindAction) {
		if it.Terms.Party == plan.Joint {
			r.Joint++
		}
	}
	r.Slips, r.Moved = slipsOf(p)
	if r.Deal.ID == "" {
		r.Deal = DealCut{}
		if leads := p.LeadsOf(us); len(leads) > 0 {
			r.Deal.Owner, r.Deal.OwnerName = leads[0].ID, leads[0].Name.Value
		}
	}
	if !alive(p) && p.Phase != plan.Draft {
		r.AsOf = never // nothing of it changes with the days
		r.Need = r.need()
		return r
	}
	r.Next = nextStep(p)
	if t, err := v.Timetable(); err == nil {
		r.Ready = t.Ready()
	}
	for _, pr := range p.OpenProposals() {
		waits := pr.Side.Other()
		r.Asks.Set(waits, r.Asks.Of(waits)+1)
		if first := r.Asked.Of(waits); first.IsZero() || pr.At.Before(first) {
			r.Asked.Set(waits, pr.At)
		}
	}
	r.Blocks = obstacles(p)
	r.Overdue, r.Since = overdueOf(p, us, today)
	if p.Phase != plan.Draft {
		r.Quiet = quietOf(p, r.LastBuyer, v.Zone, today)
		r.Missed = len(MissedCheckIns(p, v.Now, v.Zone))
	}
	r.Need = r.need()
	return r
}

// never is the day for which rows are computed that no day changes.
var never = civil.Latest

// nextStep is the open step with the earliest date.
func nextStep(p *plan.Plan) NextStep {
	var next *plan.Item
	for _, it := range p.Live(plan.KindAction) {
		if it.Progress.Status == plan.Done {
			continue
		}
		if next == nil || byDue(it.Terms.Due, next.Terms.Due) < 0 {
			next = it
		}
	}
	if next == nil {
		return NextStep{}
	}
	var names []string
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		if q := p.Person(next.Terms.Owners.Of(side)); q != nil && !q.Erased() && next.Terms.Party.Includes(side) {
			names = append(names, q.Name.Value)
		}
	}
	return NextStep{Item: next.ID, Title: next.Terms.Title.Value, Party: next.Terms.Party, Name: strings.Join(names, ", "), Due: next.Terms.Due}
}

// obstacles counts the steps that cannot go on; what it says of one is of the
// oldest that waits for the home side, else of the oldest.
func obstacles(p *plan.Plan) Obstacles {
	var o Obstacles
	for _, it := range p.Live(plan.KindAction) {
		b := it.Progress.Block
		if it.Progress.Status != plan.Blocked || b == nil {
			continue
		}
		o.N++
		ours, was := b.Waits == p.Home, o.Waits == p.Home
		if o.N == 1 || ours && !was || ours == was && b.Since < o.Since {
			o.Since, o.Waits = b.Since, b.Waits
		}
	}
	return o
}

// overdueOf counts the open steps of a side past their date: by the expected
// date where its owner named one.
func overdueOf(p *plan.Plan, side plan.Side, today civil.Day) (n int, since civil.Day) {
	for _, it := range p.Live(plan.KindAction) {
		due := cmp.Or(it.Progress.Expected, it.Terms.Due)
		if !it.Terms.Party.Includes(side) || it.Progress.Status == plan.Done || due.IsZero() || due >= today {
			continue
		}
		n++
		if since.IsZero() || due < since {
			since = due
		}
	}
	return n, since
}

// slipsOf counts how often the decision and the milestones were moved later,
// and by how many calendar days the decision is later than first agreed.
func slipsOf(p *plan.Plan) (times, moved int) {
	for _, it := range p.Live(plan.KindMilestone, plan.KindDecision) {
		n, first := Slips(p, it.ID)
		times += n
		if it.ID == plan.DecisionItem && !first.IsZero() && !it.Terms.Due.IsZero() {
			moved = max(0, int(it.Terms.Due-first))
		}
	}
	return times, moved
}

const quietMost = 120 // working days are counted so far back, in calendar days

// quietOf counts the working days of the other side that passed without it
// doing anything since it last did, or since it was given the plan.
func quietOf(p *plan.Plan, last time.Time, zone *time.Location, today civil.Day) int {
	if p.Home != plan.Seller || p.SharedAt.IsZero() { // what the store knows is the buyer's last day
		return 0
	}
	if last.Before(p.SharedAt) {
		last = p.SharedAt
	}
	from := max(civil.On(last, zone), today-quietMost)
	works := func(d civil.Day) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }
	if c, err := SideCalendar(p, p.Home.Other(), from, quietMost+1); err == nil {
		works = c.Works
	}
	n := 0
	for d := from + 1; d < today; d++ {
		if works(d) {
			n++
		}
	}
	return n
}

// shown adds to a change the plan's row of the portfolio after a decision, and
// who of the buyer did something in it. A deal that is changed at the same
// moment may be overlooked: its own job puts that right.
func (s *Service) shown(ctx context.Context, c *Change, d *plan.Decision) error {
	p := d.State
	before, err := s.portfolio.PortfolioOf(ctx, p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil {
		was := before
		c.Before = &was
	}
	if c.Deal != nil { // the plan is being made for it
		deal, err := s.deals.Deal(ctx, c.Deal.Workspace, c.Deal.Deal)
		if err != nil {
			return err
		}
		before.Deal = cutOf(deal)
	}
	for _, m := range d.Metas {
		if m.Side != plan.Buyer || m.Actor == "" {
			continue
		}
		before.LastBuyer = m.At
		if q := p.Person(m.Actor); q != nil && !slices.Contains(c.Active, q.ID) {
			c.Active = append(c.Active, q.ID)
		}
	}
	v, err := s.asOfNow(ctx, p)
	if err != nil {
		return err
	}
	row := portfolioRow(v, before)
	c.Shown = &row
	return nil
}

// asOfNow is the shared plan as nobody in particular sees it today.
func (s *Service) asOfNow(ctx context.Context, p *plan.Plan) (View, error) {
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return View{}, err
	}
	now, zone := s.clock(), w.zone()
	return View{Plan: p, Workspace: w, Zone: zone, Now: now, Today: civil.On(now, zone), times: s.times}, nil
}
