package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// Contender is a database to measure.
type Contender struct {
	Open func(b *testing.B) Store
	// Syncs counts how often the database has synced its log.
	Syncs func(b *testing.B, s Store) int64
	// Bare is the least the database can do: insert a row of the given bytes
	// and commit, on one connection and with the same safety.
	Bare func(b *testing.B, row []byte) (insert func() error)
}

// Bench measures acknowledged changes, one event with its words and the rows
// of the plan's list and of the portfolio each, at 1, 16 and 64 writers, and once with a job in
// every change; how many syncs a change takes; and how that compares with two bare operations of the same run.
func Bench(b *testing.B, c Contender) {
	row := []byte(strings.Repeat("x", changeBytes()))
	bare := map[string]float64{} // operations a second
	b.Run("bare write and fsync", func(b *testing.B) {
		bare["fsync"] = each(b, fsyncs(b, row))
	})
	b.Run("bare insert and commit", func(b *testing.B) {
		bare["insert"] = each(b, c.Bare(b, row))
	})
	for _, load := range []struct {
		writers int
		what    string
		jobs    bool
	}{{1, "", false}, {16, "", false}, {64, "", false}, {16, " with a job each", true}} {
		b.Run(fmt.Sprintf("%d writers%s", load.writers, load.what), func(b *testing.B) {
			s := c.Open(b)
			before := c.Syncs(b, s)
			rate := changes(b, s, load.writers, load.jobs)
			b.ReportMetric(rate, "changes/s")
			b.ReportMetric(float64(c.Syncs(b, s)-before)/float64(b.N), "syncs/change")
			for name, r := range bare {
				b.ReportMetric(rate/r, "×bare-"+name)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// each runs an operation b.N times and returns how many a second.
func each(b *testing.B, do func() error) float64 {
	start := time.Now()
	n := 0
	for b.Loop() {
		n++
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(n) / time.Since(start).Seconds()
}

func fsyncs(b *testing.B, row []byte) func() error {
	f, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return func() error {
		if _, err := f.Write(row); err != nil {
			return err
		}
		return f.Sync()
	}
}

// typical is a change as the protocol makes them: an edit of a title.
func typical(id plan.ID, seq int64) app.Change {
	c := add(plan.SharedStream(id), seq-1, 1)
	r := &c.Appends[0].Records[0]
	r.Kind, r.Hash = "item.edited", strings.Repeat("h", 64)
	r.Data = []byte(`{"item":"0123456789abcdef01234567","terms":{"title":"` + strings.Repeat("h", 64) + `","doneWhen":"` + strings.Repeat("h", 64) +
		`","party":"joint","owners":{"buyer":"0123456789abcdef01234567","seller":"0123456789abcdef01234567"},"due":"2026-05-26"},"fields":["title"]}`)
	r.Texts = []plan.Sealed{{Hash: fmt.Sprintf("%064d", seq), Salt: make([]byte, 16), Value: "Legal review of the data processing agreement", Subject: Ute}}
	c.Row = &app.PlanRow{Plan: id, Workspace: "w1", Home: plan.Seller, Title: "CRM rollout", Buyer: "Nordwerk", Seller: "Acme",
		Phase: plan.Shared, DecideBy: "2026-06-30", Updated: noon.Add(time.Duration(seq) * time.Millisecond), Seq: seq}
	shown := shownRow(1)
	shown.Plan, shown.Title, shown.Updated, shown.Seq = id, c.Row.Title, c.Row.Updated, seq
	was := shown
	was.Seq--
	c.Shown, c.Before = &shown, &was
	return c
}

func changeBytes() int {
	r := typical("0123456789abcdef01234567", 1).Appends[0].Records[0]
	return len(r.Stream) + len(r.Data) + len(r.Kind) + len(r.Hash) + len(r.Texts[0].Hash) + len(r.Texts[0].Value) + 16
}

// changes runs b.N changes by so many writers, each on plans of its own, and
// returns how many were acknowledged a second.
func changes(b *testing.B, s Store, writers int, jobs bool) float64 {
	ready := make([]int64, writers)
	for w := range writers { // the streams are there, the statements prepared
		commit(b, s, typical(benchPlan(w), 1))
		ready[w] = 1
	}
	var next sync.Mutex
	left := b.N
	take := func() bool {
		next.Lock()
		defer next.Unlock()
		left--
		return left >= 0
	}
	var all sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for w := range writers {
		all.Go(func() {
			for take() {
				ready[w]++
				c := typical(benchPlan(w), ready[w])
				if jobs {
					c.Jobs = []app.Job{{Kind: "note", Key: fmt.Sprint(w, "/", ready[w]), RunAt: noon, Data: []byte(benchPlan(w))}}
				}
				if err := s.Commit(context.Background(), c); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(b.N) / time.Since(start).Seconds()
}

func benchPlan(w int) plan.ID { return plan.ID(fmt.Sprintf("%024d", w)) }
