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

	m := app.Member{ID: "m1", Workspace: "w1", Name: "Sarah", Email: "Sarah.Çhen@Acme.example", Language: "de", Admin: true, Created: noon}
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
