package cli

import (
	"path/filepath"
	"testing"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/plan"
)

// TestDemo plays the demo in both languages and looks at what it shows: every
// state of the protocol that a visitor should find, and a chain that verifies.
func TestDemo(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			st, err := openStore(t.Context(), &config.Config{DB: config.DSN(filepath.Join(t.TempDir(), "demo.db"))})
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			clock := &shifting{}
			s := app.New(st, app.Options{Clock: clock.now})
			d := &director{ctx: t.Context(), s: s, clock: clock, t: scripts[lang], lang: lang}
			for _, scene := range []func() error{d.found, d.teaches, d.team, d.decided, d.draft, d.shared, d.agreed} {
				if err := scene(); err != nil {
					t.Fatal(err)
				}
			}
			phases := map[plan.Phase]int{}
			rows, err := s.List(t.Context(), d.seller, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				phases[r.Phase]++
			}
			for _, want := range []plan.Phase{plan.Draft, plan.Shared, plan.Agreed, plan.Decided} {
				if phases[want] == 0 {
					t.Errorf("no plan is in phase %s", want)
				}
			}
			v, err := s.Open(t.Context(), d.seller, d.main)
			if err != nil {
				t.Fatal(err)
			}
			if v.Plan.Revision < 2 || len(v.Plan.OpenProposals()) != 1 || len(v.Own.Notes) == 0 || len(v.Own.Actions) == 0 {
				t.Errorf("got revision %d, %d open proposals, %d notes, %d internal steps", v.Plan.Revision, len(v.Plan.OpenProposals()), len(v.Own.Notes), len(v.Own.Actions))
			}
			var chain plan.Verifier
			if err := s.Log(t.Context(), v, false, chain.Next); err != nil {
				t.Error(err)
			}
		})
	}
}
