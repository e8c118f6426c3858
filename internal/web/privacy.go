package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// privacyRoutes are what people see of what is kept about them, and what a
// workspace decides about it.
func (s *Server) privacyRoutes(t *routeTable) {
	// Whoever is on the plan, about themselves.
	t.page("GET /plans/{plan}/about-me", s.aboutMe)
	t.page("GET /plans/{plan}/about-me.json", s.aboutMeFile)
	t.page("GET /plans/{plan}/about-me/erase", s.forgetMe)
	t.page("POST /plans/{plan}/about-me/erase", s.forgetMe)
	// Leads, about people of their side.
	t.page("GET /plans/{plan}/people/{id}/erase", s.forgetPerson)
	t.page("POST /plans/{plan}/people/{id}/erase", s.forgetPerson)
	// Members read, administrators change and find.
	t.page("GET /workspace/privacy", s.privacy)
	t.page("POST /workspace/privacy", s.privacySave)
	t.page("POST /workspace/privacy/find", s.privacyFind)
	t.page("GET /workspace/privacy/erase/{plan}/{id}", s.forgetFound)
	t.page("POST /workspace/privacy/erase/{plan}/{id}", s.forgetFound)
	t.page("GET /workspace/privacy/erase/{member}", s.forgetColleague)
	t.page("POST /workspace/privacy/erase/{member}", s.forgetColleague)
	// Managers and administrators.
	t.page("GET /workspace/answers", s.answers)
}

// mostTexts is how many of a person's own texts a page shows; the file has all.
const mostTexts = 100

func (s *Server) aboutMe(w http.ResponseWriter, v *visit) error {
	o, a, err := s.App.AboutMe(v.Context(), v.caller, v.planID())
	if err != nil {
		return err
	}
	v.l = s.locale(v, o.Plan.Language, o.Zone)
	l, q := v.l, o.Me
	f := view.AboutMe{Base: base(o), Operator: s.Operator, LastLead: lastLead(o.Plan, q), Ends: endsOn(l, a)}
	fact := func(list *[]view.Fact, key, value string) {
		if value != "" {
			*list = append(*list, view.Fact{Name: l.T("privacy.fact." + key), Value: value})
		}
	}
	fact(&f.Who, "name", q.Name.Value)
	fact(&f.Who, "email", q.Email.Value)
	fact(&f.Who, "role", q.Role.Value)
	fact(&f.Who, "side", o.Plan.Organisation.Of(q.Side).Value)
	if q.Access != plan.None {
		fact(&f.Who, "right", l.T("state.right."+string(q.Access)))
	}
	if q.Language != "" {
		fact(&f.Who, "language", l.T("privacy.language."+q.Language))
	}
	if q.Salutation.Value != "" {
		fact(&f.Who, "salutation", l.T("privacy.salutation."+q.Salutation.Value))
	}
	fact(&f.Who, "zone", q.Zone)
	for _, x := range q.Absences {
		fact(&f.Who, "absence", l.Span(x.From, x.To)+" "+x.Note.Value)
	}
	fact(&f.Where, "events", l.T("privacy.me.events", "N", a.Events))
	fact(&f.Where, "browser", l.T("privacy.me.since", "At", a.Browser))
	for _, x := range a.Links {
		f.Links = append(f.Links, view.Fact{Name: l.T("privacy.link." + string(x.Kind)), Value: linkState(l, x, o.Now)})
	}
	for _, x := range a.Letters {
		f.Mails = append(f.Mails, view.Fact{Name: l.T("privacy.letter", "At", x.Created), Value: l.T("privacy.letter." + string(x.State))})
	}
	for _, x := range a.Mails {
		f.Mails = append(f.Mails, view.Fact{Name: l.T("privacy.received", "At", x.At), Value: l.T("privacy.received.size", "N", (len(x.Raw)+1023)/1024)})
	}
	for i := len(a.Texts) - 1; i >= 0; i-- { // the latest first
		if len(f.Texts) == mostTexts {
			f.More = i + 1
			break
		}
		f.Texts = append(f.Texts, view.AboutText{At: a.Texts[i].At, Own: a.Texts[i].Stream != plan.SharedStream(o.Plan.ID), Value: a.Texts[i].Value})
	}
	times := app.AnswerTimes(o.Plan)
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		if x := times.Of(side); x.N > 0 {
			f.AnswerTime = append(f.AnswerTime, view.Fact{Name: o.Plan.Organisation.Of(side).Value, Value: answerTime(l, x)})
		}
	}
	p := s.page(w, v, "about-me", l.T("privacy.me.title"))
	p.Narrow = true
	return render(w, v, http.StatusOK, view.AboutMePage(p, f))
}

func linkState(l *locale.Locale, x app.AboutLink, now time.Time) string {
	switch {
	case x.Revoked:
		return l.T("privacy.link.state.revoked", "At", x.Created)
	case !x.Expires.IsZero() && now.After(x.Expires):
		return l.T("privacy.link.state.expired", "At", x.Created)
	case x.Expires.IsZero():
		return l.T("privacy.link.state.open", "At", x.Created)
	}
	return l.T("privacy.link.state.until", "At", x.Created, "Until", x.Expires)
}

// endsOn says when the plan, and with it everything on the page, is deleted.
func endsOn(l *locale.Locale, a app.About) string {
	if a.Ends.IsZero() {
		return ""
	}
	return l.T("privacy.me.ends", "Date", a.Ends)
}

func lastLead(p *plan.Plan, q *plan.Person) bool {
	leads := p.LeadsOf(q.Side)
	return len(leads) == 1 && leads[0].ID == q.ID
}

// answerTime is a median as people say it.
func answerTime(l *locale.Locale, x app.AnswerTime) string {
	if hours := int(x.Median.Round(time.Hour).Hours()); hours < 48 {
		return l.T("privacy.answers.hours", "N", max(hours, 1), "Count", x.N)
	}
	return l.T("privacy.answers.days", "N", int(x.Median.Round(24*time.Hour).Hours()/24), "Count", x.N)
}

// aboutMeFile is the same as data, whole.
func (s *Server) aboutMeFile(w http.ResponseWriter, v *visit) error {
	_, a, err := s.App.AboutMe(v.Context(), v.caller, v.planID())
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(a.File(), "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Disposition", `attachment; filename="about-me.json"`)
	_, err = w.Write(append(b, '\n'))
	return err
}

// forgetMe asks the reader, and then erases them.
func (s *Server) forgetMe(w http.ResponseWriter, v *visit) error {
	o, err := s.open(v)
	if err != nil {
		return err
	}
	f := view.Forget{Action: base(o) + "/about-me/erase", Back: base(o) + "/about-me", Name: o.Me.Name.Value, Myself: true, LastLead: lastLead(o.Plan, o.Me)}
	return s.forget(w, v, f, "/", func() (app.Erasure, error) {
		return s.App.EraseFromPlan(v.Context(), v.caller, o.Plan.ID, o.Me.ID)
	})
}

// forgetPerson asks a lead, and then erases somebody of their side.
func (s *Server) forgetPerson(w http.ResponseWriter, v *visit) error {
	o, err := s.open(v)
	if err != nil {
		return err
	}
	q := o.Plan.Person(plan.ID(v.PathValue("id")))
	if q == nil || q.Side != o.Side() || q.Erased() {
		return fault.New(fault.Missing, "fault.missing")
	}
	if !o.Plan.Leads(o.Me.ID) && q.ID != o.Me.ID {
		return fault.New(fault.Forbidden, "fault.right.lead")
	}
	f := view.Forget{Action: base(o) + "/people/" + string(q.ID) + "/erase", Back: base(o) + "/people", Name: q.Name.Value, Myself: q.ID == o.Me.ID, LastLead: lastLead(o.Plan, q)}
	return s.forget(w, v, f, f.Back, func() (app.Erasure, error) {
		return s.App.EraseFromPlan(v.Context(), v.caller, o.Plan.ID, q.ID)
	})
}

// forgetFound asks an administrator who was asked by somebody.
func (s *Server) forgetFound(w http.ResponseWriter, v *visit) error {
	id, person := v.planID(), plan.ID(v.PathValue("id"))
	q, err := s.App.FoundOn(v.Context(), v.caller, id, person)
	if err != nil {
		return err
	}
	f := view.Forget{Action: v.URL.Path, Back: "/workspace/privacy", Name: q.Name}
	return s.forget(w, v, f, f.Back, func() (app.Erasure, error) { return s.App.EraseFound(v.Context(), v.caller, id, person) })
}

// forgetColleague asks an administrator, and then erases an account.
func (s *Server) forgetColleague(w http.ResponseWriter, v *visit) error {
	m, err := s.App.Colleague(v.Context(), v.caller, plan.ID(v.PathValue("member")))
	if err != nil {
		return err
	}
	f := view.Forget{Action: v.URL.Path, Back: "/workspace/privacy", Name: m.Name, Account: true}
	return s.forget(w, v, f, f.Back, func() (app.Erasure, error) { return app.Erasure{}, s.App.EraseAccount(v.Context(), v.caller, m.ID) })
}

// forget shows the question on GET, and on POST does it and tells what else
// may name the person.
func (s *Server) forget(w http.ResponseWriter, v *visit, f view.Forget, after string, erase func() (app.Erasure, error)) error {
	status := http.StatusOK
	if v.Method == http.MethodPost {
		if err := parse(v, maxForm); err != nil {
			return err
		}
		var e app.Erasure
		err := error(fault.New(fault.Invalid, "fault.privacy.sure"))
		if v.field("sure") != "" {
			e, err = erase()
		}
		if err == nil {
			f.Done, f.Texts, f.Back = true, e.Texts, after
			for _, m := range e.Mentions {
				f.Mentions = append(f.Mentions, m.Text.Value)
			}
		} else {
			status = statusOf(err)
			if f.Problem, err = problem(v, err); err != nil {
				return err
			}
		}
	}
	p := s.page(w, v, "forget", v.l.T("privacy.forget.page"))
	p.Narrow = true
	return render(w, v, status, view.ForgetPage(p, f))
}

func (s *Server) privacy(w http.ResponseWriter, v *visit) error {
	return s.showPrivacy(w, v, http.StatusOK, func(*view.Privacy) {})
}

func (s *Server) showPrivacy(w http.ResponseWriter, v *visit, status int, with func(*view.Privacy)) error {
	x, err := s.App.PrivacyOf(v.Context(), v.caller)
	if err != nil {
		return err
	}
	f := privacyForm(x)
	f.MayChange = v.caller.Member.Administers()
	with(&f)
	return render(w, v, status, view.PrivacyPage(s.page(w, v, "workspace", v.l.T("privacy.title")), f))
}

func privacyForm(x app.Privacy) view.Privacy {
	return view.Privacy{Keep: strconv.Itoa(x.Keep), Mails: strconv.Itoa(x.Mails), PerPerson: x.PerPerson, Agreement: x.Agreement, Least: strconv.Itoa(x.Least)}
}

func (s *Server) privacySave(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	number := func(name string) int {
		n, err := strconv.Atoi(v.field(name))
		if err != nil {
			return -1 // out of every range, and said so
		}
		return n
	}
	x := app.Privacy{Keep: number("keep"), Mails: number("mails"), PerPerson: v.field("per-person") != "", Agreement: v.field("agreement"), Least: number("least")}
	err := s.App.DecidePrivacy(v.Context(), v.caller, x)
	if err == nil {
		s.say(w, "privacy.saved")
		return redirect(w, v, "/workspace/privacy")
	}
	status := statusOf(err)
	if fault.Is(err, fault.Forbidden) {
		return err
	}
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showPrivacy(w, v, status, func(f *view.Privacy) {
		*f = view.Privacy{MayChange: f.MayChange, Keep: v.field("keep"), Mails: v.field("mails"), PerPerson: x.PerPerson,
			Agreement: x.Agreement, Least: v.field("least"), Problem: p}
	})
}

// privacyFind is a POST because an address does not belong into an address.
func (s *Server) privacyFind(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	found, err := s.App.FindPerson(v.Context(), v.caller, v.field("email"))
	if fault.Is(err, fault.Forbidden) {
		return err
	}
	status := http.StatusOK
	var p *view.FormProblem
	if err != nil {
		status = statusOf(err)
		if p, err = problem(v, err); err != nil {
			return err
		}
	}
	var account *app.Member
	if p == nil {
		if account, err = s.App.ColleagueByEmail(v.Context(), v.caller, v.field("email")); err != nil {
			return err
		}
	}
	return s.showPrivacy(w, v, status, func(f *view.Privacy) {
		if account != nil {
			f.Account, f.AccountName = string(account.ID), account.Name
		}
		f.Sought, f.Finding, f.Looked = v.field("email"), p, p == nil
		for _, x := range found {
			f.Found = append(f.Found, view.FoundPerson{Plan: string(x.Plan), Title: x.Title, Person: string(x.Person), Name: x.Name, Organisation: x.Side})
		}
	})
}

// answers shows how quickly a workspace answers, and about colleagues only
// what it agreed to show.
func (s *Server) answers(w http.ResponseWriter, v *visit) error {
	a, err := s.App.Answers(v.Context(), v.caller)
	if err != nil {
		return err
	}
	l := v.l
	f := view.Answers{All: l.T("privacy.answers.none"), Agreement: a.Privacy.Agreement, Group: l.T("privacy.answers.group", "N", a.Group)}
	if a.All.N > 0 {
		f.All = l.T("privacy.answers.all", "Time", answerTime(l, a.All))
	}
	switch {
	case !a.Privacy.PerPerson:
		f.Why = l.T("privacy.answers.off")
	case len(a.Each) == 0:
		f.Why = l.T("privacy.answers.few", "N", a.Privacy.Least)
	}
	for _, m := range a.Each {
		f.Each = append(f.Each, view.Fact{Name: m.Name, Value: answerTime(l, m.AnswerTime)})
	}
	p := s.page(w, v, "workspace", l.T("privacy.answers.title"))
	p.Narrow = true
	return render(w, v, http.StatusOK, view.AnswersPage(p, f))
}
