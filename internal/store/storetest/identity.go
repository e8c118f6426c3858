package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func asked(id string) app.SignInRequest {
	return app.SignInRequest{ID: plan.ID(id), Browser: []byte("browser-" + id), Address: "Ute@acme.example", Agent: "Firefox, Linux", Language: "de",
		Secret: []byte{}, Code: []byte{}, Created: noon, Expires: noon.Add(20 * time.Minute)}
}

func signIns(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	r := asked("r1")
	check(t, s.SaveSignIn(ctx, r))
	if got, err := s.SignIn(ctx, "r1"); err != nil || cmp.Diff(r, got) != "" {
		t.Errorf("%+v, %v; want %+v", got, err, r)
	}
	missing := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, app.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	other := asked("r2")
	check(t, s.SaveSignIn(ctx, other))

	// Before the letter is written nothing signs in, least of all an empty code.
	_, err := s.UseSignIn(ctx, []byte{}, r.Browser, noon)
	missing("an empty link", err)
	_, err = s.SignInBySecret(ctx, []byte{})
	missing("an empty link is read", err)
	for _, code := range [][]byte{nil, {}, []byte("code")} {
		if got, right, err := s.TryCode(ctx, other.Browser, code, 5, noon); err != nil || right || got.Used {
			t.Errorf("code %q before there is one: %v, %v", code, right, err)
		}
	}

	missing("minted too late", s.MintSignIn(ctx, "r1", []byte("s"), []byte("c"), noon.Add(time.Hour), noon))
	check(t, s.MintSignIn(ctx, "r1", []byte("old"), []byte("old code"), noon.Add(10*time.Minute), noon.Add(-time.Minute)))
	check(t, s.MintSignIn(ctx, "r1", []byte("link"), []byte("code"), noon.Add(10*time.Minute), noon.Add(-time.Minute)))
	_, err = s.UseSignIn(ctx, []byte("old"), r.Browser, noon)
	missing("a link that was replaced", err)
	_, err = s.UseSignIn(ctx, []byte("link"), other.Browser, noon)
	missing("in another browser", err)
	_, err = s.UseSignIn(ctx, []byte("link"), r.Browser, noon.Add(10*time.Minute))
	missing("at its end", err)
	if _, right, err := s.TryCode(ctx, r.Browser, []byte("code"), 5, noon.Add(10*time.Minute)); err != nil || right {
		t.Errorf("the code at its end: %v, %v; want a try that is not right", right, err)
	}
	if _, right, err := s.TryCode(ctx, r.Browser, []byte("old code"), 5, noon); err != nil || right {
		t.Errorf("a code that was replaced: %v, %v", right, err)
	}
	_, _, err = s.TryCode(ctx, []byte("nobody"), []byte("code"), 5, noon)
	missing("in a browser that asked nothing", err)
	if got, err := s.UseSignIn(ctx, []byte("link"), r.Browser, noon.Add(10*time.Minute-time.Millisecond)); err != nil || !got.Used || got.Tries != 2 || got.Address != r.Address {
		t.Errorf("just before its end: %+v, %v", got, err)
	}
	_, err = s.UseSignIn(ctx, []byte("link"), r.Browser, noon)
	missing("a second time", err)
	_, _, err = s.TryCode(ctx, r.Browser, []byte("code"), 5, noon)
	missing("its code after the link", err)
	missing("minted once it was used", s.MintSignIn(ctx, "r1", []byte("again"), []byte("again"), noon.Add(time.Hour), time.Time{}))

	// Tries are counted, and the last right one comes too late.
	check(t, s.MintSignIn(ctx, "r2", []byte("link2"), []byte("code2"), noon.Add(10*time.Minute), noon.Add(-time.Minute)))
	for range 2 { // three before
		if _, right, err := s.TryCode(ctx, other.Browser, []byte("wrong"), 5, noon); err != nil || right {
			t.Errorf("a wrong code: %v, %v", right, err)
		}
	}
	_, _, err = s.TryCode(ctx, other.Browser, []byte("code2"), 5, noon)
	missing("the right code after five tries", err)

	check(t, s.SaveSession(ctx, app.Session{Hash: []byte("over"), Expires: noon.Add(20 * time.Minute), Persons: map[plan.ID]plan.ID{"p1": "u1"}}))
	check(t, s.SaveSession(ctx, app.Session{Hash: []byte("good"), Expires: noon.Add(time.Hour), Persons: map[plan.ID]plan.ID{"p1": "u1"}}))
	check(t, s.SweepIdentity(ctx, noon.Add(20*time.Minute)))
	if _, err := s.SignIn(ctx, "r1"); err != nil {
		t.Errorf("swept at its end: %v", err)
	}
	check(t, s.SweepIdentity(ctx, noon.Add(21*time.Minute)))
	_, err = s.SignIn(ctx, "r1")
	missing("swept", err)
	_, err = s.Session(ctx, []byte("over"))
	missing("a session that was over", err)
	if got, err := s.Session(ctx, []byte("good")); err != nil || len(got.Persons) != 1 {
		t.Errorf("another session: %+v, %v", got, err)
	}
}

// signInRace: of 64 at once, by link, by code, and by both, exactly one wins.
func signInRace(t *testing.T, db Database) {
	s := db.Open(t)
	link := func(r app.SignInRequest) bool {
		_, err := s.UseSignIn(context.Background(), []byte("link-"+r.ID), r.Browser, noon)
		if err != nil && !errors.Is(err, app.ErrNotFound) {
			t.Error(err)
		}
		return err == nil
	}
	code := func(r app.SignInRequest) bool {
		_, right, err := s.TryCode(context.Background(), r.Browser, []byte("code-"+r.ID), 5, noon)
		if err != nil && !errors.Is(err, app.ErrNotFound) {
			t.Error(err)
		}
		return right
	}
	for _, c := range []struct {
		name string
		ways []func(app.SignInRequest) bool
	}{{"link", []func(app.SignInRequest) bool{link, link}}, {"code", []func(app.SignInRequest) bool{code, code}}, {"both", []func(app.SignInRequest) bool{link, code}}} {
		r := asked(c.name)
		check(t, s.SaveSignIn(t.Context(), r))
		check(t, s.MintSignIn(t.Context(), r.ID, []byte("link-"+r.ID), []byte("code-"+r.ID), noon.Add(time.Minute), time.Time{}))
		if won := race64(func(n int) bool { return c.ways[n%2](r) }); won != 1 {
			t.Errorf("%s: %d of 64 signed in", c.name, won)
		}
	}
	// Wrong codes in a race get no more tries than one after another.
	r := asked("tries")
	check(t, s.SaveSignIn(t.Context(), r))
	check(t, s.MintSignIn(t.Context(), r.ID, []byte("l"), []byte("c"), noon.Add(time.Minute), time.Time{}))
	tried := race64(func(int) bool {
		_, right, err := s.TryCode(context.Background(), r.Browser, []byte("wrong"), 5, noon)
		return err == nil && !right
	})
	if tried != 5 {
		t.Errorf("%d tries of 64 were taken, want 5", tried)
	}
}

func race64(do func(n int) bool) int {
	var won atomic.Int64
	var race sync.WaitGroup
	start := make(chan struct{})
	for n := range 64 {
		race.Go(func() {
			<-start
			if do(n) {
				won.Add(1)
			}
		})
	}
	close(start)
	race.Wait()
	return int(won.Load())
}

func ceremonies(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	c := app.Ceremony{Hash: []byte("h"), Kind: "oidc", Data: `{"a":"ü"}`, Expires: noon.Add(time.Minute)}
	check(t, s.SaveCeremony(ctx, c))
	for _, bad := range []struct {
		name, hash, kind string
		at               time.Time
	}{{"another browser", "x", "oidc", noon}, {"another kind", "h", "passkey", noon}, {"at its end", "h", "oidc", c.Expires}} {
		if _, err := s.TakeCeremony(ctx, []byte(bad.hash), bad.kind, bad.at); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", bad.name, err)
		}
	}
	won := race64(func(int) bool {
		got, err := s.TakeCeremony(context.Background(), c.Hash, c.Kind, noon)
		if err == nil && cmp.Diff(c, got) != "" {
			t.Errorf("got %+v, want %+v", got, c)
		}
		return err == nil
	})
	if won != 1 {
		t.Errorf("%d of 64 took it", won)
	}
}

func passkeys(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1"}))
	for _, id := range []plan.ID{"m1", "m2"} {
		check(t, s.SaveMember(ctx, app.Member{ID: id, Workspace: "w1"}))
	}
	p := app.Passkey{ID: []byte("\x00key"), Member: "m1", Name: "Laptop", PublicKey: []byte("\xffpublic"), Count: 4_000_000_000, Flags: 0xdd,
		Transports: "internal,hybrid", Created: noon}
	check(t, s.SavePasskey(ctx, p))
	if got, err := s.Passkey(ctx, p.ID); err != nil || cmp.Diff(p, got) != "" {
		t.Errorf("%+v, %v; want %+v", got, err, p)
	}
	if err := s.SavePasskey(ctx, app.Passkey{ID: p.ID, Member: "m2", PublicKey: p.PublicKey}); !errors.Is(err, app.ErrTaken) {
		t.Errorf("the same key for somebody else: %v, want ErrTaken", err)
	}
	check(t, s.UsePasskey(ctx, p.ID, p.Count, p.Count+1, noon.Add(time.Hour)))
	if err := s.UsePasskey(ctx, p.ID, p.Count, p.Count+2, noon); !errors.Is(err, app.ErrStale) {
		t.Errorf("a count that was used: %v, want ErrStale", err)
	}
	if err := s.RenamePasskey(ctx, "m2", p.ID, "Mine"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("renaming another's: %v", err)
	}
	if err := s.DeletePasskey(ctx, "m2", p.ID); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("deleting another's: %v", err)
	}
	check(t, s.RenamePasskey(ctx, "m1", p.ID, "Work"))
	p.Name, p.Count, p.Used = "Work", p.Count+1, noon.Add(time.Hour)
	list, err := s.Passkeys(ctx, "m1")
	check(t, err)
	if diff := cmp.Diff([]app.Passkey{p}, list); diff != "" {
		t.Errorf("passkeys (-want +got):\n%s", diff)
	}
	check(t, s.DeletePasskey(ctx, "m1", p.ID))
	if _, err := s.Passkey(ctx, p.ID); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a deleted one: %v", err)
	}
}

func providers(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	for _, w := range []plan.ID{"w1", "w2"} {
		check(t, s.SaveWorkspace(ctx, app.Workspace{ID: w}))
		check(t, s.SaveMember(ctx, app.Member{ID: "m-" + w, Workspace: w}))
	}
	l := app.Login{Issuer: "https://idp.example", Subject: "u1", Workspace: "w1", Member: "m-w1", Created: noon}
	check(t, s.SaveLogin(ctx, l))
	thief := l
	thief.Member = "m-w2"
	if err := s.SaveLogin(ctx, thief); !errors.Is(err, app.ErrTaken) {
		t.Errorf("a subject of another member: %v, want ErrTaken", err)
	}
	second := app.Login{Issuer: l.Issuer, Subject: "u1", Workspace: "w2", Member: "m-w2", Created: noon}
	check(t, s.SaveLogin(ctx, second))
	check(t, s.UseLogin(ctx, second, noon.Add(time.Minute)))
	second.Used = noon.Add(time.Minute)
	got, err := s.Logins(ctx, l.Issuer, "u1")
	check(t, err)
	if diff := cmp.Diff([]app.Login{second, l}, got); diff != "" {
		t.Errorf("logins, last used first (-want +got):\n%s", diff)
	}
	for _, none := range [][2]string{{"https://evil.example", "u1"}, {l.Issuer, "U1"}} {
		if got, err := s.Logins(ctx, none[0], none[1]); err != nil || len(got) != 0 {
			t.Errorf("%v: %+v, %v; want none", none, got, err)
		}
	}
	of, err := s.LoginsOf(ctx, "m-w1")
	check(t, err)
	if diff := cmp.Diff([]app.Login{l}, of); diff != "" {
		t.Errorf("logins of a member (-want +got):\n%s", diff)
	}
	check(t, s.DeleteLogin(ctx, "m-w1", l.Issuer))
	if err := s.DeleteLogin(ctx, "m-w1", l.Issuer); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("deleted twice: %v, want ErrNotFound", err)
	}

	x := app.Trust{Workspace: "w1", Issuer: l.Issuer, Domains: []string{"acme.example", "acme.de"}, Creates: true}
	check(t, s.SaveTrust(ctx, app.Trust{Workspace: "w1", Issuer: l.Issuer}))
	check(t, s.SaveTrust(ctx, x))
	check(t, s.SaveTrust(ctx, app.Trust{Workspace: "w2", Issuer: l.Issuer}))
	in, err := s.TrustsIn(ctx, l.Issuer)
	check(t, err)
	if len(in) != 2 || cmp.Diff(x, in[0]) != "" {
		t.Errorf("who believes it: %+v", in)
	}
	check(t, s.DeleteTrust(ctx, "w1", l.Issuer))
	if all, err := s.Trusts(ctx, "w1"); err != nil || len(all) != 0 {
		t.Errorf("after it was taken back: %+v, %v", all, err)
	}
}
