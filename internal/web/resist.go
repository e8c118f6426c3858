package web

import (
	"net/http"
	"strings"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/readiness"
	"tandem/internal/web/view"
)

// resistOf is where objections are met, for a deal or a plan, at a moment.
func resistOf(v *visit, d app.DealView, moment, action, back string) view.Resist {
	f := view.Resist{Action: action, Moment: moment, Back: back}
	for _, o := range readiness.Objections() {
		name := string(o)
		x := view.Objection{Name: name, Text: v.l.T("resist.say." + name), Means: v.l.T("resist.means." + name), Answer: v.l.T("resist.answer." + name),
			Move: v.l.T("resist.move." + moment + "." + string(o.Move())), Post: action}
		if moment == string(readiness.Inviting) || o == readiness.Formal || o == readiness.Process {
			x.Go = v.l.T("resist.go." + moment + "." + string(o.Move()))
		}
		f.Objections = append(f.Objections, x)
	}
	for _, r := range d.Resistances {
		if r.Outcome == "" && r.Objection != "" && f.Next == "" && r.Moment == moment {
			f.Next, f.Chosen = string(r.ID), r.Objection
		}
		f.Stories = append(f.Stories, resistStory(v.l, r, d.Names))
	}
	return f
}

// resistStory is a record in a sentence.
func resistStory(l *locale.Locale, r app.Resistance, names map[plan.ID]string) view.DealStory {
	parts := []string{l.T("resist.moment." + r.Moment)}
	if r.Objection != "" {
		parts = append(parts, l.T("resist.said", "What", l.T("resist.say."+r.Objection)))
	}
	if r.Move != "" {
		parts = append(parts, l.T("resist.did."+r.Move))
	}
	if r.Outcome != "" {
		parts = append(parts, l.T("resist.was."+r.Outcome))
	}
	return view.DealStory{When: r.At, By: names[r.Member], Text: strings.Join(parts, " "), Mark: r.Outcome}
}

// resisted reads a record from its form.
func resisted(v *visit) app.Resistance {
	r := app.Resistance{ID: plan.ID(v.field("id")), Moment: v.field("moment"), Objection: v.field("objection"), Outcome: v.field("outcome")}
	if v.field("do") == "move" {
		r.Move = string(readiness.Objection(r.Objection).Move())
	}
	return r
}

// resistDeal records how the buyer took the idea of a plan. A move of the
// product leads to where the plan is made in that way.
func (s *Server) resistDeal(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	r := resisted(v)
	r.Deal, r.Moment = v.dealID(), string(readiness.Introducing)
	r, err := s.App.RecordResistance(v.Context(), v.caller, r)
	if err != nil {
		return err
	}
	switch readiness.Move(r.Move) {
	case readiness.MakeLight:
		return redirect(w, v, "/new/light?deal="+string(v.dealID()))
	case readiness.PickSteps:
		return redirect(w, v, "/new/template?deal="+string(v.dealID()))
	}
	s.say(w, said(r))
	return redirect(w, v, back(v, "/deals/"+string(v.dealID())))
}

func said(r app.Resistance) string {
	if r.Outcome == "" {
		return "resist.said.heard"
	}
	return "resist.said.kept"
}

// back is where a form said it was, if that is the thing itself or below it.
func back(v *visit, at string) string {
	if b := local(v.field("back")); b == at || strings.HasPrefix(b, at+"/") {
		return b
	}
	return at
}

// resistPlan records how the invitation into a plan was taken, and makes the
// move that answers it, at once.
func (s *Server) resistPlan(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	if _, _, err := s.App.DealOf(v.Context(), v.caller, pv); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	r := resisted(v)
	r.Plan, r.Moment = pv.Plan.ID, string(readiness.Inviting)
	to := ""
	if r.Move != "" { // what cannot be done is not recorded as done
		f := &form{Values: v.PostForm, v: pv, newID: s.App.NewID}
		if to, err = s.moved(v, pv, f, readiness.Move(r.Move)); err != nil {
			s.log(v, err)
			status := statusOf(err)
			p, err := problem(v, err)
			if err != nil {
				return err
			}
			return s.showHesitate(w, v, pv, p, status)
		}
	}
	if r, err = s.App.RecordResistance(v.Context(), v.caller, r); err != nil {
		return err
	}
	if to != "" {
		s.say(w, "resist.done."+r.Move, "Name", pv.Plan.Organisation.Of(pv.Me.Side.Other()).Value)
		return redirect(w, v, to)
	}
	s.say(w, said(r))
	return redirect(w, v, back(v, base(pv)))
}
