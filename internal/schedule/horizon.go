package schedule

import (
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// horizon is the range of days that a plan can need: all days it names, room
// for its longest chain on either side at three days a working day, and years
// to spare for absences and rare meetings.
func horizon(p *planfile.Plan, today civil.Day) calendar.Horizon {
	first, last := named(p)
	if first == 0 {
		first, last = today, today
	}
	first, last = min(first, today), max(last, today)
	room := civil.Day(min(3*longest(p), 80_000))
	return calendar.Horizon{
		First: max(first-room-2*366, calendar.Widest.First),
		Last:  min(last+room+6*366, calendar.Widest.Last),
	}
}

// named are the first and last days that the plan names; zero for none.
func named(p *planfile.Plan) (first, last civil.Day) {
	name := func(days ...civil.Day) {
		for _, d := range days {
			if d != 0 && (first == 0 || d < first) {
				first = d
			}
			if d != 0 && (last == 0 || d > last) {
				last = d
			}
		}
	}
	name(p.Start, p.DecideBy)
	for i := range p.Actions {
		a := &p.Actions[i]
		name(a.Start, a.Due, a.Expected, a.NotBefore, a.NotAfter, a.StartedOn, a.DoneOn)
	}
	for _, m := range p.Milestones {
		name(m.Date)
	}
	return first, last
}

// longest is the number of days in the longest chain of the plan; cycles,
// which nobody has refused yet, are cut.
func longest(p *planfile.Plan) int {
	length := make(map[string]int, len(p.Actions))
	for i := range p.Actions {
		a := &p.Actions[i]
		days := 1
		if a.Duration != nil {
			days = *a.Duration
		} else if a.Start != 0 && a.Due > a.Start {
			days = int(a.Due-a.Start) + 1
		}
		if a.Remaining != nil {
			days = max(days, *a.Remaining)
		}
		if a.Gate != "" {
			days += 31
		}
		length[a.ID] = min(max(days, 1), MaxDays)
	}
	next := map[string][]planfile.Link{}
	for _, l := range p.Links {
		next[l.From] = append(next[l.From], l)
	}
	return walkLongest(length, next, p.Actions)
}

// walkLongest searches depth first without recursion, so that a chain of any
// length fits.
func walkLongest(length map[string]int, next map[string][]planfile.Link, actions []planfile.Action) int {
	const open, closed = 1, 2
	state := map[string]int{}
	reach := map[string]int{}
	most := 0
	for i := range actions {
		stack := []string{actions[i].ID}
		for len(stack) > 0 {
			id := stack[len(stack)-1]
			if state[id] == 0 {
				state[id] = open
				for _, l := range next[id] {
					if state[l.To] == 0 {
						stack = append(stack, l.To)
					}
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if state[id] == closed {
				continue
			}
			state[id] = closed
			best := 0
			for _, l := range next[id] {
				best = max(best, reach[l.To]+min(max(l.Lag, -l.Lag), MaxDays))
			}
			reach[id] = min(best+length[id], 1<<40)
			most = max(most, reach[id])
		}
	}
	return most
}
