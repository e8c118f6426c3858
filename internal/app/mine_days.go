package app

import (
	"slices"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Clash is an absence of a step's owner that stands in the way of its date.
type Clash struct {
	Absence plan.Span
	Before  civil.Day // the last day on which they work before it, if it can be done by then; else zero
	After   civil.Day // the first day on which they work again; zero if nobody can tell
}

// clash is the first absence of the person that leaves too little time for a
// step by its date: the date lies in it, or fewer working days follow it than
// the step takes. Nil if there is none.
func (l *look) clash(it *plan.Item) *Clash {
	due := it.Terms.Due
	if due.IsZero() || due < l.v.Today {
		return nil
	}
	absences := slices.Clone(l.me.Absences)
	slices.SortFunc(absences, func(a, b plan.Span) int { return int(a.From - b.From) })
	for _, x := range absences {
		if x.To < l.v.Today || x.From > due || l.workdays(x.To+1, due) >= l.takes(it) {
			continue
		}
		c := &Clash{Absence: x}
		for d := x.From - 1; d >= l.v.Today; d-- {
			if l.works(d) {
				c.Before = d
				break
			}
		}
		if !c.Before.IsZero() && l.starts(it) > c.Before {
			c.Before = 0 // what it waits for is not there by then
		}
		for d := x.To + 1; d < l.v.Today+farthest; d++ {
			if l.works(d) {
				c.After = d
				break
			}
		}
		return c
	}
	return nil
}

// takes is how many working days a step takes, as far as anybody said.
func (l *look) takes(it *plan.Item) int {
	if d := it.Details.Duration; d != nil && !it.Details.Elapsed && it.Progress.Status != plan.Started {
		return max(1, *d)
	}
	return 1
}

// starts is the first day on which a step can be worked on, by what it waits
// for.
func (l *look) starts(it *plan.Item) civil.Day {
	from := it.Details.NotBefore
	table, _ := l.v.Timetable() // without one, agreed and expected dates tell
	for _, before := range l.after[it.ID] {
		if before.Progress.Status == plan.Done || before.Removed != 0 {
			continue
		}
		if table != nil {
			if d, ok := table.Dates(before.ID); ok {
				from = max(from, d.Finish)
				continue
			}
		}
		from = max(from, before.Terms.Due, before.Progress.Expected)
	}
	return from
}

// workdays are the days on which the person works, both ends included.
func (l *look) workdays(from, to civil.Day) int {
	n := 0
	for d := from; d <= to && n < farthest; d++ {
		if l.works(d) {
			n++
		}
	}
	return n
}

// days are up to three other dates for a step, all of them working days of the
// person: before an absence that stands in the way, and after the date.
func (l *look) days(due civil.Day, c *Clash) []civil.Day {
	var out []civil.Day
	from, steps := max(due, l.v.Today), []int{2, 5}
	if due.IsZero() {
		steps = []int{3, 5, 10}
	}
	if c != nil {
		if !c.Before.IsZero() && c.Before != due {
			out = append(out, c.Before)
		}
		if !c.After.IsZero() {
			from, steps = c.After, []int{0, 3}
		}
	}
	for _, n := range steps {
		if d, ok := l.workday(from, n); ok && d != due && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// workday is so many working days of the person after a day; zero is the day
// itself.
func (l *look) workday(from civil.Day, n int) (civil.Day, bool) {
	d := from
	for ; n > 0 && d < l.v.Today+farthest; n-- {
		for d++; !l.works(d) && d < l.v.Today+farthest; d++ {
		}
	}
	return d, n == 0 && l.works(d)
}
