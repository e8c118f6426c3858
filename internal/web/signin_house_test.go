package web

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/identity"
	"tandem/test/idp"
)

// outbox is a mail server of the tests: what was sent lies in it.
type outbox struct {
	mu    sync.Mutex
	mails []app.Mail
}

// Send keeps a mail.
func (o *outbox) Send(_ context.Context, m app.Mail) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = append(o.mails, m)
	return nil
}

// signInHouse is a house that sends mail, takes passkeys and knows a real
// identity provider; its clock can be moved.
type signInHouse struct {
	*house
	post *outbox
	idp  *idp.Server

	mu   sync.Mutex
	time time.Time
}

// people of the identity provider.
func providerPeople() []*idp.Person {
	return []*idp.Person{
		{Subject: "sub-john", Login: "john", Password: "pw", Name: "John Martinez", Email: "john@acme.example", Verified: true, Groups: []string{"plan-admins"}},
		{Subject: "sub-eve", Login: "eve", Password: "pw", Name: "Eve", Email: "john@acme.example", Verified: false, Groups: []string{"plan-admins"}},
		{Subject: "sub-new", Login: "new", Password: "pw", Name: "Nina Neu", Email: "nina@acme.example", Verified: true, Groups: []string{"plan-sellers", "others"}},
		{Subject: "sub-out", Login: "out", Password: "pw", Name: "Otto", Email: "otto@elsewhere.example", Verified: true, Groups: []string{"plan-sellers"}},
	}
}

func newSignInHouse(t *testing.T, change ...func(*Config)) *signInHouse {
	t.Helper()
	s := &signInHouse{post: &outbox{}, time: testNow}
	s.house = newHouseOf(t, func(o *app.Options) { o.Clock, o.Mailer = s.now, s.post }, change...)
	// The house's pages are reached at any port: the address is known now.
	s.server.base.Host = strings.TrimPrefix(s.web.URL, "http://")
	var err error
	if s.idp, err = idp.Start("", providerPeople(), s.web.URL+identity.CallbackPath); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.idp.Close(); err != nil {
			t.Error(err)
		}
	})
	s.provide(nil)
	return s
}

// provide sets the provider up, with roles for groups or without.
func (s *signInHouse) provide(roles map[string]app.Role) {
	s.t.Helper()
	passkeys, err := identity.NewPasskeys("http://localhost")
	if err != nil {
		s.t.Fatal(err)
	}
	s.app.SignsInWith(passkeys, identity.NewProviders(s.web.URL, []identity.Setting{{
		IdentityProvider: app.IdentityProvider{ID: "local", Label: "Acme SSO", Issuer: s.idp.Issuer, Roles: roles},
		ClientID:         s.idp.ClientID, ClientSecret: s.idp.ClientSecret, Scopes: []string{"profile", "email"}, GroupsClaim: "groups", VerifiedClaim: "email_verified"}}))
}

func (s *signInHouse) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *signInHouse) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

// deliver does the jobs of the letters that wait, and returns what was sent.
func (s *signInHouse) deliver() []app.Mail {
	s.t.Helper()
	rows, err := s.store.LettersIn(context.Background(), app.LetterQueued, s.now().Add(time.Hour), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	s.post.mu.Lock()
	s.post.mails = nil
	s.post.mu.Unlock()
	for _, l := range rows {
		if err := s.app.RunJob(context.Background(), app.Job{Kind: app.JobDeliver, Data: []byte(l.ID)}); err != nil {
			s.t.Fatal(err)
		}
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	return s.post.mails
}

// ask asks for a mail in a browser and returns what came, if anything.
func (s *signInHouse) ask(b *browser, email string) (answer, *app.Mail) {
	s.t.Helper()
	a := b.post("/sign-in", url.Values{"email": {email}})
	mails := s.deliver()
	if len(mails) == 0 {
		return a, nil
	}
	return a, &mails[0]
}

// in reports whether a browser is signed in, and as whom.
func (b *browser) in() string {
	if m := b.caller().Member; m != nil {
		return m.Name
	}
	return ""
}
