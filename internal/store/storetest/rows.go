package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// saveRow stores a row by way of a private stream, whose head does not matter.
func saveRow(t testing.TB, s Store, r app.PlanRow) {
	t.Helper()
	commit(t, s, app.Change{Row: &r})
}

func ids(rows []app.PlanRow) []string {
	var out []string
	for _, r := range rows {
		out = append(out, string(r.Plan))
	}
	return out
}

func listOfPlans(t *testing.T, db Database) {
	s := db.Open(t)
	for n := range 25 {
		for _, w := range []plan.ID{"w1", "w2"} {
			saveRow(t, s, app.PlanRow{Plan: plan.ID(fmt.Sprintf("%s-%02d", w, n)), Workspace: w, Updated: noon.Add(time.Duration(n) * time.Second), Seq: 1})
		}
	}
	var got []string
	var before time.Time
	for {
		rows, err := s.Plans(t.Context(), "w1", before, 10)
		check(t, err)
		if len(rows) == 0 {
			break
		}
		got = append(got, ids(rows)...)
		before = rows[len(rows)-1].Updated
	}
	var want []string
	for n := range 25 {
		want = append(want, fmt.Sprintf("w1-%02d", 24-n))
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages put together: %v, want %v", got, want)
	}
	if rows, err := s.Plans(t.Context(), "w3", time.Time{}, 10); err != nil || len(rows) != 0 {
		t.Errorf("a workspace without plans has %v, %v", rows, err)
	}
	if rows, err := s.Plans(t.Context(), "w1", time.Time{}, 0); err != nil || len(rows) != 0 {
		t.Errorf("none asked, %v, %v", rows, err)
	}
}

func listOverTies(t *testing.T, db Database) {
	s := db.Open(t)
	for n := range 9 {
		saveRow(t, s, app.PlanRow{Plan: plan.ID(fmt.Sprint("p", n)), Workspace: "w1", Updated: noon.Add(time.Duration(n/4) * time.Millisecond), Seq: 1})
	}
	seen := map[string]int{}
	var before time.Time
	for {
		rows, err := s.Plans(t.Context(), "w1", before, 2)
		check(t, err)
		if len(rows) == 0 {
			break
		}
		for _, id := range ids(rows) {
			seen[id]++
		}
		before = rows[len(rows)-1].Updated
	}
	for n := range 9 {
		if id := fmt.Sprint("p", n); seen[id] != 1 {
			t.Errorf("%s was listed %d times, want once", id, seen[id])
		}
	}
}

func rowsGoForward(t *testing.T, db Database) {
	s := db.Open(t)
	saveRow(t, s, app.PlanRow{Plan: "p1", Workspace: "w1", Title: "new", Updated: noon, LastBuyer: noon, Seq: 5})
	saveRow(t, s, app.PlanRow{Plan: "p1", Workspace: "w1", Title: "old", Updated: noon, Seq: 4})
	rows, err := s.Plans(t.Context(), "w1", time.Time{}, 10)
	check(t, err)
	if len(rows) != 1 || rows[0].Title != "new" {
		t.Errorf("rows %+v, want the one of the later event", rows)
	}
	saveRow(t, s, app.PlanRow{Plan: "p1", Workspace: "w1", Title: "newest", Updated: noon.Add(time.Hour), Seq: 6})
	rows, err = s.Plans(t.Context(), "w1", time.Time{}, 10)
	check(t, err)
	if len(rows) != 1 || rows[0].Title != "newest" || !rows[0].LastBuyer.Equal(noon) {
		t.Errorf("rows %+v, want the newest with the last time somebody at the buyer did something", rows)
	}
}
