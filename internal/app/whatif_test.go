package app_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// agreed is the sample, agreed by both sides, as the seller sees it.
func (h *house) agreed() (app.View, app.Caller) {
	h.t.Helper()
	v := h.sample()
	buyer := h.buyer(v.Plan.ID, "Sarah Chen")
	for _, c := range []app.Caller{buyer, h.seller} {
		now := h.see(c, v.Plan.ID)
		if _, err := h.Do(h.ctx(), c, v.Plan.ID, plan.AcceptPlan{Seen: now.Plan.Shown()}); err != nil {
			h.t.Fatal(err)
		}
	}
	v = h.see(h.seller, v.Plan.ID)
	if v.Plan.Phase != plan.Agreed {
		h.t.Fatalf("the sample is %s; missing: %v", v.Plan.Phase, v.Plan.Missing())
	}
	return v, buyer
}

func (h *house) see(c app.Caller, id plan.ID) app.View {
	h.t.Helper()
	v, err := h.Open(h.ctx(), c, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// "Legal needs three weeks": everything that moves is one proposal; until the
// other side agrees nothing moves, then all of it at once, to the day shown.
func TestWhatIfIsOneProposal(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, buyer := h.agreed()
	legal := named(t, v.Plan, "Review the contract terms")
	days := 25
	x := app.Supposition{Item: legal.ID, Days: &days}
	r, err := v.Suppose(x)
	if err != nil {
		t.Fatal(err)
	}
	if r.Table.Ready() <= r.Before || len(r.Alternatives) == 0 {
		t.Errorf("ready %v, before %v, alternatives %v: the decision should move, and there should be other ways", r.Table.Ready(), r.Before, r.Alternatives)
	}
	moved := map[plan.ID]civil.Day{}
	for _, d := range r.Dates {
		moved[d.Item] = d.New
	}
	for _, id := range []plan.ID{legal.ID, named(t, v.Plan, "Return the revised draft").ID, named(t, v.Plan, "Obtain the approval").ID, plan.DecisionItem} {
		if moved[id] == 0 {
			t.Errorf("%q should move", v.Plan.Items[id].Terms.Title.Value)
		}
	}
	if _, err := h.Do(h.ctx(), h.seller, v.Plan.ID, h.Moving(v, x, r.Dates, "Two tenders at once", 0)); err != nil {
		t.Fatal(err)
	}
	now := h.see(buyer, v.Plan.ID)
	open := now.Plan.OpenProposals()
	if len(open) != 1 || len(open[0].Changes) != len(r.Dates) {
		t.Fatalf("got %d proposals, want one with %d changes", len(open), len(r.Dates))
	}
	if open[0].Expires <= now.Today {
		t.Errorf("it expires on %v", open[0].Expires)
	}
	for _, it := range v.Plan.Live() {
		if due := now.Plan.Items[it.ID].Terms.Due; due != it.Terms.Due {
			t.Errorf("%q moved to %v before anybody agreed", it.Terms.Title.Value, due)
		}
	}
	if _, err := h.Do(h.ctx(), buyer, v.Plan.ID, plan.Accept{ID: open[0].ID, Digest: open[0].Digest()}); err != nil {
		t.Fatal(err)
	}
	now = h.see(h.seller, v.Plan.ID)
	for _, it := range v.Plan.Live() {
		want := it.Terms.Due
		if moved[it.ID] != 0 {
			want = moved[it.ID]
		}
		if due := now.Plan.Items[it.ID].Terms.Due; due != want {
			t.Errorf("%q lies on %v, want %v", it.Terms.Title.Value, due, want)
		}
	}
	table, err := now.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Dates {
		if late, is := table.Late(d.Item); is {
			t.Errorf("%q is still late: %v", now.Plan.Items[d.Item].Terms.Title.Value, late)
		}
	}
	if n, first := app.Slips(now.Plan, plan.DecisionItem); n != 1 || first != v.Plan.Items[plan.DecisionItem].Terms.Due {
		t.Errorf("the decision slipped %d times from %v", n, first)
	}
}

// Before the agreement the same is one act, without a proposal.
func TestWhatIfBeforeTheAgreementIsOneAct(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	legal := named(t, v.Plan, "Review the contract terms")
	days := 25
	x := app.Supposition{Item: legal.ID, Days: &days}
	r, err := v.Suppose(x)
	if err != nil {
		t.Fatal(err)
	}
	now, err := h.Do(h.ctx(), h.seller, v.Plan.ID, h.Moving(v, x, r.Dates, "", 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Dates {
		if due := now.Plan.Items[d.Item].Terms.Due; due != d.New {
			t.Errorf("%q lies on %v, want %v", now.Plan.Items[d.Item].Terms.Title.Value, due, d.New)
		}
	}
	if got := now.Plan.Items[legal.ID].Details.Duration; got == nil || *got != days {
		t.Error("what was said of the duration is lost")
	}
}

// Laid out backwards, every date holds and none is after the decision.
func TestBackwardsHolds(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	decide := v.Plan.Items[plan.DecisionItem].Terms.Due + 14
	dates, short, err := v.Backwards(decide, 2)
	if err != nil || short != 0 || len(dates) == 0 {
		t.Fatalf("got %d dates, %d days short, %v", len(dates), short, err)
	}
	now, err := h.Do(h.ctx(), h.seller, v.Plan.ID, h.Moving(v, app.Supposition{}, dates, "", 0))
	if err != nil {
		t.Fatal(err)
	}
	table, err := now.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dates {
		if late, is := table.Late(d.Item); is {
			t.Errorf("%q cannot be on %v, but on %v", now.Plan.Items[d.Item].Terms.Title.Value, d.New, late)
		}
		if d.New > decide {
			t.Errorf("%q comes after the decision", now.Plan.Items[d.Item].Terms.Title.Value)
		}
	}
	if _, short, _ = v.Backwards(v.Today+1, 0); short == 0 {
		t.Error("tomorrow is too soon, and it does not say so")
	}
}

// Whatever a plan looks like and whatever is supposed: no computation writes a
// date, and no repair moves one earlier.
func TestNoComputationWritesADate(t *testing.T) {
	t.Parallel()
	h := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		f := randomFile(rt)
		v, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: f})
		if err != nil {
			rt.Fatal(err)
		}
		before, err := json.Marshal(v.Plan)
		if err != nil {
			rt.Fatal(err)
		}
		table, err := v.Timetable()
		if err != nil {
			rt.Fatalf("no timetable: %v", err)
		}
		for _, c := range table.Conflicts() {
			table.Schedule().Fixes(c)
		}
		for _, it := range v.Plan.Live(plan.KindAction) {
			days := rapid.IntRange(0, 40).Draw(rt, "days")
			r, err := v.Suppose(app.Supposition{Item: it.ID, Days: &days})
			if err != nil {
				rt.Fatal(err)
			}
			for _, d := range r.Dates {
				if d.New <= d.Old {
					rt.Errorf("a repair moves %s from %v back to %v", d.Item, d.Old, d.New)
				}
			}
		}
		if _, _, err := v.Backwards(f.DecideBy, 3); err != nil {
			rt.Fatal(err)
		}
		if after, _ := json.Marshal(v.Plan); string(after) != string(before) {
			rt.Error("the plan is not what it was")
		}
	})
}

// randomFile is a plan of a few steps with links forward, milestones that wait
// and are waited for, and a committee.
func randomFile(t *rapid.T) *planfile.Plan {
	start := civil.Of(2028, time.May, 2) // today of the house
	f := &planfile.Plan{Format: planfile.Format, Title: "Decide", Language: "en", Start: start, DecideBy: start + civil.Day(rapid.IntRange(20, 90).Draw(t, "decide")),
		Sides: planfile.Sides{Buyer: planfile.Party{Organisation: "B", Calendar: planfile.Calendar{Region: "DE-BY"}}, Seller: planfile.Party{Organisation: "S", Calendar: planfile.Calendar{Region: "GB-ENG"}}},
		Gates: []planfile.Gate{{ID: "g1", Title: "Board", Rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", Anchor: start}},
		Milestones: []planfile.Milestone{{ID: "m1", Title: "One", Date: start + 30},
			{ID: "m2", Title: "Two", Date: start + 10}}}
	n := rapid.IntRange(1, 9).Draw(t, "steps")
	id := func(i int) string { return "s" + string(rune('a'+i)) }
	for i := range n {
		days := rapid.IntRange(0, 15).Draw(t, "duration")
		a := planfile.Action{ID: id(i), Title: "Step " + id(i), Side: rapid.SampledFrom([]planfile.Side{planfile.Buyer, planfile.Seller, planfile.Joint}).Draw(t, "side"),
			Due: start + civil.Day(rapid.IntRange(0, 120).Draw(t, "due")), Duration: &days, Status: planfile.Open,
			Milestone: rapid.SampledFrom([]string{"", "m1", "m2"}).Draw(t, "milestone")}
		if rapid.IntRange(0, 5).Draw(t, "gated") == 0 {
			a.Gate = "g1"
		}
		f.Actions = append(f.Actions, a)
		if i > 0 && rapid.Bool().Draw(t, "linked") {
			f.Links = append(f.Links, planfile.Link{From: id(rapid.IntRange(0, i-1).Draw(t, "from")), To: a.ID, LagCalendar: "plan",
				Type: rapid.SampledFrom([]string{"FS", "SS", "FF", "SF"}).Draw(t, "type"), Lag: rapid.IntRange(-4, 6).Draw(t, "lag")})
		}
		if rapid.IntRange(0, 4).Draw(t, "after a milestone") == 0 {
			f.Links = append(f.Links, planfile.Link{From: "m1", To: a.ID, Type: "FS", LagCalendar: "plan"})
		}
	}
	return f
}
