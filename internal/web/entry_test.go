package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func setupForm(name string) url.Values {
	return url.Values{"name": {name}, "email": {"admin@acme.example"}, "organisation": {"Acme Cloud"}, "language": {"en"},
		"zone": {"Europe/London"}, "region": {"GB-ENG"}}
}

func TestSetupMakesOneAdministrator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secret, err := h.app.Setup(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	path := "/setup/" + string(secret)
	h.browser("de").get(path).has(t, `lang="de"`, "Arbeitsbereich einrichten", `name="organisation"`)

	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 8 {
		wg.Go(func() {
			b := h.browser("en")
			a := b.post(path, setupForm("Ada Admin"))
			mu.Lock()
			defer mu.Unlock()
			if a.path == "/" && a.status == http.StatusOK {
				won++
			} else if a.status != http.StatusNotFound {
				t.Errorf("a loser got %d", a.status)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d administrators", won)
	}
	places, err := h.app.Workspaces(context.Background())
	if err != nil || len(places) != 1 {
		t.Errorf("%d workspaces, %v", len(places), err)
	}
	h.browser("en").get(path).is(t, http.StatusNotFound)
}

func TestSetupKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secret, err := h.app.Setup(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	f := setupForm("Ada Admin")
	f.Set("email", "no address")
	a := h.browser("en").post("/setup/"+string(secret), f)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, `value="Ada Admin"`, `value="no address"`, `value="Acme Cloud"`, `role="alert"`)
	h.browser("en").get("/setup/"+string(secret)).is(t, http.StatusOK)
}

// Programs that open every link in a mail change nothing: each link still
// works afterwards, and nobody is signed in.
func TestOpeningALinkChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := seller.samplePlan()
	share, err := h.app.ShareLink(ctx, seller.caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	personal, err := h.app.PersonalLink(ctx, seller.caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	member, err := h.app.MemberLink(ctx, h.members["John Martinez"])
	if err != nil {
		t.Fatal(err)
	}
	before, err := h.app.Open(ctx, seller.caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{"/join/" + string(share): `id="door"`, "/me/" + string(personal): "Weiter als John Martinez", "/in/" + string(member): "Sign in now"}
	for path, want := range paths {
		for range 3 {
			b := h.browser("en")
			a := b.get(path)
			a.is(t, http.StatusOK)
			a.has(t, want)
			if a.header.Get("Set-Cookie") != "" {
				t.Errorf("opening %s sets a cookie", path[:4])
			}
			b.get("/").has(t, "One plan for two sides")
		}
	}
	after, err := h.app.Open(ctx, seller.caller(), id)
	if err != nil || after.Plan.Head != before.Plan.Head {
		t.Errorf("the plan moved from %v to %v, %v", before.Plan.Head, after.Plan.Head, err)
	}
	b := h.browser("en")
	if a := b.post("/in/"+string(member), nil); a.path != "/" {
		t.Errorf("signing in ended at %s", a.path)
	}
	h.browser("en").post("/in/"+string(member), nil).is(t, http.StatusNotFound)
}

// What is wrong with a link nobody learns: used, withdrawn, of another kind or
// never there look the same.
func TestDeadLinksLookTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := seller.samplePlan()
	ctx := context.Background()
	share, err := h.app.ShareLink(ctx, seller.caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.app.CloseDoor(ctx, seller.caller(), id); err != nil {
		t.Fatal(err)
	}
	personal, err := h.app.PersonalLink(ctx, seller.caller(), id)
	if err != nil {
		t.Fatal(err)
	}
	bare := func(path string) string {
		a := h.browser("en").get(path)
		a.is(t, http.StatusNotFound)
		return strings.ReplaceAll(a.body, path, "")
	}
	want := bare("/join/" + strings.Repeat("x", 43))
	for name, secret := range map[string]string{"withdrawn": string(share), "of another kind": string(personal), "short": "x", "odd": "%20%2e"} {
		if got := bare("/join/" + secret); got != want {
			t.Errorf("a link that is %s looks different:\n%s\n%s", name, short(got), short(want))
		}
	}
}

func TestDemoSignsInAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Demo = true })
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := seller.samplePlan()
	secret, err := h.app.DemoLink(context.Background(), app.Pass{Kind: app.MemberPass, Member: h.members["John Martinez"].ID, Plan: id})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b := h.browser("en")
		if a := b.get("/in/" + string(secret)); a.path != "/plans/"+string(id) {
			t.Errorf("ended at %s", a.path)
		}
		if b.caller().Member == nil {
			t.Error("not signed in")
		}
	}
}

func TestLanguageAndThemeAreRemembered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser("en")
	b.get("/").has(t, `lang="en"`, "One plan for two sides")
	b.post("/settings/language", url.Values{"lang": {"de"}, "back": {"/"}}).has(t, `lang="de"`, "Ein gemeinsamer Plan")
	b.post("/settings/theme", url.Values{"theme": {"dark"}, "back": {"/"}}).has(t, `data-theme="dark"`, `lang="de"`)
	// Chosen before signing in, kept after it.
	m := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	_ = m
	secret, err := h.app.MemberLink(context.Background(), h.members["John Martinez"])
	if err != nil {
		t.Fatal(err)
	}
	b.post("/settings/language", url.Values{"lang": {"en"}})
	b.post("/in/"+string(secret), nil).has(t, `lang="en"`, `data-theme="dark"`)
	b.post("/settings/theme", url.Values{"theme": {""}}).has(t, `data-theme=""`, `lang="en"`)
	b.post("/settings/language", url.Values{"lang": {"fr"}}).is(t, http.StatusUnprocessableEntity)
}

func TestSwitchesComeBackToThisServerOnly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"/workspace": "/workspace", "/?q=a%20b": "/?q=a%20b", "https://evil.example/": "/", "//evil.example": "/",
		"/\\evil.example": "/", "javascript:alert(1)": "/", "": "/", "x": "/", "/a\nb": "/", "/a/../b": "/a/../b", "/%": "/"} {
		if got := local(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	old := b.caller()
	b.post("/sign-out", nil).has(t, "Sie sind abgemeldet", "Ein gemeinsamer Plan")
	if b.caller().Member != nil || old.Member == nil {
		t.Error("still signed in")
	}
	b.get("/").lacks(t, "Sie sind abgemeldet")
	b.get("/workspace").is(t, http.StatusNotFound)
}

var linkForm = regexp.MustCompile(`value="http://127\.0\.0\.1(/in/[\w-]{43})"`)

func TestAColleagueGetsALinkOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	a := b.post("/workspace/people", url.Values{"name": {"Priya <b>Natarajan</b>"}, "email": {"priya@acme.example"}, "language": {"en"}})
	a.is(t, http.StatusOK)
	a.has(t, "Priya &lt;b&gt;Natarajan&lt;/b&gt;")
	link := linkForm.FindStringSubmatch(a.body)
	if link == nil {
		t.Fatalf("no link: %s", short(a.body))
	}
	b.get("/workspace").lacks(t, link[1])
	c := h.browser("de")
	if a := c.post(link[1], nil); a.path != "/" {
		t.Fatalf("ended at %s", a.path)
	}
	c.get("/workspace").lacks(t, `id="colleague"`, `id="place"`) // no administrator
	c.post("/workspace/people", url.Values{"name": {"Eve"}, "email": {"eve@acme.example"}}).is(t, http.StatusForbidden)
	c.post("/workspace", setupForm("")).is(t, http.StatusForbidden)
	b.get("/workspace").lacks(t, "eve@acme.example")

	f := setupForm("")
	f.Set("organisation", "Acme Cloud Ltd")
	b.post("/workspace", f).has(t, "Acme Cloud Ltd", "Einstellungen sind gespeichert")
	f.Set("zone", "Mars/Olympus")
	a = b.post("/workspace", f)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, "Mars/Olympus")
}

func TestAPersonalLinkIsMadeAndSharedOnesAreWithdrawn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	guest := h.guest(seller, id)
	a := guest.post("/plans/"+id+"/links", nil)
	a.is(t, http.StatusOK)
	a.lacks(t, "/links/close")
	link := regexp.MustCompile(`value="http://127\.0\.0\.1(/me/[\w-]{43})"`).FindStringSubmatch(a.body)
	if link == nil {
		t.Fatalf("no link: %s", short(a.body))
	}
	guest.get("/plans/"+id+"/links").lacks(t, link[1])
	phone := h.browser("de")
	phone.get(link[1]).has(t, "Weiter als Sarah Chen")
	if a := phone.post(link[1], nil); a.path != "/plans/"+id || a.status != http.StatusOK {
		t.Errorf("ended at %s with %d", a.path, a.status)
	}
	share, err := h.app.ShareLink(context.Background(), seller.caller(), plan.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	seller.get("/plans/"+id+"/links").has(t, "/links/close")
	seller.post("/plans/"+id+"/links/close", nil).has(t, `class="notice"`)
	h.browser("de").get("/join/"+string(share)).is(t, http.StatusNotFound)
	phone.get("/plans/"+id+"/links").is(t, http.StatusOK) // who is in stays in
}
