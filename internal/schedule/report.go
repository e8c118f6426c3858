package schedule

import "tandem/internal/civil"

// Report is the schedule as the commands and the API give it. Dates are first
// and last worked days.
type Report struct {
	End       civil.Day        `json:"end"`
	Actions   []ActionReport   `json:"actions"`
	Conflicts []ConflictReport `json:"conflicts"`
}

// ActionReport is one step. Slack is in working days of its own calendar.
type ActionReport struct {
	ID          string        `json:"id"`
	EarlyStart  civil.Day     `json:"earlyStart"`
	EarlyFinish civil.Day     `json:"earlyFinish"`
	LateStart   civil.Day     `json:"lateStart"`
	LateFinish  civil.Day     `json:"lateFinish"`
	TotalSlack  int           `json:"totalSlack"`
	FreeSlack   int           `json:"freeSlack"`
	Critical    bool          `json:"critical"`
	Because     []CauseReport `json:"because"`
}

// CauseReport is one reason for a date. Kind is one of the Cause constants.
type CauseReport struct {
	Kind string `json:"kind"`
	Ref  string `json:"ref"`
	Text string `json:"text"`
}

// ConflictReport is what cannot hold. Shortfall is in working days.
type ConflictReport struct {
	Chain     []string    `json:"chain"`
	Kind      string      `json:"kind"`
	Shortfall int         `json:"shortfall"`
	Message   string      `json:"message"`
	Fixes     []FixReport `json:"fixes"`
}

// FixReport is one thing to do, and what it costs. Days is the price in
// working days; Day a new date or the day of an extra meeting; From is the
// predecessor with which a step would overlap.
type FixReport struct {
	Kind string    `json:"kind"`
	Ref  string    `json:"ref"`
	From string    `json:"from,omitempty"`
	Days int       `json:"days,omitempty"`
	Day  civil.Day `json:"day,omitzero"`
	End  civil.Day `json:"end"`
	Text string    `json:"text"`
}

// PreviewReport is what a change would do.
type PreviewReport struct {
	Moves        []MoveReport     `json:"moves"`
	End          EndReport        `json:"end"`
	Alternatives []FixReport      `json:"alternatives"`
	Conflicts    []ConflictReport `json:"conflicts,omitempty"`
}

// MoveReport is one step's last worked day before and after.
type MoveReport struct {
	ID      string        `json:"id"`
	From    civil.Day     `json:"from"`
	To      civil.Day     `json:"to"`
	Because []CauseReport `json:"because"`
}

// EndReport is the plan's last day before and after.
type EndReport struct {
	From civil.Day `json:"from"`
	To   civil.Day `json:"to"`
}

// Report tells the schedule in a voice. Milestones count, but only steps are
// listed.
func (s *Schedule) Report(v Voice) Report {
	r := Report{End: s.End(), Actions: []ActionReport{}}
	for i := range s.graph.net.Nodes {
		n := &s.graph.net.Nodes[i]
		if n.Milestone {
			continue
		}
		d := s.Dates(i)
		r.Actions = append(r.Actions, ActionReport{ID: n.ID, EarlyStart: d.Start, EarlyFinish: d.Finish, LateStart: d.LateStart,
			LateFinish: d.LateFinish, TotalSlack: d.TotalSlack, FreeSlack: d.FreeSlack, Critical: d.Critical, Because: s.told(i, v)})
	}
	r.Conflicts = s.conflictsTold(v)
	return r
}

func (s *Schedule) told(i int, v Voice) []CauseReport {
	causes := s.Because(i)
	out := make([]CauseReport, len(causes))
	for k, c := range causes {
		out[k] = CauseReport{c.Kind, c.Ref, v.Say(c.Phrase)}
	}
	return out
}

func (s *Schedule) conflictsTold(v Voice) []ConflictReport {
	out := []ConflictReport{}
	left := effort
	for _, c := range s.Conflicts() {
		r := ConflictReport{Kind: c.Kind, Shortfall: c.Shortfall, Message: v.Say(s.Message(c)), Fixes: []FixReport{}}
		for _, i := range c.Chain {
			r.Chain = append(r.Chain, s.graph.net.Nodes[i].ID)
		}
		for _, f := range s.fixes(c, &left) {
			r.Fixes = append(r.Fixes, s.fixTold(f, v))
		}
		out = append(out, r)
	}
	return out
}

func (s *Schedule) fixTold(f Fix, v Voice) FixReport {
	r := FixReport{Kind: f.Kind, Days: f.Days, Day: f.Day, End: f.End, Text: v.Say(s.Offer(f))}
	if f.Node >= 0 {
		r.Ref = s.graph.net.Nodes[f.Node].ID
	}
	if f.Link >= 0 {
		r.From = s.graph.net.Nodes[s.graph.net.Links[f.Link].From].ID
	}
	return r
}

// Report tells the preview in a voice.
func (p *Preview) Report(v Voice) PreviewReport {
	r := PreviewReport{Moves: []MoveReport{}, End: EndReport{p.Before.End(), p.After.End()}, Alternatives: []FixReport{}}
	for _, m := range p.Moves {
		r.Moves = append(r.Moves, MoveReport{p.After.graph.net.Nodes[m.Node].ID, m.From, m.To, p.After.told(m.Node, v)})
	}
	for _, f := range p.Alternatives {
		r.Alternatives = append(r.Alternatives, p.After.fixTold(f, v))
	}
	if told := p.After.conflictsTold(v); len(told) > 0 {
		r.Conflicts = told
	}
	return r
}

// Message says a conflict in a sentence.
func (s *Schedule) Message(c Conflict) Phrase {
	n := &s.graph.net.Nodes[c.Chain[len(c.Chain)-1]]
	key := "schedule.conflict." + c.Kind
	switch {
	case c.Kind == ConflictLink:
		from := &s.graph.net.Nodes[c.Chain[len(c.Chain)-2]]
		return phrase(key, "title", n.Title, "day", c.Limit, "from", from.Title, "actual", c.Actual, "N", c.Shortfall)
	case c.Kind == ConflictDayOff:
		reasons := n.Calendar.Why(c.Limit)
		return phrase(key, "title", n.Title, "day", c.Limit, "reasons", reasons)
	case c.Kind == ConflictGate:
		return phrase(key, "title", n.Title, "day", c.Limit, "gate", n.GateTitle, "actual", c.Actual)
	case n.Milestone && c.Kind == ConflictDue:
		key += ".milestone"
	}
	return phrase(key, "title", n.Title, "day", c.Limit, "actual", c.Actual, "N", c.Shortfall)
}

// Offer says a fix in a sentence.
func (s *Schedule) Offer(f Fix) Phrase {
	key := "schedule.fix." + f.Kind
	if f.Kind == FixPull && f.Days == 0 {
		key += ".same"
	}
	p := phrase(key, "N", f.Days, "day", f.Day, "end", f.End)
	if f.Node >= 0 {
		n := &s.graph.net.Nodes[f.Node]
		p.Args = append(p.Args, "title", n.Title, "owner", n.Away, "gate", n.GateTitle)
	}
	if f.Link >= 0 {
		p.Args = append(p.Args, "from", s.graph.net.Nodes[s.graph.net.Links[f.Link].From].Title)
	}
	return p
}
