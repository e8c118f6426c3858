package web

import (
	"cmp"
	"net/http"
	"slices"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/web/view"
)

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
	return render(w, v, http.StatusOK, view.GuestListPage(s.page(w, v, "list", v.l.T("pages.list.title")), f))
}
