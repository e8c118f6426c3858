package live_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"tandem/internal/app"
	"tandem/internal/live"
	"tandem/internal/plan"
	"tandem/internal/store/pgtest"
	"tandem/internal/store/postgres"
	"tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// machine is a server as the program wires it.
type machine struct {
	hub     *live.Hub
	service *app.Service
}

func newMachine(t *testing.T, address string) machine {
	t.Helper()
	s, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	m := machine{hub: live.NewHub()}
	m.service = app.New(s, app.Options{Publisher: m.hub})
	ctx, cancel := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	heard := make(chan struct{})
	ready := sync.OnceFunc(func() { close(heard) })
	listening.Go(func() {
		_ = s.Listen(ctx, func(id plan.ID, side plan.Side) {
			m.service.Moved(id)
			if id == "" {
				m.hub.PublishAll()
				ready()
				return
			}
			m.hub.Publish(id, side)
		}, m.hub.Dismiss)
	})
	<-heard
	t.Cleanup(func() {
		cancel()
		listening.Wait()
		m.hub.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// TestPagesOnAnotherMachine: a change made on one machine is on the open
// pages of another, the buyer's own space on the buyer's only.
func TestPagesOnAnotherMachine(t *testing.T) {
	t.Parallel()
	address := pgtest.Database(t)
	s, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.SaveWorkspace(t.Context(), app.Workspace{ID: "w1", Name: "Acme", Zone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	p, err := storetest.Start(t.Context(), s, "p1", 1)
	if err != nil {
		t.Fatal(err)
	}
	here, there := newMachine(t, address), newMachine(t, address)
	as := func(person plan.ID) app.Caller {
		return app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{"p1": person}}}
	}
	page := func(person plan.ID, side plan.Side) (look func() app.View, moved <-chan struct{}) {
		moved, stop := there.hub.Watch("p1", side, person)
		t.Cleanup(stop)
		return func() app.View {
			v, err := there.service.Open(t.Context(), as(person), "p1")
			if err != nil {
				t.Fatal(err)
			}
			return v
		}, moved
	}
	ute, uteMoved := page(storetest.Ute, plan.Buyer)
	sarah, sarahMoved := page(storetest.Sarah, plan.Seller)
	if ute().Plan.Head != p.Head || sarah().Plan.Head != p.Head {
		t.Fatal("the pages do not begin with the plan as it is")
	}
	after, err := here.service.Do(t.Context(), as(storetest.Ute), "p1", plan.Say{ID: "c1", Text: "Is it done?"})
	if err != nil {
		t.Fatal(err)
	}
	for sarah().Plan.Head.Seq < after.Plan.Head.Seq {
		<-sarahMoved
	}
	for ute().Plan.Head.Seq < after.Plan.Head.Seq {
		<-uteMoved
	}
	if sarah().Plan.Head != after.Plan.Head {
		t.Errorf("on the other machine: %+v, want %+v", sarah().Plan.Head, after.Plan.Head)
	}
	own, err := here.service.DoPrivate(t.Context(), as(storetest.Ute), "p1", plan.SetNote{ID: "n1", Text: "only for us"})
	if err != nil {
		t.Fatal(err)
	}
	for ute().Own.Head.Seq < own.Own.Head.Seq {
		<-uteMoved
	}
	if got := len(sarah().Own.Notes); got != 0 {
		t.Errorf("the seller has %d notes, want none", got)
	}
}
