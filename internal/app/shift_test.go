package app_test

import (
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/schedule"
)

// Whatever is moved wherever: nothing else moves earlier, everything that moves
// is a working day of its own calendar and needed (with all moves but one made,
// that one is asked for again), and once all are made nothing is left to move.
func TestShiftIsLeastAndEnough(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	table, err := v.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	var items []*plan.Item
	for _, it := range v.Plan.Live(plan.KindAction, plan.KindMilestone) {
		if !it.Terms.Due.IsZero() && table.Node(it.ID).State != schedule.Done {
			items = append(items, it)
		}
	}
	held := late(v)
	rapid.Check(t, func(r *rapid.T) {
		it := items[rapid.IntRange(0, len(items)-1).Draw(r, "item")]
		to := it.Terms.Due + civil.Day(rapid.IntRange(-20, 40).Draw(r, "days"))
		x, err := v.Shift(it.ID, to)
		if err != nil {
			r.Fatal(err)
		}
		for _, m := range x.Moves {
			if m.Item == it.ID {
				continue
			}
			if m.To <= m.From {
				r.Fatalf("%s moves from %v to %v", title(v, m.Item), m.From, m.To)
			}
		}
		if x.To < to {
			r.Fatalf("asked for %v, it would be %v", to, x.To)
		}
		if left := after(v, held, x.Moves); len(left) != 0 {
			r.Fatalf("with all dates moved, %d more have to: %v", len(left), left)
		}
		for i := range x.Moves {
			if x.Moves[i].Item == it.ID || x.Moves[i].Item == plan.DecisionItem {
				continue // of the decision, steps agreed for later are none of its concern
			}
			most := append(append([]app.ShiftMove{}, x.Moves[:i]...), x.Moves[i+1:]...)
			if left := after(v, held, most); len(left) == 0 {
				r.Fatalf("%s need not move", title(v, x.Moves[i].Item))
			}
		}
	})
}

func title(v app.View, id plan.ID) string { return v.Plan.Items[id].Terms.Title.Value }

var seq atomic.Int64

// after makes moves and returns what does not hold any more that held before:
// of each agreed date, that the step can be over by then if nothing it waits
// for is over before its own agreed date.
func after(v app.View, was map[plan.ID]bool, moves []app.ShiftMove) []plan.ID {
	p := *v.Plan
	p.Head.Seq += seq.Add(1) // another state: its timetable is another
	p.Items = map[plan.ID]*plan.Item{}
	for id, it := range v.Plan.Items {
		copied := *it
		p.Items[id] = &copied
	}
	for _, m := range moves {
		p.Items[m.Item].Terms.Due = m.To
	}
	w := v
	w.Plan = &p
	var left []plan.ID
	for id := range late(w) {
		if !was[id] {
			left = append(left, id)
		}
	}
	return left
}

// late are the agreed dates that do not hold if everything lies as agreed.
func late(v app.View) map[plan.ID]bool {
	table, err := v.Timetable()
	if err != nil {
		panic(err)
	}
	net := table.Schedule().Network()
	present := make([]schedule.Present, len(net.Nodes))
	for i := range net.Nodes {
		present[i].Finish = net.Nodes[i].Due
	}
	s, err := table.Schedule().Graph().Repair(present)
	if err != nil {
		panic(err)
	}
	out := map[plan.ID]bool{}
	for i := range net.Nodes {
		if d := s.Dates(i); net.Nodes[i].Due != 0 && d.Finish > net.Nodes[i].Due {
			out[plan.ID(net.Nodes[i].ID)] = true
		}
	}
	return out
}

// A step without a date, one that is done, and something that is no step
// cannot be moved.
func TestShiftOfNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	for name, id := range map[string]plan.ID{"unknown": "nothing-here", "goal": v.Plan.Live(plan.KindGoal)[0].ID} {
		if _, err := v.Shift(id, v.Today+5); err == nil {
			t.Errorf("%s: no fault", name)
		}
	}
	some := step(v, plan.ByBuyer)
	if _, err := v.Shift(some.ID, 0); err == nil {
		t.Error("no date: no fault")
	}
	if x, err := v.Shift(some.ID, some.Terms.Due); err != nil || len(x.Moves) != 0 {
		t.Errorf("where it is already: %v, %v", x, err)
	}
}
