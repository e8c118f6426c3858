package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

func TestAPersonSeesWhatIsKeptAboutThemAndNothingElse(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	buyer := h.buyer(id, "Sarah Chen")
	for _, words := range []struct {
		who  app.Caller
		text string
	}{{buyer, "mein Wort"}, {h.seller, "sein Wort"}} {
		if _, err := h.Do(h.ctx(), words.who, id, plan.Say{ID: h.NewID(), Text: words.text}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.DoPrivate(h.ctx(), words.who, id, plan.SetNote{ID: h.NewID(), Text: "intern: " + words.text}); err != nil {
			t.Fatal(err)
		}
	}
	_, a, err := h.AboutMe(h.ctx(), buyer, id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(a.File())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Sarah Chen", "somebody@nordwerk.example", "mein Wort", "intern: mein Wort"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the file lacks %q", want)
		}
	}
	for _, not := range []string{"sein Wort", "John Martinez", "john@acme.example"} {
		if strings.Contains(string(b), not) {
			t.Errorf("the file has %q, which is somebody else's", not)
		}
	}
	if a.Events < 2 {
		t.Errorf("%d events, want what she did", a.Events)
	}
	_, _, err = h.AboutMe(h.ctx(), app.Caller{}, id)
	wantFault(t, err, fault.Missing, "fault.missing")
}

func TestErasingFromAPlanIsOnesOwnOrOnesLeads(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	buyer := h.buyer(id, "Sarah Chen")
	v, err := h.Open(h.ctx(), buyer, id)
	if err != nil {
		t.Fatal(err)
	}
	sarah := v.Me.ID
	var brandt, martinez plan.ID
	for _, q := range v.Plan.Everybody() {
		switch q.Name.Value {
		case "Dr. Ute Brandt":
			brandt = q.ID
		case "John Martinez":
			martinez = q.ID
		}
	}
	_, err = h.EraseFromPlan(h.ctx(), h.seller, id, brandt)
	wantFault(t, err, fault.Missing, "fault.missing") // the other side's people are not the seller's to erase
	_, err = h.EraseFromPlan(h.ctx(), buyer, id, martinez)
	wantFault(t, err, fault.Missing, "fault.missing")
	if _, err = h.EraseFromPlan(h.ctx(), buyer, id, brandt); err != nil {
		t.Errorf("the lead erases somebody of her side: %v", err)
	}
	if _, err = h.EraseFromPlan(h.ctx(), buyer, id, sarah); err != nil {
		t.Errorf("she erases herself: %v", err)
	}
	_, err = h.Open(h.ctx(), buyer, id)
	wantFault(t, err, fault.Missing, "fault.missing")
	v, err = h.Open(h.ctx(), h.seller, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []plan.ID{sarah, brandt} {
		if p := v.Plan.People[q]; !p.Erased() || p.Email.Value != "" {
			t.Errorf("%s is still there: %+v", q, p)
		}
	}
}

func TestAnAdministratorFindsAndErasesByAddress(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.sample().Plan.ID
	h.sample()
	found, err := h.FindPerson(h.ctx(), h.seller, " UTE.brandt@nordwerk.example ")
	if err != nil || len(found) != 2 || found[0].Name != "Dr. Ute Brandt" {
		t.Fatalf("found %+v, %v; want her on both plans", found, err)
	}
	_, member, err := h.Found(h.ctx(), app.Workspace{Name: "Other", Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "Eve", Email: "eve@other.example", Role: app.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	eve := app.Caller{Member: &member}
	if got, err := h.FindPerson(h.ctx(), eve, "ute.brandt@nordwerk.example"); err != nil || len(got) != 0 {
		t.Errorf("another workspace finds %v, %v", got, err)
	}
	_, err = h.EraseFound(h.ctx(), eve, id, found[0].Person)
	wantFault(t, err, fault.Missing, "fault.missing")
	for _, x := range found {
		if _, err := h.EraseFound(h.ctx(), h.seller, x.Plan, x.Person); err != nil {
			t.Error(err)
		}
	}
	if got, err := h.FindPerson(h.ctx(), h.seller, "ute.brandt@nordwerk.example"); err != nil || len(got) != 0 {
		t.Errorf("after erasing: %v, %v", got, err)
	}
}

func TestAnAddressIsErasedEverywhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.sample()
	id := h.sample().Plan.ID
	if _, err := h.AddColleague(h.ctx(), h.seller, "Priya", "priya@acme.example", "en", app.RoleSeller); err != nil {
		t.Fatal(err)
	}
	plans, accounts, _, err := h.EraseAddress(h.ctx(), "Ute.Brandt@nordwerk.example")
	if err != nil || plans != 2 || accounts != 0 {
		t.Errorf("a person on two plans: %d plans, %d accounts, %v", plans, accounts, err)
	}
	plans, accounts, _, err = h.EraseAddress(h.ctx(), "priya@acme.example")
	if err != nil || accounts != 1 {
		t.Errorf("an account: %d plans, %d accounts, %v", plans, accounts, err)
	}
	if m, err := h.ColleagueByEmail(h.ctx(), h.seller, "priya@acme.example"); err != nil || m != nil {
		t.Errorf("the account is still found: %+v, %v", m, err)
	}
	_, _, _, err = h.EraseAddress(h.ctx(), "john@acme.example")
	wantFault(t, err, fault.Refused, "") // the last administrator
	if _, err := h.Open(h.ctx(), h.seller, id); err != nil {
		t.Errorf("the plan stays: %v", err)
	}
}

// answered lets a member of the workspace answer proposals of a buyer.
func (h *house) answered(t *testing.T, name string, times int, wait time.Duration) {
	t.Helper()
	_, err := h.AddColleague(h.ctx(), h.seller, name, strings.ToLower(name)+"@acme.example", "en", app.RoleSeller)
	if err != nil {
		t.Fatal(err)
	}
	member, err := h.store.MemberByEmail(h.ctx(), h.seller.Member.Workspace, name+"@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	var rows []app.AnswerRow
	for n := range times {
		rows = append(rows, app.AnswerRow{Plan: "p", Proposal: plan.ID(fmt.Sprint(name, n)), Workspace: h.seller.Member.Workspace,
			Member: member.ID, Asked: h.now.Add(-wait), Answered: h.now})
	}
	if err := h.store.Commit(h.ctx(), app.Change{Answers: rows}); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyIsScoredUnlessAgreedAndInAGroup(t *testing.T) {
	t.Parallel()
	h := open(t)
	for n := range 4 {
		h.answered(t, fmt.Sprint("Colleague", n), 2, time.Duration(n+1)*time.Hour)
	}
	look := func() app.TeamAnswers {
		t.Helper()
		a, err := h.Answers(h.ctx(), h.seller)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := look(); a.All.N != 8 || a.Each != nil {
		t.Errorf("as delivered: %+v, want one number and nobody's", a)
	}
	on := app.Privacy{Mails: 90, PerPerson: true, Least: 5}
	wantFault(t, h.DecidePrivacy(h.ctx(), h.seller, on), fault.Invalid, "fault.privacy.agreement")
	on.Agreement, on.Least = "Works agreement of 3 March 2027", 4
	wantFault(t, h.DecidePrivacy(h.ctx(), h.seller, on), fault.Invalid, "fault.privacy.least")
	on.Least = 5
	if err := h.DecidePrivacy(h.ctx(), h.seller, on); err != nil {
		t.Fatal(err)
	}
	if a := look(); a.Each != nil {
		t.Errorf("four of at least five: %+v, want nobody", a.Each)
	}
	h.answered(t, "Colleague4", 1, 9*time.Hour)
	a := look()
	if len(a.Each) != 5 || a.Each[0].Name != "Colleague0" || a.Each[0].Median != time.Hour || a.Each[4].N != 1 {
		t.Errorf("five of five: %+v", a.Each)
	}
	plain := *h.seller.Member
	plain.Role = app.RoleSeller
	_, err := h.Answers(h.ctx(), app.Caller{Member: &plain})
	wantFault(t, err, fault.Forbidden, "fault.right.manager")
	wantFault(t, h.DecidePrivacy(h.ctx(), app.Caller{Member: &plain}, on), fault.Forbidden, "fault.right.admin")
}

func TestEndedPlansAreDeletedWhenTheirTimeIsOver(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Service = app.New(h.store, app.Options{Publisher: h, Clock: func() time.Time { return h.now }, Mailer: deaf{}})
	over, running := h.sample().Plan.ID, h.sample().Plan.ID
	buyer := h.buyer(over, "Sarah Chen")
	if _, err := h.Do(h.ctx(), buyer, over, plan.Leave{Reason: "Das war es."}); err != nil {
		t.Fatal(err)
	}
	if err := h.DecidePrivacy(h.ctx(), h.seller, app.Privacy{Keep: 6, Mails: 90, Least: 5}); err != nil {
		t.Fatal(err)
	}
	_, a, err := h.AboutMe(h.ctx(), buyer, over)
	if err != nil || a.Ends.String() != "2028-11-02" {
		t.Errorf("it ends on %s, %v; want 2028-11-02", a.Ends, err)
	}
	sweep := func() {
		t.Helper()
		if err := h.RunJob(h.ctx(), app.Job{Kind: app.JobRetain}); err != nil {
			t.Fatal(err)
		}
	}
	told := func() (n int) {
		t.Helper()
		for _, x := range []struct{ c app.Caller }{{buyer}, {h.seller}} {
			v, err := h.Open(h.ctx(), x.c, over)
			if err != nil {
				t.Fatal(err)
			}
			letters, err := h.store.LettersTo(h.ctx(), over, v.Me.ID, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range letters {
				if l.Kind == app.LetterEnds {
					n++
				}
			}
		}
		return n
	}
	h.now = h.now.AddDate(0, 6, -32)
	sweep()
	if n := told(); n != 0 {
		t.Errorf("%d letters more than a month before, want none", n)
	}
	h.now = h.now.AddDate(0, 0, 2)
	sweep()
	sweep()
	if n := told(); n != 2 {
		t.Errorf("%d letters a month before, want one to each lead", n)
	}
	h.now = h.now.AddDate(0, 0, 29)
	sweep()
	if _, err := h.Open(h.ctx(), h.seller, over); err != nil {
		t.Errorf("a day too early: %v", err)
	}
	h.now = h.now.AddDate(0, 0, 2)
	sweep()
	_, err = h.Open(h.ctx(), h.seller, over)
	wantFault(t, err, fault.Missing, "fault.missing")
	if _, err := h.Open(h.ctx(), h.seller, running); err != nil {
		t.Errorf("a running plan: %v", err)
	}
}

// deaf takes every mail and does nothing with it: here only whether a letter
// was written matters.
type deaf struct{}

func (deaf) Send(context.Context, app.Mail) error { return nil }

func TestAnswerTimesArePerSide(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Home: plan.Seller, Proposals: map[plan.ID]*plan.Proposal{}}
	at := time.Date(2028, 5, 2, 9, 0, 0, 0, time.UTC)
	for n, x := range []struct {
		by     plan.Side
		status plan.ProposalStatus
		wait   time.Duration
	}{{plan.Seller, plan.Accepted, 2 * time.Hour}, {plan.Seller, plan.Declined, 6 * time.Hour}, {plan.Seller, plan.Expired, 99 * time.Hour},
		{plan.Buyer, plan.Countered, time.Hour}, {plan.Buyer, plan.Pending, 0}} {
		id := plan.ID(fmt.Sprint("p", n))
		p.Proposals[id] = &plan.Proposal{ID: id, Side: x.by, At: at, Status: x.status, AnsweredBy: "q", AnsweredAt: at.Add(x.wait)}
	}
	got := app.AnswerTimes(p)
	want := plan.Sides[app.AnswerTime]{Buyer: app.AnswerTime{N: 2, Median: 4 * time.Hour}, Seller: app.AnswerTime{N: 1, Median: time.Hour}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
