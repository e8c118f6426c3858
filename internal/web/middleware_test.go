package web

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/web/static"
)

func TestEveryAnswerKeepsToItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser("en")
	for _, path := range []string{"/", "/nowhere", "/healthz", static.URL("app.css"), "/join/x", "/plans/x/live"} {
		a := b.get(path)
		referrer := "same-origin"
		if path == "/join/x" { // a secret is in its address
			referrer = "strict-origin"
		}
		for name, want := range map[string]string{
			"Content-Security-Policy":    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            referrer,
			"Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security":  "", // not over plain http
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if strings.Contains(a.body, "<script>") || strings.Contains(a.body, "style=\"") || strings.Contains(a.body, " onclick=") {
			t.Errorf("%s has inline script or style", path)
		}
	}
}

func TestPagesAreNotKeptAndStaticFilesAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser("en")
	if got := b.get("/").header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("page: %q", got)
	}
	if got := b.get(static.URL("app.js")).header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("script: %q", got)
	}
}

func TestHTTPSCookiesAndHSTS(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Base = "https://plans.example.com" })
	a := h.browser("en").get("/")
	if !strings.Contains(a.header.Get("Strict-Transport-Security"), "max-age=31536000") {
		t.Error("no HSTS")
	}
	if got := h.server.cookieName(); got != "__Host-tandem" {
		t.Errorf("cookie %q", got)
	}
}

func TestCompressed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r, err := http.NewRequest(http.MethodGet, h.web.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "br, gzip;q=0.8")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed")
	}
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || !strings.Contains(string(body), "</html>") {
		t.Errorf("broken: %v", err)
	}
	for header, want := range map[string]bool{"gzip": true, "gzip;q=0": false, "gzip; q=0.000": false, "identity": false, "": false} {
		if got := takesGzip(&http.Request{Header: http.Header{"Accept-Encoding": {header}}}); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

// A form that another site sends is refused, and changes nothing.
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	for name, headers := range map[string]map[string]string{
		"by fetch metadata": {"Sec-Fetch-Site": "cross-site"},
		"by origin":         {"Origin": "https://evil.example"},
	} {
		r, err := http.NewRequest(http.MethodPost, h.web.URL+"/workspace/people", strings.NewReader("name=Eve&email=eve%40evil.example"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		a := b.do(r)
		if a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	b.get("/workspace").lacks(t, "eve@evil.example")
}

func TestDoorsAnswerOneAddressOnlySoOften(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.EntryBurst = 3 })
	b := h.browser("en")
	for i := range 3 {
		if a := b.get("/join/guess"); a.status != http.StatusNotFound {
			t.Fatalf("try %d: %d", i, a.status)
		}
	}
	a := b.get("/join/guess")
	a.is(t, http.StatusTooManyRequests)
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.get("/").is(t, http.StatusOK)
}

func TestAddress(t *testing.T) {
	t.Parallel()
	trusting := &Server{Config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	wary := &Server{}
	for _, c := range []struct {
		s                     *Server
		remote, forward, want string
	}{
		{wary, "192.0.2.1:1", "", "192.0.2.1"},
		{wary, "192.0.2.1:1", "203.0.113.9", "192.0.2.1"},
		{trusting, "192.0.2.1:1", "203.0.113.9", "192.0.2.1"}, // not through a proxy
		{trusting, "10.0.0.1:1", "203.0.113.9", "203.0.113.9"},
		{trusting, "10.0.0.1:1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"}, // what the caller claimed does not count
		{trusting, "10.0.0.1:1", "nonsense", "10.0.0.1"},
		{wary, "[2001:db8:1:2:3:4:5:6]:1", "", "2001:db8:1:2::/64"},
		{wary, "[::ffff:192.0.2.1]:1", "", "192.0.2.1"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forward != "" {
			r.Header.Set("X-Forwarded-For", c.forward)
		}
		if got := c.s.address(r); got != c.want {
			t.Errorf("%s via %q: got %s, want %s", c.remote, c.forward, got, c.want)
		}
	}
}

func TestLimiterForgetsTheQuiet(t *testing.T) {
	t.Parallel()
	now := testNow
	l := newLimiter(1, 2, func() time.Time { return now })
	for i, want := range []bool{true, true, false} {
		if got := l.allow("a"); got != want {
			t.Errorf("try %d of two at once: %v", i+1, got)
		}
	}
	now = now.Add(2 * time.Minute)
	if !l.allow("b") {
		t.Error("b has its own")
	}
	if _, there := l.keys["a"]; there {
		t.Error("a is still remembered")
	}
}

func TestTooLargeAFormIsAnsweredInWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	a := b.post("/new/blank", url.Values{"title": {strings.Repeat("x", maxUpload+10)}})
	a.is(t, http.StatusRequestEntityTooLarge)
	a.has(t, "12 MB")
}

// The log says what happened by route, and never who or which secret.
func TestLogsHoldNoSecretsAndNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	id := b.samplePlan()
	b.get("/join/verysecretsecret?x=privatequery")
	b.get("/plans/" + string(id) + "/take/plan.json?token=privatequery")
	b.post("/workspace/people", url.Values{"name": {"Petra Privat"}, "email": {"not an address of petra"}})
	log := h.log.String()
	for _, word := range []string{"verysecretsecret", "privatequery", "Martinez", "martinez", "Petra", "petra", string(id)} {
		if strings.Contains(log, word) {
			t.Errorf("the log contains %q", word)
		}
	}
	for _, word := range []string{"GET /join/{secret}", "GET /plans/{plan}/take/{file}", "fault.link.dead"} {
		if !strings.Contains(log, word) {
			t.Errorf("the log lacks %q", word)
		}
	}
}

func TestMetricsNameRoutesOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := b.samplePlan()
	b.get("/plans/"+string(id)+"/take").is(t, http.StatusOK)
	a := b.get("/metrics")
	a.is(t, http.StatusOK)
	a.has(t, `tandem_http_requests_total{method="GET",route="GET /plans/{plan}/take",status="200"} 1`, "tandem_watchers 0")
	a.lacks(t, string(id))

	r, err := http.NewRequest(http.MethodGet, h.web.URL+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", "127.0.0.1")
	b.do(r).is(t, http.StatusNotFound)

	h = newHouse(t, func(c *Config) { c.MetricsToken = "sesame" })
	h.browser("en").get("/metrics").is(t, http.StatusNotFound)
	if r, err = http.NewRequest(http.MethodGet, h.web.URL+"/metrics", nil); err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sesame")
	h.browser("en").do(r).is(t, http.StatusOK)
}

func TestHealth(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser("en")
	b.get("/healthz").is(t, http.StatusOK)
	b.get("/readyz").is(t, http.StatusOK)
	h.server.leave()
	b.get("/readyz").is(t, http.StatusServiceUnavailable)
	h = newHouse(t, func(c *Config) { c.Ready = func(context.Context) error { return io.ErrUnexpectedEOF } })
	h.browser("en").get("/readyz").is(t, http.StatusServiceUnavailable)
}

// A handler that breaks shows a reference, and the log has the rest under it.
func TestAPanicIsAPageWithAReference(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.server.handlers = h.server.around(h.server.handle(func(http.ResponseWriter, *visit) error { panic("broken on purpose") }))
	a := h.browser("de").get("/")
	a.is(t, http.StatusInternalServerError)
	a.has(t, `lang="de"`, "Kennzeichen für Rückfragen")
	a.lacks(t, "broken on purpose")
	if !strings.Contains(h.log.String(), "broken on purpose") {
		t.Error("the log does not tell")
	}
}
