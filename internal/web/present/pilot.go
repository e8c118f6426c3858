package present

import (
	"strconv"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/web/view"
)

// mostPilot are listed under one answer.
const mostPilot = 25

// Pilot is the team's pilot view in the reader's words.
func Pilot(x *app.Pilot, days int, l *locale.Locale) *view.Pilot {
	out := &view.Pilot{Answer: l.T("pilot.answer", "N", x.PilotCount.Plans, "Days", days), Lead: l.T("pilot.lead")}
	for _, d := range app.PilotDays {
		out.Periods = append(out.Periods, view.Link{Href: "/pilot?days=" + strconv.Itoa(d), Label: l.T("pilot.days", "N", d), Here: d == days})
	}
	if x.PilotCount.Plans == 0 {
		out.Answer, out.Empty = l.T("pilot.title"), l.T("pilot.none", "Days", days)
		return out
	}
	figure := func(id string, n, of int, lists ...view.PilotList) {
		f := view.PilotFigure{ID: id, Title: l.T("pilot." + id), Number: l.T("pilot.of", "N", n, "Of", of), Why: l.T("pilot." + id + ".why"), Lists: lists}
		if of > 0 {
			f.Of = l.Percent(float64(n) / float64(of))
		}
		out.Figures = append(out.Figures, f)
	}
	now := x.To
	yes := func(id string, keep func(*app.PortfolioRow) bool, why func(*app.PortfolioRow) string, open bool) view.PilotList {
		return pilotList(x, l, "pilot."+id, keep, why, open)
	}
	shared := func(r *app.PortfolioRow) string {
		return l.T("pilot.shared.on", "Day", l.Date(civil.On(r.Shared, zoneIn(l))))
	}
	figure("agreed", x.InTime, x.Due,
		yes("agreed.no", func(r *app.PortfolioRow) bool { return r.DueBy(now) && !r.InTime() }, func(r *app.PortfolioRow) string {
			if r.Agreed.IsZero() {
				return shared(r) + ", " + l.T("pilot.not.yet")
			}
			return l.T("pilot.after", "N", daysBetween(r.Shared, r.Agreed))
		}, true),
		yes("agreed.yes", (*app.PortfolioRow).InTime, func(r *app.PortfolioRow) string { return l.T("pilot.after", "N", daysBetween(r.Shared, r.Agreed)) }, false),
		yes("agreed.open", func(r *app.PortfolioRow) bool { return !r.DueBy(now) }, shared, false))
	share := func(r *app.PortfolioRow) string {
		n, all := r.BuyerSteps()
		return l.T("pilot.of", "N", n, "Of", all)
	}
	figure("steps", x.Buyers, x.Steps,
		yes("steps.few", func(r *app.PortfolioRow) bool { n, all := r.BuyerSteps(); return all > 0 && 3*n < all }, share, true),
		yes("steps.all", func(r *app.PortfolioRow) bool { n, all := r.BuyerSteps(); return 3*n >= all && all > 0 }, share, false))
	people := func(r *app.PortfolioRow) string { return l.T("pilot.people", "N", r.Active) }
	figure("second", x.Active, x.PilotCount.Plans,
		yes("second.no", func(r *app.PortfolioRow) bool { return r.Active < 2 }, people, true),
		yes("second.yes", func(r *app.PortfolioRow) bool { return r.Active >= 2 }, people, false))
	figure("undated", x.Undated, x.Running,
		yes("undated.list", (*app.PortfolioRow).UndatedYet, func(r *app.PortfolioRow) string { return l.Date(r.Decide) }, true))
	if n := x.Welcomed + x.Hesitant + x.Refused; n > 0 {
		out.Met = &view.PilotMet{Title: l.T("pilot.met"), Why: l.T("pilot.met.why", "N", n)}
		for _, o := range []struct {
			key string
			n   int
		}{{"welcomed", x.Welcomed}, {"hesitant", x.Hesitant}, {"refused", x.Refused}} {
			out.Met.Rows = append(out.Met.Rows, [2]string{l.T("pilot.met." + o.key), l.T("pilot.of", "N", o.n, "Of", n)})
		}
	}
	return out
}

func pilotList(x *app.Pilot, l *locale.Locale, key string, keep func(*app.PortfolioRow) bool, why func(*app.PortfolioRow) string, open bool) view.PilotList {
	n := 0
	out := view.PilotList{Open: open}
	for i := range x.Plans {
		r := &x.Plans[i]
		if !keep(r) {
			continue
		}
		if n++; n <= mostPilot {
			out.Plans = append(out.Plans, view.Reasoned{Title: Them(r) + " · " + r.Title, Href: "/plans/" + string(r.Plan), Why: why(r)})
		}
	}
	if n > mostPilot {
		out.More = l.T("portfolio.more.plans", "N", n-mostPilot)
	}
	out.Title = l.T(key, "N", n)
	return out
}

// daysBetween is the whole days that passed.
func daysBetween(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }
