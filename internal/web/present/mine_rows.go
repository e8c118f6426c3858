package present

import (
	"cmp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// laterRow is an own step that is not due yet.
func (x *mine) laterRow(a *app.Asked) view.MineRow {
	if it := a.Internal; it != nil {
		return view.MineRow{Title: cmp.Or(it.Title.Value, x.l.T("state.text.erased")), Href: x.here(a.ID()), At: x.l.Day(it.Due), Who: x.l.T("mine.internal", "Name", x.party(x.v.Side()).Short)}
	}
	r := view.MineRow{Title: x.titleOf(a.Item), Href: x.here(a.ID()), At: cmp.Or(x.l.Day(a.Item.Terms.Due), x.l.T("state.date.open"))}
	if a.Item.Progress.Status == plan.Blocked {
		r.Urgent = x.l.T("mine.row.blocked")
	}
	return r
}

// here is this page with one thing on top.
func (x *mine) here(id plan.ID) string { return x.o.Action + "?item=" + string(id) }

func (x *mine) waitRow(w *app.Wait) view.MineRow {
	var r view.MineRow
	if p := w.Proposal; p != nil {
		r = view.MineRow{Title: x.l.T("mine.vote"), Who: x.party(p.Side.Other()).Name, Side: view.Side(p.Side.Other()), At: x.l.T("mine.until", "Date", p.Expires)}
	} else {
		it := w.Item
		r = view.MineRow{Title: x.titleOf(it), Side: view.Side(w.Side), At: x.l.Day(it.Terms.Due)}
		if w.Kind == app.WaitAnswer || w.Kind == app.WaitConfirm {
			r.At = x.l.T("mine.wait." + string(w.Kind))
		}
		if it.Progress.Status == plan.Blocked {
			r.Urgent = x.l.T("mine.row.blocked")
		} else if due := it.Terms.Due; w.Kind == app.WaitStep && !due.IsZero() && due < x.v.Today {
			r.Urgent = x.l.T("mine.row.late")
		}
		if !x.o.Unknown {
			r.Href = x.o.Base + "/items/" + string(it.ID)
		}
		r.Who = x.whose(w)
	}
	return r
}

// whose names who is waited for, with role or side.
func (x *mine) whose(w *app.Wait) string {
	var names []string
	for _, id := range w.Owners {
		q := x.person(id)
		switch {
		case q.ID == "":
		case q.Side == view.Side(x.v.Side()) && q.Role != "":
			names = append(names, q.Name+", "+q.Role)
		case q.Side == view.Side(x.v.Side()):
			names = append(names, q.Name)
		default:
			names = append(names, q.Name+", "+x.party(plan.Side(q.Side)).Name)
		}
	}
	if len(names) == 0 && w.Side != "" {
		return x.party(w.Side).Name
	}
	return x.l.List(names)
}

// PlanRow is another plan of the reader.
func PlanRow(m *app.MinePlan, l *locale.Locale) view.MineRow {
	r := view.MineRow{Title: m.Row.Title, Href: "/plans/" + string(m.Row.Plan) + "/mine", Who: between(m, l)}
	if n := len(m.Asked); n > 0 {
		r.At = l.T("mine.count", "N", n)
	}
	return r
}

func between(m *app.MinePlan, l *locale.Locale) string {
	return l.T("mine.between", "Buyer", m.Row.Buyer, "Seller", m.Row.Seller)
}

// shownRows is how many things of one plan are named on the page of all plans.
const shownRows = 3

// Plans is everything that waits for somebody on this server.
func Plans(all []app.MinePlan, l *locale.Locale) *view.Plans {
	out := &view.Plans{L: l, Lead: l.T("mine.count.none")}
	total := 0
	for i := range all {
		m := &all[i]
		total += len(m.Asked)
		c := view.PlansCard{Title: m.Row.Title, Href: "/plans/" + string(m.Row.Plan) + "/mine", Between: between(m, l), Asked: l.T("mine.count.none")}
		if n := len(m.Asked); n > 0 {
			c.Asked = l.T("mine.count", "N", n)
			base := "/plans/" + string(m.Row.Plan)
			x := &mine{presenter: newPresenter(m.View, Options{Language: l.Lang, Base: base}), m: app.Mine{View: m.View, Asked: m.Asked},
				o: MineOptions{Base: base, Action: base + "/mine", NewID: func() plan.ID { return "" }}}
			for j := range m.Asked[:min(n, shownRows)] {
				c.Rows = append(c.Rows, x.askedRow(&m.Asked[j]))
			}
		} else if m.View.Over() {
			c.Asked = l.T("mine.lead.over")
		}
		out.Cards = append(out.Cards, c)
	}
	if total > 0 {
		out.Lead = l.T("mine.lead.many", "N", total)
	}
	return out
}

func (x *mine) askedRow(a *app.Asked) view.MineRow {
	c := x.card(a)
	r := view.MineRow{Title: c.Title, Href: x.here(a.ID()), Urgent: c.Urgent}
	var due civil.Day
	switch {
	case a.Item != nil:
		due = a.Item.Terms.Due
	case a.Proposal != nil:
		due = a.Proposal.Expires
	case a.Internal != nil:
		due = a.Internal.Due
	}
	r.At = x.l.Day(due)
	return r
}
