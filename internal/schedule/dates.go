package schedule

import "tandem/internal/civil"

// Dates of a step or milestone: first and last worked days.
type Dates struct {
	Start, Finish         civil.Day // early
	LateStart, LateFinish civil.Day
	TotalSlack            int  // working days of its own calendar; negative: it cannot hold
	FreeSlack             int  // the largest shift that moves nothing else and not the end
	Critical              bool // on the chain that drives the end; never if done
}

// Network that was scheduled.
func (s *Schedule) Network() *Network { return &s.graph.net }

// Graph that was scheduled.
func (s *Schedule) Graph() *Graph { return s.graph }

// End is the last worked day of the plan; zero for a plan without steps.
func (s *Schedule) End() civil.Day {
	if s.end == 0 {
		return 0
	}
	return s.end - 1
}

// Dates of a node by its index.
func (s *Schedule) Dates(i int) Dates {
	n := &s.graph.net.Nodes[i]
	day := n.point()
	d := Dates{Start: s.early.start[i] - day, Finish: s.early.finish[i] - 1, Critical: s.crit[i]}
	if _, _, _, fixed := n.fixed(); fixed {
		d.LateStart, d.LateFinish = d.Start, d.Finish
		return d
	}
	start, finish := n.boundaries(int(s.late[i]))
	d.LateStart, d.LateFinish = start-day, finish-1
	d.TotalSlack = int(s.late[i] - s.early.rank[i])
	d.FreeSlack = int(s.free[i])
	return d
}

// Index of a node by its ID; -1 if there is none.
func (s *Schedule) Index(id string) int {
	for i := range s.graph.net.Nodes {
		if s.graph.net.Nodes[i].ID == id {
			return i
		}
	}
	return -1
}
