package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/app"
)

// playbook: versions count up, the last one stands, and only the last ones
// are kept.
func playbook(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	for _, w := range []app.Workspace{{ID: "w1", Created: noon}, {ID: "w2", Created: noon}} {
		check(t, s.SaveWorkspace(ctx, w))
	}
	text := func(page, language string, version int, title string) app.PlaybookText {
		x := app.PlaybookText{Workspace: "w1", Page: page, Language: language, Version: version, Title: title,
			Author: "mia", At: noon.Add(time.Duration(version) * time.Minute)}
		if title != "" {
			x.Lead, x.Markdown = "Kurz gesagt: ’so’.", "## Größe\n\n"+title+" \\ '"
		}
		return x
	}
	if _, err := s.PlaybookText(ctx, "w1", "when", "de", 0); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("nothing written: %v, want ErrNotFound", err)
	}
	check(t, s.SavePlaybook(ctx, text("when", "de", 1, "Wann"), 3))
	check(t, s.SavePlaybook(ctx, text("when", "de", 2, "Wann denn"), 3))
	check(t, s.SavePlaybook(ctx, text("when", "en", 1, "When"), 3))
	check(t, s.SavePlaybook(ctx, text("dates", "de", 1, ""), 3))
	for _, stale := range []int{1, 2, 4} {
		if err := s.SavePlaybook(ctx, text("when", "de", stale, "Zu spät"), 3); !errors.Is(err, app.ErrStale) {
			t.Errorf("version %d after 2: %v, want ErrStale", stale, err)
		}
	}
	got, err := s.PlaybookText(ctx, "w1", "when", "de", 0)
	check(t, err)
	if diff := cmp.Diff(text("when", "de", 2, "Wann denn"), got); diff != "" {
		t.Errorf("the last version (-want +got):\n%s", diff)
	}
	short := func(x app.PlaybookText) app.PlaybookText { x.Markdown = ""; return x }
	all, err := s.Playbook(ctx, "w1")
	check(t, err)
	want := []app.PlaybookText{text("dates", "de", 1, ""), short(text("when", "de", 2, "Wann denn")), short(text("when", "en", 1, "When"))}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("all pages (-want +got):\n%s", diff)
	}
	if other, err := s.Playbook(ctx, "w2"); err != nil || len(other) != 0 {
		t.Errorf("another workspace has %v, %v", other, err)
	}
	check(t, s.SavePlaybook(ctx, text("when", "de", 3, ""), 3))
	check(t, s.SavePlaybook(ctx, text("when", "de", 4, "Wieder"), 3))
	versions, err := s.PlaybookVersions(ctx, "w1", "when", "de")
	check(t, err)
	want = []app.PlaybookText{short(text("when", "de", 4, "Wieder")), text("when", "de", 3, ""), short(text("when", "de", 2, "Wann denn"))}
	if diff := cmp.Diff(want, versions); diff != "" {
		t.Errorf("the last three versions (-want +got):\n%s", diff)
	}
	if _, err := s.PlaybookText(ctx, "w1", "when", "de", 1); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("the fourth but last: %v, want ErrNotFound", err)
	}
	check(t, s.ForgetMember(ctx, "mia"))
	if got, err = s.PlaybookText(ctx, "w1", "when", "de", 2); err != nil || got.Author != "" || got.Title != "Wann denn" {
		t.Errorf("after its author was erased: %+v, %v", got, err)
	}
}

// playbookRace: of many who write over the same version one wins.
func playbookRace(t *testing.T, db Database) {
	s, ctx := db.Open(t), t.Context()
	check(t, s.SaveWorkspace(ctx, app.Workspace{ID: "w1", Created: noon}))
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			errs[i] = s.SavePlaybook(ctx, app.PlaybookText{Workspace: "w1", Page: "when", Language: "en", Version: 1, Title: "a", Markdown: "b", At: noon}, 5)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, app.ErrStale) {
			t.Errorf("got %v, want ErrStale", err)
		}
	}
	if won != 1 {
		t.Errorf("%d writers won, want 1", won)
	}
}
