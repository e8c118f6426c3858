package app

import (
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Between these hours of a reader's own clock mail is sent.
const (
	opens  = 8
	closes = 17
)

// hours are those in which somebody reads mail: on the days on which their
// side works, not on its holidays nor while they are away.
type hours struct {
	p    *plan.Plan
	q    *plan.Person
	zone *time.Location
}

// officeHours of a person of a plan; zone is the workspace's.
func officeHours(p *plan.Plan, q *plan.Person, zone *time.Location) hours {
	return hours{p: p, q: q, zone: zoneNamed(q.Zone, zone)}
}

// next is the first instant from t on at which the person may be written to;
// false if they are away for longer than anybody looks ahead.
func (h hours) next(t time.Time) (time.Time, bool) {
	today := civil.On(t, h.zone)
	works := h.works(today)
	if works(today) {
		switch open, end := h.at(today, opens), h.at(today, closes); {
		case t.Before(open):
			return open, true
		case t.Before(end):
			return t, true
		}
	}
	for day := today + 1; day < today+farthest; day++ {
		if works(day) {
			return h.at(day, opens), true
		}
	}
	return time.Time{}, false
}

// at is an hour of a day on the person's clock.
func (h hours) at(day civil.Day, hour int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, hour, 0, 0, 0, h.zone)
}

// farthest is how many days ahead a working day is looked for.
const farthest = 200

// works tells the days on which the person works, from a day on. Where the
// calendar of their side cannot be told, Monday to Friday.
func (h hours) works(from civil.Day) func(civil.Day) bool {
	side := func(d civil.Day) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }
	if c, err := SideCalendar(h.p, h.q.Side, from, farthest); err == nil {
		side = c.Works
	}
	return func(d civil.Day) bool { return side(d) && !h.away(d) }
}

func (h hours) away(d civil.Day) bool {
	for _, x := range h.q.Absences {
		if x.From <= d && d <= x.To {
			return true
		}
	}
	return false
}
