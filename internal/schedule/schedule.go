package schedule

import (
	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Schedule is the dates of a network.
type Schedule struct {
	graph *Graph
	early dates
	late  []int32 // late positions
	free  []int32 // free slack
	crit  []bool
	drive []bool // by link: it alone holds its successor where it is
	end   civil.Day
}

// dates are positions and boundaries by node.
type dates struct {
	rank          []int32
	start, finish []civil.Day // boundaries
}

// Run computes the schedule of the graph: the unique least dates that hold
// all lower bounds, and from the agreed decision, or else from the computed
// end, the greatest that still would.
//
// Faults: schedule.horizon, schedule.gate.never and schedule.away for a step
// that finds no day within the horizon.
func (g *Graph) Run() (*Schedule, error) { return g.run(nil) }

func (g *Graph) run(floors []interval) (*Schedule, error) {
	s := &Schedule{graph: g}
	var err error
	if s.early, err = g.earliest(floors); err != nil {
		return nil, err
	}
	for i := range g.net.Nodes {
		s.end = max(s.end, s.early.finish[i])
	}
	s.backward()
	s.drivers()
	s.critical()
	return s, nil
}

// earliest is the forward pass.
func (g *Graph) earliest(floors []interval) (dates, error) {
	n := len(g.net.Nodes)
	days := make([]civil.Day, 2*n)
	d := dates{rank: make([]int32, n), start: days[:n:n], finish: days[n:]}
	for _, i := range g.order {
		node := &g.net.Nodes[i]
		if rank, start, finish, fixed := node.fixed(); fixed {
			d.rank[i], d.start[i], d.finish[i] = int32(rank), start, finish
			continue
		}
		b := node.bounds(g.base())
		for _, l := range g.in[i] {
			switch day, toStart := g.bound(l, &d); {
			case !toStart:
				b.waits.finish = max(b.waits.finish, day)
			case node.State != Started:
				b.waits.start = max(b.waits.start, day)
			}
		}
		if floors != nil {
			b.floor.start, b.floor.finish = max(b.floor.start, floors[i].start), max(b.floor.finish, floors[i].finish)
		}
		rank, ok := node.earliest(b)
		if !ok {
			return d, node.past()
		}
		d.rank[i] = int32(rank)
		d.start[i], d.finish[i] = node.boundaries(rank)
	}
	return d, nil
}

// bound is what a link asks of its successor, and of which end.
func (g *Graph) bound(link int32, d *dates) (b civil.Day, toStart bool) {
	l := &g.net.Links[link]
	from := d.finish[l.From]
	if l.Type.fromStart() {
		from = d.start[l.From]
	}
	return l.forward(from), l.Type.toStart()
}

// bounds of the step itself, given the day before which nothing starts.
func (n *Node) bounds(base civil.Day) bounds {
	b := unbounded
	switch {
	case n.Milestone:
		b.waits.start = base
	case n.State == Started:
		b.waits.start = max(base, n.StartedOn)
	default:
		b.waits.start = base + n.point()
		if n.NotBefore != 0 {
			b.floor.start = n.NotBefore + n.point()
		}
	}
	if n.Expected != 0 {
		b.floor.finish = n.Expected + 1
	}
	return b
}

// fixed are the dates of a step that nothing moves: what happened, and booked
// appointments.
func (n *Node) fixed() (rank int, start, finish civil.Day, ok bool) {
	last := n.Pinned
	switch {
	case n.State == Done:
		last = n.DoneOn
	case n.State == Started || n.Pinned == 0:
		return 0, 0, 0, false
	}
	finish = last + 1
	rank = max(n.Calendar.Rank(finish)-1-n.span(), 0)
	start, _ = n.boundaries(rank)
	if n.State == Done && n.StartedOn != 0 {
		start = n.StartedOn
	}
	if n.Duration == 0 {
		return rank, finish, finish, true
	}
	return rank, min(start, last), finish, true
}

// past is the fault of a step that finds no day.
func (n *Node) past() error {
	last := n.Calendar.Horizon().Last
	switch {
	case n.Gate != nil:
		return fault.New(fault.Invalid, "schedule.gate.never", "title", n.Title, "gate", n.GateTitle, "last", last)
	case n.StandIn != nil:
		return fault.New(fault.Invalid, "schedule.away", "title", n.Title, "owner", n.Away, "last", last)
	}
	return fault.New(fault.Invalid, "schedule.horizon", "title", n.Title, "last", last)
}

// backward is the backward pass, with free slack on the way: both ask how
// late a step may be, once before its successors' late, once before their
// early positions.
func (s *Schedule) backward() {
	g := s.graph
	n := len(g.net.Nodes)
	ranks := make([]int32, 2*n)
	s.late, s.free = ranks[:n:n], ranks[n:]
	days := make([]civil.Day, 4*n)
	lateIn := entries{days[:n:n], days[n : 2*n : 2*n]}
	earlyIn := entries{days[2*n : 3*n : 3*n], days[3*n:]}
	end := s.end
	if g.net.DecideBy != 0 {
		end = g.net.DecideBy + 1
	}
	for o := n - 1; o >= 0; o-- {
		i := g.order[o]
		node := &g.net.Nodes[i]
		if _, start, finish, fixed := node.fixed(); fixed {
			s.late[i] = s.early.rank[i]
			if node.State == Done {
				start, finish = never, never
			}
			lateIn.set(i, start, finish)
			earlyIn.set(i, start, finish)
			continue
		}
		start, finish := g.latestOut(i, lateIn)
		finish = min(finish, end, node.limit())
		late, possible := node.latest(start, finish)
		s.late[i] = int32(late)
		start, finish = node.entry(late, possible)
		lateIn.set(i, start, finish)

		start, finish = g.latestOut(i, earlyIn)
		early := int(s.early.rank[i])
		shifted, _ := node.latest(start, min(finish, s.end))
		s.free[i] = int32(max(shifted-early, 0))
		start, finish = node.entry(early, true)
		earlyIn.set(i, start, finish)
	}
}

// entries are, by node, the latest bounds it can take.
type entries struct{ start, finish []civil.Day }

func (e entries) set(i int32, start, finish civil.Day) { e.start[i], e.finish[i] = start, finish }

// latestOut is the latest start and finish of a node that its successors can
// take.
func (g *Graph) latestOut(i int32, in entries) (start, finish civil.Day) {
	start, finish = never, never
	started := g.net.Nodes[i].State == Started
	for _, li := range g.out[i] {
		l := &g.net.Links[li]
		to := in.finish[l.To]
		if l.Type.toStart() {
			to = in.start[l.To]
		}
		switch b := l.backward(to); {
		case !l.Type.fromStart():
			finish = min(finish, b)
		case !started:
			start = min(start, b)
		}
	}
	return start, finish
}

// limit is the boundary by which the step should be over: the earlier of its
// agreed date and its deadline.
func (n *Node) limit() civil.Day {
	limit := never
	for _, d := range []civil.Day{n.Due, n.NotAfter} {
		if d != 0 {
			limit = min(limit, d+1)
		}
	}
	return limit
}
