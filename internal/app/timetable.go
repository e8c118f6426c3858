package app

import (
	"cmp"
	"sync"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// Timetable is the computed schedule of the plan both sides share, as of a
// day. It never writes a date: it says what calendars, links and committees
// allow. Internal actions are not in it, so that no side's own space shows in
// a date of the other's. It is immutable and may be read by many goroutines.
type Timetable struct {
	Today civil.Day // the day it is computed as of
	Still bool      // the plan is paused or over: nothing is pushed on by the days that pass

	schedule  *schedule.Schedule
	file      *planfile.Plan
	plan      *plan.Plan
	index     map[string]int
	critical  map[plan.ID]bool
	conflicts []schedule.Conflict
	at        map[plan.ID][]schedule.Conflict
}

// Timetable is the schedule of the shared plan; pages of one state and day
// share it.
//
// Faults: those of schedule.Compute: a plan may hold what no calendar can.
func (v View) Timetable() (*Timetable, error) {
	today, still := stands(v)
	if v.times == nil {
		return newTimetable(v.Plan, today, still)
	}
	return v.times.get(v.Plan, today, still)
}

// stands is the day a plan is computed as of: a paused plan stands still at
// the day of its pause, one that is over at its last.
func stands(v View) (civil.Day, bool) {
	p := v.Plan
	switch {
	case p.ReadOnly():
		return min(civil.On(time.UnixMilli(p.Head.At), v.Zone), v.Today), true
	case p.Phase == plan.Decided:
		return min(p.Outcome.On, v.Today), true
	case p.Paused != nil:
		return min(p.Paused.Since, v.Today), true
	}
	return v.Today, false
}

func newTimetable(p *plan.Plan, today civil.Day, still bool) (*Timetable, error) {
	file := scheduled(p)
	g, err := network(p, file, today)
	if err != nil {
		return nil, err
	}
	s, err := g.Run()
	if err != nil {
		return nil, err
	}
	return tell(p, file, s, today, still), nil
}

func tell(p *plan.Plan, file *planfile.Plan, s *schedule.Schedule, today civil.Day, still bool) *Timetable {
	t := &Timetable{Today: today, Still: still, schedule: s, file: file, plan: p, index: map[string]int{},
		critical: map[plan.ID]bool{}, conflicts: s.Conflicts(), at: map[plan.ID][]schedule.Conflict{}}
	for i, n := range s.Network().Nodes {
		t.index[n.ID] = i
	}
	t.drives(string(plan.DecisionItem))
	for _, c := range t.conflicts {
		id := plan.ID(s.Network().Nodes[c.Chain[len(c.Chain)-1]].ID)
		t.at[id] = append(t.at[id], c)
	}
	return t
}

// scheduled is the shared plan as the schedule computes it: the decision is a
// milestone like the others, because steps may come after it (the first day
// of a project is not late because it follows the decision). It waits for
// what is linked to it and for every step that is not agreed for later; a
// milestone nothing is linked to waits for the steps that belong to it.
func scheduled(p *plan.Plan) *planfile.Plan {
	f := shared(p)
	f.DecideBy = 0
	decision := p.Items[plan.DecisionItem]
	f.Milestones = append(f.Milestones, planfile.Milestone{ID: string(plan.DecisionItem), Title: decision.Terms.Title.Value, Date: decision.Terms.Due})
	after := map[string][]string{}
	linked := map[string]bool{}
	add := func(l planfile.Link) {
		f.Links = append(f.Links, l)
		after[l.From] = append(after[l.From], l.To)
	}
	for _, l := range f.Links {
		after[l.From] = append(after[l.From], l.To)
		linked[l.To] = true
	}
	for i, m := range f.Milestones[:len(f.Milestones)-1] {
		if linked[m.ID] {
			continue
		}
		waits := false
		later := reached(after, m.ID) // a step that waits for its own milestone closes no ring
		for i := range f.Actions {
			switch a := &f.Actions[i]; {
			case a.Milestone != m.ID:
			case later[a.ID]:
				a.Milestone = ""
			default:
				add(planfile.Link{From: a.ID, To: m.ID, Type: "FS", LagCalendar: "elapsed"})
				waits = true
			}
		}
		if !waits {
			f.Milestones[i].Date = 0 // nothing says when it can be
		}
	}
	for _, it := range p.Live(plan.KindLink) {
		if t := it.Terms; t.To == plan.DecisionItem {
			add(planfile.Link{From: string(t.From), To: string(t.To), Type: string(t.Type), Lag: t.Lag, LagCalendar: t.LagCalendar})
		}
	}
	for i := range f.Actions {
		if a := &f.Actions[i]; decision.Terms.Due == 0 || a.Due <= decision.Terms.Due {
			add(planfile.Link{From: a.ID, To: string(plan.DecisionItem), Type: "FS", LagCalendar: "elapsed"})
		}
	}
	return f
}

// reached is everything that waits for an item, near or far.
func reached(after map[string][]string, from string) map[string]bool {
	seen := map[string]bool{from: true}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range after[queue[0]] {
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return seen
}

// network compiles the file; milestones that were reached are history.
func network(p *plan.Plan, file *planfile.Plan, today civil.Day) (*schedule.Graph, error) {
	net, err := schedule.FromPlan(file, today)
	if err != nil {
		return nil, err
	}
	for i := range net.Nodes {
		n := &net.Nodes[i]
		it := p.Items[plan.ID(n.ID)]
		if !n.Milestone {
			continue
		}
		if on, ok := Reached(p, it); ok {
			n.State, n.DoneOn = schedule.Done, min(cmp.Or(on, today), today)
		}
		if plan.ID(n.ID) == plan.DecisionItem && p.Phase == plan.Decided {
			n.State, n.DoneOn = schedule.Done, min(p.Outcome.On, today)
		}
	}
	pass(&net)
	return schedule.Compile(net)
}

// pass marks the milestones that everything before them has passed: what is
// reported done is behind them, also while the other side has yet to confirm.
func pass(net *schedule.Network) {
	for again := true; again; {
		again = false
		on := make([]civil.Day, len(net.Nodes))
		open := make([]bool, len(net.Nodes))
		for _, l := range net.Links {
			from := &net.Nodes[l.From]
			on[l.To] = max(on[l.To], from.DoneOn)
			open[l.To] = open[l.To] || from.State != schedule.Done
		}
		for i := range net.Nodes {
			n := &net.Nodes[i]
			if n.Milestone && n.State != schedule.Done && on[i] != 0 && !open[i] && plan.ID(n.ID) != plan.DecisionItem {
				n.State, n.DoneOn, again = schedule.Done, on[i], true
			}
		}
	}
}

// Reached tells when a milestone was reached: it was reported, or everything
// that leads to it is done.
func Reached(p *plan.Plan, m *plan.Item) (on civil.Day, ok bool) {
	if m == nil || m.Kind != plan.KindMilestone {
		return 0, false
	}
	if m.Progress.Status == plan.Done {
		return m.Progress.DoneOn, true
	}
	for _, it := range p.Live(plan.KindAction) {
		if it.Details.Milestone != m.ID {
			continue
		}
		if !it.IsDone() {
			return 0, false
		}
		on, ok = max(on, it.Progress.DoneOn), true
	}
	return on, ok
}

// drives marks what sets the date of the decision: the walk over what alone
// holds each one where it is. What is done sets nothing any more.
func (t *Timetable) drives(id string) {
	i, known := t.index[id]
	if !known || t.critical[plan.ID(id)] || t.schedule.Network().Nodes[i].State == schedule.Done {
		return
	}
	t.critical[plan.ID(id)] = true
	for _, c := range t.schedule.Because(i) {
		if c.Kind == schedule.CauseLink {
			t.drives(c.Ref)
		}
	}
}

// Schedule is what was computed; nodes have the ids of the plan's items.
func (t *Timetable) Schedule() *schedule.Schedule { return t.schedule }

// File is the plan that was computed. It must not be changed.
func (t *Timetable) File() *planfile.Plan { return t.file }

// Node of a step, a milestone or the decision; nil for anything else.
func (t *Timetable) Node(id plan.ID) *schedule.Node {
	if i, ok := t.index[string(id)]; ok {
		return &t.schedule.Network().Nodes[i]
	}
	return nil
}

// Dates of a step, a milestone or the decision; false for anything else.
// Early and late days are the first and last worked; slack is in working days
// of the step's own calendar, of a milestone in days. Critical means that it
// sets the date of the decision.
func (t *Timetable) Dates(id plan.ID) (schedule.Dates, bool) {
	i, ok := t.index[string(id)]
	if !ok {
		return schedule.Dates{}, false
	}
	d := t.schedule.Dates(i)
	d.Critical = t.critical[id]
	return d, true
}

// Ready is the day on which everything is there that the decision needs: the
// computed day of "ready to decide", never a forecast of how anybody decides.
func (t *Timetable) Ready() civil.Day {
	d, _ := t.Dates(plan.DecisionItem)
	return d.Finish
}

// Critical reports that an item sets the date of the decision.
func (t *Timetable) Critical(id plan.ID) bool { return t.critical[id] }

// Because walks one step back from an item's dates; to go on, ask for each Ref.
func (t *Timetable) Because(id plan.ID) []schedule.Cause {
	i, ok := t.index[string(id)]
	if !ok {
		return nil
	}
	return t.schedule.Because(i)
}

// Conflicts are all that cannot hold, in the order of the plan.
func (t *Timetable) Conflicts() []schedule.Conflict { return t.conflicts }

// ConflictsAt are those of one item.
func (t *Timetable) ConflictsAt(id plan.ID) []schedule.Conflict { return t.at[id] }

// Late is the day an agreed date really needs, if that is later than agreed.
func (t *Timetable) Late(id plan.ID) (civil.Day, bool) {
	for _, c := range t.at[id] {
		if c.Kind == schedule.ConflictDue {
			return c.Actual, true
		}
	}
	return 0, false
}

// timetables keeps the last computed timetable of the plans in use.
type timetables struct {
	mu   sync.Mutex
	max  int
	last map[plan.ID]*timed
}

type timed struct {
	seq   int64
	today civil.Day
	once  sync.Once
	table *Timetable
	err   error
}

func newTimetables(max int) *timetables { return &timetables{max: max, last: map[plan.ID]*timed{}} }

func (c *timetables) get(p *plan.Plan, today civil.Day, still bool) (*Timetable, error) {
	c.mu.Lock()
	k := c.last[p.ID]
	if k == nil || k.seq != p.Head.Seq || k.today != today {
		k = &timed{seq: p.Head.Seq, today: today}
		for other := range c.last {
			if len(c.last) < c.max || c.last[p.ID] != nil {
				break
			}
			delete(c.last, other)
		}
		c.last[p.ID] = k
	}
	c.mu.Unlock()
	k.once.Do(func() { k.table, k.err = newTimetable(p, today, still) })
	return k.table, k.err
}
