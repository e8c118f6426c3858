package app_test

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

func TestAcceptingAsksForAFreshProof(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	_, mails := d.ring("Sarah", "sarah.chen@nordwerk.example")
	cookie, c, _, err := d.Return(d.ctx(), app.Caller{}, secretIn(mails[0]), "") // not in the browser that asked
	if err != nil {
		t.Fatal(err)
	}
	accept := func() error {
		v, err := d.Open(d.ctx(), c, d.id)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Do(d.ctx(), c, d.id, plan.AcceptPlan{Seen: v.Plan.Shown()})
		return err
	}
	before := d.head()
	wantFault(t, accept(), fault.Forbidden, app.ProofNeeded)
	_, err = d.Do(d.ctx(), c, d.id, plan.Batch{plan.Say{ID: "c", Text: "x"}, plan.AcceptPlan{}})
	wantFault(t, err, fault.Forbidden, app.ProofNeeded)
	another := "mine-now@evil.example"
	_, err = d.Do(d.ctx(), c, d.id, plan.EditPerson{Person: d.chen, Version: d.person(d.chen).Version, Email: &another})
	wantFault(t, err, fault.Forbidden, app.ProofNeeded) // or the next code would go there
	if d.head() != before {
		t.Error("a refused acceptance moved the plan")
	}
	code := func() string {
		t.Helper()
		email, err := d.AskProof(d.ctx(), c, d.id)
		if err != nil || email != "sarah.chen@nordwerk.example" {
			t.Fatalf("got %q, %v", email, err)
		}
		d.post.mails = nil
		d.run()
		if kindsOf(d.post.mails) != "proof sarah.chen@nordwerk.example" || d.post.mails[0].Button != nil {
			t.Fatalf("got %q", kindsOf(d.post.mails))
		}
		return d.post.mails[0].Code
	}
	first := code()
	other, otherC, _, err := d.Return(d.ctx(), app.Caller{}, secretIn(mails[0]), "")
	if err != nil || other == cookie {
		t.Fatal(err)
	}
	wantFault(t, d.Prove(d.ctx(), otherC, d.id, first), fault.Refused, "door.fault.code") // another browser
	for range 5 {
		wantFault(t, d.Prove(d.ctx(), c, d.id, "nope"), fault.Refused, "door.fault.code")
	}
	wantFault(t, d.Prove(d.ctx(), c, d.id, first), fault.Refused, "door.fault.code") // five tries
	late := code()
	d.now = d.now.Add(10*time.Minute + time.Second)
	wantFault(t, d.Prove(d.ctx(), c, d.id, late), fault.Refused, "door.fault.code")
	right := code()
	if err := d.Prove(d.ctx(), c, d.id, right); err != nil {
		t.Fatal(err)
	}
	wantFault(t, d.Prove(d.ctx(), c, d.id, right), fault.Refused, "door.fault.code") // once
	if d.head() != before {
		t.Error("proving accepted something")
	}
	if c, err = d.Arrive(d.ctx(), cookie); err != nil {
		t.Fatal(err)
	}
	if err := accept(); err != nil {
		t.Errorf("proven: %v", err)
	}
	for range 5 {
		if _, err := d.AskProof(d.ctx(), c, d.id); err != nil {
			wantFault(t, err, fault.TooMany, "door.fault.codes")
			return
		}
	}
	t.Error("codes without end")
}

func TestHowFreshAProofMustBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		setting string
		age     time.Duration
		asked   bool
	}{
		{app.ProofOff, 1000 * time.Hour, false}, {app.ProofMonth, 29 * 24 * time.Hour, false}, {app.ProofMonth, 31 * 24 * time.Hour, true},
		{app.ProofDay, 23 * time.Hour, false}, {app.ProofDay, 25 * time.Hour, true}, {app.ProofAlways, time.Minute, false}, {app.ProofAlways, 11 * time.Minute, true},
	} {
		t.Run(fmt.Sprint(c.setting, c.age), func(t *testing.T) {
			t.Parallel()
			d := atDoor(t)
			w, err := d.Place(d.ctx(), d.seller)
			if err != nil {
				t.Fatal(err)
			}
			w.Proof = c.setting
			if err := d.ChangePlace(d.ctx(), d.seller, w); err != nil {
				t.Fatal(err)
			}
			caller, err := d.byMail(app.Caller{}, "sarah.chen@nordwerk.example")
			if err != nil {
				t.Fatal(err)
			}
			d.now = d.now.Add(c.age)
			v, err := d.Open(d.ctx(), caller, d.id)
			if err != nil {
				t.Fatal(err)
			}
			_, err = d.Do(d.ctx(), caller, d.id, plan.AcceptPlan{Seen: v.Plan.Shown()})
			if c.asked {
				wantFault(t, err, fault.Forbidden, app.ProofNeeded)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	d := atDoor(t)
	w, _ := d.Place(d.ctx(), d.seller)
	w.Proof = "sometimes"
	wantFault(t, d.ChangePlace(d.ctx(), d.seller, w), fault.Invalid, "door.fault.setting")
}
