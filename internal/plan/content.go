package plan

import (
	"math"
	"slices"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// tidy checks terms against their kind and drops what the kind does not use.
func (d *decider) tidy(kind Kind, id ID, t Terms) (Terms, error) {
	if err := d.onDay(t.Due); err != nil {
		return t, err
	}
	switch kind {
	case KindLink:
		return d.tidyLink(id, Terms{From: t.From, To: t.To, Type: t.Type, Lag: t.Lag, LagCalendar: t.LagCalendar})
	case KindRisk, KindGate, KindFreeze:
		return Terms{}, nil
	}
	if t.Title.IsZero() {
		return t, invalid("fault.title.empty")
	}
	switch kind {
	case KindAction:
		return d.tidyAction(Terms{Title: t.Title, DoneWhen: t.DoneWhen, Party: t.Party, Owners: t.Owners, Due: t.Due, DateOpen: t.DateOpen})
	case KindMilestone, KindDecision:
		return Terms{Title: t.Title, Due: t.Due, DateOpen: t.DateOpen}, nil
	case KindGoal:
		if t.Party != Joint && !Side(t.Party).valid() {
			return t, invalid("fault.party")
		}
		return Terms{Title: t.Title, Party: t.Party}, nil
	case KindCriterion:
		return Terms{Title: t.Title, Due: t.Due}, nil
	}
	return t, invalid("fault.kind")
}

func (d *decider) tidyAction(t Terms) (Terms, error) {
	if t.Party != Joint && !Side(t.Party).valid() {
		return t, invalid("fault.party")
	}
	for _, s := range []Side{Buyer, Seller} {
		o := t.Owners.Of(s)
		if !t.Party.Includes(s) || o == "" {
			t.Owners.Set(s, "")
			continue
		}
		q := d.st.Person(o)
		if q == nil || q.Side != s {
			return t, invalid("fault.owner.side")
		}
		if q.Left {
			return t, invalid("fault.owner.left")
		}
		t.Owners.Set(s, q.ID)
	}
	return t, nil
}

const maxLag = 1_000

func (d *decider) tidyLink(id ID, t Terms) (Terms, error) {
	if t.Type == "" {
		t.Type = FinishToStart
	}
	if t.LagCalendar == "" {
		t.LagCalendar = "plan"
	}
	for _, end := range []ID{t.From, t.To} {
		it := d.st.Items[end]
		if d.st.gone(end) || !it.Kind.dated() {
			return t, invalid("fault.link.end")
		}
	}
	switch {
	case t.From == t.To:
		return t, invalid("fault.link.self")
	case t.From == DecisionItem:
		return t, invalid("fault.link.decision")
	case !slices.Contains([]LinkType{FinishToStart, StartToStart, FinishToFinish, StartToFinish}, t.Type):
		return t, invalid("fault.link.type")
	case !slices.Contains([]string{"plan", "predecessor", "successor", "elapsed"}, t.LagCalendar):
		return t, invalid("fault.link.calendar")
	case t.Lag > maxLag || t.Lag < -maxLag:
		return t, invalid("fault.link.lag", "max", maxLag)
	}
	for _, l := range d.st.Live(KindLink) {
		if l.ID != id && l.Terms.From == t.From && l.Terms.To == t.To && l.Terms.Type == t.Type {
			return t, refuse("fault.link.exists")
		}
	}
	if cycle := d.st.cycle(id, t); cycle != nil {
		return t, cycleFault(cycle)
	}
	return t, nil
}

// cycle is the ring of items that a link would close, or nil.
func (p *Plan) cycle(id ID, link Terms) []ID {
	after := map[ID][]ID{}
	for _, l := range p.Live(KindLink) {
		if l.ID != id {
			after[l.Terms.From] = append(after[l.Terms.From], l.Terms.To)
		}
	}
	came := map[ID]ID{link.To: ""}
	for queue := []ID{link.To}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == link.From {
			var ring []ID
			for ; at != ""; at = came[at] {
				ring = append(ring, at)
			}
			slices.Reverse(ring)
			return append(ring, link.To)
		}
		for _, next := range after[at] {
			if _, seen := came[next]; !seen {
				came[next] = at
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// soundLinks checks that every link ties two items that are there, once, and
// that no ring comes of them: what no single link shows when several things
// change together.
func (p *Plan) soundLinks() error {
	type tie struct {
		from, to ID
		kind     LinkType
	}
	ties := map[tie]bool{}
	for _, l := range p.Live(KindLink) {
		t := l.Terms
		if p.gone(t.From) || p.gone(t.To) {
			return invalid("fault.link.end")
		}
		k := tie{t.From, t.To, t.Type}
		if ties[k] {
			return refuse("fault.link.exists")
		}
		ties[k] = true
	}
	if ring := p.anyCycle(); ring != nil {
		return cycleFault(ring)
	}
	return nil
}

// anyCycle is a ring among the links, or nil. It takes away, again and again,
// what waits for nothing; what remains lies on a ring or behind one.
func (p *Plan) anyCycle() []ID {
	after, waits := map[ID][]ID{}, map[ID]int{}
	links := p.Live(KindLink)
	for _, l := range links {
		after[l.Terms.From] = append(after[l.Terms.From], l.Terms.To)
		waits[l.Terms.To]++
	}
	var queue []ID
	for from := range after {
		if waits[from] == 0 {
			queue = append(queue, from)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, to := range after[queue[0]] {
			if waits[to]--; waits[to] == 0 {
				queue = append(queue, to)
			}
		}
	}
	for _, l := range links {
		if waits[l.Terms.To] > 0 {
			if ring := p.cycle(l.ID, l.Terms); ring != nil {
				return ring
			}
		}
	}
	return nil
}

// cycleFault spells the ring out by ids; who shows it puts in the titles.
func cycleFault(ring []ID) *fault.Error {
	ids := make([]string, len(ring))
	for i, id := range ring {
		ids[i] = string(id)
	}
	return refuse("fault.link.cycle", "items", ids)
}

const maxDays = 2_000 // working days of a duration or an impact

// details checks what is free and seals its texts.
func (d *decider) details(kind Kind, old, next Details, risk *RiskInput, gate *GateInput, freeze *FreezeInput) (Details, error) {
	var err error
	switch kind {
	case KindRisk:
		next = Details{Risk: old.Risk}
		if risk != nil {
			next.Risk, err = d.risk(old.Risk, *risk)
		}
		if err == nil && next.Risk == nil {
			err = invalid("fault.title.empty")
		}
		return next, err
	case KindGate:
		next = Details{Committee: old.Committee}
		if gate != nil {
			next.Committee, err = d.gate(old.Committee, *gate)
		}
		if err == nil && next.Committee == nil {
			err = invalid("fault.title.empty")
		}
		return next, err
	case KindFreeze:
		next = Details{Frozen: old.Frozen}
		if freeze != nil {
			next.Frozen, err = d.freeze(old.Frozen, *freeze)
		}
		if err == nil && next.Frozen == nil {
			err = invalid("fault.title.empty")
		}
		return next, err
	case KindAction, KindMilestone:
		next.Risk, next.Committee, next.Frozen = nil, nil, nil
		return next, d.checkDetails(old, next)
	}
	return Details{}, nil
}

// checkDetails checks what is free about an action. What it referred to may
// have been removed since; only new references must be to something.
func (d *decider) checkDetails(old, x Details) error {
	for _, day := range []civil.Day{x.Start, x.NotBefore, x.NotAfter} {
		if err := d.onDay(day); err != nil {
			return err
		}
	}
	switch {
	case x.Duration != nil && (*x.Duration < 0 || *x.Duration > maxDays):
		return invalid("fault.duration", "max", maxDays)
	case x.Milestone != "" && x.Milestone != old.Milestone && (d.st.gone(x.Milestone) || d.st.Items[x.Milestone].Kind != KindMilestone):
		return invalid("fault.milestone")
	case x.Gate != "" && x.Gate != old.Gate && (d.st.gone(x.Gate) || d.st.Items[x.Gate].Kind != KindGate):
		return invalid("fault.gate")
	case x.Estimate != nil && !x.Estimate.valid():
		return invalid("fault.estimate")
	}
	return name(x.Category)
}

const maxName = 60

// name checks a short word of the plan file that is kept as it is, such as
// the category of an action.
func name(s string) error {
	if c, err := clean(s, maxName); err != nil || c != s {
		return invalid("fault.name.word", "max", maxName)
	}
	return nil
}

func (e Estimate) valid() bool {
	if len(e.Values) == 0 {
		return (e.Shape == "" || e.Shape == "pert" || e.Shape == "triangular") &&
			0 <= e.Low && e.Low <= e.Likely && e.Likely <= e.High && e.High <= maxDays
	}
	for _, v := range e.Values {
		if !(0 <= v[0] && v[0] <= maxDays && 0 <= v[1] && v[1] <= 1) {
			return false
		}
	}
	return e.Low == 0 && e.Likely == 0 && e.High == 0 && e.Shape == "" && len(e.Values) <= maxSpans
}

// retext seals words only if they changed, so that an unchanged text keeps its
// seal.
func (d *decider) retext(old Text, s string, max int) (Text, error) {
	s, err := clean(s, max)
	if err != nil || s == old.Value && !old.Gone {
		return old, err
	}
	return d.content(s), nil
}

func (d *decider) risk(old *RiskDetails, in RiskInput) (*RiskDetails, error) {
	if old == nil {
		old = &RiskDetails{}
	}
	r := in.RiskDetails
	var err, err2 error
	r.Title, err = d.retext(old.Title, in.Title, maxLine)
	r.Mitigation, err2 = d.retext(old.Mitigation, in.Mitigation, maxWords)
	switch {
	case err != nil:
		return nil, err
	case err2 != nil:
		return nil, err2
	case r.Title.IsZero():
		return nil, invalid("fault.title.empty")
	case math.IsNaN(r.Probability) || r.Probability < 0 || r.Probability > 1:
		return nil, invalid("fault.probability")
	case !(0 <= r.Low && r.Low <= r.Likely && r.Likely <= r.High && r.High <= maxDays):
		return nil, invalid("fault.impact")
	case r.Owner != "" && d.st.Person(r.Owner) == nil:
		return nil, invalid("fault.risk.owner")
	case len(r.Actions) > maxSpans:
		return nil, invalid("fault.risk.action")
	}
	for _, a := range r.Actions {
		if slices.Contains(old.Actions, a) {
			continue // it was there when the risk was written
		}
		if d.st.gone(a) || d.st.Items[a].Kind != KindAction {
			return nil, invalid("fault.risk.action")
		}
	}
	return &r, nil
}

func (d *decider) gate(old *GateDetails, in GateInput) (*GateDetails, error) {
	if old == nil {
		old = &GateDetails{}
	}
	g := in.GateDetails
	var err error
	g.Title, err = d.retext(old.Title, in.Title, maxLine)
	switch {
	case err != nil:
		return nil, err
	case g.Title.IsZero():
		return nil, invalid("fault.title.empty")
	case g.Side != "" && !g.Side.valid():
		return nil, invalid("fault.party")
	case len(g.Rule) == 0 || len(g.Except) > maxSpans || g.LeadDays < 0 || g.LeadDays > maxDays:
		return nil, invalid("fault.gate.rule")
	case !slices.Contains([]string{"", "skip", "next", "previous"}, g.OnHoliday):
		return nil, invalid("fault.gate.rule")
	}
	if rule, err := clean(g.Rule, maxLine); err != nil || rule != g.Rule {
		return nil, invalid("fault.gate.rule")
	}
	for _, day := range g.Except {
		if err := d.onDay(day); err != nil {
			return nil, err
		}
	}
	return &g, d.onDay(g.Anchor)
}

func (d *decider) freeze(old *FreezeDetails, in FreezeInput) (*FreezeDetails, error) {
	if old == nil {
		old = &FreezeDetails{}
	}
	f := in.FreezeDetails
	var err error
	f.Title, err = d.retext(old.Title, in.Title, maxLine)
	switch {
	case err != nil:
		return nil, err
	case f.From.IsZero() || f.To < f.From:
		return nil, invalid("fault.span")
	case !slices.Contains([]string{"start", "finish", "work"}, f.Blocks) || len(f.Kinds) > maxSpans:
		return nil, invalid("fault.freeze")
	case f.Side != "" && !f.Side.valid():
		return nil, invalid("fault.party")
	}
	for _, kind := range f.Kinds {
		if err := name(kind); err != nil {
			return nil, err
		}
	}
	if err := d.onDay(f.From); err != nil {
		return nil, err
	}
	return &f, d.onDay(f.To)
}
