package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// letterbox keeps what was sent; it refuses mail to one address for good.
type letterbox struct {
	mu    sync.Mutex
	mails []app.Mail
	dead  string
}

func (b *letterbox) Send(_ context.Context, m app.Mail) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.To.Email == b.dead {
		return &app.MailRefusal{Code: "5.1.1", Address: true}
	}
	b.mails = append(b.mails, m)
	return nil
}

func (b *letterbox) take() []app.Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.mails
	b.mails = nil
	return out
}

// mailing is a deal on a server that sends mail.
type mailing struct {
	*deal
	box *letterbox
	now time.Time
}

func newMailing(t *testing.T, change ...func(*Config)) *mailing {
	t.Helper()
	m := &mailing{box: &letterbox{}, now: testNow}
	m.deal = dealIn(newHouseOf(t, func(o *app.Options) {
		o.Mailer, o.Clock = m.box, func() time.Time { return m.now }
	}, change...))
	m.mails()
	return m
}

// mails sends what waits, half an hour later, and returns it.
func (m *mailing) mails() []app.Mail {
	m.t.Helper()
	for range 3 { // an invitation goes before all others
		m.now = m.now.Add(11 * time.Minute)
		rows, err := m.store.LettersIn(context.Background(), app.LetterQueued, m.now.Add(time.Hour), 1000)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, l := range rows {
			var again app.Again
			if err := m.app.RunJob(context.Background(), app.Job{Kind: app.JobDeliver, Data: []byte(l.ID)}); err != nil && !asAgain(err, &again) {
				m.t.Fatal(err)
			}
		}
	}
	return m.box.take()
}

func asAgain(err error, to *app.Again) bool {
	a, ok := err.(app.Again)
	*to = a
	return ok
}

// propose makes the seller ask Sarah Chen for something.
func (m *mailing) propose(days int) {
	m.t.Helper()
	it := m.item("Vertragsbedingungen")
	due := it.Terms.Due
	for range days {
		due += 7
	}
	m.do(m.seller.caller(), plan.Propose{ID: m.app.NewID(), Reason: "Die Rechtsabteilung braucht länger", Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &due}}}})
}

// to is the mail of a kind to somebody.
func to(t *testing.T, mails []app.Mail, kind app.LetterKind, email string) *app.Mail {
	t.Helper()
	for i := range mails {
		if mails[i].Kind == kind && mails[i].To.Email == email {
			return &mails[i]
		}
	}
	return nil
}

const sarahs = "sarah.chen@nordwerk.example"

// enter lets Sarah Chen come in by a link that was mailed to her, so that mail
// may go to her.
func (m *mailing) enter() *browser {
	m.t.Helper()
	b := m.browser("de")
	secret, err := m.app.DemoLink(context.Background(), app.Pass{Kind: app.PersonalPass, Plan: m.id, Person: m.people["Sarah"], Side: plan.Buyer})
	if err != nil {
		m.t.Fatal(err)
	}
	b.post("/me/"+string(secret), nil).is(m.t, http.StatusOK)
	m.mails()
	return b
}

func TestOneClickUnsubscribe(t *testing.T) {
	t.Parallel()
	m := newMailing(t)
	m.enter()
	m.propose(1)
	mail := to(t, m.mails(), app.LetterProposal, sarahs)
	if mail == nil || !mail.Optional || !strings.HasPrefix(mail.Settings, "/mail/") {
		t.Fatalf("no mail that can be switched off: %+v", mail)
	}
	// Looking at it, as programs do that open links, changes nothing.
	nobody := m.browser("de")
	page := nobody.get(mail.Settings)
	page.is(t, http.StatusOK)
	page.has(t, "Ihre E-Mails", "Vorschläge", "Nordwerk AG", "Es gibt keine Zählbilder")
	if m.propose(2); to(t, m.mails(), app.LetterProposal, sarahs) == nil {
		t.Fatal("looking at the page switched mails off")
	}
	// A mail program's click comes from a server, without a browser's headers.
	r, err := http.NewRequest(http.MethodPost, m.web.URL+mail.Settings, strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := nobody.do(r); a.status != http.StatusOK || a.path != mail.Settings {
		t.Fatalf("one click: %d at %s", a.status, a.path)
	}
	m.propose(3)
	mails := m.mails()
	if to(t, mails, app.LetterProposal, sarahs) != nil {
		t.Error("proposals still come after one click")
	}
	if page = nobody.get(mail.Settings); regexp.MustCompile(`value="proposal"\s+checked`).MatchString(page.body) {
		t.Error("the page still shows proposals as wanted")
	}
	if !regexp.MustCompile(`value="week"\s+checked`).MatchString(page.body) {
		t.Error("one click switched off more than the kind it was in")
	}
	// And everything off, and on again.
	nobody.post(mail.Settings, url.Values{"do": {"none"}}).has(t, "Gespeichert", "keine E-Mails")
	nobody.post(mail.Settings, url.Values{"do": {"save"}, "on": {"proposal", "week"}}).lacks(t, "keine E-Mails. Wählen")
	if m.propose(4); to(t, m.mails(), app.LetterProposal, sarahs) == nil {
		t.Error("proposals do not come again")
	}
	nobody.get("/mail/"+strings.Repeat("x", 43)).is(t, http.StatusNotFound)
	nobody.post("/mail/"+strings.Repeat("x", 43), url.Values{"do": {"none"}}).is(t, http.StatusNotFound)
	if secret := strings.TrimPrefix(mail.Settings, "/mail/"); strings.Contains(m.log.String(), secret) {
		t.Error("the log holds the secret")
	}
}

func TestMailPageOfAPlan(t *testing.T) {
	t.Parallel()
	m := newMailing(t)
	sarah := m.enter()
	page := "/plans/" + string(m.id) + "/mail"
	sarah.get(page).has(t, "Stand der Woche", "Bitten um Zugang", "Wie wir Ihnen schreiben")
	sarah.post(page, url.Values{"do": {"save"}, "on": {"week"}}).has(t, "Gespeichert")
	if m.propose(1); to(t, m.mails(), app.LetterProposal, sarahs) != nil {
		t.Error("a kind that was not ticked came")
	}
	sarah.post(page, url.Values{"do": {"nonsense"}}).is(t, http.StatusUnprocessableEntity)

	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(sarah.get(page).body)
	me := url.Values{"version": {version[1]}, "language": {"en"}, "salutation": {"frau"}, "zone": {"Mars/Olympus"}}
	a := sarah.post(page+"/me", me)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, "Mars/Olympus") // nothing typed is lost
	me.Set("zone", "America/New_York")
	sarah.post(page+"/me", me).has(t, "Gespeichert")
	if q := m.view().Plan.Person(m.people["Sarah"]); q.Language != "en" || q.Salutation.Value != plan.Frau || q.Zone != "America/New_York" {
		t.Errorf("written to as %+v", q)
	}
	// Who does not lead has nothing to choose that only leads get.
	mara := m.as("Mara")
	_, wanted, err := m.app.MailWanted(context.Background(), mara, m.id)
	if err != nil || len(wanted.Kinds) >= len(app.OptionalLetters()) {
		t.Errorf("Mara Klein chooses among %v, %v", wanted.Kinds, err)
	}
}

func TestABounceIsShownToTheLead(t *testing.T) {
	t.Parallel()
	m := newMailing(t)
	sarah := m.enter()
	mara := m.view().Plan.Person(m.people["Mara"])
	m.box.dead = mara.Email.Value
	m.propose(1)
	mails := m.mails()
	told := to(t, mails, app.LetterBounce, sarahs)
	if told == nil || told.Subject.Args[1] != mara.Name.Value {
		t.Fatalf("the lead is not told: %+v", mails)
	}
	for _, path := range []string{"", "/people"} {
		sarah.get("/plans/"+string(m.id)+path).has(t, "E-Mails an Mara Klein kommen nicht an", mara.Email.Value)
	}
	m.seller.get("/plans/"+string(m.id)).lacks(t, "kommen nicht an") // the other side's people are its own
	m.box.dead = ""
	if m.propose(2); to(t, m.mails(), app.LetterProposal, mara.Email.Value) != nil {
		t.Error("the address that bounced was written to again")
	}
	again := "/plans/" + string(m.id) + "/people/" + string(mara.ID) + "/mail-again"
	m.seller.post(again, nil).is(t, http.StatusNotFound)
	sarah.post(again, nil).lacks(t, "kommen nicht an")
	if m.propose(3); to(t, m.mails(), app.LetterProposal, mara.Email.Value) == nil {
		t.Error("an address that is right is not written to")
	}
}

func TestDemoMailboxIsOnlyInTheDemo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.browser("de").get("/demo/mail").is(t, http.StatusNotFound)
	box := func() []MailboxMail {
		return []MailboxMail{{ID: "m1", To: "Ute Brandt", Subject: "Bis Fr: <b>Angebot</b>", At: testNow, Text: "Guten Tag", HTML: "<html><head></head><body><p style=\"color:red\">Guten Tag</p></body></html>"}}
	}
	b := newHouse(t, func(c *Config) { c.Mailbox, c.Demo = box, true }).browser("de")
	b.get("/demo/mail").has(t, "Postfach der Demo", "Bis Fr: &lt;b&gt;Angebot")
	b.get("/demo/mail/m1").has(t, `src="/demo/mail/m1/page"`, "sandbox=")
	page := b.get("/demo/mail/m1/page")
	page.has(t, `<base target="_top">`)
	csp := page.header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script") {
		t.Errorf("policy of a mail: %s", csp)
	}
	b.get("/demo/mail/nothing").is(t, http.StatusNotFound)
	b.get("/demo/mail/nothing/page").is(t, http.StatusNotFound)
}
