package present

import (
	"cmp"
	"fmt"
	"slices"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// fillThings shows everything that is no step.
func (pr *presenter) fillThings(out *view.Plan) {
	edits := pr.moves && (pr.v.Me.Access == plan.Editor || pr.v.Me.Access == plan.Lead)
	for _, it := range pr.p.Live() {
		free := edits && !it.Bound()
		switch it.Kind {
		case plan.KindMilestone:
			m := view.Milestone{ID: string(it.ID), Title: pr.titleOf(it), Date: it.Terms.Due, Reached: pr.reached(it), Seal: seal(it),
				Version: uint64(it.Version), Digest: string(it.Digest), MayEdit: free}
			if talk := pr.talks[it.ID]; talk != nil {
				for _, c := range talk.Changes {
					if c.Item == it.ID && c.New.Due != c.Old.Due {
						m.Proposed = c.New.Due
					}
				}
			}
			m.Slipped = pr.slipped(it)
			if pr.table != nil && !pr.table.Still && !m.Reached {
				if late, is := pr.table.Late(it.ID); is && late > m.Proposed {
					m.Computed = late
				}
			}
			out.Milestones = append(out.Milestones, m)
		case plan.KindGoal:
			g := view.Goal{ID: string(it.ID), Text: pr.titleOf(it), Seal: seal(it), Version: uint64(it.Version), Digest: string(it.Digest), MayEdit: free}
			if it.Terms.Party != plan.Joint {
				g.Side = view.Side(it.Terms.Party)
			}
			out.Goals = append(out.Goals, g)
		case plan.KindCriterion:
			out.Criteria = append(out.Criteria, view.Criterion{ID: string(it.ID), Text: pr.titleOf(it), By: it.Terms.Due, Seal: seal(it),
				Version: uint64(it.Version), Digest: string(it.Digest), MayEdit: free})
		case plan.KindRisk:
			out.Risks = append(out.Risks, pr.risk(it, edits))
		case plan.KindGate:
			if g := pr.gate(it); len(g.Days) > 0 {
				out.Gates = append(out.Gates, g)
			}
		}
	}
	for _, q := range pr.p.Everybody() {
		out.People = append(out.People, pr.member(q, edits))
	}
}

// reached: reported, or everything that leads to it is done.
func (pr *presenter) reached(m *plan.Item) bool {
	_, ok := app.Reached(pr.p, m)
	return ok
}

func (pr *presenter) risk(it *plan.Item, edits bool) view.Risk {
	r := it.Details.Risk
	x := view.Risk{ID: string(it.ID), Title: pr.titleOf(it), Probability: r.Probability, Low: r.Low, Likely: r.Likely, High: r.High,
		Mitigation: r.Mitigation.Value, Owner: pr.person(r.Owner), Version: uint64(it.Version), MayEdit: edits}
	for _, a := range r.Actions {
		if s := pr.p.Items[a]; s != nil && s.Removed == 0 {
			x.Steps = append(x.Steps, view.Ref{ID: string(a), Title: pr.titleOf(s), Done: s.Progress.Status == plan.Done})
		}
	}
	return x
}

// gate lists the committee's next days, up to the decision and one more.
func (pr *presenter) gate(it *plan.Item) view.GateDay {
	g := it.Details.Committee
	out := view.GateDay{ID: string(it.ID), Text: pr.titleOf(it) + ", " + pr.rule(g)}
	from := min(pr.v.Today, cmp.Or(g.Anchor, pr.v.Today))
	cal, err := app.SideCalendar(pr.p, cmp.Or(g.Side, plan.Buyer), from-7, 737)
	if err != nil {
		return out
	}
	compiled, err := cal.Gate(calendar.Rule{Text: g.Rule, Anchor: g.Anchor, Except: g.Except, LeadDays: g.LeadDays, OnHoliday: calendar.OnHoliday(g.OnHoliday)})
	if err != nil {
		return out
	}
	until := pr.p.Items[plan.DecisionItem].Terms.Due
	for _, d := range compiled.Days() {
		if d < pr.v.Today {
			continue
		}
		out.Days = append(out.Days, d)
		if until.IsZero() || d > until || len(out.Days) == 4 {
			break
		}
	}
	if len(out.Days) > 0 {
		out.First = out.Days[0]
	}
	return out
}

// leading is what a lead's absence or silence allows (rule 8): the lead names
// who stands in; an editor gives notice and, after it, takes the lead; a lead
// objects.
func (pr *presenter) leading(m *view.Member, q *plan.Person) {
	me, claim := pr.v.Me, pr.p.Claims.Of(q.Side)
	own := q.ID == me.ID
	for _, x := range pr.p.Everybody() {
		if x.StandsIn == q.ID {
			m.StandIn = string(x.ID)
		}
	}
	m.MayStandIn = pr.moves && own && q.Access == plan.Lead
	m.MayClaim = pr.moves && own && q.Access == plan.Editor && q.MayAgree() && claim == nil
	if claim != nil && claim.By == q.ID {
		m.Claim = pr.l.T("state.claim", "Name", q.Name.Value, "After", claim.After)
		m.MayTakeLead = pr.moves && own && pr.v.Today > claim.After
		m.MayObject = pr.moves && me.Side == q.Side && me.Access == plan.Lead
	}
}

func (pr *presenter) member(q *plan.Person, edits bool) view.Member {
	own := q.ID == pr.v.Me.ID
	mySide := q.Side == pr.v.Side()
	named := q.Access == plan.None && !q.Joined && pr.p.Phase != plan.Agreed
	m := view.Member{Person: pr.person(q.ID), Email: q.Email.Value, Right: view.Right(q.Access), Waiting: waits(q), Listed: !q.Joined && !q.Asking, Version: uint64(q.Version),
		MayEdit: pr.moves && (own || edits && (mySide || named)), MayRights: pr.moves && mySide && !own && pr.p.Leads(pr.v.Me.ID),
		MayLetIn:  waits(q) && pr.mayLetIn(q),
		MayRemove: pr.moves && mySide && (own || pr.p.Leads(pr.v.Me.ID))}
	pr.leading(&m, q)
	pr.door(&m, q)
	var owns []string
	for _, it := range pr.p.Live(plan.KindAction) {
		if it.Terms.Owners.Of(q.Side) == q.ID && it.Terms.Party.Includes(q.Side) {
			m.Steps++
			if len(owns) < 3 {
				owns = append(owns, pr.titleOf(it))
			}
		}
	}
	if len(owns) > 0 {
		m.Owns = pr.l.List(owns)
	}
	for i, x := range q.Absences {
		m.Absences = append(m.Absences, view.Absence{ID: fmt.Sprint(i), From: x.From, To: x.To, Note: x.Note.Value})
	}
	slices.SortStableFunc(m.Absences, func(a, b view.Absence) int { return cmp.Compare(a.From, b.From) })
	return m
}
