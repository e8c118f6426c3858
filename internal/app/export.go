package app

import (
	"cmp"
	"context"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// File is a plan as one side may take it away: the shared content and, as
// notes of actions, that side's own notes.
func File(v View) *planfile.Plan {
	f := shared(v.Plan)
	for i := range f.Actions {
		var words []string
		for _, n := range v.Own.NotesOn(plan.ID(f.Actions[i].ID)) {
			words = append(words, n.Text.Value)
		}
		f.Actions[i].Notes = strings.Join(words, "\n")
	}
	return f
}

// shared is the content both sides see, in the file's terms.
func shared(p *plan.Plan) *planfile.Plan {
	decision := p.Items[plan.DecisionItem]
	f := &planfile.Plan{Format: planfile.Format, Title: decision.Terms.Title.Value, Language: p.Language, Start: p.Start,
		DecideBy: decision.Terms.Due, Sides: planfile.Sides{Buyer: party(p, plan.Buyer), Seller: party(p, plan.Seller)}}
	f.People = people(p)
	for _, it := range p.Live() {
		id, t, x := string(it.ID), it.Terms, it.Details
		switch it.Kind {
		case plan.KindGoal:
			f.Goals = append(f.Goals, planfile.Goal{Side: planfile.Side(t.Party), Text: t.Title.Value})
		case plan.KindCriterion:
			f.Criteria = append(f.Criteria, planfile.Criterion{Text: t.Title.Value, By: t.Due})
		case plan.KindMilestone:
			f.Milestones = append(f.Milestones, planfile.Milestone{ID: id, Title: t.Title.Value, Date: t.Due})
		case plan.KindAction:
			f.Actions = append(f.Actions, action(p, it))
		case plan.KindLink:
			if t.To != plan.DecisionItem { // the file says when to decide, not what the decision waits for
				f.Links = append(f.Links, planfile.Link{From: string(t.From), To: string(t.To), Type: string(t.Type), Lag: t.Lag, LagCalendar: t.LagCalendar})
			}
		case plan.KindRisk:
			f.Risks = append(f.Risks, risk(p, it))
		case plan.KindGate:
			g := x.Committee
			f.Gates = append(f.Gates, planfile.Gate{ID: id, Title: g.Title.Value, Rule: g.Rule, Anchor: g.Anchor, Except: g.Except, LeadDays: g.LeadDays, OnHoliday: g.OnHoliday})
		case plan.KindFreeze:
			z := x.Frozen
			f.Freezes = append(f.Freezes, planfile.Freeze{From: z.From, To: z.To, Blocks: z.Blocks, Side: planfile.Side(z.Side), Kinds: z.Kinds, Title: z.Title.Value})
		}
	}
	return f
}

func party(p *plan.Plan, side plan.Side) planfile.Party {
	c := p.Calendar.Of(side)
	return planfile.Party{Organisation: p.Organisation.Of(side).Value,
		Calendar: planfile.Calendar{Week: c.Week, Region: c.Region, Closed: fileSpans(c.Closed)}}
}

func fileSpans(in []plan.Span) []planfile.Span {
	var out []planfile.Span
	for _, x := range in {
		out = append(out, planfile.Span{From: x.From, To: x.To, Note: x.Note.Value})
	}
	return out
}

// people leaves out who was recognised as somebody listed, and whose name was
// erased.
func people(p *plan.Plan) []planfile.Person {
	var out []planfile.Person
	for _, q := range p.Everybody() {
		out = append(out, planfile.Person{ID: string(q.ID), Side: planfile.Side(q.Side), Name: q.Name.Value, Role: q.Role.Value,
			Email: q.Email.Value, Lead: q.Access == plan.Lead, Absences: fileSpans(q.Absences)})
	}
	return out
}

// named is a person's id where the file lists the person.
func named(p *plan.Plan, id plan.ID) string {
	if q := p.Person(id); q != nil && !q.Erased() && !q.Left {
		return string(q.ID)
	}
	return ""
}

func action(p *plan.Plan, it *plan.Item) planfile.Action {
	t, x, pr := it.Terms, it.Details, it.Progress
	a := planfile.Action{ID: string(it.ID), Title: t.Title.Value, Side: planfile.Side(t.Party), DoneWhen: t.DoneWhen.Value,
		Due: t.Due, DateOpen: t.DateOpen, Expected: pr.Expected, Kind: x.Category, Start: x.Start, Duration: x.Duration,
		Elapsed: x.Elapsed, NotBefore: x.NotBefore, NotAfter: x.NotAfter, Pinned: x.Pinned, Status: planfile.Status(cmp.Or(pr.Status, plan.Open)),
		StartedOn: pr.StartedOn, DoneOn: pr.DoneOn, Remaining: pr.Remaining}
	if t.Party == plan.Joint {
		a.Owners = planfile.Owners{Buyer: named(p, t.Owners.Buyer), Seller: named(p, t.Owners.Seller)}
	} else {
		a.Owner = named(p, t.Owners.Of(plan.Side(t.Party)))
	}
	if m := p.Items[x.Milestone]; m != nil && m.Removed == 0 {
		a.Milestone = string(m.ID)
	}
	if g := p.Items[x.Gate]; g != nil && g.Removed == 0 {
		a.Gate = string(g.ID)
	}
	if e := x.Estimate; e != nil {
		a.Estimate = &planfile.Estimate{Low: e.Low, Likely: e.Likely, High: e.High, Shape: e.Shape, Values: e.Values}
	}
	if pr.Block != nil {
		a.BlockedBecause = pr.Block.Because.Value
	}
	return a
}

func risk(p *plan.Plan, it *plan.Item) planfile.Risk {
	r := it.Details.Risk
	out := planfile.Risk{ID: string(it.ID), Title: r.Title.Value, Probability: r.Probability, Mitigation: r.Mitigation.Value, Owner: named(p, r.Owner)}
	if r.High > 0 {
		out.Impact = &planfile.Impact{Low: r.Low, Likely: r.Likely, High: r.High}
	}
	for _, a := range r.Actions {
		if it := p.Items[a]; it != nil && it.Removed == 0 {
			out.Actions = append(out.Actions, string(a))
		}
	}
	return out
}

// Log reads a stream of a plan that the caller's side may have, in order, in
// pieces: the shared one, or its own private one.
func (s *Service) Log(ctx context.Context, v View, private bool, each func(plan.Record) error) error {
	stream := plan.SharedStream(v.Plan.ID)
	if private {
		if _, sees := v.Plan.SeesPrivate(v.Me.ID); !sees {
			return missing()
		}
		stream = plan.PrivateStream(v.Plan.ID, v.Side())
	}
	for after := int64(0); ; {
		records, err := s.plans.Records(ctx, stream, after, 500)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, r := range records {
			if err := each(r); err != nil {
				return err
			}
			after = r.Seq
		}
	}
}
