package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// place makes a workspace with members made by hand, by their ids.
func place(t *testing.T, s Store, workspace plan.ID, ids ...plan.ID) {
	t.Helper()
	check(t, s.SaveWorkspace(t.Context(), app.Workspace{ID: workspace, Name: "Acme", Created: noon}))
	for i, id := range ids {
		check(t, s.SaveMember(t.Context(), app.Member{ID: id, Workspace: workspace, Name: string(id), Email: string(id) + "@acme.example",
			Language: "de", Role: app.RoleAdmin, Created: noon.Add(time.Duration(i) * time.Minute)}))
	}
}

func found(t *testing.T, s Store, workspace plan.ID, q app.AccountQuery) []plan.ID {
	t.Helper()
	all, err := s.Accounts(t.Context(), workspace, q)
	check(t, err)
	var out []plan.ID
	for _, a := range all {
		out = append(out, a.Member.ID)
	}
	return out
}

func accounts(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	place(t, s, "w1", "m1")
	place(t, s, "w2", "x1")
	byHand, err := s.Accounts(ctx, "w1", app.AccountQuery{})
	check(t, err)
	if len(byHand) != 1 || !byHand[0].ByHand || byHand[0].Version != 0 || byHand[0].UserName != "m1@acme.example" {
		t.Errorf("made by hand: %+v", byHand)
	}

	a := app.Account{Member: app.Member{ID: "m2", Workspace: "w1", Name: "Ute Brandt", Email: "Ute@acme.example", Language: "de", Role: app.RoleManager,
		Created: noon.Add(time.Hour), External: "ext-2"}, UserName: "UBrandt", Given: "Ute", Family: "Brandt", Formatted: "Dr. Ute Brandt", Language: "de-AT", Updated: noon}
	check(t, s.SaveAccount(ctx, a))
	a.Version = 1
	got, err := s.Accounts(ctx, "w1", app.AccountQuery{ID: "m2"})
	check(t, err)
	if diff := cmp.Diff([]app.Account{a}, got); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		q    app.AccountQuery
		want []plan.ID
	}{
		{app.AccountQuery{}, []plan.ID{"m1", "m2"}},
		{app.AccountQuery{UserName: " ubrandt "}, []plan.ID{"m2"}},
		{app.AccountQuery{UserName: "M1@acme.EXAMPLE"}, []plan.ID{"m1"}},
		{app.AccountQuery{UserName: "ute@acme.example"}, nil},
		{app.AccountQuery{Email: "ute@ACME.example"}, []plan.ID{"m2"}},
		{app.AccountQuery{External: "ext-2"}, []plan.ID{"m2"}},
		{app.AccountQuery{External: "EXT-2"}, nil},
		{app.AccountQuery{ID: "x1"}, nil},
		{app.AccountQuery{External: "ext-2", UserName: "m1@acme.example"}, nil},
	} {
		if got := found(t, s, "w1", c.q); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, got, c.want)
		}
	}

	// Somebody else has the name, as user name or as the address of who was
	// made by hand; the address; the name in the directory.
	for name, b := range map[string]app.Account{
		"user name":         {Member: app.Member{ID: "m3", Workspace: "w1", Email: "m3@acme.example"}, UserName: "UBRANDT"},
		"made by hand":      {Member: app.Member{ID: "m3", Workspace: "w1", Email: "m3@acme.example"}, UserName: "M1@acme.example"},
		"address":           {Member: app.Member{ID: "m3", Workspace: "w1", Email: "UTE@acme.example"}, UserName: "m3"},
		"directory's name":  {Member: app.Member{ID: "m3", Workspace: "w1", Email: "m3@acme.example", External: "ext-2"}, UserName: "m3"},
		"changed to taken":  {Member: app.Member{ID: "m2", Workspace: "w1", Email: "m1@acme.example"}, UserName: "UBrandt", Version: 1},
		"by hand, to taken": {Member: app.Member{ID: "m1", Workspace: "w1", Email: "m1@acme.example"}, UserName: "ubrandt"},
	} {
		if err := s.SaveAccount(ctx, b); !errors.Is(err, app.ErrTaken) {
			t.Errorf("%s: %v, want ErrTaken", name, err)
		}
	}
	if got := found(t, s, "w1", app.AccountQuery{}); len(got) != 2 {
		t.Errorf("after the refused: %v", got)
	}
	check(t, s.SaveAccount(ctx, app.Account{Member: app.Member{ID: "x2", Workspace: "w2", Email: "Ute@acme.example"}, UserName: "ubrandt"}))

	// A change leaves role and disabled alone, and needs the present version.
	check(t, s.SetDisabled(ctx, "m2", noon, app.ByDirectory))
	a.Member.Name, a.Member.Role, a.Family = "Ute Klein", app.RoleSeller, "Klein"
	check(t, s.SaveAccount(ctx, a))
	if err := s.SaveAccount(ctx, a); !errors.Is(err, app.ErrStale) {
		t.Errorf("saved from an old version: %v, want ErrStale", err)
	}
	got, err = s.Accounts(ctx, "w1", app.AccountQuery{ID: "m2"})
	check(t, err)
	want := a
	want.Version, want.Member.Role, want.Member.Disabled, want.Member.DisabledBy = 2, app.RoleManager, noon, app.ByDirectory
	if diff := cmp.Diff([]app.Account{want}, got); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}

	// Removed: no more than that there was somebody.
	check(t, s.SaveGroup(ctx, app.Group{ID: "g1", Workspace: "w1", Name: "G", Created: noon}, []app.MemberMove{{Add: true, People: []plan.ID{"m2"}}}, nobody))
	if err := s.RemoveAccount(ctx, "m1"); !errors.Is(err, app.ErrStale) {
		t.Errorf("removing who is not disabled: %v, want ErrStale", err)
	}
	check(t, s.RemoveAccount(ctx, "m2"))
	if got := found(t, s, "w1", app.AccountQuery{}); !slices.Equal(got, []plan.ID{"m1"}) {
		t.Errorf("after the removal %v, want m1", got)
	}
	m, err := s.Member(ctx, "m2")
	if err != nil || m.Name+m.Email+m.External != "" || !m.Disabled.Equal(noon) {
		t.Errorf("removed: %+v, %v", m, err)
	}
	if in, err := s.MembersOf(ctx, "g1"); err != nil || len(in) != 0 {
		t.Errorf("in the group: %v, %v", in, err)
	}
	if err := s.SaveAccount(ctx, want); !errors.Is(err, app.ErrStale) {
		t.Errorf("brought back: %v, want ErrStale", err)
	}
	a.Member.ID, a.Version = "m9", 0
	check(t, s.SaveAccount(ctx, a))
}

// nobody gives no roles.
func nobody([]app.Grouped, []app.Account) map[plan.ID]app.Assigned { return nil }

func directoryGroups(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	place(t, s, "w1", "m1", "m2", "m3")
	place(t, s, "w2", "x1")
	for _, id := range []plan.ID{"m1", "m2", "m3"} {
		check(t, s.SaveAccount(ctx, app.Account{Member: app.Member{ID: id, Workspace: "w1", Email: string(id) + "@acme.example", Created: noon}, UserName: string(id), ByHand: id == "m1"}))
	}
	g := app.Group{ID: "g1", Workspace: "w1", Name: "Tandem Managers", External: "e1", Created: noon, Updated: noon}
	var asked []string
	assign := func(people []app.Grouped, admins []app.Account) map[plan.ID]app.Assigned {
		out := map[plan.ID]app.Assigned{}
		line := ""
		for _, x := range people {
			line += fmt.Sprintf("%s:%d ", x.Member.ID, len(x.Groups))
			if len(x.Groups) > 0 {
				out[x.Member.ID] = app.Assigned{Role: app.RoleManager, Base: x.Member.Role}
			} else if x.Base != "" {
				out[x.Member.ID] = app.Assigned{Role: x.Base}
			}
		}
		asked = append(asked, fmt.Sprintf("%s| %d admins", line, len(admins)))
		return out
	}
	roles := func() string {
		all, err := s.Accounts(ctx, "w1", app.AccountQuery{})
		check(t, err)
		out := ""
		for _, a := range all {
			out += fmt.Sprintf("%s=%s/%s ", a.Member.ID, a.Member.Role, a.Base)
		}
		return out
	}
	step := func(name, wantAsked, wantRoles string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(asked) == 0 || asked[len(asked)-1] != wantAsked || roles() != wantRoles {
			t.Errorf("%s: asked %q, roles %q; want %q, %q", name, asked, roles(), wantAsked, wantRoles)
		}
	}
	step("new with two", "m1:1 m2:1 | 3 admins", "m1=manager/admin m2=manager/admin m3=admin/ ",
		s.SaveGroup(ctx, g, []app.MemberMove{{Add: true, People: []plan.ID{"m2", "m1", "m2"}}}, assign))
	g.Version, g.Name = 1, "Tandem managers"
	step("one out, one in", "m1:0 m2:1 m3:1 | 1 admins", "m1=admin/ m2=manager/manager m3=manager/admin ",
		s.SaveGroup(ctx, g, []app.MemberMove{{People: []plan.ID{"m1", "unknown"}}, {Add: true, People: []plan.ID{"m3"}}}, assign))
	g.Version = 2
	if err := s.SaveGroup(ctx, g, []app.MemberMove{{Clear: true, Add: true, People: []plan.ID{"m1", "x1"}}}, assign); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("somebody of another workspace: %v, want ErrNotFound", err)
	}
	if in, err := s.MembersOf(ctx, "g1"); err != nil || !slices.Equal(in, []plan.ID{"m2", "m3"}) {
		t.Errorf("after the refused: %v, %v", in, err)
	}
	if err := s.SaveGroup(ctx, app.Group{ID: "g1", Workspace: "w1", Name: "x", Version: 1}, nil, assign); !errors.Is(err, app.ErrStale) {
		t.Errorf("from an old version: %v, want ErrStale", err)
	}
	if err := s.SaveGroup(ctx, app.Group{ID: "g2", Workspace: "w1", Name: " TANDEM managers "}, nil, assign); !errors.Is(err, app.ErrTaken) {
		t.Errorf("a second of the name: %v, want ErrTaken", err)
	}
	check(t, s.SaveGroup(ctx, app.Group{ID: "g2", Workspace: "w1", Name: "Others", Created: noon.Add(time.Hour)}, nil, nobody))
	check(t, s.SaveGroup(ctx, app.Group{ID: "g3", Workspace: "w2", Name: "Tandem Managers"}, nil, nobody))
	for _, c := range []struct {
		q    app.GroupQuery
		want []plan.ID
	}{
		{app.GroupQuery{}, []plan.ID{"g1", "g2"}}, {app.GroupQuery{Name: "tandem MANAGERS"}, []plan.ID{"g1"}}, {app.GroupQuery{External: "e1"}, []plan.ID{"g1"}},
		{app.GroupQuery{Member: "m2"}, []plan.ID{"g1"}}, {app.GroupQuery{Member: "m1"}, nil}, {app.GroupQuery{ID: "g3"}, nil},
	} {
		all, err := s.Groups(ctx, "w1", c.q)
		check(t, err)
		var got []plan.ID
		for _, x := range all {
			got = append(got, x.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, got, c.want)
		}
	}
	step("deleted", "m2:0 m3:0 | 1 admins", "m1=admin/ m2=manager/ m3=admin/ ", s.DeleteGroup(ctx, g, assign))

	mapping := []app.RoleOfGroup{{Group: "Admins", Role: app.RoleAdmin}, {Role: app.RoleSeller}}
	step("the mapping asks about everybody", "m1:0 m2:0 m3:0 | 2 admins", "m1=admin/ m2=manager/ m3=admin/ ", s.SaveRolesOfGroups(ctx, "w1", mapping, assign))
	check(t, s.SaveRolesOfGroups(ctx, "w1", mapping, assign))
	got, err := s.RolesOfGroups(ctx, "w1")
	check(t, err)
	if diff := cmp.Diff([]app.RoleOfGroup{{Role: app.RoleSeller}, {Group: "Admins", Role: app.RoleAdmin}}, got); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
	if got, err := s.RolesOfGroups(ctx, "w2"); err != nil || len(got) != 0 {
		t.Errorf("mapping of another workspace: %v, %v", got, err)
	}
}

// lastAdministrators: of many who take roles away at once, none sees an
// administrator who is just losing it.
func lastAdministrators(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	var ids []plan.ID
	for n := range 16 {
		ids = append(ids, plan.ID(fmt.Sprint("m", n)))
	}
	place(t, s, "w1", ids...)
	for i, id := range ids {
		check(t, s.SaveAccount(ctx, app.Account{Member: app.Member{ID: id, Workspace: "w1", Email: string(id) + "@acme.example", Created: noon.Add(time.Duration(i) * time.Minute)}, UserName: string(id)}))
	}
	demote := func(people []app.Grouped, admins []app.Account) map[plan.ID]app.Assigned {
		out := map[plan.ID]app.Assigned{}
		for _, x := range people {
			if len(admins) > 1 {
				out[x.Member.ID] = app.Assigned{Role: app.RoleSeller, Base: app.RoleAdmin}
			}
		}
		return out
	}
	var race sync.WaitGroup
	start := make(chan struct{})
	for _, id := range ids {
		race.Go(func() {
			<-start
			err := s.SaveGroup(context.Background(), app.Group{ID: "g-" + id, Workspace: "w1", Name: string(id)}, []app.MemberMove{{Add: true, People: []plan.ID{id}}}, demote)
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	race.Wait()
	left := 0
	all, err := s.Members(ctx, "w1")
	check(t, err)
	for _, m := range all {
		if m.Role == app.RoleAdmin {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d administrators are left, want 1", left)
	}
}

func directoryTokens(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	place(t, s, "w1", "m1")
	a := app.DirectoryToken{ID: "t1", Workspace: "w1", Hash: []byte("\x00\xffhash"), By: "m1", Created: noon, Expires: noon.Add(time.Hour)}
	b := app.DirectoryToken{ID: "t2", Workspace: "w1", Hash: []byte("other"), By: "m1", Created: noon.Add(time.Minute)}
	check(t, s.SaveDirectoryToken(ctx, a))
	check(t, s.SaveDirectoryToken(ctx, b))
	if got, err := s.DirectoryToken(ctx, a.Hash); err != nil || cmp.Diff(a, got) != "" {
		t.Errorf("%+v, %v; want %+v", got, err, a)
	}
	if _, err := s.DirectoryToken(ctx, []byte("unknown")); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("unknown: %v, want ErrNotFound", err)
	}
	read := a
	a.Revoked, a.Used = true, noon.Add(time.Minute)
	check(t, s.SaveDirectoryToken(ctx, a))
	check(t, s.SaveDirectoryToken(ctx, read)) // read before the revocation
	list, err := s.DirectoryTokens(ctx, "w1")
	check(t, err)
	if diff := cmp.Diff([]app.DirectoryToken{b, a}, list); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	var first atomic.Int64
	var race sync.WaitGroup
	for n := range 16 {
		race.Go(func() {
			err := s.SaveAccount(context.Background(), app.Account{Member: app.Member{ID: plan.ID(fmt.Sprint("r", n)), Workspace: "w1", Email: fmt.Sprint(n, "@acme.example")}, UserName: "same"})
			if err == nil {
				first.Add(1)
			} else if !errors.Is(err, app.ErrTaken) {
				t.Error(err)
			}
		})
	}
	race.Wait()
	if first.Load() != 1 {
		t.Errorf("%d of 16 got the user name, want 1", first.Load())
	}
}
