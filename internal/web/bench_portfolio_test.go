package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/live"
	"tandem/internal/plan"
	"tandem/internal/store/pgtest"
	"tandem/internal/store/postgres"
	"tandem/internal/store/sqlite"
	"tandem/internal/store/storetest"
)

// BenchmarkPortfolioPage is the start page of a member whose workspace has
// 10,000 plans, over HTTP on a socket, until the first byte is there, on both
// databases. "×50-plans" is the ratio to the same page of a workspace of 50,
// "×bare" to an answer without page or database.
func BenchmarkPortfolioPage(b *testing.B) {
	for _, d := range []struct {
		name string
		open func() (storetest.Store, error)
	}{
		{"sqlite", func() (storetest.Store, error) {
			return sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
		}},
		{"postgres", func() (storetest.Store, error) { return postgres.Open(b.Context(), pgtest.Database(b)) }},
	} {
		b.Run(d.name, func(b *testing.B) {
			st, err := d.open()
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = st.Close() })
			service := app.New(st, app.Options{})
			server, err := New(Config{App: service, Hub: live.NewHub(), Base: "http://127.0.0.1", Log: slog.New(slog.DiscardHandler), ReadTable: readTable})
			if err != nil {
				b.Fatal(err)
			}
			socket := httptest.NewServer(server)
			b.Cleanup(socket.Close)
			large, small := portfolioOf(b, service, st, "Large", storetest.PortfolioPlans), portfolioOf(b, service, st, "Small", 50)
			average := func(path, cookie string) float64 {
				const times = 20
				firstByte(b, socket.URL+path, cookie)
				start := time.Now()
				for range times {
					firstByte(b, socket.URL+path, cookie)
				}
				return time.Since(start).Seconds() / times
			}
			bare := average("/healthz", small)
			for _, look := range []struct{ name, path string }{{"start", "/"}, {"by date", "/?sort=decide"}, {"mine that need somebody", "/?show=mine&show=needs"}, {"what nobody has", "/?q=zzz"}} {
				b.Run(look.name, func(b *testing.B) {
					few := average(look.path, small)
					firstByte(b, socket.URL+look.path, large)
					for b.Loop() {
						firstByte(b, socket.URL+look.path, large)
					}
					each := b.Elapsed().Seconds() / float64(b.N)
					b.ReportMetric(each*1000, "ms-to-first-byte")
					b.ReportMetric(each/few, "×50-plans")
					b.ReportMetric(each/bare, "×bare")
					b.ReportMetric(0, "ns/op")
				})
			}
		})
	}
}

// portfolioOf makes a workspace of so many plans and signs its member in.
func portfolioOf(b *testing.B, service *app.Service, st storetest.Store, name string, many int) (cookie string) {
	b.Helper()
	w, m, err := service.Found(b.Context(), app.Workspace{Name: name, Language: "de", Zone: "Europe/Berlin"}, app.Member{Name: "John Martinez", Email: "john@acme.example", Role: app.RoleAdmin})
	if err != nil {
		b.Fatal(err)
	}
	storetest.FillPortfolio(b, st, w.ID, many)
	row, err := st.PortfolioOf(b.Context(), plan.ID(string(w.ID)+"-000007"))
	if err != nil {
		b.Fatal(err)
	}
	row.Deal.Owner, row.Seq = m.ID, 2
	if err := st.SavePortfolio(b.Context(), row, false); err != nil {
		b.Fatal(err)
	}
	link, err := service.MemberLink(b.Context(), m)
	if err != nil {
		b.Fatal(err)
	}
	secret, _, err := service.SignIn(b.Context(), app.Caller{}, link)
	if err != nil {
		b.Fatal(err)
	}
	return "tandem=" + string(secret)
}

func firstByte(b *testing.B, url, cookie string) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Accept-Encoding", "gzip")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Body.Close()
	var one [1]byte
	if _, err := io.ReadFull(a.Body, one[:]); err != nil || a.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d, %v", url, a.StatusCode, err)
	}
	b.StopTimer()
	_, _ = io.Copy(io.Discard, a.Body)
	b.StartTimer()
}
