package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// Every reason by itself, at its threshold and just below.
func TestWhyADealNeedsSomebody(t *testing.T) {
	t.Parallel()
	today := civil.Of(2028, time.May, 10)
	at := func(days int) time.Time { return (today - civil.Day(days)).Time().Add(9 * time.Hour) }
	for _, c := range []struct {
		name string
		with func(r *app.PortfolioRow)
		want string
	}{
		{"nothing", func(*app.PortfolioRow) {}, ""},
		{"their proposal", func(r *app.PortfolioRow) { r.Asks.Seller, r.Asked.Seller = 1, at(0) }, "answer"},
		{"an obstacle of ours", func(r *app.PortfolioRow) { r.Blocks = app.Obstacles{N: 1, Since: today, Waits: plan.Seller} }, "unblock"},
		{"an obstacle of theirs, four days", func(r *app.PortfolioRow) { r.Blocks = app.Obstacles{N: 1, Since: today - 4, Waits: plan.Buyer} }, ""},
		{"an obstacle of theirs, five days", func(r *app.PortfolioRow) { r.Blocks = app.Obstacles{N: 1, Since: today - 5, Waits: plan.Buyer} }, "stuck"},
		{"an obstacle of nobody's", func(r *app.PortfolioRow) { r.Blocks = app.Obstacles{N: 1, Since: today - 5} }, "stuck"},
		{"overdue", func(r *app.PortfolioRow) { r.Overdue, r.Since = 1, today-1 }, "overdue"},
		{"ready on the day", func(r *app.PortfolioRow) { r.Ready = r.Decide }, ""},
		{"ready a day later", func(r *app.PortfolioRow) { r.Ready = r.Decide + 1 }, "late"},
		{"the CRM's date is the same", func(r *app.PortfolioRow) { r.Deal.Close = r.Decide }, ""},
		{"the CRM's date is later", func(r *app.PortfolioRow) { r.Deal.Close = r.Decide + 30 }, ""},
		{"the CRM's date is earlier", func(r *app.PortfolioRow) { r.Deal.Close = r.Decide - 1 }, "crm"},
		{"quiet for four days", func(r *app.PortfolioRow) { r.Quiet = 4 }, ""},
		{"quiet for five days", func(r *app.PortfolioRow) { r.Quiet = 5 }, "quiet"},
		{"our proposal, two days", func(r *app.PortfolioRow) { r.Asks.Buyer, r.Asked.Buyer = 1, at(2) }, ""},
		{"our proposal, three days", func(r *app.PortfolioRow) { r.Asks.Buyer, r.Asked.Buyer = 1, at(3) }, "waits"},
		{"moved once", func(r *app.PortfolioRow) { r.Slips = 1 }, ""},
		{"moved twice", func(r *app.PortfolioRow) { r.Slips = 2 }, "slips"},
		{"one check-in missed", func(r *app.PortfolioRow) { r.Missed = 1 }, ""},
		{"two check-ins missed", func(r *app.PortfolioRow) { r.Missed = 2 }, "missed"},
		{"undated for six days", func(r *app.PortfolioRow) { r.Dated, r.Shared = false, at(6) }, ""},
		{"undated for a week", func(r *app.PortfolioRow) { r.Dated, r.Shared = false, at(7) }, "undated"},
		{"several, the most urgent first", func(r *app.PortfolioRow) { r.Slips, r.Quiet, r.Asks.Seller, r.Asked.Seller = 3, 9, 1, at(1) }, "answer quiet slips"},
		{"paused", func(r *app.PortfolioRow) { r.Quiet, r.Paused = 9, true }, ""},
		{"left", func(r *app.PortfolioRow) { r.Quiet, r.Left = 9, true }, ""},
		{"a draft", func(r *app.PortfolioRow) { r.Overdue, r.Phase = 1, plan.Draft }, ""},
		{"decided", func(r *app.PortfolioRow) { r.Overdue, r.Phase = 1, plan.Decided }, ""},
		{"not computed yet", func(r *app.PortfolioRow) { r.Quiet, r.AsOf = 9, 0 }, ""},
	} {
		r := app.PortfolioRow{Home: plan.Seller, Phase: plan.Agreed, Decide: today + 20, Dated: true, Shared: at(30), AsOf: today}
		c.with(&r)
		var got []string
		for _, x := range r.Reasons() {
			got = append(got, string(x.Kind))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, " "), c.want)
		}
	}
}

// row is a plan's row as a member reads it.
func (h *house) row(id plan.ID) app.PortfolioRow {
	h.t.Helper()
	p, err := h.Portfolio(h.ctx(), h.seller, app.PortfolioQuery{Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	i := slices.IndexFunc(p.Page.Rows, func(r app.PortfolioRow) bool { return r.Plan == id })
	if i < 0 {
		h.t.Fatalf("plan %s is not in the portfolio of %d", id, len(p.Page.Rows))
	}
	return p.Page.Rows[i]
}

// The row is there when the change is, and says what the plan says.
func TestPortfolioFollowsEveryChange(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	if r := h.row(id); r.Phase != plan.Draft || r.Next.Item == "" || r.Ready.IsZero() || r.Deal.Owner != h.seller.Member.ID || r.Deal.OwnerName != "John Martinez" || r.Active != 0 {
		t.Errorf("a draft: %+v", r)
	}
	buyer := h.buyer(id, "Ute Brandt")
	v, err := h.Open(h.ctx(), buyer, id)
	if err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(time.Minute)
	step := v.Plan.Live(plan.KindAction)[10]
	if _, err := h.Do(h.ctx(), buyer, id, plan.Hinder{Item: step.ID, Version: step.Version, Because: "No access", Waits: plan.Seller}); err != nil {
		t.Fatal(err)
	}
	r := h.row(id)
	if r.Blocks.N == 0 || r.Active != 1 || !r.LastBuyer.Equal(h.now) || r.Shared.IsZero() || r.Need < app.NeedsFrom {
		t.Errorf("after the buyer could not go on: %+v", r)
	}
	// What the buyer notes for themselves is no sign of life that a seller sees.
	was := h.row(id)
	h.now = h.now.Add(time.Hour)
	if _, err := h.DoPrivate(h.ctx(), buyer, id, plan.SetNote{ID: h.NewID(), Text: "internal"}); err != nil {
		t.Fatal(err)
	}
	if now := h.row(id); now != was {
		t.Errorf("a private note shows: %+v, was %+v", now, was)
	}
}

// A day that passes is computed by a job, once, and changes what depends on it.
func TestPortfolioOfANewDay(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	buyer := h.buyer(id, "Ute Brandt")
	if _, err := h.Do(h.ctx(), buyer, id, plan.Say{ID: h.NewID(), Text: "Hello"}); err != nil {
		t.Fatal(err)
	}
	before := h.row(id)
	if before.Quiet != 0 {
		t.Errorf("quiet for %d days on the day itself", before.Quiet)
	}
	h.now = h.now.AddDate(0, 0, 14)
	if h.row(id) != before {
		t.Error("the row changed by itself")
	}
	for range 2 {
		if err := h.RunJob(h.ctx(), app.Job{Kind: app.JobPortfolio}); err != nil {
			t.Fatal(err)
		}
		// From Tuesday, 2 May to Tuesday, 16 May 2028: nine working days passed.
		r := h.row(id)
		if r.Quiet != 9 || r.AsOf != civil.Of(2028, time.May, 16) || r.Overdue == 0 || r.Active != 1 {
			t.Errorf("two weeks later: quiet %d, as of %s, overdue %d, active %d", r.Quiet, r.AsOf, r.Overdue, r.Active)
		}
		if !slices.ContainsFunc(r.Reasons(), func(x app.Reason) bool { return x.Kind == app.ReasonQuiet && x.N == 9 }) {
			t.Errorf("reasons %+v", r.Reasons())
		}
	}
}

// Many plans are computed in bounded runs.
func TestPortfolioRunsAreBounded(t *testing.T) {
	t.Parallel()
	h := open(t)
	const many = 105
	for range many {
		if _, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: light()}); err != nil {
			t.Fatal(err)
		}
	}
	h.now = h.now.AddDate(0, 0, 1)
	var again app.Again
	if err := h.RunJob(h.ctx(), app.Job{Kind: app.JobPortfolio}); !asAgain(err, &again) || again.At.Sub(h.now) > time.Minute {
		t.Errorf("the first run: %v, want to come back soon", err)
	}
	if err := h.RunJob(h.ctx(), app.Job{Kind: app.JobPortfolio}); err != nil {
		t.Errorf("the second run: %v, want done", err)
	}
	if err := h.CatchUpPortfolios(h.ctx()); err != nil {
		t.Error(err)
	}
}

// The deal a plan carries is in its row, however it changes.
func TestPortfolioKnowsTheDeal(t *testing.T) {
	t.Parallel()
	h := open(t)
	d, err := h.SaveDeal(h.ctx(), h.seller, app.Deal{ID: h.NewID(), Name: "Rollout", Account: "Nordwerk", Amount: 12_345_00, Currency: "EUR", Stage: "Proposal",
		Segment: "Enterprise", Close: civil.Of(2028, time.May, 20), Owner: h.seller.Member.ID})
	if err != nil {
		t.Fatal(err)
	}
	made, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: light(), Deal: d.ID})
	if err != nil {
		t.Fatal(err)
	}
	id := made.Plan.ID
	if r := h.row(id); r.Deal.ID != d.ID || r.Deal.Amount != 12_345_00 || r.Deal.Close != civil.Of(2028, time.May, 20) || r.Deal.Segment != "Enterprise" {
		t.Errorf("made for a deal: %+v", r.Deal)
	}
	read, err := h.Service.Deal(h.ctx(), h.seller, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	d = read.Deal
	d.Stage = "Negotiation"
	if _, err := h.SaveDeal(h.ctx(), h.seller, d); err != nil {
		t.Fatal(err)
	}
	if r := h.row(id); r.Deal.Stage != "Negotiation" {
		t.Errorf("after the deal changed: %+v", r.Deal)
	}
	if _, err := h.Do(h.ctx(), h.seller, id, plan.Share{}); err != nil {
		t.Fatal(err)
	}
	if r := h.row(id); r.Deal.Stage != "Negotiation" {
		t.Errorf("after the plan changed: %+v", r.Deal)
	}
	if err := h.LinkDeal(h.ctx(), h.seller, d.ID, ""); err != nil {
		t.Fatal(err)
	}
	if r := h.row(id); r.Deal.ID != "" || r.Deal.Amount != 0 || r.Deal.OwnerName != "John Martinez" {
		t.Errorf("without a deal: %+v", r.Deal)
	}
}

// Remarks: managers write, members read, nobody else; of other workspaces'
// plans nobody learns that they are there.
func TestRemarksAreForTheWorkspace(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	buyer := h.buyer(id, "Ute Brandt")
	_, stranger, err := h.Found(h.ctx(), app.Workspace{Name: "Other", Language: "en", Zone: "Europe/Berlin"}, app.Member{Name: "Eve", Email: "eve@other.example", Role: app.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	seller := *h.seller.Member
	seller.ID, seller.Role = "m-seller", app.RoleSeller
	for _, c := range []struct {
		name string
		by   app.Caller
		text string
		want fault.Kind
	}{
		{"nobody", app.Caller{}, "x", fault.Missing},
		{"the buyer", buyer, "x", fault.Missing},
		{"an administrator of another workspace", app.Caller{Member: &stranger}, "x", fault.Missing},
		{"a seller of this one", app.Caller{Member: &seller}, "x", fault.Forbidden},
		{"too long", h.seller, strings.Repeat("ä", 2_001), fault.Invalid},
	} {
		if err := h.Remark(h.ctx(), c.by, id, c.text); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if err := h.Remark(h.ctx(), h.seller, id, "  Call the CFO\x00 "); err != nil {
		t.Fatal(err)
	}
	m := h.row(id).Remark
	if m == nil || m.Text != "Call the CFO" || m.Name != "John Martinez" || !m.At.Equal(h.now) {
		t.Errorf("the remark: %+v", m)
	}
	if p, err := h.Portfolio(h.ctx(), app.Caller{Member: &stranger}, app.PortfolioQuery{Limit: 10}); err != nil || len(p.Page.Rows) != 0 {
		t.Errorf("another workspace sees %d plans, %v", len(p.Page.Rows), err)
	}
	if _, err := h.Portfolio(h.ctx(), buyer, app.PortfolioQuery{Limit: 10}); !fault.Is(err, fault.Missing) {
		t.Errorf("the buyer's portfolio: %v, want missing", err)
	}
	if err := h.Remark(h.ctx(), h.seller, id, " "); err != nil || h.row(id).Remark != nil {
		t.Errorf("taken away: %v, %+v", err, h.row(id).Remark)
	}
}

func TestViewsAreTheirOwners(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := *h.seller.Member
	other.ID, other.Role = "m-seller", app.RoleSeller
	colleague := app.Caller{Member: &other}
	save := func(by app.Caller, id plan.ID, name string, shared bool) error {
		return h.SaveView(h.ctx(), by, app.SavedView{ID: id, Name: name, Query: "show=needs", Shared: shared})
	}
	for _, c := range []struct {
		name string
		err  error
		want fault.Kind
	}{
		{"a seller shares one", save(colleague, "v1", "Team", true), fault.Forbidden},
		{"without a name", save(h.seller, "v1", " ", false), fault.Invalid},
		{"with a long one", save(h.seller, "v1", strings.Repeat("x", 81), false), fault.Invalid},
		{"nobody", save(app.Caller{}, "v1", "x", false), fault.Missing},
	} {
		if !fault.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, c.err, c.want)
		}
	}
	for _, err := range []error{save(h.seller, "v1", "Mine", false), save(h.seller, "v1", "Mine", false), save(h.seller, "v2", "Team", true), save(colleague, "v3", "Theirs", false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := save(colleague, "v1", "Stolen", false); !fault.Is(err, fault.Missing) {
		t.Errorf("somebody else's id: %v, want missing", err)
	}
	all, err := h.Views(h.ctx(), colleague)
	if err != nil || len(all) != 2 || all[0].Name != "Theirs" || all[1].Name != "Team" {
		t.Errorf("a colleague's views: %+v, %v", all, err)
	}
	if err := h.DropView(h.ctx(), colleague, "v2"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a seller deletes the team's: %v, want forbidden", err)
	}
	if err := h.DropView(h.ctx(), colleague, "v1"); !fault.Is(err, fault.Missing) {
		t.Errorf("somebody else's: %v, want missing", err)
	}
	if err := h.DropView(h.ctx(), h.seller, "v2"); err != nil {
		t.Error(err)
	}
}

// A person who was erased is not named in the portfolio either.
func TestErasingReachesThePortfolio(t *testing.T) {
	t.Parallel()
	h := open(t)
	f := light()
	made, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: f})
	if err != nil {
		t.Fatal(err)
	}
	id := made.Plan.ID
	r := h.row(id)
	if r.Next.Name != "Ute Brandt" {
		t.Fatalf("next is %+v", r.Next)
	}
	var ute plan.ID
	for _, q := range made.Plan.Everybody() {
		if q.Name.Value == "Ute Brandt" {
			ute = q.ID
		}
	}
	if _, err := h.Erase(h.ctx(), id, ute); err != nil {
		t.Fatal(err)
	}
	if r := h.row(id); r.Next.Name != "" || r.Next.Title == "" {
		t.Errorf("after erasing her: %+v", r.Next)
	}
}

func TestPilotCountsPlans(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	buyer := h.buyer(id, "Ute Brandt")
	h.now = h.now.Add(10 * 24 * time.Hour)
	if _, err := h.Do(h.ctx(), buyer, id, plan.Say{ID: h.NewID(), Text: "Hello"}); err != nil {
		t.Fatal(err)
	}
	x, err := h.Pilot(h.ctx(), h.seller, 30)
	if err != nil {
		t.Fatal(err)
	}
	if x.PilotCount.Plans != 1 || x.Due != 1 || x.InTime != 0 || x.Active != 0 || x.Running != 1 || x.Undated != 1 || x.Buyers == 0 || x.Steps < x.Buyers || len(x.Plans) != 1 {
		t.Errorf("the pilot: %+v", x.PilotCount)
	}
	if _, err := h.Pilot(h.ctx(), buyer, 30); !fault.Is(err, fault.Missing) {
		t.Errorf("the buyer's pilot view: %v, want missing", err)
	}
	if x, err := h.Pilot(h.ctx(), h.seller, 5); err != nil || x.PilotCount.Plans != 0 {
		t.Errorf("of the last five days: %+v, %v", x.PilotCount, err)
	}
}

// light is a plan of one step.
func light() *planfile.Plan {
	f := &planfile.Plan{Format: planfile.Format, Title: "Decide", Language: "en", DecideBy: civil.Of(2028, time.June, 1),
		People:  []planfile.Person{{ID: "ute", Side: planfile.Buyer, Name: "Ute Brandt"}},
		Actions: []planfile.Action{{ID: "a1", Title: "Send the agreement", Side: planfile.Buyer, Owner: "ute", Due: civil.Of(2028, time.May, 9), Status: planfile.Open}}}
	f.Sides.Buyer.Organisation = "Nordwerk"
	return f
}

func asAgain(err error, again *app.Again) bool { return errors.As(err, again) }
