package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
)

func TestAMailSignsInWhereItWasAskedFor(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	ways := []struct {
		name string
		use  func(b *browser, m *app.Mail) answer
	}{
		{"link", func(b *browser, m *app.Mail) answer { return b.post(m.Button.Path, nil) }},
		{"code", func(b *browser, m *app.Mail) answer { return b.post("/sign-in/code", url.Values{"code": {m.Code}}) }},
		{"code, as people write it", func(b *browser, m *app.Mail) answer {
			return b.post("/sign-in/code", url.Values{"code": {" " + m.Code[:4] + "-" + m.Code[4:] + "\u00a0"}})
		}},
	}
	for _, way := range ways {
		b, other := h.browser("de"), h.browser("de")
		h.ask(other, "nobody@acme.example") // keeps a secret of its own
		a, m := h.ask(b, " JOHN@acme.example ")
		a.has(t, "Sehen Sie in Ihr Postfach", "JOHN@acme.example")
		if m == nil || m.To.Email != "john@acme.example" || len(m.Code) != 8 {
			t.Fatalf("%s: got %+v", way.name, m)
		}
		// Elsewhere: nothing there signs in.
		a = other.get(m.Button.Path)
		a.is(t, http.StatusOK)
		a.has(t, "gilt in einem anderen Browser")
		a.lacks(t, `action="/in/`, m.Code, "john@acme")
		other.post(m.Button.Path, nil).is(t, http.StatusNotFound)
		other.post("/sign-in/code", url.Values{"code": {m.Code}}).has(t, "Das ist nicht der Code")
		if who := other.in(); who != "" {
			t.Errorf("%s: another browser is in as %s", way.name, who)
		}
		// A scanner opens the link, in whichever browser: it still works.
		for range 3 {
			b.get(m.Button.Path).has(t, `method="post"`)
			b.get("/sign-in/code").is(t, http.StatusOK)
		}
		if who := b.in(); who != "" {
			t.Errorf("%s: opening signed %s in", way.name, who)
		}
		if a := way.use(b, m); a.path != "/" || b.in() != "John Martinez" {
			t.Errorf("%s: ended at %s (%d) as %q", way.name, a.path, a.status, b.in())
		}
		if got := b.caller().Session; got.Way != app.WayMail || !got.Proved.Equal(h.now()) {
			t.Errorf("%s: proved by %q at %v", way.name, got.Way, got.Proved)
		}
		// Once.
		b.post("/sign-out", nil)
		for _, way := range ways {
			way.use(b, m)
			if who := b.in(); who != "" {
				t.Errorf("a second use by %s signed %s in", way.name, who)
			}
		}
		h.pass(15 * time.Minute) // of the limit
	}
}

func TestMailedLinksAndCodesLiveTenMinutes(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	for _, c := range []struct {
		name         string
		before, late time.Duration // of the letter, of the use
		in           bool
	}{
		{"at once", 0, 0, true},
		{"just in time", 0, 10*time.Minute - time.Millisecond, true},
		{"too late", 0, 10 * time.Minute, false},
		{"a letter that was slow", 9 * time.Minute, 9 * time.Minute, true},
		{"a letter that was too slow", 10 * time.Minute, 0, false},
	} {
		for _, byCode := range []bool{false, true} {
			b := h.browser("de")
			b.post("/sign-in", url.Values{"email": {"john@acme.example"}})
			h.pass(c.before)
			mails := h.deliver()
			if len(mails) == 0 {
				if c.in {
					t.Errorf("%s: no letter", c.name)
				}
				h.pass(time.Hour)
				continue
			}
			h.pass(c.late)
			if byCode {
				b.post("/sign-in/code", url.Values{"code": {mails[0].Code}})
			} else {
				b.post(mails[0].Button.Path, nil)
			}
			if got := b.in() != ""; got != c.in {
				t.Errorf("%s (code: %v): in is %v, want %v", c.name, byCode, got, c.in)
			}
			h.pass(time.Hour)
		}
	}
}

// Who signs in gets a new session: one that somebody planted, or knew, is not
// theirs afterwards.
func TestSigningInRenewsTheSession(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	guest := h.guest(seller, string(seller.samplePlan()))
	planted, known := guest.secret(), guest.caller().Session.Persons
	_, m := h.ask(guest, "john@acme.example")
	guest.post(m.Button.Path, nil)
	if guest.in() != "John Martinez" || guest.secret() == planted {
		t.Fatalf("in as %q with the same session: %v", guest.in(), guest.secret() == planted)
	}
	if c, err := h.app.Arrive(context.Background(), app.Secret(planted)); err != nil || c.Member != nil || len(c.Session.Hash) != 0 {
		t.Errorf("the session from before still is %+v, %v", c, err)
	}
	if got := guest.caller().Session.Persons; len(got) != len(known) {
		t.Errorf("who they were as a guest was lost: %v", got)
	}
	// A session that never was is not made by bringing it along.
	b := h.browser("de")
	u, _ := url.Parse(h.web.URL)
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "tandem", Value: strings.Repeat("A", 43), Path: "/"}})
	_, m = h.ask(b, "john@acme.example")
	b.post(m.Button.Path, nil)
	if b.in() != "John Martinez" || b.secret() == strings.Repeat("A", 43) {
		t.Errorf("in as %q with the session brought along", b.in())
	}
}

// secret is a browser's session cookie.
func (b *browser) secret() string {
	for _, c := range cookiesOf(b) {
		if c.Name == "tandem" {
			return c.Value
		}
	}
	return ""
}

var addresses = regexp.MustCompile(`[a-z.]+@acme\.example`)

// Answers to an address somebody has, one nobody has, and one that is switched
// off are the same in every byte, at every step, until all tries are used up.
func TestAnswersDoNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	admin := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	off := h.colleague("Acme Cloud", "Olga Off", "olga@acme.example", app.RoleSeller)
	if err := h.app.Suspend(t.Context(), admin.caller(), off.ID, true); err != nil {
		t.Fatal(err)
	}
	talk := func(email string, letters int) (out []string) {
		b := h.browser("de")
		say := func(a answer) {
			h := a.header.Clone()
			h.Del("Date")
			h.Del("Set-Cookie") // a redirect's; the secret in it differs each time
			out = append(out, addresses.ReplaceAllString(a.path+http.StatusText(a.status)+header(h)+a.body, "ADDRESS"))
		}
		say(b.post("/sign-in", url.Values{"email": {email}}))
		if n := len(h.deliver()); n != letters {
			t.Errorf("%s got %d letters, want %d", email, n, letters)
		}
		say(b.get("/sign-in/code"))
		for range 7 {
			say(b.post("/sign-in/code", url.Values{"code": {"0"}}))
		}
		say(b.get("/sign-in/code"))
		say(b.post("/sign-in", url.Values{"email": {email}}))
		h.deliver()
		for range 5 { // link and code end in between for who has any
			h.pass(5*time.Minute - time.Second)
			say(b.get("/sign-in/code"))
			say(b.post("/sign-in/code", url.Values{"code": {"0"}}))
		}
		for range 5 {
			say(b.post("/sign-in", url.Values{"email": {email}}))
		}
		h.deliver()
		h.pass(time.Hour)
		return out
	}
	known := talk("john@acme.example", 1)
	for _, email := range []string{"nobody@acme.example", "olga@acme.example"} {
		for i, got := range talk(email, 0) {
			if got != known[i] {
				t.Errorf("step %d tells %s from an account:\n%s\n%s", i, email, short(got), short(known[i]))
			}
		}
	}
}

func header(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b)
	return b.String()
}

func TestCodesAreTriedFiveTimes(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	b := h.browser("en")
	_, m := h.ask(b, "john@acme.example")
	for n := range 4 {
		a := b.post("/sign-in/code", url.Values{"code": {"1" + m.Code}})
		a.is(t, http.StatusUnprocessableEntity)
		if n == 3 {
			a.has(t, "one more try")
		}
	}
	b.post("/sign-in/code", url.Values{"code": {""}}).has(t, "Ask for a new mail")
	b.post("/sign-in/code", url.Values{"code": {m.Code}})
	if who := b.in(); who != "" {
		t.Errorf("the right code after five wrong ones signed %s in", who)
	}
	// The code of an earlier mail is not that of a later one.
	_, first := h.ask(b, "john@acme.example")
	_, second := h.ask(b, "john@acme.example")
	b.post("/sign-in/code", url.Values{"code": {first.Code}}).has(t, "not the code from the last mail")
	b.post(first.Button.Path, nil).is(t, http.StatusNotFound) // this browser asked again
	b.post("/sign-in/code", url.Values{"code": {second.Code}})
	if b.in() == "" {
		t.Error("the last mail's code was refused")
	}
}

func TestSignInRace(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	b := h.browser("de")
	_, m := h.ask(b, "john@acme.example")
	cookies := cookiesOf(b)
	var mu sync.Mutex
	won := 0
	var race sync.WaitGroup
	start := make(chan struct{})
	for n := range 64 {
		race.Go(func() {
			form, path := "", m.Button.Path
			if n%2 == 1 {
				form, path = url.Values{"code": {m.Code}}.Encode(), "/sign-in/code"
			}
			r, err := http.NewRequest(http.MethodPost, h.web.URL+path, strings.NewReader(form))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			for _, c := range cookies {
				r.AddCookie(c)
			}
			<-start
			res, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Error(err)
				return
			}
			res.Body.Close()
			if res.StatusCode == http.StatusSeeOther && res.Header.Get("Location") == "/" {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	close(start)
	race.Wait()
	if won != 1 {
		t.Errorf("%d of 64 signed in", won)
	}
}

func TestLimitsOfSigningIn(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	for _, email := range []string{"john@acme.example", "nobody@acme.example"} {
		for range 5 {
			h.browser("de").post("/sign-in", url.Values{"email": {email}}).is(t, http.StatusOK)
		}
		for _, lang := range []string{"de", "en"} {
			a := h.browser(lang).post("/sign-in", url.Values{"email": {strings.ToUpper(email)}})
			a.is(t, http.StatusTooManyRequests)
			a.has(t, map[string]string{"de": "sehr oft E-Mails angefordert", "en": "very often for this address"}[lang], strings.ToUpper(email))
			if a.header.Get("Retry-After") == "" {
				t.Error("it does not say when to come back")
			}
		}
		h.pass(3 * time.Minute)
		h.browser("de").post("/sign-in", url.Values{"email": {email}}).is(t, http.StatusOK)
	}

	few := newSignInHouse(t, func(c *Config) { c.EntryBurst = 3 })
	for _, c := range []struct {
		name string
		send func(*browser) answer
	}{
		{"asking", func(b *browser) answer { return b.post("/sign-in", url.Values{"email": {"x@acme.example"}}) }},
		{"codes", func(b *browser) answer { return b.post("/sign-in/code", url.Values{"code": {"1"}}) }},
		{"passkeys", func(b *browser) answer { return b.post("/sign-in/passkey", nil) }},
		{"beginning with a passkey", func(b *browser) answer { return b.post("/sign-in/passkey/begin", nil) }},
		{"providers", func(b *browser) answer { return b.post("/sign-in/with/local", nil) }},
		{"coming back from one", func(b *browser) answer { return b.get("/sign-in/callback?state=x&code=y") }},
	} {
		b, got := few.browser("de"), 0
		for range 5 {
			if c.send(b).status == http.StatusTooManyRequests {
				got++
			}
		}
		if got < 2 {
			t.Errorf("%s: %d of 5 at once were refused", c.name, got)
		}
		few.pass(time.Minute)
	}
}

func TestOneSeesAndEndsOnesBrowsers(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	m := h.members["John Martinez"]
	priya := h.signedIn(h.colleague("Acme Cloud", "Priya Natarajan", "priya@acme.example", app.RoleSeller), "de")
	phone, laptop := h.signedIn(m, "de"), h.signedIn(m, "de")
	list := regexp.MustCompile(`/account/browsers/([0-9a-f]+)/end`)
	a := john.get("/account")
	a.has(t, "Mein Zugang", "dieser Browser", "mit einem Link angemeldet")
	found := list.FindAllStringSubmatch(a.body, -1)
	if len(found) != 2 {
		t.Fatalf("lists %d others, want 2", len(found))
	}
	ends := map[string]*browser{}
	for _, b := range []*browser{phone, laptop} {
		got := list.FindAllStringSubmatch(b.get("/account").body, -1)
		for _, x := range found {
			other := true
			for _, y := range got {
				other = other && x[1] != y[1]
			}
			if other {
				ends[x[0]] = b
			}
		}
	}
	// Nobody ends another's.
	priya.post(found[0][0], nil).is(t, http.StatusOK)
	if ends[found[0][0]].in() == "" {
		t.Fatal("a colleague ended my session")
	}
	john.post(found[0][0], nil).has(t, "Die Sitzung ist beendet")
	if who := ends[found[0][0]].in(); who != "" {
		t.Errorf("an ended session still is %s", who)
	}
	ends[found[0][0]].get("/workspace").is(t, http.StatusNotFound)
	if ends[found[1][0]].in() == "" || john.in() == "" || priya.in() == "" {
		t.Error("ending one ended others")
	}
	john.post("/account/browsers/end", nil).has(t, "Alle anderen Sitzungen sind beendet")
	if ends[found[1][0]].in() != "" || john.in() == "" || priya.in() == "" {
		t.Error("want all others of one's own ended, and only those")
	}
}

// Guests have the same page for the browsers that come in as them.
func TestGuestsSeeTheirBrowsersToo(t *testing.T) {
	t.Parallel()
	h, _, seller, buyer, id := liveHouse(t)
	h.server.beat = time.Hour
	c := buyer.caller()
	link, err := h.app.PersonalLink(t.Context(), c, id)
	if err != nil {
		t.Fatal(err)
	}
	phone := h.browser("de")
	phone.post("/me/"+string(link), nil).is(t, http.StatusOK)
	a := buyer.get("/account")
	a.has(t, "Sie nehmen als Gast teil", "mit einem Link gekommen", "dieser Browser")
	a.lacks(t, "Passkeys", "Martinez")
	stream := phone.stream("/plans/" + string(id) + "/live?tab=plan&from=" + phone.seq(id))
	theirs := seller.stream("/plans/" + string(id) + "/live?tab=plan&from=" + seller.seq(id))
	buyer.post("/account/browsers/end", nil).is(t, http.StatusOK)
	for {
		e := stream.next()
		if strings.Contains(e.data, "data-reload") {
			break
		}
	}
	stream.ended()
	phone.get("/plans/"+string(id)).is(t, http.StatusNotFound)
	buyer.get("/plans/"+string(id)).is(t, http.StatusOK)
	seller.retitle(id, "Es geht weiter")
	waitFor(t, theirs, "Es geht weiter")
	h.browser("de").get("/account").is(t, http.StatusNotFound)
}

func TestTheAccountOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	h.pass(time.Minute)
	h.member("Borealis", "John M. Martinez", "john@acme.example", true)
	b := h.browser("de")
	_, m := h.ask(b, "john@acme.example")
	b.post(m.Button.Path, nil)
	a := b.get("/account")
	a.has(t, "Ihre anderen Arbeitsbereiche", "Borealis")
	move := regexp.MustCompile(`/account/places/[0-9a-z]+`).FindString(a.body)
	b.post(move, nil)
	if got := b.in(); got != "John M. Martinez" {
		t.Errorf("in as %q", got)
	}
	// Only who showed that the address is theirs.
	byLink := h.signedIn(h.members["John Martinez"], "de")
	byLink.get("/account").lacks(t, "Borealis")
	byLink.post(move, nil).is(t, http.StatusNotFound)
}

func TestNewColleaguesAreToldByMail(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	admin := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	a := admin.post("/workspace/people", url.Values{"name": {"Priya Natarajan"}, "email": {"priya@acme.example"}, "language": {"en"}, "role": {"seller"}})
	a.has(t, "Priya Natarajan bekommt eine E-Mail")
	a.lacks(t, "/in/")
	mails := h.deliver()
	if len(mails) != 1 || mails[0].To.Email != "priya@acme.example" || mails[0].Button.Path != "/sign-in" || mails[0].Code != "" {
		t.Fatalf("got %+v", mails)
	}
	b := h.browser("en")
	_, m := h.ask(b, "priya@acme.example")
	b.post(m.Button.Path, nil)
	if b.in() != "Priya Natarajan" {
		t.Errorf("in as %q", b.in())
	}
}
