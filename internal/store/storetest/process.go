package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/process"
)

func ownProcess(workspace plan.ID, id string, version int) app.OwnProcess {
	p := process.Builtin("enterprise").As(id, version)
	p.Name = process.Words{DE: fmt.Sprintf("Unser Weg <%d>", version)}
	return app.OwnProcess{Workspace: workspace, Process: p, Origin: "enterprise@1", Member: "m1", Created: noon.Add(time.Duration(version) * time.Hour)}
}

func processes(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	first, second := ownProcess("w1", "p1", 1), ownProcess("w1", "p1", 2)
	other := ownProcess("w1", "p2", 1)
	for _, p := range []app.OwnProcess{first, other, second, ownProcess("w2", "p1", 1)} {
		check(t, s.AddProcess(ctx, p))
	}
	same := func(what string, got, want any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	got, err := s.ProcessVersion(ctx, "w1", "p1", 1)
	same("the old version", got, first, err)
	got, err = s.ProcessVersion(ctx, "w1", "p1", 0)
	same("the last version", got, second, err)
	all, err := s.Processes(ctx, "w1", 10)
	same("the last of each", all, []app.OwnProcess{second, other}, err)
	all, err = s.Processes(ctx, "w1", 1)
	same("at most one", all, []app.OwnProcess{second}, err)
	all, err = s.ProcessVersions(ctx, "w1", "p1", 10)
	same("its versions", all, []app.OwnProcess{second, first}, err)
	for _, ask := range []struct {
		workspace plan.ID
		id        string
		version   int
	}{{"w3", "p1", 1}, {"w1", "p3", 0}, {"w1", "p1", 3}} {
		if _, err := s.ProcessVersion(ctx, ask.workspace, ask.id, ask.version); !errors.Is(err, app.ErrNotFound) {
			t.Errorf("%+v: %v, want ErrNotFound", ask, err)
		}
	}
	for _, version := range []int{1, 2, 4} {
		if err := s.AddProcess(ctx, ownProcess("w1", "p1", version)); !errors.Is(err, app.ErrStale) {
			t.Errorf("version %d after 2: %v, want ErrStale", version, err)
		}
	}
	check(t, s.WithdrawProcess(ctx, "w1", "p1", noon))
	got, err = s.ProcessVersion(ctx, "w1", "p1", 0)
	second.Withdrawn = noon
	same("withdrawn", got, second, err)
	check(t, s.WithdrawProcess(ctx, "w1", "p1", time.Time{}))
	if got, err = s.ProcessVersion(ctx, "w2", "p1", 0); err != nil || !got.Withdrawn.IsZero() {
		t.Errorf("of another workspace: %v, %v", got.Withdrawn, err)
	}
	if err := s.WithdrawProcess(ctx, "w1", "p9", noon); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("withdrawn what is not there: %v", err)
	}
	oneOfMany(t, s)
}

// oneOfMany: of several who save the same next version, one does.
func oneOfMany(t *testing.T, s Store) {
	var won, stale int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			err := s.AddProcess(t.Context(), ownProcess("w1", "p2", 2))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.Is(err, app.ErrStale):
				stale++
			default:
				t.Errorf("in a race: %v", err)
			}
		})
	}
	all.Wait()
	if won != 1 || stale != 3 {
		t.Errorf("%d saved and %d were stale, want 1 and 3", won, stale)
	}
}

func processMemberGone(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	check(t, s.SaveMember(ctx, app.Member{ID: "m1", Workspace: "w1", Name: "x", Email: "x@acme.example", Role: app.RoleSeller, Created: noon}))
	check(t, s.AddProcess(ctx, ownProcess("w1", "p1", 1)))
	check(t, s.SetDisabled(ctx, "m1", noon, app.ByPerson))
	check(t, s.RemoveAccount(ctx, "m1"))
	check(t, s.ForgetMember(ctx, "m1"))
	if got, err := s.ProcessVersion(ctx, "w1", "p1", 1); err != nil || got.Member != "" {
		t.Errorf("saved by %q, %v, want nobody", got.Member, err)
	}
}
