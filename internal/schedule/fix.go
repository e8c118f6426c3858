package schedule

import (
	"slices"
	"sort"

	"tandem/internal/civil"
)

// Fix is one single thing that could be changed, and what it costs.
type Fix struct {
	Kind string // see the constants
	Node int    // the step it changes
	Link int    // of FixOverlap: the link; else -1
	Days int    // what it costs: working days less, earlier or later
	Day  civil.Day
	End  civil.Day // the plan's last day with it
}

// Kinds of fixes.
const (
	FixShorten = "shorten"  // Days less work
	FixOverlap = "overlap"  // begin Days earlier than the link says
	FixStandIn = "standIn"  // somebody stands in for the absent owner
	FixMeeting = "meeting"  // an extra meeting of the gate on Day
	FixDate    = "date"     // agree on Day instead, Days later
	FixDecide  = "decision" // decide on Day instead, Days later
	FixRebook  = "rebook"   // book the appointment for Day instead
	FixPull    = "pull"     // pull forward what can be earlier: saves Days
)

// maxTried bounds how many steps of a long chain are tried for fixes: those
// with the most days.
const maxTried = 12

// effort bounds how many steps are placed in search of fixes for one report:
// about a second's work. A plan that needs more gets fewer suggestions, never a
// wait.
const effort = 20_000_000

// Fixes are the single steps that each solve a conflict alone, cheapest first
// among those of a kind; the last is to give the date up.
func (s *Schedule) Fixes(c Conflict) []Fix {
	left := effort
	return s.fixes(c, &left)
}

func (s *Schedule) fixes(c Conflict, left *int) []Fix {
	t := s.trial(c.Chain, s.holdsAfter(c), left)
	fixes := t.all()
	i := c.Chain[len(c.Chain)-1]
	last := Fix{Kind: FixDate, Node: i, Link: -1, Days: c.Shortfall, Day: c.Actual, End: s.End()}
	if c.Kind == ConflictDecision {
		last.Kind = FixDecide
	}
	if c.Kind == ConflictLink || c.Kind == ConflictEarly || c.Kind == ConflictPast || c.Kind == ConflictDayOff || c.Kind == ConflictGate {
		day, end, ok := s.unbooked(i)
		if !ok {
			return fixes
		}
		last.Kind, last.Day, last.End = FixRebook, day, end
	}
	return append(fixes, last)
}

// holdsAfter tells for the dates of a variant whether the conflict is gone.
func (s *Schedule) holdsAfter(c Conflict) func(*Graph, *dates) bool {
	i := c.Chain[len(c.Chain)-1]
	switch c.Kind {
	case ConflictDue, ConflictDeadline:
		return func(_ *Graph, d *dates) bool { return d.finish[i]-1 <= c.Limit }
	case ConflictDecision:
		return func(_ *Graph, d *dates) bool { return slices.Max(d.finish)-1 <= c.Limit }
	case ConflictLink:
		return func(g *Graph, d *dates) bool {
			b, toStart := g.bound(int32(c.Link), d)
			if toStart {
				return b <= d.start[i]
			}
			return b <= d.finish[i]
		}
	}
	return func(*Graph, *dates) bool { return false }
}

// unbooked is when a booked step could be if it were not booked, and the end.
func (s *Schedule) unbooked(i int) (day, end civil.Day, ok bool) {
	g := s.graph.clone()
	g.net.Nodes[i].Pinned = 0
	g.net.Nodes[i].Due = 0
	d, err := g.earliest(nil)
	if err != nil {
		return 0, 0, false
	}
	return d.finish[i] - 1, slices.Max(d.finish) - 1, true
}

// clone is the graph with nodes and links of its own to change. Their ends,
// and so the order, stay.
func (g *Graph) clone() *Graph {
	c := *g
	c.net.Nodes = slices.Clone(g.net.Nodes)
	c.net.Links = slices.Clone(g.net.Links)
	return &c
}

// trial tries single changes along a chain on a copy of the graph, each taken
// back before the next.
type trial struct {
	graph  *Graph
	before *Schedule
	nodes  []int
	chain  []int
	solved func(*Graph, *dates) bool
	floors []interval
	left   *int // of the effort, for all trials together
}

// trial has nothing to try once the effort is spent.
func (s *Schedule) trial(chain []int, solved func(*Graph, *dates) bool, left *int) *trial {
	if *left < 0 {
		return &trial{}
	}
	nodes := slices.DeleteFunc(slices.Clone(chain), func(i int) bool {
		n := &s.graph.net.Nodes[i]
		_, _, _, fixed := n.fixed()
		return fixed || n.Milestone
	})
	sort.SliceStable(nodes, func(a, b int) bool {
		return s.graph.net.Nodes[nodes[a]].span() > s.graph.net.Nodes[nodes[b]].span()
	})
	return &trial{graph: s.graph.clone(), before: s, nodes: nodes[:min(len(nodes), maxTried)], chain: chain, solved: solved, left: left}
}

// try reports whether the variant solves it, and its end.
func (t *trial) try() (end civil.Day, d dates, ok bool) {
	if *t.left -= len(t.graph.order); *t.left < 0 {
		return 0, d, false
	}
	d, err := t.graph.earliest(t.floors)
	if err != nil {
		return 0, d, false
	}
	return slices.Max(d.finish) - 1, d, t.solved(t.graph, &d)
}

func (t *trial) all() []Fix {
	var shorten, overlap, standIn, meeting []Fix
	for _, i := range t.nodes {
		shorten = append(shorten, t.shorten(i)...)
		standIn = append(standIn, t.standIn(i)...)
		meeting = append(meeting, t.meeting(i)...)
	}
	for k := 1; k < len(t.chain); k++ {
		if slices.Contains(t.nodes, t.chain[k]) || slices.Contains(t.nodes, t.chain[k-1]) {
			overlap = append(overlap, t.overlap(t.chain[k-1], t.chain[k])...)
		}
	}
	byDays := func(a, b Fix) int { return a.Days - b.Days }
	slices.SortStableFunc(shorten, byDays)
	slices.SortStableFunc(overlap, byDays)
	return slices.Concat(shorten, overlap, standIn, meeting)
}

// least is the smallest cost from 1 to most at which a change solves it. All
// changes are monotone: more of the same does not make it worse.
func (t *trial) least(most int, change func(cost int)) (cost int, end civil.Day, ok bool) {
	if most < 1 {
		return 0, 0, false
	}
	cost = 1 + sort.Search(most, func(c int) bool {
		change(c + 1)
		_, _, ok := t.try()
		return ok
	})
	if cost > most {
		return 0, 0, false
	}
	change(cost)
	end, _, ok = t.try()
	return cost, end, ok
}

// shorten finds by how many days a step must get shorter.
func (t *trial) shorten(i int) []Fix {
	n := &t.graph.net.Nodes[i]
	was := *n
	defer func() { *n = was }()
	days := &n.Duration
	if n.State == Started {
		days = &n.Remaining
	}
	full := *days
	cost, end, ok := t.least(full-1, func(c int) { *days = full - c })
	if !ok {
		return nil
	}
	return []Fix{{Kind: FixShorten, Node: i, Link: -1, Days: cost, End: end}}
}

// overlap finds by how many days the second of two steps must begin before
// the link allows; never before the first begins.
func (t *trial) overlap(from, to int) []Fix {
	var out []Fix
	for _, li := range t.graph.in[to] {
		l := &t.graph.net.Links[li]
		if l.From != from || !t.before.drive[li] && t.graph.net.Nodes[to].Pinned == 0 || l.Type != FinishStart {
			continue
		}
		was := l.Lag
		cost, end, ok := t.least(t.graph.net.Nodes[from].span()+1+max(was, 0), func(c int) { l.Lag = was - c })
		l.Lag = was
		if ok {
			out = append(out, Fix{Kind: FixOverlap, Node: to, Link: int(li), Days: cost, End: end})
		}
	}
	return out
}

// standIn asks what it helps if an absent owner has somebody to stand in.
func (t *trial) standIn(i int) []Fix {
	n := &t.graph.net.Nodes[i]
	if n.StandIn == nil {
		return nil
	}
	was := *n
	defer func() { *n = was }()
	n.Calendar = n.StandIn
	if n.Gate != nil && n.StandInGate != nil {
		n.Gate = n.StandInGate
	}
	end, d, ok := t.try()
	if !ok {
		return nil
	}
	return []Fix{{Kind: FixStandIn, Node: i, Link: -1, Day: d.finish[i] - 1, End: end}}
}

// meeting asks what it helps if the gate meets an extra time.
func (t *trial) meeting(i int) []Fix {
	n := &t.graph.net.Nodes[i]
	if n.Gate == nil {
		return nil
	}
	was := *n
	defer func() { *n = was }()
	n.Gate = nil
	end, d, ok := t.try()
	if !ok {
		return nil
	}
	return []Fix{{Kind: FixMeeting, Node: i, Link: -1, Day: d.finish[i] - 1, End: end}}
}
