package web

import (
	"net/http"

	"tandem/internal/web/view"
)

// links is where somebody makes a link to come in again on another device,
// and a lead withdraws the links that were shared.
func (s *Server) links(w http.ResponseWriter, v *visit) error {
	return s.showLinks(w, v, "")
}

func (s *Server) showLinks(w http.ResponseWriter, v *visit, made string) error {
	o, err := s.open(v)
	if err != nil {
		return err
	}
	f := view.Links{Base: base(o), Link: made, Name: o.Me.Name.Value, Lead: o.Plan.Leads(o.Me.ID)}
	p := s.page(w, v, "links", v.l.T("pages.links.title"))
	p.Narrow, p.Here = true, f.Base+"/links"
	return render(w, v, http.StatusOK, view.LinksPage(p, f))
}

// linkMade shows the new link once, in the answer itself.
func (s *Server) linkMade(w http.ResponseWriter, v *visit) error {
	secret, err := s.App.PersonalLink(v.Context(), v.caller, v.planID())
	if err != nil {
		return err
	}
	return s.showLinks(w, v, s.link("/me/"+string(secret)))
}

// linksClosed withdraws every link that was shared.
func (s *Server) linksClosed(w http.ResponseWriter, v *visit) error {
	if err := s.App.CloseDoor(v.Context(), v.caller, v.planID()); err != nil {
		return err
	}
	s.say(w, "pages.links.closed")
	return redirect(w, v, "/plans/"+string(v.planID())+"/links")
}
