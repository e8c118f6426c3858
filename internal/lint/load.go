package lint

import "tandem/internal/civil"

// load is what one person has to do by week: how many steps are due, and how
// many working days are planned for them. Days of a step with a duration lie
// on the working days up to its due date.
func (c *check) load(person string) (steps, days map[int]int) {
	steps, days = map[int]int{}, map[int]int{}
	for _, a := range c.liveActions() {
		mine := false
		for _, o := range owners(a) {
			mine = mine || o.id == person && person != ""
		}
		if !mine || a.Due.IsZero() || a.Due < c.opt.Today {
			continue
		}
		steps[weekOf(a.Due)]++
		left := a.Remaining
		if left == nil {
			left = a.Duration
		}
		if left == nil || a.Elapsed {
			continue
		}
		w := c.who(a)
		d := c.last(a.Due, w)
		for n := min(*left, margin); n > 0 && !d.IsZero(); n-- {
			days[weekOf(d)]++
			d = c.last(d-1, w)
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
