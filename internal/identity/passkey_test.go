package identity_test

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/identity"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
)

// house is a service on a real database, with passkeys.
type house struct {
	*app.Service
	t     *testing.T
	store *sqlite.Store
	now   time.Time
}

func open(t *testing.T) *house {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{t: t, store: st, now: time.Date(2028, 5, 2, 9, 0, 0, 0, time.UTC)}
	keys, err := identity.NewPasskeys("https://plans.example")
	if err != nil {
		t.Fatal(err)
	}
	h.Service = app.New(st, app.Options{Clock: func() time.Time { return h.now }, Passkeys: keys})
	return h
}

// member is signed in.
func (h *house) member(name string) app.Caller {
	h.t.Helper()
	_, m, err := h.Found(h.t.Context(), app.Workspace{Name: name, Language: "en", Zone: "Europe/Berlin"},
		app.Member{Name: name, Email: strings.ToLower(name) + "@acme.example", Language: "en", Role: app.RoleAdmin})
	if err != nil {
		h.t.Fatal(err)
	}
	link, err := h.MemberLink(h.t.Context(), m)
	if err != nil {
		h.t.Fatal(err)
	}
	_, c, err := h.SignIn(h.t.Context(), app.Caller{Agent: "Chrome, macOS"}, link)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) register(c app.Caller, k *softkey) error {
	h.t.Helper()
	step, asked, err := h.BeginPasskey(h.t.Context(), c)
	if err != nil {
		return err
	}
	return h.FinishPasskey(h.t.Context(), c, step, "", k.make(h.t, asked))
}

func (h *house) signIn(k *softkey) (app.Caller, error) {
	h.t.Helper()
	step, asked, err := h.BeginPasskeySignIn(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	_, c, err := h.PasskeySignIn(h.t.Context(), app.Caller{}, step, k.sign(h.t, asked))
	return c, err
}

func TestAPasskeySignsIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	john := h.member("John")
	k := newSoftkey(t)
	if err := h.register(john, k); err != nil {
		t.Fatal(err)
	}
	keys, err := h.MyPasskeys(t.Context(), john)
	if err != nil || len(keys) != 1 || keys[0].Name != "Chrome, macOS" || !bytes.Equal(keys[0].ID, k.id) {
		t.Fatalf("got %+v, %v", keys, err)
	}
	for range 2 { // an authenticator that does not count says zero every time
		c, err := h.signIn(k)
		if err != nil || c.Member == nil || c.Member.ID != john.Member.ID || c.Session.Way != app.WayPasskey || !c.Session.Proved.Equal(h.now) {
			t.Fatalf("got %+v, %v", c, err)
		}
	}
	if _, _, err := h.BeginPasskey(t.Context(), app.Caller{}); !fault.Is(err, fault.Missing) {
		t.Errorf("nobody makes a passkey: %v", err)
	}
	h.now = h.now.Add(61 * time.Minute)
	if err := h.register(john, newSoftkey(t)); !fault.Is(err, fault.Refused) {
		t.Errorf("an hour after signing in: %v, want refused", err)
	}
	if err := h.RemovePasskey(t.Context(), john, k.id); err != nil {
		t.Fatal(err)
	}
	if _, err := h.signIn(k); !fault.Is(err, fault.Refused) {
		t.Errorf("a passkey that was removed: %v, want refused", err)
	}
}

// Whatever is wrong is answered alike, and signs nobody in.
func TestWrongPasskeysAreRefusedAlike(t *testing.T) {
	t.Parallel()
	h := open(t)
	john, eve := h.member("John"), h.member("Eve")
	k, hers := newSoftkey(t), newSoftkey(t)
	for c, k := range map[*app.Member]*softkey{john.Member: k, eve.Member: hers} {
		caller := john
		if c == eve.Member {
			caller = eve
		}
		if err := h.register(caller, k); err != nil {
			t.Fatal(err)
		}
	}
	again := *hers
	if err := h.register(john, &again); !fault.Is(err, fault.Refused) {
		t.Errorf("the key of another: %v, want refused", err)
	}
	said := map[string]bool{}
	wrong := func(name string, change func(*softkey)) {
		t.Helper()
		bad := *k
		change(&bad)
		c, err := h.signIn(&bad)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Refused || c.Member != nil {
			t.Errorf("%s: %v, in as %+v; want refused", name, err, c.Member)
			return
		}
		said[f.Key] = true
	}
	wrong("another site", func(k *softkey) { k.origin = "https://evil.example" })
	wrong("a site below", func(k *softkey) { k.origin = "https://evil.plans.example" })
	wrong("the same host without TLS", func(k *softkey) { k.origin = "http://plans.example" })
	wrong("another site's key", func(k *softkey) { k.rp = "evil.example" })
	wrong("nobody looked", func(k *softkey) { k.flags = present })
	wrong("nobody there", func(k *softkey) { k.flags = 0 })
	wrong("a key nobody has", func(k *softkey) { k.id = []byte("unknown") })
	wrong("another private key", func(k *softkey) { k.key = hers.key })
	wrong("as another member", func(k *softkey) { k.another = hers.handle })
	wrong("another's key as oneself", func(k *softkey) { k.id = hers.id })
	second := app.Member{ID: h.NewID(), Workspace: eve.Member.Workspace, Name: "Second", Email: "second@acme.example", Role: app.RoleAdmin}
	if err := h.store.SaveMember(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if err := h.Suspend(t.Context(), app.Caller{Member: &second}, eve.Member.ID, true); err != nil {
		t.Fatal(err)
	}
	wrong("who is switched off", func(k *softkey) { *k = *hers })
	if len(said) != 1 {
		t.Errorf("answers tell what is wrong: %v", said)
	}
	if _, err := h.signIn(k); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func TestAChallengeIsForOneAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	john := h.member("John")
	k := newSoftkey(t)
	if err := h.register(john, k); err != nil {
		t.Fatal(err)
	}
	step, asked, err := h.BeginPasskeySignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := h.BeginPasskeySignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	answer := k.sign(t, asked)
	for name, browser := range map[string]app.Secret{"another browser": other, "no browser": "", "an unknown one": app.Secret(strings.Repeat("A", 43))} {
		if _, _, err := h.PasskeySignIn(t.Context(), app.Caller{}, browser, answer); !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v, want refused", name, err)
		}
	}
	var mu sync.Mutex
	won := 0
	var race sync.WaitGroup
	for range 64 {
		race.Go(func() {
			if _, c, err := h.PasskeySignIn(t.Context(), app.Caller{}, step, answer); err == nil && c.Member != nil {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	race.Wait()
	if won != 1 {
		t.Errorf("%d of 64 signed in by one answer", won)
	}
	step, asked, err = h.BeginPasskeySignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(5 * time.Minute)
	if _, _, err := h.PasskeySignIn(t.Context(), app.Caller{}, step, k.sign(t, asked)); !fault.Is(err, fault.Refused) {
		t.Errorf("five minutes later: %v, want refused", err)
	}
}

// TestAPasskeyThatCountsBack changes the program's logger.
func TestAPasskeyThatCountsBack(t *testing.T) { //nolint:paralleltest
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	h := open(t)
	john := h.member("John")
	k := newSoftkey(t)
	k.count = 5
	if err := h.register(john, k); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		count uint32
		in    bool
	}{{6, true}, {6, false}, {5, false}, {0, false}, {7, true}, {1000, true}, {999, false}} {
		k.count = c.count
		if _, err := h.signIn(k); (err == nil) != c.in {
			t.Errorf("at %d: %v, want in: %v", c.count, err, c.in)
		}
	}
	if n := strings.Count(log.String(), "counted back"); n != 4 {
		t.Errorf("told the log %d times, want 4:\n%s", n, log.String())
	}
	if strings.Contains(log.String(), "john") || strings.Contains(log.String(), "John") {
		t.Errorf("the log names somebody:\n%s", log.String())
	}
}

func FuzzPasskeyAnswers(f *testing.F) {
	keys, err := identity.NewPasskeys("https://plans.example")
	if err != nil {
		f.Fatal(err)
	}
	_, state, err := keys.BeginSignIn()
	if err != nil {
		f.Fatal(err)
	}
	_, made, err := keys.BeginRegister(app.Member{ID: "m1"}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"AA","signature":"AA","userHandle":"bTE"}}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if _, _, _, err := keys.FinishSignIn(state, answer, func([]byte, plan.ID) (app.Passkey, error) { return app.Passkey{}, app.ErrNotFound }); err == nil {
			t.Error("an answer made up signs in")
		}
		if _, err := keys.FinishRegister(app.Member{ID: "m1"}, nil, made, answer); err == nil {
			t.Error("an answer made up is a key")
		}
	})
}
