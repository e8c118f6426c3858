package schedule

import (
	"tandem/internal/civil"
)

// Conflict is something that cannot hold: a promise or an appointment, the
// shortest chain of steps that alone is enough to miss it, and by how much.
type Conflict struct {
	Kind      string // see the constants
	Chain     []int  // nodes; the last one is what misses
	Link      int    // of ConflictLink: the link that does not hold; else -1
	Limit     civil.Day
	Actual    civil.Day // the day instead of Limit
	Shortfall int       // working days of the last node's calendar, at least 1
}

// Kinds of conflicts.
const (
	ConflictDue      = "due"      // later than agreed
	ConflictDeadline = "deadline" // later than "not after"
	ConflictDecision = "decision" // the plan ends after the agreed decision
	ConflictLink     = "link"     // a booked appointment comes before what it waits for
	ConflictEarly    = "early"    // an appointment before its own "not before"
	ConflictPast     = "past"     // an appointment that is over, and the step is not done
	ConflictDayOff   = "dayOff"   // an appointment on a day on which its people do not work
	ConflictGate     = "gate"     // an appointment on a day without the meeting it needs
)

// Conflicts are all that cannot hold, in the order of the nodes, the decision
// last.
func (s *Schedule) Conflicts() []Conflict {
	g := s.graph
	var out []Conflict
	for i := range g.net.Nodes {
		n := &g.net.Nodes[i]
		if n.State == Done {
			continue
		}
		if _, _, _, pinned := n.fixed(); pinned {
			out = append(out, s.appointment(i)...)
		} else if n.Due != 0 && s.early.finish[i]-1 > n.Due {
			out = append(out, s.miss(ConflictDue, i, n.Due))
		}
		if n.NotAfter != 0 && s.early.finish[i]-1 > n.NotAfter {
			out = append(out, s.miss(ConflictDeadline, i, n.NotAfter))
		}
	}
	if last := s.last(); g.net.DecideBy != 0 && last >= 0 && s.End() > g.net.DecideBy {
		out = append(out, s.miss(ConflictDecision, last, g.net.DecideBy))
	}
	return out
}

// last is the first node in order with the plan's end that still moves; a
// milestone only if no step ends as late.
func (s *Schedule) last() int {
	found := -1
	for i := range s.graph.net.Nodes {
		n := &s.graph.net.Nodes[i]
		if n.State == Done || s.early.finish[i] != s.end {
			continue
		}
		if found < 0 || s.graph.net.Nodes[found].Milestone && !n.Milestone {
			found = i
		}
	}
	return found
}

// miss is the conflict of a node that ends after a limit.
func (s *Schedule) miss(kind string, i int, limit civil.Day) Conflict {
	c := s.graph.net.Nodes[i].Calendar
	return Conflict{Kind: kind, Chain: s.chain(i), Link: -1, Limit: limit, Actual: s.early.finish[i] - 1,
		Shortfall: max(c.Rank(s.early.finish[i])-c.Rank(limit+1), 1)}
}

// appointment are the conflicts of a booked appointment: each link that does
// not hold, and what is wrong with the day itself.
func (s *Schedule) appointment(i int) []Conflict {
	g := s.graph
	n := &g.net.Nodes[i]
	var out []Conflict
	for _, li := range g.in[i] {
		b, toStart := g.bound(li, &s.early)
		have := s.early.finish[i]
		if toStart {
			have = s.early.start[i]
		}
		if from := g.net.Links[li].From; b > have && g.net.Nodes[from].State != Done {
			out = append(out, Conflict{Kind: ConflictLink, Chain: append(s.chain(from), i), Link: int(li), Limit: n.Pinned,
				Actual: s.early.finish[from] - 1, Shortfall: max(n.Calendar.Rank(b)-n.Calendar.Rank(have), 1)})
		}
	}
	single := func(kind string, actual civil.Day, shortfall int) {
		out = append(out, Conflict{Kind: kind, Chain: []int{i}, Link: -1, Limit: n.Pinned, Actual: actual, Shortfall: max(shortfall, 1)})
	}
	first := s.early.start[i] - n.point()
	if n.NotBefore != 0 && first < n.NotBefore {
		single(ConflictEarly, n.NotBefore, n.Calendar.Rank(n.NotBefore)-n.Calendar.Rank(first))
	}
	if n.Pinned < g.net.Today {
		single(ConflictPast, g.net.Today, n.Calendar.Rank(g.net.Today)-n.Calendar.Rank(n.Pinned))
	}
	if !n.Calendar.Works(n.Pinned) {
		next, _ := n.Calendar.At(n.Calendar.Rank(n.Pinned))
		single(ConflictDayOff, next, 1)
	} else if n.Gate != nil {
		if meeting, _, ok := n.Gate.LastBy(n.Pinned); !ok || meeting != n.Pinned {
			next, ok := n.Gate.From(always, n.Pinned)
			if !ok {
				next = n.Pinned
			}
			single(ConflictGate, next, n.Calendar.Rank(next)-n.Calendar.Rank(n.Pinned))
		}
	}
	return out
}

// chain is the shortest way back over driving links from a node to one that
// nothing else holds where it is, in the order of time. It alone is enough for
// the node's dates.
func (s *Schedule) chain(to int) []int {
	g := s.graph
	next := map[int]int{to: -1} // towards to
	queue := []int{to}
	at := to
	for len(queue) > 0 {
		at, queue = queue[0], queue[1:]
		if s.root(at) {
			break
		}
		for _, li := range g.in[at] {
			from := g.net.Links[li].From
			if _, seen := next[from]; s.drive[li] && !seen {
				next[from] = at
				queue = append(queue, from)
			}
		}
	}
	var out []int
	for ; at >= 0; at = next[at] {
		out = append(out, at)
	}
	return out
}

// root reports a node that needs no other to be where it is.
func (s *Schedule) root(i int) bool {
	n := &s.graph.net.Nodes[i]
	if _, _, _, fixed := n.fixed(); fixed {
		return true
	}
	return s.alone(int32(i), n.bounds(s.graph.base()))
}
