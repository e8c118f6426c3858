package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func TestPortfolioSaysWhoNeedsSomebody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(b.samplePlan())
	b.get("/").has(t, "Heute braucht Sie keiner Ihrer Deals", `aria-current="page"`, `href="/deals"`, `href="/pilot"`)
	guest := h.guest(b, id)
	v, err := h.app.Open(t.Context(), guest.caller(), plan.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	step := v.Plan.Live(plan.KindAction)[8]
	if _, err := h.app.Do(t.Context(), b.caller(), plan.ID(id), plan.Hinder{Item: step.ID, Version: step.Version, Because: "Kein Zugang", Waits: plan.Seller}); err != nil {
		t.Fatal(err)
	}
	a := b.get("/")
	a.has(t, "Einer Ihrer Deals braucht Sie heute", "Nordwerk wartet seit", "/plans/"+id, "Acme Cloud am Zug")
	// Filters and orders, also those nobody offers.
	for _, c := range []struct {
		query string
		there bool
	}{
		{"", true}, {"show=needs", true}, {"show=mine&show=needs&show=obstacles", true}, {"show=slipped", false}, {"phase=shared", true}, {"phase=draft", false},
		{"phase=nonsense", true}, {"q=NORDWERK", true}, {"q=nord+werk+acme", true}, {"q=100%25", false}, {"q=%00%ff", true}, {"owner=nobody", false}, {"segment=x", false},
		{"sort=amount&desc=1", true}, {"sort=%27;--", true}, {"sort=next", true}, {"after=AAAA", true}, {"after=" + strings.Repeat("x", 5000), true},
	} {
		a := b.get("/?" + c.query)
		a.is(t, http.StatusOK)
		if got := strings.Contains(a.body, `id="row-`+id); got != c.there {
			t.Errorf("/?%s: shown %v, want %v", c.query, got, c.there)
		}
	}
	b.get("/?sort=decide").has(t, `<th scope="col" aria-sort="ascending">`)
	b.get("/?sort=decide&desc=1").has(t, `<th scope="col" aria-sort="descending">`)
	b.get("/?q=%3Cb%3E").lacks(t, "<b>\"")
}

// More plans than a page holds: each is on one page.
func TestPortfolioGoesOnFromPageToPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	const many = perPage + 7
	for range many {
		b.samplePlan()
	}
	for _, order := range []string{"/", "/?sort=title", "/?sort=progress&desc=1"} {
		seen := map[string]bool{}
		for at, n := order, 0; at != "" && n < 5; n++ {
			a := b.get(at)
			for _, part := range strings.Split(a.body, `<tr id="row-`)[1:] {
				seen[part[:strings.IndexByte(part, '"')]] = true
			}
			at = ""
			if _, rest, ok := strings.Cut(a.body, `rel="next" href="`); ok {
				at = strings.ReplaceAll(rest[:strings.IndexByte(rest, '"')], "&amp;", "&")
			}
		}
		if len(seen) != many {
			t.Errorf("%s: %d plans on all pages, want %d", order, len(seen), many)
		}
	}
}

func TestSavedViews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	b.samplePlan()
	b.get("/").lacks(t, `action="/views"`)
	b.get("/?show=obstacles&sort=next").has(t, `action="/views"`, "Für alle im Arbeitsbereich")
	form := url.Values{"id": {string(h.app.NewID())}, "name": {"Hindernisse <b>"}, "query": {"sort=next&show=obstacles&after=AAAA&evil=1"}, "shared": {"1"}}
	a := b.post("/views", form)
	a.has(t, "ist gespeichert", "Hindernisse &lt;b&gt;", `href="/?show=obstacles&amp;sort=next"`)
	form.Set("name", "")
	a = b.post("/views", form)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, `role="alert"`, "Namen")
	views, err := h.app.Views(t.Context(), b.caller())
	if err != nil || len(views) != 1 || views[0].Query != "show=obstacles&sort=next" || !views[0].Shared {
		t.Fatalf("stored: %+v, %v", views, err)
	}
	colleague := h.signedIn(h.colleague("Acme Cloud", "Priya Natarajan", "priya@acme.example", app.RoleSeller), "de")
	a = colleague.get("/?show=obstacles&sort=next")
	a.has(t, "Hindernisse &lt;b&gt;")
	a.lacks(t, "/views/"+string(views[0].ID)+"/delete")
	a = b.post("/views/"+string(views[0].ID)+"/delete", nil)
	a.has(t, "gelöscht")
	a.lacks(t, "Hindernisse &lt;b&gt;")
}

// What a manager remarks is for the workspace; on no page and in no file of the
// other side.
func TestRemarksNeverReachTheOtherSide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(b.samplePlan())
	guest := h.guest(b, id)
	const secret = "Der CFO ist der Engpass"
	b.post("/remarks/"+id, url.Values{"text": {secret}, "back": {"/?show=mine"}}).has(t, "ist gespeichert", secret, "John Martinez")
	colleague := h.signedIn(h.colleague("Acme Cloud", "Priya Natarajan", "priya@acme.example", app.RoleSeller), "de")
	a := colleague.get("/")
	a.has(t, secret)
	a.lacks(t, `action="/remarks/`)
	for _, path := range []string{"", "/table", "/timeline", "/people", "/goals", "/risks", "/history", "/plan.json", "/take", "/take/plan.json", "/take/table.csv", "/take/history.jsonl", "/about-me.json", "/mine"} {
		guest.get("/plans/"+id+path).lacks(t, secret)
		b.get("/plans/"+id+path).lacks(t, secret) // nor anywhere it could be handed on by mistake
	}
	guest.get("/?all=1").lacks(t, secret)
	a = b.post("/remarks/"+id, url.Values{"text": {strings.Repeat("x", 2_001)}, "back": {"/"}})
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, strings.Repeat("x", 2_001), `role="alert"`)
	b.post("/remarks/"+id, url.Values{"text": {""}, "back": {"https://evil.example/"}}).lacks(t, secret)
}

func TestPilotPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := b.samplePlan()
	b.get("/pilot").has(t, "wurde kein Plan", "90 Tagen") // a draft is not shared
	h.guest(b, string(id))
	b.get("/pilot?days=30").has(t, "Ein Plan in den letzten 30 Tagen geteilt", "0 von 0", "0 von 1", "/plans/"+string(id))
	b.get("/pilot?days=nonsense").is(t, http.StatusOK)
}
