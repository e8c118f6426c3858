package web

import (
	"net/http"
	"strconv"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// supposition reads what is supposed: as asked in an address, or, with the
// prefix, as it was shown and is sent.
func (f *form) supposition(prefix string) app.Supposition {
	x := app.Supposition{Item: plan.ID(f.text("item")), Until: f.day(prefix + "until"), Owner: plan.ID(f.text(prefix + "owner")),
		Due: f.day(prefix + "due"), After: plan.ID(f.text("after"))}
	if f.text(prefix+"days") != "" {
		n := f.number(prefix + "days")
		x.Days = &n
	}
	if f.text("lag") != "" {
		n := f.number("lag")
		x.Lag = &n
	}
	if it := f.v.Plan.Items[x.Item]; it != nil && it.Terms.Owners.Of(f.sideOf(x.Owner)) == x.Owner {
		x.Owner = "" // as it is
	}
	return x
}

func (f *form) sideOf(id plan.ID) plan.Side {
	if q := f.v.Plan.Person(id); q != nil {
		return q.Side
	}
	return f.v.Side()
}

// asked shows in the sheet what was supposed.
func asked(f *form, prefix string) *view.WhatIf {
	return &view.WhatIf{Item: f.text("item"), Days: f.text(prefix + "days"), Until: f.text(prefix + "until"), Owner: f.text(prefix + "owner"),
		Due: f.text(prefix + "due"), After: f.text("after"), Lag: f.text("lag")}
}

// whatIf is GET {Base}/what-if: what would move if one thing were otherwise.
// Without an item, what has to move as it is. It changes nothing.
func (s *Server) whatIf(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f := &form{Values: v.URL.Query(), v: pv, newID: s.App.NewID}
	return s.showWhatIf(w, v, pv, f, "", nil, http.StatusOK)
}

func (s *Server) showWhatIf(w http.ResponseWriter, v *visit, pv app.View, f *form, prefix string, problem *view.Problem, status int) error {
	x := f.supposition(prefix)
	if f.err != nil {
		return f.err
	}
	sheet := asked(f, prefix)
	sheet.Problem = problem
	sheet.Asked = x != (app.Supposition{Item: x.Item}) || x.Item == ""
	if err := present.WhatIf(pv, v.l.Lang, base(pv), x, sheet); err != nil {
		return err
	}
	return s.showTimes(w, v, pv, sheet, status)
}

func (s *Server) showTimes(w http.ResponseWriter, v *visit, pv app.View, sheet *view.WhatIf, status int) error {
	p := present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan}))
	return render(w, v, status, view.Body(s.planPage(w, v, pv, planQuery{Tab: "sheet"}), view.WhatIfPage(p, sheet)))
}

// whatIfSend is POST {Base}/what-if: the dates as they were shown, as one
// proposal or, before the agreement, at once.
func (s *Server) whatIfSend(w http.ResponseWriter, v *visit) error {
	return s.sendDates(w, v, func(w http.ResponseWriter, pv app.View, f *form, problem *view.Problem, status int) error {
		return s.showWhatIf(w, v, pv, f, "supposed_", problem, status)
	})
}

func (s *Server) sendDates(w http.ResponseWriter, v *visit, again func(http.ResponseWriter, app.View, *form, *view.Problem, int) error) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	cmd := s.App.Moving(pv, f.supposition("supposed_"), f.newDates(), f.text("reason"), f.day("until"))
	err = s.do(v, pv, f, cmd)
	if problem := f.problem(v, "what-if", err); problem != nil {
		s.log(v, err)
		now, err2 := s.open(v)
		if err2 != nil {
			return err2
		}
		f.v, f.err = now, nil
		return again(w, now, f, problem, statusOf(err))
	}
	if err != nil {
		return err
	}
	s.say(w, "moves.said.what-if")
	return redirect(w, v, s.back(v, pv))
}

// newDates are the dates that were shown and are sent.
func (f *form) newDates() []app.NewDate {
	var out []app.NewDate
	for _, it := range f.v.Plan.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		id := string(it.ID)
		if !f.Has("due." + id) {
			continue
		}
		due := f.day("due." + id)
		if due != it.Terms.Due && !due.IsZero() {
			out = append(out, app.NewDate{Item: it.ID, Version: f.number("version." + id), Old: it.Terms.Due, New: due})
		}
	}
	return out
}

// backwards is GET {Base}/backwards: dates laid out from the decision back.
func (s *Server) backwards(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f := &form{Values: v.URL.Query(), v: pv, newID: s.App.NewID}
	return s.showBackwards(w, v, pv, f, nil, http.StatusOK)
}

// usualSpare is how many working days stay free before the decision unless
// somebody says otherwise.
const usualSpare = 2

func (s *Server) showBackwards(w http.ResponseWriter, v *visit, pv app.View, f *form, problem *view.Problem, status int) error {
	decide, spare := f.day("decide"), usualSpare
	if f.text("spare") != "" {
		spare = min(max(f.number("spare"), 0), 250)
	}
	if f.err != nil {
		return f.err
	}
	sheet := &view.WhatIf{Back: true, Asked: !decide.IsZero(), Spare: strconv.Itoa(spare), Problem: problem}
	if decide.IsZero() {
		decide = pv.Plan.Items[plan.DecisionItem].Terms.Due
	}
	sheet.Decide = decide.String()
	if sheet.Asked {
		if err := present.Backwards(pv, v.l.Lang, base(pv), decide, spare, sheet); err != nil {
			return err
		}
	}
	return s.showTimes(w, v, pv, sheet, status)
}

// backwardsSend is POST {Base}/backwards.
func (s *Server) backwardsSend(w http.ResponseWriter, v *visit) error {
	return s.sendDates(w, v, func(w http.ResponseWriter, pv app.View, f *form, problem *view.Problem, status int) error {
		f.Set("decide", f.text("due."+string(plan.DecisionItem)))
		if f.text("decide") == "" {
			f.Set("decide", pv.Plan.Items[plan.DecisionItem].Terms.Due.String())
		}
		return s.showBackwards(w, v, pv, f, problem, status)
	})
}

// workload reads what is free to say about a step's work.
func (f *form) workload(it *plan.Item) plan.Command {
	d := it.Details
	if f.Has("days") {
		d.Duration = nil
		if f.text("days") != "" {
			n := f.number("days")
			d.Duration = &n
		}
	}
	if f.Has("elapsed") {
		d.Elapsed = f.on("elapsed")
	}
	if f.Has("not_before") {
		d.NotBefore = f.day("not_before")
	}
	if f.Has("not_after") {
		d.NotAfter = f.day("not_after")
	}
	if f.Has("gate") {
		d.Gate = plan.ID(f.text("gate"))
	}
	if f.Has("pinned") {
		d.Pinned = f.on("pinned")
	}
	if f.Has("approval") {
		switch {
		case f.on("approval"):
			d.Category = present.Approval
		case d.Category == present.Approval:
			d.Category = ""
		}
	}
	if !d.NotBefore.IsZero() && !d.NotAfter.IsZero() && d.NotAfter < d.NotBefore {
		f.bad("not_after", "fault.span")
	}
	return plan.Detail{Item: it.ID, Version: f.version(), Details: d}
}

// afterPause offers the dates that the pause made late as one proposal; if all
// still hold, the plan.
func (s *Server) afterPause(v *visit, pv app.View) string {
	now, err := s.open(v)
	if err != nil {
		return base(pv)
	}
	if r, err := now.Suppose(app.Supposition{}); err == nil && len(r.Dates) > 0 {
		return base(pv) + "/what-if"
	}
	return base(pv)
}
