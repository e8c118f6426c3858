package web

import (
	"cmp"
	"net/http"
	"net/url"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// mineRoutes are the pages behind the links of mails: what one reader is asked
// for, of one plan or of all. Opening them changes nothing, also with the
// secret of a personal link; its form, sent by a click, lets the browser in and
// does what was clicked, in one.
func (s *Server) mineRoutes(page, door func(string, handler)) {
	page("GET /mine", s.mineAll)
	page("GET /plans/{plan}/mine", s.mine)
	page("POST /plans/{plan}/mine", s.mineSent)
	door("GET /me/{secret}/mine", s.mineByLink)
	door("POST /me/{secret}/mine", s.mineByLinkSent)
}

// readsIn takes over a person's language and the zone of a plan.
func (s *Server) readsIn(v *visit, pv app.View) {
	v.l = s.locale(v, cmp.Or(pv.Me.Language, pv.Plan.Language), pv.Zone)
}

func (s *Server) mine(w http.ResponseWriter, v *visit) error {
	m, err := s.App.Mine(v.Context(), v.caller, v.planID(), plan.ID(v.URL.Query().Get("item")))
	if err != nil {
		return err
	}
	return s.showMine(w, v, m, present.MineOptions{}, http.StatusOK)
}

// showMine shows the page to a browser that came in.
func (s *Server) showMine(w http.ResponseWriter, v *visit, m app.Mine, o present.MineOptions, status int) error {
	s.readsIn(v, m.View)
	o.Language, o.Base, o.NewID = v.l.Lang, base(m.View), s.App.NewID
	o.Action, o.Plan, o.MaxFile = o.Base+"/mine", o.Base, s.mostFile()
	x := present.Mine(m, o)
	x.More = append(x.More, view.Link{Href: o.Base, Label: v.l.T("mine.plan")}, view.Link{Href: "/mine", Label: v.l.T("mine.all")},
		view.Link{Href: o.Base + "/mail", Label: v.l.T("mailset.title")}, view.Link{Href: o.Base + "/about-me", Label: v.l.T("mine.stored")})
	undo := s.undoable(v, m.View)
	page := s.minePage(w, v, m.View, "mine")
	if page.Reader == nil {
		page.Reader = &view.Reader{Leave: "/sign-out"}
	}
	page.Reader.Menu = []view.Link{{Href: o.Base, Label: v.l.T("mine.plan")}, {Href: o.Base + "/links", Label: v.l.T("pages.links.title")}, accountLink(v)}
	page.Reader.Person = view.Person{ID: string(m.View.Me.ID), Name: m.View.Me.Name.Value, Side: view.Side(m.View.Side()), You: true}
	if page.Notice != nil {
		page.Notice.Undo = undo
	}
	return render(w, v, status, view.Body(page, view.MinePage(x)))
}

// minePage is what is around it: whose plan, and by when they decide.
func (s *Server) minePage(w http.ResponseWriter, v *visit, pv app.View, name string) *view.Page {
	decision := pv.Plan.Items[plan.DecisionItem]
	page := s.page(w, v, name, v.l.T("mine.title")+" · "+decision.Terms.Title.Value)
	page.Narrow, page.Style = true, "mine.css"
	page.Head = v.l.T("mine.between", "Buyer", pv.Plan.Organisation.Buyer.Value, "Seller", pv.Plan.Organisation.Seller.Value)
	if due := decision.Terms.Due; !due.IsZero() && !pv.Over() {
		page.Sub = v.l.T("mine.decide", "Day", v.l.Day(due))
	}
	return page
}

// mineByLink shows the page to whoever holds a personal link. A browser that
// already acts as that person is led to the clean address; one that acts as
// somebody else is asked first who it is to be.
func (s *Server) mineByLink(w http.ResponseWriter, v *visit) error {
	who, err := s.App.Recognise(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	item := v.URL.Query().Get("item")
	if who.Home { // they cannot come in for the other side, and are told so
		return redirect(w, v, "/me/"+string(v.secret())+"?to="+url.QueryEscape(app.MinePath(app.Letter{Plan: who.Plan, Item: plan.ID(item)}, "")))
	}
	if known, err := s.App.Open(v.Context(), v.caller, who.Plan); err == nil {
		to := app.MinePath(app.Letter{Plan: who.Plan, Item: plan.ID(item)}, "")
		if known.Me.ID != who.Person {
			to = "/me/" + string(v.secret()) + "?to=" + url.QueryEscape(to)
		}
		return redirect(w, v, to)
	}
	return s.showByLink(w, v, plan.ID(item), present.MineOptions{}, http.StatusOK)
}

func (s *Server) showByLink(w http.ResponseWriter, v *visit, item plan.ID, o present.MineOptions, status int) error {
	m, err := s.App.MineByLink(v.Context(), v.secret(), item)
	if err != nil {
		return s.deadLink(w, v, err)
	}
	s.readsIn(v, m.View)
	o.Language, o.Base, o.Action, o.Unknown, o.NewID = v.l.Lang, base(m.View), v.URL.EscapedPath(), true, s.App.NewID
	o.MaxFile = s.mostFile()
	o.Plan = "/me/" + string(v.secret()) + "?to=" + url.QueryEscape(o.Base)
	x := present.Mine(m, o)
	x.More = []view.Link{{Href: o.Plan, Label: v.l.T("mine.plan")}}
	return render(w, v, status, view.Body(s.minePage(w, v, m.View, "mine-link"), view.MinePage(x)))
}

// mineByLinkSent is a person's click on a page they opened by a link: their
// browser is let in, and what they clicked is done.
func (s *Server) mineByLinkSent(w http.ResponseWriter, v *visit) error {
	who, err := s.App.Recognise(v.Context(), v.caller, v.secret())
	if err != nil {
		if _, err := s.readForm(w, v, nil); err != nil {
			return err
		}
		return s.deadLink(w, v, err)
	}
	if known, err := s.App.Open(v.Context(), v.caller, who.Plan); err != nil || known.Me.ID != who.Person {
		if !carriesFile(v.Request) { // who comes in sends something that can be read
			if err := parse(v, maxForm); err != nil {
				return err
			}
		}
		secret, c, _, err := s.App.Return(v.Context(), v.caller, v.secret(), s.askingBrowser(v))
		if err != nil {
			return s.deadLink(w, v, err)
		}
		s.cameIn(w, v, secret, c)
	}
	return s.mineAct(w, v, who.Plan)
}

func (s *Server) mineSent(w http.ResponseWriter, v *visit) error {
	return s.mineAct(w, v, v.planID())
}

// mineAll is everything that waits for the reader on this server.
func (s *Server) mineAll(w http.ResponseWriter, v *visit) error {
	if v.caller.Member == nil && len(v.caller.Session.Persons) == 0 {
		return fault.New(fault.Missing, "fault.missing")
	}
	all, err := s.App.MyPlans(v.Context(), v.caller)
	if err != nil {
		return err
	}
	l := v.l
	if len(all) > 0 {
		l = locale.For(v.l.Lang).At(s.App.Now(), all[0].View.Zone)
	}
	page := s.narrow(w, v, "mine-all", v.l.T("mine.all.title"))
	page.Style = "mine.css"
	return render(w, v, http.StatusOK, view.Body(page, view.PlansPage(present.Plans(all, l))))
}

func (s *Server) narrow(w http.ResponseWriter, v *visit, name, title string) *view.Page {
	p := s.page(w, v, name, title)
	p.Narrow = true
	return p
}
