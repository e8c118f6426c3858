package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

func manyPlans(t *testing.T, db Database) {
	s := db.Open(t)
	const writers, changes = 32, 20
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			id := plan.ID(fmt.Sprint("p", w))
			if _, err := Start(context.Background(), s, id, 1); err != nil {
				t.Error(err)
				return
			}
			for n := range changes {
				if _, err := Do(context.Background(), s, id, plan.Say{ID: plan.ID(fmt.Sprint("c", n)), Text: "x"}, Ute); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for w := range writers {
		head, err := Verify(t.Context(), s, plan.SharedStream(plan.ID(fmt.Sprint("p", w))))
		if err != nil || head.Seq < changes {
			t.Errorf("plan %d: head %+v, %v", w, head, err)
		}
	}
}

func onePlan(t *testing.T, db Database) {
	s := db.Open(t)
	const writers, changes = 8, 10
	_, err := Start(t.Context(), s, "p1", 1)
	check(t, err)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range changes {
				say := plan.Say{ID: plan.ID(fmt.Sprintf("c%d-%d", w, n)), Item: "a0", Text: "x"}
				if _, err := Do(context.Background(), s, "p1", say, []plan.ID{Ute, Sarah}[w%2]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	p, err := Read(t.Context(), s, "p1")
	check(t, err)
	if got := len(p.Comments["a0"]); got != writers*changes {
		t.Errorf("%d comments, want %d: each once", got, writers*changes)
	}
	head, err := Verify(t.Context(), s, plan.SharedStream("p1"))
	if err != nil || head != p.Head {
		t.Errorf("chain: %+v, %v; want %+v", head, err, p.Head)
	}
}

func staleAmongOthers(t *testing.T, db Database) {
	s := db.Open(t)
	commit(t, s, add(plan.SharedStream("busy"), 0, 1))
	const good, stale = 48, 16
	var all sync.WaitGroup
	start := make(chan struct{})
	for n := range good + stale {
		all.Go(func() {
			<-start
			if n < good {
				if err := s.Commit(context.Background(), add(plan.SharedStream(plan.ID(fmt.Sprint("p", n))), 0, 2)); err != nil {
					t.Errorf("a good change beside stale ones: %v", err)
				}
				return
			}
			// Its first stream fits; the second does not.
			first := plan.SharedStream(plan.ID(fmt.Sprint("a", n)))
			c := add(first, 0, 1)
			c.Appends = append(c.Appends, add(plan.SharedStream("busy"), 0, 1).Appends...)
			if err := s.Commit(context.Background(), c); !errors.Is(err, app.ErrStale) {
				t.Errorf("a stale change: %v, want ErrStale", err)
			}
			if st, err := s.Load(context.Background(), first); err != nil || len(st.Records) != 0 {
				t.Errorf("a stale change left %d records, %v", len(st.Records), err)
			}
		})
	}
	close(start)
	all.Wait()
	for n := range good {
		if got := len(load(t, s, plan.SharedStream(plan.ID(fmt.Sprint("p", n)))).Records); got != 2 {
			t.Errorf("plan %d has %d records, want 2", n, got)
		}
	}
}

// cancelled: whoever stops waiting is told either that it is stored or that it
// is not, and that is so.
func cancelled(t *testing.T, db Database) {
	s := db.Open(t)
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Commit(over, add(plan.SharedStream("never"), 0, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: %v, want context.Canceled", err)
	}
	if got := load(t, s, plan.SharedStream("never")).Records; len(got) != 0 {
		t.Error("stored with a context that was over")
	}

	const callers, times = 32, 10
	told := make([]error, callers*times)
	stream := func(n int) string { return plan.SharedStream(plan.ID(fmt.Sprint("p", n))) }
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for n := c * times; n < (c+1)*times; n++ {
				ctx, cancel := context.WithTimeout(context.Background(), rand.N(2*time.Millisecond))
				told[n] = s.Commit(ctx, add(stream(n), 0, 1))
				cancel()
			}
		})
	}
	all.Wait()
	check(t, s.Close()) // nothing is on its way any more
	s = db.Open(t)
	stored := 0
	for n, err := range told {
		got := len(load(t, s, stream(n)).Records)
		if stored += got; err == nil && got != 1 || err != nil && (got != 0 || !errors.Is(err, context.DeadlineExceeded)) {
			t.Errorf("change %d: told %v, and %d records are stored", n, err, got)
		}
	}
	t.Logf("%d of %d stored", stored, len(told))
}

func afterClose(t *testing.T, db Database) {
	s := db.Open(t)
	var all sync.WaitGroup
	told := make([]error, 64)
	for n := range told {
		all.Go(func() {
			told[n] = s.Commit(context.Background(), add(plan.SharedStream(plan.ID(fmt.Sprint("p", n))), 0, 1))
		})
	}
	check(t, s.Close())
	all.Wait()
	if err := s.Commit(t.Context(), add(plan.SharedStream("late"), 0, 1)); err == nil {
		t.Error("a change after closing was acknowledged")
	}
	s = db.Open(t)
	for n, err := range told {
		got := len(load(t, s, plan.SharedStream(plan.ID(fmt.Sprint("p", n)))).Records)
		if (err == nil) != (got == 1) {
			t.Errorf("change %d was answered %v when the store closed, and %d records are there", n, err, got)
		}
	}
}
