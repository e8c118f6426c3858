package app

import (
	"context"
	"errors"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/process"
)

// TypicalStep is something that plans of a kind usually hold, to be picked in a
// planning session: a step, a milestone or a risk. It has no owner and no date.
type TypicalStep struct {
	ID               string     // "step:…", "milestone:…" or "risk:…"
	Topic            plan.Topic // where it is offered
	Title            string     // in the plan's language: it would become part of it
	Party            plan.Party // of a step
	Low, Likely      int        // working days; of a risk, those it would cost
	High             int
	Kind             plan.Kind
	doneWhen, listed string
	elapsed          bool
	mitigation       string
	probability      float64
}

// usualProcess is offered where a plan was made without one: what most deals
// between two companies look like.
const usualProcess = "mid-market"

// Typical lists what plans like this one usually hold. Whoever sees the plan.
func (s *Service) Typical(ctx context.Context, v View) ([]TypicalStep, error) {
	p, err := s.processOf(ctx, v)
	if err != nil || p == nil {
		return nil, err
	}
	return typical(p, v.Plan.Language), nil
}

// processOf is the process a plan was made from, in that version; the usual one
// where there is none, or no longer.
func (s *Service) processOf(ctx context.Context, v View) (*process.Process, error) {
	usual := process.Builtin(usualProcess)
	id, version, ok := process.SplitRef(v.Plan.Process)
	if !ok {
		return usual, nil
	}
	if p := process.Builtin(id); p != nil {
		return p, nil
	}
	o, err := s.processes.ProcessVersion(ctx, v.Plan.Workspace, id, version)
	if errors.Is(err, ErrNotFound) {
		return usual, nil
	}
	return o.Process, err
}

func typical(p *process.Process, lang string) []TypicalStep {
	var out []TypicalStep
	for _, x := range p.Steps {
		t := TypicalStep{ID: "step:" + x.ID, Topic: plan.TopicActivities, Title: x.Title.In(lang), Party: plan.Party(x.Side), Low: x.Low, Likely: x.Likely,
			High: x.High, Kind: plan.KindAction, doneWhen: x.DoneWhen.In(lang), listed: x.Kind, elapsed: x.Elapsed}
		switch {
		case x.Kind == "approval" || x.Gate != "":
			t.Topic = plan.TopicApproval
		case x.Side == planfile.Buyer:
			t.Topic = plan.TopicBuyer
		case x.Side == planfile.Seller:
			t.Topic = plan.TopicSeller
		}
		out = append(out, t)
	}
	for _, m := range p.Milestones {
		out = append(out, TypicalStep{ID: "milestone:" + m.ID, Topic: plan.TopicDates, Title: m.Title.In(lang), Kind: plan.KindMilestone})
	}
	for _, r := range append(p.Risks, process.Risks()...) {
		out = append(out, TypicalStep{ID: "risk:" + r.ID, Topic: plan.TopicRisks, Title: r.Title.In(lang), Kind: plan.KindRisk,
			Low: int(r.Low), Likely: int(r.Likely), High: int(r.High), mitigation: r.Mitigation.In(lang), probability: r.Probability})
	}
	return out
}

// Add is the command that puts it into a plan: nobody's yet, without a date.
func (t TypicalStep) Add(id plan.ID) plan.Add {
	switch t.Kind {
	case plan.KindRisk:
		return plan.Add{ID: id, Kind: t.Kind, Risk: &plan.RiskInput{Title: t.Title, Mitigation: t.mitigation, RiskDetails: plan.RiskDetails{
			Probability: t.probability, Low: float64(t.Low), Likely: float64(t.Likely), High: float64(t.High)}}}
	case plan.KindMilestone:
		return plan.Add{ID: id, Kind: t.Kind, Terms: plan.Patch{Title: &t.Title}}
	}
	return plan.Add{ID: id, Kind: t.Kind, Terms: plan.Patch{Title: &t.Title, Party: &t.Party, DoneWhen: &t.doneWhen},
		Details: plan.Details{Category: t.listed, Duration: &t.Likely, Elapsed: t.elapsed,
			Estimate: &plan.Estimate{Low: float64(t.Low), Likely: float64(t.Likely), High: float64(t.High)}}}
}

// Offered are those that belong to a topic and are not in the plan yet. What
// both do together, or either side, is also among what has to happen.
func Offered(p *plan.Plan, all []TypicalStep, topic plan.Topic) []TypicalStep {
	have := map[string]bool{}
	for _, it := range p.Live(plan.KindAction, plan.KindMilestone, plan.KindRisk) {
		title := it.Terms.Title.Value
		if it.Details.Risk != nil {
			title = it.Details.Risk.Title.Value
		}
		have[strings.ToLower(title)] = true
	}
	var out []TypicalStep
	for _, x := range all {
		title := strings.ToLower(x.Title)
		if !have[title] && (x.Topic == topic || topic == plan.TopicActivities && x.Kind == plan.KindAction && x.Topic != plan.TopicApproval) {
			out = append(out, x)
			have[title] = true // a risk may stand in the process and in the catalogue
		}
	}
	return out
}
