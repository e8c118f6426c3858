package web

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// agreedPlan is the sample, agreed by both sides.
func (h *house) agreedPlan(seller *browser) (id string, guest *browser) {
	h.t.Helper()
	id = string(seller.samplePlan())
	guest = h.guest(seller, id)
	ctx := context.Background()
	v := h.view(seller, id)
	for _, q := range v.Plan.Everybody() {
		if q.Side == plan.Buyer && q.Joined {
			if _, err := h.app.LetIn(ctx, seller.caller(), v.Plan.ID, plan.LetIn{Person: q.ID, Access: plan.Lead}); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	for _, b := range []*browser{guest, seller} {
		if _, err := h.app.Do(ctx, b.caller(), v.Plan.ID, plan.AcceptPlan{Seen: h.view(b, id).Plan.Shown()}); err != nil {
			h.t.Fatal(err)
		}
	}
	guest.post("/settings/language", url.Values{"lang": {"en"}, "back": {"/plans/" + id}}).is(h.t, http.StatusOK)
	return id, guest
}

func (h *house) view(b *browser, id string) app.View {
	h.t.Helper()
	v, err := h.app.Open(context.Background(), b.caller(), plan.ID(id))
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// stepOf is the step that a person of the sample owns and whose title begins
// so.
func (h *house) stepOf(v app.View, title string) *plan.Item {
	h.t.Helper()
	i := slices.IndexFunc(v.Plan.Live(plan.KindAction), func(it *plan.Item) bool { return strings.HasPrefix(it.Terms.Title.Value, title) })
	if i < 0 {
		h.t.Fatalf("no step %q", title)
	}
	return v.Plan.Live(plan.KindAction)[i]
}

// words of a page, without markup.
func (a answer) words() string {
	s := regexp.MustCompile(`(?s)<head>.*?</head>|<[^>]*>`).ReplaceAllString(a.body, " ")
	return strings.Join(strings.Fields(strings.ReplaceAll(html.UnescapeString(s), "\u00a0", " ")), " ")
}

func (a answer) says(t *testing.T, sentences ...string) {
	t.Helper()
	for _, s := range sentences {
		if !strings.Contains(a.words(), s) {
			t.Errorf("%s does not say %q\n%s", a.path, s, a.words())
		}
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="((?:due|version)\.[^"]+)" value="([^"]*)"`)

// The whole way: the date shakes, the sheet shows what moves, one proposal is
// sent; in both languages; looking changes nothing.
func TestWhatIfFromPageToProposal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	v := h.view(seller, id)
	legal := h.stepOf(v, "Vertragsbedingungen")
	path := "/plans/" + id

	seller.get(path).says(t, "bestimmt den Termin", "Entscheidungsreif voraussichtlich am 30. Mai.")
	guest.get(path).says(t, "sets the date", "Ready to decide: expected 30 May.")
	seller.get(path+"?show=sets").lacks(t, "Einführungsplan mit Terminen")
	seller.get(path+"/items/"+string(legal.ID)).says(t, "Warum dieser Termin?", "„Angebot mit Preisen und Laufzeiten an Tom Reuter senden“ (John Martinez) endet am 11. Mai.")

	sheet := seller.get(path + "/what-if?item=" + string(legal.ID) + "&days=25")
	sheet.says(t, "Was wäre, wenn …", "Entscheidungsreif voraussichtlich Di, 27. Juni statt Di, 30. Mai.", "Stattdessen ginge auch:", "Vorschlag senden")
	if now := h.view(seller, id); now.Plan.Head != v.Plan.Head {
		t.Error("looking changed the plan")
	}
	form := url.Values{"item": {string(legal.ID)}, "supposed_days": {"25"}, "reason": {"Zwei Ausschreibungen"}}
	for _, m := range hiddenField.FindAllStringSubmatch(sheet.body, -1) {
		form.Set(m[1], m[2])
	}
	without := url.Values{}
	for k, x := range form {
		without[k] = x
	}
	without.Del("reason")
	refused := seller.post(path+"/what-if", without)
	refused.has(t, `role="alert"`)
	if refused.status < 400 {
		t.Errorf("without a reason it was answered with %d", refused.status)
	}
	seller.post(path+"/what-if", form).is(t, http.StatusOK)
	now := h.view(seller, id)
	open := now.Plan.OpenProposals()
	if len(open) != 1 || open[0].Reason.Value != "Zwei Ausschreibungen" {
		t.Fatalf("got %d proposals", len(open))
	}
	if now.Plan.Items[plan.DecisionItem].Terms.Due != v.Plan.Items[plan.DecisionItem].Terms.Due {
		t.Error("the decision moved without a yes")
	}
	// The duration is a fact: now the agreed date shakes, with its reason.
	guest.get(path).says(t, "16 Jun is in doubt:", "“Vertragsbedingungen prüfen und Änderungswünsche an Lena Vogt senden” will be done on 19 Jun at the earliest.", "Ready to decide: expected 27 Jun.")
	seller.get(path+"/items/"+string(legal.ID)).says(t, "So ginge es:")
	guest.post(path+"/proposals/"+string(open[0].ID)+"/accept", url.Values{"digest": {string(open[0].Digest())}}).is(t, http.StatusOK)
	seller.get(path).says(t, "Entscheidungsreif voraussichtlich am 27. Juni.")
}

// A date that slips again is told to the seller, not to the buyer.
func TestSlipsAreToldToTheSeller(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	path := "/plans/" + id
	for range 2 {
		v := h.view(seller, id)
		it := v.Plan.Items[plan.DecisionItem]
		due := it.Terms.Due + 7
		now, err := h.app.Do(context.Background(), seller.caller(), v.Plan.ID, plan.Propose{ID: h.app.NewID(), Reason: "…",
			Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &due}}}})
		if err != nil {
			t.Fatal(err)
		}
		open := now.Plan.OpenProposals()[0]
		if _, err := h.app.Do(context.Background(), guest.caller(), v.Plan.ID, plan.Accept{ID: open.ID, Digest: open.Digest()}); err != nil {
			t.Fatal(err)
		}
	}
	seller.get(path).says(t, "Entscheidung: zum zweiten Mal verschoben", "Diesen Hinweis sieht nur Ihre Seite.")
	guest.get(path).lacks(t, "Only your side sees this", "keeps slipping")
	guest.get(path).says(t, "moved for the second time, first agreed")
}

// What dates depend on is said without a word of scheduling, by whose it is.
func TestCalendarsCommitteesAndApprovals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	path := "/plans/" + id
	seller.get(path+"/calendars").says(t, "jeden 2. Dienstag", "Freigaben der Reihe nach", "Diesen Kalender führt Nordwerk.")

	board := url.Values{"title": {"Vorstand"}, "side": {"buyer"}, "rhythm": {"month"}, "nth": {"2"}, "day": {"tu"}, "lead": {"5"}, "on_holiday": {"next"}, "except": {"2028-07-11"}}
	preview := seller.post(path+"/gates/preview", board)
	preview.is(t, http.StatusOK)
	preview.says(t, "Nächste Termine: Di, 13. Juni, Di, 8. Aug.")
	if n := len(h.view(seller, id).Plan.Live(plan.KindGate)); n != 1 {
		t.Fatalf("showing the days made a committee: %d", n)
	}
	seller.post(path+"/gates", board).says(t, "am zweiten Dienstag im Monat", "Rückgängig")
	v := h.view(seller, id)
	gates := v.Plan.Live(plan.KindGate)
	if g := gates[len(gates)-1].Details.Committee; g.Rule != "FREQ=MONTHLY;BYDAY=2TU" || g.LeadDays != 5 || g.OnHoliday != "next" || len(g.Except) != 1 {
		t.Errorf("got %+v", g)
	}
	step := h.stepOf(v, "Beschaffungsantrag")
	a := seller.post(path+"/items/"+string(step.ID)+"/workload", url.Values{"version": {"1"}, "days": {"3"}, "gate": {string(gates[len(gates)-1].ID)}, "approval": {"off", "on"}})
	if a.status == http.StatusConflict { // its version is another
		v := h.view(seller, id).Plan.Items[step.ID]
		a = seller.post(path+"/items/"+string(step.ID)+"/workload", url.Values{"version": {strconv.Itoa(v.Version)}, "days": {"3"}, "gate": {string(gates[len(gates)-1].ID)}, "approval": {"off", "on"}})
	}
	a.is(t, http.StatusOK)
	seller.get(path+"/calendars").says(t, "Tom Reuter: 3 Arbeitstage", "Vorstand, am zweiten Dienstag im Monat", "Unterlagen 5 Arbeitstage vorher")
	seller.get(path+"/history").says(t, "Dauer: 2 Tage → 3 Tage")

	seller.post(path+"/calendars", url.Values{"side": {"seller"}, "region": {"DE-BY"}, "week": {"mon", "tue", "wed", "thu"}, "fiscal": {"4"},
		"closed": {"2028-12-24 2029-01-01 Betriebsferien\n2028-08-15"}}).is(t, http.StatusOK)
	if c := h.view(seller, id).Plan.Calendar.Seller; c.Region != "DE-BY" || len(c.Week) != 4 || c.Fiscal != 4 || len(c.Closed) != 2 || c.Closed[0].Note.Value != "Betriebsferien" {
		t.Errorf("got %+v", c)
	}
	if a := seller.post(path+"/calendars", url.Values{"side": {"buyer"}, "region": {"DE-BY"}}); a.status != http.StatusForbidden {
		t.Errorf("the other side's calendar was answered with %d", a.status)
	}
	guest.get(path+"/calendars").says(t, "Bavaria, Monday, Tuesday, Wednesday and Thursday")
	bad := seller.post(path+"/calendars", url.Values{"side": {"seller"}, "closed": {"Weihnachten"}})
	bad.says(t, "Zeile „Weihnachten“")
}

// Who answers a proposal reads what else would not hold; the plan as it is
// when it rests moves nothing, and going on offers what has become late.
func TestProposalTellsWhatElseAndResumeOffersDates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	path := "/plans/" + id
	v := h.view(seller, id)
	legal := h.stepOf(v, "Vertragsbedingungen")
	due := legal.Terms.Due + 14
	if _, err := h.app.Do(context.Background(), seller.caller(), v.Plan.ID, plan.Propose{ID: h.app.NewID(), Reason: "…",
		Changes: []plan.Wish{{Item: legal.ID, Version: legal.Version, Patch: plan.Patch{Due: &due}}}}); err != nil {
		t.Fatal(err)
	}
	guest.get(path).says(t, "more dates would not hold then: “Überarbeiteten Vertragsentwurf an Jana Roth zurücksenden”")

	seller.post(path+"/pause", url.Values{"reason": {"Urlaub"}, "review": {"2028-06-01"}}).is(t, http.StatusOK)
	seller.get(path).lacks(t, "bestimmt den Termin<")
	a := seller.post(path+"/resume", url.Values{})
	if a.path != path+"/what-if" {
		t.Errorf("going on ended at %s", a.path)
	}
	a.says(t, "Termine nachziehen", "Vorschlag senden")
}

// A plan whose steps wait in a ring, through what its milestones wait for, or
// whose committee never meets says so instead of breaking.
func TestWhatCannotBeComputedIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	path := "/plans/" + id
	v := h.view(seller, id)
	gate := v.Plan.Live(plan.KindGate)[0]
	if _, err := h.app.Do(context.Background(), seller.caller(), v.Plan.ID, plan.Detail{Item: gate.ID, Version: gate.Version,
		Gate: &plan.GateInput{Title: "Ausschuss", GateDetails: plan.GateDetails{Rule: "no rule at all"}}}); err != nil {
		t.Fatal(err)
	}
	seller.get(path).says(t, "Die Termine lassen sich nicht berechnen:")
	seller.get(path+"/calendars").is(t, http.StatusOK)
	if a := seller.get(path + "/what-if"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("what-if answered %d", a.status)
	}
}
