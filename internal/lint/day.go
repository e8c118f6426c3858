package lint

import (
	"fmt"
	"strings"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// who is asked about a day: sides, and of the people who have to be there those
// who are ever away.
type who struct {
	sides  []planfile.Side
	people []planfile.Person
}

// bothSides must work on the days of the plan as a whole.
var bothSides = who{sides: []planfile.Side{planfile.Buyer, planfile.Seller}}

// buyerSide decides.
var buyerSide = who{sides: []planfile.Side{planfile.Buyer}}

// sellerSide has quarters.
var sellerSide = who{sides: []planfile.Side{planfile.Seller}}

// who has to be at work for an action.
func (c *check) who(a *planfile.Action) who {
	w := who{sides: []planfile.Side{a.Side}}
	if a.Side == planfile.Joint {
		w.sides = bothSides.sides
	}
	for _, o := range owners(a) {
		if h, ok := c.people[o.id]; ok && len(h.Absences) > 0 {
			w.people = append(w.people, h)
		}
	}
	return w
}

// margin is how far around the plan's dates a working day is looked for: a
// year and a bit covers every absence worth moving around.
const margin = 400

// longest is how many days after its first date a plan is looked at: dates
// decades later are typing mistakes, and calendars for them cost memory.
const longest = 30 * 366

// horizon covers the dates of the plan that the calendar can know.
func (c *check) horizon() calendar.Horizon {
	h := calendar.Horizon{First: calendar.Widest.Last, Last: calendar.Widest.First}
	cover := func(days ...civil.Day) {
		for _, d := range days {
			if d >= calendar.Widest.First && d <= calendar.Widest.Last {
				h.First, h.Last = min(h.First, d), max(h.Last, d)
			}
		}
	}
	cover(c.plan.DecideBy, c.opt.Today)
	for _, m := range c.plan.Milestones {
		cover(m.Date)
	}
	for _, a := range c.plan.Actions {
		cover(a.Start, a.Due, a.Expected)
	}
	h.First = max(h.First-margin, calendar.Widest.First)
	h.Last = min(h.Last+margin, h.First+longest, calendar.Widest.Last)
	return h
}

// calendar is on which days everybody asked for works. It is nil when there is
// none, because nobody ever works or the plan has no dates. What a plan says
// wrongly about its calendar is left out here; unknown-region tells about it.
func (c *check) calendar(w who) *calendar.Calendar {
	cal := c.sidesCalendar(w.sides)
	for _, h := range w.people {
		if cal != nil {
			cal, _ = cal.Without(calendar.Absence, h.Name, spans(h.Absences))
		}
	}
	return cal
}

// sidesCalendar is on which days some sides all work. It is kept; calendars of
// single people are made when somebody asks, or they would fill the memory.
func (c *check) sidesCalendar(sides []planfile.Side) *calendar.Calendar {
	key := fmt.Sprint(sides)
	if cal, known := c.calendars[key]; known {
		return cal
	}
	var all *calendar.Calendar
	for i, s := range sides {
		one := c.sideCalendar(s)
		switch {
		case i == 0:
			all = one
		case all != nil && one != nil:
			all, _ = calendar.Both(all, one) // nil if they never work together
		default:
			all = nil
		}
	}
	c.calendars[key] = all
	return all
}

// sideCalendar is on which days a side works.
func (c *check) sideCalendar(s planfile.Side) *calendar.Calendar {
	own := c.party(s).Calendar
	spec := calendar.Spec{Week: week(own.Week), Region: own.Region, Closed: spans(own.Closed)}
	if calendar.CheckRegion(own.Region) != nil {
		spec.Region = ""
	}
	cal, _ := calendar.Compile(spec, c.horizon())
	return cal
}

// spans leaves out ranges that end before they begin.
func spans(from []planfile.Span) []calendar.Span {
	var out []calendar.Span
	for _, s := range from {
		if s.From <= s.To {
			out = append(out, calendar.Span{From: s.From, To: s.To, Note: s.Note})
		}
	}
	return out
}

// week is a working week by its names; nil, Monday to Friday, if it has none.
func week(names []string) []time.Weekday {
	var days []time.Weekday
	for d := time.Sunday; d <= time.Saturday; d++ {
		for _, name := range names {
			if strings.EqualFold(name, d.String()[:3]) {
				days = append(days, d)
			}
		}
	}
	return days
}

// reason says why nobody works on a day.
type reason struct {
	kind    calendar.Kind // empty: it is worked
	side    planfile.Side
	person  planfile.Person  // who is away, for an absence
	span    planfile.Span    // how long, for an absence or closed days
	holiday calendar.Holiday // which one
}

// off is why a day is not worked, the most personal reason first: somebody who
// is away is not helped by the next Monday.
func (c *check) off(d civil.Day, w who) reason {
	for _, h := range w.people {
		if s, ok := within(d, h.Absences); ok {
			return reason{kind: calendar.Absence, side: h.Side, person: h, span: s}
		}
	}
	for _, kind := range []calendar.Kind{calendar.Closed, calendar.Public, calendar.Weekend} {
		for _, side := range w.sides {
			cal := c.sidesCalendar([]planfile.Side{side})
			if cal == nil {
				continue
			}
			for _, why := range cal.Why(d) {
				if why.Kind == kind {
					s, _ := within(d, c.party(side).Calendar.Closed)
					return reason{kind: kind, side: side, span: s, holiday: why.Holiday}
				}
			}
		}
	}
	return reason{}
}

func within(d civil.Day, spans []planfile.Span) (planfile.Span, bool) {
	for _, s := range spans {
		if s.From <= d && d <= s.To {
			return s, true
		}
	}
	return planfile.Span{}, false
}

// next is the first day from d on that everybody works; no day if there is none.
func (c *check) next(d civil.Day, w who) civil.Day { return c.plus(d, 0, w) }

// plus is n worked days after next; no day past the horizon.
func (c *check) plus(d civil.Day, n int, w who) civil.Day {
	cal := c.calendar(w)
	if cal == nil {
		return 0
	}
	day, _ := cal.Add(d, n)
	return day
}

// last is the last day up to d that everybody works; no day if there is none.
func (c *check) last(d civil.Day, w who) civil.Day {
	cal := c.calendar(w)
	if cal == nil {
		return 0
	}
	day, _ := cal.Prev(d)
	return day
}
