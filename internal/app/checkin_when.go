package app

import (
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// MyZone is the zone the reader's own clock shows: theirs, else the
// workspace's.
func (v View) MyZone() *time.Location { return zoneNamed(v.Me.Zone, v.Zone) }

// Hindrance is what speaks against a day: people who are away, and sides that
// do not work.
type Hindrance struct {
	Away   []*plan.Person
	Closed []plan.Side
}

// Hindrances tells, for days from one on, who of some people cannot come.
func Hindrances(p *plan.Plan, people []*plan.Person, from civil.Day) func(civil.Day) Hindrance {
	var works plan.Sides[*calendar.Calendar]
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if c, err := SideCalendar(p, s, from, 400); err == nil {
			works.Set(s, c)
		}
	}
	return func(d civil.Day) Hindrance {
		var h Hindrance
		for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
			if c := works.Of(s); c != nil && d < from+400 && d >= from && !c.Works(d) {
				h.Closed = append(h.Closed, s)
			}
		}
		for _, q := range people {
			for _, x := range q.Absences {
				if x.From <= d && d <= x.To {
					h.Away = append(h.Away, q)
					break
				}
			}
		}
		return h
	}
}

// suggestedDays is how many days ahead a slot is looked for.
const suggestedDays = 30

// SuggestCheckIn is the next day, from the one after tomorrow, on which both sides work and the fewest
// people are away, and an hour in which everybody's office is open, as far as
// their clocks allow; on the workspace's clock.
func SuggestCheckIn(v View) (civil.Wall, Hindrance) {
	people := v.Plan.Invited(&plan.CheckIn{})
	at := Hindrances(v.Plan, people, v.Today)
	best, least := v.Today+2, Hindrance{}
	for d, found := v.Today+2, false; d <= v.Today+suggestedDays; d++ {
		h := at(d)
		if len(h.Closed) > 0 {
			continue
		}
		if !found || len(h.Away) < len(least.Away) {
			best, least, found = d, h, true
		}
		if len(h.Away) == 0 {
			break
		}
	}
	return civil.WallOf(best, suggestedHour(v, people, best), 0), least
}

func suggestedHour(v View, people []*plan.Person, day civil.Day) int {
	for _, hour := range []int{10, 11, 9, 13, 14, 15, 16, 8, 17} {
		t := civil.WallOf(day, hour, 0).In(v.Zone)
		open := true
		for _, q := range people {
			h := t.In(zoneNamed(q.Zone, v.Zone)).Hour()
			open = open && h >= opens && h < closes
		}
		if open {
			return hour
		}
	}
	return 10
}
