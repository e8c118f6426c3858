package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

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
			if k := key(err); k != "schedule.horizon" && k != "schedule.gate.never" {
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
	shown := func(p at) (d schedule.Dates) {
		d.Start, d.Finish = p.start, p.last
		if r.net.Nodes[i].Duration == 0 && r.net.Nodes[i].State != schedule.Started {
			d.Start = p.last
		}
		return d
	}
	early, late := shown(r.early[i]), shown(r.late[i])
	d := schedule.Dates{Start: early.Start, Finish: early.Finish, LateStart: late.Start, LateFinish: late.Finish}
	if _, ok := r.fixed(i); !ok {
		d.TotalSlack, d.FreeSlack = r.slack(i), r.free(i)
	}
	return d
}
