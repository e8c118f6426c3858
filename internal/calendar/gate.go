package calendar

import (
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// OnHoliday says what happens to a meeting that falls on a day on which its
// side does not work.
type OnHoliday string

const (
	Skip     OnHoliday = "skip" // there is no meeting; also the empty value
	Next     OnHoliday = "next"
	Previous OnHoliday = "previous"
)

// Rule describes the days of a gate: when a committee meets.
type Rule struct {
	Text      string    // RFC 5545, FREQ=YEARLY to DAILY, without times
	Anchor    civil.Day // the rule's first possible day; needed where the rule counts from it
	Except    []civil.Day
	LeadDays  int // working days before the meeting by which papers are in; 0 to 250
	OnHoliday OnHoliday
}

// Gate is the days on which something can pass, within a horizon.
type Gate struct {
	days   []civil.Day
	papers []civil.Day // papers[i]: last day to hand in for days[i]
	cal    *Calendar
}

// What a rule may contain, and how much of it.
const (
	maxRuleText = 200
	maxInterval = 1000
	maxLeadDays = 250
)

var ruleParts = []string{"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO", "WKST"}

// Gate expands a rule over the calendar's horizon: once, the rest is look-up.
// Exceptions name meetings by the day of the rule or by the day they moved to.
//
// Faults: calendar.gate.rule for a rule that cannot be read or names times of
// day; calendar.gate.anchor for one that does not say from when it counts;
// calendar.gate.lead, calendar.gate.holiday; calendar.gate.never for one that
// has no day in the horizon.
func (c *Calendar) Gate(r Rule) (*Gate, error) {
	if r.LeadDays < 0 || r.LeadDays > maxLeadDays {
		return nil, fault.New(fault.Invalid, "calendar.gate.lead", "days", r.LeadDays, "most", maxLeadDays)
	}
	days, err := expand(r, c.horizon)
	if err != nil {
		return nil, err
	}
	g := &Gate{cal: c}
	for _, d := range days {
		if slices.Contains(r.Except, d) {
			continue
		}
		moved, ok, err := c.move(d, r.OnHoliday)
		if err != nil {
			return nil, err
		}
		if ok && !slices.Contains(r.Except, moved) {
			g.days = append(g.days, moved)
		}
	}
	slices.Sort(g.days)
	g.days = slices.Compact(g.days)
	g.days = slices.DeleteFunc(g.days, func(d civil.Day) bool {
		papers, ok := c.At(c.Rank(d) - r.LeadDays)
		if ok {
			g.papers = append(g.papers, papers)
		}
		return !ok
	})
	if len(g.days) == 0 {
		return nil, fault.New(fault.Invalid, "calendar.gate.never",
			"rule", clip(r.Text), "first", c.horizon.First, "last", c.horizon.Last)
	}
	return g, nil
}

// move takes a meeting to the working day on which it takes place, if any.
func (c *Calendar) move(d civil.Day, on OnHoliday) (civil.Day, bool, error) {
	switch on {
	case Skip, "":
		return d, c.Works(d), nil
	case Next:
		m, ok := c.At(c.Rank(d))
		return m, ok, nil
	case Previous:
		m, ok := c.At(c.Rank(d+1) - 1)
		return m, ok, nil
	}
	return 0, false, fault.New(fault.Invalid, "calendar.gate.holiday", "value", clip(string(on)))
}

// For is the gate as somebody sees it who cannot come on all of its days: only
// meetings on working days of their calendar are left.
//
// Faults: calendar.gate.away if none is left.
func (g *Gate) For(c *Calendar) (*Gate, error) {
	out := &Gate{cal: g.cal}
	for i, d := range g.days {
		if c.Works(d) {
			out.days = append(out.days, d)
			out.papers = append(out.papers, g.papers[i])
		}
	}
	switch len(out.days) {
	case len(g.days):
		return g, nil
	case 0:
		return nil, fault.New(fault.Invalid, "calendar.gate.away", "first", c.horizon.First, "last", c.horizon.Last)
	}
	return out, nil
}

// Days are all days of the gate, in order.
func (g *Gate) Days() []civil.Day { return slices.Clone(g.days) }

// First is the first meeting for which papers that are ready on a day can
// still be handed in; false if there is none in the horizon.
func (g *Gate) First(ready civil.Day) (civil.Day, bool) {
	i := sort.Search(len(g.papers), func(i int) bool { return g.papers[i] >= ready })
	if i == len(g.days) {
		return 0, false
	}
	return g.days[i], true
}

// From is the first meeting on or after a day for which papers that are ready
// on another day can still be handed in.
func (g *Gate) From(ready, day civil.Day) (civil.Day, bool) {
	first, ok := g.First(ready)
	if !ok || first >= day {
		return first, ok
	}
	i := sort.Search(len(g.days), func(i int) bool { return g.days[i] >= day })
	if i == len(g.days) {
		return 0, false
	}
	return g.days[i], true
}

// LastBy is the last meeting on or before a day, and the last day on which
// papers for it can be handed in; false if there is none in the horizon.
func (g *Gate) LastBy(bound civil.Day) (meeting, papers civil.Day, ok bool) {
	i := sort.Search(len(g.days), func(i int) bool { return g.days[i] > bound }) - 1
	if i < 0 {
		return 0, 0, false
	}
	return g.days[i], g.papers[i], true
}

// expand lists the days of a rule in a horizon.
func expand(r Rule, h Horizon) ([]civil.Day, error) {
	option, err := parse(r.Text)
	if err != nil {
		return nil, err
	}
	anchor := r.Anchor
	if anchor == 0 {
		if counted(option) {
			return nil, fault.New(fault.Invalid, "calendar.gate.anchor", "rule", clip(r.Text))
		}
		anchor = h.First
	}
	if anchor < Widest.First || anchor > Widest.Last {
		return nil, fault.New(fault.Invalid, "calendar.horizon", "day", anchor, "first", Widest.First, "last", Widest.Last)
	}
	option.Dtstart = anchor.Time()
	if end := h.Last.Time(); option.Until.IsZero() || option.Until.After(end) {
		option.Until = end
	}
	if option.Until.Before(option.Dtstart) {
		return nil, nil
	}
	set, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, badRule(r.Text, err)
	}
	var days []civil.Day
	for next := set.Iterator(); ; {
		t, ok := next()
		if !ok {
			return days, nil
		}
		if d := civil.Day(t.Unix() / 86400); d >= h.First {
			days = append(days, d)
		}
	}
}

// parse reads a rule that gives days, not times, and is bounded in every part.
func parse(text string) (*rrule.ROption, error) {
	text = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:")
	if text == "" || len(text) > maxRuleText || strings.ContainsAny(text, "\r\n: ") {
		return nil, badRule(text, nil)
	}
	for _, part := range strings.Split(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if !slices.Contains(ruleParts, name) || value == "" {
			return nil, badRule(text, nil)
		}
		if name == "INTERVAL" && strings.Trim(value, "0") == "" {
			return nil, badRule(text, nil)
		}
	}
	option, err := rrule.StrToROptionInLocation(text, time.UTC)
	if err != nil {
		return nil, badRule(text, err)
	}
	if option.Freq > rrule.DAILY || option.Interval < 0 || option.Interval > maxInterval || option.Count < 0 {
		return nil, badRule(text, nil)
	}
	most := 5 // a month has at most five Tuesdays, a year 53
	if option.Freq == rrule.YEARLY && len(option.Bymonth) == 0 {
		most = 53
	}
	for _, w := range option.Byweekday {
		if w.N() > most || w.N() < -most {
			return nil, badRule(text, nil)
		}
	}
	return option, nil
}

// counted reports that a rule's days depend on where its counting begins:
// "every second week" or "monthly" say nothing without an anchor.
func counted(o *rrule.ROption) bool {
	named := len(o.Byweekday)+len(o.Bymonthday)+len(o.Byyearday) > 0
	return o.Interval > 1 || o.Count > 0 || o.Freq != rrule.DAILY && !named
}

func badRule(text string, err error) error {
	return fault.New(fault.Invalid, "calendar.gate.rule", "rule", clip(text)).Wrap(err)
}
