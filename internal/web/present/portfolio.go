package present

import (
	"slices"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// PortfolioRow is a plan of the portfolio in the reader's words.
func PortfolioRow(r *app.PortfolioRow, l *locale.Locale) view.PortfolioRow {
	out := view.PortfolioRow{ID: string(r.Plan), Href: "/plans/" + string(r.Plan), Title: r.Title,
		Them: Them(r), State: phaseWords(r, l), Decide: orOpen(r.Decide, l), Stage: r.Deal.Stage, Owner: r.Deal.OwnerName,
		Buyer: r.Buyer, Seller: r.Seller, BuyerDone: r.Done.Buyer, BuyerTotal: r.Total.Buyer, SellerDone: r.Done.Seller, SellerAll: r.Total.Seller,
		Last: l.T("pages.list.never"), Next: nextWords(r, l), Signs: signs(r, l)}
	reasons := r.Reasons()
	for i, x := range reasons {
		if i == mostReasons && len(reasons) > mostReasons+1 {
			out.MoreReasons = l.T("portfolio.more", "N", len(reasons)-mostReasons)
			break
		}
		out.Reasons = append(out.Reasons, ReasonWords(r, x, l))
	}
	if !r.Ready.IsZero() {
		out.Ready, out.ReadyLate = l.Date(r.Ready), r.LateDays() > 0
	}
	if !r.Deal.Close.IsZero() {
		out.Close = l.Date(r.Deal.Close)
		switch gap := r.Gap(); {
		case gap < 0:
			out.CloseDiffers = l.T("portfolio.gap.before", "N", -gap)
		case gap > 0:
			out.CloseDiffers = l.T("portfolio.gap.after", "N", gap)
		}
	}
	if r.Deal.Currency != "" {
		out.Amount = l.Money(r.Deal.Amount, r.Deal.Currency)
	}
	if !r.LastBuyer.IsZero() {
		out.Last = l.Ago(r.LastBuyer)
	}
	if m := r.Remark; m != nil {
		out.Remark, out.RemarkBy = m.Text, l.T("portfolio.remark.by", "Name", nameOr(m.Name, l), "When", l.Ago(m.At))
	}
	return out
}

// mostReasons are shown of a plan; more are counted.
const mostReasons = 3

func nameOr(name string, l *locale.Locale) string {
	if name == "" {
		return l.T("portfolio.remark.gone")
	}
	return name
}

func orOpen(d civil.Day, l *locale.Locale) string {
	if d.IsZero() {
		return l.T("pages.list.open")
	}
	return l.Date(d)
}

func phaseWords(r *app.PortfolioRow, l *locale.Locale) string {
	switch {
	case r.Left:
		return l.T("portfolio.phase.left")
	case r.Paused:
		return l.T("portfolio.phase.paused")
	}
	return l.T("portfolio.phase." + string(r.Phase))
}

func nextWords(r *app.PortfolioRow, l *locale.Locale) *view.PortfolioStep {
	n := r.Next
	if n.Item == "" {
		return nil
	}
	out := &view.PortfolioStep{Title: n.Title, Who: n.Name, Due: l.T("portfolio.undated"), Side: view.Side(n.Party)}
	if n.Party == plan.Joint {
		out.Side = view.Joint
	}
	if out.Who == "" {
		out.Who = l.T("portfolio.nobody")
	}
	if n.Party != plan.Joint {
		out.Who += ", " + short(orgOf(r, plan.Side(n.Party)))
	}
	if !n.Due.IsZero() {
		out.Due, out.Late = l.Day(n.Due), n.Due < r.AsOf && n.Due < civil.On(l.Now, zoneIn(l))
	}
	return out
}

func zoneIn(l *locale.Locale) *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

func orgOf(r *app.PortfolioRow, side plan.Side) string {
	if side == plan.Buyer {
		return r.Buyer
	}
	return r.Seller
}

// Them is the organisation a plan is made with: it is known by it.
func Them(r *app.PortfolioRow) string { return orgOf(r, r.Home.Other()) }

// ReasonWords says why a plan needs somebody. It speaks of companies, dates
// and steps.
func ReasonWords(r *app.PortfolioRow, x app.Reason, l *locale.Locale) string {
	key := "portfolio.why." + string(x.Kind)
	if x.Kind == app.ReasonStuck && r.Blocks.Waits == "" {
		key = "portfolio.why.stuck.nobody"
	}
	day := ""
	if !x.Day.IsZero() {
		day = l.Day(x.Day)
	}
	return l.T(key, "Them", short(orgOf(r, r.Home.Other())), "N", x.N, "Day", day)
}

func signs(r *app.PortfolioRow, l *locale.Locale) []view.PortfolioSign {
	var out []view.PortfolioSign
	add := func(urgent bool, key string, args ...any) {
		out = append(out, view.PortfolioSign{Text: l.T(key, args...), Urgent: urgent})
	}
	if r.Blocks.N > 0 {
		if r.Blocks.Waits == "" {
			add(true, "portfolio.sign.block", "N", r.Blocks.N, "Day", l.Date(r.Blocks.Since))
		} else {
			add(true, "portfolio.sign.block.whose", "N", r.Blocks.N, "Day", l.Date(r.Blocks.Since), "Who", short(orgOf(r, r.Blocks.Waits)))
		}
	}
	for _, side := range []plan.Side{plan.Seller, plan.Buyer} {
		if n := r.Asks.Of(side); n > 0 {
			add(false, "portfolio.sign.proposal", "N", n, "Who", short(orgOf(r, side)), "Day", l.Date(civil.On(r.Asked.Of(side), zoneIn(l))))
		}
	}
	switch {
	case r.Slips > 0 && r.Moved > 0:
		add(false, "portfolio.sign.slips.days", "N", r.Slips, "Days", r.Moved)
	case r.Slips > 0:
		add(false, "portfolio.sign.slips", "N", r.Slips)
	}
	if r.Missed > 0 {
		add(false, "portfolio.sign.missed", "N", r.Missed)
	}
	return out
}

// PortfolioColumns are the table's headings, each with what one sorts by in it.
func PortfolioColumns(u PortfolioURL, l *locale.Locale) []view.PortfolioColumn {
	now := u.Sort
	if now == "" {
		now = "need"
	}
	var out []view.PortfolioColumn
	for _, c := range []struct {
		label string
		sorts []string
	}{
		{"", []string{"title", "need", "phase"}}, {"", []string{"next"}}, {"portfolio.col.decision", []string{"decide", "ready", "close"}},
		{"", []string{"amount", "stage", "owner"}}, {"", []string{"progress"}}, {"", []string{"buyer"}}, {"", []string{"obstacle", "proposal", "slips", "missed"}},
	} {
		col := view.PortfolioColumn{}
		if c.label != "" {
			col.Label = l.T(c.label)
		}
		for _, by := range c.sorts {
			state := "none"
			if by == now {
				state = "ascending"
				if u.Desc != slices.Contains(largestFirst, by) {
					state = "descending"
				}
			}
			col.Sorts = append(col.Sorts, view.SortLink{Label: l.T("portfolio.col." + by), Href: u.sorted(by), State: state})
		}
		out = append(out, col)
	}
	return out
}

// largestFirst are the orders whose own way is downward.
var largestFirst = []string{"need", "amount", "progress", "buyer", "slips", "missed"}

// PortfolioFind is the form that filters.
func PortfolioFind(u PortfolioURL, segments []string, owners []app.Member, l *locale.Locale) view.PortfolioFind {
	f := view.PortfolioFind{Search: u.Search, Show: u.Show, Phase: u.Phase, Segment: u.Segment, Owner: u.Owner, Sort: u.Sort, Desc: u.Desc}
	f.Phases = append(f.Phases, view.Option{Label: l.T("portfolio.any.phase")})
	for _, ph := range PortfolioPhases {
		f.Phases = append(f.Phases, view.Option{Value: ph, Label: l.T("portfolio.phase." + ph)})
	}
	f.Segments = append(f.Segments, view.Option{Label: l.T("portfolio.any.segment")})
	for _, s := range segments {
		f.Segments = append(f.Segments, view.Option{Value: s, Label: s})
	}
	f.Owners = append(f.Owners, view.Option{Label: l.T("portfolio.any.owner")})
	owners = slices.Clone(owners)
	slices.SortFunc(owners, func(a, b app.Member) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	for _, m := range owners {
		if m.Name != "" {
			f.Owners = append(f.Owners, view.Option{Value: string(m.ID), Label: m.Name})
		}
	}
	for _, by := range app.PortfolioSorts {
		value := by
		if by == "need" {
			value = ""
		}
		f.Sorts = append(f.Sorts, view.Option{Value: value, Label: l.T("portfolio.by." + by)})
	}
	return f
}

// PortfolioChips switch a filter each.
func PortfolioChips(u PortfolioURL, l *locale.Locale) []view.Link {
	var out []view.Link
	for _, s := range PortfolioShows {
		out = append(out, view.Link{Href: u.toggled(s), Label: l.T("portfolio.show." + s), Here: slices.Contains(u.Show, s)})
	}
	return out
}

// PortfolioAnswer is the heading: how many deals need somebody today.
func PortfolioAnswer(p *app.Portfolio, l *locale.Locale) string {
	key := "portfolio.answer.you"
	if p.Team {
		key = "portfolio.answer.team"
	}
	if p.Needs == 0 {
		return l.T(key + ".none")
	}
	if p.Needs > app.CountedMost {
		return l.T(key+".many", "Most", l.Number(app.CountedMost))
	}
	return l.T(key, "N", p.Needs)
}

// PortfolioFound says how many plans match.
func PortfolioFound(n int, l *locale.Locale) string {
	if n > app.CountedMost {
		return l.T("portfolio.found.many", "Most", l.Number(app.CountedMost))
	}
	return l.T("pages.list.count", "N", n)
}
