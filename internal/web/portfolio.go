package web

import (
	"net/http"
	"net/url"
	"strconv"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// portfolioRoutes are what members do on their start page, and the pilot view.
func (s *Server) portfolioRoutes(t *routeTable) {
	t.page("POST /views", s.viewSave)
	t.page("POST /views/{view}/delete", s.viewDrop)
	t.page("POST /remarks/{plan}", s.remark)
	t.page("GET /pilot", s.pilot)
}

// perPage is how many plans a page of the portfolio shows.
const perPage = 50

// refused is what a form of the portfolio was refused with.
type refused struct {
	plan    plan.ID // whose remark
	typed   string
	view    *view.SaveView
	problem *view.FormProblem
}

// portfolio shows a member all plans of their workspace.
func (s *Server) portfolio(w http.ResponseWriter, v *visit) error {
	return s.showPortfolio(w, v, v.URL.Query(), http.StatusOK, refused{})
}

func (s *Server) showPortfolio(w http.ResponseWriter, v *visit, query url.Values, status int, no refused) error {
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	v.l = v.l.At(s.App.Now(), zoneOf(place))
	u := present.ReadPortfolioURL(query)
	all, err := s.App.Portfolio(v.Context(), v.caller, u.Query(v.caller.Member.ID, perPage))
	if err != nil {
		return err
	}
	f := &view.Portfolio{Workspace: place.Name, NewID: string(s.App.NewID()), Empty: all.All == 0, Answer: present.PortfolioAnswer(&all, v.l),
		Back: u.Href(), Manager: v.caller.Member.Manages(), Found: present.PortfolioFound(all.Found, v.l)}
	f.Summary = f.Found
	s.guestPlans(v, func(row app.PlanRow) {
		if row.Workspace != place.ID {
			f.Guest = append(f.Guest, planRow(row))
		}
	})
	if !f.Empty {
		if err := s.fillPortfolio(v, f, u, &all, no); err != nil {
			return err
		}
	}
	page := s.page(w, v, "portfolio", v.l.T("portfolio.title"))
	page.Style, page.Script = "portfolio.css", "portfolio.js"
	return render(w, v, status, view.PortfolioPage(page, f))
}

func (s *Server) fillPortfolio(v *visit, f *view.Portfolio, u present.PortfolioURL, all *app.Portfolio, no refused) error {
	for i := range all.Page.Rows {
		row := present.PortfolioRow(&all.Page.Rows[i], v.l)
		if row.ID == string(no.plan) && no.problem != nil {
			row.RemarkProblem, row.RemarkTyped = no.problem, no.typed
		}
		f.Rows = append(f.Rows, row)
	}
	if first := all.First; first != nil {
		f.First = &view.Reasoned{Title: present.Them(first), Href: "/plans/" + string(first.Plan), Why: present.ReasonWords(first, first.Reasons()[0], v.l)}
	}
	if all.Page.Cursor != "" {
		next := u
		next.After = all.Page.Cursor
		f.Next = next.Href()
	}
	if u.After != "" {
		f.Start = u.Kept().Href()
	}
	if !u.Plain() {
		f.All = present.PortfolioURL{Sort: u.Sort, Desc: u.Desc}.Href()
	}
	f.Columns, f.Chips = present.PortfolioColumns(u, v.l), present.PortfolioChips(u, v.l)
	segments, owners, err := s.App.PortfolioChoices(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f.Find = present.PortfolioFind(u, segments, owners, v.l)
	return s.fillViews(v, f, u, no)
}

// fillViews lists the saved views; what stands in the address may be saved if
// it says anything.
func (s *Server) fillViews(v *visit, f *view.Portfolio, u present.PortfolioURL, no refused) error {
	views, err := s.App.Views(v.Context(), v.caller)
	if err != nil {
		return err
	}
	now, known := u.Kept().Encode(), false
	for _, x := range views {
		here := x.Query == now
		known = known || here
		f.Views = append(f.Views, view.SavedView{ID: string(x.ID), Name: x.Name, Href: "/?" + x.Query, Here: here, Shared: x.Shared,
			Drop: x.Member == v.caller.Member.ID || f.Manager})
	}
	switch {
	case no.view != nil:
		f.Save = no.view
	case now != "" && !known:
		f.Save = &view.SaveView{ID: string(s.App.NewID()), Query: now}
	}
	if f.Save != nil {
		f.Save.Share = f.Manager
	}
	return nil
}

// viewSave keeps a view under a name.
func (s *Server) viewSave(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if _, err := v.member(); err != nil {
		return err
	}
	asked, err := url.ParseQuery(v.field("query"))
	if err != nil {
		asked = url.Values{}
	}
	u := present.ReadPortfolioURL(asked).Kept()
	x := app.SavedView{ID: plan.ID(v.field("id")), Name: v.field("name"), Query: u.Encode(), Shared: v.field("shared") != ""}
	if err := s.App.SaveView(v.Context(), v.caller, x); err != nil {
		if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Refused) {
			return err
		}
		form := &view.SaveView{ID: string(s.App.NewID()), Query: x.Query, Name: x.Name, Shared: x.Shared}
		if form.Problem, err = problem(v, err); err != nil {
			return err
		}
		return s.showPortfolio(w, v, asked, http.StatusUnprocessableEntity, refused{view: form})
	}
	s.say(w, "portfolio.view.saved", "Name", x.Name)
	return redirect(w, v, u.Href())
}

func (s *Server) viewDrop(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if err := s.App.DropView(v.Context(), v.caller, plan.ID(v.PathValue("view"))); err != nil {
		return err
	}
	s.say(w, "portfolio.view.dropped")
	return redirect(w, v, "/")
}

// remark notes what a manager says of a plan.
func (s *Server) remark(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	back := local(v.PostFormValue("back"))
	err := s.App.Remark(v.Context(), v.caller, v.planID(), v.PostFormValue("text"))
	if fault.Is(err, fault.Invalid) {
		no := refused{plan: v.planID(), typed: v.PostFormValue("text")}
		if no.problem, err = problem(v, err); err != nil {
			return err
		}
		at, err := url.Parse(back)
		if err != nil {
			return err
		}
		return s.showPortfolio(w, v, at.Query(), http.StatusUnprocessableEntity, no)
	}
	if err != nil {
		return err
	}
	s.say(w, "portfolio.remark.saved")
	return redirect(w, v, back)
}

// pilot shows a team that begins whether its plans take hold.
func (s *Server) pilot(w http.ResponseWriter, v *visit) error {
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	v.l = v.l.At(s.App.Now(), zoneOf(place))
	days := app.PilotDays[1]
	for _, d := range app.PilotDays {
		if v.URL.Query().Get("days") == strconv.Itoa(d) {
			days = d
		}
	}
	x, err := s.App.Pilot(v.Context(), v.caller, days)
	if err != nil {
		return err
	}
	page := s.page(w, v, "pilot", v.l.T("pilot.title"))
	page.Style = "portfolio.css"
	return render(w, v, http.StatusOK, view.PilotPage(page, present.Pilot(&x, days, v.l)))
}
