package schedule

import "tandem/internal/civil"

// drivers marks the links that alone hold their successor where it is. There
// may be several: taking one of them away then moves nothing.
func (s *Schedule) drivers() {
	g := s.graph
	s.drive = make([]bool, len(g.net.Links))
	for _, i := range g.order {
		node := &g.net.Nodes[i]
		if _, _, _, fixed := node.fixed(); fixed {
			continue
		}
		for _, li := range g.in[i] {
			b, toStart := g.bound(li, &s.early)
			if toStart && node.State == Started {
				continue
			}
			s.drive[li] = s.holds(i, b, toStart)
		}
	}
}

// holds reports whether a link's bound alone puts a node where it is.
func (s *Schedule) holds(i int32, day civil.Day, toStart bool) bool {
	b := unbounded
	if toStart {
		b.waits.start = day
	} else {
		b.waits.finish = day
	}
	return s.alone(i, b)
}

// alone reports whether nothing but these bounds is needed to put a node
// where it is.
func (s *Schedule) alone(i int32, b bounds) bool {
	rank, ok := s.graph.net.Nodes[i].earliest(b)
	return ok && int32(rank) == s.early.rank[i]
}

// critical walks from what is over last against the driving links. What is
// done is never critical, and the walk does not go through it.
func (s *Schedule) critical() {
	g := s.graph
	s.crit = make([]bool, len(g.net.Nodes))
	for o := len(g.order) - 1; o >= 0; o-- {
		i := g.order[o]
		node := &g.net.Nodes[i]
		if node.State == Done || !s.crit[i] && s.early.finish[i] != s.end {
			continue
		}
		s.crit[i] = true
		for _, li := range g.in[i] {
			if from := g.net.Links[li].From; s.drive[li] && g.net.Nodes[from].State != Done {
				s.crit[from] = true
			}
		}
	}
}
