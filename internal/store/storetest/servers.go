package storetest

import (
	"context"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// serverNotTold: a server whose memory is behind, because another one was
// faster and the word of it has not come yet, must not refuse what fits the
// plan as it is.
func serverNotTold(t *testing.T, db Database) {
	s := db.Open(t)
	check(t, s.SaveWorkspace(t.Context(), app.Workspace{ID: "w1", Name: "Acme", Zone: "UTC"}))
	p, err := Start(t.Context(), s, "p1", 1)
	check(t, err)
	here := app.New(s, app.Options{Clock: func() time.Time { return noon }})
	there := app.New(s, app.Options{Clock: func() time.Time { return noon }})
	sarah := app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{"p1": Sarah}}}
	_, err = there.Open(t.Context(), sarah, "p1") // there it is known in its first version
	check(t, err)
	version := p.Items["a0"].Version
	for n, title := range []string{"one", "two", "three"} {
		server := []*app.Service{here, there, here}[n]
		v, err := server.Do(context.Background(), sarah, "p1", plan.Edit{Item: "a0", Version: version, Patch: plan.Patch{Title: &title}})
		if err != nil {
			t.Fatalf("an edit of the present version, %q: %v", title, err)
		}
		version = v.Plan.Items["a0"].Version
	}
}
