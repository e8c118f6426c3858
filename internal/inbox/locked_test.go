package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// Whose account is switched off neither acts by answering a mail nor is sent
// any more of them; the person stays in the plan.
func TestWhoIsSwitchedOffActsNotByMail(t *testing.T) {
	t.Parallel()
	d := newWorld(t).deal(plan.Contributor)
	ctx := t.Context()
	asha := app.Member{ID: d.NewID(), Workspace: d.seller.Member.Workspace, Name: "Asha Rao", Email: "asha@acme.example", Language: "de", Role: app.RoleSeller, Created: d.clock()}
	if err := d.store.SaveMember(ctx, asha); err != nil {
		t.Fatal(err)
	}
	d.do(d.seller, plan.AddPerson{NewPerson: plan.NewPerson{ID: asha.ID, Side: plan.Seller, Name: asha.Name, Email: asha.Email}, Access: plan.Editor})
	d.invited(asha.ID)
	n := 0
	letter := func() app.LetterRow {
		t.Helper()
		n++
		l := app.Letter{ID: d.NewID(), Kind: app.LetterOwnerAsk, Plan: d.id, Person: asha.ID, Item: d.step, Key: fmt.Sprint("test/", n), Created: d.clock()}
		if err := d.store.Commit(ctx, app.Change{Letters: []app.Letter{l}}); err != nil {
			t.Fatal(err)
		}
		if err := d.RunJob(ctx, app.Job{Kind: app.JobDeliver, Data: []byte(l.ID)}); err != nil {
			t.Fatal(err)
		}
		row, err := d.store.Letter(ctx, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	answer := func(to app.LetterRow, text string) app.Received {
		t.Helper()
		address, err := d.ReplyAddress(ctx, to.ID)
		if err != nil {
			t.Fatal(err)
		}
		raw := strings.ReplaceAll(fmt.Sprintf("From: Asha Rao <asha@acme.example>\nTo: <%s>\nSubject: Re: Datenschutz\nMessage-ID: <%s@acme.example>\nDate: Tue, 02 May 2028 09:00:00 +0200\n\n%s\n",
			address, to.ID, text), "\n", "\r\n")
		if err := d.Receive(ctx, app.Arrival{Raw: []byte(raw), To: []string{address}, Proof: "dkim"}); err != nil {
			t.Fatal(err)
		}
		list, err := d.store.MailOf(ctx, d.id, []plan.ID{asha.ID})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(list, func(r app.Received) bool { return r.Letter == to.ID })
		if at < 0 {
			t.Fatal("the answer was not kept")
		}
		if err := d.RunJob(ctx, app.Job{Kind: app.JobHear, Data: []byte(list[at].ID)}); err != nil {
			t.Fatal(err)
		}
		r, err := d.store.Mail(ctx, list[at].ID)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}

	before := letter()
	if before.Reason == "locked-out" {
		t.Errorf("while the account was on: %+v", before)
	}
	d.seq = d.plan().Head.Seq
	if r := answer(before, "Das klingt gut, ich frage nach."); r.State == app.MailUseless || len(d.happened()) == 0 {
		t.Errorf("while the account was on, an answer became %s (%s), events %v", r.State, r.Detail, d.happened())
	}
	kept := letter()

	admin := app.Caller{Member: &app.Member{ID: "admin", Workspace: asha.Workspace, Role: app.RoleAdmin}}
	if err := d.Suspend(ctx, admin, asha.ID, true); err != nil {
		t.Fatal(err)
	}
	d.seq = d.plan().Head.Seq
	if r := answer(kept, "Erledigt."); r.State != app.MailUseless || r.Detail != "gone" || len(d.happened()) != 0 {
		t.Errorf("switched off, an answer became %s (%s), events %v", r.State, r.Detail, d.happened())
	}
	mails := len(d.sent)
	if after := letter(); after.State != app.LetterGone || after.Reason != "locked-out" || len(d.sent) != mails {
		t.Errorf("switched off, a letter became %s (%s), %d mails", after.State, after.Reason, len(d.sent)-mails)
	}
	if q := d.plan().Person(asha.ID); q == nil || q.Left || q.Access != plan.Editor {
		t.Errorf("in the plan they are %+v, want as before", q)
	}
}
