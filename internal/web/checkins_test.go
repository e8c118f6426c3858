package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/exchange/ics"
	"tandem/internal/locale"
	"tandem/internal/plan"
)

func calendaring() app.Calendaring {
	return app.Calendaring{Codec: ics.Codec{}, Words: func(language, key string, args ...any) string { return locale.For(language).T(key, args...) }}
}

var feedAddress = regexp.MustCompile(`value="http://[^/]*(/feed/[\w-]{43}\.ics)"`)

// makeFeed makes somebody's feed on its page and gives its path.
func (b *browser) makeFeed(page string) string {
	b.h.t.Helper()
	a := b.post(page, nil)
	m := feedAddress.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || m == nil {
		b.h.t.Fatalf("%s answered %d without an address", page, a.status)
	}
	a.has(b.h.t, "webcal://", m[1]+"?steps=all", "Outlook", "Google", "Apple")
	return m[1]
}

// fetch asks as a calendar does: without a session.
func (h *house) fetch(path string, header ...string) answer {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, h.web.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return h.browser("de").do(r)
}

func TestFeed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	seller.get("/plans/"+id+"/feed").has(t, "In den Kalender")
	path := seller.makeFeed("/plans/" + id + "/feed")

	a := h.fetch(path)
	a.is(t, http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, max-age=300"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	a.has(t, "BEGIN:VCALENDAR\r\n", "Meilenstein: ", "Entscheidung: ", "TRANSP:TRANSPARENT")
	if a.header.Get("ETag") == "" || a.header.Get("Last-Modified") == "" {
		t.Error("no ETag or no Last-Modified")
	}
	if b := h.fetch(path, "If-None-Match", a.header.Get("ETag")); b.status != http.StatusNotModified {
		t.Errorf("what is known was sent again: %d", b.status)
	}
	if b := h.fetch(path, "If-Modified-Since", a.header.Get("Last-Modified")); b.status != http.StatusNotModified {
		t.Errorf("what has not changed was sent again: %d", b.status)
	}
	_, err := h.app.DoPrivate(context.Background(), seller.caller(), plan.ID(id), plan.SetInternal{ID: "secret-step", Title: "Rabatt freigeben", Owner: seller.caller().Member.ID, Due: 21_330})
	if err != nil {
		t.Fatal(err)
	}
	if b := h.fetch(path, "If-None-Match", a.header.Get("ETag")); b.status != http.StatusOK || !strings.Contains(b.body, "Rabatt freigeben") {
		t.Errorf("after a change: %d, or one's own internal step is missing", b.status)
	}
	if n, all := strings.Count(a.body, "BEGIN:VEVENT"), strings.Count(h.fetch(path+"?steps=all").body, "BEGIN:VEVENT"); n < 5 || all <= n {
		t.Errorf("%d entries of one's own, %d of all", n, all)
	}

	guest := h.guest(seller, id)
	theirs := guest.makeFeed("/plans/" + id + "/feed")
	b := h.fetch(theirs + "?steps=all")
	b.is(t, http.StatusOK)
	b.lacks(t, "Rabatt freigeben")

	every := seller.makeFeed("/calendar")
	h.fetch(every).has(t, "Pläne Acme Cloud", " · Nordwerk AG", "Rabatt freigeben")

	again := seller.makeFeed("/plans/" + id + "/feed")
	if h.fetch(path).status != http.StatusNotFound || h.fetch(again).status != http.StatusOK {
		t.Error("with a new address the old one still works, or the new one does not")
	}
	seller.post("/plans/"+id+"/feed/stop", nil).is(t, http.StatusOK)
	if got := h.fetch(again).status; got != http.StatusNotFound {
		t.Errorf("switched off: %d", got)
	}
	if h.fetch(theirs).status != http.StatusOK || h.fetch(every).status != http.StatusOK {
		t.Error("somebody else's calendar ended too")
	}
	log := h.log.String()
	for _, secret := range []string{path, again, theirs, every} {
		if strings.Contains(log, secret[len("/feed/"):len("/feed/")+43]) {
			t.Error("a secret is in the log")
		}
	}
}

// What was revoked, has run out, belongs to somebody who is not there any
// more, or never was, gets one and the same answer.
func TestFeedDenials(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	other := h.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	id := string(seller.samplePlan())
	guest := h.guest(seller, id)
	gone := guest.makeFeed("/plans/" + id + "/feed")
	v, err := h.app.Open(ctx, guest.caller(), plan.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.app.Do(ctx, seller.caller(), plan.ID(id), plan.Depart{Person: v.Me.ID}); err != nil {
		t.Fatal(err)
	}
	stopped := seller.makeFeed("/plans/" + id + "/feed")
	seller.post("/plans/"+id+"/feed/stop", nil)
	personal, err := h.app.PersonalLink(ctx, seller.caller(), plan.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	unknown := "/feed/" + strings.Repeat("A", 43) + ".ics"
	never := h.fetch(unknown)
	never.is(t, http.StatusNotFound)
	for name, path := range map[string]string{"somebody who left": gone, "stopped": stopped, "another kind of link": "/feed/" + string(personal) + ".ics",
		"short": "/feed/x.ics", "no ending": gone[:len(gone)-4], "with more": gone + ".ics"} {
		if a := h.fetch(path); a.status != http.StatusNotFound || strings.ReplaceAll(a.body, path, unknown) != never.body {
			t.Errorf("%s: %d, or other words than for what never was", name, a.status)
		}
	}
	for _, c := range []struct {
		name string
		who  *browser
		want int
	}{{"nobody", h.browser("de"), 404}, {"another organisation", other, 404}, {"who left", guest, 404}} {
		for _, path := range []string{"/plans/" + id + "/feed", "/plans/" + id + "/check-ins"} {
			if a := c.who.get(path); a.status != c.want {
				t.Errorf("%s, %s: %d, want %d", c.name, path, a.status, c.want)
			}
			if a := c.who.post(path, url.Values{"date": {"2028-05-16"}}); a.status != c.want {
				t.Errorf("%s, sending to %s: %d, want %d", c.name, path, a.status, c.want)
			}
		}
	}
	if a := h.browser("de").get("/calendar"); a.status != http.StatusNotFound {
		t.Errorf("everybody's plans to nobody: %d", a.status)
	}
	draft := string(seller.samplePlan())
	if a := guest.get("/plans/" + draft + "/check-ins"); a.status != http.StatusNotFound {
		t.Errorf("a draft's check-ins: %d", a.status)
	}
}

func TestFeedRunsOutUnlessItIsRead(t *testing.T) {
	t.Parallel()
	now := testNow
	h := newHouse(t)
	h.app = app.New(h.store, app.Options{Clock: func() time.Time { return now }, Calendars: calendaring()})
	h.server.App = h.app
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	path := seller.makeFeed("/plans/" + id + "/feed")
	for range 5 {
		now = now.AddDate(0, 0, 300)
		if got := h.fetch(path).status; got != http.StatusOK {
			t.Fatalf("a calendar that is read ran out: %d", got)
		}
	}
	now = now.AddDate(0, 0, 401)
	if got := h.fetch(path).status; got != http.StatusNotFound {
		t.Errorf("one that nobody reads did not: %d", got)
	}
}

func TestCheckInPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	guest := h.guest(seller, id) // unverified, a contributor
	page := "/plans/" + id + "/check-ins"
	seller.get(page).has(t, "Check-in ansetzen", `name="date"`, "Vorschlag:")
	guest.get(page).lacks(t, "ansetzen und einladen")

	form := url.Values{"id": {"first"}, "date": {"2028-05-16"}, "time": {"10:00"}, "minutes": {"30"}, "zone": {"Europe/Berlin"}, "rhythm": {"week"}, "who": {"all"},
		"title": {"Wöchentlich"}, "link": {"https://meet.example/x"}}
	for range 2 { // sent twice
		seller.post(page, form).has(t, "Wöchentlich", "jede Woche Di, 10:00 Uhr", "Di, 23.", "https://meet.example/x")
	}
	bad := url.Values{"title": {"Behalten"}, "date": {"2028-05-16"}, "time": {"25:00"}, "minutes": {"30"}, "zone": {"Europe/Berlin"}, "rhythm": {"once"}, "who": {"all"}, "link": {"javascript:alert(1)"}}
	a := seller.post(page, bad)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, "Behalten", "Uhrzeit", `open`)
	bad.Set("time", "09:00")
	a = seller.post(page, bad)
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, "https://", "Behalten")
	if strings.Contains(a.body, `href="javascript:`) {
		t.Error("a script as link")
	}

	guest.get(page).has(t, "Wöchentlich", "Ich komme")
	guest.post(page+"/first/answer", url.Values{"answer": {"no"}}).has(t, "kommt nicht")
	guest.post(page+"/first/cancel", url.Values{"version": {"1"}}).is(t, http.StatusForbidden)
	seller.post(page+"/first/move", url.Values{"version": {"1"}, "day": {"2028-05-23"}, "date": {"2028-05-24"}, "time": {"15:00"}, "minutes": {"45"}}).has(t, "Mi, 24.", "15:00–15:45")
	seller.post(page+"/first/move", url.Values{"version": {"2"}, "day": {"2028-05-25"}, "date": {"2028-05-26"}, "time": {"15:00"}, "minutes": {"45"}}).is(t, http.StatusUnprocessableEntity)
	seller.post(page+"/first/skip", url.Values{"version": {"2"}}).is(t, http.StatusUnprocessableEntity) // which day?
	seller.post(page+"/first/skip", url.Values{"version": {"2"}, "day": {"2028-05-30"}}).lacks(t, "Di, 30.")
	stale := url.Values{"version": {"1"}, "date": {"2028-05-16"}, "time": {"10:00"}, "minutes": {"60"}, "zone": {"Europe/Berlin"}, "rhythm": {"week"}, "who": {"all"}, "title": {"Neu"}}
	a = seller.post(page+"/first/edit", stale)
	a.is(t, http.StatusConflict)
	a.has(t, "Neu")
	stale.Set("version", "3")
	stale.Set("date", "2028-06-06") // another of its days, the same series
	seller.post(page+"/first/edit", stale).has(t, "Neu", "Mi, 24.", "ab Di, 16.")

	seller.get("/plans/"+id).has(t, "Neu: Di, 16.", `href="/plans/`+id+`/check-ins"`)
	seller.get("/plans/"+id+"/history").has(t, "angesetzt", "verlegt", "kommt nicht zu")
	seller.post(page+"/first/cancel", url.Values{"version": {"4"}}).has(t, "Noch ist kein Check-in")
	seller.post(page+"/nothing/cancel", url.Values{"version": {"4"}}).is(t, http.StatusNotFound)
}
