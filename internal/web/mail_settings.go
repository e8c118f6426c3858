package web

import (
	"net/http"
	"strconv"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// mailRoutes are where people say which mails they want.
func (s *Server) mailRoutes(page func(pattern string, h handler)) {
	page("GET /mail/{secret}", s.mailByLink)
	page("POST /mail/{secret}", s.mailByLinkDone)
	page("GET /plans/{plan}/mail", s.mailOfPlan)
	page("POST /plans/{plan}/mail", s.mailOfPlanDone)
	page("POST /plans/{plan}/mail/me", s.mailOfMeDone)
	page("POST /plans/{plan}/people/{id}/mail-again", s.mailAgain)
	if s.Mailbox != nil {
		page("GET /demo/mail", s.demoMail)
		page("GET /demo/mail/{id}", s.demoMail)
		page("GET /demo/mail/{id}/page", s.demoMailPage)
	}
}

// mailByLink is behind the link in a mail's foot. Looking changes nothing.
func (s *Server) mailByLink(w http.ResponseWriter, v *visit) error {
	m, err := s.App.MailLink(v.Context(), v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	return s.showMailSettings(w, v, m, v.URL.EscapedPath(), nil, http.StatusOK)
}

// mailByLinkDone is the form's answer, or the one click of a mail program
// (RFC 8058), which comes without a session and without a page around it.
func (s *Server) mailByLinkDone(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if v.PostFormValue("List-Unsubscribe") == "One-Click" {
		if err := s.App.StopKind(v.Context(), v.secret()); err != nil {
			return s.deadLink(w, v, err)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("OK\n"))
		return nil
	}
	on, none, err := wantedMail(v)
	if err != nil {
		return err
	}
	if err := s.App.ChooseByLink(v.Context(), v.secret(), on, none); err != nil {
		return s.deadLink(w, v, err)
	}
	s.say(w, "mailset.saved")
	return redirect(w, v, v.URL.EscapedPath())
}

// wantedMail reads the switches.
func wantedMail(v *visit) (on []app.LetterKind, none bool, err error) {
	switch v.field("do") {
	case "none":
		return nil, true, nil
	case "save":
		for _, k := range v.PostForm["on"] {
			on = append(on, app.LetterKind(k))
		}
		return on, false, nil
	}
	return nil, false, fault.New(fault.Invalid, "pages.fault.form")
}

func (s *Server) mailOfPlan(w http.ResponseWriter, v *visit) error {
	return s.showOwnMail(w, v, nil, http.StatusOK)
}

func (s *Server) showOwnMail(w http.ResponseWriter, v *visit, p *view.FormProblem, status int) error {
	o, m, err := s.App.MailWanted(v.Context(), v.caller, v.planID())
	if err != nil {
		return err
	}
	v.l = s.locale(v, o.Plan.Language, o.Zone)
	self := &view.MailPerson{Action: base(o) + "/mail/me", Version: uint64(o.Me.Version), Language: o.Me.Language, Salutation: o.Me.Salutation.Value, Zone: o.Me.Zone, Zones: zones}
	if p != nil {
		self.Language, self.Salutation, self.Zone = v.field("language"), v.field("salutation"), v.field("zone")
	}
	return s.showMailSettings(w, v, m, base(o)+"/mail", self, status, p)
}

func (s *Server) mailOfPlanDone(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	on, none, err := wantedMail(v)
	if err != nil {
		return err
	}
	if err := s.App.ChooseMail(v.Context(), v.caller, v.planID(), on, none); err != nil {
		return err
	}
	s.say(w, "mailset.saved")
	return redirect(w, v, "/plans/"+string(v.planID())+"/mail")
}

// mailOfMeDone says how the caller wants to be written to.
func (s *Server) mailOfMeDone(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	o, err := s.open(v)
	if err != nil {
		return err
	}
	language, salutation, zone := v.field("language"), v.field("salutation"), v.field("zone")
	if _, bad := time.LoadLocation(zone); zone != "" && (bad != nil || zone == "Local") {
		err = fault.New(fault.Invalid, "fault.zone", "zone", zone)
	} else {
		version, _ := strconv.Atoi(v.field("version")) // of what is none, the plan says that it changed
		_, err = s.App.Do(v.Context(), v.caller, v.planID(), plan.EditPerson{Person: o.Me.ID, Version: version,
			Language: &language, Salutation: &salutation, Zone: &zone})
	}
	if err != nil {
		status := statusOf(err)
		p, err := problem(v, err)
		if err != nil {
			return err
		}
		return s.showOwnMail(w, v, p, status)
	}
	s.say(w, "mailset.saved")
	return redirect(w, v, base(o)+"/mail")
}

// mailAgain: a lead says that an address is right after mail to it came back.
func (s *Server) mailAgain(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	if err := s.App.TryAgain(v.Context(), v.caller, v.planID(), plan.ID(v.PathValue("id"))); err != nil {
		return err
	}
	s.say(w, "mailset.again")
	return redirect(w, v, "/plans/"+string(v.planID())+"/people")
}

func (s *Server) showMailSettings(w http.ResponseWriter, v *visit, m app.MailChoices, action string, self *view.MailPerson, status int, problem ...*view.FormProblem) error {
	if self == nil {
		v.l = s.locale(v, m.Language, nil)
	}
	f := view.MailSettings{Action: action, Buyer: m.Organisation.Buyer, Seller: m.Organisation.Seller, Title: m.Title, None: m.None, Member: m.Member, Off: !s.App.MailOn(), Self: self}
	if m.Person != nil {
		f.Zone = m.Person.Zone
	}
	if f.Zone == "" {
		f.Zone = v.l.T("mailset.zone.plan")
	}
	for _, k := range m.Kinds {
		f.Kinds = append(f.Kinds, view.MailKind{Value: string(k), Label: v.l.T("mailset.kind." + string(k)), Hint: v.l.T("mailset.hint." + string(k)), On: m.On(k)})
	}
	if len(problem) > 0 {
		f.Problem = problem[0]
	}
	p := s.page(w, v, "mail", v.l.T("mailset.title"))
	p.Narrow = true
	p.Here = action
	return render(w, v, status, view.MailPage(p, f))
}

// deadMail tells a lead to whom of their side mail does not arrive.
func (s *Server) deadMail(v *visit, pv app.View) []view.DeadMail {
	dead, err := s.App.Undelivered(v.Context(), pv)
	if err != nil {
		s.log(v, err) // the plan is not kept back for it
		return nil
	}
	var out []view.DeadMail
	for _, q := range pv.Plan.Everybody() {
		if dead[q.ID] {
			out = append(out, view.DeadMail{Name: q.Name.Value, Email: q.Email.Value, People: base(pv) + "/people#p-" + string(q.ID),
				Again: base(pv) + "/people/" + string(q.ID) + "/mail-again"})
		}
	}
	return out
}
