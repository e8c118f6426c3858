package cli

import (
	"io"
	"log/slog"
	"testing"

	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/plan"
	"tandem/internal/store/pgtest"
)

// Who is switched off at one machine has no page left open at another.
func TestMachinesSendPeopleAway(t *testing.T) {
	t.Parallel()
	address := config.DSN(pgtest.Database(t))
	machine := func() *house {
		h, err := open(t.Context(), &config.Config{DB: address}, slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(h.close)
		return h
	}
	here, there := machine(), machine()
	_, admin, err := here.service.Found(t.Context(), app.Workspace{Name: "Acme", Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "Ada", Email: "ada@acme.example", Role: app.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	m := app.Member{ID: "m1", Workspace: admin.Workspace, Name: "Max", Email: "max@acme.example"}
	if err := here.store.SaveMember(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	page, stop := there.hub.Watch("p1", plan.Seller, m.ID)
	defer stop()
	other, stopOther := there.hub.Watch("p1", plan.Seller, admin.ID)
	defer stopOther()
	go there.follow(t.Context())
	<-page // listening: everything may have changed
	if err := here.service.Suspend(t.Context(), app.Caller{Member: &admin}, m.ID, true); err != nil {
		t.Fatal(err)
	}
	for range page { // until it is closed
	}
	select {
	case _, open := <-other:
		if !open {
			t.Error("somebody else was sent away, too")
		}
	default:
	}
}
