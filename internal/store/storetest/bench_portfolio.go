package storetest

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// PortfolioPlans is how many plans the benchmarks of the portfolio look at.
const PortfolioPlans = 10_000

// FillPortfolio puts so many plans into a workspace's portfolio, of all kinds.
func FillPortfolio(b testing.TB, s Store, workspace plan.ID, many int) {
	b.Helper()
	day := civil.On(noon, time.UTC)
	for n := range many {
		r := shownRow(n)
		r.Plan, r.Workspace = plan.ID(fmt.Sprintf("%s-%06d", workspace, n)), workspace
		r.Title, r.Buyer = fmt.Sprintf("CRM rollout %d", n*7919%many), fmt.Sprintf("Customer %d AG", n*104729%many)
		r.Decide, r.Ready, r.Next.Due = day+civil.Day(n%400), day+civil.Day(n%390), day+civil.Day(n%300)
		r.Deal.Close, r.Deal.Owner, r.Deal.OwnerName = day+civil.Day(n%380), plan.ID(fmt.Sprint("m", n%40)), fmt.Sprint("Owner ", n%40)
		r.Deal.Segment, r.Deal.Stage = fmt.Sprint("Segment ", n%6), fmt.Sprint("Stage ", n%8)
		if r.Need = 0; n%20 == 0 {
			r.Need = (1 + n%11) * app.NeedsFrom
		}
		if n%50 != 0 {
			r.Blocks, r.Slips, r.Missed = app.Obstacles{}, 0, 0
		}
		commit(b, s, app.Change{Shown: &r})
	}
}

// BenchPortfolio measures pages of the portfolio of 10,000 plans against those
// of 50, in every order and with the filters that cost most, and logs how the
// database answers each: what Explain returns.
func BenchPortfolio(b *testing.B, s Store, explain func(b *testing.B, q app.PortfolioQuery) string) {
	FillPortfolio(b, s, "large", PortfolioPlans)
	FillPortfolio(b, s, "small", 50)
	type look struct {
		name string
		q    app.PortfolioQuery
	}
	var looks []look
	for _, by := range app.PortfolioSorts {
		looks = append(looks, look{"by " + by, app.PortfolioQuery{Sort: by}})
	}
	looks = append(looks,
		look{"needs", app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Needs: true}}},
		look{"mine", app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Mine: "m7"}}},
		look{"a word few have", app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Words: []string{"customer 99"}}}},
		look{"what nobody has", app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Words: []string{"zzz"}}}},
		look{"everything at once", app.PortfolioQuery{PortfolioFilter: app.PortfolioFilter{Mine: "m7", Needs: true, Obstacles: true, Slipped: true, Differs: true, Segment: "Segment 1"}, Sort: "close"}},
	)
	for _, l := range looks {
		b.Run(l.name, func(b *testing.B) {
			l.q.Limit = 50
			page := func(workspace plan.ID) {
				l.q.Workspace = workspace
				if _, err := s.Portfolio(b.Context(), l.q); err != nil {
					b.Fatal(err)
				}
			}
			const times = 20
			page("small")
			start := time.Now()
			for range times {
				page("small")
			}
			small := time.Since(start).Seconds() / times
			page("large")
			for b.Loop() {
				page("large")
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/small, "×50-plans")
			if b.N > 1 {
				b.Log(explain(b, l.q))
			}
		})
	}
}
