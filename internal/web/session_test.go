package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// sharedSample is a plan of the sample that both sides see, with the buyer's
// lead in a browser of their own.
func (h *house) sharedSample() (seller, buyer *browser, base string) {
	h.t.Helper()
	seller = h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	return seller, h.guest(seller, id), "/plans/" + id
}

func TestASessionOverDraftsSaysThatItShares(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	base := "/plans/" + string(seller.samplePlan())
	seller.get(base+"/session").has(t, "Plan teilen und gemeinsam beginnen", "Der Plan ist noch ein Entwurf", "Erst allein vorbereiten")
	// Preparing shares nothing.
	seller.post(base+"/session/quote", url.Values{"topic": {"goals"}, "at": {"goals"}, "text": {"Vorbereitet."}}).has(t, "Vorbereitet.")
	if v := h.view(seller, base[len("/plans/"):]); v.Plan.Phase != plan.Draft {
		t.Errorf("preparing made the plan %s", v.Plan.Phase)
	}
	seller.post(base+"/session/start", nil).has(t, "Was wollen Sie am Ende wissen?", "Sie führen.")
	if v := h.view(seller, base[len("/plans/"):]); v.Plan.Phase != plan.Shared || !v.Plan.Session.Runs(v.Now) {
		t.Errorf("begun: the plan is %s", v.Plan.Phase)
	}
}

// Every topic has its question in both languages, and shows what it makes.
func TestEveryTopicAsksAndMakes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	base := "/plans/" + string(seller.samplePlan())
	for topic, form := range map[string]url.Values{
		"goals":      {"kind": {"goal"}, "side": {"buyer"}, "text": {"Made of it."}, "as": {"goal"}},
		"activities": {"kind": {"step"}, "side": {"joint"}, "title": {"Made of it."}, "due": {"2028-05-23"}, "days": {"4"}},
		"people":     {"kind": {"person"}, "side": {"buyer"}, "name": {"Made of it."}, "role": {"Einkauf"}, "from": {"2028-05-22"}},
		"approval":   {"kind": {"gate"}, "side": {"buyer"}, "title": {"Made of it."}, "rhythm": {"month"}, "nth": {"1"}, "day": {"th"}, "lead": {"5"}, "on_holiday": {"skip"}},
		"buyer":      {"kind": {"step"}, "side": {"buyer"}, "title": {"Made of it."}, "owner_new": {"Nele Petersen"}, "date_open": {"on"}},
		"seller":     {"kind": {"approval"}, "side": {"seller"}, "title": {"Made of it."}},
		"dates":      {"kind": {"milestone"}, "title": {"Made of it."}, "date": {"2028-05-23"}},
		"risks":      {"kind": {"risk"}, "title": {"Made of it."}, "probability": {"40"}, "low": {"1"}, "likely": {"2"}, "high": {"3"}},
	} {
		page := seller.get(base + "/session?topic=" + topic)
		page.has(t, `aria-current="page"`, "Frage ", `action="`+base+`/session/add"`)
		seller.post(base+"/session/quote", url.Values{"topic": {topic}, "at": {topic}, "text": {"Gesagt zu " + topic}}).has(t, "Gesagt zu "+topic)
		v := h.view(seller, base[len("/plans/"):])
		form.Set("topic", topic)
		form.Set("at", topic)
		form.Set("quote", string(v.Plan.QuotesOn(plan.Topic(topic))[0].ID))
		a := seller.post(base+"/session/add", form)
		a.is(t, http.StatusOK)
		made := strings.Split(a.body, `class="made"`)
		if len(made) < 2 || !strings.Contains(made[1][:200], "Made of it") {
			t.Errorf("%s: the quote does not say what became of it", topic)
		}
	}
	v := h.view(seller, base[len("/plans/"):])
	found := false
	for _, q := range v.Plan.Everybody() {
		found = found || q.Name.Value == "Nele Petersen" && q.Side == plan.Buyer && q.Access == plan.None
	}
	if !found {
		t.Error("a new owner is not on the buyer's side, or came with access")
	}
}

// What was typed comes back with the reason; nothing of a batch stays.
func TestARefusedFormOfTheSessionIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	base := "/plans/" + string(seller.samplePlan())
	before := h.view(seller, base[len("/plans/"):]).Plan.Head.Seq
	for _, row := range []struct {
		move string
		form url.Values
		want []string
	}{
		{"quote", url.Values{"text": {" "}, "topic": {"goals"}, "said_new": {"Ada Holm"}}, []string{"Ada Holm"}},
		{"add", url.Values{"kind": {"step"}, "topic": {"activities"}, "side": {"buyer"}, "title": {"Bis Ostern prüfen"}, "owner_new": {"Ada Holm"}, "due": {"soon"}}, []string{"Bis Ostern prüfen", "Ada Holm"}},
		{"add", url.Values{"kind": {"risk"}, "topic": {"risks"}, "title": {"Sommerpause"}, "probability": {"140"}, "low": {"1"}, "likely": {"2"}, "high": {"3"}}, []string{"Sommerpause"}},
		{"add", url.Values{"kind": {"gate"}, "topic": {"approval"}, "title": {"Gesellschafterrunde"}, "rhythm": {"month"}, "nth": {"9"}, "day": {"th"}}, []string{"Gesellschafterrunde"}},
	} {
		row.form.Set("at", row.form.Get("topic"))
		a := seller.post(base+"/session/"+row.move, row.form)
		a.is(t, http.StatusUnprocessableEntity)
		a.has(t, append(row.want, `role="alert"`)...)
	}
	if after := h.view(seller, base[len("/plans/"):]).Plan.Head.Seq; after != before {
		t.Errorf("refused forms left %d events behind", after-before)
	}
}

// A typical step becomes part of the plan only when it is picked, and is then
// nobody's and without a date.
func TestTypicalStepsWaitToBePicked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	a := seller.post("/new/light", url.Values{"id": {string(h.app.NewID())}, "title": {"Decide"}, "buyer": {"Nordwerk AG"}, "seller": {"Acme Cloud"}, "language": {"de"}})
	a.is(t, http.StatusOK)
	id := strings.TrimPrefix(a.path, "/plans/")
	seller.get("/plans/"+id+"/session?topic=buyer").has(t, `value="step:security"`, "Arbeitstage")
	if n := len(h.view(seller, id).Plan.Live(plan.KindAction)); n != 0 {
		t.Fatalf("the plan begins with %d steps", n)
	}
	seller.post("/plans/"+id+"/session/pick", url.Values{"pick": {"step:security"}, "topic": {"buyer"}, "at": {"buyer"}}).is(t, http.StatusOK)
	steps := h.view(seller, id).Plan.Live(plan.KindAction)
	if len(steps) != 1 {
		t.Fatalf("%d steps were added, want 1", len(steps))
	}
	it := steps[0]
	switch {
	case it.Terms.Party != plan.ByBuyer || it.Details.Duration == nil:
		t.Errorf("side %s, duration %v", it.Terms.Party, it.Details.Duration)
	case it.Terms.Owners.Buyer != "" || !it.Terms.Due.IsZero():
		t.Error("it has an owner or a date by itself")
	case it.StandsBehind(plan.Buyer):
		t.Error("the buyer stands behind what the seller picked")
	}
	if strings.Contains(seller.get("/plans/"+id+"/session?topic=buyer").body, `value="step:security"`) {
		t.Error("it is offered again")
	}
}

// The session's pages show nothing of the other side's own.
func TestTheSessionShowsNothingInternal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer, base := h.sharedSample()
	id := plan.ID(base[len("/plans/"):])
	if _, err := h.app.DoPrivate(t.Context(), seller.caller(), id, plan.SetInternal{ID: "secret", Title: "Rabattgrenze klären"}); err != nil {
		t.Fatal(err)
	}
	for _, topic := range append([]string{""}, topicNames...) {
		if strings.Contains(buyer.get(base+"/session?topic="+topic).body, "Rabattgrenze") {
			t.Errorf("the buyer reads the seller's own step at %q", topic)
		}
	}
}

func TestALightPlanIsALineAStep(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	form := url.Values{"id": {string(h.app.NewID())}, "title": {"Bis Mai entscheiden"}, "buyer": {"Kübler Druck"}, "seller": {"Acme Cloud"}, "language": {"de"}, "decide": {"2028-05-29"},
		"m0": {"Angebot geprüft"}, "m0_date": {"2028-05-24"}, "m1": {"Probelauf fertig"}, "m1_date": {"2028-05-12"},
		"s0": {"Zugang einrichten"}, "s0_side": {"seller"}, "s0_who": {"Priya Natarajan"}, "s0_date": {"2028-05-05"},
		"s3": {"Angebot durchgehen"}, "s3_side": {"buyer"}, "s3_who": {"Stefan Kübler"}, "s3_date": {"irgendwann"}}
	a := seller.post("/new/light", form)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, "Angebot durchgehen", "Priya Natarajan", "irgendwann") // nothing typed is lost
	form.Set("s3_date", "2028-05-22")
	a = seller.post("/new/light", form)
	a.is(t, http.StatusOK)
	a.has(t, "Zugang einrichten", "Ein leichter Plan mit 2 Schritten")
	id := strings.TrimPrefix(a.path, "/plans/")
	v := h.view(seller, id)
	if v.Plan.Form != plan.Light {
		t.Errorf("form %q", v.Plan.Form)
	}
	for title, milestone := range map[string]string{"Zugang einrichten": "Probelauf fertig", "Angebot durchgehen": "Angebot geprüft"} {
		it := h.stepOf(v, title)
		if m := v.Plan.Items[it.Details.Milestone]; m == nil || m.Terms.Title.Value != milestone {
			t.Errorf("%s does not count for %s", title, milestone)
		}
	}
	again := seller.post("/new/light", form) // the form was sent twice
	if again.path != a.path {
		t.Errorf("sent twice: %s and %s", a.path, again.path)
	}
	seller.get("/plans/"+id+"/form").has(t, "Zum vollen Plan", "bleibt, wie es ist")
	seller.post("/plans/"+id+"/form", url.Values{"form": {""}}).has(t, "Das ist jetzt der volle Plan.")
	seller.post("/plans/"+id+"/form", url.Values{"form": {"light"}}).has(t, "Der Plan steht jetzt auf einer Seite.")
	a = seller.post("/plans/"+id+"/form", url.Values{"form": {"tiny"}})
	a.is(t, http.StatusUnprocessableEntity)
}

func TestOfferedSkipsWhatIsThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	v := h.view(seller, string(seller.samplePlan()))
	all, err := h.app.Typical(t.Context(), v)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d typical steps, %v", len(all), err)
	}
	for _, topic := range plan.Topics {
		seen := map[string]bool{}
		for _, x := range app.Offered(v.Plan, all, topic) {
			if seen[x.Title] {
				t.Errorf("%s: %q is offered twice", topic, x.Title)
			}
			seen[x.Title] = true
		}
	}
}
