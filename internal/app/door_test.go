package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// doorstep is a house that sends mail, with a shared plan that Sarah Chen leads
// for the buyer; she has come in.
type doorstep struct {
	*house
	post  *postman
	id    plan.ID
	share app.Secret
	lead  app.Caller // Sarah Chen, no browser
	chen  plan.ID
}

func atDoor(t *testing.T) *doorstep {
	t.Helper()
	d := &doorstep{house: open(t), post: &postman{}}
	d.mail(true)
	d.id = d.sample().Plan.ID
	var err error
	if d.share, err = d.ShareLink(d.ctx(), d.seller, d.id); err != nil {
		t.Fatal(err)
	}
	d.chen = d.named("Sarah Chen")
	d.do(d.seller, plan.LetIn{Person: d.chen, Access: plan.Lead})
	if _, err := d.byMail(app.Caller{}, "sarah.chen@nordwerk.example"); err != nil {
		t.Fatal(err)
	}
	d.lead = d.as(d.chen)
	d.post.mails = nil
	return d
}

// mail switches whether this server sends any.
func (d *doorstep) mail(on bool) {
	o := app.Options{Publisher: d.house, Clock: func() time.Time { return d.now }}
	if on {
		o.Mailer = d.post
	}
	d.Service = app.New(d.store, o)
}

func (d *doorstep) named(name string) plan.ID {
	d.t.Helper()
	v, err := d.Open(d.ctx(), d.seller, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, q := range v.Plan.Everybody() {
		if q.Name.Value == name {
			return q.ID
		}
	}
	d.t.Fatalf("there is no %s", name)
	return ""
}

func (d *doorstep) person(id plan.ID) *plan.Person {
	d.t.Helper()
	v, err := d.Open(d.ctx(), d.seller, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v.Plan.Person(id)
}

func (d *doorstep) as(person plan.ID) app.Caller {
	return app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{d.id: person}}}
}

func (d *doorstep) do(c app.Caller, cmd plan.Command) app.View {
	d.t.Helper()
	v, err := d.Do(d.ctx(), c, d.id, cmd)
	if err != nil {
		d.t.Fatalf("%T: %v", cmd, err)
	}
	return v
}

func (d *doorstep) run() { d.t.Helper(); d.runDue() }

// ring asks at the door and returns the mails that follow.
func (d *doorstep) ring(name, email string) (app.Secret, []app.Mail) {
	d.t.Helper()
	browser, err := d.Ring(d.ctx(), app.Caller{}, d.share, app.AtDoor{Name: name, Email: email, Words: "Please.", Language: "de"})
	if err != nil {
		d.t.Fatalf("ring as %s: %v", email, err)
	}
	d.post.mails = nil
	d.run()
	return browser, d.post.mails
}

// secretIn is the secret in a mail's button.
func secretIn(m app.Mail) app.Secret {
	path := strings.SplitN(strings.TrimPrefix(strings.TrimPrefix(m.Button.Path, "/me/"), "/door/"), "?", 2)[0]
	return app.Secret(strings.TrimSuffix(path, "/mine"))
}

// byMail asks at the door with an address and clicks on the link in the same
// browser.
func (d *doorstep) byMail(c app.Caller, email string) (app.Caller, error) {
	d.t.Helper()
	browser, mails := d.ring("Somebody", email)
	if len(mails) != 1 {
		return app.Caller{}, fmt.Errorf("%d mails", len(mails))
	}
	if strings.HasPrefix(mails[0].Button.Path, "/door/") {
		_, next, _, err := d.EnterConfirmed(d.ctx(), c, secretIn(mails[0]), browser)
		return next, err
	}
	_, next, _, err := d.Return(d.ctx(), c, secretIn(mails[0]), browser)
	return next, err
}

func kindsOf(mails []app.Mail) string {
	var out []string
	for _, m := range mails {
		out = append(out, string(m.Kind)+" "+m.To.Email)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (d *doorstep) head() plan.Head {
	d.t.Helper()
	v, err := d.Open(d.ctx(), d.seller, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v.Plan.Head
}

func TestTheDoorAnswersEverybodyAlike(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.do(d.lead, plan.AllowDomains{Domains: []string{"nordwerk.example"}})
	for _, c := range []struct{ name, email, mails, joined string }{
		{"listed", "MARA.KLEIN@nordwerk.example", "door-link mara.klein@nordwerk.example", ""},
		{"of an allowed domain", "new@nordwerk.example", "door-confirm new@nordwerk.example", ""},
		{"a stranger", "eve@evil.example", "door-asked sarah.chen@nordwerk.example", "eve@evil.example"},
		{"of a domain like it", "eve@evil-nordwerk.example", "door-asked sarah.chen@nordwerk.example", "eve@evil-nordwerk.example"},
		{"of the home's workspace", "JOHN@acme.example", "", ""},
		{"a stranger again", "eve@evil.example", "", ""},
	} {
		before := d.head()
		_, err := d.Ring(d.ctx(), app.Caller{}, d.share, app.AtDoor{Name: "Somebody", Email: c.email})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if d.head() != before {
			t.Errorf("%s: the plan moved before the answer", c.name)
		}
		d.post.mails = nil
		d.run()
		if got := kindsOf(d.post.mails); got != c.mails {
			t.Errorf("%s: got mails %q, want %q", c.name, got, c.mails)
		}
		if moved := d.head() != before; moved != (c.joined != "") {
			t.Errorf("%s: the plan moved: %t", c.name, moved)
		}
		for _, m := range d.post.mails {
			if m.Optional == (m.Kind != app.LetterDoorAsked) {
				t.Errorf("%s: %s is optional: %t", c.name, m.Kind, m.Optional)
			}
		}
	}
}

func TestRingingIsAboutWhatIsTypedOnly(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	ring := func(c app.Caller, in app.AtDoor) error {
		_, err := d.Ring(d.ctx(), c, d.share, in)
		return err
	}
	wantFault(t, ring(app.Caller{}, app.AtDoor{Email: "a@b.example"}), fault.Invalid, "fault.name.empty")
	for _, bad := range []string{"", "a", "a@", "@b", "a@b@c", "a b@c.example", "a@b.example\n", "<a@b.example>", "a@b.example,c@d.example", strings.Repeat("a", 320) + "@b.example"} {
		if strings.TrimSpace(bad) == "a@b.example" {
			continue // space around it is nobody's mistake
		}
		wantFault(t, ring(app.Caller{}, app.AtDoor{Name: "A", Email: bad}), fault.Invalid, "fault.email")
	}
	wantFault(t, ring(app.Caller{}, app.AtDoor{Name: strings.Repeat("n", 501), Email: "a@b.example"}), fault.Invalid, "fault.text.long")
	wantFault(t, ring(d.seller, app.AtDoor{Name: "John", Email: "any@other.example"}), fault.Refused, "fault.enter.home")
	n := 0
	for ; n < 100; n++ {
		if err := ring(app.Caller{}, app.AtDoor{Name: "A", Email: fmt.Sprintf("a%d@b.example", n)}); err != nil {
			wantFault(t, err, fault.TooMany, "door.fault.crowded")
			break
		}
	}
	if n < 20 || n == 100 {
		t.Errorf("a door took %d in an hour", n)
	}
	d.run()
	v, err := d.Open(d.ctx(), d.lead, d.id)
	if err != nil || len(v.Plan.Asking(plan.Buyer)) != 20 {
		t.Errorf("%d wait, %v; want no more than 20", len(v.Plan.Asking(plan.Buyer)), err)
	}
	d.now = d.now.Add(time.Hour + time.Second)
	if err := ring(app.Caller{}, app.AtDoor{Name: "A", Email: "later@b.example"}); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	if err := d.CloseDoor(d.ctx(), d.seller, d.id); err != nil {
		t.Fatal(err)
	}
	wantFault(t, ring(app.Caller{}, app.AtDoor{Name: "A", Email: "a@b.example"}), fault.Missing, "fault.link.dead")
}

func TestNobodysMailboxIsFlooded(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	sent := 0
	for range 8 {
		_, mails := d.ring("Somebody", "mara.klein@nordwerk.example")
		sent += len(mails)
	}
	if sent != 3 {
		t.Errorf("%d mails within an hour, want 3", sent)
	}
	d.now = d.now.Add(time.Hour + time.Second)
	if _, mails := d.ring("Somebody", "mara.klein@nordwerk.example"); len(mails) != 1 {
		t.Error("an hour later there is none")
	}
}

func TestAKnownAddressComesIn(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	klein := d.named("Mara Klein")
	browser, mails := d.ring("Whoever", "mara.klein@nordwerk.example")
	link, code := secretIn(mails[0]), mails[0].Code
	before := d.head()
	for range 3 { // a scanner
		who, err := d.Recognise(d.ctx(), app.Caller{}, link)
		if err != nil || who.Person != klein || who.Here {
			t.Fatalf("got %+v, %v", who, err)
		}
	}
	if d.head() != before {
		t.Error("looking at the link moved the plan")
	}
	_, c, _, err := d.Return(d.ctx(), app.Caller{}, link, "")
	if err != nil {
		t.Fatal(err)
	}
	q := d.person(klein)
	if c.Session.Persons[d.id] != klein || !q.Joined || !q.Proven || q.Access != plan.Contributor || q.Verified != "" {
		t.Errorf("came in as %+v", q)
	}
	if !app.Proved(c, d.id).IsZero() {
		t.Error("a browser that did not ask has proven something")
	}
	_, c, _, err = d.Return(d.ctx(), app.Caller{}, link, browser)
	if err != nil || app.Proved(c, d.id) != d.now {
		t.Errorf("the browser that asked has proven nothing: %v, %v", app.Proved(c, d.id), err)
	}
	v, err := d.Open(d.ctx(), c, d.id)
	if err != nil || len(v.Own.Notes) != 0 {
		t.Errorf("who is not let in sees internal notes: %v", err)
	}
	// The code, in the browser that asked: it was not used with the link.
	_, c, _, err = d.TypeCode(d.ctx(), app.Caller{}, d.share, browser, " "+code[:4]+"-"+code[4:])
	if err != nil || c.Session.Persons[d.id] != klein {
		t.Errorf("by the code: %v", err)
	}
	_, _, _, err = d.TypeCode(d.ctx(), app.Caller{}, d.share, browser, code)
	wantFault(t, err, fault.Refused, "door.fault.code")
	// The lead lets her in; then she may.
	d.do(d.lead, plan.LetIn{Person: klein, Access: plan.Editor})
	if !d.person(klein).MayAgree() {
		t.Error("let in, and may not")
	}
}

func TestCodesAtTheDoor(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	wrong := func(what string, share, browser app.Secret, code string) {
		t.Helper()
		_, _, _, err := d.TypeCode(d.ctx(), app.Caller{}, share, browser, code)
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != "door.fault.code" {
			t.Errorf("%s: got %v", what, err)
		}
	}
	browser, mails := d.ring("Mara", "mara.klein@nordwerk.example")
	code := mails[0].Code
	stranger, _ := d.ring("Eve", "eve@evil.example")
	wrong("a stranger's", d.share, stranger, "00000000")
	wrong("a stranger's, empty", d.share, stranger, "")
	wrong("the right code elsewhere", d.share, stranger, code)
	wrong("no browser", d.share, "", code)
	for range 4 {
		wrong("wrong", d.share, browser, "00000000")
	}
	// The fifth try may still be right.
	if _, _, _, err := d.TypeCode(d.ctx(), app.Caller{}, d.share, browser, code); err != nil {
		t.Errorf("the fifth try: %v", err)
	}
	browser, mails = d.ring("Mara", "mara.klein@nordwerk.example")
	for range 5 {
		wrong("wrong", d.share, browser, "00000000")
	}
	wrong("after five tries", d.share, browser, mails[0].Code)
	browser, mails = d.ring("Mara", "mara.klein@nordwerk.example")
	d.now = d.now.Add(time.Hour + time.Second)
	wrong("late", d.share, browser, mails[0].Code)
}

func TestAnAllowedDomainComesInOnce(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.do(d.lead, plan.AllowDomains{Domains: []string{"nordwerk.example"}})
	_, mails := d.ring("Ines Neu", "ines@nordwerk.example")
	link := secretIn(mails[0])
	if who, err := d.Confirm(d.ctx(), app.Caller{}, link); err != nil || who.Name != "Ines Neu" || who.Email != "ines@nordwerk.example" {
		t.Fatalf("got %+v, %v", who, err)
	}
	if _, _, _, err := d.EnterConfirmed(d.ctx(), d.seller, link, ""); !fault.Is(err, fault.Refused) {
		t.Errorf("a member of the seller came in: %v", err)
	}
	d.post.mails = nil
	_, c, _, err := d.EnterConfirmed(d.ctx(), app.Caller{}, link, "")
	if err != nil {
		t.Fatal(err)
	}
	q := d.person(c.Session.Persons[d.id])
	if q.Access != plan.Contributor || q.Verified != plan.ByMail || !q.Proven || q.Name.Value != "Ines Neu" {
		t.Errorf("came in as %+v", q)
	}
	d.run()
	if got := kindsOf(d.post.mails); got != "door-asked sarah.chen@nordwerk.example" || d.post.mails[0].Subject.Key != "door.mail.entered.subject" {
		t.Errorf("the lead was told %q", got)
	}
	if _, _, _, err := d.EnterConfirmed(d.ctx(), app.Caller{}, link, ""); !fault.Is(err, fault.Missing) {
		t.Errorf("the link worked twice: %v", err)
	}
	// From now on she is known.
	if _, mails := d.ring("x", "ines@nordwerk.example"); kindsOf(mails) != "door-link ines@nordwerk.example" {
		t.Errorf("got %q", kindsOf(mails))
	}
	// What was allowed may be forbidden before the link is used.
	_, mails = d.ring("Late", "late@nordwerk.example")
	d.do(d.lead, plan.AllowDomains{})
	if _, _, _, err := d.EnterConfirmed(d.ctx(), app.Caller{}, secretIn(mails[0]), ""); !fault.Is(err, fault.Missing) {
		t.Errorf("came in by a domain that is no longer allowed: %v", err)
	}
	_, err = d.Do(d.ctx(), d.seller, d.id, plan.AllowDomains{Domains: []string{"acme.example"}})
	if err != nil { // for their own side
		t.Error(err)
	}
	if d.person(d.chen) == nil || len(d.post.mails) == 0 {
		t.Error("nothing happened")
	}
	if _, mails := d.ring("Stranger", "x@acme.example"); kindsOf(mails) != "door-asked sarah.chen@nordwerk.example" {
		t.Errorf("the seller let somebody in for the buyer: %q", kindsOf(mails))
	}
}

func TestAStrangerIsPutToTheLead(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	browser, mails := d.ring("Ina Kurz", "ina@nordwerk.example")
	if kindsOf(mails) != "door-asked sarah.chen@nordwerk.example" || mails[0].Quote != "Please." || !strings.HasPrefix(mails[0].Button.Path, "/me/") {
		t.Fatalf("got %q %+v", kindsOf(mails), mails)
	}
	jana := d.named("Ina Kurz")
	if _, err := d.Open(d.ctx(), d.as(jana), d.id); !fault.Is(err, fault.Missing) {
		t.Errorf("a stranger sees the plan: %v", err)
	}
	d.post.mails = nil
	if _, err := d.LetIn(d.ctx(), d.lead, d.id, plan.LetIn{Person: jana, Access: plan.Contributor}); err != nil {
		t.Fatal(err)
	}
	d.run()
	if kindsOf(d.post.mails) != "door-opened ina@nordwerk.example" {
		t.Fatalf("got %q", kindsOf(d.post.mails))
	}
	m := d.post.mails[0]
	if len(m.More) != 2 || !strings.HasPrefix(m.More[0].Path, "/not-me/") || m.Lead[0].Key != "door.mail.opened.lead" {
		t.Errorf("the first mail says %+v, offers %+v", m.Lead, m.More)
	}
	if _, c, _, err := d.Return(d.ctx(), app.Caller{}, secretIn(m), browser); err != nil || c.Session.Persons[d.id] != jana {
		t.Errorf("came in: %v", err)
	}
}

// Nobody takes somebody's place by knowing their address, or by giving it
// first.
func TestNobodyIsTakenOverByAnAddress(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	klein := d.named("Mara Klein")
	// Somebody inside gives the victim's address as their own.
	d.do(d.lead, plan.LetIn{Person: klein, Access: plan.Contributor})
	d.run()
	eve := d.as(klein)
	v, err := d.Open(d.ctx(), eve, d.id)
	if err != nil {
		t.Fatal(err)
	}
	victim := "victim@nordwerk.example"
	d.do(eve, plan.EditPerson{Person: klein, Version: v.Me.Version, Email: &victim})
	if _, mails := d.ring("The Victim", victim); kindsOf(mails) != "door-asked sarah.chen@nordwerk.example" {
		t.Errorf("the victim would come in as the attacker: %q", kindsOf(mails))
	}
	// A link that was mailed to an old address is dead.
	_, mails := d.ring("Sarah", "sarah.chen@nordwerk.example")
	link := secretIn(mails[0])
	v, _ = d.Open(d.ctx(), d.lead, d.id)
	moved := "s.chen@nordwerk.example"
	d.do(d.lead, plan.EditPerson{Person: d.chen, Version: v.Me.Version, Email: &moved})
	if _, err := d.Recognise(d.ctx(), app.Caller{}, link); !fault.Is(err, fault.Missing) {
		t.Errorf("the old mailbox still gets in: %v", err)
	}
	// The seller names a buyer with a colleague's address.
	d.do(d.seller, plan.AddPerson{NewPerson: plan.NewPerson{ID: "puppet", Side: plan.Buyer, Name: "Pup Pet", Email: "john@acme.example"}})
	if _, mails := d.ring("Pup Pet", "john@acme.example"); len(mails) != 0 {
		t.Errorf("a member of the seller's workspace gets %q", kindsOf(mails))
	}
	secret, err := d.DemoLink(d.ctx(), app.Pass{Kind: app.PersonalPass, Plan: d.id, Person: "puppet", Side: plan.Buyer})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := d.Return(d.ctx(), app.Caller{}, secret, ""); !fault.Is(err, fault.Missing) {
		t.Errorf("and came in as a buyer: %v", err)
	}
	secret, err = d.DemoLink(d.ctx(), app.Pass{Kind: app.PersonalPass, Plan: d.id, Person: klein, Side: plan.Buyer})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := d.Return(d.ctx(), d.seller, secret, ""); !fault.Is(err, fault.Refused) {
		t.Errorf("a signed-in member of the seller used a buyer's link: %v", err)
	}
}

func TestWithoutMailALeadHandsTheLinkOver(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.mail(false)
	klein := d.named("Mara Klein")
	if _, mails := d.ring("Mara Klein", "mara.klein@nordwerk.example"); len(mails) != 0 {
		t.Error("mail without mail")
	}
	v, err := d.Open(d.ctx(), d.lead, d.id)
	if err != nil || len(v.Plan.Asking(plan.Buyer)) != 1 {
		t.Fatalf("%d wait, %v", len(v.Plan.Asking(plan.Buyer)), err)
	}
	asker := v.Plan.Asking(plan.Buyer)[0].ID
	if _, err := d.LetIn(d.ctx(), d.lead, d.id, plan.LetIn{Person: asker, As: klein, Access: plan.Editor}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.HandOver(d.ctx(), d.seller, d.id, klein); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the seller makes links of the buyer's people: %v", err)
	}
	link, err := d.HandOver(d.ctx(), d.lead, d.id, klein)
	if err != nil {
		t.Fatal(err)
	}
	if _, c, _, err := d.Return(d.ctx(), app.Caller{}, link, ""); err != nil || c.Session.Persons[d.id] != klein || d.person(klein).Proven {
		t.Errorf("came in: %v, %+v", err, d.person(klein))
	}
	if _, _, _, err := d.Return(d.ctx(), app.Caller{}, link, ""); !fault.Is(err, fault.Missing) {
		t.Errorf("the link worked twice: %v", err)
	}
	d.mail(true)
	if _, err := d.HandOver(d.ctx(), d.lead, d.id, klein); !fault.Is(err, fault.Forbidden) {
		t.Errorf("with mail, a lead may come in as a colleague: %v", err)
	}
}

func TestTheFirstLeadWithoutMail(t *testing.T) {
	t.Parallel()
	d := &doorstep{house: open(t), post: &postman{}}
	d.mail(false)
	d.id = d.sample().Plan.ID
	chen := d.named("Sarah Chen")
	d.do(d.seller, plan.LetIn{Person: chen, Access: plan.Lead})
	if _, err := d.HandOver(d.ctx(), d.seller, d.id, chen); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a link into a draft: %v", err)
	}
	if _, err := d.ShareLink(d.ctx(), d.seller, d.id); err != nil {
		t.Fatal(err)
	}
	link, err := d.HandOver(d.ctx(), d.seller, d.id, chen)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := d.Return(d.ctx(), app.Caller{}, link, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.HandOver(d.ctx(), d.seller, d.id, chen); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a second link, once she came: %v", err)
	}
}

// The very first who asks may become the other side's lead: they get their
// link, and nothing else, for they asked for it.
func TestTheFirstWhoAsksGetsTheirLink(t *testing.T) {
	t.Parallel()
	d := &doorstep{house: open(t), post: &postman{}}
	d.mail(true)
	d.id = d.sample().Plan.ID
	var err error
	if d.share, err = d.ShareLink(d.ctx(), d.seller, d.id); err != nil {
		t.Fatal(err)
	}
	_, mails := d.ring("Ada First", "ada@nordwerk.example")
	if kindsOf(mails) != "door-asked john@acme.example" || mails[0].Button.Path != "/plans/"+string(d.id)+"/people" {
		t.Errorf("the seller's lead, a member, is told %q with %+v", kindsOf(mails), mails)
	}
	d.post.mails = nil
	if _, err := d.LetIn(d.ctx(), d.seller, d.id, plan.LetIn{Person: d.named("Ada First"), Access: plan.Lead}); err != nil {
		t.Fatal(err)
	}
	d.run()
	if kindsOf(d.post.mails) != "door-opened ada@nordwerk.example" {
		t.Fatalf("got %q", kindsOf(d.post.mails))
	}
	_, c, _, err := d.Return(d.ctx(), app.Caller{}, secretIn(d.post.mails[0]), "")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := d.Open(d.ctx(), c, d.id); err != nil || !v.Plan.Leads(v.Me.ID) {
		t.Errorf("does not lead: %v", err)
	}
}
