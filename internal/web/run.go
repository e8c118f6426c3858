package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// runRoutes are the check-in that is held, its minutes, and what is stuck.
func (s *Server) runRoutes(t *routeTable) {
	t.page("GET /plans/{plan}/check-ins/{id}/{day}/run", s.run)
	t.page("POST /plans/{plan}/check-ins/{id}/{day}/run", s.runOpened)
	t.page("POST /plans/{plan}/check-ins/{id}/{day}/run/{move}", s.runMove)
	t.page("GET /plans/{plan}/minutes", s.minutesList)
	t.page("GET /plans/{plan}/minutes/{id}", s.minutes)
	t.page("GET /plans/{plan}/obstacles", s.obstacles)
}

// runPage is which check-in an address names.
type runPage struct {
	id  plan.ID // of an appointment or of a run; none: one without appointment, now
	day civil.Day
}

func (s *Server) runAt(v *visit, pv app.View) (runPage, error) {
	day, err := civil.Parse(v.PathValue("day"))
	at := runPage{plan.ID(v.PathValue("id")), day}
	if err != nil || !at.known(pv) {
		return at, nothing()
	}
	return at, nil
}

// known reports that there is, was or could be such a check-in.
func (at runPage) known(pv app.View) bool {
	if at.id == present.AdHoc || present.RunOf(pv.Plan, at.id, at.day) != nil {
		return true
	}
	_, ok := app.MeetingOn(pv.Plan, at.id, at.day)
	return ok && !pv.Plan.CheckIns[at.id].Cancelled
}

// path is where forms of the page post to.
func (at runPage) path(pv app.View) string { return present.RunPath(base(pv), string(at.id), at.day) }

// run is GET: the agenda before, the check-in while it is held, and the way to
// its minutes afterwards.
func (s *Server) run(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	at, err := s.runAt(v, pv)
	if err != nil {
		return err
	}
	return s.showRun(w, v, pv, at)
}

func (s *Server) showRun(w http.ResponseWriter, v *visit, pv app.View, at runPage) error {
	q := planQuery{Tab: view.TabRun, Run: at.id, Day: at.day}
	undo := s.undoable(v, pv)
	page := s.planPage(w, v, pv, q)
	page.Name, page.Style, page.Keys = "plan-run", "run.css", false
	if page.Notice != nil {
		page.Notice.Undo = undo
	}
	shot, key, err := s.shoot(v.Context(), pv, v.l, q)
	if err != nil {
		return err
	}
	page.Live = &view.Live{URL: q.live(pv.Plan.ID), Seq: key.seq()}
	return render(w, v, http.StatusOK, view.Body(page, view.PlanBody(shot)))
}

// runFragments are the page's parts, for reading and for the live stream.
func (g pagesOfPlan) runFragments(v app.View, l *locale.Locale, q planQuery) []view.Fragment {
	ctx := context.Background()
	agenda, err := g.s.App.Agenda(ctx, v)
	if err != nil {
		g.s.Log.Error("agenda", "error", err)
	}
	there, err := g.s.App.There(ctx, v)
	if err != nil {
		g.s.Log.Error("agenda", "error", err)
	}
	o := g.options(v, l, planQuery{Tab: view.TabRun})
	return view.RunFragments(present.Plan(v, o), present.Run(v, o, agenda, q.Run, q.Day, there))
}

// runOpened is POST: the check-in begins.
func (s *Server) runOpened(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	at, err := s.runAt(v, pv)
	if err != nil {
		return err
	}
	if r := present.RunOf(pv.Plan, at.id, at.day); r.IsOpen() { // the other side was faster
		return redirect(w, v, at.path(pv))
	}
	cmd := plan.OpenCheckIn{ID: s.App.NewID(), CheckIn: at.id, Day: at.day}
	if at.id == present.AdHoc {
		cmd.CheckIn, cmd.Day = "", 0
	}
	pv, err = s.App.Do(v.Context(), v.caller, pv.Plan.ID, cmd)
	if err != nil {
		return err
	}
	if r := pv.Plan.OpenRun(); r != nil {
		return redirect(w, v, present.PathOfRun(base(pv), r))
	}
	return redirect(w, v, at.path(pv))
}

// runMove is POST of the forms that are the check-in's own; what is done with
// steps and proposals goes to these themselves.
func (s *Server) runMove(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	at, err := s.runAt(v, pv)
	if err != nil {
		return err
	}
	r := present.RunOf(pv.Plan, at.id, at.day)
	if r == nil {
		return nothing()
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	move := v.PathValue("move")
	if err := s.do(v, pv, f, f.runMove(r, move)); err != nil {
		return keeping(f, err)
	}
	s.say(w, "run.said."+move)
	if move == "close" {
		return redirect(w, v, present.MinutesPath(base(pv), r))
	}
	return redirect(w, v, at.path(pv))
}

// runMove is the command of a form of the page; nil for one there is not.
func (f *form) runMove(r *plan.Run, move string) plan.Command {
	switch move {
	case "note":
		id := plan.ID(f.text("note"))
		if id == "" {
			id = f.newID()
		}
		return plan.NoteCheckIn{Run: r.ID, ID: id, Item: plan.ID(f.text("item")), Text: f.text("text")}
	case "unnote":
		return plan.UnnoteCheckIn{Run: r.ID, ID: plan.ID(f.text("note"))}
	case "close":
		c := plan.CloseCheckIn{Run: r.ID}
		for _, id := range f.Values["person"] {
			c.Present = append(c.Present, plan.ID(id))
		}
		return c
	}
	return nil
}

// minutesList is GET {Base}/minutes.
func (s *Server) minutesList(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	o := pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan})
	page := s.planPage(w, v, pv, planQuery{Tab: "minutes"})
	page.Style = "run.css"
	return render(w, v, http.StatusOK, view.Body(page, view.MinutesListPage(present.Plan(pv, o), present.MinutesList(pv, o))))
}

// minutes is GET {Base}/minutes/{id}.
func (s *Server) minutes(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	m, err := s.App.Minutes(v.Context(), pv, plan.ID(v.PathValue("id")))
	if err != nil {
		return err
	}
	o := pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan})
	page := s.planPage(w, v, pv, planQuery{Tab: "minutes"})
	page.Style = "run.css"
	return render(w, v, http.StatusOK, view.Body(page, view.MinutesPage(present.Plan(pv, o), present.Minutes(pv, o, m))))
}

// obstacles is GET {Base}/obstacles.
func (s *Server) obstacles(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	now, before, err := s.App.Obstacles(v.Context(), pv)
	if err != nil {
		return err
	}
	o := pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan})
	page := s.planPage(w, v, pv, planQuery{Tab: "obstacles"})
	page.Style = "run.css"
	return render(w, v, http.StatusOK, view.Body(page, view.ObstaclesPage(present.Plan(pv, o), present.Obstacles(pv, o, now, before))))
}

// liveRun reads which check-in a live stream is about; false if it is none.
func liveRun(q url.Values) (plan.ID, civil.Day, bool) {
	day, err := civil.Parse(q.Get("day"))
	id := q.Get("run")
	return plan.ID(id), day, err == nil && id != "" && len(id) <= 64
}

// backToRun is the page of a check-in that a form was sent from, if it is one.
func backToRun(pv app.View, rest string) bool {
	parts := strings.Split(strings.TrimPrefix(rest, "/check-ins/"), "/")
	if !strings.HasPrefix(rest, "/check-ins/") || len(parts) != 3 || parts[2] != "run" {
		return false
	}
	day, err := civil.Parse(parts[1])
	return err == nil && runPage{plan.ID(parts[0]), day}.known(pv)
}
