package app_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
)

// telling is the real store, and notes which of its methods were called.
type telling struct {
	*sqlite.Store
	calls []string
}

func (s *telling) note(what string) { s.calls = append(s.calls, what) }

func (s *telling) Commit(ctx context.Context, c app.Change) error {
	s.note(fmt.Sprintf("Commit %d letters, %d jobs, %d appends", len(c.Letters), len(c.Jobs), len(c.Appends)))
	return s.Store.Commit(ctx, c)
}

func (s *telling) Member(ctx context.Context, id plan.ID) (app.Member, error) {
	s.note("Member")
	return s.Store.Member(ctx, id)
}

func (s *telling) MemberByEmail(ctx context.Context, w plan.ID, email string) (app.Member, error) {
	s.note("MemberByEmail")
	return s.Store.MemberByEmail(ctx, w, email)
}

func (s *telling) MembersByEmail(ctx context.Context, email string) ([]app.Member, error) {
	s.note("MembersByEmail")
	return s.Store.MembersByEmail(ctx, email)
}

func (s *telling) SaveSignIn(ctx context.Context, r app.SignInRequest) error {
	s.note("SaveSignIn")
	return s.Store.SaveSignIn(ctx, r)
}

func (s *telling) SignInByBrowser(ctx context.Context, browser []byte) (app.SignInRequest, error) {
	s.note("SignInByBrowser")
	return s.Store.SignInByBrowser(ctx, browser)
}

func (s *telling) TryCode(ctx context.Context, browser, code []byte, most int, now time.Time) (app.SignInRequest, bool, error) {
	s.note("TryCode")
	return s.Store.TryCode(ctx, browser, code, most, now)
}

// sent takes mails and forgets them.
type sent struct{ mails []app.Mail }

func (s *sent) Send(_ context.Context, m app.Mail) error { s.mails = append(s.mails, m); return nil }

// What a browser can make this server do before it has shown anything is the
// same work for every address: nothing looks for the account. So the time an
// answer takes cannot tell.
func TestAskingDoesTheSameWorkForEveryAddress(t *testing.T) {
	t.Parallel()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	store := &telling{Store: st}
	s := app.New(store, app.Options{Mailer: &sent{}})
	w, john, err := s.Found(t.Context(), app.Workspace{Name: "Acme", Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "John", Email: "john@acme.example", Role: app.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	off := app.Member{ID: s.NewID(), Workspace: w.ID, Name: "Olga", Email: "olga@acme.example", Disabled: john.Created, DisabledBy: app.ByPerson}
	if err := st.SaveMember(t.Context(), off); err != nil {
		t.Fatal(err)
	}
	work := func(email string) []string {
		store.calls = nil
		browser, err := s.AskSignIn(t.Context(), app.Caller{Agent: "Firefox, Linux"}, email, "de")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AskedSignIn(t.Context(), browser); err != nil {
			t.Fatal(err)
		}
		rows, err := st.LettersIn(t.Context(), app.LetterQueued, time.Now().Add(time.Hour), 10)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d letters wait, %v; want one", len(rows), err)
		}
		calls := slices.Clone(store.calls)
		if err := s.RunJob(t.Context(), app.Job{Kind: app.JobDeliver, Data: []byte(rows[0].ID)}); err != nil { // not what a browser waits for
			t.Fatal(err)
		}
		store.calls = calls
		for n := range 7 {
			if _, _, err := s.SignInByCode(t.Context(), app.Caller{}, browser, fmt.Sprint(n)); err == nil {
				t.Fatal("a made-up code signed in")
			}
		}
		return store.calls
	}
	want := []string{"SaveSignIn", "Commit 1 letters, 1 jobs, 0 appends", "SignInByBrowser", "TryCode", "TryCode", "TryCode", "TryCode", "TryCode", "TryCode", "TryCode"}
	for _, email := range []string{"john@acme.example", "nobody@acme.example", "olga@acme.example"} {
		if diff := cmp.Diff(want, work(email)); diff != "" {
			t.Errorf("work for %s (-want +got):\n%s", email, diff)
		}
	}
}

func TestASessionIsSeenOnceAnHour(t *testing.T) {
	t.Parallel()
	h := open(t)
	link, err := h.MemberLink(h.ctx(), *h.seller.Member)
	if err != nil {
		t.Fatal(err)
	}
	secret, c, err := h.SignIn(h.ctx(), app.Caller{Agent: "Firefox, Linux"}, link)
	if err != nil || c.Session.Agent != "Firefox, Linux" || c.Session.Way != app.WayLink {
		t.Fatalf("got %+v, %v", c.Session, err)
	}
	began := h.now
	for _, x := range []struct{ after, seen time.Duration }{{time.Minute, 0}, {59 * time.Minute, 0}, {time.Hour, time.Hour}, {119 * time.Minute, time.Hour}, {121 * time.Minute, 121 * time.Minute}} {
		h.now = began.Add(x.after)
		if _, err := h.Arrive(h.ctx(), secret); err != nil {
			t.Fatal(err)
		}
		sess, err := h.store.Session(h.ctx(), secret.Hash())
		if err != nil || !sess.Seen.Equal(began.Add(x.seen)) {
			t.Errorf("after %v: seen %v, %v; want %v", x.after, sess.Seen.Sub(began), err, x.seen)
		}
	}
}

func TestProvedIsOfWhoOneActsAs(t *testing.T) {
	t.Parallel()
	at, later := time.Unix(1000, 0), time.Unix(2000, 0)
	me := &app.Member{ID: "m1"}
	for _, c := range []struct {
		name string
		c    app.Caller
		want time.Time
	}{
		{"nobody", app.Caller{}, time.Time{}},
		{"a member", app.Caller{Member: me, Session: app.Session{Proved: at}}, at},
		{"a member who is not one any more", app.Caller{Session: app.Session{Proved: at}}, time.Time{}},
		{"a guest", app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{"p": "g"}, ProvedPersons: map[plan.ID]time.Time{"p": at}}}, at},
		{"a guest who is a member elsewhere", app.Caller{Member: me, Session: app.Session{Proved: later, Persons: map[plan.ID]plan.ID{"p": "g"}}}, time.Time{}},
		{"a member by their own link", app.Caller{Member: me, Session: app.Session{Proved: later, Persons: map[plan.ID]plan.ID{"p": "m1"}, ProvedPersons: map[plan.ID]time.Time{"p": at}}}, later},
	} {
		if got := app.Proved(c.c, "p"); !got.Equal(c.want) {
			t.Errorf("%s: proved at %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhoIsSwitchedOffIsNobody(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	// The seller comes in on their phone by a personal link, too.
	mine, err := h.PersonalLink(h.ctx(), h.seller, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	phone, _, _, err := h.Return(h.ctx(), app.Caller{}, mine, "")
	if err != nil {
		t.Fatal(err)
	}
	unused, err := h.PersonalLink(h.ctx(), h.seller, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	toSignIn, err := h.MemberLink(h.ctx(), *h.seller.Member)
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, h.Suspend(h.ctx(), h.seller, h.seller.Member.ID, true), fault.Refused, "identity.fault.last-admin")
	admin := app.Member{ID: h.NewID(), Workspace: h.seller.Member.Workspace, Name: "Ada", Email: "ada@acme.example", Role: app.RoleAdmin}
	if err := h.store.SaveMember(h.ctx(), admin); err != nil {
		t.Fatal(err)
	}
	by := app.Caller{Member: &admin}
	h.told = nil
	if err := h.Suspend(h.ctx(), by, h.seller.Member.ID, true); err != nil {
		t.Fatal(err)
	}
	if want := "-" + string(h.seller.Member.ID); !slices.Contains(h.told, want) {
		t.Errorf("told %v, want %s: open pages close", h.told, want)
	}
	c, err := h.Arrive(h.ctx(), phone)
	if err != nil || len(c.Session.Persons) != 0 || c.Member != nil {
		t.Errorf("on the phone: %+v, %v; want nobody", c, err)
	}
	if _, _, _, err := h.Return(h.ctx(), app.Caller{}, unused, ""); !fault.Is(err, fault.Missing) {
		t.Errorf("a personal link given out before: %v, want missing", err)
	}
	if _, _, err := h.SignIn(h.ctx(), app.Caller{}, toSignIn); !fault.Is(err, fault.Missing) {
		t.Errorf("a link to sign in: %v, want missing", err)
	}
	_, err = h.MemberLink(h.ctx(), app.Member{ID: h.seller.Member.ID, Disabled: h.now})
	wantFault(t, err, fault.Refused, "identity.fault.disabled")
}

// Who got a forwarded personal link ends other browsers as that person only:
// it must not sign a member out, nor a guest of another plan.
func TestEndingAsOnePersonOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	first, second := h.sample().Plan.ID, h.sample().Plan.ID
	guest := h.buyer(first, "Sarah Chen")
	link, err := h.PersonalLink(h.ctx(), guest, first)
	if err != nil {
		t.Fatal(err)
	}
	_, eve, err := h.Found(h.ctx(), app.Workspace{Name: "Other", Language: "en", Zone: "Europe/Berlin"}, app.Member{Name: "Eve", Email: "eve@other.example", Role: app.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	toSignIn, err := h.MemberLink(h.ctx(), eve)
	if err != nil {
		t.Fatal(err)
	}
	come := func(c app.Caller, x app.Secret) (app.Secret, app.Caller) {
		t.Helper()
		secret, next, _, err := h.Return(h.ctx(), c, x, "")
		if err != nil {
			t.Fatal(err)
		}
		return secret, next
	}
	_, member, err := h.SignIn(h.ctx(), app.Caller{}, toSignIn)
	if err != nil {
		t.Fatal(err)
	}
	memberToo, _ := come(member, link)
	other := h.buyer(second, "Max Other")
	toSecond, err := h.PersonalLink(h.ctx(), other, second)
	if err != nil {
		t.Fatal(err)
	}
	_, c := come(app.Caller{}, toSecond)
	guestToo, _ := come(c, link)
	same, _ := come(app.Caller{}, link)
	_, forwarded := come(app.Caller{}, link)

	h.told = nil
	if err := h.EndOtherBrowsers(h.ctx(), forwarded); err != nil {
		t.Fatal(err)
	}
	person := forwarded.Session.Persons[first]
	if want := string(first) + "-" + string(person); !slices.Contains(h.told, want) {
		t.Errorf("told %v, want %s", h.told, want)
	}
	for _, x := range []struct {
		name            string
		secret          app.Secret
		member, elsehow bool
	}{{"a member", memberToo, true, false}, {"a guest of another plan, too", guestToo, false, true}, {"the same person", same, false, false}} {
		c, err := h.Arrive(h.ctx(), x.secret)
		if err != nil {
			t.Fatal(err)
		}
		_, still := c.Session.Persons[first]
		_, elsewhere := c.Session.Persons[second]
		if still || elsewhere != x.elsehow || (c.Member != nil) != x.member {
			t.Errorf("%s: still in %v, elsewhere %v, member %v", x.name, still, elsewhere, c.Member)
		}
	}
}

// browserModel is what a browser should be.
type browserModel struct {
	secret  app.Secret
	member  plan.ID // empty: signed out, or nobody ever
	expires time.Time
	old     []app.Secret // sessions it had before
}

// Whatever people and administrators do, in whatever order: a session is
// somebody exactly as long as they signed in with it, nobody ended it, it has
// not run out unused and the account is on; no session from before comes back.
func TestSessionsInAnyOrder(t *testing.T) {
	t.Parallel()
	h := open(t)
	rapid.Check(t, func(rt *rapid.T) { sessionsInAnyOrder(h, rt) })
}

// sessionsInAnyOrder plays in a workspace of its own, later than any before.
func sessionsInAnyOrder(h *house, rt *rapid.T) {
	_, first, err := h.Found(h.ctx(), app.Workspace{Name: "Acme", Language: "en", Zone: "Europe/Berlin"}, app.Member{Name: "Ada", Email: "ada@acme.example", Role: app.RoleAdmin})
	if err != nil {
		rt.Fatal(err)
	}
	admin := app.Caller{Member: &first}
	members := []app.Member{*admin.Member}
	for n := range 2 {
		m := app.Member{ID: h.NewID(), Workspace: admin.Member.Workspace, Name: "M", Email: fmt.Sprintf("m%d@acme.example", n), Created: h.now}
		if err := h.store.SaveMember(h.ctx(), m); err != nil {
			rt.Fatal(err)
		}
		members = append(members, m)
	}
	off := map[plan.ID]bool{}
	browsers := make([]browserModel, 3)
	links := map[app.Secret]plan.ID{} // not used yet
	arrive := func(b *browserModel) app.Caller {
		c, err := h.Arrive(h.ctx(), b.secret)
		if err != nil {
			rt.Fatal(err)
		}
		return c
	}
	end := func(of func(*browserModel) bool) {
		for i := range browsers {
			if b := &browsers[i]; of(b) {
				b.member = ""
			}
		}
	}
	pick := func(rt *rapid.T) *browserModel { return &browsers[rapid.IntRange(0, 2).Draw(rt, "browser")] }
	who := func(rt *rapid.T) app.Member { return members[rapid.IntRange(0, 2).Draw(rt, "member")] }
	rt.Repeat(map[string]func(*rapid.T){
		"link": func(rt *rapid.T) {
			m := who(rt)
			m.Disabled = time.Time{}
			link, err := h.MemberLink(h.ctx(), m) // also before somebody is switched off
			if err != nil {
				rt.Fatal(err)
			}
			if !off[m.ID] {
				links[link] = m.ID
			}
		},
		"sign in": func(rt *rapid.T) {
			b := pick(rt)
			if len(links) == 0 {
				return
			}
			link := slices.Sorted(maps.Keys(links))[0]
			secret, c, err := h.SignIn(h.ctx(), arrive(b), link)
			if err != nil {
				rt.Fatalf("a link that should work: %v", err)
			}
			if secret == b.secret || c.Member.ID != links[link] {
				rt.Fatalf("the session was not renewed, or is %v", c.Member)
			}
			if _, _, err := h.SignIn(h.ctx(), app.Caller{}, link); err == nil {
				rt.Fatal("a link worked twice")
			}
			b.old = append(b.old, b.secret)
			b.secret, b.member, b.expires = secret, links[link], h.now.Add(90*24*time.Hour)
			delete(links, link)
		},
		"sign out": func(rt *rapid.T) {
			b := pick(rt)
			if err := h.SignOut(h.ctx(), arrive(b)); err != nil {
				rt.Fatal(err)
			}
			b.member = ""
		},
		"end the others": func(rt *rapid.T) {
			b := pick(rt)
			if c := arrive(b); c.Member != nil {
				if err := h.EndOtherBrowsers(h.ctx(), c); err != nil {
					rt.Fatal(err)
				}
				end(func(x *browserModel) bool { return x != b && x.member == b.member })
			}
		},
		"switch": func(rt *rapid.T) {
			m, to := who(rt), rapid.Bool().Draw(rt, "off")
			if m.ID == admin.Member.ID {
				return // the last one stays
			}
			if err := h.Suspend(h.ctx(), admin, m.ID, to); err != nil {
				rt.Fatal(err)
			}
			off[m.ID] = to
			if to {
				end(func(x *browserModel) bool { return x.member == m.ID })
				for l, of := range links {
					if of == m.ID {
						delete(links, l)
					}
				}
			}
		},
		"prefer, at the same time as an end": func(rt *rapid.T) {
			b := pick(rt)
			c := arrive(b)
			if err := h.SignOut(h.ctx(), c); err != nil {
				rt.Fatal(err)
			}
			if err := h.Prefer(h.ctx(), c, "de", "dark"); err != nil { // a request that began before
				rt.Fatal(err)
			}
			b.member = ""
		},
		"time passes": func(rt *rapid.T) {
			h.now = h.now.Add(time.Duration(rapid.IntRange(1, 100*24).Draw(rt, "hours")) * time.Hour)
			for l := range links { // a week
				if p, err := h.store.Pass(h.ctx(), l.Hash()); err != nil || !h.now.Before(p.Expires) {
					delete(links, l)
				}
			}
			if err := h.RunJob(h.ctx(), app.Job{Kind: app.JobSweepIdentity}); err != nil {
				rt.Fatal(err)
			}
		},
		"": func(rt *rapid.T) {
			for i := range browsers {
				b := &browsers[i]
				switch until := h.now.Add(90 * 24 * time.Hour); {
				case !h.now.Before(b.expires):
					b.member = ""
				case until.Sub(b.expires) >= 24*time.Hour: // it is used
					b.expires = until
				}
				want := b.member
				got := plan.ID("")
				if m := arrive(b).Member; m != nil {
					got = m.ID
				}
				if got != want {
					rt.Fatalf("browser %d is %q, want %q", i, got, want)
				}
				for _, old := range b.old {
					if c, err := h.Arrive(h.ctx(), old); err != nil || c.Member != nil {
						rt.Fatalf("a session from before is %+v, %v", c.Member, err)
					}
				}
			}
		},
	})
}
