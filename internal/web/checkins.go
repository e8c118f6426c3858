package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// calendarRoutes are the check-ins of a plan and the calendars people take
// their dates away in.
func (s *Server) calendarRoutes(t *routeTable) {
	t.page("GET /plans/{plan}/check-ins", s.checkIns)
	t.page("POST /plans/{plan}/check-ins", s.checkInMove)
	t.page("POST /plans/{plan}/check-ins/{id}/{move}", s.checkInMove)
	t.page("GET /plans/{plan}/feed", s.feed)
	t.page("POST /plans/{plan}/feed", s.feedMade)
	t.page("POST /plans/{plan}/feed/stop", s.feedStopped)
	t.page("GET /calendar", s.feed)
	t.page("POST /calendar", s.feedMade)
	t.page("POST /calendar/stop", s.feedStopped)
	t.page("GET /feed/{file}", s.feedFile)
}

// checkIns is GET {Base}/check-ins.
func (s *Server) checkIns(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	return s.showCheckIns(w, v, pv, nil, http.StatusOK)
}

func (s *Server) showCheckIns(w http.ResponseWriter, v *visit, pv app.View, problem *view.Problem, status int) error {
	v.l = s.locale(v, pv.Plan.Language, pv.MyZone())
	p := present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan}))
	c := present.CheckIns(pv, v.l.Lang, base(pv), zones)
	c.New.ID, c.Mails = string(s.App.NewID()), s.App.MailOn()
	var err error
	if c.Address, err = s.App.PlanAddress(v.Context(), pv.Plan.ID); err != nil {
		return err
	}
	if c.Problem = problem; problem != nil {
		typedInto(c, problem, v.PostForm["person"])
	}
	page := s.planPage(w, v, pv, planQuery{Tab: "check-ins"})
	page.Style = "run.css"
	return render(w, v, status, view.Body(page, view.CheckInsPage(p, c)))
}

// typedInto puts what was typed back into the refused form.
func typedInto(c *view.CheckIns, problem *view.Problem, people []string) {
	move, id, _ := strings.Cut(problem.Move, "/")
	f := &c.New
	for i := range c.All {
		if move == "edit" && c.All[i].ID == id {
			f = &c.All[i].Form
		}
		if move == "move" && c.All[i].ID == id && len(c.All[i].Next) > 0 {
			c.All[i].Next[0].Date, c.All[i].Next[0].Time = problem.Typed["date"], problem.Typed["time"]
		}
	}
	if move != "edit" && move != "check-ins" {
		return
	}
	t := problem.Typed
	*f = view.CheckInForm{ID: t["id"], Title: t["title"], Date: t["date"], Time: t["time"], Minutes: t["minutes"], Zone: t["zone"], Rhythm: t["rhythm"],
		Link: t["link"], Place: t["place"], Some: t["who"] == "some", Chosen: map[string]bool{}}
	for _, q := range people {
		f.Chosen[q] = true
	}
}

// checkInMove is POST of the page's forms.
func (s *Server) checkInMove(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	id, move := plan.ID(v.PathValue("id")), v.PathValue("move")
	name := "check-ins"
	if id != "" {
		name = move + "/" + string(id)
	}
	err = s.do(v, pv, f, f.checkInMove(id, move))
	if problem := f.problem(v, name, err); problem != nil && !fault.Is(err, fault.Missing) {
		s.log(v, err)
		if fault.Is(err, fault.Conflict) { // with what is there now
			if pv, err = s.open(v); err != nil {
				return err
			}
			return s.showCheckIns(w, v, pv, problem, http.StatusConflict)
		}
		return s.showCheckIns(w, v, pv, problem, statusOf(err))
	}
	if err != nil {
		return err
	}
	said := move
	if id == "" {
		said = "planned"
	}
	s.say(w, "checkin.said."+said)
	return redirect(w, v, base(pv)+"/check-ins")
}

// checkInMove is the command of a form of the page.
func (f *form) checkInMove(id plan.ID, move string) plan.Command {
	if id == "" {
		if given := plan.ID(f.text("id")); given != "" {
			return plan.ScheduleCheckIn{ID: given, CheckInInput: f.checkIn(nil)}
		}
		return plan.ScheduleCheckIn{ID: f.newID(), CheckInInput: f.checkIn(nil)}
	}
	c := f.v.Plan.CheckIns[id]
	if c == nil {
		return nil
	}
	switch move {
	case "edit":
		return plan.EditCheckIn{CheckIn: id, Version: f.version(), CheckInInput: f.checkIn(c)}
	case "move":
		return plan.MoveCheckIn{CheckIn: id, Version: f.version(), To: plan.MovedOne{Day: f.day("day"), Start: f.wall(), Minutes: f.number("minutes")}}
	case "skip":
		return plan.CancelCheckIn{CheckIn: id, Version: f.version(), Day: f.needDay("day")}
	case "cancel":
		return plan.CancelCheckIn{CheckIn: id, Version: f.version()}
	case "answer":
		return plan.AnswerCheckIn{CheckIn: id, Answer: plan.Coming(f.text("answer"))}
	}
	return nil
}

// needDay is a day that must be said: without one, all of it would be meant.
func (f *form) needDay(name string) civil.Day {
	d := f.day(name)
	if d.IsZero() {
		f.bad(name, "fault.checkin.day")
	}
	return d
}

// wall is the time of the fields date and time.
func (f *form) wall() civil.Wall {
	day := f.day("date")
	w, err := civil.ParseWall(day.String() + "T" + f.text("time"))
	if err != nil {
		f.bad("time", "fault.checkin.time")
	}
	return w
}

// checkIn reads an appointment. A series whose rhythm and time stay goes on as
// it is, whichever of its days the form was made for; a rhythm that the form
// cannot say stays.
func (f *form) checkIn(old *plan.CheckIn) plan.CheckInInput {
	in := plan.CheckInInput{Title: f.text("title"), Place: f.text("place"), Link: f.text("link"), Start: f.wall(), Zone: f.text("zone"), Minutes: f.number("minutes")}
	switch rhythm := f.text("rhythm"); {
	case rhythm == "week":
		in.Rule = app.Weekly
	case rhythm == "fortnight":
		in.Rule = app.Fortnightly
	case rhythm == "kept" && old != nil:
		in.Rule = old.Rule
	}
	if f.text("who") == "some" {
		for _, id := range f.Values["person"] {
			in.People = append(in.People, plan.ID(id))
		}
		if len(in.People) == 0 {
			f.bad("person", "checkin.form.nobody")
		}
	}
	if old != nil && old.Rule != "" && in.Rule == old.Rule && in.Zone == old.Zone && in.Start == old.Start.On(in.Start.Day()) && app.Series(old.Appointment).Has(in.Start.Day()) {
		in.Start = old.Start
	}
	return in
}

// feedPlace is which feed a page is about: of a plan, or of all.
func (s *Server) feedPlace(v *visit) (f view.Feed, planID plan.ID, err error) {
	if v.PathValue("plan") == "" {
		if _, err := v.member(); err != nil {
			return f, "", err
		}
		return view.Feed{Path: "/calendar", Back: "/", Title: v.l.T("pages.nav.plans"), Plans: true}, "", nil
	}
	pv, err := s.open(v)
	if err != nil {
		return f, "", err
	}
	return view.Feed{Path: base(pv) + "/feed", Back: base(pv), Title: title(pv)}, pv.Plan.ID, nil
}

// feed shows whether the reader has a calendar of their dates.
func (s *Server) feed(w http.ResponseWriter, v *visit) error {
	f, id, err := s.feedPlace(v)
	if err != nil {
		return err
	}
	return s.showFeed(w, v, f, id)
}

func (s *Server) showFeed(w http.ResponseWriter, v *visit, f view.Feed, id plan.ID) error {
	since, has, err := s.App.HasFeed(v.Context(), v.caller, id)
	if err != nil {
		return err
	}
	if has {
		f.Since = v.l.Date(civil.On(since, v.l.Zone))
	}
	p := s.page(w, v, "feed", v.l.T("checkin.feed.title"))
	p.Narrow, p.Here = true, f.Path
	return render(w, v, http.StatusOK, view.Body(p, view.FeedPage(p, f)))
}

// feedMade makes the feed, anew if there is one, and shows its address once,
// in the answer itself.
func (s *Server) feedMade(w http.ResponseWriter, v *visit) error {
	f, id, err := s.feedPlace(v)
	if err != nil {
		return err
	}
	secret, err := s.App.MakeFeed(v.Context(), v.caller, id)
	if err != nil {
		return err
	}
	f.Link = s.link("/feed/" + string(secret) + ".ics")
	f.Webcal = "webcal://" + s.base.Host + "/feed/" + string(secret) + ".ics"
	f.All = f.Link + "?steps=all"
	w.Header().Set("Cache-Control", "no-store")
	return s.showFeed(w, v, f, id)
}

func (s *Server) feedStopped(w http.ResponseWriter, v *visit) error {
	f, id, err := s.feedPlace(v)
	if err != nil {
		return err
	}
	if err := s.App.StopFeed(v.Context(), v.caller, id); err != nil {
		return err
	}
	s.say(w, "checkin.said.feed-stopped")
	return redirect(w, v, f.Path)
}

// feedFile is what calendars fetch. What does not work any more and what never
// did answer alike.
func (s *Server) feedFile(w http.ResponseWriter, v *visit) error {
	if !s.feeds.allow(s.address(v.Request)) {
		w.Header().Set("Retry-After", "60")
		return fault.New(fault.TooMany, "pages.fault.too-many").Fix("pages.fix.wait")
	}
	secret, ok := strings.CutSuffix(v.PathValue("file"), ".ics")
	if !ok {
		return nothing()
	}
	f, err := s.App.ReadFeed(v.Context(), app.Secret(secret), v.URL.Query().Get("steps") == "all", s.link)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(f.Body)
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="tandem.ics"`)
	h.Set("Cache-Control", "private, max-age=300")
	h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:18])+`"`)
	http.ServeContent(w, v.Request, "", f.Changed, bytes.NewReader(f.Body))
	return nil
}
