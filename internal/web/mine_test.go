package web

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
)

// deal is an agreed plan with its people, as mails find them.
type deal struct {
	*house
	seller *browser
	id     plan.ID
	people map[string]plan.ID
}

func newDeal(t *testing.T) *deal {
	t.Helper()
	return dealIn(newHouse(t))
}

// dealIn makes one on a server.
func dealIn(h *house) *deal {
	d := &deal{house: h, seller: h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true), people: map[string]plan.ID{}}
	d.id = d.seller.samplePlan()
	for _, q := range d.view().Plan.Everybody() {
		d.people[strings.Fields(strings.TrimPrefix(q.Name.Value, "Dr. "))[0]] = q.ID
	}
	d.do(d.seller.caller(), plan.LetIn{Person: d.people["Sarah"], Access: plan.Lead})
	d.do(d.seller.caller(), plan.Share{})
	frau := plan.Frau
	d.do(d.as("Sarah"), plan.LetIn{Person: d.people["Ute"], Access: plan.Contributor})
	d.do(d.as("Sarah"), plan.LetIn{Person: d.people["Mara"], Access: plan.Editor})
	d.do(d.as("Sarah"), plan.LetIn{Person: d.people["Jana"], Access: plan.Viewer})
	d.do(d.as("Ute"), plan.EditPerson{Person: d.people["Ute"], Version: d.view().Plan.People[d.people["Ute"]].Version, Salutation: &frau})
	for _, c := range []app.Caller{d.seller.caller(), d.as("Sarah")} {
		d.do(c, plan.AcceptPlan{Seen: d.view().Plan.Shown()})
	}
	return d
}

func (d *deal) as(name string) app.Caller {
	return app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{d.id: d.people[name]}}}
}

func (d *deal) view() app.View {
	d.t.Helper()
	v, err := d.app.Open(context.Background(), d.seller.caller(), d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

func (d *deal) do(c app.Caller, cmd plan.Command) {
	d.t.Helper()
	if _, err := d.app.Do(context.Background(), c, d.id, cmd); err != nil {
		d.t.Fatalf("%T: %v", cmd, err)
	}
}

func (d *deal) item(word string) *plan.Item {
	d.t.Helper()
	for _, it := range d.view().Plan.Live(plan.KindAction) {
		if strings.Contains(it.Terms.Title.Value, word) {
			return it
		}
	}
	d.t.Fatalf("no step with %q", word)
	return nil
}

// link is what a mail to somebody about an item carries.
func (d *deal) link(name string, item plan.ID) (path string, secret app.Secret) {
	d.t.Helper()
	side := d.view().Plan.People[d.people[name]].Side
	secret, err := d.app.DemoLink(context.Background(), app.Pass{Kind: app.PersonalPass, Plan: d.id, Person: d.people[name], Side: side})
	if err != nil {
		d.t.Fatal(err)
	}
	return app.MinePath(app.Letter{Plan: d.id, Item: item}, secret), secret
}

// browserOf is somebody's browser, come in.
func (d *deal) browserOf(name string) *browser {
	d.t.Helper()
	_, secret := d.link(name, "")
	b := d.browser("de")
	b.post("/me/"+string(secret), nil).is(d.t, http.StatusOK)
	return b
}

var mineHidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// form reads a card's form off a page, as a browser without script would send
// it with one of its buttons.
func (a answer) card(t *testing.T, item plan.ID, button string) (string, url.Values) {
	t.Helper()
	_, rest, ok := strings.Cut(a.body, `<form id="f-`+string(item)+`"`)
	if !ok {
		t.Fatalf("%s has no form for %s: %s", a.path, item, short(a.body))
	}
	text, _, _ := strings.Cut(rest, "</form>")
	action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(text)[1]
	f := url.Values{}
	for _, m := range mineHidden.FindAllStringSubmatch(text, -1) {
		f.Set(m[1], html.UnescapeString(m[2]))
	}
	move := regexp.MustCompile(`name="move" value="([^"]+)"[^>]*>` + regexp.QuoteMeta(button) + `<`).FindStringSubmatch(text)
	if move == nil {
		t.Fatalf("no button %q in %s", button, short(text))
	}
	f.Set("move", move[1])
	return html.UnescapeString(action), f
}

// press sends the form of a card with a button; extra are alternating names and
// values of what was typed.
func (b *browser) press(page answer, item plan.ID, button string, extra ...string) answer {
	b.h.t.Helper()
	action, f := page.card(b.h.t, item, button)
	for i := 0; i+1 < len(extra); i += 2 {
		f.Set(extra[i], extra[i+1])
	}
	return b.post(action, f)
}

// From mail to done in two taps: the link, and the button. Opening alone
// changes nothing: no event, no session, no use of the link.
func TestFromMailToDoneByLink(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	d.do(d.as("Ute"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.TakesOn})
	path, secret := d.link("Ute", it.ID)
	before := d.view().Plan.Head

	b := d.browser("de")
	for range 3 {
		page := b.get(path)
		page.is(t, http.StatusOK)
		page.has(t, "Guten Tag, Frau Dr. Brandt", "Annahmen im Business Case", "von Ihnen zugesagt bis", "Erledigt", "Diese Seite ist für Dr. Ute Brandt")
		page.lacks(t, "data-live", "http-equiv")
		if got := page.header.Values("Set-Cookie"); len(got) != 0 {
			t.Fatalf("opening a link sets cookies: %v", got)
		}
		if got := page.header.Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("Cache-Control is %q", got)
		}
	}
	r, err := http.NewRequest(http.MethodHead, d.web.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.do(r).is(t, http.StatusOK)
	if now := d.view().Plan.Head; now != before {
		t.Fatalf("opening the link wrote events: %v, was %v", now, before)
	}
	if p, err := d.app.Look(context.Background(), secret, app.PersonalPass); err != nil || p.Uses != 0 {
		t.Errorf("opening the link used it: %d uses, %v", p.Uses, err)
	}
	if c := b.caller(); len(c.Session.Hash) != 0 {
		t.Error("opening the link made a session")
	}

	a := b.press(b.get(path), it.ID, "Erledigt", "text", "Alle neun bestätigt", "link", "https://files.nordwerk.example/annahmen.pdf")
	a.is(t, http.StatusOK)
	if a.path != "/plans/"+string(d.id)+"/mine" {
		t.Errorf("ended at %s: the secret must not stay in the address", a.path)
	}
	a.has(t, "Danke. Der Schritt ist als erledigt gemeldet.", "Nichts zu tun.")
	now := d.item("Annahmen im Business Case")
	if g := now.Progress; g.Status != plan.Done || g.DoneBy != d.people["Ute"] || g.Result.Value != "Alle neun bestätigt" {
		t.Errorf("progress %+v", g)
	}
	if docs := d.view().Plan.DocumentsOf(it.ID); len(docs) != 1 || !docs[0].Delivered || docs[0].Link.Value != "https://files.nordwerk.example/annahmen.pdf" {
		t.Errorf("documents %+v", docs)
	}
	if b.caller().Session.Persons[d.id] != d.people["Ute"] {
		t.Error("the browser is not remembered")
	}
	// Known now: the link leads to the clean address.
	if a := b.get(path); a.path != "/plans/"+string(d.id)+"/mine" || a.status != http.StatusOK {
		t.Errorf("the link led to %s, %d", a.path, a.status)
	}
	if strings.Contains(d.log.String(), string(secret)) {
		t.Error("the log holds the secret of a link")
	}
}

// Somebody who is on the plan by name and was never there finds the same page
// behind the link of their mail; their first click lets them in and answers.
func TestFromMailToYesForSomebodyNamed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	d.do(d.as("Sarah"), plan.AddPerson{NewPerson: plan.NewPerson{ID: "ada", Side: plan.Buyer, Name: "Ada Holm", Email: "ada@nordwerk.example"}})
	ada := plan.ID("ada")
	d.do(d.as("Sarah"), plan.Edit{Item: it.ID, Version: it.Version, Patch: plan.Patch{BuyerOwner: &ada}})
	mailed := app.Pass{Kind: app.PersonalPass, Plan: d.id, Person: ada, Side: plan.Buyer, Address: app.AddressHash("ada@nordwerk.example")}
	secret, err := d.app.DemoLink(context.Background(), mailed)
	if err != nil {
		t.Fatal(err)
	}
	path := app.MinePath(app.Letter{Plan: d.id, Item: it.ID}, secret)
	before := d.view().Plan.Head
	b := d.browser("de")
	page := b.get(path)
	page.is(t, http.StatusOK)
	page.has(t, "Guten Tag, Ada Holm", "Sarah Chen hat Sie um einen Schritt gebeten.", "Ja, bis")
	if now := d.view().Plan.Head; now != before || d.view().Plan.Person(ada).Access != plan.None {
		t.Fatal("opening the link let somebody in")
	}
	b.press(page, it.ID, regexp.MustCompile(`Ja, bis [^<]+`).FindString(page.body)).has(t, "Danke. Sie übernehmen das bis")
	if q := d.view().Plan.Person(ada); q.Access != plan.Contributor || q.Verified != plan.ByMail || !d.item("Annahmen im Business Case").Committed(plan.Buyer) {
		t.Errorf("after the click: %+v", q)
	}
	// A link that was not mailed to them opens nothing for somebody only named.
	d.do(d.as("Sarah"), plan.AddPerson{NewPerson: plan.NewPerson{ID: "eve", Side: plan.Buyer, Name: "Eve Lang", Email: "eve@nordwerk.example"}})
	secret = app.Secret(strings.Repeat("e", 43))
	if err := d.store.SavePass(context.Background(), app.Pass{Hash: secret.Hash(), Kind: app.PersonalPass, Plan: d.id, Person: "eve", Side: plan.Buyer, Created: testNow, Expires: testNow.AddDate(0, 1, 0)}); err != nil {
		t.Fatal(err)
	}
	d.browser("de").get(app.MinePath(app.Letter{Plan: d.id}, secret)).is(t, http.StatusNotFound)
}

func TestMineEveryAnswerIsOnePress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, button string
		typed        []string
		says         string
		want         func(*deal, *plan.Item) bool
	}{
		{"take it on", "Ja, bis", nil, "Danke. Sie übernehmen das bis", func(_ *deal, it *plan.Item) bool { return it.Committed(plan.Buyer) }},
		{"already done", "Schon erledigt", nil, "als erledigt gemeldet", func(_ *deal, it *plan.Item) bool { return it.Progress.Status == plan.Done }},
		{"a question", "Frage stellen", []string{"text", "Welche Annahmen?"}, "Steht jetzt beim Schritt.", func(d *deal, it *plan.Item) bool {
			c := d.view().Plan.Comments[it.ID]
			return len(c) == 1 && c[0].Text.Value == "Welche Annahmen?" && c[0].By == d.people["Ute"]
		}},
		{"another day, earlier", "Diesen Tag nehmen", []string{"due", "2028-05-16"}, "Danke. Sie übernehmen das bis Di, 16.", func(_ *deal, it *plan.Item) bool {
			return it.Terms.Due == civil.Of(2028, time.May, 16) && it.Committed(plan.Buyer)
		}},
		{"another day, later", "Diesen Tag nehmen", []string{"due", "2028-05-30", "text", "Wir haben Inventur."}, "hat jetzt Ihren Vorschlag Di, 30.", func(d *deal, it *plan.Item) bool {
			pr := d.view().Plan.OpenProposals()
			return len(pr) == 1 && pr[0].By == d.people["Ute"] && pr[0].Reason.Value == "Wir haben Inventur." && it.Terms.Due < civil.Of(2028, time.May, 30)
		}},
		{"a colleague", "So weitergeben", []string{"owner", "Mara"}, "Weitergegeben an Mara Klein", func(d *deal, it *plan.Item) bool {
			return it.Terms.Owners.Buyer == d.people["Mara"] && it.Asked(plan.Buyer)
		}},
		{"a colleague by name", "So weitergeben", []string{"name", " mara  klein "}, "Weitergegeben an Mara Klein", func(d *deal, it *plan.Item) bool { return it.Terms.Owners.Buyer == d.people["Mara"] }},
		{"somebody new", "So weitergeben", []string{"name", "Ada Holm", "email", "ada@nordwerk.example"}, "Weitergegeben an Ada Holm", func(d *deal, it *plan.Item) bool {
			q := d.view().Plan.Person(it.Terms.Owners.Buyer)
			return q.Name.Value == "Ada Holm" && q.Email.Value == "ada@nordwerk.example" && q.Side == plan.Buyer && q.Access == plan.None
		}},
		{"not mine", "Ich bin nicht zuständig", nil, "Notiert: Das ist nicht Ihre Sache.", func(_ *deal, it *plan.Item) bool { return it.Owner.Buyer.Kind == plan.NotMine }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDeal(t)
			it := d.item("Annahmen im Business Case")
			b := d.browserOf("Ute")
			page := b.get("/plans/" + string(d.id) + "/mine")
			page.has(t, "Sarah Chen hat Sie um einen Schritt gebeten.", "danach: Freigabeausschuss Nordwerk am", "Wenn Sie nichts tun, gilt nichts als vereinbart")
			button := c.button
			if button == "Ja, bis" {
				button = regexp.MustCompile(`Ja, bis [^<]+`).FindString(page.body)
			}
			typed := c.typed
			for i := range typed {
				if typed[i] == "Mara" {
					typed[i] = string(d.people["Mara"])
				}
			}
			a := b.press(page, it.ID, button, typed...)
			a.is(t, http.StatusOK)
			a.has(t, c.says)
			if !c.want(d, d.item("Annahmen im Business Case")) {
				t.Errorf("the plan says %+v", d.item("Annahmen im Business Case"))
			}
			// Pressed twice: the second press finds it done and says the same.
			events := d.view().Plan.Head.Seq
			if again := b.press(page, it.ID, button, typed...); again.status != http.StatusOK || d.view().Plan.Head.Seq != events {
				t.Errorf("pressed twice: %d, %d events more: %s", again.status, d.view().Plan.Head.Seq-events, short(again.body))
			}
		})
	}
}

func TestMineTurnsAnAbsenceIntoTheEarlierDate(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	d.do(d.as("Ute"), plan.EditPerson{Person: d.people["Ute"], Version: d.view().Plan.People[d.people["Ute"]].Version,
		Absences: &[]plan.SpanInput{{From: it.Terms.Due - 1, To: it.Terms.Due + 10, Note: "auf Reisen"}}})
	path, _ := d.link("Ute", it.ID)
	b := d.browser("de")
	page := b.get(path)
	page.has(t, "(auf Reisen). Passt es vorher?")
	button := regexp.MustCompile(`Ja, bis [^<]+`).FindString(page.body)
	b.press(page, it.ID, button).has(t, "Danke. Sie übernehmen das bis")
	now := d.item("Annahmen im Business Case")
	if !now.Committed(plan.Buyer) || now.Terms.Due >= it.Terms.Due-1 || len(d.view().Plan.OpenProposals()) != 0 {
		t.Errorf("due %v, was %v; committed %v", now.Terms.Due, it.Terms.Due, now.Committed(plan.Buyer))
	}
}

func TestMineKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	b := d.browserOf("Ute")
	path := "/plans/" + string(d.id) + "/mine"
	page := b.get(path)

	a := b.press(page, it.ID, "Frage stellen")
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, `aria-invalid="true"`, `role="alert"`)
	a = b.press(page, it.ID, "Diesen Tag nehmen", "due", "2028-31-12", "text", "Vielleicht")
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, ">Vielleicht</textarea>", `value="2028-31-12"`)
	a = b.press(page, it.ID, "So weitergeben", "name", "Ada Holm", "email", "nonsense", "text", "Sie kennt das")
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, `value="Ada Holm"`, `value="nonsense"`, ">Sie kennt das</textarea>")

	// The step moved meanwhile: refused with both values, and the words stay.
	due := it.Terms.Due - 1
	d.do(d.as("Sarah"), plan.Edit{Item: it.ID, Version: d.item("Annahmen im Business Case").Version, Patch: plan.Patch{Due: &due}})
	button := regexp.MustCompile(`Ja, bis [^<]+`).FindString(page.body)
	a = b.press(page, it.ID, button, "text", "Gern")
	a.is(t, http.StatusConflict)
	a.has(t, "bei Ihnen „"+dayIn(it.Terms.Due)+"“, jetzt „"+dayIn(due)+"“", ">Gern</textarea>")
	if d.item("Annahmen im Business Case").Committed(plan.Buyer) {
		t.Error("somebody is committed to a date they did not see")
	}

	// It is somebody else's now: the words are shown to take along.
	mara := d.people["Mara"]
	d.do(d.as("Sarah"), plan.Edit{Item: it.ID, Version: d.item("Annahmen im Business Case").Version, Patch: plan.Patch{BuyerOwner: &mara}})
	a = b.press(page, it.ID, button, "text", "Gern, bis Freitag")
	a.is(t, http.StatusConflict)
	a.has(t, "Gern, bis Freitag")
}

func TestMineProposalAndConfirmation(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Vertragsbedingungen")
	due := it.Terms.Due + 3
	pr := d.app.NewID()
	d.do(d.seller.caller(), plan.Propose{ID: pr, Reason: "Unser Anwalt ist weg.", Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &due}}}})
	offer := d.item("Angebot mit Preisen")
	d.do(d.seller.caller(), plan.Report{Item: offer.ID, Version: offer.Version, Result: "per Post"})
	b := d.browserOf("Sarah")
	path := "/plans/" + string(d.id) + "/mine"
	page := b.get(path + "?item=" + string(pr))
	for _, path := range []string{"/mail", "/about-me"} {
		page.has(t, `href="/plans/`+string(d.id)+path+`"`)
		b.get("/plans/"+string(d.id)+path).is(t, http.StatusOK)
	}
	page.has(t, "John Martinez schlägt vor", "Unser Anwalt ist weg.", "läuft am", "per Post")
	b.press(page, offer.ID, "Da fehlt noch etwas").is(t, http.StatusUnprocessableEntity)
	b.press(page, offer.ID, "Ja, das ist erledigt").has(t, "Bestätigt. Der Schritt ist erledigt.")
	b.press(page, pr, "Zustimmen").has(t, "Zugestimmt.")
	if d.item("Vertragsbedingungen").Terms.Due != due {
		t.Error("the proposal was not accepted")
	}
	b.press(page, pr, "Zustimmen").is(t, http.StatusOK) // twice
	b.press(page, pr, "Ablehnen").is(t, http.StatusConflict)
}

func TestMineUndo(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	b := d.browserOf("Ute")
	a := b.press(b.get("/plans/"+string(d.id)+"/mine"), it.ID, "Schon erledigt")
	a.has(t, "/items/"+string(it.ID)+"/undo")
	v := d.item("Annahmen im Business Case").Version
	b.post("/plans/"+string(d.id)+"/items/"+string(it.ID)+"/undo", url.Values{"version": {strconv.Itoa(v)}}).is(t, http.StatusOK)
	if d.item("Annahmen im Business Case").Progress.Status == plan.Done {
		t.Error("it was not taken back")
	}
}

func TestMineIsClosed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	other := d.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	nobody := d.browser("de")
	jana := d.browserOf("Jana")
	path := "/plans/" + string(d.id) + "/mine"
	it := d.item("Annahmen im Business Case")
	report := url.Values{"item": {string(it.ID)}, "version": {strconv.Itoa(it.Version)}, "move": {"report"}}
	for _, c := range []struct {
		name string
		a    answer
		want int
	}{
		{"nobody reads", nobody.get(path), 404},
		{"nobody writes", nobody.post(path, report), 404},
		{"another organisation reads", other.get(path), 404},
		{"another organisation writes", other.post(path, report), 404},
		{"a viewer writes", jana.post(path, report), 403},
		{"somebody else's step", d.browserOf("Mara").post(path, url.Values{"item": {string(it.ID)}, "version": {strconv.Itoa(it.Version)}, "move": {"commit"}}), 403},
		{"a move there is none of", d.browserOf("Ute").post(path, url.Values{"item": {string(it.ID)}, "move": {"accept-plan"}}), 404},
		{"nobody's plans", nobody.get("/mine"), 404},
		{"a dead link reads", nobody.get("/me/" + strings.Repeat("x", 43) + "/mine"), 404},
		{"a dead link writes", nobody.post("/me/"+strings.Repeat("x", 43)+"/mine", report), 404},
	} {
		if c.a.status != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, c.a.status, c.want, short(c.a.body))
		}
		if strings.Contains(c.a.body, "Nordwerk") && c.want == 404 && c.name != "a move there is none of" {
			t.Errorf("%s learns of the plan", c.name)
		}
	}
	jana.get(path).has(t, "Sie lesen diesen Plan mit.")
	if d.item("Annahmen im Business Case").Progress.Status != plan.Open {
		t.Error("somebody got through")
	}
}

func TestMineByALinkThatWasRevoked(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	path, secret := d.link("Ute", it.ID)
	b := d.browser("de")
	page := b.get(path)
	page.is(t, http.StatusOK)
	if err := d.store.RevokePass(context.Background(), secret.Hash()); err != nil {
		t.Fatal(err)
	}
	b.get(path).is(t, http.StatusNotFound)
	a := b.press(page, it.ID, "Schon erledigt", "text", "Alle neun bestätigt")
	a.is(t, http.StatusNotFound)
	a.has(t, "Dieser Link", "Ihr Text, damit er nicht verloren geht: Alle neun bestätigt")
	if d.item("Annahmen im Business Case").Progress.Status != plan.Open {
		t.Error("a revoked link acted")
	}
}

// A browser that acts as somebody else of the plan is asked who it is to be.
func TestMineByLinkInSomebodyElsesBrowser(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	path, _ := d.link("Ute", "")
	b := d.browserOf("Sarah")
	a := b.get(path)
	a.is(t, http.StatusOK)
	a.lacks(t, "Annahmen im Business Case")
	a.has(t, "Weiter als Dr. Ute Brandt")
	if b.caller().Session.Persons[d.id] != d.people["Sarah"] {
		t.Error("opening a link changed who the browser acts as")
	}
}

func TestMineOfAllPlans(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.browserOf("Ute").get("/mine").has(t, "Was auf Sie wartet", "1 Sache wartet auf Sie", "Annahmen im Business Case", "/plans/"+string(d.id)+"/mine?item=")
	d.seller.get("/mine").has(t, "Was auf Sie wartet", "Nordwerk AG und Acme Cloud")
	d.seller.get("/plans/"+string(d.id)).has(t, `/mine"`, "Meine Schritte")
}

func TestDocumentsOnAStepsPage(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	page := "/plans/" + string(d.id) + "/items/" + string(it.ID)
	d.seller.post(page+"/document", url.Values{"title": {"Business Case, 4 Seiten"}, "link": {"https://files.acme.example/case.pdf"}}).is(t, http.StatusOK)
	a := d.browserOf("Ute").get("/plans/" + string(d.id) + "/mine")
	a.has(t, "Business Case, 4 Seiten", `href="https://files.acme.example/case.pdf"`, `rel="noopener noreferrer nofollow"`, `referrerpolicy="no-referrer"`, "files.acme.example")
	bad := d.seller.post(page+"/document", url.Values{"title": {"Falle"}, "link": {"javascript:alert(1)"}})
	bad.is(t, http.StatusUnprocessableEntity)
	bad.has(t, `value="Falle"`, "javascript:alert(1)")
	bad.lacks(t, `href="javascript:`)
	doc := d.view().Plan.DocumentsOf(it.ID)[0]
	d.browserOf("Ute").post(page+"/document-remove", url.Values{"document": {string(doc.ID)}}).is(t, http.StatusForbidden)
	d.browserOf("Jana").post(page+"/document", url.Values{"title": {"x"}, "link": {"https://x.example/"}}).is(t, http.StatusForbidden)
	d.seller.post(page+"/document-remove", url.Values{"document": {string(doc.ID)}}).is(t, http.StatusOK)
	if n := len(d.view().Plan.DocumentsOf(it.ID)); n != 0 {
		t.Errorf("%d documents left", n)
	}
	d.seller.get("/plans/"+string(d.id)+"/history").has(t, "ein Dokument hinzugefügt: Business Case, 4 Seiten", "ein Dokument herausgenommen")
}

// dayIn is a day as the German page writes it.
func dayIn(d civil.Day) string { return locale.For("de").At(testNow, time.UTC).Date(d) }
