package schedule

import (
	"slices"

	"tandem/internal/civil"
)

// Present is where a step is now: its first and last worked days; zero where
// unknown.
type Present struct{ Start, Finish civil.Day }

// Repair is the least schedule that holds and moves no step before where it is
// now. It pushes only: of all schedules that hold and move nothing earlier it
// moves the fewest steps and the fewest days, because no step in it can be
// earlier. Present is by node; what happened and booked appointments do not
// move.
//
// Faults: as Run.
func (g *Graph) Repair(present []Present) (*Schedule, error) {
	return g.run(g.floors(present))
}

func (g *Graph) floors(present []Present) []interval {
	floors := make([]interval, len(g.net.Nodes))
	for i, p := range present {
		floors[i] = interval{always, always}
		if p.Start != 0 {
			floors[i].start = p.Start + g.net.Nodes[i].point()
		}
		if p.Finish != 0 {
			floors[i].finish = p.Finish + 1
		}
	}
	return floors
}

// Move is one step's change of its last worked day.
type Move struct {
	Node     int // in the schedule after
	From, To civil.Day
}

// Preview is what a change to a plan would do before anybody else sees it.
type Preview struct {
	Before, After *Schedule
	Moves         []Move // steps whose last day moves, in the order of the plan
	Alternatives  []Fix  // single changes that keep the old end, or pull forward
	floors        []interval
}

// Compare repairs the plan after a change, starting from the dates before it.
// Steps are matched by ID.
//
// Faults: as Run.
func Compare(before *Schedule, changed *Graph) (*Preview, error) {
	index := map[string]int{}
	for i := range before.graph.net.Nodes {
		index[before.graph.net.Nodes[i].ID] = i
	}
	present := make([]Present, len(changed.net.Nodes))
	for i := range changed.net.Nodes {
		if j, ok := index[changed.net.Nodes[i].ID]; ok && changed.net.Nodes[i].State == Open {
			present[i].Start = before.Dates(j).Start
		}
	}
	p := &Preview{Before: before, floors: changed.floors(present)}
	var err error
	if p.After, err = changed.run(p.floors); err != nil {
		return nil, err
	}
	for i := range changed.net.Nodes {
		j, ok := index[changed.net.Nodes[i].ID]
		if ok && !changed.net.Nodes[i].Milestone && before.early.finish[j] != p.After.early.finish[i] {
			p.Moves = append(p.Moves, Move{i, before.early.finish[j] - 1, p.After.early.finish[i] - 1})
		}
	}
	p.alternatives()
	return p, nil
}

// alternatives are what could be done instead of letting the end move, and
// pulling forward what the change makes room for.
func (p *Preview) alternatives() {
	after := p.After
	if last := after.last(); last >= 0 && after.end > p.Before.end {
		limit, left := p.Before.end, effort
		t := after.trial(after.chain(last), func(_ *Graph, d *dates) bool { return slices.Max(d.finish) <= limit }, &left)
		t.floors = p.floors
		p.Alternatives = t.all()
	}
	pulled, err := after.graph.Run()
	if err != nil {
		return
	}
	for i := range pulled.early.finish {
		if pulled.early.finish[i] < after.early.finish[i] {
			saved := 0
			if last := after.last(); last >= 0 {
				c := after.graph.net.Nodes[last].Calendar
				saved = c.Rank(after.end) - c.Rank(pulled.end)
			}
			p.Alternatives = append(p.Alternatives, Fix{Kind: FixPull, Node: -1, Link: -1, Days: saved, End: pulled.End()})
			return
		}
	}
}
