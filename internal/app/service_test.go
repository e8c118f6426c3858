package app_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

func TestWhoIsNotOnAPlanLearnsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	draft := h.sample().Plan.ID
	stranger := app.Caller{}
	_, unknown := h.Open(h.ctx(), stranger, "no-such-plan")
	_, there := h.Open(h.ctx(), stranger, draft)
	if unknown == nil || there == nil || unknown.Error() != there.Error() {
		t.Errorf("a plan that exists: %v; one that does not: %v; want the same", there, unknown)
	}
	if _, err := h.Do(h.ctx(), stranger, draft, plan.Say{ID: "x1", Text: "hello"}); !fault.Is(err, fault.Missing) {
		t.Errorf("a stranger's command: got %v, want missing", err)
	}
	_, other, err := h.Found(h.ctx(), app.Workspace{Name: "Other", Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "Eve", Email: "eve@other.example"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Open(h.ctx(), app.Caller{Member: &other}, draft)
	wantFault(t, err, fault.Missing, "fault.missing")
	rows, err := h.List(h.ctx(), app.Caller{Member: &other}, 10)
	if err != nil || len(rows) != 0 {
		t.Errorf("another workspace's list: got %d rows, %v; want none", len(rows), err)
	}
}

func TestAStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	buyer := h.buyer(v.Plan.ID, "Sarah Chen")
	for i := range 150 { // passes several snapshots
		h.now = h.now.Add(time.Minute)
		if _, err := h.Do(h.ctx(), buyer, v.Plan.ID, plan.Say{ID: h.NewID(), Text: strings.Repeat("x", i+1)}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.DoPrivate(h.ctx(), buyer, v.Plan.ID, plan.SetNote{ID: h.NewID(), Text: "note"}); err != nil {
			t.Fatal(err)
		}
	}
	before, err := h.Open(h.ctx(), buyer, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.Moved("")
	after, err := h.Open(h.ctx(), buyer, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if before.Plan == after.Plan {
		t.Fatal("the state was not loaded anew")
	}
	if diff := cmp.Diff(asJSON(t, before.Plan), asJSON(t, after.Plan)); diff != "" {
		t.Errorf("shared state after a restart:\n%s", diff)
	}
	if diff := cmp.Diff(asJSON(t, before.Own), asJSON(t, after.Own)); diff != "" {
		t.Errorf("private state after a restart:\n%s", diff)
	}
	if got, want := after.Plan.Organisation.Buyer.Value, "Nordwerk AG"; got != want {
		t.Errorf("words after a restart: got %q, want %q", got, want)
	}
}

func asJSON(t *testing.T, x any) string {
	t.Helper()
	b, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTwoMachinesOnOneDatabase(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	second := app.New(h.store, app.Options{Clock: func() time.Time { return h.now }})
	id := v.Plan.ID
	for i := range 20 { // neither tells the other: each finds its state stale every time
		s := h.Service
		if i%2 == 1 {
			s = second
		}
		if _, err := s.Do(h.ctx(), h.seller, id, plan.Say{ID: h.NewID(), Text: "hello"}); err != nil {
			t.Fatal(err)
		}
	}
	h.Moved(id)
	got, err := h.Open(h.ctx(), h.seller, id)
	if err != nil || len(got.Plan.Comments[""]) != 20 {
		t.Errorf("got %d comments, %v; want 20", len(got.Plan.Comments[""]), err)
	}
}

func TestTheOtherSideGetsNothingInternal(t *testing.T) {
	t.Parallel()
	h := open(t)
	file := app.Sample("en", civil.Of(2028, time.May, 2))
	file.Actions[8].Notes = "SECRET-IMPORTED"
	v, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: file})
	if err != nil {
		t.Fatal(err)
	}
	id := v.Plan.ID
	buyer := h.buyer(id, "Sarah Chen")
	if _, err := h.DoPrivate(h.ctx(), h.seller, id, plan.SetInternal{ID: h.NewID(), Title: "SECRET-STEP"}); err != nil {
		t.Fatal(err)
	}
	h.told = nil
	if _, err := h.DoPrivate(h.ctx(), h.seller, id, plan.SetNote{ID: h.NewID(), Text: "SECRET-NOTE"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{string(id) + "/seller"}, h.told); diff != "" {
		t.Errorf("a private change is told to its own side only:\n%s", diff)
	}
	theirs, err := h.Open(h.ctx(), buyer, id)
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	all.WriteString(asJSON(t, theirs.Plan) + asJSON(t, theirs.Own))
	if err := planfile.Encode(&all, app.File(theirs)); err != nil {
		t.Fatal(err)
	}
	for _, private := range []bool{false, true} {
		if err := h.Log(h.ctx(), theirs, private, func(r plan.Record) error { all.WriteString(asJSON(t, r)); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := h.History(h.ctx(), theirs, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	all.WriteString(asJSON(t, entries))
	if strings.Contains(all.String(), "SECRET") {
		t.Error("the buyer was given something internal to the seller")
	}
	ours, err := h.Open(h.ctx(), h.seller, id)
	if err != nil {
		t.Fatal(err)
	}
	var own bytes.Buffer
	if err := planfile.Encode(&own, app.File(ours)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(own.String(), "SECRET-IMPORTED") {
		t.Error("the seller's own file lost its notes")
	}
}

func TestPublishingANoteHappensOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	note := h.NewID()
	if _, err := h.DoPrivate(h.ctx(), h.seller, id, plan.SetNote{ID: note, Text: "for both"}); err != nil {
		t.Fatal(err)
	}
	v, err := h.PublishNote(h.ctx(), h.seller, id, note, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Own.Notes) != 0 || len(v.Plan.Comments[""]) != 1 || v.Plan.Comments[""][0].Text.Value != "for both" {
		t.Errorf("got %d notes and %d comments, want none and one", len(v.Own.Notes), len(v.Plan.Comments[""]))
	}
	_, err = h.PublishNote(h.ctx(), h.seller, id, note, 1)
	wantFault(t, err, fault.Missing, "")
}

func TestCreatingTwiceMakesOnePlan(t *testing.T) {
	t.Parallel()
	h := open(t)
	n := app.NewPlan{ID: h.NewID(), File: app.Sample("de", civil.Of(2028, time.May, 2))}
	for range 2 {
		if _, err := h.Create(h.ctx(), h.seller, n); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := h.List(h.ctx(), h.seller, 10)
	if err != nil || len(rows) != 1 {
		t.Errorf("got %d plans, %v; want one", len(rows), err)
	}
}

func TestAFileComesBackAsItWent(t *testing.T) {
	t.Parallel()
	h := open(t)
	want := app.Sample("de", civil.Of(2028, time.May, 2))
	v, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: want})
	if err != nil {
		t.Fatal(err)
	}
	got := app.File(v)
	if err := planfile.Validate(got); err != nil {
		t.Fatalf("the plan taken away is no valid file: %v", err)
	}
	if diff := cmp.Diff(shape(want), shape(got)); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// shape is a file with ids replaced by what they name, so that files can be
// compared whose ids differ.
func shape(p *planfile.Plan) map[string][]string {
	name := map[string]string{}
	for _, q := range p.People {
		name[q.ID] = q.Name
	}
	for _, m := range p.Milestones {
		name[m.ID] = m.Title
	}
	for _, a := range p.Actions {
		name[a.ID] = a.Title
	}
	for _, g := range p.Gates {
		name[g.ID] = g.Title
	}
	out := map[string][]string{"head": {p.Title, p.Language, p.Start.String(), p.DecideBy.String(), p.Sides.Buyer.Organisation, p.Sides.Seller.Organisation}}
	add := func(kind string, parts ...string) { out[kind] = append(out[kind], strings.Join(parts, " | ")) }
	for _, m := range p.Milestones {
		add("milestones", m.Title, m.Date.String())
	}
	for _, a := range p.Actions {
		add("actions", a.Title, string(a.Side), name[a.Owner], name[a.Owners.Buyer], name[a.Owners.Seller], name[a.Milestone], a.Due.String(),
			a.Expected.String(), a.DoneWhen, string(a.Status), a.StartedOn.String(), a.DoneOn.String(), a.BlockedBecause, name[a.Gate], a.Notes)
	}
	for _, l := range p.Links {
		add("links", name[l.From], name[l.To], l.Type)
	}
	for _, g := range p.Goals {
		add("goals", string(g.Side), g.Text)
	}
	for _, c := range p.Criteria {
		add("criteria", c.Text, c.By.String())
	}
	for _, r := range p.Risks {
		add("risks", r.Title, r.Mitigation, name[r.Owner])
	}
	return out
}

func TestErasingAPerson(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	id := v.Plan.ID
	buyer := h.buyer(id, "Quirin Zschokke")
	me := buyer.Session.Persons[id]
	if _, err := h.Do(h.ctx(), buyer, id, plan.Say{ID: h.NewID(), Text: "zschokke-words"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(h.ctx(), h.seller, id, plan.Say{ID: h.NewID(), Text: "ask Quirin Zschokke"}); err != nil {
		t.Fatal(err)
	}
	e, err := h.Erase(h.ctx(), id, me)
	if err != nil {
		t.Fatal(err)
	}
	if e.Texts < 3 || len(e.Mentions) != 1 {
		t.Errorf("got %d texts erased and %d mentions, want at least 3 and 1", e.Texts, len(e.Mentions))
	}
	if _, err := h.Open(h.ctx(), buyer, id); !fault.Is(err, fault.Missing) {
		t.Errorf("the erased person still gets in: %v", err)
	}
	ours, err := h.Open(h.ctx(), h.seller, id)
	if err != nil {
		t.Fatal(err)
	}
	var chain plan.Verifier
	var log bytes.Buffer
	if err := h.Log(h.ctx(), ours, false, func(r plan.Record) error { log.WriteString(asJSON(t, r)); return chain.Next(r) }); err != nil {
		t.Errorf("the chain after an erasure: %v", err)
	}
	if strings.Contains(log.String(), "zschokke-words") || strings.Contains(log.String(), "somebody@nordwerk.example") {
		t.Error("erased words are still in the log")
	}
	if _, err := h.Do(h.ctx(), h.seller, id, plan.Say{ID: h.NewID(), Text: "life goes on"}); err != nil {
		t.Errorf("the plan after an erasure: %v", err)
	}
}

func TestAProposalExpiresByItself(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	id := v.Plan.ID
	buyer := h.buyer(id, "Sarah Chen")
	v, err := h.Open(h.ctx(), h.seller, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []app.Caller{buyer, h.seller} {
		if _, err := h.Do(h.ctx(), c, id, plan.AcceptPlan{Seen: v.Plan.Shown()}); err != nil {
			t.Fatal(err)
		}
	}
	v, err = h.Open(h.ctx(), h.seller, id)
	if err != nil || v.Plan.Phase != plan.Agreed {
		t.Fatalf("got phase %q, %v; want agreed", v.Plan.Phase, err)
	}
	it := step(v, plan.ByBuyer)
	due := it.Terms.Due + 7
	v, err = h.Do(h.ctx(), h.seller, id, plan.Propose{Reason: "more time", Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &due}}}})
	if err != nil {
		t.Fatal(err)
	}
	pr := v.Plan.OpenProposals()[0]
	// Ten working days of the buyer (DE-NI) after Tuesday 2 May 2028: none of
	// them a holiday.
	if want := civil.Of(2028, time.May, 16); pr.Expires != want {
		t.Errorf("got expiry %s, want %s", pr.Expires, want)
	}
	if n := h.runDue(); n != 0 {
		t.Errorf("before its day: got %d jobs", n)
	}
	h.now = pr.Expires.Time().Add(72 * time.Hour)
	if n := h.runDue(); n != 1 {
		t.Errorf("after its day: got %d jobs, want one", n)
	}
	v, err = h.Open(h.ctx(), h.seller, id)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Plan.Proposals[pr.ID].Status; got != plan.Expired {
		t.Errorf("got status %q, want expired", got)
	}
	if got := v.Plan.Items[it.ID].Terms.Due; got != it.Terms.Due {
		t.Errorf("silence changed the date to %s", got)
	}
	// A job may come twice; the second time there is nothing to do.
	if err := h.RunJob(h.ctx(), app.Job{Kind: app.JobExpire, Data: []byte(id)}); err != nil {
		t.Errorf("the same job again: %v", err)
	}
	if again, err := h.Open(h.ctx(), h.seller, id); err != nil || again.Plan.Head != v.Plan.Head {
		t.Errorf("the same job again changed the plan: %v", err)
	}
}
