package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"tandem/internal/app"
	deals "tandem/internal/deal"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/readiness"
)

func dealHouse(t *testing.T) (*house, *browser) {
	t.Helper()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	b.reads("en")
	return h, b
}

// reads chooses a language.
func (b *browser) reads(lang string) { b.post("/settings/language", url.Values{"lang": {lang}}) }

var packed = regexp.MustCompile(`name="content" value="([^"]+)"`)

// previewed sends a list to the preview and returns what its form carries on.
func (b *browser) previewed(text string, more ...string) (answer, url.Values) {
	b.h.t.Helper()
	form := url.Values{"text": {text}}
	a := b.post("/deals/import", form)
	found := packed.FindStringSubmatch(a.body)
	if found == nil {
		b.h.t.Fatalf("no preview: %d %s", a.status, a.body)
	}
	form = url.Values{"content": {found[1]}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return a, form
}

// TestADealListComesInAndIsRefreshed: as German Excel writes it, columns
// remembered, what changed shown, what cannot be read handed back.
func TestADealListComesInAndIsRefreshed(t *testing.T) {
	t.Parallel()
	_, b := dealHouse(t)

	win, err := charmap.Windows1252.NewEncoder().String("Kennung;Vorgang;Wer kauft;Wieviel;Bis wann\r\nA1;Ablösung für Süd;Südstahl;1.234,50;31.12.2028\r\nA2;Kaputt;Haff;viel;31.12.2028\r\n")
	if err != nil {
		t.Fatal(err)
	}
	a, form := b.previewed(win)
	if !strings.Contains(a.body, "No column holds the name") || strings.Contains(a.body, "/deals/import/apply") {
		t.Error("columns nobody knows are taken for known ones")
	}
	for i, f := range []deals.Field{deals.ID, deals.Name, deals.Account, deals.Value, deals.Close} {
		form.Set("col."+string(rune('0'+i)), string(f))
	}
	form.Set("again", "1")
	form.Set("currency", "CHF")
	form.Set("whole", "on")
	a = b.post("/deals/import/preview", form)
	for _, want := range []string{"1 new", "1 row unreadable", "“viel” is no amount", "Ablösung für Süd", "CHF\u00a01,234.50", "/deals/import/apply"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	bad := b.post("/deals/import/bad", form)
	if got := strings.TrimSpace(bad.body); !strings.HasPrefix(got, "\ufeffKennung;Vorgang;Wer kauft;Wieviel;Bis wann;Reason") || !strings.Contains(got, "A2;Kaputt;Haff;viel;31.12.2028;“viel” is no amount") {
		t.Errorf("rows handed back: %q", got)
	}
	if a = b.post("/deals/import/apply", form); a.path != "/deals" || !strings.Contains(a.body, "Ablösung für Süd") {
		t.Errorf("taken over: %d %s", a.status, a.path)
	}
	if a, form = b.previewed("Bis wann;Wieviel;Wer kauft;Vorgang;Kennung\n15.01.2029;2.000,00;Südstahl;Ablösung für Süd;A1\n1.2.2029;5;Haff;=cmd;A3"); !strings.Contains(a.body, "Tandem knows these columns") {
		t.Error("the columns are not remembered")
	}
	for _, want := range []string{"1 new", "1 changed", "31\u00a0Dec", "15\u00a0Jan 2029", "CHF\u00a02,000"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the refreshed preview lacks %q", want)
		}
	}
	b.post("/deals/import/apply", form)
	a = b.get("/deals?q=A1")
	id := regexp.MustCompile(`/deals/([a-f0-9]{24})"`).FindStringSubmatch(a.body)
	if id == nil {
		t.Fatal("the deal is not found by its id")
	}
	if a = b.get("/deals/" + id[1]); !strings.Contains(a.body, "Close date moved from") {
		t.Error("the move of the close date is not told")
	}

}

func TestAFileThatIsNoListIsRefused(t *testing.T) {
	t.Parallel()
	_, b := dealHouse(t)
	for name, test := range map[string]struct {
		text string
		want int
	}{"nothing": {"", http.StatusUnprocessableEntity}, "a header alone": {"Deal ID;Deal Name", http.StatusUnprocessableEntity},
		"a PDF": {"%PDF-1.7", http.StatusUnprocessableEntity}, "a broken form": {"\x00", http.StatusUnprocessableEntity}} {
		if a := b.post("/deals/import", url.Values{"text": {test.text}}); a.status != test.want {
			t.Errorf("%s: %d, want %d", name, a.status, test.want)
		}
	}
	if a := b.post("/deals/import/apply", url.Values{"content": {"%%%"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("content of no list: %d", a.status)
	}
}

// TestTheAdviceLeadsToAPlan: asked without a deal, which is made with it.
func TestTheAdviceLeadsToAPlan(t *testing.T) {
	t.Parallel()
	h, b := dealHouse(t)
	form := url.Values{"id": {string(h.app.NewID())}, "name": {"ERP"}, "account": {"Nordwerk AG"}}
	if a := b.post("/new/ready", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `value="Nordwerk AG"`) {
		t.Errorf("unanswered: %d; what was typed has to stay", a.status)
	}
	for _, test := range []struct{ answer, leads string }{{"yes", "/new/template?deal="}, {"partly", ""}} {
		form.Set("id", string(h.app.NewID()))
		for _, q := range readiness.Questions() {
			form.Set("q."+string(q), test.answer)
		}
		a := b.post("/new/ready", form)
		if a.path != "/deals/"+form.Get("id")+"/readiness" {
			t.Fatalf("led to %s: %d", a.path, a.status)
		}
		if test.leads != "" && !strings.Contains(a.body, test.leads+form.Get("id")) {
			t.Errorf("%s: no way on to %s", test.answer, test.leads)
		}
		if test.leads == "" && strings.Contains(a.body, `href="/new/template`) {
			t.Errorf("%s: leads to a plan", test.answer)
		}
	}
	if a := b.get("/deals/" + form.Get("id")); !strings.Contains(a.body, "Something else comes first") {
		t.Error("the deal does not say the advice")
	}
}

// TestEveryMoveReallyHappens: an objection, one click, and the plan is so.
func TestEveryMoveReallyHappens(t *testing.T) {
	t.Parallel()
	h, b := dealHouse(t)
	id := b.samplePlan()
	v, err := h.app.Open(t.Context(), b.caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range v.Plan.Everybody() {
		if q.Name.Value == "Sarah Chen" {
			for _, cmd := range []plan.Command{plan.Share{}, plan.LetIn{Person: q.ID, Access: plan.Lead}} {
				if v, err = h.app.Do(t.Context(), b.caller(), id, cmd); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	guest := h.guest(b, string(id))
	guest.reads("en")
	press := func(o readiness.Objection) answer {
		return b.post("/plans/"+string(id)+"/resistance", url.Values{"objection": {string(o)}, "do": {"move"}})
	}
	opened := func() app.View {
		t.Helper()
		v, err := h.app.Open(t.Context(), b.caller(), id)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if a := press(readiness.Formal); a.status != http.StatusConflict || !strings.Contains(a.body, "7") {
		t.Errorf("a plan too long for one page: %d", a.status)
	}
	if a := press(readiness.Process); a.path != "/plans/"+string(id)+"/session" {
		t.Errorf("typical steps are at %s", a.path)
	}
	before := opened().Plan.Items[plan.DecisionItem].Terms.Due
	press(readiness.Timeline)
	v = opened()
	if !v.Plan.Items[plan.DecisionItem].Terms.Due.IsZero() || v.Plan.Suggested(plan.DecisionItem) != before || v.Plan.On(plan.Buyer) != plan.TheirDates {
		t.Error("the dates are not theirs")
	}
	a := guest.get("/plans/" + string(id) + "/dates")
	if !strings.Contains(a.body, "leaves the dates to you") || !strings.Contains(a.body, "Take the suggestion") {
		t.Errorf("the buyer is not asked: %d", a.status)
	}
	form := url.Values{"take": {"all"}}
	for _, it := range v.Plan.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		form.Set("version."+string(it.ID), strconv.Itoa(it.Version))
	}
	if a = guest.post("/plans/"+string(id)+"/dates", form); a.path != "/plans/"+string(id) {
		t.Errorf("dates taken: %d at %s", a.status, a.path)
	}
	if got := opened().Plan.Items[plan.DecisionItem].Terms.Due; got != before {
		t.Errorf("the decision is on %v, want the suggestion %v", got, before)
	}
	press(readiness.Work)
	if a = guest.get("/plans/" + string(id)); !strings.Contains(a.body, "/confirm") {
		t.Error("the buyer's plan does not lead to the one page")
	}
	a = guest.get("/plans/" + string(id) + "/confirm")
	form = url.Values{}
	for _, x := range regexp.MustCompile(`name="(seen|own)" value="([^"]+)"`).FindAllStringSubmatch(a.body, -1) {
		form.Add(x[1], x[2])
	}
	if a = guest.post("/plans/"+string(id)+"/confirm", form); a.status != http.StatusOK {
		t.Errorf("confirmed: %d", a.status)
	}
	v = opened()
	if v.Plan.Accepted.Buyer.Digest != v.Plan.Digest() {
		t.Error("the lead's one click is not their side's yes")
	}
	if a = b.get("/plans/" + string(id) + "/hesitate"); !strings.Contains(a.body, "Offered: the customer sets every date.") {
		t.Error("what was offered is not kept")
	}
	if a = guest.get("/plans/" + string(id) + "/hesitate"); a.status != http.StatusNotFound {
		t.Errorf("the buyer's look at it: %d", a.status)
	}
}

// Every sentence that is put together from parts is there in both languages.
func TestEverySentenceOfDealsIsThere(t *testing.T) {
	t.Parallel()
	var keys []string
	add := func(parts ...string) { keys = append(keys, strings.Join(parts, ".")) }
	for _, q := range readiness.Questions() {
		add("ready.q", string(q))
		add("ready.q", string(q), "why")
		for _, a := range []readiness.Answer{readiness.Yes, readiness.Partly, readiness.No} {
			add("ready.because", string(q), string(a))
		}
		if q != readiness.Complexity {
			add("ready.first", string(q))
			add("ready.ask", string(q))
		}
	}
	for _, l := range readiness.Levels() {
		for _, k := range []string{"ready.level", "ready.advice", "deal.answer.advice", "deal.list.advice"} {
			add(k, string(l))
		}
	}
	for _, o := range readiness.Objections() {
		for _, k := range []string{"resist.say", "resist.means", "resist.answer"} {
			add(k, string(o))
		}
		for _, k := range []string{"resist.move.introducing", "resist.move.inviting", "resist.go.inviting", "resist.did", "resist.done"} {
			add(k, string(o.Move()))
		}
	}
	for _, o := range readiness.Outcomes() {
		add("resist.outcome", string(o))
		add("resist.was", string(o))
	}
	for _, f := range deals.Fields() {
		add("deal.is", string(f))
	}
	for _, p := range []plan.Phase{plan.Draft, plan.Shared, plan.Agreed, plan.Decided, plan.Archived} {
		add("deal.phase", string(p))
	}
	for _, bad := range []deals.Trouble{deals.NoNumber, deals.TooLarge, deals.Negative, deals.NoUnit, deals.Otherwise, deals.NoDay, deals.FarDay, deals.WrongDay} {
		add(string(bad))
	}
	for _, w := range []plan.Way{plan.TheirDates, plan.JustAgree} {
		for _, k := range []string{"ease.ask", "ease.share", "resist.on"} {
			add(k, string(w))
		}
	}
	for _, lang := range locale.Languages {
		for _, k := range keys {
			if !locale.For(lang).Has(k) {
				t.Errorf("%s: no %s", lang, k)
			}
		}
	}
}
