package app_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

func TestLinksLiveOnByUseAndEnd(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	_, mails := d.ring("Sarah", "sarah.chen@nordwerk.example")
	link := secretIn(mails[0])
	use := func() error {
		_, _, _, err := d.Return(d.ctx(), app.Caller{}, link, "")
		return err
	}
	for range 3 { // always within 90 days of the last use
		d.now = d.now.Add(89 * 24 * time.Hour)
		if err := use(); err != nil {
			t.Fatalf("a link that is used: %v", err)
		}
	}
	for range 5 {
		if _, err := d.Recognise(d.ctx(), app.Caller{}, link); err != nil {
			t.Fatal(err)
		}
		d.now = d.now.Add(18*24*time.Hour + time.Hour)
	}
	wantFault(t, use(), fault.Missing, "fault.link.dead") // looking at it does not renew it
}

func TestABrowserIsRemembered(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	_, mails := d.ring("Sarah", "sarah.chen@nordwerk.example")
	cookie, _, _, err := d.Return(d.ctx(), app.Caller{}, secretIn(mails[0]), "")
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		d.now = d.now.Add(80 * 24 * time.Hour)
		c, err := d.Arrive(d.ctx(), cookie)
		if err != nil || c.Session.Persons[d.id] != d.chen || !c.Renewed {
			t.Fatalf("after 80 days: %+v, %v", c.Session.Persons, err)
		}
		if c, _ := d.Arrive(d.ctx(), cookie); c.Renewed {
			t.Error("renewed with every request")
		}
	}
	d.now = d.now.Add(90*24*time.Hour + time.Second)
	if c, err := d.Arrive(d.ctx(), cookie); err != nil || len(c.Session.Hash) != 0 {
		t.Errorf("after 90 days: %+v, %v", c.Session, err)
	}
}

// However access ends, links and browsers end with it, and do not come back to
// life with it.
func TestRevoking(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(d *doorstep, klein plan.ID) error
		back bool // the right stayed: a fresh link brings them in
	}{
		{"links withdrawn by the lead", func(d *doorstep, klein plan.ID) error { return d.Withdraw(d.ctx(), d.lead, d.id, klein) }, true},
		{"links withdrawn by themselves", func(d *doorstep, klein plan.ID) error { return d.Withdraw(d.ctx(), d.as(klein), d.id, klein) }, true},
		{"access taken away", func(d *doorstep, klein plan.ID) error {
			_, err := d.LetIn(d.ctx(), d.lead, d.id, plan.LetIn{Person: klein})
			return err
		}, false},
		{"sent off", func(d *doorstep, klein plan.ID) error {
			_, err := d.Do(d.ctx(), d.lead, d.id, plan.Depart{Person: klein})
			return err
		}, false},
		{"gone by themselves", func(d *doorstep, klein plan.ID) error {
			if _, err := d.Do(d.ctx(), d.as(klein), d.id, plan.Depart{Person: klein}); !fault.Is(err, fault.Missing) { // the plan is theirs no more
				return err
			}
			return nil
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := atDoor(t)
			klein := d.named("Mara Klein")
			d.do(d.lead, plan.LetIn{Person: klein, Access: plan.Editor})
			_, mails := d.ring("Mara", "mara.klein@nordwerk.example")
			link := secretIn(mails[0])
			cookie, _, _, err := d.Return(d.ctx(), app.Caller{}, link, "")
			if err != nil {
				t.Fatal(err)
			}
			d.told = nil
			if err := c.end(d, klein); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(d.told, string(d.id)+"-"+string(klein)) {
				t.Errorf("open pages were not closed: %v", d.told)
			}
			caller, err := d.Arrive(d.ctx(), cookie)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Open(d.ctx(), caller, d.id); !fault.Is(err, fault.Missing) {
				t.Errorf("the browser is still in: %v", err)
			}
			if _, _, _, err := d.Return(d.ctx(), app.Caller{}, link, ""); !fault.Is(err, fault.Missing) {
				t.Errorf("the link still works: %v", err)
			}
			_, mails = d.ring("Mara", "mara.klein@nordwerk.example")
			if got := strings.HasPrefix(kindsOf(mails), "door-link"); got != c.back {
				t.Errorf("at the door: got %q", kindsOf(mails))
			}
			if c.name == "access taken away" {
				d.do(d.lead, plan.LetIn{Person: klein, Access: plan.Editor})
				if _, _, _, err := d.Return(d.ctx(), app.Caller{}, link, ""); !fault.Is(err, fault.Missing) {
					t.Errorf("let in again, the old link lives: %v", err)
				}
			}
		})
	}
	d := atDoor(t)
	wantFault(t, d.Withdraw(d.ctx(), d.seller, d.id, d.chen), fault.Missing, "")
	klein := d.named("Mara Klein")
	d.do(d.lead, plan.LetIn{Person: klein, Access: plan.Editor})
	wantFault(t, d.Withdraw(d.ctx(), d.as(klein), d.id, d.chen), fault.Forbidden, "fault.right.lead")
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	sent := func(what, want string) []app.Mail {
		t.Helper()
		d.post.mails = nil
		d.run()
		if got := kindsOf(d.post.mails); got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
		return d.post.mails
	}
	somebody := func(id plan.ID, email string) plan.NewPerson {
		return plan.NewPerson{ID: id, Side: plan.Buyer, Name: "Nele Petersen", Email: email, Language: "de", Salutation: plan.Frau}
	}
	d.do(d.seller, plan.AddPerson{NewPerson: somebody("by-seller", "nele@nordwerk.example")})
	sent("named by the seller", "")
	d.do(d.lead, plan.LetIn{Person: "by-seller", Access: plan.Viewer})
	sent("released by the lead", "invitation nele@nordwerk.example")
	d.do(d.lead, plan.LetIn{Person: "by-seller", Access: plan.Editor})
	sent("another right", "")
	d.do(d.lead, plan.AddPerson{NewPerson: somebody("by-lead", "nele2@nordwerk.example"), Access: plan.Editor, Why: "She signs."})
	mails := sent("brought in by the lead", "invitation nele2@nordwerk.example")
	m := mails[0]
	if m.Quote != "She signs." || m.Quoted != "Sarah Chen" || m.To.Language != "de" || m.To.Salutation != plan.Frau || m.Lead[1].Key != "door.mail.invitation.right.editor" {
		t.Errorf("the mail says %+v", m)
	}
	if err := d.InviteAgain(d.ctx(), d.lead, d.id, "by-lead"); err != nil {
		t.Fatal(err)
	}
	sent("again", "invitation nele2@nordwerk.example")
	if err := d.InviteAgain(d.ctx(), d.lead, d.id, "by-lead"); err != nil {
		t.Fatal(err)
	}
	sent("at most once an hour", "")
	wantFault(t, d.InviteAgain(d.ctx(), d.seller, d.id, "by-lead"), fault.Missing, "")
	if _, _, _, err := d.Return(d.ctx(), app.Caller{}, secretIn(m), ""); err != nil {
		t.Fatal(err)
	}
	wantFault(t, d.InviteAgain(d.ctx(), d.lead, d.id, "by-lead"), fault.Refused, "door.fault.invite")
	q := d.person("by-lead")
	if q.Access != plan.Editor || !q.Proven {
		t.Errorf("came in as %+v", q)
	}
	if _, err := d.Do(d.ctx(), d.as("by-lead"), d.id, plan.AddPerson{NewPerson: somebody("x", "x@nordwerk.example"), Access: plan.Viewer}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an editor gives access: %v", err)
	}
}

func TestNotMe(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.do(d.lead, plan.AddPerson{NewPerson: plan.NewPerson{ID: "nele", Side: plan.Buyer, Name: "Nele Petersen", Email: "wrong-address@nordwerk.example"}, Access: plan.Editor})
	d.post.mails = nil
	d.run()
	stop := app.Secret(strings.TrimPrefix(d.post.mails[0].More[0].Path, "/not-me/"))
	link := secretIn(d.post.mails[0])
	before := d.head()
	for range 3 {
		if who, err := d.LookStop(d.ctx(), stop); err != nil || who.Name != "Nele Petersen" {
			t.Fatalf("%+v, %v", who, err)
		}
	}
	if d.head() != before {
		t.Error("opening it moved the plan")
	}
	if err := d.NotMe(d.ctx(), stop); err != nil {
		t.Fatal(err)
	}
	q := d.person("nele")
	if !q.Disowned || q.Email.Value != "" {
		t.Errorf("got %+v", q)
	}
	if _, _, _, err := d.Return(d.ctx(), app.Caller{}, link, ""); !fault.Is(err, fault.Missing) {
		t.Errorf("whoever it is still gets in: %v", err)
	}
	if err := d.NotMe(d.ctx(), stop); !fault.Is(err, fault.Missing) {
		t.Errorf("a second time: %v", err)
	}
	// The address is out of the log, and the chain still fits.
	v, err := d.Open(d.ctx(), d.seller, d.id)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	var chain plan.Verifier
	if err := d.Log(d.ctx(), v, false, func(r plan.Record) error { log.WriteString(asJSON(t, r)); return chain.Next(r) }); err != nil {
		t.Error(err)
	}
	if strings.Contains(log.String(), "wrong-address") {
		t.Error("the address is still in the log")
	}
	// And gets no mail of this plan any more, whatever anybody types.
	d.post.mails = nil
	wrong := "wrong-address@nordwerk.example"
	d.do(d.lead, plan.EditPerson{Person: "nele", Version: d.person("nele").Version, Email: &wrong})
	d.run()
	if _, mails := d.ring("x", wrong); len(mails)+len(d.post.mails) != 0 {
		t.Errorf("got %q and %q", kindsOf(mails), kindsOf(d.post.mails))
	}
}

func TestNoMail(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.do(d.lead, plan.AddPerson{NewPerson: plan.NewPerson{ID: "nele", Side: plan.Buyer, Name: "Nele Petersen", Email: "nele@nordwerk.example"}, Access: plan.Editor})
	d.post.mails = nil
	d.run()
	stop := app.Secret(strings.TrimPrefix(d.post.mails[0].More[0].Path, "/not-me/"))
	if err := d.NoMail(d.ctx(), stop); err != nil {
		t.Fatal(err)
	}
	if err := d.InviteAgain(d.ctx(), d.lead, d.id, "nele"); err != nil {
		t.Fatal(err)
	}
	d.post.mails = nil
	d.run()
	if len(d.post.mails) != 0 {
		t.Errorf("got %q", kindsOf(d.post.mails))
	}
	if _, mails := d.ring("Nele", "nele@nordwerk.example"); kindsOf(mails) != "door-link nele@nordwerk.example" {
		t.Errorf("what she asks for herself: %q", kindsOf(mails))
	}
}

// A plan that the buyer made works the other way round: their people are at
// home, the seller's are the guests.
func TestAnInstanceOfTheBuyer(t *testing.T) {
	t.Parallel()
	d := &doorstep{house: open(t), post: &postman{}}
	d.mail(true)
	v, err := d.Create(d.ctx(), d.seller, app.NewPlan{ID: d.NewID(), File: app.Sample("en", 21307), Home: plan.Buyer}) // the member now buys
	if err != nil {
		t.Fatal(err)
	}
	d.id = v.Plan.ID
	if v.Plan.Home != plan.Buyer || v.Me.Side != plan.Buyer {
		t.Fatalf("home %s, me %s", v.Plan.Home, v.Me.Side)
	}
	d.do(d.seller, plan.AddPerson{NewPerson: plan.NewPerson{ID: "colleague", Side: plan.Buyer, Name: "A Colleague", Email: "colleague@acme.example"}, Access: plan.Editor})
	d.run()
	if kindsOf(d.post.mails) != "invitation colleague@acme.example" {
		t.Errorf("the home side's colleague got %q", kindsOf(d.post.mails))
	}
	if d.share, err = d.ShareLink(d.ctx(), d.seller, d.id); err != nil {
		t.Fatal(err)
	}
	door, err := d.Knock(d.ctx(), app.Caller{}, d.share)
	if err != nil || door.Side != plan.Seller {
		t.Fatalf("the door of %s, %v", door.Side, err)
	}
	priya := d.named("Priya Natarajan")
	d.do(d.seller, plan.LetIn{Person: priya, Access: plan.Lead})
	d.post.mails = nil
	d.run()
	if len(d.post.mails) != 0 {
		t.Errorf("the seller's lead got cold mail: %q", kindsOf(d.post.mails))
	}
	c, err := d.byMail(app.Caller{}, d.person(priya).Email.Value)
	if err != nil || c.Session.Persons[d.id] != priya {
		t.Fatalf("the seller's lead comes in: %v", err)
	}
	lead := d.as(priya)
	d.do(lead, plan.AllowDomains{Domains: []string{"vendor.example"}})
	if _, err := d.byMail(app.Caller{}, "new@vendor.example"); err != nil {
		t.Errorf("a colleague of the seller: %v", err)
	}
	d.run()
	if _, mails := d.ring("Stranger", "x@y.example"); kindsOf(mails) != "door-asked "+d.person(priya).Email.Value {
		t.Errorf("a stranger is put to %q", kindsOf(mails))
	}
	if _, mails := d.ring("John", "john@acme.example"); len(mails) != 0 {
		t.Errorf("a member of the buyer's workspace comes in as a seller: %q", kindsOf(mails))
	}
	v, err = d.Open(d.ctx(), lead, d.id)
	if err != nil {
		t.Fatal(err)
	}
	d.do(lead, plan.AcceptPlan{Seen: v.Plan.Shown()})
	d.do(d.seller, plan.AcceptPlan{Seen: v.Plan.Shown()})
}
