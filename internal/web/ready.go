package web

import (
	"net/http"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/readiness"
	"tandem/internal/web/view"
)

// readyNew asks whether it is time for a plan before there is a deal.
func (s *Server) readyNew(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	f := &view.Ready{Action: "/new/ready", ID: string(s.App.NewID()), Questions: questions(v.l, nil)}
	return s.showReady(w, v, http.StatusOK, f)
}

func (s *Server) showReady(w http.ResponseWriter, v *visit, status int, f *view.Ready) error {
	return render(w, v, status, view.ReadyPage(s.dealsPage(w, v, v.l.T("ready.title")), f))
}

// readyMade makes the deal that was asked about, and keeps the answers with it.
func (s *Server) readyMade(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	a := answersOf(v)
	f := &view.Ready{Action: "/new/ready", ID: v.field("id"), Name: v.field("name"), Account: v.field("account"), Questions: questions(v.l, a)}
	var err error
	switch {
	case f.Account == "":
		err = fault.New(fault.Invalid, "ready.fault.account")
	case !a.Complete():
		err = fault.New(fault.Invalid, "ready.fault.answers")
	default:
		var d app.Deal
		d, err = s.App.SaveDeal(v.Context(), v.caller, app.Deal{ID: plan.ID(f.ID), Name: f.Name, Account: f.Account, Owner: v.caller.Member.ID})
		if err == nil {
			_, err = s.App.CheckReadiness(v.Context(), v.caller, d.ID, a)
		}
	}
	if err == nil {
		return redirect(w, v, "/deals/"+f.ID+"/readiness")
	}
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showReady(w, v, status, f)
}

// ready shows the last advice of a deal, or asks.
func (s *Server) ready(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	d, err := s.App.Deal(v.Context(), v.caller, v.dealID())
	if err != nil {
		return err
	}
	var a readiness.Answers
	if len(d.Checks) > 0 {
		a = d.Checks[0].Read()
	}
	return s.showReady(w, v, http.StatusOK, s.readyOf(v, d, a))
}

func (s *Server) readyOf(v *visit, d app.DealView, a readiness.Answers) *view.Ready {
	at := "/deals/" + string(d.ID)
	f := &view.Ready{Action: at + "/readiness", Back: at, Deal: d.Name, Questions: questions(v.l, a), History: checkStories(v.l, d)}
	if len(d.Checks) > 0 {
		f.Advice = adviceOf(v.l, d.Deal, d.Checks[0], d.Names)
	}
	r := resistOf(v, d, "introducing", at+"/resistance", at+"/readiness")
	f.Resist = &r
	return f
}

func (s *Server) readyDone(w http.ResponseWriter, v *visit) error {
	if err := s.inPlace(v); err != nil {
		return err
	}
	d, err := s.App.Deal(v.Context(), v.caller, v.dealID())
	if err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	a := answersOf(v)
	_, err = s.App.CheckReadiness(v.Context(), v.caller, d.ID, a)
	if err == nil {
		return redirect(w, v, "/deals/"+string(d.ID)+"/readiness")
	}
	f, status := s.readyOf(v, d, a), statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showReady(w, v, status, f)
}

// answersOf reads what was answered.
func answersOf(v *visit) readiness.Answers {
	a := readiness.Answers{}
	for _, q := range readiness.Questions() {
		a[q] = readiness.Answer(v.field("q." + string(q)))
	}
	return a
}

func questions(l *locale.Locale, a readiness.Answers) []view.ReadyQuestion {
	var out []view.ReadyQuestion
	for _, q := range readiness.Questions() {
		out = append(out, view.ReadyQuestion{Name: string(q), Text: l.T("ready.q." + string(q)), Why: l.T("ready.q." + string(q) + ".why"), Chosen: string(a[q])})
	}
	return out
}

// adviceOf is a check's advice in words.
func adviceOf(l *locale.Locale, d app.Deal, c app.ReadinessCheck, names map[plan.ID]string) *view.Advice1 {
	a := readiness.Advise(c.Read())
	out := &view.Advice1{Level: string(a.Level), When: c.At, By: names[c.Member], Text: l.T("ready.advice." + string(a.Level))}
	for _, r := range a.Reasons {
		out.Reasons = append(out.Reasons, l.T("ready.because."+string(r.Question)+"."+string(r.Answer)))
	}
	for _, q := range a.Flags {
		out.Flags = append(out.Flags, l.T("ready.because."+string(q)+".no"))
	}
	for _, q := range a.First {
		out.First = append(out.First, l.T("ready.first."+string(q)))
	}
	switch a.Level {
	case readiness.Now:
		out.Opener, out.Href, out.Go = l.T("ready.opener.now"), "/new/template?deal="+string(d.ID), l.T("ready.go.now")
	case readiness.Light:
		out.Opener, out.Href, out.Go = l.T("ready.opener.light"), "/new/light?deal="+string(d.ID), l.T("ready.go.light")
	default:
		for _, q := range a.First {
			out.Ask = strings.TrimSpace(out.Ask + "\n" + l.T("ready.ask."+string(q)))
		}
	}
	if d.Plan != "" {
		out.Href, out.Go = "/plans/"+string(d.Plan), l.T("deal.plan.open")
	}
	return out
}

// checkStories are the checks of a deal, the last first.
func checkStories(l *locale.Locale, d app.DealView) []view.DealStory {
	var out []view.DealStory
	for _, c := range d.Checks {
		a := readiness.Advise(c.Read())
		text := l.T("ready.level."+c.Advice) + ": " + l.T("ready.because."+string(a.Reasons[0].Question)+"."+string(a.Reasons[0].Answer))
		out = append(out, view.DealStory{When: c.At, By: d.Names[c.Member], Text: text})
	}
	return out
}
