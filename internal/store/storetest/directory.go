package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

func members(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	if _, err := s.Workspace(ctx, "w1"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an unknown workspace: %v, want ErrNotFound", err)
	}
	w1 := app.Workspace{ID: "w1", Name: "Acme", Language: "en", Zone: "Europe/Berlin", Region: "DE-BY", Notice: "no obligation", Created: noon,
		Closed: []plan.SpanInput{{From: civil.Of(2028, time.December, 24), To: civil.Of(2029, time.January, 1), Note: "plant shutdown"}}, Fiscal: 4}
	w2 := app.Workspace{ID: "w2", Name: "Other", Created: noon.Add(-time.Hour)}
	check(t, s.SaveWorkspace(ctx, w1))
	check(t, s.SaveWorkspace(ctx, w2))
	w1.Name = "Acme GmbH"
	check(t, s.SaveWorkspace(ctx, w1))
	all, err := s.Workspaces(ctx)
	check(t, err)
	if diff := cmp.Diff([]app.Workspace{w2, w1}, all); diff != "" {
		t.Errorf("workspaces (-want +got):\n%s", diff)
	}

	m := app.Member{ID: "m1", Workspace: "w1", Name: "Sarah", Email: "Sarah.Çhen@Acme.example", Language: "de", Role: app.RoleAdmin, Created: noon, External: "ext-1"}
	check(t, s.SaveMember(ctx, m))
	m.Name = "Sarah Chen"
	check(t, s.SaveMember(ctx, m))
	for _, email := range []string{m.Email, " sarah.çhen@acme.EXAMPLE "} {
		if got, err := s.MemberByEmail(ctx, "w1", email); err != nil || got != m {
			t.Errorf("by %q: %+v, %v", email, got, err)
		}
	}
	if got, err := s.Member(ctx, "m1"); err != nil || got != m {
		t.Errorf("by id: %+v, %v", got, err)
	}
	if err := s.SaveMember(ctx, app.Member{ID: "m2", Workspace: "w1", Email: "SARAH.çhen@acme.example"}); !errors.Is(err, app.ErrTaken) {
		t.Errorf("a second member with the address: %v, want ErrTaken", err)
	}
	check(t, s.SaveMember(ctx, app.Member{ID: "m2", Workspace: "w2", Email: m.Email}))
	check(t, s.SaveMember(ctx, app.Member{ID: "m3", Workspace: "w1", Created: noon.Add(-time.Minute)}))
	check(t, s.SaveMember(ctx, app.Member{ID: "m4", Workspace: "w1", Created: noon.Add(time.Minute)}))
	for _, email := range []string{"", "nobody@acme.example"} {
		if _, err := s.MemberByEmail(ctx, "w1", email); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("by %q: %v, want ErrNotFound", email, err)
		}
	}
	list, err := s.Members(ctx, "w1")
	check(t, err)
	if len(list) != 3 || list[0].ID != "m3" || list[1] != m || list[2].ID != "m4" {
		t.Errorf("members %+v, want m3, m1, m4", list)
	}

	m.Role, m.Disabled = app.RoleSeller, noon // read before they were changed, or made up
	check(t, s.SaveMember(ctx, m))
	if got, _ := s.Member(ctx, "m1"); got.Role != app.RoleAdmin || !got.Disabled.IsZero() {
		t.Errorf("saving a member changed what they may do: %+v", got)
	}
	if got, err := s.MemberByExternal(ctx, "w1", "ext-1"); err != nil || got.ID != "m1" {
		t.Errorf("by what the directory calls them: %+v, %v", got, err)
	}
	for _, of := range [][2]plan.ID{{"w1", ""}, {"w2", "ext-1"}} {
		if got, err := s.MemberByExternal(ctx, of[0], string(of[1])); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("directory's %q in %s: %+v, %v, want ErrNotFound", of[1], of[0], got, err)
		}
	}
	if err := s.SaveMember(ctx, app.Member{ID: "m5", Workspace: "w1", External: "ext-1"}); !errors.Is(err, app.ErrTaken) {
		t.Errorf("a second one the directory calls so: %v, want ErrTaken", err)
	}
	both, err := s.MembersByEmail(ctx, " SARAH.çhen@acme.example")
	check(t, err)
	if len(both) != 2 || both[0].ID != "m2" || both[1].ID != "m1" {
		t.Errorf("in all workspaces: %+v, want m2 and m1", both)
	}
	if none, err := s.MembersByEmail(ctx, ""); err != nil || len(none) != 0 {
		t.Errorf("without address: %+v, %v", none, err)
	}

	var taken atomic.Int64
	var race sync.WaitGroup
	for n := range 16 {
		race.Go(func() {
			err := s.SaveMember(context.Background(), app.Member{ID: plan.ID(fmt.Sprint("r", n)), Workspace: "w1", Email: "race@acme.example"})
			if errors.Is(err, app.ErrTaken) {
				taken.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	race.Wait()
	if taken.Load() != 15 {
		t.Errorf("%d of 16 found the address taken, want 15", taken.Load())
	}
}

// rights are what a member may do: always somebody is left who administers.
func rights(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w2", Created: noon}))
	check(t, s.SaveMember(ctx, app.Member{ID: "elsewhere", Workspace: "w2", Role: app.RoleAdmin}))
	for n := range 8 {
		check(t, s.SaveMember(ctx, app.Member{ID: plan.ID(fmt.Sprint("a", n)), Workspace: "w1", Role: app.RoleAdmin, Created: noon}))
	}
	check(t, s.SaveMember(ctx, app.Member{ID: "seller", Workspace: "w1", Created: noon}))
	check(t, s.SetRole(ctx, "seller", app.RoleManager))
	check(t, s.SetDisabled(ctx, "seller", noon, app.ByGroups))
	got, err := s.Member(ctx, "seller")
	check(t, err)
	if got.Role != app.RoleManager || !got.Disabled.Equal(noon) || got.DisabledBy != app.ByGroups {
		t.Errorf("got %+v, want a manager whom groups switched off", got)
	}
	check(t, s.SetDisabled(ctx, "seller", time.Time{}, ""))
	if got, _ := s.Member(ctx, "seller"); !got.Disabled.IsZero() || got.DisabledBy != "" {
		t.Errorf("got %+v, want it switched on", got)
	}
	if err := s.SetRole(ctx, "nobody", app.RoleSeller); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("an unknown member: %v, want ErrNotFound", err)
	}

	var kept atomic.Int64
	var race sync.WaitGroup
	start := make(chan struct{})
	for n := range 8 {
		race.Go(func() {
			<-start
			id := plan.ID(fmt.Sprint("a", n))
			err := s.SetDisabled(context.Background(), id, noon, app.ByPerson)
			if n%2 == 0 {
				err = s.SetRole(context.Background(), id, app.RoleSeller)
			}
			if errors.Is(err, app.ErrLastAdmin) {
				kept.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	race.Wait()
	left := 0
	list, err := s.Members(ctx, "w1")
	check(t, err)
	for _, m := range list {
		if m.Role == app.RoleAdmin && m.Disabled.IsZero() {
			left++
		}
	}
	if kept.Load() != 1 || left != 1 {
		t.Errorf("all administrators at once: %d refused, %d left; want 1 and 1", kept.Load(), left)
	}
	if err := s.SetRole(ctx, "elsewhere", app.RoleSeller); !errors.Is(err, app.ErrLastAdmin) {
		t.Errorf("another workspace's last one: %v, want ErrLastAdmin", err)
	}
}

func passes(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	p := app.Pass{Hash: []byte("\x00\xffhash"), Kind: app.PersonalPass, Plan: "p1", Person: "u1", Side: plan.Buyer, Member: "m1",
		MaxUses: 2, Created: noon, Expires: noon.Add(time.Hour)}
	check(t, s.SavePass(ctx, p))
	if got, err := s.Pass(ctx, p.Hash); err != nil || cmp.Diff(p, got) != "" {
		t.Errorf("%+v, %v; want %+v", got, err, p)
	}
	if _, err := s.UsePass(ctx, p.Hash, p.Expires); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("at its end: %v, want ErrNotFound", err)
	}
	got, err := s.UsePass(ctx, p.Hash, p.Expires.Add(-time.Millisecond))
	if err != nil || got.Uses != 1 || got.Person != "u1" {
		t.Errorf("%+v, %v; want its first use", got, err)
	}
	check(t, s.SavePass(ctx, p)) // read before the use
	if got, _ := s.Pass(ctx, p.Hash); got.Uses != 1 {
		t.Errorf("saving gave back %d uses", 1-got.Uses)
	}
	_, err = s.UsePass(ctx, p.Hash, noon)
	check(t, err)
	if _, err := s.UsePass(ctx, p.Hash, noon); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("used up: %v, want ErrNotFound", err)
	}

	forever := app.Pass{Hash: []byte("forever"), Kind: app.SharePass, Plan: "p1", Created: noon.Add(-time.Hour)}
	check(t, s.SavePass(ctx, forever))
	for range 3 {
		_, err := s.UsePass(ctx, forever.Hash, noon.AddDate(50, 0, 0))
		check(t, err)
	}
	list, err := s.Passes(ctx, "p1")
	check(t, err)
	if len(list) != 2 || string(list[0].Hash) != "forever" {
		t.Errorf("passes of the plan: %+v, want both, oldest first", list)
	}
	for i, hash := range []string{"feed", "older"} {
		check(t, s.SavePass(ctx, app.Pass{Hash: []byte(hash), Kind: app.FeedPass, Member: "m-feed", Created: noon.Add(-time.Duration(i) * time.Hour), Expires: noon}))
	}
	mine, err := s.MemberPasses(ctx, "m-feed")
	check(t, err)
	if len(mine) != 2 || string(mine[0].Hash) != "older" || mine[0].Kind != app.FeedPass {
		t.Errorf("passes of the member: %+v, want both, oldest first", mine)
	}
	if none, err := s.MemberPasses(ctx, ""); err != nil || len(none) != 0 {
		t.Errorf("passes of nobody: %+v, %v", none, err)
	}
	check(t, s.RevokePass(ctx, forever.Hash))
	check(t, s.SavePass(ctx, forever)) // read before the revocation
	if got, _ := s.Pass(ctx, forever.Hash); !got.Revoked || got.Uses != 3 {
		t.Errorf("%+v, want it revoked after 3 uses", got)
	}
	for _, hash := range [][]byte{forever.Hash, []byte("unknown")} {
		if _, err := s.UsePass(ctx, hash, noon); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("%q: %v, want ErrNotFound", hash, err)
		}
	}
	if err := s.RevokePass(ctx, []byte("unknown")); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("revoking an unknown pass: %v, want ErrNotFound", err)
	}
}

func passRace(t *testing.T, db Database) {
	s := db.Open(t)
	for _, most := range []int{1, 3} {
		hash := []byte(fmt.Sprint("pass", most))
		check(t, s.SavePass(t.Context(), app.Pass{Hash: hash, Kind: app.SetupPass, MaxUses: most}))
		var won atomic.Int64
		var race sync.WaitGroup
		start := make(chan struct{})
		for range 64 {
			race.Go(func() {
				<-start
				switch _, err := s.UsePass(context.Background(), hash, noon); {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, app.ErrNotFound):
					t.Error(err)
				}
			})
		}
		close(start)
		race.Wait()
		if won.Load() != int64(most) {
			t.Errorf("%d of 64 won a pass for %d", won.Load(), most)
		}
	}
}

func sessions(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	x := app.Session{Hash: []byte("h1"), Member: "m1", Language: "de", Theme: "dark", Created: noon, Seen: noon.Add(time.Minute),
		Expires: noon.Add(time.Hour), Persons: map[plan.ID]plan.ID{"p1": "guest", "p2": "ute"}}
	check(t, s.SaveSession(ctx, x))
	if got, err := s.Session(ctx, x.Hash); err != nil || cmp.Diff(x, got) != "" {
		t.Errorf("%+v, %v; want %+v", got, err, x)
	}
	check(t, s.SaveSession(ctx, app.Session{Hash: []byte("h2"), Persons: map[plan.ID]plan.ID{"p1": "guest"}}))
	check(t, s.SaveSession(ctx, app.Session{Hash: []byte("h3"), Persons: map[plan.ID]plan.ID{"p1": "other"}}))
	check(t, s.RebindPerson(ctx, "p1", "guest", "listed"))
	for hash, want := range map[string]map[plan.ID]plan.ID{
		"h1": {"p1": "listed", "p2": "ute"}, "h2": {"p1": "listed"}, "h3": {"p1": "other"}} {
		got, err := s.Session(ctx, []byte(hash))
		check(t, err)
		if diff := cmp.Diff(want, got.Persons); diff != "" {
			t.Errorf("%s acts as (-want +got):\n%s", hash, diff)
		}
	}
	x.Persons = map[plan.ID]plan.ID{"p3": "ute"}
	x.Theme = ""
	check(t, s.SaveSession(ctx, x))
	got, err := s.Session(ctx, x.Hash)
	check(t, err)
	if diff := cmp.Diff(map[plan.ID]plan.ID{"p1": "listed", "p2": "ute", "p3": "ute"}, got.Persons); diff != "" || got.Theme != "" {
		t.Errorf("after coming into a third plan (-want +got):\n%s", diff)
	}
	check(t, s.DeleteSession(ctx, x.Hash))
	check(t, s.DeleteSession(ctx, x.Hash))
	if _, err := s.Session(ctx, x.Hash); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a deleted session: %v, want ErrNotFound", err)
	}
	if _, err := s.Session(ctx, []byte("h2")); err != nil {
		t.Errorf("another session was deleted too: %v", err)
	}
}

func sessionChanges(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	check(t, s.SaveMember(ctx, app.Member{ID: "m1", Workspace: "w1", Created: noon}))
	save := func(hash string, member plan.ID, seen time.Time, persons map[plan.ID]plan.ID) app.Session {
		x := app.Session{Hash: []byte(hash), Member: member, Created: noon, Seen: seen, Expires: noon.Add(time.Hour), Persons: persons,
			Agent: "Firefox, Linux", Proved: noon, Way: app.WayMail}
		check(t, s.SaveSession(ctx, x))
		return x
	}
	save("h1", "m1", noon, map[plan.ID]plan.ID{"p1": "guest"})
	save("h2", "m1", noon.Add(time.Minute), nil)
	save("h3", "", noon.Add(2*time.Minute), map[plan.ID]plan.ID{"p1": "m1"}) // came in by a link of the member's own
	save("h4", "m2", noon, map[plan.ID]plan.ID{"p9": "other"})

	check(t, s.PreferSession(ctx, []byte("h1"), "en", "dark"))
	check(t, s.SeeSession(ctx, []byte("h1"), noon.Add(3*time.Minute)))
	check(t, s.SeeSession(ctx, []byte("h1"), noon.Add(time.Minute))) // late
	check(t, s.ProveSession(ctx, []byte("h1"), "", noon.Add(time.Minute), app.WayPasskey))
	check(t, s.ProveSession(ctx, []byte("h1"), "p1", noon.Add(2*time.Minute), app.WayMail))
	want := app.Session{Hash: []byte("h1"), Member: "m1", Language: "en", Theme: "dark", Created: noon, Seen: noon.Add(3 * time.Minute), Expires: noon.Add(time.Hour),
		Persons: map[plan.ID]plan.ID{"p1": "guest"}, Agent: "Firefox, Linux", Proved: noon.Add(time.Minute), Way: app.WayPasskey,
		ProvedPersons: map[plan.ID]time.Time{"p1": noon.Add(2 * time.Minute)}}
	got, err := s.Session(ctx, []byte("h1"))
	check(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a changed session (-want +got):\n%s", diff)
	}

	names := func(list []app.Session) (out string) {
		for _, x := range list {
			out += string(x.Hash) + " "
		}
		return out
	}
	for _, c := range []struct {
		name    string
		member  plan.ID
		persons []plan.ID
		at      time.Time
		want    string
	}{
		{"of a member", "m1", nil, noon, "h1 h3 h2 "},
		{"of a guest", "", []plan.ID{"other"}, noon, "h4 "},
		{"of somebody who is both", "m1", []plan.ID{"guest", "other"}, noon, "h1 h3 h2 h4 "},
		{"of nobody", "", nil, noon, ""},
		{"expired", "m1", nil, noon.Add(time.Hour), ""},
	} {
		list, err := s.Sessions(ctx, c.member, c.persons, c.at)
		if err != nil || names(list) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, names(list), err, c.want)
		}
	}

	// Who is switched off acts no more, also where they came in as a guest.
	check(t, s.SaveMember(ctx, app.Member{ID: "admin", Workspace: "w1", Role: app.RoleAdmin}))
	check(t, s.SetDisabled(ctx, "m1", noon, app.ByPerson))
	if got, err := s.Session(ctx, []byte("h3")); err != nil || len(got.Persons) != 0 {
		t.Errorf("a disabled member still acts as %v, %v", got.Persons, err)
	}
	check(t, s.SavePass(ctx, app.Pass{Hash: []byte("l1"), Kind: app.PersonalPass, Plan: "p1", Person: "m1"}))
	check(t, s.SavePass(ctx, app.Pass{Hash: []byte("l2"), Kind: app.MemberPass, Member: "m1"}))
	check(t, s.SavePass(ctx, app.Pass{Hash: []byte("l3"), Kind: app.PersonalPass, Plan: "p1", Person: "other"}))
	check(t, s.Expel(ctx, "m1"))
	for hash, there := range map[string]bool{"h1": false, "h2": false, "h3": false, "h4": true} {
		if _, err := s.Session(ctx, []byte(hash)); (err == nil) != there {
			t.Errorf("session %s: %v, want it there: %v", hash, err, there)
		}
	}
	for hash, dead := range map[string]bool{"l1": true, "l2": true, "l3": false} {
		if p, err := s.Pass(ctx, []byte(hash)); err != nil || p.Revoked != dead {
			t.Errorf("link %s revoked: %v, %v, want %v", hash, p.Revoked, err, dead)
		}
	}
	// What changes a session does not bring a revoked one back.
	check(t, s.PreferSession(ctx, []byte("h1"), "en", ""))
	check(t, s.SeeSession(ctx, []byte("h1"), noon))
	check(t, s.ProveSession(ctx, []byte("h1"), "", noon, app.WayMail))
	check(t, s.ProveSession(ctx, []byte("h1"), "p1", noon, app.WayMail))
	if _, err := s.Session(ctx, []byte("h1")); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("a revoked session came back: %v", err)
	}
}
