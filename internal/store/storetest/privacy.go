package storetest

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func privacySettings(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	if _, err := s.Privacy(ctx, "w1"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("nothing decided: %v, want ErrNotFound", err)
	}
	want := app.Privacy{Workspace: "w1", Keep: 36, Mails: 90, PerPerson: true, Agreement: "Betriebsvereinbarung vom 3. März", Least: 7}
	check(t, s.SavePrivacy(ctx, app.Privacy{Workspace: "w1", Mails: 7, Least: 5}))
	check(t, s.SavePrivacy(ctx, want))
	got, err := s.Privacy(ctx, "w1")
	check(t, err)
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func personRows(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	row := func(planID, person, workspace plan.ID, address string) app.PersonRow {
		return app.PersonRow{Plan: planID, Person: person, Workspace: workspace, Side: plan.Buyer, Address: address}
	}
	commit(t, s, app.Change{People: []app.PersonRow{row("p1", "ute", "w1", "a"), row("p1", "tom", "w1", "b")}})
	commit(t, s, app.Change{People: []app.PersonRow{row("p2", "ute2", "w1", "a"), row("p3", "ute3", "w2", "a"), row("p1", "tom", "w1", "")}})
	got, err := s.PersonRows(ctx, "w1", "a")
	check(t, err)
	if diff := cmp.Diff([]app.PersonRow{row("p1", "ute", "w1", "a"), row("p2", "ute2", "w1", "a")}, got); diff != "" {
		t.Errorf("people of an address (-want +got):\n%s", diff)
	}
	if got, err := s.PersonRows(ctx, "w1", "b"); err != nil || len(got) != 0 {
		t.Errorf("an address that was given up: %v, %v", got, err)
	}
	check(t, s.ForgetPerson(ctx, "p1", []plan.ID{"ute"}))
	if got, err := s.PersonRows(ctx, "w1", "a"); err != nil || len(got) != 1 || got[0].Plan != "p2" {
		t.Errorf("after forgetting: %v, %v", got, err)
	}
}

func answers(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	a := app.AnswerRow{Plan: "p1", Proposal: "x", Workspace: "w1", Member: "john", Asked: noon.Add(-3 * time.Hour), Answered: noon}
	b := app.AnswerRow{Plan: "p1", Proposal: "y", Workspace: "w1", Member: "john", Asked: noon, Answered: noon.Add(time.Hour)}
	commit(t, s, app.Change{Answers: []app.AnswerRow{a, b}})
	commit(t, s, app.Change{Answers: []app.AnswerRow{a}}) // twice does no harm
	got, err := s.Answers(ctx, "w1", noon)
	check(t, err)
	if diff := cmp.Diff([]app.AnswerRow{a, b}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if got, err = s.Answers(ctx, "w1", noon.Add(time.Minute)); err != nil || len(got) != 1 {
		t.Errorf("since later: %v, %v", got, err)
	}
	check(t, s.ForgetPerson(ctx, "p1", []plan.ID{"john"}))
	if got, err = s.Answers(ctx, "w1", noon); err != nil || len(got) != 0 {
		t.Errorf("after forgetting: %v, %v", got, err)
	}
}

func endedPlans(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	for n, r := range []app.PlanRow{
		{Plan: "running", Phase: plan.Agreed}, {Plan: "left", Phase: plan.Agreed, Left: true}, {Plan: "old", Phase: plan.Decided},
		{Plan: "away", Phase: plan.Archived}, {Plan: "elsewhere", Phase: plan.Decided, Workspace: "w2"}, {Plan: "fresh", Phase: plan.Decided, Updated: noon},
	} {
		if r.Workspace == "" {
			r.Workspace = "w1"
		}
		if r.Updated.IsZero() {
			r.Updated = noon.Add(-time.Duration(n+1) * time.Hour)
		}
		r.Seq = 1
		commit(t, s, app.Change{Row: &r})
	}
	got, err := s.Ended(ctx, "w1", noon, 10)
	check(t, err)
	if diff := cmp.Diff([]plan.ID{"old", "away", "left"}, got); diff != "" {
		t.Errorf("ended plans (-want +got):\n%s", diff)
	}
	if got, err = s.Ended(ctx, "w1", noon, 2); err != nil || len(got) != 2 {
		t.Errorf("at most two: %v, %v", got, err)
	}
}

// forgottenMember: name and address are nowhere, the id stays.
func forgottenMember(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	name := "Gone" + rand.Text()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	check(t, s.SaveMember(ctx, app.Member{ID: "m1", Workspace: "w1", Name: name, Email: name + "@acme.example", Role: app.RoleSeller, Created: noon}))
	check(t, s.SavePasskey(ctx, app.Passkey{ID: []byte("k"), Member: "m1", Name: name + "'s phone", PublicKey: []byte("p"), Created: noon}))
	check(t, s.SaveLogin(ctx, app.Login{Issuer: "https://id.example", Subject: name, Workspace: "w1", Member: "m1", Created: noon}))
	check(t, s.SetDisabled(ctx, "m1", noon, app.ByPerson))
	check(t, s.RemoveAccount(ctx, "m1"))
	check(t, s.ForgetMember(ctx, "m1"))
	for _, word := range []string{name, "gone" + name[len("Gone"):]} {
		if where := db.Traces(t, word); len(where) > 0 {
			t.Errorf("a member who was erased is still found in %v", where)
		}
	}
	if m, err := s.Member(ctx, "m1"); err != nil || m.Email != "" {
		t.Errorf("the id: %+v, %v", m, err)
	}
}

// deletedPlan: nothing of it is left, in tables or files, and others stay.
func deletedPlan(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	gone, kept := "gone"+rand.Text(), "kept"+rand.Text()
	fill(t, s, "p1", gone, gone)
	fill(t, s, "p2", kept, kept)
	commit(t, s, app.Change{Row: &app.PlanRow{Plan: "p1", Workspace: "w1", Phase: plan.Decided, Title: gone, Updated: noon, Seq: 1},
		People: []app.PersonRow{{Plan: "p1", Person: "ute", Workspace: "w1", Side: plan.Buyer, Address: "a"}}})
	check(t, s.SavePass(ctx, app.Pass{Hash: []byte("h"), Kind: app.PersonalPass, Plan: "p1", Person: "ute", Created: noon}))
	check(t, s.DeletePlan(ctx, "p1"))
	if where := db.Traces(t, gone); len(where) > 0 {
		t.Errorf("a deleted plan is still found in %v", where)
	}
	if len(db.Traces(t, kept)) == 0 {
		t.Error("another plan is gone too")
	}
	for _, stream := range []string{plan.SharedStream("p1"), plan.PrivateStream("p1", plan.Buyer), plan.PrivateStream("p1", plan.Seller)} {
		if st := load(t, s, stream); len(st.Records) > 0 || st.Snapshot != nil {
			t.Errorf("%s is still there", stream)
		}
	}
	if _, err := s.Pass(ctx, []byte("h")); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("its links: %v, want ErrNotFound", err)
	}
	if rows, err := s.Plans(ctx, "w1", time.Time{}, 10); err != nil || len(rows) != 0 {
		t.Errorf("the list of plans: %v, %v", rows, err)
	}
}
