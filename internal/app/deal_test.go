package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	deals "tandem/internal/deal"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/readiness"
	"tandem/internal/sheet"
)

// deal makes a deal of the house's.
func (h *house) opportunity(name string) app.Deal {
	h.t.Helper()
	d, err := h.SaveDeal(h.ctx(), h.seller, app.Deal{ID: h.NewID(), Name: name, Account: "Nordwerk AG", Amount: 100_000, Currency: "EUR", Close: civil.Of(2028, 6, 30)})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// stranger is a member of another workspace.
func (h *house) stranger() app.Caller {
	h.t.Helper()
	_, other, err := h.Found(h.ctx(), app.Workspace{Name: "Other", Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "Eve", Email: "eve@other.example"})
	if err != nil {
		h.t.Fatal(err)
	}
	return app.Caller{Member: &other}
}

func TestADealIsItsWorkspacesOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	d, v := h.opportunity("ERP"), h.sample()
	buyer := h.buyer(v.Plan.ID, "Sarah Chen")
	if err := h.LinkDeal(h.ctx(), h.seller, d.ID, v.Plan.ID); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]app.Caller{"nobody": {}, "a member of another workspace": h.stranger(), "the buyer": buyer} {
		_, err := h.Deal(h.ctx(), c, d.ID)
		wantFault(t, err, fault.Missing, "fault.missing")
		_, err = h.SaveDeal(h.ctx(), c, app.Deal{ID: d.ID, Name: "Mine", Version: 1})
		wantFault(t, err, fault.Missing, "fault.missing")
		wantFault(t, h.LinkDeal(h.ctx(), c, d.ID, ""), fault.Missing, "fault.missing")
		wantFault(t, h.DeleteDeal(h.ctx(), c, d.ID), fault.Missing, "fault.missing")
		_, err = h.CheckReadiness(h.ctx(), c, d.ID, readiness.Answers{})
		wantFault(t, err, fault.Missing, "fault.missing")
		_, err = h.RecordResistance(h.ctx(), c, app.Resistance{Deal: d.ID, Moment: "introducing", Outcome: "refused"})
		wantFault(t, err, fault.Missing, "fault.missing")
		if rows, err := h.Deals(h.ctx(), c, app.DealQuery{Limit: 10}); err == nil && len(rows) > 0 {
			t.Errorf("%s sees %d deals", name, len(rows))
		}
	}
	bv, err := h.Open(h.ctx(), buyer, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = h.DealOf(h.ctx(), buyer, bv)
	wantFault(t, err, fault.Missing, "fault.missing")
	_, err = h.DealSummary(h.ctx(), buyer, bv)
	wantFault(t, err, fault.Missing, "fault.missing")
	_, err = h.RecordResistance(h.ctx(), buyer, app.Resistance{Plan: v.Plan.ID, Moment: "inviting", Outcome: "refused"})
	wantFault(t, err, fault.Missing, "fault.missing")
	wantFault(t, h.LinkDeal(h.ctx(), h.seller, h.opportunity("Other").ID, "no-such-plan"), fault.Missing, "fault.missing")
}

func TestAPlanIsMadeForItsDeal(t *testing.T) {
	t.Parallel()
	h := open(t)
	d := h.opportunity("ERP")
	create := func(n app.NewPlan) (app.View, error) {
		n.ID, n.File = h.NewID(), app.Sample("en", civil.Of(2028, time.May, 2))
		return h.Create(h.ctx(), h.seller, n)
	}
	_, err := create(app.NewPlan{Deal: "no-such-deal"})
	wantFault(t, err, fault.Missing, "fault.missing")
	v, err := create(app.NewPlan{Deal: d.ID})
	if err != nil {
		t.Fatal(err)
	}
	got, has, err := h.DealOf(h.ctx(), h.seller, v)
	if err != nil || !has || got.ID != d.ID || got.Row == nil || got.Row.Plan != v.Plan.ID {
		t.Errorf("its deal: %+v, %v, %v", got.Deal, has, err)
	}
	_, err = create(app.NewPlan{Deal: d.ID})
	wantFault(t, err, fault.Refused, "deal.fault.hasPlan")
	if rows, err := h.List(h.ctx(), h.seller, 10); err != nil || len(rows) != 1 {
		t.Errorf("what was refused made a plan: %d plans, %v", len(rows), err)
	}
	again, err := create(app.NewPlan{Deal: d.ID, Predecessor: v.Plan.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := h.DealOf(h.ctx(), h.seller, again); err != nil || got.ID != d.ID {
		t.Errorf("a reopened plan's deal: %+v, %v", got.Deal, err)
	}
}

func TestADealIsSavedWithItsHistory(t *testing.T) {
	t.Parallel()
	h := open(t)
	d := h.opportunity("ERP")
	if twice, err := h.SaveDeal(h.ctx(), h.seller, app.Deal{ID: d.ID, Name: "ERP"}); err != nil || twice.Version != 1 {
		t.Errorf("a form sent twice: %+v, %v", twice, err)
	}
	h.now = h.now.Add(time.Hour)
	moved := d
	moved.Close, moved.Amount = civil.Of(2028, 7, 14), 120_000
	moved, err := h.SaveDeal(h.ctx(), h.seller, moved)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SaveDeal(h.ctx(), h.seller, d)
	wantFault(t, err, fault.Conflict, "deal.fault.changed")
	v, err := h.Deal(h.ctx(), h.seller, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, x := range v.Changes {
		fields = append(fields, x.Field+" "+x.Was+" "+x.Now)
	}
	if want := []string{"close 2028-06-30 2028-07-14", "amount 100000 EUR 120000 EUR"}; !slices.Equal(fields, want) {
		t.Errorf("history %q, want %q", fields, want)
	}
	if times, days := v.Slips(); times != 1 || days != 14 {
		t.Errorf("it slipped %d times by %d days", times, days)
	}
	for name, wrong := range map[string]struct {
		change func(*app.Deal)
		key    string
	}{
		"no name":         {func(d *app.Deal) { d.Name = " " }, "deal.fault.name"},
		"a script":        {func(d *app.Deal) { d.URL = "javascript:alert(1)" }, "deal.fault.url"},
		"no currency":     {func(d *app.Deal) { d.Currency = "" }, "deal.fault.currency"},
		"an odd currency": {func(d *app.Deal) { d.Currency = "XXX" }, "deal.fault.currency"},
		"below zero":      {func(d *app.Deal) { d.Amount = -1 }, "deal.fault.amount"},
		"an odd end":      {func(d *app.Deal) { d.Ended = "maybe" }, "deal.fault.ended"},
		"a stranger":      {func(d *app.Deal) { d.Owner = h.stranger().Member.ID }, "deal.fault.owner"},
		"too long":        {func(d *app.Deal) { d.Name = strings.Repeat("x", deals.MaxName+1) }, "deal.fault.long"},
	} {
		x := moved
		wrong.change(&x)
		if _, err := h.SaveDeal(h.ctx(), h.seller, x); err == nil || !strings.Contains(err.Error(), wrong.key) {
			t.Errorf("%s: %v, want %s", name, err, wrong.key)
		}
	}
}

// reading is a list as text: cells by bars, rows by lines.
func reading(t *testing.T, s deals.Settings, rows ...string) *deals.Reading {
	t.Helper()
	var g sheet.Grid
	for i, row := range rows {
		r := sheet.Row{Number: i + 1}
		for c := range strings.SplitSeq(row, "|") {
			r.Cells = append(r.Cells, sheet.Cell{Text: c})
		}
		g.Rows = append(g.Rows, r)
	}
	r, err := deals.Read(g, s, s.Columns == nil)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestAListIsTakenInAndRefreshed(t *testing.T) {
	t.Parallel()
	h := open(t)
	const header = "Deal ID|Deal Name|Account Name|Amount|Close Date|Stage|Deal owner"
	first := reading(t, deals.Settings{Currency: "EUR"}, header, "1|ERP|Nordwerk|1,000.50|2028-06-30|Proposal|Martinez, John",
		"2|MES|Südstahl|500|2028-07-31|Proposal|Somebody Else", "3|Bad|Haff|much|2028-07-31|Proposal|")
	load, err := h.TakeDeals(h.ctx(), h.seller, first)
	if err != nil {
		t.Fatal(err)
	}
	if len(load.New) != 2 || load.Unowned != 1 {
		t.Errorf("the first list: %d new, %d unowned; want 2 and 1", len(load.New), load.Unowned)
	}
	if o := load.New[0].Now; o.Owner != h.seller.Member.ID || o.OwnerName != "John Martinez" {
		t.Errorf("the owner: %q %q", o.Owner, o.OwnerName)
	}
	settings, known, err := h.ReadSettings(h.ctx(), h.seller, []string{"deal owner", "STAGE", "Close Date", "Amount", "Account Name", "Deal Name", "Deal ID"})
	if err != nil || !known || settings.Columns["Amount"] != deals.Value {
		t.Errorf("the next list's columns: %+v, %v, %v", settings, known, err)
	}
	if _, known, err := h.ReadSettings(h.ctx(), h.stranger(), []string{"Deal ID"}); err != nil || known {
		t.Errorf("elsewhere: %v, %v", known, err)
	}
	if load, err = h.TakeDeals(h.ctx(), h.seller, first); err != nil || load.Same != 2 || len(load.New)+len(load.Changed)+len(load.Missing) != 0 {
		t.Errorf("the same list again: %+v, %v", load, err)
	}

	h.now = h.now.Add(time.Hour)
	settings.Whole = true
	second := reading(t, settings, header, "1|ERP|Nordwerk|1,000.50|2028-07-15|Negotiation|John Martinez", "4|New|Haff|7|2028-09-01|Proposal|")
	if load, err = h.TakeDeals(h.ctx(), h.seller, second); err != nil {
		t.Fatal(err)
	}
	if len(load.New) != 1 || len(load.Changed) != 1 || len(load.Missing) != 1 || !slices.Equal(load.Changed[0].Fields, []deals.Field{deals.Stage, deals.Close}) {
		t.Errorf("the second list: %+v", load)
	}
	rows, err := h.Deals(h.ctx(), h.seller, app.DealQuery{Limit: 10})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d deals, %v; want 3: none is deleted", len(rows), err)
	}
	gone := map[string]bool{}
	for _, r := range rows {
		gone[r.CRM] = !r.Gone.IsZero()
	}
	if gone["1"] || !gone["2"] || gone["4"] {
		t.Errorf("gone: %v, want only 2", gone)
	}
	third := reading(t, settings, header, "2|MES|Südstahl|500|2028-07-31|Closed Won|Somebody Else", "1|ERP|Nordwerk|bad|2028-07-15|Negotiation|")
	if load, err = h.TakeDeals(h.ctx(), h.seller, third); err != nil || len(load.Changed) != 1 || !load.Changed[0].Back || load.Changed[0].Now.Ended != app.DealWon || len(load.Missing) != 1 {
		t.Errorf("back and won; the unreadable one is not missing: %+v, %v", load, err)
	}
}

func TestAListNeedsWhatTellsDealsApart(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.CompareDeals(h.ctx(), h.seller, reading(t, deals.Settings{}, "Deal Name|Amount", "ERP|5"))
	wantFault(t, err, fault.Invalid, "deal.fault.noID")
	_, err = h.CompareDeals(h.ctx(), h.seller, reading(t, deals.Settings{Address: "javascript:{id}"}, "Deal ID|Deal Name", "1|ERP"))
	wantFault(t, err, fault.Invalid, "deal.fault.address")
	_, err = h.TakeDeals(h.ctx(), app.Caller{}, reading(t, deals.Settings{}, "Deal ID|Deal Name", "1|ERP"))
	wantFault(t, err, fault.Missing, "fault.missing")
}

func TestChecksAndSignalsStayWithTheDeal(t *testing.T) {
	t.Parallel()
	h := open(t)
	d := h.opportunity("ERP")
	a := readiness.Answers{}
	_, err := h.CheckReadiness(h.ctx(), h.seller, d.ID, a)
	wantFault(t, err, fault.Invalid, "ready.fault.answers")
	for _, q := range readiness.Questions() {
		a[q] = readiness.No
	}
	for _, answer := range []readiness.Answer{readiness.No, readiness.Yes} {
		for _, q := range readiness.Questions() {
			a[q] = answer
		}
		h.now = h.now.Add(time.Hour)
		if _, err := h.CheckReadiness(h.ctx(), h.seller, d.ID, a); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.RecordResistance(h.ctx(), h.seller, app.Resistance{Deal: d.ID, Moment: "introducing", Objection: "formal", Move: "dates"})
	wantFault(t, err, fault.Invalid, "resist.fault.choice")
	r, err := h.RecordResistance(h.ctx(), h.seller, app.Resistance{Deal: d.ID, Moment: "introducing", Objection: "formal", Move: "light"})
	if err != nil {
		t.Fatal(err)
	}
	r.Outcome = "welcomed"
	if _, err := h.RecordResistance(h.ctx(), h.seller, r); err != nil {
		t.Fatal(err)
	}
	v, err := h.Deal(h.ctx(), h.seller, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Checks) != 2 || v.Checks[0].Advice != "now" || v.Checks[1].Advice != "wait" || v.Advice != "now" {
		t.Errorf("checks: %+v, advice %q", v.Checks, v.Advice)
	}
	if len(v.Resistances) != 1 || v.Resistances[0].Outcome != "welcomed" || v.Resistances[0].Move != "light" {
		t.Errorf("signals: %+v", v.Resistances)
	}
	if v.Names[v.Resistances[0].Member] != "John Martinez" {
		t.Errorf("who recorded it: %v", v.Names)
	}
}

func TestTheSummaryIsOfBothSidesPlan(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	buyer := h.buyer(v.Plan.ID, "Sarah Chen")
	h.now = h.now.Add(time.Hour)
	if _, err := h.Do(h.ctx(), buyer, v.Plan.ID, plan.Say{ID: h.NewID(), Text: "We look into it."}); err != nil {
		t.Fatal(err)
	}
	v, err := h.Open(h.ctx(), h.seller, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := h.DealSummary(h.ctx(), h.seller, v)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Next == nil || sum.Ready.IsZero() || !sum.LastBuyer.Equal(h.now) {
		t.Errorf("next %v, ready %v, last at the buyer %v", sum.Next, sum.Ready, sum.LastBuyer)
	}
	for _, it := range v.Plan.Live(plan.KindAction) {
		if it.Progress.Status != plan.Done && it.Terms.Due != 0 && it.Terms.Due < sum.Next.Terms.Due {
			t.Errorf("%s is due before the next step", it.Terms.Title.Value)
		}
	}
}
