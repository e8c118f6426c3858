package storetest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

func aDeal(id, workspace plan.ID) app.Deal {
	return app.Deal{ID: id, Workspace: workspace, CRM: "crm-" + string(id), URL: "https://crm.example/" + string(id), Name: "Name " + string(id),
		Account: "Nordwerk", Amount: 12_345_678, Currency: "EUR", Stage: "Angebot", Close: civil.Of(2027, 3, 31), Segment: "Mittelstand",
		OwnerName: "Jana Roth", Created: noon, Updated: noon, Version: 1}
}

func saveDeals(t testing.TB, s Store, deals ...app.Deal) {
	t.Helper()
	var writes []app.DealWrite
	for _, d := range deals {
		writes = append(writes, app.DealWrite{Deal: d})
	}
	check(t, s.SaveDeals(t.Context(), writes))
}

func deals(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	d := aDeal("d1", "w1")
	saveDeals(t, s, d)
	got, err := s.Deal(ctx, "w1", "d1")
	check(t, err)
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("as stored (-want +got):\n%s", diff)
	}
	if _, err := s.Deal(ctx, "w2", "d1"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("from another workspace: %v, want ErrNotFound", err)
	}
	changed := d
	changed.Close, changed.Gone, changed.Updated, changed.Version = civil.Of(2027, 4, 30), noon, noon.Add(time.Hour), 2
	moved := app.DealChange{Deal: "d1", At: changed.Updated, Field: app.ChangedClose, Was: "2027-03-31", Now: "2027-04-30", Member: "m1", Listed: true}
	check(t, s.SaveDeals(ctx, []app.DealWrite{{Deal: changed, Changes: []app.DealChange{moved}}}))
	if got, err = s.Deal(ctx, "w1", "d1"); err != nil || got != changed {
		t.Errorf("changed: %+v, %v, want %+v", got, err, changed)
	}
	if moves, err := s.DealChanges(ctx, "d1", 10); err != nil || !slices.Equal(moves, []app.DealChange{moved}) {
		t.Errorf("moves: %+v, %v", moves, err)
	}
	fresh := aDeal("d2", "w1")
	if err := s.SaveDeals(ctx, []app.DealWrite{{Deal: fresh}, {Deal: changed}}); !errors.Is(err, app.ErrStale) {
		t.Errorf("saved as it was read before: %v, want ErrStale", err)
	}
	if _, err := s.Deal(ctx, "w1", "d2"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("the rest of what failed: %v, want ErrNotFound", err)
	}
	fresh.CRM = d.CRM
	if err := s.SaveDeals(ctx, []app.DealWrite{{Deal: fresh}}); !errors.Is(err, app.ErrTaken) {
		t.Errorf("another with the same CRM id: %v, want ErrTaken", err)
	}
	fresh.Workspace = "w2"
	saveDeals(t, s, fresh)
	if listed, err := s.ListedDeals(ctx, "w2"); err != nil || len(listed) != 1 || listed[0].ID != "d2" {
		t.Errorf("listed ones: %+v, %v", listed, err)
	}
	stolen := fresh
	stolen.ID, stolen.Workspace, stolen.Version = "d1", "w2", 3
	stolen.CRM = "elsewhere"
	if err := s.SaveDeals(ctx, []app.DealWrite{{Deal: stolen}}); !errors.Is(err, app.ErrStale) {
		t.Errorf("a deal of another workspace: %v, want ErrStale", err)
	}
}

func dealPlans(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	saveDeals(t, s, aDeal("d1", "w1"), aDeal("d2", "w1"))
	if _, err := s.DealOfPlan(ctx, "w1", "p1"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("no deal yet: %v", err)
	}
	if _, err := s.DealOfPlan(ctx, "w1", ""); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("of no plan: %v", err)
	}
	change := add(plan.SharedStream("p1"), 0, 1)
	change.Deal = &app.DealLink{Workspace: "w1", Deal: "d1", Plan: "p1"}
	commit(t, s, change)
	if d, err := s.DealOfPlan(ctx, "w1", "p1"); err != nil || d.ID != "d1" {
		t.Errorf("made with its plan: %+v, %v", d, err)
	}
	if _, err := s.DealOfPlan(ctx, "w2", "p1"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("from another workspace: %v", err)
	}
	again := add(plan.SharedStream("p2"), 0, 1)
	again.Deal = &app.DealLink{Workspace: "w1", Deal: "d1", Plan: "p2"}
	if err := s.Commit(ctx, again); !errors.Is(err, app.ErrStale) {
		t.Errorf("a second plan: %v, want ErrStale", err)
	}
	if st := load(t, s, plan.SharedStream("p2")); len(st.Records) > 0 {
		t.Error("the second plan was stored without its deal")
	}
	if err := s.LinkDeal(ctx, "w1", "d2", "p1"); !errors.Is(err, app.ErrTaken) {
		t.Errorf("a plan of another deal: %v, want ErrTaken", err)
	}
	if err := s.LinkDeal(ctx, "w2", "d2", "p9"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a deal of another workspace: %v, want ErrNotFound", err)
	}
	check(t, s.LinkDeal(ctx, "w1", "d1", ""))
	check(t, s.LinkDeal(ctx, "w1", "d2", "p1"))
	check(t, s.SaveResistance(ctx, app.Resistance{ID: "r1", Workspace: "w1", Plan: "p1", At: noon, Moment: "inviting", Outcome: "hesitant"}))
	check(t, s.SaveResistance(ctx, app.Resistance{ID: "r2", Workspace: "w1", Deal: "d2", Plan: "p1", At: noon, Moment: "inviting", Outcome: "welcomed"}))
	check(t, s.DeletePlan(ctx, "p1"))
	if d, err := s.Deal(ctx, "w1", "d2"); err != nil || d.Plan != "" {
		t.Errorf("after its plan was deleted: %+v, %v", d, err)
	}
	if rs, err := s.Resistances(ctx, "w1", "d2", "p1"); err != nil || len(rs) != 1 || rs[0].ID != "r2" || rs[0].Plan != "" {
		t.Errorf("signals after its plan was deleted: %+v, %v", rs, err)
	}
}

func listOfDeals(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	var all []app.Deal
	for n := range 30 {
		d := aDeal(plan.ID(fmt.Sprintf("d%02d", n)), "w1")
		d.Close, d.Amount, d.Account = civil.Of(2027, 1, 1)+civil.Day(n/3), int64(n%7)*100, fmt.Sprintf("Ä%02d", (n*13)%30)
		d.Updated = noon.Add(time.Duration(n%5) * time.Second)
		all = append(all, d)
	}
	all[3].Close, all[4].Ended, all[5].Plan, all[6].Owner, all[7].Name = 0, app.DealWon, "p5", "m1", "100 % Büro_neu"
	saveDeals(t, s, append(all, aDeal("other", "w2"))...)
	saveRow(t, s, app.PlanRow{Plan: "p5", Workspace: "w1", Title: "Plan five", Phase: plan.Agreed, DecideBy: "2027-02-01", Updated: noon, Seq: 1})
	for _, sort := range []app.DealSort{app.DealsByClose, app.DealsByAccount, app.DealsByAmount, app.DealsByChange} {
		got := pages(t, s, app.DealQuery{Workspace: "w1", Ended: true, Sort: sort, Limit: 7})
		if len(got) != len(all) {
			t.Errorf("%s: pages put together have %d deals, want each of %d once", sort, len(got), len(all))
		}
		if !slices.IsSortedFunc(got, func(a, b app.DealRow) int { return inOrder(sort, a, b) }) {
			t.Errorf("%s: out of order", sort)
		}
	}
	if last := pages(t, s, app.DealQuery{Workspace: "w1", Sort: app.DealsByClose, Limit: 50}); last[len(last)-1].ID != "d03" {
		t.Errorf("without a close date: %s is last, want d03", last[len(last)-1].ID)
	}
	for _, test := range []struct {
		name string
		q    app.DealQuery
		want int
	}{
		{"open ones", app.DealQuery{}, 29},
		{"without a plan", app.DealQuery{Without: true}, 28},
		{"somebody's", app.DealQuery{Owner: "m1"}, 1},
		{"a name, whatever its case", app.DealQuery{Search: "BÜRO_NEU"}, 1},
		{"signs stand for themselves", app.DealQuery{Search: "%"}, 1},
		{"an underscore too", app.DealQuery{Search: "_"}, 1},
		{"a CRM id", app.DealQuery{Search: "crm-d11"}, 1},
		{"nothing", app.DealQuery{Search: "nirgends"}, 0},
	} {
		test.q.Workspace, test.q.Limit = "w1", 50
		got, err := s.Deals(ctx, test.q)
		check(t, err)
		if len(got) != test.want {
			t.Errorf("%s: %d deals, want %d", test.name, len(got), test.want)
		}
	}
	got, err := s.Deals(ctx, app.DealQuery{Workspace: "w1", Search: "d05", Limit: 5})
	check(t, err)
	if len(got) != 1 || got[0].PlanTitle != "Plan five" || got[0].Phase != plan.Agreed || got[0].DecideBy != "2027-02-01" {
		t.Errorf("with its plan: %+v", got)
	}
}

func pages(t testing.TB, s Store, q app.DealQuery) []app.DealRow {
	t.Helper()
	var all []app.DealRow
	for range 20 {
		rows, err := s.Deals(t.Context(), q)
		check(t, err)
		if all = append(all, rows...); len(rows) < q.Limit {
			break
		}
		q.After, q.AfterKey = rows[len(rows)-1].ID, rows[len(rows)-1].Key
	}
	return all
}

func inOrder(by app.DealSort, a, b app.DealRow) int {
	switch by {
	case app.DealsByAmount:
		return int(b.Amount - a.Amount)
	case app.DealsByChange:
		return b.Updated.Compare(a.Updated)
	}
	return strings.Compare(a.Key, b.Key)
}

func dealSignals(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	saveDeals(t, s, aDeal("d1", "w1"))
	first := app.ReadinessCheck{ID: "c1", Workspace: "w1", Deal: "d1", At: noon, Member: "m1", Answers: []byte(`{"a":1}`), Advice: "wait"}
	second := app.ReadinessCheck{ID: "c2", Workspace: "w1", Deal: "d1", At: noon.Add(time.Hour), Member: "m2", Answers: []byte(`{}`), Advice: "now"}
	check(t, s.SaveCheck(ctx, first))
	check(t, s.SaveCheck(ctx, second))
	got, err := s.Checks(ctx, "d1")
	check(t, err)
	if diff := cmp.Diff([]app.ReadinessCheck{second, first}, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	if d, err := s.Deal(ctx, "w1", "d1"); err != nil || d.Advice != "now" {
		t.Errorf("the deal's advice: %q, %v", d.Advice, err)
	}
	r := app.Resistance{ID: "r1", Workspace: "w1", Deal: "d1", At: noon, Member: "m1", Moment: "introducing", Objection: "formal", Move: "light"}
	check(t, s.SaveResistance(ctx, r))
	r.Outcome = "welcomed"
	check(t, s.SaveResistance(ctx, r))
	other := r
	other.Workspace, other.Outcome = "w2", "refused"
	check(t, s.SaveResistance(ctx, other)) // not theirs
	rs, err := s.Resistances(ctx, "w1", "d1", "")
	check(t, err)
	if diff := cmp.Diff([]app.Resistance{r}, rs); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
	if rs, err := s.ResistancesSince(ctx, "w1", noon.Add(time.Minute)); err != nil || len(rs) != 0 {
		t.Errorf("since later: %v, %v", rs, err)
	}
	if rs, err := s.ResistancesSince(ctx, "w1", noon); err != nil || len(rs) != 1 {
		t.Errorf("since then: %v, %v", rs, err)
	}
	check(t, s.DeleteDeal(ctx, "w2", "d1"))
	if _, err := s.Deal(ctx, "w1", "d1"); err != nil {
		t.Errorf("deleted from another workspace: %v", err)
	}
	check(t, s.DeleteDeal(ctx, "w1", "d1"))
	checks, err := s.Checks(ctx, "d1")
	check(t, err)
	if rs, err := s.Resistances(ctx, "w1", "d1", ""); err != nil || len(rs)+len(checks) != 0 {
		t.Errorf("of a deleted deal: %v, %v, %v", checks, rs, err)
	}
}

func dealMappings(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	if _, err := s.Mapping(ctx, "w1", "h"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("never seen: %v", err)
	}
	want := app.DealMapping{Workspace: "w1", Headers: "h", Settings: []byte(`{"x":"Betrag"}`), Used: noon.Add(time.Hour)}
	check(t, s.SaveMapping(ctx, app.DealMapping{Workspace: "w1", Headers: "h", Settings: []byte(`{}`), Used: noon}))
	check(t, s.SaveMapping(ctx, want))
	got, err := s.Mapping(ctx, "w1", "h")
	check(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := s.Mapping(ctx, "w2", "h"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("of another workspace: %v", err)
	}
}

// dealOwnerGone: with a member's account their name goes from deals, too.
func dealOwnerGone(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	name := "Gone" + rand.Text()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	check(t, s.SaveMember(ctx, app.Member{ID: "m1", Workspace: "w1", Name: "x", Email: "x@acme.example", Role: app.RoleSeller, Created: noon}))
	d := aDeal("d1", "w1")
	d.Owner, d.OwnerName = "m1", name
	saveDeals(t, s, d)
	check(t, s.SetDisabled(ctx, "m1", noon, app.ByPerson))
	check(t, s.RemoveAccount(ctx, "m1"))
	check(t, s.ForgetMember(ctx, "m1"))
	if where := db.Traces(t, name); len(where) > 0 {
		t.Errorf("an owner who was erased is still found in %v", where)
	}
	if d, err := s.Deal(ctx, "w1", "d1"); err != nil || d.Name == "" || d.Owner != "" {
		t.Errorf("the deal: %+v, %v", d, err)
	}
}
