package app_test

import (
	"encoding/json"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/schedule"
)

// named finds a step by the beginning of its title.
func named(t *testing.T, p *plan.Plan, title string) *plan.Item {
	t.Helper()
	for _, it := range p.Live() {
		if len(it.Terms.Title.Value) >= len(title) && it.Terms.Title.Value[:len(title)] == title {
			return it
		}
	}
	t.Fatalf("no item %q", title)
	return nil
}

// The sample's committee step sets the date of the decision; the step after
// the decision does not make it late.
func TestTimetableOfTheSample(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	table, err := v.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	board := named(t, v.Plan, "Obtain the approval of the approval board")
	if !table.Critical(board.ID) {
		t.Error("the committee's step should set the date")
	}
	last := named(t, v.Plan, "Prepare the first project day")
	if table.Critical(last.ID) {
		t.Error("a step after the decision should not set its date")
	}
	d, _ := table.Dates(board.ID)
	if table.Ready() != d.Finish || d.Finish.Weekday() != 2 {
		t.Errorf("ready %v, committee %v", table.Ready(), d.Finish)
	}
	if got := table.ConflictsAt(plan.DecisionItem); len(got) != 0 {
		t.Errorf("the decision holds, got %v", got)
	}
	if again, _ := v.Timetable(); again != table {
		t.Error("computed twice for one state and day")
	}
}

// A paused plan stands still: days that pass push nothing.
func TestPausedPlanStandsStill(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	h.buyer(v.Plan.ID, "Sarah Chen")
	if _, err := h.Do(h.ctx(), h.seller, v.Plan.ID, plan.Suspend{Reason: "budget", Review: v.Today + 60}); err != nil {
		t.Fatal(err)
	}
	ready := func() civil.Day {
		v, err := h.Open(h.ctx(), h.seller, v.Plan.ID)
		if err != nil {
			t.Fatal(err)
		}
		table, err := v.Timetable()
		if err != nil {
			t.Fatal(err)
		}
		return table.Ready()
	}
	before := ready()
	h.now = h.now.AddDate(0, 0, 30)
	if after := ready(); after != before {
		t.Errorf("paused, the plan moved from %v to %v", before, after)
	}
	if _, err := h.Do(h.ctx(), h.seller, v.Plan.ID, plan.Resume{}); err != nil {
		t.Fatal(err)
	}
	if after := ready(); after <= before {
		t.Errorf("resumed after a month, ready stays %v", after)
	}
}

// No computation writes a date.
func TestTimetableChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	before, err := json.Marshal(v.Plan)
	if err != nil {
		t.Fatal(err)
	}
	table, err := v.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range table.Conflicts() {
		table.Schedule().Fixes(c)
	}
	for _, it := range v.Plan.Live() {
		table.Because(it.ID)
	}
	if _, err := schedule.WhatIf(table.File(), v.Today, []string{table.File().Actions[7].ID + ".duration=30"}); err != nil {
		t.Fatal(err)
	}
	if after, _ := json.Marshal(v.Plan); string(after) != string(before) {
		t.Error("the plan is not what it was")
	}
}
