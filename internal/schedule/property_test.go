package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/schedule"
)

func key(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Key
	}
	return ""
}

// Same dates, same slack, same critical steps as the reference, or a fault
// where the reference finds no day either.
func TestScheduleEqualsReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t, 7)
		g, err := schedule.Compile(p.net)
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Run()
		r := p.reference()
		if !r.forward(nil) {
			if k := key(err); k != "schedule.horizon" && k != "schedule.gate.never" && k != "schedule.away" {
				t.Fatalf("the reference finds no day, and yet: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		r.backward()
		crit := r.critical()
		if s.End() != r.end-1 {
			t.Fatalf("end %s, want %s", s.End(), r.end-1)
		}
		for i := range p.net.Nodes {
			n := &p.net.Nodes[i]
			got, want := s.Dates(i), r.dates(i)
			want.Critical = crit[i]
			if got != want {
				t.Fatalf("%s\n got %+v\nwant %+v", n.ID, got, want)
			}
		}
	})
}

// dates of a step in the words of the schedule.
func (r *reference) dates(i int) schedule.Dates {
	d := r.dates0(i)
	d.LateStart, d.LateFinish = r.shown(i, r.late[i])
	if _, ok := r.fixed(i); !ok {
		d.TotalSlack, d.FreeSlack = r.slack(i), r.free(i)
	}
	return d
}

// dates0 has the early dates only.
func (r *reference) dates0(i int) (d schedule.Dates) {
	d.Start, d.Finish = r.shown(i, r.early[i])
	return d
}

func (r *reference) shown(i int, p at) (first, last civil.Day) {
	if r.net.Nodes[i].Duration == 0 && r.net.Nodes[i].State != schedule.Started {
		return p.last, p.last
	}
	return p.start, p.last
}

// What a conflict's chain says alone is enough: without all other steps the
// last one is just as late. And each fix, taken alone, solves it.
func TestConflictsAreMinimalAndSolvable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t, 6)
		g, err := schedule.Compile(p.net)
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Run()
		if err != nil {
			return
		}
		missed := map[int]bool{}
		for _, c := range s.Conflicts() {
			last := c.Chain[len(c.Chain)-1]
			missed[last] = true
			if c.Shortfall < 1 {
				t.Fatalf("a conflict of %d days: %+v", c.Shortfall, c)
			}
			if c.Kind == schedule.ConflictDue || c.Kind == schedule.ConflictDeadline || c.Kind == schedule.ConflictDecision {
				if got := p.alone(t, c.Chain); got != c.Actual {
					t.Fatalf("the chain %v alone ends on %s, in the plan on %s", c.Chain, got, c.Actual)
				}
			}
			for _, f := range s.Fixes(c) {
				p.solves(t, c, f)
			}
		}
		for i := range p.net.Nodes {
			n, d := &p.net.Nodes[i], s.Dates(i)
			late := n.Due != 0 && d.Finish > n.Due && n.Pinned == 0 || n.NotAfter != 0 && d.Finish > n.NotAfter
			if n.State != schedule.Done && late && !missed[i] {
				t.Fatalf("%s misses its date, and no conflict says so", n.ID)
			}
		}
	})
}

// alone is the last worked day of a chain's end in a plan of that chain only.
func (p problem) alone(t *rapid.T, chain []int) civil.Day {
	net := p.net
	net.Nodes, net.Links = nil, nil
	place := map[int]int{}
	for _, i := range chain {
		place[i] = len(net.Nodes)
		net.Nodes = append(net.Nodes, p.net.Nodes[i])
	}
	for _, l := range p.net.Links {
		from, a := place[l.From]
		to, b := place[l.To]
		if a && b {
			l.From, l.To = from, to
			net.Links = append(net.Links, l)
		}
	}
	g, err := schedule.Compile(net)
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Run()
	if err != nil {
		t.Fatal(err)
	}
	return s.Dates(len(chain) - 1).Finish
}

// solves carries a fix out on the network and looks for the conflict.
func (p problem) solves(t *rapid.T, c schedule.Conflict, f schedule.Fix) {
	net := p.net
	net.Nodes = append([]schedule.Node(nil), p.net.Nodes...)
	net.Links = append([]schedule.Link(nil), p.net.Links...)
	n := &net.Nodes[f.Node]
	switch f.Kind {
	case schedule.FixShorten:
		if n.State == schedule.Started {
			n.Remaining -= f.Days
		} else {
			n.Duration -= f.Days
		}
	case schedule.FixOverlap:
		net.Links[f.Link].Lag -= f.Days
	case schedule.FixStandIn:
		n.Calendar = n.StandIn
	case schedule.FixMeeting:
		n.Gate = nil
	case schedule.FixDate:
		n.Due, n.NotAfter = max(n.Due, f.Day), max(n.NotAfter, f.Day)
	case schedule.FixDecide:
		net.DecideBy = f.Day
	case schedule.FixRebook:
		n.Pinned = f.Day
		if n.NotAfter != 0 {
			n.NotAfter = max(n.NotAfter, f.Day)
		}
	}
	g, err := schedule.Compile(net)
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Run()
	if err != nil {
		t.Fatal(err)
	}
	if f.Kind != schedule.FixRebook && s.End() != f.End {
		t.Fatalf("%+v promises the end %s, which is %s", f, f.End, s.End())
	}
	for _, still := range s.Conflicts() {
		if still.Kind == c.Kind && still.Link == c.Link && still.Chain[len(still.Chain)-1] == c.Chain[len(c.Chain)-1] {
			t.Fatalf("%+v does not solve %+v", f, c)
		}
	}
}
