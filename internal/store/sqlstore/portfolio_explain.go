package sqlstore

import (
	"tandem/internal/app"
	"tandem/internal/civil"
)

// PortfolioQueries are the queries of the portfolio, by name: every order in
// both directions, from the start and further on, alone and with every filter.
// For the tests and benchmarks that look at how each database answers them.
// $1 is the workspace.
func PortfolioQueries() map[string]string {
	out := map[string]string{"one": onePortfolio, "stale": stalePortfolio, "pilot": countPilot, "pilot, its plans": pilotPlans}
	all := app.PortfolioFilter{Workspace: "1", Mine: "1", Needs: true, Obstacles: true, Slipped: true, Quiet: true, Differs: true, Phase: "agreed",
		Segment: "1", Owner: "1", Words: []string{"a", "b"}}
	for sort := range portfolioOrders {
		for _, desc := range []bool{false, true} {
			for _, after := range []string{"", cursorOf(app.PortfolioRow{Plan: "1", AsOf: civil.Day(1)}, sort)} {
				for what, f := range map[string]app.PortfolioFilter{"": {Workspace: "1"}, ", filtered": all} {
					name := sort + map[bool]string{true: ", turned"}[desc] + map[bool]string{true: ", further on"}[after != ""] + what
					out[name], _ = portfolioPage(app.PortfolioQuery{PortfolioFilter: f, Sort: sort, Desc: desc, After: after, Limit: 50})
				}
			}
		}
	}
	out["count"], _ = portfolioCount(app.PortfolioFilter{Workspace: "1"}, 1)
	out["count, filtered"], _ = portfolioCount(all, 1)
	out["count of needs"], _ = portfolioCount(app.PortfolioFilter{Workspace: "1", Needs: true}, 1)
	return out
}

// PortfolioSQL is the query of a page and its arguments: for EXPLAIN.
func PortfolioSQL(q app.PortfolioQuery) (string, []any) { return portfolioPage(q) }
