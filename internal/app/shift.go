package app

import (
	"cmp"
	"slices"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// Shift is what follows if a step ends, or a milestone lies, on another day:
// the agreed dates that have to move along. It pushes only; dates that still
// hold stay. It changes nothing.
type Shift struct {
	Item  plan.ID
	Asked civil.Day // the day that was asked for
	To    civil.Day // the day it can be: a working day, a committee's day, after what comes first
	Moves []ShiftMove
	Ready civil.Day // when everything is there that the decision needs: before
	Then  civil.Day // and with the moves
}

// ShiftMove is one agreed date that moves. The first one of a Shift is the
// item itself, unless it can only stay where it is.
type ShiftMove struct {
	Item     plan.ID
	Start    civil.Day // first worked day then
	From, To civil.Day // last worked day; From is zero where no date was agreed
	Because  []schedule.Cause
}

// Shift previews another day for a step, a milestone or the decision, from the
// dates as they are agreed. Anybody who sees the plan may ask.
//
// Faults: fault.missing for an item without a date to move; those of
// Timetable.
func (v View) Shift(id plan.ID, to civil.Day) (*Shift, error) {
	t, err := v.Timetable()
	if err != nil {
		return nil, err
	}
	n := t.Node(id)
	if n == nil || n.State == schedule.Done || to.IsZero() {
		return nil, fault.New(fault.Missing, "fault.missing")
	}
	present := standing(t)
	before, err := t.schedule.Graph().Repair(present)
	if err != nil {
		return nil, err
	}
	g, err := network(v.Plan, unbooked(t.file, string(id)), t.Today)
	if err != nil {
		return nil, err
	}
	present[t.index[string(id)]] = schedule.Present{Finish: to}
	after, err := g.Repair(present)
	if err != nil {
		return nil, err
	}
	return shifted(t, id, to, before, after), nil
}

// standing is where every step lies as agreed.
func standing(t *Timetable) []schedule.Present {
	nodes := t.schedule.Network().Nodes
	present := make([]schedule.Present, len(nodes))
	for i := range nodes {
		present[i].Finish = nodes[i].Due
	}
	return present
}

// unbooked is the plan with a booked appointment that can move.
func unbooked(f *planfile.Plan, id string) *planfile.Plan {
	i := slices.IndexFunc(f.Actions, func(a planfile.Action) bool { return a.ID == id && a.Pinned })
	if i < 0 {
		return f
	}
	g := *f
	g.Actions = slices.Clone(f.Actions)
	g.Actions[i].Pinned = false
	return &g
}

func shifted(t *Timetable, id plan.ID, asked civil.Day, before, after *schedule.Schedule) *Shift {
	x := &Shift{Item: id, Asked: asked}
	nodes := after.Network().Nodes
	for i := range nodes {
		n := &nodes[i]
		was, now := before.Dates(i), after.Dates(i)
		self := plan.ID(n.ID) == id
		if self {
			x.To = now.Finish
		}
		if plan.ID(n.ID) == plan.DecisionItem {
			x.Ready, x.Then = was.Finish, now.Finish
		}
		moves := n.Due != 0 && now.Finish > was.Finish && now.Finish > n.Due
		if self && now.Finish != n.Due || !self && moves {
			x.Moves = append(x.Moves, ShiftMove{Item: plan.ID(n.ID), Start: now.Start, From: n.Due, To: now.Finish, Because: after.Because(i)})
		}
	}
	slices.SortStableFunc(x.Moves, func(a, b ShiftMove) int {
		return cmp.Or(rank(a, id)-rank(b, id), cmp.Compare(a.To, b.To))
	})
	return x
}

// rank: the item itself, what moves along, the decision.
func rank(m ShiftMove, id plan.ID) int {
	switch m.Item {
	case id:
		return 0
	case plan.DecisionItem:
		return 2
	}
	return 1
}
