package web

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/test/idp"
)

var loginID = regexp.MustCompile(`name="id" value="([^"]*)"`)

// leave clicks on the button of the provider, logs in at its real page, and
// returns the address it sends the browser back to, not yet opened.
func (s *signInHouse) leave(b *browser, button, login string) string {
	s.t.Helper()
	a := b.post(button, nil)
	a.is(s.t, http.StatusOK)
	_, address, ok := strings.Cut(a.header.Get("Refresh"), "url=")
	if !ok {
		s.t.Fatalf("%s leads nowhere: %v", button, a.header)
	}
	a.has(s.t, html.EscapeString(address)) // a link, for who waits
	return s.atProvider(b, address, login)
}

// atProvider logs in at the provider as somebody; an empty login says no.
func (s *signInHouse) atProvider(b *browser, address, login string) string {
	s.t.Helper()
	back := ""
	c := &http.Client{Jar: b.http.Jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), s.web.URL) {
			back = strings.TrimPrefix(r.URL.String(), s.web.URL)
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := c.Get(address)
	if err != nil {
		s.t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	id := loginID.FindSubmatch(page)
	if err != nil || id == nil {
		s.t.Fatalf("the provider's page: %v %s", err, page)
	}
	res, err = c.PostForm(res.Request.URL.String(), url.Values{"id": {string(id[1])}, "username": {login}, "password": {"pw"}})
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	if back == "" {
		s.t.Fatalf("the provider did not send %q back: %s", login, res.Status)
	}
	return back
}

// through signs in with the provider.
func (s *signInHouse) through(b *browser, login string) answer {
	s.t.Helper()
	return b.get(s.leave(b, "/sign-in/with/local", login))
}

func believe(on, domains, creates string) url.Values {
	return url.Values{"on": {on}, "domains": {domains}, "creates": {creates}}
}

// An account is not taken over by knowing or registering somebody's address:
// who is at the provider gets it only if the workspace believes the provider
// for the domain and the provider has verified the address, or if the member
// connected it.
func TestWhoAProviderSigns(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	in := func(name, login, want string) {
		t.Helper()
		b := h.browser("de")
		a := h.through(b, login)
		if got := b.in(); got != want {
			t.Errorf("%s: in as %q, want %q", name, got, want)
		}
		if want == "" {
			a.is(t, http.StatusForbidden)
			a.has(t, "Ein Konto, das dazu gehört, gibt es hier nicht")
			a.lacks(t, "john@acme", "Martinez")
		}
		if want != "" && b.caller().Session.Way != app.WayOIDC {
			t.Errorf("%s: signed in by %q", name, b.caller().Session.Way)
		}
	}
	in("nobody believes the provider", "john", "")
	save := func(v url.Values) { t.Helper(); john.post("/workspace/providers/local", v).is(t, http.StatusOK) }
	save(believe("1", "", ""))
	in("it is believed for no domain", "john", "")
	save(believe("1", "other.example, acme.example.evil.example", "1"))
	in("for other domains", "john", "")
	in("for other domains: nobody new", "new", "")
	save(believe("1", "@ACME.example", ""))
	in("an address that was not verified", "eve", "")
	in("somebody of another domain", "out", "")
	in("somebody who has no account", "new", "")
	in("the verified address", "john", "John Martinez")
	in("once more", "john", "John Martinez")
	save(believe("1", "", ""))
	in("who is known already needs no domain", "john", "John Martinez")
	save(believe("", "", ""))
	in("no longer believed", "john", "")
	save(believe("1", "acme.example", "1"))
	in("an account is made", "new", "Nina Neu")
	in("not for other domains", "out", "")
	in("not for addresses that are not verified", "eve", "")
	john.post("/workspace/providers/local", believe("1", "no domain", "")).has(t, "„no“ ist keine Domain", "no domain")
	john.post("/workspace/providers/none", believe("1", "", "")).is(t, http.StatusNotFound)

	// Another workspace's administrator who registers the address first gets
	// nothing of this one, and nobody there gets this account.
	evil := h.member("Borealis", "John Martinez of Borealis", "john@acme.example", true)
	evil.post("/workspace/providers/local", believe("1", "acme.example", "1")).is(t, http.StatusOK)
	in("known here already", "john", "John Martinez")
}

func TestConnectingAProvider(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	john.post("/account/with/local", nil).is(t, http.StatusNotFound) // not believed
	john.post("/workspace/providers/local", believe("1", "", "")).is(t, http.StatusOK)
	priya := h.signedIn(h.colleague("Acme Cloud", "Priya Natarajan", "priya@acme.example", app.RoleSeller), "de")

	// Who comes back in another browser, or as another member, connects nothing.
	back := h.leave(john, "/account/with/local", "out")
	priya.get(back).is(t, http.StatusConflict)
	john.get(back).has(t, "Verbunden.")
	john.get("/account").has(t, "Acme SSO", "verbunden")
	if mails := h.deliver(); len(mails) != 1 || mails[0].To.Email != "john@acme.example" {
		t.Errorf("told of the new way in: %+v", mails)
	}
	b := h.browser("de")
	h.through(b, "out")
	if b.in() != "John Martinez" {
		t.Errorf("in as %q", b.in())
	}
	// The same person at the provider is one member here.
	priya.get(h.leave(priya, "/account/with/local", "out")).has(t, "connected to another member")
	// An hour later one has to show who one is.
	h.pass(61 * time.Minute)
	john.post("/account/with/local", nil).has(t, "in der letzten Stunde angemeldet")
	john.get("/account").has(t, "Noch einmal anmelden")

	john.post("/account/with/local/remove", nil).has(t, "Getrennt.")
	b = h.browser("de")
	h.through(b, "out").is(t, http.StatusForbidden)
}

// An address that the provider gave to somebody new does not open the account
// of who had it before.
func TestAnAddressGivenToSomebodyElse(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	john.post("/workspace/providers/local", believe("1", "acme.example", "1")).is(t, http.StatusOK)
	h.through(h.browser("de"), "john")
	h.idp.Change("sub-eve", func(p *idp.Person) { p.Verified = true })
	b := h.browser("de")
	h.through(b, "eve").is(t, http.StatusForbidden)
	if b.in() != "" {
		t.Errorf("the new owner of the address is in as %q", b.in())
	}
	// And who was there stays, whatever their address is now.
	h.idp.Change("sub-john", func(p *idp.Person) { p.Email, p.Verified = "j.martinez@new.example", false })
	b = h.browser("de")
	h.through(b, "john")
	if b.in() != "John Martinez" {
		t.Errorf("in as %q", b.in())
	}
}

func TestGroupsGiveRoles(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	nina := h.colleague("Acme Cloud", "Nina Neu", "nina@acme.example", app.RoleSeller)
	john.post("/workspace/providers/local", believe("1", "acme.example", "")).is(t, http.StatusOK)
	who := func(login string) (*browser, answer) {
		b := h.browser("de")
		a := h.through(b, login)
		return b, a
	}
	role := func() app.Member {
		t.Helper()
		m, err := h.store.Member(t.Context(), nina.ID)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		name string
		map_ map[string]app.Role
		want app.Role
		in   bool
	}{
		{"no mapping", nil, app.RoleSeller, true},
		{"the mightiest group", map[string]app.Role{"plan-sellers": app.RoleSeller, "others": app.RoleManager}, app.RoleManager, true},
		{"down again", map[string]app.Role{"plan-sellers": app.RoleSeller}, app.RoleSeller, true},
		{"none any more", map[string]app.Role{"plan-admins": app.RoleAdmin}, app.RoleSeller, false},
		{"in again", map[string]app.Role{"plan-sellers": app.RoleManager}, app.RoleManager, true},
	} {
		h.provide(c.map_)
		b, a := who("new")
		m := role()
		if m.Role != c.want || m.Disabled.IsZero() != c.in || (b.in() != "") != c.in {
			t.Errorf("%s: %s, disabled %v, in as %q (%d)", c.name, m.Role, m.Disabled, b.in(), a.status)
		}
		if !c.in {
			a.has(t, "in keiner Gruppe, die hier Zugang hat")
			if m.DisabledBy != app.ByGroups {
				t.Errorf("switched off by %q", m.DisabledBy)
			}
			john.get("/workspace").has(t, "keine passende Gruppe")
		}
	}
	// What a person switched off, no group switches on.
	if err := h.app.Suspend(t.Context(), john.caller(), nina.ID, true); err != nil {
		t.Fatal(err)
	}
	b, a := who("new")
	if a.has(t, "Dieser Zugang ist gesperrt"); b.in() != "" {
		t.Errorf("in as %q although a person switched the account off", b.in())
	}
	// The last administrator is not let in without a group, and stays.
	h.provide(map[string]app.Role{"plan-sellers": app.RoleSeller})
	b, _ = who("john")
	m, err := h.store.Member(t.Context(), h.members["John Martinez"].ID)
	if err != nil || m.Role != app.RoleAdmin || !m.Disabled.IsZero() || b.in() != "" {
		t.Errorf("the last administrator: %+v, %v, in as %q", m, err, b.in())
	}
}

// The way back works once, in the browser that left, and tells nothing else.
func TestTheWayBackFromAProvider(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	john.post("/workspace/providers/local", believe("1", "acme.example", "")).is(t, http.StatusOK)
	b, other := h.browser("de"), h.browser("de")
	back := h.leave(b, "/sign-in/with/local", "john")
	other.get(back).is(t, http.StatusConflict) // whoever reads the address
	if r, err := http.NewRequest(http.MethodHead, h.web.URL+back, nil); err != nil {
		t.Fatal(err)
	} else if b.do(r); b.in() != "" { // a program that looks
		t.Error("HEAD signed in")
	}
	changed := back[:strings.Index(back, "state=")] + "state=" + strings.Repeat("x", 43)
	b.get(changed).is(t, http.StatusConflict)
	if other.in() != "" || b.in() != "" {
		t.Fatal("in by a way back that is not theirs")
	}
	before := b.secret()
	b.get(back)
	if b.in() != "John Martinez" || b.secret() == before {
		t.Errorf("in as %q", b.in())
	}
	b.post("/sign-out", nil)
	b.get(back).is(t, http.StatusConflict)
	if b.in() != "" {
		t.Error("the way back worked twice")
	}
	late := h.leave(b, "/sign-in/with/local", "john")
	h.pass(10 * time.Minute)
	b.get(late).is(t, http.StatusConflict)
	h.pass(time.Minute)

	for code, says := range map[string]string{
		"access_denied":           "abgebrochen oder abgelehnt",
		"temporarily_unavailable": "antwortet gerade nicht",
		"<script>alert(1)":        "hat die Anmeldung nicht zugelassen",
	} {
		b := h.browser("de")
		a := b.post("/sign-in/with/local", nil)
		address, err := url.Parse(strings.TrimPrefix(a.header.Get("Refresh"), "0; url="))
		if err != nil {
			t.Fatal(err)
		}
		if q := address.Query(); q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" || q.Get("scope") != "openid profile email" {
			t.Errorf("asked for %v", q)
		}
		a = b.get("/sign-in/callback?" + url.Values{"error": {code}, "error_description": {"SECRET"}, "state": {address.Query().Get("state")}}.Encode())
		a.has(t, says, "Acme SSO")
		a.lacks(t, "SECRET", "alert(1)")
	}
	for _, secret := range []string{"client-secret", "SECRET", "john@acme", "sub-john", "script"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if err := h.idp.Close(); err != nil {
		t.Fatal(err)
	}
	b = h.browser("de")
	h.provide(nil) // nothing is known of it yet
	b.post("/sign-in/with/local", nil).is(t, http.StatusServiceUnavailable)
}
