package lint

import (
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// load is what one person has to do by week: how many steps are due, and how
// many working days are planned for them. Days of a step with a duration lie
// on the working days up to its due date.
func (c *check) load(person string) (steps, days map[int]int) {
	steps, days = map[int]int{}, map[int]int{}
	var last *planfile.Action
	for _, a := range c.byOwner[person] {
		if a == last || a.Due.IsZero() || a.Due < c.opt.Today {
			continue // the same person may own both sides of a step
		}
		last = a
		steps[weekOf(a.Due)]++
		left := a.Remaining
		if left == nil {
			left = a.Duration
		}
		if left == nil || a.Elapsed {
			continue
		}
		cal := c.calendar(c.who(a))
		if cal == nil {
			continue
		}
		d, err := cal.Prev(a.Due)
		for n := min(*left, margin); n > 0 && err == nil; n-- {
			days[weekOf(d)]++
			d, err = cal.Prev(d - 1)
		}
	}
	return steps, days
}

// weekOf numbers weeks from Monday to Sunday.
func weekOf(d civil.Day) int {
	n := int(d) + 3 // 1970-01-01 was a Thursday
	if n < 0 {
		n -= 6
	}
	return n / 7
}

// monday is the first day of a week.
func monday(week int) civil.Day { return civil.Day(week*7 - 3) }
