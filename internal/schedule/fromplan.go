package schedule

import (
	"fmt"
	"slices"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
)

// Compute is the schedule of a plan as of a day.
//
// Faults: those of FromPlan, Compile and Run.
func Compute(p *planfile.Plan, today civil.Day) (*Schedule, error) {
	net, err := FromPlan(p, today)
	if err != nil {
		return nil, err
	}
	g, err := Compile(net)
	if err != nil {
		return nil, err
	}
	return g.Run()
}

// FromPlan is the network of a plan as of a day: its steps that were not
// dropped, then its milestones. Without a day it is as of the plan's start, or
// else of the first day that the plan names. A milestone waits for what is linked to it; if nothing is, and
// something waits for it, it waits for the steps that belong to it.
//
// Faults: those of the calendar package; schedule.undated for a plan without
// any day to count from; schedule.link.unknown, schedule.gate.unknown,
// schedule.gate.away.
func FromPlan(p *planfile.Plan, today civil.Day) (Network, error) {
	b := &builder{plan: p, people: map[string]planfile.Person{}, works: map[workKey]*calendar.Calendar{}, gates: map[gateKey]*calendar.Gate{}}
	for _, person := range p.People {
		b.people[person.ID] = person
	}
	if today == 0 {
		if today = p.Start; today == 0 {
			today, _ = named(p)
		}
		if today == 0 {
			return Network{}, fault.New(fault.Invalid, "schedule.undated")
		}
	}
	if err := b.calendars(today); err != nil {
		return Network{}, err
	}
	b.net = Network{Start: p.Start, Today: today, DecideBy: p.DecideBy}
	index, err := b.nodes(today)
	if err != nil {
		return Network{}, err
	}
	return b.net, b.links(index)
}

// builder makes a network, each calendar once.
type builder struct {
	plan   *planfile.Plan
	net    Network
	people map[string]planfile.Person
	every  *calendar.Calendar
	sides  map[planfile.Side]*calendar.Calendar // joint: both
	works  map[workKey]*calendar.Calendar
	gates  map[gateKey]*calendar.Gate
}

type workKey struct {
	base *calendar.Calendar
	kind calendar.Kind
	who  string
	off  string
}

type gateKey struct {
	id  string
	cal *calendar.Calendar
}

func (b *builder) calendars(today civil.Day) error {
	h := horizon(b.plan, today)
	var err error
	if b.every, err = calendar.Everyday(h); err != nil {
		return err
	}
	b.sides = map[planfile.Side]*calendar.Calendar{}
	for side, party := range map[planfile.Side]planfile.Party{planfile.Buyer: b.plan.Sides.Buyer, planfile.Seller: b.plan.Sides.Seller} {
		week, err := calendar.ParseWeek(party.Calendar.Week)
		if err != nil {
			return err
		}
		spec := calendar.Spec{Who: party.Organisation, Week: week, Region: party.Calendar.Region, Closed: spans(party.Calendar.Closed)}
		if b.sides[side], err = calendar.Compile(spec, h); err != nil {
			return err
		}
	}
	b.sides[planfile.Joint], err = calendar.Both(b.sides[planfile.Buyer], b.sides[planfile.Seller])
	return err
}

func (b *builder) nodes(today civil.Day) (map[string]int, error) {
	index := make(map[string]int, len(b.plan.Actions)+len(b.plan.Milestones))
	for i := range b.plan.Actions {
		a := &b.plan.Actions[i]
		if a.Status == planfile.Dropped {
			index[a.ID] = -1
			continue
		}
		n, err := b.node(a, today)
		if err != nil {
			return nil, err
		}
		index[a.ID] = len(b.net.Nodes)
		b.net.Nodes = append(b.net.Nodes, n)
	}
	for _, m := range b.plan.Milestones {
		index[m.ID] = len(b.net.Nodes)
		b.net.Nodes = append(b.net.Nodes, Node{ID: m.ID, Title: m.Title, Milestone: true, Calendar: b.every, Due: m.Date})
	}
	return index, nil
}

func (b *builder) node(a *planfile.Action, today civil.Day) (Node, error) {
	n := Node{ID: a.ID, Title: a.Title, NotBefore: a.NotBefore, NotAfter: a.NotAfter, Due: a.Due, Expected: a.Expected}
	side := b.sides[a.Side]
	if side == nil {
		side = b.sides[planfile.Joint]
	}
	owners := b.owners(a)
	names := make([]string, len(owners))
	for i, o := range owners {
		names[i] = o.Name
	}
	n.Owner = strings.Join(names, ", ")
	if err := b.working(&n, a, side, owners); err != nil {
		return n, err
	}
	if err := b.gate(&n, a, side); err != nil {
		return n, err
	}
	n.Duration, n.Assumed = duration(a, n.Calendar)
	if a.Pinned {
		n.Pinned = booked(a, n)
	}
	b.progress(&n, a, today)
	return n, nil
}

// working sets the calendars of a step: the days on which it goes on, starts
// and ends.
func (b *builder) working(n *Node, a *planfile.Action, side *calendar.Calendar, owners []planfile.Person) error {
	var err error
	base := b.every
	if !a.Elapsed {
		if base, err = b.without(side, calendar.Freeze, "", b.freezes(a, "work")); err != nil {
			return err
		}
	}
	n.Calendar = base
	var away []string
	for _, o := range owners {
		if a.Elapsed {
			break
		}
		if len(o.Absences) > 0 {
			away = append(away, o.Name)
		}
		if n.Calendar, err = b.without(n.Calendar, calendar.Absence, o.Name, spans(o.Absences)); err != nil {
			return err
		}
	}
	if n.Calendar != base {
		n.StandIn, n.Away = base, strings.Join(away, ", ")
	}
	if n.Starts, err = b.bounded(n.Calendar, b.freezes(a, "start")); err != nil {
		return err
	}
	n.Finishes, err = b.bounded(n.Calendar, b.freezes(a, "finish"))
	return err
}

func (b *builder) bounded(c *calendar.Calendar, freezes []calendar.Span) (*calendar.Calendar, error) {
	if len(freezes) == 0 {
		return nil, nil
	}
	return b.without(c, calendar.Freeze, "", freezes)
}

// without is Calendar.Without, once for equal arguments.
func (b *builder) without(c *calendar.Calendar, kind calendar.Kind, who string, off []calendar.Span) (*calendar.Calendar, error) {
	key := workKey{c, kind, who, fmt.Sprint(off)}
	if done, ok := b.works[key]; ok {
		return done, nil
	}
	made, err := c.Without(kind, who, off)
	b.works[key] = made
	return made, err
}

func (b *builder) gate(n *Node, a *planfile.Action, side *calendar.Calendar) error {
	if a.Gate == "" {
		return nil
	}
	i := slices.IndexFunc(b.plan.Gates, func(g planfile.Gate) bool { return g.ID == a.Gate })
	if i < 0 {
		return fault.New(fault.Invalid, "schedule.gate.unknown", "title", a.Title, "gate", a.Gate)
	}
	plan := &b.plan.Gates[i]
	all, ok := b.gates[gateKey{a.Gate, side}]
	if !ok {
		var err error
		all, err = side.Gate(calendar.Rule{Text: plan.Rule, Anchor: plan.Anchor, Except: plan.Except,
			LeadDays: plan.LeadDays, OnHoliday: calendar.OnHoliday(plan.OnHoliday)})
		if err != nil {
			return err
		}
		b.gates[gateKey{a.Gate, side}] = all
	}
	var err error
	if n.Gate, err = b.attended(a.Gate, all, n.Calendar); err != nil {
		return fault.New(fault.Invalid, "schedule.gate.away", "title", a.Title, "gate", plan.Title).Wrap(err)
	}
	if n.StandIn != nil {
		if n.StandInGate, err = b.attended(a.Gate, all, n.StandIn); err != nil {
			n.StandInGate = nil
		}
	}
	n.GateID, n.GateTitle = plan.ID, plan.Title
	return nil
}

// attended is Gate.For, once for equal arguments.
func (b *builder) attended(id string, all *calendar.Gate, c *calendar.Calendar) (*calendar.Gate, error) {
	if c == b.every { // shared by both sides, whose meetings may differ
		return all, nil
	}
	key := gateKey{id, c}
	if own, ok := b.gates[key]; ok {
		return own, nil
	}
	own, err := all.For(c)
	if err == nil {
		b.gates[key] = own
	}
	return own, err
}

// progress sets what happened so far.
func (b *builder) progress(n *Node, a *planfile.Action, today civil.Day) {
	switch {
	case a.Status == planfile.Done:
		n.State, n.StartedOn, n.DoneOn = Done, a.StartedOn, a.DoneOn
		if n.DoneOn == 0 { // nobody wrote it down: as agreed, and not after today
			n.DoneOn = today
			if a.Due != 0 {
				n.DoneOn = min(a.Due, today)
			}
		}
	case a.Status == planfile.Started || a.StartedOn != 0:
		n.State, n.StartedOn = Started, a.StartedOn
		if n.StartedOn == 0 {
			n.StartedOn = today
			if a.Start != 0 {
				n.StartedOn = min(a.Start, today)
			}
		}
		worked := n.Calendar.Rank(today) - n.Calendar.Rank(n.StartedOn)
		n.Remaining = max(n.Duration-max(worked, 0), 1)
		if a.Remaining != nil {
			n.Remaining = *a.Remaining
		}
	}
}

func (b *builder) links(index map[string]int) error {
	linked, waited := map[int]bool{}, map[int]bool{}
	for _, l := range b.plan.Links {
		from, okFrom := index[l.From]
		to, okTo := index[l.To]
		if !okFrom || !okTo {
			return fault.New(fault.Invalid, "schedule.link.unknown", "from", l.From, "to", l.To)
		}
		if from < 0 || to < 0 {
			continue
		}
		linked[to], waited[from] = true, true
		b.net.Links = append(b.net.Links, Link{From: from, To: to, Type: linkTypes[l.Type], Lag: l.Lag,
			Calendar: b.lagCalendar(l, from, to), Elapsed: l.LagCalendar == "elapsed"})
	}
	for _, a := range b.plan.Actions {
		m, ok := index[a.Milestone]
		if from := index[a.ID]; ok && from >= 0 && m >= 0 && b.net.Nodes[m].Milestone && waited[m] && !linked[m] {
			b.net.Links = append(b.net.Links, Link{From: from, To: m, Calendar: b.every})
		}
	}
	return nil
}

var linkTypes = map[string]LinkType{"FS": FinishStart, "SS": StartStart, "FF": FinishFinish, "SF": StartFinish}

func (b *builder) lagCalendar(l planfile.Link, from, to int) *calendar.Calendar {
	switch l.LagCalendar {
	case "predecessor":
		return b.net.Nodes[from].Calendar
	case "successor":
		return b.net.Nodes[to].Calendar
	case "elapsed":
		return b.every
	}
	return b.sides[planfile.Joint]
}

func (b *builder) owners(a *planfile.Action) []planfile.Person {
	var out []planfile.Person
	for _, id := range []string{a.Owner, a.Owners.Buyer, a.Owners.Seller} {
		p, known := b.people[id]
		if known && !slices.ContainsFunc(out, func(o planfile.Person) bool { return o.ID == id }) {
			out = append(out, p)
		}
	}
	return out
}

// freezes are those that block a step's start, finish or work.
func (b *builder) freezes(a *planfile.Action, blocks string) []calendar.Span {
	var out []calendar.Span
	for _, f := range b.plan.Freezes {
		sided := f.Side == "" || f.Side == planfile.Joint || a.Side == planfile.Joint || f.Side == a.Side
		kind := len(f.Kinds) == 0 || slices.Contains(f.Kinds, a.Kind)
		if f.Blocks == blocks && sided && kind {
			out = append(out, calendar.Span{From: f.From, To: f.To, Note: f.Title})
		}
	}
	return out
}

// duration of a step in its calendar: as given, else the days from its planned
// start to its due date, else one; the second result says that it was not
// given.
func duration(a *planfile.Action, c *calendar.Calendar) (int, bool) {
	if a.Duration != nil {
		return *a.Duration, false
	}
	if a.Start == 0 || a.Due == 0 {
		return 1, true
	}
	return min(max(c.Rank(a.Due+1)-c.Rank(a.Start), 1), MaxDays), true
}

// booked is the last day of a booked appointment: its due date, or what
// follows from its start. Without either there is nothing to hold it to.
func booked(a *planfile.Action, n Node) civil.Day {
	if a.Due != 0 || a.Start == 0 {
		return a.Due
	}
	last, ok := n.Calendar.At(n.Calendar.Rank(a.Start) + n.span())
	if !ok {
		return a.Start
	}
	return last
}

func spans(in []planfile.Span) []calendar.Span {
	out := make([]calendar.Span, len(in))
	for i, s := range in {
		out[i] = calendar.Span{From: s.From, To: s.To, Note: s.Note}
	}
	return out
}
