package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/store/postgres"
)

// wakes collects what a machine was told.
type wakes struct {
	mu   sync.Mutex
	told map[string]int // plan and side; "" for anything
	more chan struct{}
}

func listen(t *testing.T, s *postgres.Store) *wakes {
	w := &wakes{told: map[string]int{}, more: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		_ = s.Listen(ctx, func(id plan.ID, side plan.Side) {
			w.mu.Lock()
			w.told[strings.TrimSpace(string(id)+" "+string(side))]++
			w.mu.Unlock()
			select {
			case w.more <- struct{}{}:
			default:
			}
		}, func(id, person plan.ID) {
			w.mu.Lock()
			w.told["dismiss "+string(id)+" "+string(person)]++
			w.mu.Unlock()
			select {
			case w.more <- struct{}{}:
			default:
			}
		})
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	return w
}

// await returns when all of the names were told at least so often.
func (w *wakes) await(t *testing.T, times int, names ...string) {
	t.Helper()
	for {
		w.mu.Lock()
		missing := 0
		for _, n := range names {
			if w.told[n] < times {
				missing++
			}
		}
		w.mu.Unlock()
		if missing == 0 {
			return
		}
		select {
		case <-w.more:
		case <-t.Context().Done():
			t.Fatalf("not told of %d of %d", missing, len(names))
		}
	}
}

func append1(stream string) app.Change {
	return app.Change{Appends: []app.Append{{Stream: stream, Records: []plan.Record{
		{Stream: stream, Seq: 1, Kind: "x", Data: []byte("{}"), Hash: "h"}}}}}
}

func TestMachinesTellEachOther(t *testing.T) {
	t.Parallel()
	d := fresh(t)
	here, there := d.Open(t).(*postgres.Store), d.Open(t).(*postgres.Store)
	own, others := listen(t, here), listen(t, there)
	own.await(t, 1, "")
	others.await(t, 1, "") // both listen

	// Long names, so that they do not fit into one message.
	var names []string
	for n := range 300 {
		id := plan.ID(fmt.Sprintf("%040d", n))
		names = append(names, string(id))
		if err := here.Commit(t.Context(), append1(plan.SharedStream(id))); err != nil {
			t.Fatal(err)
		}
	}
	if err := here.Commit(t.Context(), append1(plan.PrivateStream("p1", plan.Buyer))); err != nil {
		t.Fatal(err)
	}
	others.await(t, 1, append(names, "p1 buyer")...)
	if err := there.Commit(t.Context(), append1(plan.SharedStream("back"))); err != nil {
		t.Fatal(err)
	}
	own.await(t, 1, "back")
	here.TellDismissed("p1", "u1")
	here.TellDismissed("", "u2")
	others.await(t, 1, "dismiss p1 u1", "dismiss  u2")
	own.mu.Lock()
	defer own.mu.Unlock()
	if len(own.told) != 2 {
		t.Errorf("a machine was told of its own changes: %d names", len(own.told))
	}
}

func TestListenerConnectsAgain(t *testing.T) {
	t.Parallel()
	d := fresh(t).(database)
	here, there := d.Open(t).(*postgres.Store), d.Open(t).(*postgres.Store)
	w := listen(t, there)
	w.await(t, 1, "")
	db := d.look(t)
	defer db.Close()
	cut := func() { // all connections, also that of the one who tells
		if _, err := db.Exec(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 3 {
		if err := here.Commit(t.Context(), append1(plan.SharedStream(plan.ID(fmt.Sprint("p", n))))); err != nil {
			t.Fatal(err)
		}
		w.await(t, 1, fmt.Sprint("p", n))
		cut()
		w.await(t, n+2, "") // anything may have changed meanwhile
	}
	if err := there.Check(t.Context()); err != nil {
		t.Errorf("after its connections were cut: %v", err)
	}
	cut()
	if _, err := there.Records(t.Context(), "p0/shared", 0, 1); err != nil {
		t.Errorf("reading after its connections were cut: %v", err)
	}
}
