package identity_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/identity"
	"tandem/test/idp"
)

const home = "http://plans.example"

var loginID = regexp.MustCompile(`name="id" value="([^"]*)"`)

// visit logs in at a real provider and returns the code it sends back.
func visit(t *testing.T, p *identity.Providers, trip app.Trip) string {
	t.Helper()
	address, err := p.Address(t.Context(), "local", trip)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back *url.URL
	c := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "plans.example" {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	id := loginID.FindSubmatch(page)
	if err != nil || id == nil {
		t.Fatalf("no page to log in at: %v %s", err, page)
	}
	res, err = c.PostForm(res.Request.URL.String(), url.Values{"id": {string(id[1])}, "username": {"ute"}, "password": {"pw"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if back == nil || back.Query().Get("state") != trip.State || back.Path != identity.CallbackPath {
		t.Fatalf("came back to %v", back)
	}
	return back.Query().Get("code")
}

func TestAVisitIsForOneBrowser(t *testing.T) {
	t.Parallel()
	server, err := idp.Start("", []*idp.Person{{Subject: "s1", Login: "ute", Password: "pw", Name: "Ute", Email: "ute@acme.example", Verified: true, Groups: []string{"a", "b"}}},
		home+identity.CallbackPath)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	setting := identity.Setting{IdentityProvider: app.IdentityProvider{ID: "local", Label: "Local", Issuer: server.Issuer}, ClientID: server.ClientID,
		ClientSecret: server.ClientSecret, Scopes: []string{"profile", "email"}, GroupsClaim: "groups", VerifiedClaim: "email_verified"}
	p := identity.NewProviders(home, []identity.Setting{setting})
	trip := app.Trip{State: "state", Nonce: "nonce", Verifier: strings.Repeat("v", 43)}

	got, err := p.Exchange(t.Context(), "local", trip, visit(t, p, trip))
	if err != nil || got.Subject != "s1" || got.Email != "ute@acme.example" || !got.Verified || len(got.Groups) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	wrong := setting
	wrong.ClientSecret = "another"
	for _, c := range []struct {
		name string
		p    *identity.Providers
		trip app.Trip
		code func() string
	}{
		{"another nonce: a token of another visit", p, app.Trip{State: "state", Nonce: "other", Verifier: trip.Verifier}, func() string { return visit(t, p, trip) }},
		{"another verifier: a code that was caught", p, app.Trip{State: "state", Nonce: "nonce", Verifier: strings.Repeat("w", 43)}, func() string { return visit(t, p, trip) }},
		{"no verifier", p, app.Trip{State: "state", Nonce: "nonce"}, func() string { return visit(t, p, trip) }},
		{"a code that is none", p, trip, func() string { return "none" }},
		{"another secret", identity.NewProviders(home, []identity.Setting{wrong}), trip, func() string { return visit(t, p, trip) }},
	} {
		code := c.code()
		got, err := c.p.Exchange(t.Context(), "local", c.trip, code)
		if err == nil {
			t.Errorf("%s: got %+v", c.name, got)
			continue
		}
		for _, secret := range []string{code, c.trip.Verifier, server.ClientSecret, "ute"} {
			if len(secret) > 2 && secret != "none" && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error repeats %q: %v", c.name, secret, err)
			}
		}
	}
	liar := setting
	liar.Issuer = strings.Replace(server.Issuer, "127.0.0.1", "localhost", 1) // answers as somebody else
	if _, err := identity.NewProviders(home, []identity.Setting{liar}).Address(t.Context(), "local", trip); err == nil {
		t.Error("a provider that calls itself otherwise was believed")
	}
	if _, err := p.Address(t.Context(), "other", trip); err == nil {
		t.Error("a provider nobody set up has an address")
	}
}
