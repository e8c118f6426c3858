package web

import (
	"net/http"
	"net/url"
	"slices"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// timeline answers with the plan in time. With "item" and "due" it shows what
// another date would move: a look, which anybody who sees the plan may take,
// and which changes nothing.
func (s *Server) timeline(w http.ResponseWriter, v *visit) error {
	q := v.URL.Query()
	if q.Get("item") == "" {
		return s.tab(view.TabTimeline)(w, v)
	}
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	to, err := civil.Parse(q.Get("due"))
	if q.Get("due") == "" {
		to, err = 0, nil
	}
	if err != nil {
		return fault.New(fault.Invalid, "moves.form.date", "Value", q.Get("due"))
	}
	return s.showTrial(w, v, pv, present.TimelineOptions{Try: plan.ID(q.Get("item")), To: to}, nil, http.StatusOK)
}

// showTrial is the timeline with what is tried over it. It is one reader's
// look and not kept.
func (s *Server) showTrial(w http.ResponseWriter, v *visit, pv app.View, try present.TimelineOptions, problem *view.Problem, status int) error {
	values := v.URL.Query()
	values.Set("tab", string(view.TabTimeline))
	q := queryOf(values)
	o := pagesOfPlan{s}.options(pv, v.l, q)
	o.Timeline.Try, o.Timeline.To, o.Problem = try.Try, try.To, problem
	shot, err := view.Take(v.Context(), view.Fragments(present.Plan(pv, o)))
	if err != nil {
		return err
	}
	page := s.planPage(w, v, pv, q)
	page.Live = &view.Live{URL: q.live(pv.Plan.ID), Seq: keyOf(pv, v.l.Lang, q).seq()}
	return render(w, v, status, view.Body(page, view.PlanBody(shot)))
}

// timelineSend is POST {Base}/timeline: the dates that were tried, as one
// proposal where both sides must agree, else as one change.
func (s *Server) timelineSend(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	dates := f.newDates()
	err = s.do(v, pv, f, s.App.Moving(pv, app.Supposition{}, dates, f.text("reason"), f.day("until")))
	if problem := f.problem(v, "timeline", err); problem != nil {
		s.log(v, err)
		now, err2 := s.open(v)
		if err2 != nil {
			return err2
		}
		item := plan.ID(f.text("item"))
		return s.showTrial(w, v, now, present.TimelineOptions{Try: item, To: f.day("due." + string(item))}, problem, statusOf(err))
	}
	if err != nil {
		return err
	}
	if agrees(pv, dates) {
		s.say(w, "timeline.said.propose")
	} else {
		s.say(w, "timeline.said.change")
	}
	return redirect(w, v, backToTimeline(v, pv))
}

// backToTimeline is the timeline one came from, without what was tried.
func backToTimeline(v *visit, pv app.View) string {
	values := url.Values{}
	if from, err := url.Parse(v.Referer()); err == nil {
		for _, name := range []string{"zoom", "done", "show"} {
			if x := from.Query().Get(name); x != "" {
				values.Set(name, x)
			}
		}
	}
	if len(values) == 0 {
		return base(pv) + "/timeline"
	}
	return base(pv) + "/timeline?" + values.Encode()
}

// agrees reports that some of the dates were agreed: then it is a proposal.
func agrees(pv app.View, dates []app.NewDate) bool {
	return slices.ContainsFunc(dates, func(d app.NewDate) bool { return pv.Plan.Items[d.Item].Bound() })
}
