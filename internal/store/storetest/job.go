package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/internal/app"
	"tandem/internal/jobs"
)

// In these tests time is the bubble's: it stands still while anybody has
// something to do, and jumps to the next moment for which somebody waits. So
// minutes pass in no time, on real databases. River wakes twenty times a
// second, which makes days too long even so: hands can move their clock.

// hands do jobs, and remember when they did which.
type hands struct {
	kinds     []string
	periodics []app.Periodic
	do        func(ctx context.Context, j app.Job) error // nil: it is done

	skipped atomic.Int64 // how far their clock was moved

	mu   sync.Mutex
	done []attempt
	log  bytes.Buffer
}

// now is the hands' clock, which is river's too.
func (h *hands) now() time.Time { return time.Now().Add(time.Duration(h.skipped.Load())) }

// skip moves the clock and lets happen what is due then.
func (h *hands) skip(d time.Duration) {
	h.skipped.Add(int64(d))
	pass(soon)
}

type attempt struct {
	app.Job
	at time.Time
}

func newHands(kinds ...string) *hands { return &hands{kinds: kinds} }

func (h *hands) JobKinds() []string        { return h.kinds }
func (h *hands) Periodics() []app.Periodic { return h.periodics }

func (h *hands) RunJob(ctx context.Context, j app.Job) error {
	h.mu.Lock()
	h.done = append(h.done, attempt{j, h.now()})
	h.mu.Unlock()
	if h.do != nil {
		return h.do(ctx, j)
	}
	return nil
}

// Write takes the log.
func (h *hands) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(p)
}

func (h *hands) attempts() []attempt {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.done)
}

// keys are those of all attempts, sorted.
func (h *hands) keys() []string {
	out := []string{}
	for _, a := range h.attempts() {
		out = append(out, a.Key)
	}
	slices.Sort(out)
	return out
}

func (h *hands) said() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

// work starts hands on a store. They are stopped by the test's end at the latest.
func work(t testing.TB, s Store, h *hands) *jobs.Runner {
	t.Helper()
	return workBy(t, s, h, jobs.Options{})
}

func workBy(t testing.TB, s Store, h *hands, o jobs.Options) *jobs.Runner {
	t.Helper()
	o.Clock = h.now
	o.Log = slog.New(slog.NewTextHandler(h, nil))
	r, err := jobs.Start(context.Background(), s, h, o)
	check(t, err)
	t.Cleanup(func() { r.Stop(context.Background()) })
	return r
}

// pass lets time go by.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// soon is longer than it takes until a job that is due has begun, also where
// nobody rang for it.
const soon = 12 * time.Second

// workedOff does all jobs of a store that are due at a time. The test is a
// bubble, in which the store was opened.
func workedOff(t testing.TB, s Store, now time.Time) *hands {
	t.Helper()
	h := newHands("note", app.JobHear, app.JobDeliver)
	h.skipped.Store(int64(time.Until(now)))
	r := work(t, s, h)
	pass(soon)
	check(t, r.Stop(t.Context()))
	return h
}

func enqueue(t testing.TB, s Store, list ...app.Job) {
	t.Helper()
	commit(t, s, app.Change{Jobs: list})
}

func wantKeys(t testing.TB, h *hands, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if got := h.keys(); !slices.Equal(got, want) {
		t.Errorf("done: %q, want %q", got, want)
	}
}

func jobsWithChange(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		good := add("p1/shared", 0, 1)
		good.Jobs = []app.Job{{Kind: "note", Key: "good", RunAt: time.Now(), Data: []byte{0, 255}}, {Kind: "note", Key: "good2"}}
		stale := add("p1/shared", 7, 1)
		stale.Jobs = []app.Job{{Kind: "note", Key: "stale", RunAt: time.Now()}}
		commit(t, s, good)
		if err := s.Commit(t.Context(), stale); !errors.Is(err, app.ErrStale) {
			t.Fatalf("a stale change: %v, want ErrStale", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Commit(gone, app.Change{Jobs: []app.Job{{Kind: "note", Key: "gone"}}}); !errors.Is(err, context.Canceled) {
			t.Fatalf("a change of somebody who is gone: %v", err)
		}
		refused := add("p2/shared", 0, 1)
		refused.Jobs = []app.Job{{Kind: "note", Key: "refused"}, {Kind: strings.Repeat("x", 200)}} // longer than a kind may be
		if err := s.Commit(t.Context(), refused); err == nil {
			t.Fatal("a job that cannot be stored was acknowledged")
		}
		if st := load(t, s, "p2/shared"); len(st.Records) > 0 {
			t.Error("a change is there without its jobs")
		}
		work(t, s, h)
		pass(soon)
		wantKeys(t, h, "good", "good2")
		for _, a := range h.attempts() {
			if a.Key == "good" && (a.Kind != "note" || string(a.Data) != "\x00\xff" || !a.RunAt.Equal(good.Jobs[0].RunAt)) {
				t.Errorf("done: %+v, want the job as it was asked for", a.Job)
			}
		}
		// With hands that wait, it does not take until they look by themselves.
		before := time.Now()
		enqueue(t, s, app.Job{Kind: "note", Key: "rung"})
		pass(500 * time.Millisecond)
		wantKeys(t, h, "good", "good2", "rung")
		for _, a := range h.attempts() {
			if took := a.at.Sub(before); a.Key == "rung" && took > 200*time.Millisecond {
				t.Errorf("a job of this process began after %s", took)
			}
		}
	})
}

func jobsAtTheirTime(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		start := time.Now()
		for n := range 20 {
			enqueue(t, s, app.Job{Kind: "note", Key: fmt.Sprint(n), RunAt: start.Add(time.Duration(19-n) * 13 * time.Second)})
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "in a week", RunAt: start.Add(7 * 24 * time.Hour)})
		work(t, s, h)
		pass(5 * time.Minute)
		if n := len(h.attempts()); n != 20 {
			t.Errorf("%d attempts at 20 jobs", n)
		}
		h.skip(start.Add(7*24*time.Hour - 2*soon).Sub(h.now()))
		if n := len(h.attempts()); n != 20 {
			t.Error("a job of next week was done before")
		}
		pass(2 * soon)
		if n := len(h.attempts()); n != 21 {
			t.Error("a job of last week was not done")
		}
		for _, a := range h.attempts() {
			if late := a.at.Sub(a.RunAt); late < 0 || late > soon {
				t.Errorf("job %s of %s began %s late", a.Key, a.RunAt, late)
			}
		}
	})
}

// waitForAttempts skips from one attempt at a job to the next, while its
// attempts fail. No attempt may come before its pause is over, nor much later;
// after the last one none may come at all.
func waitForAttempts(t testing.TB, h *hands, last int) {
	t.Helper()
	pass(soon)
	pause := time.Minute
	for n := 1; n < last; n++ {
		all := h.attempts()
		if len(all) != n {
			t.Fatalf("%d attempts, want %d", len(all), n)
		}
		begin := all[n-1].at.Add(pause * 9 / 10)
		h.skip(begin.Add(-soon - time.Second).Sub(h.now()))
		if got := len(h.attempts()); got != n {
			t.Fatalf("attempt %d came before nine tenths of %s", n+1, pause)
		}
		h.skip(pause / 5)
		pause = min(2*pause, 6*time.Hour)
	}
	for range 3 {
		h.skip(24 * time.Hour)
	}
	if got := len(h.attempts()); got != last {
		t.Errorf("%d attempts, want the last to be number %d", got, last)
	}
}

func jobsRetried(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		h.do = func(context.Context, app.Job) error {
			if len(h.attempts()) < 5 {
				return errors.New("no connection")
			}
			return nil
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "k", Data: []byte("x")})
		work(t, s, h)
		waitForAttempts(t, h, 5)
		if last := h.attempts()[4]; string(last.Data) != "x" {
			t.Errorf("the last attempt had the data %q", last.Data)
		}
		if n, err := s.Discarded(t.Context()); n != 0 || err != nil {
			t.Errorf("%d jobs given up, %v", n, err)
		}
	})
}

func jobsGivenUp(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		h.do = func(context.Context, app.Job) error { return errors.New("no connection") }
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		registry := prometheus.NewRegistry()
		workBy(t, s, h, jobs.Options{Registry: registry})
		waitForAttempts(t, h, app.JobAttempts)
		if n, err := s.Discarded(t.Context()); n != 1 || err != nil {
			t.Errorf("%d jobs given up, %v; want one", n, err)
		}
		if said := h.said(); strings.Count(said, "given up") != 1 || !strings.Contains(said, "kind=note attempt=20") {
			t.Errorf("the log says:\n%s", said)
		}
		numbers := measured(t, registry)
		for name, want := range map[string]float64{"tandem_jobs_given_up": 1, "tandem_jobs_total failed": app.JobAttempts - 1, "tandem_jobs_total given up": 1} {
			if numbers[name] != want {
				t.Errorf("%s is %v, want %v", name, numbers[name], want)
			}
		}
	})
}

// measured are the numbers of a registry, by name and result.
func measured(t testing.TB, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	check(t, err)
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.Metric {
			name := f.GetName()
			for _, l := range m.Label {
				if l.GetName() == "result" {
					name += " " + l.GetValue()
				}
			}
			out[name] += m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return out
}

func jobsPanic(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		h.do = func(context.Context, app.Job) error {
			if len(h.attempts()) == 1 {
				panic("about Ute Brandt")
			}
			return nil
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		work(t, s, h)
		pass(5 * time.Minute)
		wantKeys(t, h, "k", "k")
		if said := h.said(); !strings.Contains(said, "a job panicked") || strings.Contains(said, "Ute") {
			t.Errorf("the log says:\n%s", said)
		}
	})
}

func jobsAgain(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		start := time.Now()
		h.do = func(context.Context, app.Job) error {
			if n := len(h.attempts()); n <= app.JobAttempts+3 { // more often than a job may fail
				return fmt.Errorf("not now: %w", app.Again{At: start.Add(time.Duration(n) * time.Hour)})
			}
			return nil
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		work(t, s, h)
		for n := range app.JobAttempts + 4 {
			h.skip(start.Add(time.Duration(n) * time.Hour).Sub(h.now()))
		}
		h.skip(24 * time.Hour)
		all := h.attempts()
		if len(all) != app.JobAttempts+4 {
			t.Errorf("run %d times, want %d", len(all), app.JobAttempts+4)
		}
		for n, a := range all {
			if late := a.at.Sub(start) - time.Duration(n)*time.Hour; late < 0 || late > soon {
				t.Errorf("run %d began %s late", n, late)
			}
		}
	})
}

func jobsUnique(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note", "other")
		now, later := time.Now(), time.Now().Add(time.Hour)
		enqueue(t, s, app.Job{Kind: "note", Key: "k", RunAt: later, Data: []byte("first")}, app.Job{Kind: "note", Key: "k", RunAt: later, Data: []byte("same change")})
		enqueue(t, s, app.Job{Kind: "note", Key: "k", RunAt: later, Data: []byte("second")})
		enqueue(t, s, app.Job{Kind: "note", Key: "k", RunAt: now, Data: []byte("other time")})
		enqueue(t, s, app.Job{Kind: "other", Key: "k", RunAt: later, Data: []byte("other kind")})
		enqueue(t, s, app.Job{Kind: "note", RunAt: later}, app.Job{Kind: "note", RunAt: later}) // no key: each for itself
		enqueue(t, s, app.Job{Kind: "note", Key: "once"})
		enqueue(t, s, app.Job{Kind: "note", Key: "once"})
		work(t, s, h)
		h.skip(2 * time.Hour)
		wantKeys(t, h, "", "", "k", "k", "k", "once")
		var data []string
		for _, a := range h.attempts() {
			if a.Key == "k" {
				data = append(data, string(a.Data))
			}
		}
		slices.Sort(data)
		if want := []string{"first", "other kind", "other time"}; !slices.Equal(data, want) {
			t.Errorf("done with %q, want %q", data, want)
		}
		// What is done stands for nothing that comes after it.
		enqueue(t, s, app.Job{Kind: "note", Key: "k", RunAt: later})
		enqueue(t, s, app.Job{Kind: "note", Key: "once"})
		pass(soon)
		wantKeys(t, h, "", "", "k", "k", "k", "k", "once", "once")
	})
}

func jobsUniqueRace(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		at := time.Now().Add(time.Minute)
		var all sync.WaitGroup
		for n := range 32 {
			all.Go(func() {
				c := app.Change{Jobs: []app.Job{{Kind: "note", Key: "x", RunAt: at}, {Kind: "note", Key: "y", RunAt: at}, {Kind: "note", Key: fmt.Sprint(n)}}}
				if n%2 == 0 {
					slices.Reverse(c.Jobs)
				}
				if err := s.Commit(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		work(t, s, h)
		pass(80 * time.Second)
		keys := h.keys()
		if len(keys) != 34 || len(slices.Compact(keys)) != 34 {
			t.Errorf("done: %q, want x and y once, and each of the others", keys)
		}
	})
}

// jobsBehindRunning: a job that runs may already have looked. What is asked
// for then must not be lost, nor be done as often as it was asked for.
func jobsBehindRunning(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		release := make(chan struct{})
		open := sync.OnceFunc(func() { close(release) })
		h.do = func(context.Context, app.Job) error { <-release; return nil }
		workBy(t, s, h, jobs.Options{Workers: 1})
		t.Cleanup(open)
		want := func(runs int) {
			t.Helper()
			pass(5 * time.Second)
			if got := len(h.attempts()); got != runs {
				t.Fatalf("begun %d times, want %d", got, runs)
			}
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		want(1)
		for n := 1; n <= 3; n++ {
			for range 3 {
				enqueue(t, s, app.Job{Kind: "note", Key: "k"})
			}
			want(n)
			release <- struct{}{}
			want(n + 1)
		}
		release <- struct{}{}
		want(4) // nothing was asked for since
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		want(5)
	})
}

func jobsTwoServers(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		stores := []Store{db.Open(t), db.Open(t)}
		both := []*hands{newHands("note"), newHands("note")}
		const n = 200
		for k := range n {
			enqueue(t, stores[k%2], app.Job{Kind: "note", Key: fmt.Sprint(k), RunAt: time.Now().Add(time.Duration(k%3) * time.Minute)})
		}
		for i, h := range both {
			h.do = func(context.Context, app.Job) error { time.Sleep(time.Second); return nil }
			work(t, stores[i], h)
		}
		pass(5 * time.Minute)
		for k, seen := range counts(append(both[0].keys(), both[1].keys()...)) {
			if seen != 1 {
				t.Errorf("job %s was done %d times though nobody died, want once", k, seen)
			}
		}
		if a, b := len(both[0].attempts()), len(both[1].attempts()); a+b != n || a == 0 || b == 0 {
			t.Errorf("%d and %d jobs were done, want both to do some of the %d", a, b, n)
		}
	})
}

func counts(keys []string) map[string]int {
	out := map[string]int{}
	for _, k := range keys {
		out[k]++
	}
	return out
}

func jobsGracefulStop(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		finished := false
		h.do = func(ctx context.Context, _ app.Job) error {
			time.Sleep(20 * time.Second)
			finished = true
			return ctx.Err()
		}
		r := work(t, s, h)
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		pass(time.Second)
		check(t, r.Stop(t.Context()))
		if !finished {
			t.Error("the server stopped in the middle of a job")
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "after"})
		pass(time.Minute)
		wantKeys(t, h, "k")
		next := newHands("note")
		work(t, s, next)
		pass(time.Minute)
		wantKeys(t, next, "after")
	})
}

func jobsHardStop(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		h.do = func(ctx context.Context, _ app.Job) error { <-ctx.Done(); return ctx.Err() }
		r := work(t, s, h)
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		pass(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		check(t, r.Stop(ctx))
		wantKeys(t, h, "k")
		next := newHands("note")
		work(t, s, next)
		pass(soon)
		wantKeys(t, next, "k")
	})
}

func jobsPeriodic(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		const every = 3 * time.Minute
		stores := []Store{db.Open(t), db.Open(t)}
		both := []*hands{newHands("tick"), newHands("tick")}
		var runners []*jobs.Runner
		start := time.Now()
		for i, h := range both {
			h.periodics = []app.Periodic{{Kind: "tick", Every: every}}
			runners = append(runners, work(t, stores[i], h))
		}
		pass(3*every + 30*time.Second)
		check(t, runners[0].Stop(t.Context()))
		pass(time.Minute)
		work(t, stores[0], both[0]) // in an interval that has had its job
		pass(4*every - 2*time.Minute)
		all := append(both[0].attempts(), both[1].attempts()...)
		slices.SortFunc(all, func(a, b attempt) int { return a.at.Compare(b.at) })
		if len(all) != 7 {
			t.Errorf("done %d times in seven intervals", len(all))
		}
		for n, a := range all {
			if late := a.at.Sub(start) - time.Duration(n)*every; late < 0 || late > soon {
				t.Errorf("time %d was %s after the beginning of its interval", n, late)
			}
		}
	})
}

func jobsNoWords(t *testing.T, db Database) {
	synctest.Test(t, func(t *testing.T) {
		s := db.Open(t)
		h := newHands("note")
		h.do = func(context.Context, app.Job) error {
			if len(h.attempts())%2 == 0 {
				panic("mailbox of GONEWORD is full")
			}
			return fmt.Errorf("send to GONEWORD: %w", errors.New("GONEWORD is not known here"))
		}
		enqueue(t, s, app.Job{Kind: "note", Key: "k"})
		r := work(t, s, h)
		for range 6 {
			h.skip(time.Hour)
		}
		check(t, r.Stop(t.Context()))
		if n := len(h.attempts()); n < 5 {
			t.Errorf("%d attempts: the test saw nothing", n)
		}
		if where := db.Traces(t, "GONEWORD"); len(where) > 0 {
			t.Errorf("words of an error are found in %v", where)
		}
		if said := h.said(); strings.Contains(said, "GONEWORD") || !strings.Contains(said, "*errors.errorString") {
			t.Errorf("the log says:\n%s", said)
		}
	})
}
