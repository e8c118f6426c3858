package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// shownRow is a row of the portfolio with everything in it.
func shownRow(n int) app.PortfolioRow {
	day := civil.On(noon, time.UTC)
	return app.PortfolioRow{Plan: plan.ID(fmt.Sprintf("p%03d", n)), Workspace: "w1", Home: plan.Seller, Phase: plan.Agreed,
		Title: fmt.Sprintf("Plan %03d", (n*7)%100), Buyer: []string{"Nordwerk AG", "Ölmühle Süd", "100 %_Bio"}[n%3], Seller: "Acme",
		Decide: day + civil.Day(n%10), Ready: day + civil.Day(n%7), Dated: n%2 == 0,
		Next: app.NextStep{Item: "a1", Title: "Legal review", Party: plan.ByBuyer, Name: "Ute Brandt", Due: day + civil.Day(n)},
		Done: plan.Sides[int]{Buyer: n % 4, Seller: 1}, Total: plan.Sides[int]{Buyer: 5, Seller: 6}, Joint: 2,
		LastBuyer: noon.Add(time.Duration(n) * time.Minute), Quiet: n % 9,
		Blocks: app.Obstacles{N: n % 2, Since: day - civil.Day(n%5), Waits: plan.Seller},
		Asks:   plan.Sides[int]{Seller: 1}, Asked: plan.Sides[time.Time]{Seller: noon.Add(-time.Hour)},
		Slips: n % 3, Moved: n % 3, Overdue: n % 2, Since: day - 3, Missed: n % 4,
		Deal: app.DealCut{ID: plan.ID(fmt.Sprint("d", n)), Account: "Nordwerk", Stage: []string{"Angebot", "Prüfung"}[n%2], Segment: []string{"mid", "enterprise"}[n%2],
			Amount: int64(n) * 100_00, Currency: "EUR", Close: day + civil.Day(n%10+n%3), Owner: plan.ID(fmt.Sprint("m", n%3)), OwnerName: fmt.Sprint("Owner ", n%3)},
		Shared: noon.Add(-time.Duration(n) * time.Hour), Agreed: noon, Need: (n % 5) * app.NeedsFrom, AsOf: day, Updated: noon.Add(time.Duration(n%6) * time.Second), Seq: 1}
}

func saveShown(t testing.TB, s Store, r app.PortfolioRow, active ...plan.ID) {
	t.Helper()
	commit(t, s, app.Change{Shown: &r, Active: active})
}

func portfolioRowWhole(t *testing.T, db Database) {
	s := db.Open(t)
	want := shownRow(5)
	saveShown(t, s, want, "u1", "u2", "u1")
	want.Active = 2
	got, err := s.PortfolioOf(t.Context(), want.Plan)
	check(t, err)
	if got != want {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	bare := app.PortfolioRow{Plan: "p999", Workspace: "w1", Home: plan.Buyer, Phase: plan.Draft, Seq: 1}
	saveShown(t, s, bare)
	if got, err := s.PortfolioOf(t.Context(), bare.Plan); err != nil || got != bare {
		t.Errorf("of a bare plan: got\n%+v, %v\nwant\n%+v", got, err, bare)
	}
	light := want // with nothing an index holds changed
	light.Next.Title, light.Quiet, light.LastBuyer, light.Need, light.Seq = "Something else", 7, noon.Add(time.Hour), 5, 2
	commit(t, s, app.Change{Shown: &light, Before: &want, Active: []plan.ID{"u3"}})
	heavy := light
	light.Active = 3
	if got, err := s.PortfolioOf(t.Context(), want.Plan); err != nil || got != light {
		t.Errorf("after a light change: got\n%+v, %v\nwant\n%+v", got, err, light)
	}
	heavy.Decide, heavy.Seq, heavy.Active = heavy.Decide+1, 3, 3
	commit(t, s, app.Change{Shown: &heavy, Before: &light})
	if got, err := s.PortfolioOf(t.Context(), want.Plan); err != nil || got != heavy {
		t.Errorf("after another: got\n%+v, %v\nwant\n%+v", got, err, heavy)
	}
	want = heavy
	late := want
	late.Title, late.Seq = "of before", 2
	check(t, s.SavePortfolio(t.Context(), late, false))
	if got, err := s.PortfolioOf(t.Context(), want.Plan); err != nil || got.Title != want.Title {
		t.Errorf("a late row came back: %q, %v", got.Title, err)
	}
	if _, err := s.PortfolioOf(t.Context(), "nobody"); err != app.ErrNotFound {
		t.Errorf("no such plan: %v", err)
	}
}

// portfolioPages puts a query's pages together.
func portfolioPages(t *testing.T, s Store, q app.PortfolioQuery) []app.PortfolioRow {
	t.Helper()
	var out []app.PortfolioRow
	for {
		page, err := s.Portfolio(t.Context(), q)
		check(t, err)
		out = append(out, page.Rows...)
		if q.After = page.Cursor; q.After == "" {
			return out
		}
		if len(page.Rows) != q.Limit {
			t.Fatalf("a page of %d rows and a next one", len(page.Rows))
		}
	}
}

func portfolioOrders(t *testing.T, db Database) {
	s := db.Open(t)
	const many = 60
	for n := range many {
		saveShown(t, s, shownRow(n))
	}
	other := shownRow(1)
	other.Plan, other.Workspace = "elsewhere", "w2"
	saveShown(t, s, other)
	saveShown(t, s, app.PortfolioRow{Plan: "zz-bare", Workspace: "w1", Home: plan.Seller, Phase: plan.Draft, Seq: 1})
	sort := map[string]func(r app.PortfolioRow) any{ // a number or a text that grows in the order's own way; nil: last
		"need": func(r app.PortfolioRow) any { return -r.Need }, "title": func(r app.PortfolioRow) any { return strings.Replace(r.Buyer, "Ö", "O", 1) + r.Title },
		"next": func(r app.PortfolioRow) any { return int(r.Next.Due) }, "decide": func(r app.PortfolioRow) any { return int(r.Decide) },
		"ready": func(r app.PortfolioRow) any { return int(r.Ready) }, "close": func(r app.PortfolioRow) any { return int(r.Deal.Close) },
		"amount": func(r app.PortfolioRow) any { return -int(r.Deal.Amount) }, "stage": func(r app.PortfolioRow) any { return r.Deal.Stage },
		"owner": func(r app.PortfolioRow) any { return r.Deal.OwnerName }, "progress": func(r app.PortfolioRow) any { return -r.Done.Buyer },
		"buyer": func(r app.PortfolioRow) any { return -int(r.LastBuyer.Unix()) }, "obstacle": func(r app.PortfolioRow) any { return int(r.Blocks.Since) },
		"proposal": func(r app.PortfolioRow) any { return int(r.Asked.Seller.Unix()) }, "slips": func(r app.PortfolioRow) any { return -r.Slips },
		"missed": func(r app.PortfolioRow) any { return -r.Missed }, "phase": func(app.PortfolioRow) any { return 0 },
	}
	for _, by := range app.PortfolioSorts {
		key := sort[by]
		if key == nil {
			t.Errorf("nothing is known of the order %q", by)
			continue
		}
		for _, desc := range []bool{false, true} {
			got := portfolioPages(t, s, app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Workspace: "w1"}, Sort: by, Desc: desc, Limit: 7})
			seen := map[plan.ID]bool{}
			var keys []any
			for _, r := range got {
				seen[r.Plan] = true
				if r.Plan != "zz-bare" {
					keys = append(keys, key(r))
				}
			}
			if len(got) != many+1 || len(seen) != many+1 {
				t.Errorf("%s, turned %v: %d rows of %d plans, want each of %d once", by, desc, len(got), len(seen), many+1)
			}
			if desc {
				slices.Reverse(keys)
			}
			if !slices.IsSortedFunc(keys, compareAny) {
				t.Errorf("%s, turned %v: in the order %v", by, desc, keys)
			}
			if bare := got[len(got)-1].Plan == "zz-bare"; !desc && !bare && !slices.Contains([]string{"phase", "need", "slips", "missed"}, by) { // of these there is always a number
				t.Errorf("%s: what has none does not stand last", by)
			}
		}
	}
	for _, hostile := range []string{"x", "AA", "////", strings.Repeat("A", 4000), "YQBi/w", "MQA"} {
		if _, err := s.Portfolio(t.Context(), app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Workspace: "w1"}, After: hostile, Limit: 5}); err != nil {
			t.Errorf("after %q: %v", hostile, err)
		}
	}
}

func compareAny(a, b any) int {
	if x, ok := a.(string); ok {
		return strings.Compare(x, b.(string))
	}
	return a.(int) - b.(int)
}

func portfolioFilters(t *testing.T, db Database) {
	s := db.Open(t)
	const many = 30
	for n := range many {
		r := shownRow(n)
		if n == 7 {
			r.Paused = true
		}
		if n == 8 {
			r.Left = true
		}
		saveShown(t, s, r)
	}
	commit(t, s, app.Change{People: []app.PersonRow{{Plan: "p004", Person: "m2", Workspace: "w1", Side: plan.Seller}}})
	for _, c := range []struct {
		name string
		f    app.PortfolioFilter
		in   func(n int, r app.PortfolioRow) bool
	}{
		{"all", app.PortfolioFilter{}, func(int, app.PortfolioRow) bool { return true }},
		{"mine", app.PortfolioFilter{Mine: "m2"}, func(n int, _ app.PortfolioRow) bool { return n%3 == 2 || n == 4 }},
		{"needs somebody", app.PortfolioFilter{Needs: true}, func(_ int, r app.PortfolioRow) bool { return r.Need >= app.NeedsFrom }},
		{"obstacles", app.PortfolioFilter{Obstacles: true}, func(_ int, r app.PortfolioRow) bool { return r.Blocks.N > 0 }},
		{"slipped", app.PortfolioFilter{Slipped: true}, func(_ int, r app.PortfolioRow) bool { return r.Slips > 0 }},
		{"quiet", app.PortfolioFilter{Quiet: true}, func(_ int, r app.PortfolioRow) bool { return r.Quiet >= app.QuietDays }},
		{"the CRM's date differs", app.PortfolioFilter{Differs: true}, func(_ int, r app.PortfolioRow) bool { return r.Deal.Close != r.Decide }},
		{"agreed", app.PortfolioFilter{Phase: "agreed"}, func(n int, _ app.PortfolioRow) bool { return n != 7 && n != 8 }},
		{"paused", app.PortfolioFilter{Phase: "paused"}, func(n int, _ app.PortfolioRow) bool { return n == 7 }},
		{"left", app.PortfolioFilter{Phase: "left"}, func(n int, _ app.PortfolioRow) bool { return n == 8 }},
		{"draft", app.PortfolioFilter{Phase: "draft"}, func(int, app.PortfolioRow) bool { return false }},
		{"a segment", app.PortfolioFilter{Segment: "enterprise"}, func(n int, _ app.PortfolioRow) bool { return n%2 == 1 }},
		{"an owner", app.PortfolioFilter{Owner: "m1"}, func(n int, _ app.PortfolioRow) bool { return n%3 == 1 }},
		{"words", app.PortfolioFilter{Words: []string{"ÖLMÜHLE", "plan"}}, func(n int, _ app.PortfolioRow) bool { return n%3 == 1 }},
		{"signs of LIKE stand for themselves", app.PortfolioFilter{Words: []string{"%_b"}}, func(n int, _ app.PortfolioRow) bool { return n%3 == 2 }},
		{"several", app.PortfolioFilter{Obstacles: true, Quiet: true, Segment: "enterprise"}, func(_ int, r app.PortfolioRow) bool { return r.Blocks.N > 0 && r.Quiet >= app.QuietDays }},
	} {
		var want []string
		for n := range many {
			if r := shownRow(n); c.in(n, r) {
				want = append(want, string(r.Plan))
			}
		}
		c.f.Workspace = "w1"
		var got []string
		for _, r := range portfolioPages(t, s, app.PortfolioQuery{PortfolioFilter: c.f, Limit: 4}) {
			got = append(got, string(r.Plan))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
		if n, err := s.CountPortfolio(t.Context(), c.f, 1000); err != nil || n != len(want) {
			t.Errorf("%s: counted %d, %v, want %d", c.name, n, err, len(want))
		}
	}
	if n, err := s.CountPortfolio(t.Context(), app.PortfolioFilter{Workspace: "w1"}, 11); err != nil || n != 11 {
		t.Errorf("counted up to 11: %d, %v", n, err)
	}
	if got, err := s.Segments(t.Context(), "w1"); err != nil || !slices.Equal(got, []string{"enterprise", "mid"}) {
		t.Errorf("segments %v, %v", got, err)
	}
}

func portfolioDays(t *testing.T, db Database) {
	s := db.Open(t)
	day := civil.On(noon, time.UTC)
	for n := range 5 {
		r := shownRow(n)
		r.AsOf = day - civil.Day(n)
		saveShown(t, s, r)
	}
	got, err := s.StalePortfolio(t.Context(), "w1", day, 3)
	check(t, err)
	if want := []plan.ID{"p004", "p003", "p002"}; !slices.Equal(got, want) {
		t.Errorf("to be computed anew: %v, want the oldest first, %v", got, want)
	}
	if got, err := s.StalePortfolio(t.Context(), "w2", day, 3); err != nil || len(got) != 0 {
		t.Errorf("of another workspace: %v, %v", got, err)
	}
	// Who was active before anybody counted is in the events.
	p, err := Start(t.Context(), s, "p000", 1)
	check(t, err)
	for n, who := range []plan.ID{Ute, Sarah, Ute} {
		var c app.Change
		p, c, err = Decide(p, plan.Say{ID: plan.ID(fmt.Sprint("say-", n)), Text: "Hello"}, who)
		check(t, err)
		commit(t, s, c)
	}
	r := shownRow(0)
	r.Seq = 1_000
	check(t, s.SavePortfolio(t.Context(), r, true))
	if got, err := s.PortfolioOf(t.Context(), "p000"); err != nil || got.Active != 1 {
		t.Errorf("%d of the buyer were active, %v; want the one who said something", got.Active, err)
	}
}

func pilotNumbers(t *testing.T, db Database) {
	s := db.Open(t)
	week := 7 * 24 * time.Hour
	add := func(id string, shared, agreed time.Time, dated bool, phase plan.Phase, active ...plan.ID) {
		r := shownRow(0)
		r.Plan, r.Shared, r.Agreed, r.Dated, r.Phase = plan.ID(id), shared, agreed, dated, phase
		saveShown(t, s, r, active...)
	}
	add("quick", noon.Add(-3*week), noon.Add(-2*week), true, plan.Agreed, "u1", "u2")
	add("slow", noon.Add(-3*week), noon.Add(-2*week+time.Millisecond), true, plan.Agreed, "u1")
	add("never", noon.Add(-3*week), time.Time{}, false, plan.Shared, "u1", "u2", "u3")
	add("fresh", noon.Add(-week/2), time.Time{}, false, plan.Shared)
	add("over", noon.Add(-4*week), noon.Add(-4*week), false, plan.Decided)
	add("before", noon.Add(-9*week), noon.Add(-9*week), true, plan.Agreed)
	add("draft", time.Time{}, time.Time{}, false, plan.Draft)
	got, err := s.Pilot(t.Context(), "w1", noon.Add(-5*week), noon, week)
	check(t, err)
	want := app.PilotCount{Plans: 5, Due: 4, InTime: 2, Steps: 45, Buyers: 25, Active: 2, Running: 4, Undated: 2}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	rows, err := s.PilotPlans(t.Context(), "w1", noon.Add(-5*week), noon, 2)
	check(t, err)
	if len(rows) != 2 || rows[0].Plan != "fresh" {
		t.Errorf("the plans behind them: %d, first %v", len(rows), rows)
	}
}

func savedViews(t *testing.T, db Database) {
	s := db.Open(t)
	v := func(id, member, name string, shared bool, after int) app.SavedView {
		return app.SavedView{ID: plan.ID(id), Workspace: "w1", Member: plan.ID(member), Name: name, Query: "show=needs", Shared: shared, Created: noon.Add(time.Duration(after) * time.Second)}
	}
	for _, x := range []app.SavedView{v("v1", "m1", "Meine", false, 1), v("v2", "m1", "Team", true, 2), v("v3", "m2", "Ihre", false, 3), v("v4", "m2", "Alle", true, 4)} {
		check(t, s.SaveView(t.Context(), x))
	}
	names := func(member string) (out []string) {
		t.Helper()
		all, err := s.Views(t.Context(), "w1", plan.ID(member))
		check(t, err)
		for _, x := range all {
			out = append(out, x.Name)
		}
		return out
	}
	if got := names("m1"); !slices.Equal(got, []string{"Meine", "Team", "Alle"}) {
		t.Errorf("the first member's views: %v", got)
	}
	check(t, s.SaveView(t.Context(), v("v1", "m1", "Anders", false, 9)))
	if got, err := s.View(t.Context(), "v1"); err != nil || got != v("v1", "m1", "Anders", false, 1) {
		t.Errorf("a changed view: %+v, %v", got, err)
	}
	check(t, s.DropView(t.Context(), "v2"))
	if got := names("m2"); !slices.Equal(got, []string{"Ihre", "Alle"}) {
		t.Errorf("the second member's views: %v", got)
	}
	if all, err := s.Views(t.Context(), "w2", "m1"); err != nil || len(all) != 0 {
		t.Errorf("in another workspace: %v, %v", all, err)
	}
}

func remarks(t *testing.T, db Database) {
	s := db.Open(t)
	saveShown(t, s, shownRow(1))
	saveShown(t, s, shownRow(2))
	said := app.Remark{Plan: "p001", Workspace: "w1", Member: "m9", Text: "Call the CFO", At: noon}
	check(t, s.SaveRemark(t.Context(), app.Remark{Plan: "p001", Workspace: "w1", Member: "m8", Text: "before", At: noon}))
	check(t, s.SaveRemark(t.Context(), said))
	read := func() *app.Remark {
		t.Helper()
		page, err := s.Portfolio(t.Context(), app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Workspace: "w1"}, Sort: "next", Limit: 9})
		check(t, err)
		if len(page.Rows) != 2 || page.Rows[1].Remark != nil {
			t.Errorf("rows %+v", page.Rows)
		}
		return page.Rows[0].Remark
	}
	if got := read(); got == nil || *got != said {
		t.Errorf("got %+v, want %+v", got, said)
	}
	said.Text = ""
	check(t, s.SaveRemark(t.Context(), said))
	if got := read(); got != nil {
		t.Errorf("taken away: %+v", got)
	}
}

// What the portfolio knows of a person, a member or a plan goes with them.
func portfolioForgets(t *testing.T, db Database) {
	s := db.Open(t)
	saveShown(t, s, shownRow(1), "u1", "u2")
	check(t, s.SaveRemark(t.Context(), app.Remark{Plan: "p001", Workspace: "w1", Member: "m1", Text: "Wiedervorlage-Wort", At: noon}))
	check(t, s.SaveView(t.Context(), app.SavedView{ID: "v1", Workspace: "w1", Member: "m1", Name: "Ansichts-Wort", Created: noon}))
	check(t, s.ForgetPerson(t.Context(), "p001", []plan.ID{"u1"}))
	if r, err := s.PortfolioOf(t.Context(), "p001"); err != nil || r.Next.Name != "" || r.Next.Title != "" || r.Deal.OwnerName != "" {
		t.Errorf("after erasing a person: %+v, %v", r, err)
	}
	check(t, s.ForgetMember(t.Context(), "m1"))
	for _, word := range []string{"Wiedervorlage-Wort", "Ansichts-Wort", "Ute Brandt"} {
		if at := db.Traces(t, word); len(at) > 0 {
			t.Errorf("%q is in %v", word, at)
		}
	}
	check(t, s.SaveRemark(t.Context(), app.Remark{Plan: "p001", Workspace: "w1", Member: "m2", Text: "Anderes-Wort", At: noon}))
	check(t, s.DeletePlan(t.Context(), "p001"))
	if _, err := s.PortfolioOf(t.Context(), "p001"); err != app.ErrNotFound {
		t.Errorf("of a deleted plan: %v", err)
	}
	if at := db.Traces(t, "Anderes-Wort"); len(at) > 0 {
		t.Errorf("the remark on a deleted plan is in %v", at)
	}
}
