package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/schedule"
)

func drawPresent(t *rapid.T, p problem) []schedule.Present {
	present := make([]schedule.Present, len(p.net.Nodes))
	for i := range present {
		if p.net.Nodes[i].State == schedule.Open && !p.net.Nodes[i].Milestone {
			present[i].Start = sometimes(t, 2, "present")
		}
	}
	return present
}

// Repair is the least schedule not before the present one, by the reference
// with the present as one more bound.
func TestRepairEqualsReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t, 6)
		present := drawPresent(t, p)
		g, err := schedule.Compile(p.net)
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Repair(present)
		r := p.reference()
		if !r.forward(present) {
			if key(err) == "" {
				t.Fatalf("the reference finds no day, and yet: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.net.Nodes {
			if got, want := s.Dates(i), r.dates0(i); got.Start != want.Start || got.Finish != want.Finish {
				t.Fatalf("%s: got %s to %s, want %s to %s", p.net.Nodes[i].ID, got.Start, got.Finish, want.Start, want.Finish)
			}
			if _, fixed := r.fixed(i); !fixed && s.Dates(i).Start < present[i].Start {
				t.Fatalf("%s moved before %s", p.net.Nodes[i].ID, present[i].Start)
			}
		}
	})
}

// On small plans no schedule at all that holds and moves nothing earlier has
// a step that lies before the repaired one: so none moves fewer steps or fewer
// days.
func TestRepairMovesNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if rapid.IntRange(0, 19).Draw(t, "one in twenty") != 0 {
			return // every check is a search through thousands of schedules
		}
		p := drawProblem(t, 3)
		present := drawPresent(t, p)
		g, err := schedule.Compile(p.net)
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Repair(present)
		if err != nil {
			return
		}
		r := p.reference()
		r.early = make([]at, len(p.net.Nodes))
		holding := 0
		r.everySchedule(0, s, func() {
			if !r.holds(present) {
				return
			}
			holding++
			for i := range r.early {
				if _, fixed := r.fixed(i); !fixed && r.early[i].last < s.Dates(i).Finish {
					t.Fatalf("%s could end on %s, and is moved to %s", p.net.Nodes[i].ID, r.early[i].last, s.Dates(i).Finish)
				}
			}
		})
		if holding == 0 {
			t.Fatal("the repaired schedule is not among those that hold")
		}
	})
}

// everySchedule puts every step on every day from some before its repaired
// position to some after it.
func (r *reference) everySchedule(i int, s *schedule.Schedule, visit func()) {
	if i == len(r.net.Nodes) {
		visit()
		return
	}
	if p, ok := r.fixed(i); ok {
		r.early[i] = p
		r.everySchedule(i+1, s, visit)
		return
	}
	to := s.Dates(i).Finish + 3
	for d := to - 24; d <= to; d++ {
		if p, ok := r.put(&r.net.Nodes[i], d); ok {
			r.early[i] = p
			r.everySchedule(i+1, s, visit)
		}
	}
}

// holds reports whether the schedule in early keeps every bound.
func (r *reference) holds(present []schedule.Present) bool {
	for i := range r.net.Nodes {
		if _, ok := r.fixed(i); ok {
			continue
		}
		waits := append(r.own(i), r.incoming(i)...)
		if !keeps(r.early[i], append(waits, r.floored(i, present)...)) || !r.permitted(i, r.early[i], r.readyOn(i, waits)) {
			return false
		}
	}
	return true
}

// readyOn is when the papers of a step can be ready at the earliest.
func (r *reference) readyOn(i int, waits []bound) civil.Day {
	n := &r.net.Nodes[i]
	for d := r.h.First; d <= r.h.Last; d++ {
		p, ok := r.put(n, d)
		if ok && keeps(p, waits) && (n.State == schedule.Started || n.Starts == nil || n.Starts.Works(p.first)) {
			return p.last
		}
	}
	return r.h.Last
}
