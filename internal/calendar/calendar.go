// Package calendar knows on which days people work: working weeks, public
// holidays by region, closed days, absences and freezes, and the days on which
// a committee meets.
//
// A Calendar is compiled once over a finite horizon into two tables: from a
// day to the number of working days before it, and from that number back to
// the day. Adding, subtracting and counting working days is then a look-up.
// Past the horizon is a fault, never a search.
//
// Spans of work are half-open, [start, end): whoever shows an end to people
// shows the last worked day, which Finish gives.
package calendar

import (
	"slices"
	"strconv"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Horizon is the range of days a calendar is compiled for, both included.
type Horizon struct {
	First, Last civil.Day
}

// Widest is the longest horizon: the years whose holidays are known.
var Widest = Horizon{civil.Of(FirstYear, time.January, 1), civil.Of(LastYear, time.December, 31)}

// Span is a range of days, both ends included, with what people call it.
type Span struct {
	From, To civil.Day
	Note     string
}

// Spec describes the days on which one organisation works.
type Spec struct {
	Who    string         // whose calendar: it comes back in the reasons of Why
	Week   []time.Weekday // nil: Monday to Friday
	Region string         // "" : no public holidays
	Closed []Span
}

// Calendar tells working days within its horizon. It is immutable and may be
// used by many goroutines. Make one with Compile, Everyday, Without or Both.
type Calendar struct {
	horizon Horizon
	ranks   []int32     // ranks[i]: working days in [First, First+i)
	days    []civil.Day // the working days in order
	sources []source    // why a day is none
}

// Compile makes the calendar of an organisation.
//
// Faults: those of CheckRegion; calendar.horizon.order and
// calendar.horizon.range; calendar.span.order for a range that ends before it
// begins; calendar.empty (or calendar.empty.who, if the spec names who) if no
// day is left to work on.
func Compile(spec Spec, h Horizon) (*Calendar, error) {
	if h.Last < h.First {
		return nil, fault.New(fault.Invalid, "calendar.horizon.order", "first", h.First, "last", h.Last)
	}
	if h.First < Widest.First || h.Last > Widest.Last {
		return nil, fault.New(fault.Invalid, "calendar.horizon.range",
			"first", h.First, "last", h.Last, "firstYear", strconv.Itoa(FirstYear), "lastYear", strconv.Itoa(LastYear))
	}
	week := spec.Week
	if week == nil {
		week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	}
	src := source{who: spec.Who, week: weekOf(week)}
	off := make([]bool, h.Last-h.First+1)
	for i := range off {
		off[i] = !src.week.has((h.First + civil.Day(i)).Weekday())
	}
	if spec.Region != "" {
		for year := yearOf(h.First); year <= yearOf(h.Last); year++ {
			holidays, err := Holidays(spec.Region, year)
			if err != nil {
				return nil, err
			}
			src.holidays = append(src.holidays, holidays...)
		}
	}
	for _, day := range src.holidays {
		if h.holds(day.Date) {
			off[day.Date-h.First] = true
		}
	}
	if err := src.add(Closed, spec.Who, spec.Closed, h, off); err != nil {
		return nil, err
	}
	return compiled(h, off, []source{src}, spec.Who)
}

// ParseWeek reads the days of a working week, "mon" to "sun".
//
// Faults: calendar.week.unknown.
func ParseWeek(days []string) ([]time.Weekday, error) {
	var week []time.Weekday
	for _, day := range days {
		i := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, day)
		if i < 0 {
			return nil, fault.New(fault.Invalid, "calendar.week.unknown", "day", clip(day))
		}
		week = append(week, time.Weekday(i))
	}
	return week, nil
}

// Everyday is the calendar in which all days count, for elapsed durations.
func Everyday(h Horizon) (*Calendar, error) {
	all := []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
	return Compile(Spec{Week: all}, h)
}

// Without is the calendar less some spans: the absences of an owner or the
// freezes that stop work. Who is named in the reasons.
//
// Faults: calendar.span.order, calendar.empty, calendar.empty.who.
func (c *Calendar) Without(kind Kind, who string, spans []Span) (*Calendar, error) {
	if len(spans) == 0 {
		return c, nil
	}
	off := c.off()
	src := source{who: who, week: wholeWeek}
	if err := src.add(kind, who, spans, c.horizon, off); err != nil {
		return nil, err
	}
	return compiled(c.horizon, off, append(slices.Clip(c.sources), src), who)
}

// Both is the calendar of the days on which two sides work. The two must have
// the same horizon, else the fault calendar.horizon.differs.
func Both(a, b *Calendar) (*Calendar, error) {
	if a == b {
		return a, nil
	}
	if a.horizon != b.horizon {
		return nil, fault.New(fault.Invalid, "calendar.horizon.differs")
	}
	off := a.off()
	for i, o := range b.off() {
		off[i] = off[i] || o
	}
	return compiled(a.horizon, off, append(slices.Clip(a.sources), b.sources...), "")
}

func compiled(h Horizon, off []bool, sources []source, who string) (*Calendar, error) {
	c := &Calendar{horizon: h, ranks: make([]int32, len(off)+1), sources: sources}
	for i, o := range off {
		c.ranks[i+1] = c.ranks[i]
		if !o {
			c.ranks[i+1]++
		}
	}
	c.days = make([]civil.Day, 0, c.ranks[len(off)])
	for i, o := range off {
		if !o {
			c.days = append(c.days, h.First+civil.Day(i))
		}
	}
	switch {
	case len(c.days) > 0:
	case who == "":
		return nil, fault.New(fault.Invalid, "calendar.empty", "first", h.First, "last", h.Last)
	default:
		return nil, fault.New(fault.Invalid, "calendar.empty.who", "who", who, "first", h.First, "last", h.Last)
	}
	return c, nil
}

// off are the days of the horizon on which nobody works.
func (c *Calendar) off() []bool {
	off := make([]bool, len(c.ranks)-1)
	for i := range off {
		off[i] = c.ranks[i] == c.ranks[i+1]
	}
	return off
}

// Horizon of the calendar.
func (c *Calendar) Horizon() Horizon { return c.horizon }

// Works reports a working day. Days outside the horizon are none.
func (c *Calendar) Works(d civil.Day) bool {
	return c.horizon.holds(d) && c.ranks[d-c.horizon.First] != c.ranks[d-c.horizon.First+1]
}

// Rank is the number of working days from the horizon's beginning up to, not
// including, a day. Days outside the horizon count as its nearest end.
func (c *Calendar) Rank(d civil.Day) int {
	i := int(d) - int(c.horizon.First)
	return int(c.ranks[max(0, min(i, len(c.ranks)-1))])
}

// At is the working day of a rank; false outside the horizon. Together with
// Rank it is all that the schedule needs:
//
//	At(Rank(d))       the first working day on or after d
//	At(Rank(d) + n)   n working days on from there
//	At(Rank(d+1) - 1) the last working day on or before d
func (c *Calendar) At(rank int) (civil.Day, bool) {
	if rank < 0 || rank >= len(c.days) {
		return 0, false
	}
	return c.days[rank], true
}

// Next is the first working day on or after a day.
func (c *Calendar) Next(d civil.Day) (civil.Day, error) { return c.Add(d, 0) }

// Prev is the last working day on or before a day.
func (c *Calendar) Prev(d civil.Day) (civil.Day, error) {
	if !c.horizon.holds(d) {
		return 0, c.outside(d)
	}
	return c.at(c.Rank(d+1)-1, d)
}

// Add is the working day n working days after the first working day on or
// after d; negative n goes back. Add(d, 0) is Next(d).
//
// Faults: calendar.horizon past either end of the horizon.
func (c *Calendar) Add(d civil.Day, n int) (civil.Day, error) {
	if !c.horizon.holds(d) {
		return 0, c.outside(d)
	}
	return c.at(c.Rank(d)+n, d)
}

// Sub is Add with the opposite sign.
func (c *Calendar) Sub(d civil.Day, n int) (civil.Day, error) { return c.Add(d, -n) }

// Between is the number of working days in [a, b); negative if b is before a.
func (c *Calendar) Between(a, b civil.Day) (int, error) {
	for _, d := range []civil.Day{a, b} {
		if !c.horizon.holds(d) {
			return 0, c.outside(d)
		}
	}
	return c.Rank(b) - c.Rank(a), nil
}

// Finish is the last worked day of n > 0 working days of work that begin on
// the first working day on or after a day.
func (c *Calendar) Finish(start civil.Day, n int) (civil.Day, error) { return c.Add(start, n-1) }

// Start is the latest day on which n > 0 working days of work can begin to be
// over by the end of the day finish.
func (c *Calendar) Start(finish civil.Day, n int) (civil.Day, error) {
	last, err := c.Prev(finish)
	if err != nil {
		return 0, err
	}
	return c.Sub(last, n-1)
}

func (c *Calendar) at(rank int, from civil.Day) (civil.Day, error) {
	if d, ok := c.At(rank); ok {
		return d, nil
	}
	return 0, c.outside(from)
}

func (c *Calendar) outside(d civil.Day) error {
	return fault.New(fault.Invalid, "calendar.horizon", "day", d, "first", c.horizon.First, "last", c.horizon.Last)
}

func (h Horizon) holds(d civil.Day) bool { return d >= h.First && d <= h.Last }

func yearOf(d civil.Day) int {
	y, _, _ := d.Date()
	return y
}
