package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/exchange/csv"
	"tandem/internal/live"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
	"tandem/internal/store/sqlite"
)

// stand is a server on a real store with one shared plan of a number of steps,
// for benchmarks.
type stand struct {
	*Server
	service *app.Service
	cookie  string
	seller  app.Caller
	plan    plan.ID
	store   *sqlite.Store
}

func newStand(b *testing.B, steps int) *stand {
	b.Helper()
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	hub := live.NewHub()
	service := app.New(st, app.Options{Publisher: hub})
	server, err := New(Config{App: service, Hub: hub, Base: "http://127.0.0.1", Log: slog.New(slog.DiscardHandler),
		ReadTable: func(_ string, data []byte) (sheet.Grid, error) { return csv.Decode(io.LimitReader(nil, 0)) }})
	if err != nil {
		b.Fatal(err)
	}
	_, m, err := service.Found(b.Context(), app.Workspace{Name: "Acme Cloud", Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "John Martinez", Email: "john@acme.example"})
	if err != nil {
		b.Fatal(err)
	}
	link, err := service.MemberLink(b.Context(), m)
	if err != nil {
		b.Fatal(err)
	}
	cookie, caller, err := service.SignIn(b.Context(), app.Caller{}, link)
	if err != nil {
		b.Fatal(err)
	}
	f := app.Sample("de", civil.On(time.Now(), time.UTC))
	for i := len(f.Actions); i < steps; i++ {
		a := f.Actions[i%17]
		a.ID, a.Title, a.Status, a.DoneOn, a.StartedOn, a.BlockedBecause, a.Remaining, a.Expected = fmt.Sprint("x", i), fmt.Sprintf("%s (%d)", a.Title, i), planfile.Open, 0, 0, "", nil, 0
		f.Actions = append(f.Actions, a)
	}
	f.Actions = f.Actions[:steps]
	v, err := service.Create(b.Context(), caller, app.NewPlan{ID: service.NewID(), File: f})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := service.Do(b.Context(), caller, v.Plan.ID, plan.Share{}); err != nil {
		b.Fatal(err)
	}
	return &stand{Server: server, service: service, cookie: "tandem=" + string(cookie), seller: caller, plan: v.Plan.ID, store: st}
}

// discard is a response that goes nowhere.
type discard struct {
	h http.Header
	n int
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { d.n += len(p); return len(p), nil }
func (d *discard) WriteHeader(int)             {}

func (s *stand) get(b *testing.B, path string) int {
	r := httptest.NewRequest(http.MethodGet, "/plans/"+string(s.plan)+path, nil)
	r.Header.Set("Cookie", s.cookie)
	r.Header.Set("Accept-Encoding", "gzip")
	w := &discard{h: http.Header{}}
	s.ServeHTTP(w, r)
	if w.n < 500 {
		b.Errorf("%s answered with %d bytes", path, w.n)
	}
	return w.n
}

// BenchmarkPlanPage is the page of a plan of 100 steps, as HTML and as JSON,
// made anew and repeated, at 1, 16 and 64 readers. "bare" is the same request
// answered with the same finished bytes by a handler that does nothing else:
// times-bare is the ratio to it.
func BenchmarkPlanPage(b *testing.B) {
	s := newStand(b, 100)
	for _, form := range []struct{ name, path string }{{"html", ""}, {"json", "/plan.json"}} {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/plans/"+string(s.plan)+form.path, nil)
		r.Header.Set("Cookie", s.cookie)
		r.Header.Set("Accept-Encoding", "gzip")
		s.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		for _, readers := range []int{1, 16, 64} {
			bare := s.bare(b, body, readers)
			for _, kind := range []string{"first", "repeated"} {
				b.Run(fmt.Sprintf("%s/%s/readers=%d", form.name, kind, readers), func(b *testing.B) {
					shots, kept := s.shots, s.kept
					if kind == "first" {
						s.shots, s.kept = newShots(-1), newKept(-1)
					}
					defer func() { s.shots, s.kept = shots, kept }()
					b.ResetTimer()
					together(readers, b.N, func() { s.get(b, form.path) })
					b.StopTimer()
					perOp := b.Elapsed().Seconds() / float64(b.N)
					b.ReportMetric(1/perOp, "pages/s")
					b.ReportMetric(perOp/bare, "times-bare")
					b.ReportMetric(float64(len(body)), "bytes-gz")
				})
			}
		}
	}
}

// bare is the seconds a request takes that is answered with finished bytes.
func (s *stand) bare(b *testing.B, body []byte, readers int) float64 {
	const requests = 20_000
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	start := time.Now()
	together(readers, requests, func() {
		q := httptest.NewRequest(http.MethodGet, "/plans/"+string(s.plan), nil)
		q.Header.Set("Cookie", s.cookie)
		h.ServeHTTP(&discard{h: http.Header{}}, q)
	})
	return time.Since(start).Seconds() / requests
}

// together lets a number of goroutines do something a number of times together.
func together(goroutines, times int, do func()) {
	var left atomic.Int64
	left.Store(int64(times))
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				do()
			}
		})
	}
	wg.Wait()
}

// BenchmarkWatchers is one change with a number of open pages: how long the
// writer waits, how long until the last page has its message, and what a
// watcher costs. With no watchers it is the bare operation.
func BenchmarkWatchers(b *testing.B) {
	for _, n := range []int{0, 100, 1000} {
		b.Run(fmt.Sprintf("watchers=%d", n), func(b *testing.B) { benchmarkWatchers(b, n) })
	}
}

// listener is an open page whose messages are only timed.
type listener struct {
	h    http.Header
	seen chan<- struct{}
}

func (l *listener) Header() http.Header              { return l.h }
func (l *listener) WriteHeader(int)                  {}
func (l *listener) Flush()                           {}
func (l *listener) SetReadDeadline(time.Time) error  { return nil }
func (l *listener) SetWriteDeadline(time.Time) error { return nil }
func (l *listener) Write(p []byte) (int, error) {
	if len(p) > 40 {
		l.seen <- struct{}{}
	}
	return len(p), nil
}

func benchmarkWatchers(b *testing.B, n int) {
	s := newStand(b, 100)
	ctx, cancel := context.WithCancel(b.Context())
	seen := make(chan struct{}, 100_000)
	var open sync.WaitGroup
	before := heap()
	for range n {
		r := httptest.NewRequest(http.MethodGet, "/plans/"+string(s.plan)+"/live?tab=plan", nil).WithContext(ctx)
		r.Header.Set("Cookie", s.cookie)
		l := &listener{h: http.Header{}, seen: seen}
		open.Go(func() { s.ServeHTTP(l, r) })
	}
	quiet(seen)
	if n > 0 {
		b.ReportMetric(float64(heap()-before)/float64(n), "B/watcher")
	}
	var writer, last time.Duration
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		v, err := s.service.Open(b.Context(), s.seller, s.plan)
		if err != nil {
			b.Fatal(err)
		}
		it := v.Plan.Live(plan.KindAction)[20]
		title := fmt.Sprint("changed ", i)
		if _, err := s.service.Do(b.Context(), s.seller, s.plan, plan.Edit{Item: it.ID, Version: it.Version, Patch: plan.Patch{Title: &title}}); err != nil {
			b.Fatal(err)
		}
		writer += time.Since(start)
		for range n {
			<-seen
		}
		last += time.Since(start)
	}
	b.StopTimer()
	b.ReportMetric(float64(writer.Microseconds())/float64(b.N), "µs-writer")
	b.ReportMetric(float64(last.Microseconds())/float64(b.N), "µs-last")
	cancel()
	open.Wait()
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// quiet waits until no message has come for a moment.
func quiet(seen <-chan struct{}) {
	for {
		select {
		case <-seen:
		case <-time.After(500 * time.Millisecond):
			return
		}
	}
}
