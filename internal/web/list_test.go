package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/planfile"
)

func TestEmptyListOffersThreeWays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	b.get("/").has(t, "Noch kein Plan", `href="/new/sheet"`, `href="/new/blank"`, `action="/new/sample"`)
}

func TestListShowsWhereEveryPlanStands(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := b.samplePlan()
	a := b.get("/")
	a.has(t, "/plans/"+string(id), "Nordwerk AG", "Entwurf", "3/", "ein Plan", "Kunde zuletzt", "noch nicht")
	h.guest(b, string(id))
	a = b.get("/")
	a.has(t, "gerade eben")
	a.lacks(t, "· Entwurf")
	b.get("/?q=nordwerk").has(t, "/plans/"+string(id))
	a = b.get("/?q=" + url.QueryEscape(`<b>"nichts"`))
	a.has(t, "gibt es keinen Plan")
	a.lacks(t, "<b>\"nichts")
}

func TestGuestsSeeTheirPlans(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	first, second := string(seller.samplePlan()), string(seller.samplePlan())
	guest := h.guest(seller, first)
	if a := guest.get("/"); a.path != "/plans/"+first {
		t.Errorf("one plan: ended at %s", a.path)
	}
	guest.get("/?all=1").has(t, "/plans/"+first)
	if _, err := h.app.ShareLink(context.Background(), seller.caller(), plan.ID(second)); err != nil {
		t.Fatal(err)
	}
	guest.post("/me/"+string(h.linkFor(seller, second, "Sarah Chen")), nil)
	a := guest.get("/")
	a.has(t, "/plans/"+first, "/plans/"+second)
	a.lacks(t, "/workspace")
}

func TestTakingAPlanAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	id := seller.created(seller.post("/new/create", seller.upload("nordwerk-acme.csv", nordwerk(t)).form("preview"))).Plan.ID
	guest := h.guest(seller, string(id))
	base := "/plans/" + string(id) + "/take"
	seller.get(base).has(t, base+"/plan.json", base+"/table.csv", base+"/history.jsonl", base+"/history-own.jsonl")
	guest.get(base).lacks(t, "history-own")

	const secret = "CFO ab 14.05. drei Wochen auf Reisen" // a note of the seller's sheet
	for _, name := range []string{"plan.json", "table.csv"} {
		a := seller.get(base + "/" + name)
		a.is(t, http.StatusOK)
		a.has(t, secret)
		if !strings.Contains(a.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %q", name, a.header.Get("Content-Disposition"))
		}
	}
	guest.get(base+"/history-own.jsonl").is(t, http.StatusNotFound) // who only typed a name sees nothing internal, of either side
	for _, name := range []string{"plan.json", "table.csv", "history.jsonl"} {
		a := guest.get(base + "/" + name)
		a.is(t, http.StatusOK)
		a.lacks(t, secret, "Größe wie wir")
	}
	if _, err := planfile.Decode(strings.NewReader(guest.get(base + "/plan.json").body)); err != nil {
		t.Errorf("the plan file cannot be read back: %v", err)
	}
	check := &plan.Verifier{}
	dec := json.NewDecoder(strings.NewReader(seller.get(base + "/history.jsonl").body))
	var head struct{ Format, Stream string }
	if err := dec.Decode(&head); err != nil || head.Format != plan.LogFormat || head.Stream != plan.SharedStream(id) {
		t.Errorf("the history begins with %+v, %v", head, err)
	}
	n := 0
	for ; dec.More(); n++ {
		var r plan.Record
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if err := check.Next(r); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Error("the history is empty")
	}
	seller.get(base+"/history-own.jsonl").has(t, secret)
	for _, name := range []string{"nothing", "table.exe", "table.json", "..%2fplan.json"} {
		seller.get(base+"/"+name).is(t, http.StatusNotFound)
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Bis 24. Mai: entscheiden / prüfen?": "Bis 24 Mai entscheiden prüfen", "": "plan", "../../x": "x", "a\r\nb\"c": "a b c",
		strings.Repeat("ä", 200): strings.Repeat("ä", 80),
	} {
		if got := slug(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := plain("Prüfung „Größe“"); got != "Pruefung -Groesse-" {
		t.Errorf("got %q", got)
	}
}
