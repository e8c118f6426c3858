package web

import (
	"bytes"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// presence says who has a plan open; every plan's page has the box, also when
// there is nobody else in it yet.
func presence(l *locale.Locale, v app.View, here []plan.ID) *view.Presence {
	p := &view.Presence{}
	sides := map[plan.Side]bool{}
	other := 0
	for _, id := range here {
		q := v.Plan.Person(id)
		if q == nil || q.Erased() {
			continue
		}
		sides[q.Side] = true
		if q.ID != v.Me.ID {
			other++
		}
		p.People = append(p.People, view.Person{ID: string(q.ID), Name: q.Name.Value, Side: view.Side(q.Side), You: q.ID == v.Me.ID})
	}
	switch {
	case other == 0:
		p.People = nil
	case sides[plan.Buyer] && sides[plan.Seller]:
		p.Text = l.T("pages.here.both")
	default:
		p.Text = l.T("pages.here", "N", other)
	}
	return p
}

func (s *Server) presenceHTML(v *visit, w app.View, here []plan.ID) ([]byte, error) {
	var b bytes.Buffer
	err := view.PresenceBox(presence(v.l, w, here)).Render(v.Context(), &b)
	return view.Part(b.Bytes()), err
}
