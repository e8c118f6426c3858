package app

import (
	"slices"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// Supposition is one thing that might be otherwise; its other fields are
// empty. Without any, it asks what the dates that do not hold would have to be.
type Supposition struct {
	Item  plan.ID   // the step; for Due also a milestone or the decision
	Days  *int      // it takes so many days
	Until civil.Day // it is not finished before this day
	Owner plan.ID   // somebody else does it
	Due   civil.Day // another date is agreed
	After plan.ID   // with Lag: so many working days after this step; negative: before it ends
	Lag   *int
}

// Repair is what a supposition would do, before anybody else sees it.
type Repair struct {
	Table        *Timetable // as it would be
	Before       civil.Day  // when everything would be ready so far
	Dates        []NewDate  // agreed dates that would have to move, in the order of the plan
	Moves        []schedule.Move
	Alternatives []schedule.Fix
}

// NewDate is an agreed date, or one still being talked over, that moves.
type NewDate struct {
	Item     plan.ID
	Version  int
	Old, New civil.Day
}

// Suppose previews a supposition. It changes nothing.
//
// Faults: those of View.Timetable, and fault.missing for something that is not
// in the plan.
func (v View) Suppose(x Supposition) (*Repair, error) {
	before, err := v.Timetable()
	if err != nil {
		return nil, err
	}
	file, err := x.onto(before.file)
	if err != nil {
		return nil, err
	}
	g, err := network(v.Plan, file, before.Today)
	if err != nil {
		return nil, err
	}
	preview, err := schedule.Compare(before.schedule, g)
	if err != nil {
		return nil, err
	}
	r := &Repair{Table: tell(v.Plan, file, preview.After, before.Today, before.Still), Before: before.Ready(),
		Moves: preview.Moves, Alternatives: preview.Alternatives}
	r.Dates = r.Table.needed(v.Plan, x)
	return r, nil
}

// onto is the supposed plan; the given one stays as it is.
func (x Supposition) onto(f *planfile.Plan) (*planfile.Plan, error) {
	g := *f
	g.Actions, g.Milestones, g.Links = slices.Clone(f.Actions), slices.Clone(f.Milestones), slices.Clone(f.Links)
	if x.Item == "" {
		return &g, nil
	}
	if i := slices.IndexFunc(g.Milestones, func(m planfile.Milestone) bool { return m.ID == string(x.Item) }); i >= 0 && x.Due != 0 {
		g.Milestones[i].Date = x.Due
		return &g, nil
	}
	i := slices.IndexFunc(g.Actions, func(a planfile.Action) bool { return a.ID == string(x.Item) })
	if i < 0 {
		return nil, missing()
	}
	a := &g.Actions[i]
	if x.Days != nil {
		if *x.Days < 0 || *x.Days > schedule.MaxDays {
			return nil, fault.New(fault.Invalid, "schedule.duration", "title", a.Title, "most", schedule.MaxDays)
		}
		if a.Remaining != nil && a.Duration != nil { // what was worked so far stays worked
			left := max(*a.Remaining+*x.Days-*a.Duration, 0)
			a.Remaining = &left
		}
		a.Duration = x.Days
	}
	if x.Until != 0 {
		a.Expected = x.Until
	}
	if x.Due != 0 {
		a.Due = x.Due
	}
	if x.Owner != "" {
		if err := x.hand(&g, a); err != nil {
			return nil, err
		}
	}
	if x.Lag != nil {
		l := slices.IndexFunc(g.Links, func(l planfile.Link) bool { return l.From == string(x.After) && l.To == a.ID })
		if l < 0 {
			return nil, missing()
		}
		g.Links[l].Lag = *x.Lag
	}
	return &g, nil
}

// hand gives a step to somebody of the same side.
func (x Supposition) hand(f *planfile.Plan, a *planfile.Action) error {
	i := slices.IndexFunc(f.People, func(q planfile.Person) bool { return q.ID == string(x.Owner) })
	if i < 0 || a.Side != planfile.Joint && f.People[i].Side != a.Side {
		return missing()
	}
	switch {
	case a.Side != planfile.Joint:
		a.Owner = f.People[i].ID
	case f.People[i].Side == planfile.Buyer:
		a.Owners.Buyer = f.People[i].ID
	default:
		a.Owners.Seller = f.People[i].ID
	}
	return nil
}

// needed are the dates that would have to be agreed: of each item that has
// one, the later of that and the computed one.
func (t *Timetable) needed(p *plan.Plan, x Supposition) []NewDate {
	var out []NewDate
	for _, it := range p.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		old := it.Terms.Due
		if old.IsZero() || it.Progress.Status == plan.Done {
			continue
		}
		due := old
		if it.ID == x.Item && x.Due != 0 {
			due = x.Due
		}
		if d, ok := t.Dates(it.ID); ok && !it.Details.Pinned {
			due = max(due, d.Finish)
		}
		if due != old {
			out = append(out, NewDate{it.ID, it.Version, old, due})
		}
	}
	return out
}

// Backwards proposes dates from the decision back: as late as they can be if
// the decision holds with so many working days to spare. Steps that do not
// lead to the decision, are done or are booked keep theirs. Short is how many
// days are missing where even today is too late.
//
// Faults: as View.Timetable; schedule.undated without a day to decide.
func (v View) Backwards(decide civil.Day, spare int) (dates []NewDate, short int, err error) {
	if decide.IsZero() {
		return nil, 0, fault.New(fault.Invalid, "timetable.backwards.undated")
	}
	table, err := v.Timetable()
	if err != nil {
		return nil, 0, err
	}
	f := *table.file
	f.Actions, f.Milestones = slices.Clone(f.Actions), slices.Clone(f.Milestones)
	for i := range f.Actions {
		if a := &f.Actions[i]; !a.Pinned {
			a.Due = 0
		}
	}
	for i := range f.Milestones {
		f.Milestones[i].Date = 0
	}
	f.Milestones[len(f.Milestones)-1].Date = before(v, decide, spare)
	g, err := network(v.Plan, &f, table.Today)
	if err != nil {
		return nil, 0, err
	}
	s, err := g.Run()
	if err != nil {
		return nil, 0, err
	}
	back := tell(v.Plan, &f, s, table.Today, table.Still)
	leads := back.leadsTo(string(plan.DecisionItem))
	for _, it := range v.Plan.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		d, ok := back.Dates(it.ID)
		if !ok || !leads[string(it.ID)] || it.Progress.Status == plan.Done || it.Details.Pinned {
			continue
		}
		short = max(short, -d.TotalSlack)
		due := max(d.LateFinish, d.Finish)
		if it.ID == plan.DecisionItem {
			due = decide
		}
		if due != it.Terms.Due {
			dates = append(dates, NewDate{it.ID, it.Version, it.Terms.Due, due})
		}
	}
	return dates, short, nil
}

// before is so many days before a day on which both sides work.
func before(v View, day civil.Day, days int) civil.Day {
	from := day - civil.Day(3*days+30)
	both := func(d civil.Day) bool { return true }
	buyer, err1 := SideCalendar(v.Plan, plan.Buyer, from, int(day-from)+1)
	seller, err2 := SideCalendar(v.Plan, plan.Seller, from, int(day-from)+1)
	if err1 == nil && err2 == nil {
		both = func(d civil.Day) bool { return buyer.Works(d) && seller.Works(d) }
	}
	for ; days > 0 && day > from; days-- {
		for day--; day > from && !both(day); day-- {
		}
	}
	return day
}

// leadsTo is everything that something waits for, near or far.
func (t *Timetable) leadsTo(id string) map[string]bool {
	before := map[string][]string{}
	for _, l := range t.file.Links {
		before[l.To] = append(before[l.To], l.From)
	}
	return reached(before, id)
}

// Moving makes dates move as one act: agreed ones by one proposal with its
// reason, the others at once. What was supposed of a step and is free to say
// (how long it takes, what its owner expects) is said with it. Dates are those
// that were shown; nothing is computed anew.
func (s *Service) Moving(v View, x Supposition, dates []NewDate, reason string, expires civil.Day) plan.Command {
	var b plan.Batch
	propose := plan.Propose{ID: s.NewID(), Reason: reason, Expires: expires}
	wish := map[plan.ID]*plan.Patch{}
	var order []NewDate
	for _, d := range dates {
		wish[d.Item] = &plan.Patch{Due: &d.New}
		order = append(order, d)
	}
	if it := v.Plan.Items[x.Item]; it != nil && x.Owner != "" {
		if wish[x.Item] == nil {
			wish[x.Item] = &plan.Patch{}
			order = append(order, NewDate{Item: it.ID, Version: it.Version})
		}
		if q := v.Plan.Person(x.Owner); q != nil && q.Side == plan.Buyer {
			wish[x.Item].BuyerOwner = &x.Owner
		} else {
			wish[x.Item].SellerOwner = &x.Owner
		}
	}
	if l := linkBetween(v.Plan, x.After, x.Item); l != nil && x.Lag != nil {
		wish[l.ID] = &plan.Patch{Lag: x.Lag}
		order = append(order, NewDate{Item: l.ID, Version: l.Version})
	}
	for _, d := range order {
		it := v.Plan.Items[d.Item]
		if it == nil || !it.Bound() {
			b = append(b, plan.Edit{Item: d.Item, Version: d.Version, Patch: *wish[d.Item], Reason: reason})
			continue
		}
		propose.Changes = append(propose.Changes, plan.Wish{Item: d.Item, Version: d.Version, Patch: *wish[d.Item]})
	}
	if len(propose.Changes) > 0 {
		b = append(b, propose)
	}
	return append(b, said(v, x, wish[x.Item] != nil, reason)...)
}

// said is what was supposed and is free to say.
func said(v View, x Supposition, edited bool, reason string) plan.Batch {
	it := v.Plan.Items[x.Item]
	if it == nil || it.Kind != plan.KindAction {
		return nil
	}
	version := it.Version
	if edited && !it.Bound() {
		version++ // the edit before it in the batch
	}
	var b plan.Batch
	if x.Days != nil && (it.Details.Duration == nil || *it.Details.Duration != *x.Days) {
		details := it.Details
		details.Duration = x.Days
		b = append(b, plan.Detail{Item: it.ID, Version: version, Details: details})
		version++
	}
	if x.Until != 0 && v.Plan.MayReport(v.Me.ID, it) {
		b = append(b, plan.Expect{Item: it.ID, Version: version, Date: x.Until, Because: reason})
	}
	return b
}

func linkBetween(p *plan.Plan, from, to plan.ID) *plan.Item {
	for _, l := range p.Live(plan.KindLink) {
		if l.Terms.From == from && l.Terms.To == to {
			return l
		}
	}
	return nil
}
