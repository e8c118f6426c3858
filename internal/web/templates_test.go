package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/process"
)

// ownProcess saves a process of the workspace's own and returns it.
func ownProcess(t testing.TB, a *app.Service, c app.Caller) *process.Process {
	t.Helper()
	p, err := a.SaveProcess(t.Context(), c, process.Builtin("small").As(string(a.NewID()), 1), 0, "small@1")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ofProcess is an address of a process of the workspace's own.
func ofProcess(format string) func(*matrixPlan) string {
	return func(f *matrixPlan) string { return fmt.Sprintf(format, ownProcess(f.h.t, f.h.app, f.homeCaller).ID) }
}

// packedTemplate is what the form of a process sends.
func packedTemplate(base int) func(*matrixPlan) url.Values {
	return func(f *matrixPlan) url.Values {
		p := process.Builtin("small")
		d := &templateDraft{Process: p.As(string(f.h.app.NewID()), 1), Base: base}
		return templateValues(f.h.t, d)
	}
}

// templateValues are the fields of the form as it is shown, to be sent as is.
func templateValues(t testing.TB, d *templateDraft) url.Values {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	content, err := pack(data)
	if err != nil {
		t.Fatal(err)
	}
	f := templateForm(locale.For("de"), d)
	q := url.Values{"content": {content}, "do": {"save"}, "name.de": {f.NameDE}, "name.en": {f.NameEN}, "title.de": {f.TitleDE}, "title.en": {f.TitleEN},
		"purpose.de": {f.PurposeDE}, "purpose.en": {f.PurposeEN}, "caution.de": {f.CautionDE}, "caution.en": {f.CautionEN}}
	for i, r := range f.Roles {
		set(q, "role", i, "de", r.DE, "en", r.EN, "side", r.Side)
	}
	for i, m := range f.Milestones {
		set(q, "milestone", i, "de", m.DE, "en", m.EN)
	}
	for i, g := range f.Gates {
		set(q, "gate", i, "de", g.DE, "en", g.EN, "rhythm", g.Rhythm, "day", g.Day, "lead", g.Lead)
	}
	for i, s := range f.Steps {
		set(q, "step", i, "de", s.DE, "en", s.EN, "done.de", s.DoneDE, "done.en", s.DoneEN, "side", s.Side, "buyer", s.Buyer, "seller", s.Seller,
			"low", s.Low, "likely", s.Likely, "high", s.High, "after", s.After, "milestone", s.Milestone, "gate", s.Gate)
		if s.Decides {
			q.Set("decision", strconv.Itoa(i))
		}
	}
	for _, r := range f.Risks {
		if r.On {
			q.Add("risk", r.Value)
		}
	}
	return q
}

func set(q url.Values, thing string, i int, nameValues ...string) {
	for k := 0; k+1 < len(nameValues); k += 2 {
		q.Set(fmt.Sprintf("%s.%d.%s", thing, i, nameValues[k]), nameValues[k+1])
	}
}

// A process that goes through the form without a change comes out as it went
// in, for every one that is built in.
func TestFormKeepsAProcess(t *testing.T) {
	t.Parallel()
	for _, p := range process.Catalogue() {
		q := templateValues(t, &templateDraft{Process: p})
		d, err := unpackTemplate(q.Get("content"))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.read(q); err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		if diff := cmp.Diff(p, d.Process, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.ID, diff)
		}
	}
}

func TestRowsOfTheForm(t *testing.T) {
	t.Parallel()
	d := &templateDraft{Process: process.Builtin("mid-market")}
	p := d.Process
	steps := len(p.Steps)
	d.change("remove step 2") // sketch, on which the workshop waits
	if len(p.Steps) != steps-1 || p.Check() != nil {
		t.Fatalf("a step removed: %d steps, %v", len(p.Steps), p.Check())
	}
	workshop := p.Step("workshop")
	var after []string
	for _, a := range workshop.After {
		after = append(after, a.Step)
	}
	if want := []string{"itneeds", "goals"}; !slices.Equal(after, want) {
		t.Errorf("the workshop waits for %v, want %v: what the removed step waited for", after, want)
	}
	for _, do := range []string{"add step", "add role", "add milestone", "add gate", "remove role 0", "remove milestone 0", "remove gate 0", "remove step 99", "remove", "", "add x", "remove step -1"} {
		d.change(do)
	}
	if n := len(p.Steps); n != steps || p.Steps[n-1].After[0].Step != "decision" {
		t.Errorf("a step added: %d steps, %+v", n, p.Steps[n-1])
	}
	if tidy := d.tidy(); tidy.Check() != nil || len(tidy.Steps) != steps-1 {
		t.Errorf("empty rows are left out: %v, %d steps", tidy.Check(), len(tidy.Steps))
	}
}

func TestWhatAStepWaitsFor(t *testing.T) {
	t.Parallel()
	p := process.Builtin("small")
	for text, want := range map[string]string{"": "", "1": "1", "1, 3": "1, 3", "1 3": "1, 3", "3+2": "3+2", "3ss-1": "3SS-1", "1FS; 1": "1", "0": "!", "2": "!", "11": "!",
		"x": "!", "1+": "!", "-1": "!", "9999": "!", "1++2": "!", "3FF": "3FF"} {
		got, err := readAfter(text, 1, p)
		said := ""
		if err != nil {
			said = "!"
		}
		no := map[string]int{}
		for i, s := range p.Steps {
			no[s.ID] = i + 1
		}
		for i, a := range got {
			if i > 0 {
				said += ", "
			}
			said += afterText(a, no)
		}
		if said != want {
			t.Errorf("%q is read as %q, want %q", text, said, want)
		}
	}
}

// FuzzTemplateForm sends anything to the form: it is taken over or refused,
// and what is taken over can be shown again.
func FuzzTemplateForm(f *testing.F) {
	q := templateValues(f, &templateDraft{Process: process.Builtin("small")})
	f.Add(q.Encode(), "save")
	f.Add(q.Encode(), "remove step 3")
	f.Add("content=x", "add step")
	f.Fuzz(func(t *testing.T, form, do string) {
		q, err := url.ParseQuery(form)
		if err != nil {
			return
		}
		d, err := unpackTemplate(q.Get("content"))
		if err != nil {
			return
		}
		_ = d.read(q)
		d.change(do)
		templateForm(locale.For("en"), d)
		_ = d.tidy().Check()
	})
}

// The form of a template, as a page shows it, is what is sent back.
var contentField = regexp.MustCompile(`name="content" value="([^"]*)"`)

// A plan from a template: dates are shown before anything is stored, what is
// missing is said with everything typed still there, and the draft has names,
// dates and the version it came from.
func TestAPlanFromATemplate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	john.get("/new").has(t, "/new/template", "/new/session", "/new/light", "/new/sheet", "/new/blank", "/new/sample")
	john.get("/new/template").has(t, "/new/template/dach-enterprise@1", "Betriebsrat")
	john.get("/new/template/public-before").has(t, "Gleichbehandlung")
	page := john.get("/new/template/mid-market")
	page.has(t, "Entscheidung am", "Puffer", "John Martinez", "×1,3", "Noch ohne Namen")
	form := url.Values{"id": {string(h.app.NewID())}, "language": {"de"}, "buyer_region": {"DE-BY"}, "seller_region": {"GB-ENG"}, "direction": {"backward"},
		"decide": {"2028-06-30"}, "buffer": {"50"}, "name.lead": {"Sarah <Chen>"}, "name.ae": {"John Martinez"}, "email.ae": {"john@acme.example"}, "risk": {"redlines"}, "do": {"create"}, "buyer": {"Nordwerk AG"}}
	refused := john.post("/new/template/mid-market", form)
	refused.is(t, http.StatusUnprocessableEntity)
	refused.has(t, "reicht die Zeit nicht", "Sarah &lt;Chen&gt;", "2028-06-30")
	form.Set("decide", "2029-06-30") // a Saturday
	form.Set("buyer", "")
	refused = john.post("/new/template/mid-market", form)
	refused.is(t, http.StatusUnprocessableEntity)
	refused.has(t, "Sarah &lt;Chen&gt;", "Gewünscht war der")
	form.Set("buyer", "Nordwerk AG")
	form.Set("do", "look")
	john.post("/new/template/mid-market", form).has(t, "29. Juni 2029")
	if rows, err := h.app.List(t.Context(), john.caller(), 10); err != nil || len(rows) != 0 {
		t.Fatalf("looking stored %d plans, %v", len(rows), err)
	}
	form.Set("do", "create")
	made := john.post("/new/template/mid-market", form)
	made.is(t, http.StatusOK)
	made.has(t, "Nordwerk AG und Acme Cloud", "Sarah &lt;Chen&gt;", "Vorlage dieses Plans", "/templates/mid-market@1")
	v, err := h.app.Open(t.Context(), john.caller(), plan.ID(form.Get("id")))
	if err != nil {
		t.Fatal(err)
	}
	if v.Plan.Process != "mid-market@1" || len(v.Plan.Live(plan.KindRisk)) != 1 || v.Plan.Items[plan.DecisionItem].Terms.Due.String() != "2029-06-29" {
		t.Errorf("process %q, %d risks, decided %s", v.Plan.Process, len(v.Plan.Live(plan.KindRisk)), v.Plan.Items[plan.DecisionItem].Terms.Due)
	}
	risks := "/plans/" + form.Get("id") + "/risks"
	john.get(risks).has(t, "Typische Risiken zum Auswählen", "Der Einkauf hat einen Rückstau")
	john.post(risks+"/typical", url.Values{"risk": {"procurement-backlog"}}).has(t, "steht jetzt im Plan")
	john.post(risks+"/typical", url.Values{"risk": {"no such"}}).is(t, http.StatusNotFound)
	john.post("/new/session", url.Values{"id": {string(h.app.NewID())}, "title": {"Ziel"}, "buyer": {"Nordwerk AG"}, "seller": {"Acme Cloud"}, "language": {"de"}}).is(t, http.StatusOK)
}

// A template is copied, changed without a script, saved, changed by two at
// once, and an old version stays readable.
func TestATemplateInVersions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	priya := h.signedIn(h.colleague("Acme Cloud", "Priya Natarajan", "priya@acme.example", app.RoleSeller), "de")
	priya.get("/templates").lacks(t, "/templates/new")
	priya.get("/templates/new?from=small").is(t, http.StatusForbidden)
	sent := func(page answer, change func(q url.Values)) url.Values {
		t.Helper()
		m := contentField.FindStringSubmatch(page.body)
		if m == nil {
			t.Fatalf("%s shows no form: %s", page.path, short(page.body))
		}
		d, err := unpackTemplate(m[1])
		if err != nil {
			t.Fatal(err)
		}
		q := templateValues(t, d)
		change(q)
		return q
	}
	page := john.get("/templates/new?from=small")
	page = john.post("/templates", sent(page, func(q url.Values) { q.Set("do", "add step"); q.Set("name.de", "Unser <Weg>"); q.Set("name.en", "") }))
	page.has(t, "Unser &lt;Weg&gt;", "step.10.de")
	page = john.post("/templates", sent(page, func(q url.Values) {
		q.Set("step.10.de", "Einführung gemeinsam feiern")
		q.Set("step.10.after", "10+x")
	}))
	page.is(t, http.StatusUnprocessableEntity)
	page.has(t, "Schritt 11", "10+x", "Einführung gemeinsam feiern")
	page = john.post("/templates", sent(page, func(q url.Values) { q.Set("step.10.after", "10+1"); q.Set("decision", "9") }))
	page.is(t, http.StatusOK)
	page.has(t, "Unser &lt;Weg&gt;", "Einführung gemeinsam feiern", "10+1", "Fassung 1")
	at := page.path
	first, second := john.get(at+"/edit"), john.get(at+"/edit")
	john.post(at, sent(first, func(q url.Values) { q.Set("name.de", "Kürzer") })).has(t, "Kürzer", "Fassung 2", "Fassung 1")
	late := john.post(at, sent(second, func(q url.Values) { q.Set("name.de", "Zu spät") }))
	late.is(t, http.StatusConflict)
	late.has(t, "Zu spät", "Fassung 2")
	priya.get(at+"@1").has(t, "Unser &lt;Weg&gt;", "not the latest") // she reads English, and these words are in German only
	priya.get(at).lacks(t, "/edit", "withdraw")
	priya.post(at+"/withdraw", nil).is(t, http.StatusForbidden)
	john.post(at+"/withdraw", nil).has(t, "wird nicht mehr angeboten")
	priya.get("/templates").lacks(t, at)
	john.post(at+"/restore", nil).is(t, http.StatusOK)
	priya.get("/new/template").has(t, "Kürzer")
}

// A plan that is over offers its lead to make a template of it; the buyer is
// shown nothing of that.
func TestATemplateFromAPlan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(john)
	john.get("/plans/"+id).lacks(t, "/templates/new")
	john.get("/templates/new?plan="+id).is(t, http.StatusConflict)
	if _, err := h.app.Do(t.Context(), john.caller(), plan.ID(id), plan.Conclude{Outcome: plan.DecidedYes, Reason: "Passt."}); err != nil {
		t.Fatal(err)
	}
	john.get("/plans/"+id).has(t, "/templates/new?plan="+id, "Vorlage aus diesem Plan machen")
	guest.get("/plans/"+id).lacks(t, "/templates")
	guest.get("/templates/new?plan="+id).is(t, http.StatusNotFound)
	page := john.get("/templates/new?plan=" + id)
	page.is(t, http.StatusOK)
	page.has(t, "wirklich gebraucht", "Namen von Personen wurden")
	page.lacks(t, "Brandt", "Chen ", "Martinez ")
}
