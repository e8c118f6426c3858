package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/readiness"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// easeRoutes are how a plan is made easy for the side that is invited: both
// sides' pages to confirm and to date, and what the inviting side chooses.
func (s *Server) easeRoutes(t *routeTable) {
	t.page("GET /plans/{plan}/confirm", s.confirmPage)
	t.page("POST /plans/{plan}/confirm", s.confirmAll)
	t.page("GET /plans/{plan}/dates", s.datesPage)
	t.page("POST /plans/{plan}/dates", s.datesDone)
	t.page("GET /plans/{plan}/hesitate", s.hesitate)
	t.page("POST /plans/{plan}/ease", s.easeDone)
}

// landing is where somebody finds themselves who has just come in: at what the
// other side asks of theirs, else at the plan.
func (s *Server) landing(ctx context.Context, c app.Caller, id plan.ID) string {
	at := "/plans/" + string(id)
	v, err := s.App.Open(ctx, c, id)
	if err != nil || v.Me.Access == plan.Viewer || v.Me.Access == plan.None {
		return at
	}
	switch v.Plan.On(v.Me.Side) {
	case plan.TheirDates:
		return at + "/dates"
	case plan.JustAgree:
		return at + "/confirm"
	}
	return at
}

// acting opens the plan for somebody who may do more than read.
func (s *Server) acting(v *visit) (app.View, error) {
	pv, err := s.open(v)
	if err == nil && (pv.Me.Access == plan.Viewer || pv.Me.Access == plan.None) {
		err = fault.New(fault.Forbidden, "fault.right.viewer")
	}
	return pv, err
}

func (s *Server) easePage(w http.ResponseWriter, v *visit, pv app.View, title string) *view.Page {
	p := s.planPage(w, v, pv, planQuery{Tab: "ease"})
	p.Title, p.Style, p.Keys = title+" · "+p.Title, "ease.css", false
	return p
}

func titleOf(pv app.View) string { return pv.Plan.Items[plan.DecisionItem].Terms.Title.Value }

func (s *Server) confirmPage(w http.ResponseWriter, v *visit) error {
	pv, err := s.acting(v)
	if err != nil {
		return err
	}
	return s.showConfirm(w, v, pv, nil, http.StatusOK)
}

func (s *Server) showConfirm(w http.ResponseWriter, v *visit, pv app.View, problem *view.FormProblem, status int) error {
	side := pv.Me.Side
	f := &view.Confirm{Base: base(pv), Title: titleOf(pv), Problem: problem,
		May: pv.Me.MayAgree(), Lead: pv.Plan.Leads(pv.Me.ID) && pv.Plan.Phase == plan.Shared && pv.Plan.Accepted.Of(side).Digest != pv.Plan.Digest(),
		Buyer: pv.Plan.Organisation.Buyer.Value, Seller: pv.Plan.Organisation.Seller.Value}
	if pv.Plan.On(side) == plan.JustAgree {
		f.From = pv.Plan.Organisation.Of(side.Other()).Value
	}
	all, missing := present.Acceptance(pv, v.l.Lang, base(pv))
	for _, o := range all {
		it := pv.Plan.Items[plan.ID(o.ID)]
		if f.Lead || !it.StandsBehind(side) {
			f.Open = append(f.Open, o)
		}
		if owes(pv, it) {
			f.Own = append(f.Own, view.OwnStep{ID: o.ID, Version: strconv.Itoa(it.Version), Title: o.Title, Terms: o.Terms})
		}
	}
	if f.Lead {
		f.Missing, f.Legal = missing, present.Plan(pv, pagesOfPlan{s}.options(pv, v.l, planQuery{Tab: view.TabPlan})).Legal
	}
	f.Nothing = len(f.Own) == 0 && !(f.May && len(f.Open) > 0)
	return render(w, v, status, view.ConfirmAllPage(s.easePage(w, v, pv, v.l.T("ease.confirm.title")), f))
}

// owes reports a step of the reader's that waits for their own yes.
func owes(pv app.View, it *plan.Item) bool {
	owner := pv.Plan.Person(it.Terms.Owners.Of(pv.Me.Side))
	return it.Kind == plan.KindAction && owner == pv.Me && it.Progress.Status != plan.Done && !it.Committed(pv.Me.Side) && pv.Me.Verified != ""
}

// confirmAll is one person's yes to all that the page showed: they take their
// own steps on, their side stands behind the rest, and a lead accepts the plan.
// If anything differs by then, that part is refused and the page shows it anew.
func (s *Server) confirmAll(w http.ResponseWriter, v *visit) error {
	pv, err := s.acting(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	var batch plan.Batch
	for _, x := range f.Values["own"] {
		id, version, _ := strings.Cut(x, "=")
		n, err := strconv.Atoi(version)
		if err != nil {
			return fault.New(fault.Invalid, "pages.fault.form")
		}
		batch = append(batch, plan.GiveAnswer{Item: plan.ID(id), Version: n, Kind: plan.TakesOn})
	}
	seen := f.accept()
	lead := pv.Plan.Leads(pv.Me.ID) && pv.Plan.Phase == plan.Shared
	if len(seen.Seen) > 0 && !lead {
		batch = append(batch, plan.StandAll{Items: seen.Seen})
	}
	if len(batch) > 0 {
		err = s.do(v, pv, f, batch)
	}
	if err == nil && lead && len(seen.Seen) > 0 {
		err = s.do(v, pv, f, seen)
		if unproven(err) {
			return s.askProof(w, v, pv, &view.Sheet{Seen: f.Values["seen"], Then: "accept"})
		}
	}
	if err != nil {
		s.log(v, err)
		status := statusOf(err)
		p, err := problem(v, err)
		if err != nil {
			return err
		}
		if pv, err = s.open(v); err != nil {
			return err
		}
		return s.showConfirm(w, v, pv, p, status)
	}
	s.say(w, "ease.said.confirmed")
	return redirect(w, v, base(pv))
}

func (s *Server) datesPage(w http.ResponseWriter, v *visit) error {
	pv, err := s.acting(v)
	if err != nil {
		return err
	}
	return s.showDates(w, v, pv, nil, nil, http.StatusOK)
}

// undated are what has no date and may be given one by the reader.
func undated(pv app.View) []*plan.Item {
	var out []*plan.Item
	edits := pv.Me.Access == plan.Editor || pv.Me.Access == plan.Lead
	for _, it := range pv.Plan.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		own := pv.Plan.Person(it.Terms.Owners.Of(pv.Me.Side)) == pv.Me
		if it.Terms.Due.IsZero() && it.Progress.Status != plan.Done && !it.Bound() && (edits || own) {
			out = append(out, it)
		}
	}
	slices.SortStableFunc(out, func(a, b *plan.Item) int {
		return cmp.Compare(cmp.Or(pv.Plan.Suggested(a.ID), civil.Latest), cmp.Or(pv.Plan.Suggested(b.ID), civil.Latest))
	})
	return out
}

func (s *Server) showDates(w http.ResponseWriter, v *visit, pv app.View, f *form, problem *view.FormProblem, status int) error {
	d := &view.Dates{Base: base(pv), Title: titleOf(pv), Problem: problem}
	if pv.Plan.On(pv.Me.Side) == plan.TheirDates {
		d.From = pv.Plan.Organisation.Of(pv.Me.Side.Other()).Value
	}
	for _, it := range undated(pv) {
		r := view.DateRow{ID: string(it.ID), Version: strconv.Itoa(it.Version), Title: it.Terms.Title.Value, Suggested: pv.Plan.Suggested(it.ID)}
		switch it.Kind {
		case plan.KindMilestone:
			r.Who = v.l.T("ease.milestone")
		case plan.KindDecision:
			r.Who = v.l.T("ease.decision")
		default:
			r.Who = ownersOf(v.l, pv.Plan, it)
		}
		if f != nil {
			r.Typed = f.text("due." + r.ID)
		}
		d.Any = d.Any || !r.Suggested.IsZero()
		d.Rows = append(d.Rows, r)
	}
	return render(w, v, status, view.DatesPage(s.easePage(w, v, pv, v.l.T("ease.dates.title")), d))
}

// datesDone sets the dates that were typed, or that were suggested and taken:
// all of them, or none.
func (s *Server) datesDone(w http.ResponseWriter, v *visit) error {
	pv, err := s.acting(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	take := f.text("take")
	var batch plan.Batch
	for _, it := range undated(pv) {
		id := string(it.ID)
		due := f.day("due." + id)
		if due.IsZero() && (take == "all" || take == id) {
			due = pv.Plan.Suggested(it.ID)
		}
		if !due.IsZero() && f.Has("version."+id) {
			batch = append(batch, plan.Edit{Item: it.ID, Version: f.number("version." + id), Patch: plan.Patch{Due: &due}})
		}
	}
	switch {
	case f.err != nil:
		err = f.err
	case len(batch) == 0:
		err = fault.New(fault.Invalid, "ease.fault.dates")
	default:
		err = s.do(v, pv, f, batch)
	}
	if err != nil {
		s.log(v, err)
		status := statusOf(err)
		p, err := problem(v, err)
		if err != nil {
			return err
		}
		if pv, err = s.open(v); err != nil {
			return err
		}
		return s.showDates(w, v, pv, f, p, status)
	}
	if pv, err = s.open(v); err != nil {
		return err
	}
	s.say(w, "ease.said.dated")
	if len(undated(pv)) > 0 {
		return redirect(w, v, base(pv)+"/dates")
	}
	return redirect(w, v, base(pv))
}

// hesitate answers what the invited say: members of the plan's own side only.
func (s *Server) hesitate(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	return s.showHesitate(w, v, pv, nil, http.StatusOK)
}

func (s *Server) showHesitate(w http.ResponseWriter, v *visit, pv app.View, problem *view.FormProblem, status int) error {
	d, _, err := s.App.DealOf(v.Context(), v.caller, pv)
	if err != nil {
		return err
	}
	f := &view.Hesitate{Base: base(pv), Title: titleOf(pv), Problem: problem, Resist: resistOf(v, d, string(readiness.Inviting), base(pv)+"/resistance", base(pv)+"/hesitate")}
	if say := readiness.Objection(v.URL.Query().Get("say")); slices.Contains(readiness.Objections(), say) {
		f.Resist.Open = true
		f.Resist.Shown = string(say)
	}
	if on := pv.Plan.On(pv.Me.Side.Other()); on != plan.Together {
		f.Way, f.Says = string(on), v.l.T("resist.on."+string(on), "Name", pv.Plan.Organisation.Of(pv.Me.Side.Other()).Value)
	}
	p := s.dealsPage(w, v, v.l.T("resist.more"))
	p.Name = "hesitate"
	return render(w, v, status, view.HesitatePage(p, f))
}

// easeDone puts the plan on another way, without an objection.
func (s *Server) easeDone(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	if _, _, err := s.App.DealOf(v.Context(), v.caller, pv); err != nil {
		return err
	}
	if err := s.do(v, pv, f, plan.Ease{Way: plan.Way(f.text("way"))}); err != nil {
		return err
	}
	s.say(w, "ease.said.way")
	return redirect(w, v, base(pv)+"/hesitate")
}

// moved makes the move that answers an objection, and says where it leads.
func (s *Server) moved(v *visit, pv app.View, f *form, m readiness.Move) (string, error) {
	switch m {
	case readiness.MakeLight:
		return base(pv), s.do(v, pv, f, plan.Reshape{Form: plan.Light})
	case readiness.PickSteps:
		return base(pv) + "/session?topic=" + string(plan.TopicActivities), nil
	case readiness.TheyDate:
		return base(pv), s.do(v, pv, f, plan.Ease{Way: plan.TheirDates})
	case readiness.TheyAgree:
		return base(pv), s.do(v, pv, f, plan.Ease{Way: plan.JustAgree})
	}
	return "", nil
}
