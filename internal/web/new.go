package web

import (
	"net/http"
	"slices"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// newPlan offers the ways to begin.
func (s *Server) newPlan(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	f := view.NewPlan{ID: string(s.App.NewID()), Deal: v.URL.Query().Get("deal")}
	if f.Deal != "" {
		d, err := s.App.Deal(v.Context(), v.caller, plan.ID(f.Deal))
		if err != nil {
			return err
		}
		f.DealName = d.Deal.Name
	}
	return render(w, v, http.StatusOK, view.NewPage(s.page(w, v, "new", v.l.T("pages.new.title")), f))
}

// blank asks for the least a plan needs; session does so to go on in a planning
// session.
func (s *Server) blank(w http.ResponseWriter, v *visit) error   { return s.askBlank(w, v, false) }
func (s *Server) newTalk(w http.ResponseWriter, v *visit) error { return s.askBlank(w, v, true) }

func (s *Server) askBlank(w http.ResponseWriter, v *visit, session bool) error {
	if _, err := v.member(); err != nil {
		return err
	}
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := view.Blank{ID: string(s.App.NewID()), Seller: place.Name, Language: place.Language, Deal: v.URL.Query().Get("deal"), Session: session}
	if f.Deal != "" {
		d, err := s.App.Deal(v.Context(), v.caller, plan.ID(f.Deal))
		if err != nil {
			return err
		}
		f.Buyer = d.Deal.Account
	}
	return s.showBlank(w, v, http.StatusOK, f)
}

func (s *Server) showBlank(w http.ResponseWriter, v *visit, status int, f view.Blank) error {
	p := s.page(w, v, "blank", v.l.T("pages.blank.title"))
	p.Here = "/new/blank"
	if f.Session {
		p.Title, p.Here = v.l.T("templates.ways.session"), "/new/session"
	}
	return render(w, v, status, view.BlankPage(p, f))
}

func (s *Server) blankDone(w http.ResponseWriter, v *visit) error   { return s.beginBlank(w, v, false) }
func (s *Server) newTalkDone(w http.ResponseWriter, v *visit) error { return s.beginBlank(w, v, true) }

func (s *Server) beginBlank(w http.ResponseWriter, v *visit, session bool) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	f := view.Blank{ID: v.field("id"), Title: v.field("title"), Buyer: v.field("buyer"), Seller: v.field("seller"),
		DecideBy: v.field("decide"), Language: v.field("language"), Deal: v.field("deal"), Session: session}
	id, err := s.blankCreated(v, f)
	if err == nil {
		to := "/plans/" + string(id)
		if session {
			to += "/session"
		}
		return redirect(w, v, to)
	}
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showBlank(w, v, status, f)
}

func (s *Server) blankCreated(v *visit, f view.Blank) (plan.ID, error) {
	if f.Title == "" {
		return "", fault.New(fault.Invalid, "pages.fault.title")
	}
	if f.Buyer == "" {
		return "", fault.New(fault.Invalid, "pages.fault.buyer")
	}
	if !slices.Contains(locale.Languages, f.Language) {
		return "", fault.New(fault.Invalid, "fault.language")
	}
	var decide civil.Day
	if f.DecideBy != "" {
		var err error
		if decide, err = civil.Parse(f.DecideBy); err != nil {
			return "", fault.New(fault.Invalid, "pages.fault.day", "Text", f.DecideBy).Wrap(err)
		}
	}
	made, err := s.App.Create(v.Context(), v.caller, app.NewPlan{ID: plan.ID(f.ID), Deal: plan.ID(f.Deal), File: app.Blank(f.Language, f.Title, f.Buyer, f.Seller, decide)})
	if err != nil {
		return "", err
	}
	return made.Plan.ID, nil
}

// sampleDone makes a plan of fictitious people to try things with.
func (s *Server) sampleDone(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	made, err := s.App.Create(v.Context(), v.caller, app.NewPlan{ID: plan.ID(v.field("id")), Deal: plan.ID(v.field("deal")), File: app.Sample(v.l.Lang, place.Today(s.App.Now()))})
	if err != nil {
		return err
	}
	return redirect(w, v, "/plans/"+string(made.Plan.ID))
}
