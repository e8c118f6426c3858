package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

const (
	perPage  = 50
	maxPlans = 10_000 // of a workspace that are looked through
)

// list shows a member their workspace's plans.
func (s *Server) list(w http.ResponseWriter, v *visit) error {
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	rows, err := s.App.List(v.Context(), v.caller, maxPlans)
	if err != nil {
		return err
	}
	f := view.List{Workspace: place.Name, All: len(rows), NewID: string(s.App.NewID())}
	s.guestPlans(v, func(row app.PlanRow) {
		if row.Workspace != place.ID {
			f.Guest = append(f.Guest, planRow(row))
		}
	})
	arrangeList(&f, v.URL.Query(), rows)
	return render(w, v, http.StatusOK, view.ListPage(s.page(w, v, "portfolio", v.l.T("pages.list.title")), f))
}

// arrangeList filters, sorts and cuts the rows to a page.
func arrangeList(f *view.List, q url.Values, rows []app.PlanRow) {
	f.Query = strings.TrimSpace(q.Get("q"))
	rows = filterRows(rows, f.Query)
	f.Found = len(rows)
	f.Sort, f.Desc = q.Get("sort"), q.Get("desc") != ""
	if by := listOrders[f.Sort]; by != nil {
		slices.SortStableFunc(rows, func(a, b app.PlanRow) int {
			if f.Desc {
				return by(b, a)
			}
			return by(a, b)
		})
	} else {
		f.Sort = "updated"
		if f.Desc {
			slices.Reverse(rows)
		}
	}
	f.Pages = max(1, (len(rows)+perPage-1)/perPage)
	f.Page, _ = strconv.Atoi(q.Get("page"))
	f.Page = min(max(f.Page, 1), f.Pages)
	for _, row := range rows[(f.Page-1)*perPage : min(f.Page*perPage, len(rows))] {
		f.Rows = append(f.Rows, planRow(row))
	}
}

// filterRows keeps the rows in which every word of the query occurs in
// the title or the organisations.
func filterRows(rows []app.PlanRow, query string) []app.PlanRow {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(r app.PlanRow) bool {
		text := strings.ToLower(r.Title + " " + r.Buyer + " " + r.Seller)
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	})
}

// listOrders compare two rows by a column; the store's own order, the last
// change first, is the one not named here.
var listOrders = map[string]func(a, b app.PlanRow) int{
	"title": func(a, b app.PlanRow) int { return compareWords(a.Title, b.Title) },
	"buyer": func(a, b app.PlanRow) int { return compareWords(a.Buyer, b.Buyer) },
	"phase": func(a, b app.PlanRow) int { return cmp.Compare(phaseRank(a), phaseRank(b)) },
	"decide": func(a, b app.PlanRow) int {
		return cmp.Or(cmp.Compare(bit(a.DecideBy == ""), bit(b.DecideBy == "")), cmp.Compare(a.DecideBy, b.DecideBy))
	},
	"progress":  func(a, b app.PlanRow) int { return cmp.Compare(share(b), share(a)) },
	"proposals": func(a, b app.PlanRow) int { return cmp.Compare(b.Proposals, a.Proposals) },
	"buyerlast": func(a, b app.PlanRow) int { return b.LastBuyer.Compare(a.LastBuyer) },
}

func compareWords(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func share(r app.PlanRow) float64 {
	total := r.Total.Buyer + r.Total.Seller
	if total == 0 {
		return 0
	}
	return float64(r.Done.Buyer+r.Done.Seller) / float64(total)
}

func phaseRank(r app.PlanRow) int {
	return slices.Index([]plan.Phase{plan.Draft, plan.Shared, plan.Agreed, plan.Decided, plan.Archived}, r.Phase)
}

// planRow is a row as it is shown.
func planRow(r app.PlanRow) view.ListRow {
	row := view.ListRow{ID: string(r.Plan), Title: r.Title, Buyer: r.Buyer, Seller: r.Seller, State: rowState(r), Revision: r.Revision,
		BuyerDone: r.Done.Buyer, BuyerTotal: r.Total.Buyer, SellerDone: r.Done.Seller, SellerTotal: r.Total.Seller,
		Proposals: r.Proposals, Updated: r.Updated, LastBuyer: r.LastBuyer}
	row.DecideBy, _ = civil.Parse(r.DecideBy) // no day if there is none
	return row
}

func rowState(r app.PlanRow) view.PlanState {
	switch {
	case r.Left:
		return view.Left
	case r.Paused:
		return view.Paused
	}
	return view.PlanState(r.Phase)
}

// guestPlans are the plans the caller came into as a person, as they may see
// them now; those they may not see any more are left out.
func (s *Server) guestPlans(v *visit, each func(app.PlanRow)) {
	for id := range v.caller.Session.Persons {
		if view, err := s.App.Open(v.Context(), v.caller, id); err == nil {
			each(app.Row(view.Plan))
		}
	}
}

// guestList shows somebody without an account the plans they take part in.
func (s *Server) guestList(w http.ResponseWriter, v *visit) error {
	f := view.List{}
	s.guestPlans(v, func(r app.PlanRow) { f.Guest = append(f.Guest, planRow(r)) })
	slices.SortFunc(f.Guest, func(a, b view.ListRow) int { return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(a.ID, b.ID)) })
	if len(f.Guest) == 1 && v.URL.Query().Get("all") == "" {
		return redirect(w, v, "/plans/"+f.Guest[0].ID)
	}
	return render(w, v, http.StatusOK, view.GuestListPage(s.page(w, v, "portfolio", v.l.T("pages.list.title")), f))
}
