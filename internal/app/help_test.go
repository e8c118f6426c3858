package app_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/store/sqlite"
)

// house is a service on a real database, with a clock the test moves.
type house struct {
	*app.Service
	t      *testing.T
	store  *noting
	now    time.Time
	seller app.Caller // leads the plans it makes
	told   []string   // what was published: plan/side
}

// noting is the real store, and remembers the jobs that changes asked for.
// That they are run, and when, is the business of whoever runs them.
type noting struct {
	*sqlite.Store
	mu   sync.Mutex
	jobs []app.Job
}

func (n *noting) Commit(ctx context.Context, c app.Change) error {
	err := n.Store.Commit(ctx, c)
	if err == nil {
		n.add(c.Jobs...)
	}
	return err
}

// add keeps jobs, of one kind, key and time only one.
func (n *noting) add(jobs ...app.Job) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, j := range jobs {
		if j.Key == "" || !slices.ContainsFunc(n.jobs, func(k app.Job) bool { return k.Kind == j.Kind && k.Key == j.Key && k.RunAt.Equal(j.RunAt) }) {
			n.jobs = append(n.jobs, j)
		}
	}
}

// runDue runs the jobs that are due by the test's clock, also those they ask
// for, and says how many there were.
func (h *house) runDue() int {
	h.t.Helper()
	n := 0
	for {
		h.store.mu.Lock()
		first := -1
		for i, j := range h.store.jobs {
			if !j.RunAt.After(h.now) && (first < 0 || j.RunAt.Before(h.store.jobs[first].RunAt)) {
				first = i
			}
		}
		if first < 0 {
			h.store.mu.Unlock()
			return n
		}
		j := h.store.jobs[first]
		h.store.jobs = slices.Delete(h.store.jobs, first, first+1)
		h.store.mu.Unlock()
		var again app.Again
		switch err := h.RunJob(h.ctx(), j); {
		case errors.As(err, &again):
			j.RunAt = again.At
			h.store.add(j)
		case err != nil:
			h.t.Fatalf("job %s: %v", j.Kind, err)
		}
		n++
	}
}

func (h *house) Publish(id plan.ID, side plan.Side) {
	h.told = append(h.told, string(id)+"/"+string(side))
}

func (h *house) Dismiss(id, person plan.ID) {
	h.told = append(h.told, string(id)+"-"+string(person))
}

func open(t *testing.T) *house {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	noted := &noting{Store: st}
	h := &house{t: t, store: noted, now: time.Date(2028, 5, 2, 9, 0, 0, 0, time.UTC)}
	h.Service = app.New(noted, app.Options{Publisher: h, Clock: func() time.Time { return h.now }})
	_, m, err := h.Found(t.Context(), app.Workspace{Name: "Acme Cloud", Language: "en", Zone: "Europe/Berlin", Region: "GB-ENG"},
		app.Member{Name: "John Martinez", Email: "john@acme.example", Language: "en", Role: app.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	h.seller = app.Caller{Member: &m}
	return h
}

func (h *house) ctx() context.Context { return h.t.Context() }

// sample makes a plan of the sample file as the seller.
func (h *house) sample() app.View {
	h.t.Helper()
	v, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: app.Sample("en", civil.Of(2028, time.May, 2))})
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// buyer is somebody whom the seller names as the buyer's lead, and who came in
// by a link out of a mail.
func (h *house) buyer(id plan.ID, name string) app.Caller {
	h.t.Helper()
	if _, err := h.ShareLink(h.ctx(), h.seller, id); err != nil {
		h.t.Fatal(err)
	}
	person := h.NewID()
	for _, cmd := range []plan.Command{
		plan.AddPerson{NewPerson: plan.NewPerson{ID: person, Side: plan.Buyer, Name: name, Email: "somebody@nordwerk.example"}},
		plan.LetIn{Person: person, Access: plan.Lead},
	} {
		if _, err := h.Do(h.ctx(), h.seller, id, cmd); err != nil {
			h.t.Fatal(err)
		}
	}
	link, err := h.DemoLink(h.ctx(), app.Pass{Kind: app.PersonalPass, Plan: id, Person: person, Side: plan.Buyer})
	if err != nil {
		h.t.Fatal(err)
	}
	_, c, _, err := h.Return(h.ctx(), app.Caller{}, link, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return app.Caller{Session: app.Session{Persons: c.Session.Persons}} // no browser: it is not asked to prove itself
}

func step(v app.View, party plan.Party) *plan.Item {
	for _, it := range v.Plan.Live(plan.KindAction) {
		if it.Terms.Party == party && it.Progress.Status == plan.Open {
			return it
		}
	}
	return nil
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || key != "" && f.Key != key {
		t.Errorf("got error %v, want a fault %s %s", err, kind, key)
	}
}
