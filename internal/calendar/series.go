package calendar

import (
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"tandem/internal/civil"
)

// Series is an appointment on a wall clock, once or again and again.
type Series struct {
	Start   civil.Wall
	Zone    *time.Location
	Minutes int
	Rule    string // RFC 5545 RRULE, FREQ=YEARLY to DAILY; empty: once
	Except  []civil.Day
	Moved   []MovedOne
}

// MovedOne is one appointment of a series that takes place at another time.
type MovedOne struct {
	Day     civil.Day // on which the rule puts it
	Start   civil.Wall
	Minutes int
}

// Occurrence is one appointment. Day names it within its series, also after it
// was moved.
type Occurrence struct {
	Day        civil.Day
	Start, End time.Time
	Moved      bool
}

// Series that go on for ever are looked at this far, and no further.
const (
	seriesYears  = 10
	maxRuleSteps = 20_000
)

// CheckSeries reports what is wrong with a rule of appointments.
//
// Faults: calendar.gate.rule.
func CheckSeries(rule string) error {
	if rule == "" {
		return nil
	}
	_, err := parse(rule)
	return err
}

// Between lists the appointments that end after one instant and begin before
// another, in order of their beginning, at most so many. A rule that cannot be
// read gives the first appointment alone.
func (s Series) Between(from, to time.Time, most int) []Occurrence {
	var out []Occurrence
	add := func(d civil.Day) bool {
		o := s.on(d)
		if o.End.After(from) && o.Start.Before(to) && !slices.Contains(s.Except, d) {
			out = append(out, o)
		}
		return len(out) < most+len(s.Moved) && (o.Moved || o.Start.Before(to))
	}
	s.days(add)
	slices.SortStableFunc(out, func(a, b Occurrence) int { return a.Start.Compare(b.Start) })
	if len(out) > most {
		out = out[:most]
	}
	return out
}

// Next is the first appointment that has not ended at an instant.
func (s Series) Next(now time.Time) (Occurrence, bool) {
	all := s.Between(now, now.AddDate(seriesYears, 0, 0), 1)
	if len(all) == 0 {
		return Occurrence{}, false
	}
	return all[0], true
}

// Ever reports whether the rule gives any appointment at all. Finding out that
// it gives none takes long, so it is asked once, before one is kept.
func (s Series) Ever() bool {
	found := false
	s.days(func(civil.Day) bool {
		found = true
		return false
	})
	return found
}

// Has reports whether the rule puts an appointment on a day that was not left
// out.
func (s Series) Has(day civil.Day) bool {
	found := false
	s.days(func(d civil.Day) bool {
		found = found || d == day
		return d < day
	})
	return found && !slices.Contains(s.Except, day)
}

// On is the appointment that the rule puts on a day, wherever it was moved to;
// that the rule does, Has tells.
func (s Series) On(d civil.Day) Occurrence { return s.on(d) }

// on is the appointment that the rule puts on a day.
func (s Series) on(d civil.Day) Occurrence {
	start, minutes, moved := s.Start.On(d), s.Minutes, false
	for _, m := range s.Moved {
		if m.Day == d {
			start, minutes, moved = m.Start, m.Minutes, true
		}
	}
	t := start.In(s.Zone)
	return Occurrence{Day: d, Start: t, End: t.Add(time.Duration(minutes) * time.Minute), Moved: moved}
}

// days calls add with each day of the rule in order, until it says no more.
// The rule is expanded on the wall clock, so that ten o'clock stays ten
// o'clock when clocks change.
func (s Series) days(add func(civil.Day) bool) {
	first := s.Start.Day()
	if s.Rule == "" {
		add(first)
		return
	}
	set := s.rule()
	if set == nil {
		add(first)
		return
	}
	next := set.Iterator()
	for range maxRuleSteps {
		t, ok := next()
		if !ok || !add(civil.On(t, time.UTC)) {
			return
		}
	}
}

func (s Series) rule() *rrule.RRule {
	option, err := parse(s.Rule)
	if err != nil {
		return nil
	}
	h, m := s.Start.Clock()
	option.Dtstart = s.Start.Day().Time().Add(time.Duration(h*60+m) * time.Minute)
	if !option.Until.IsZero() {
		option.Until = s.until(option.Until)
	}
	if end := option.Dtstart.AddDate(50, 0, 0); option.Until.IsZero() || option.Until.After(end) {
		option.Until = end
	}
	set, err := rrule.NewRRule(*option)
	if err != nil {
		return nil
	}
	return set
}

// until is the end of a rule on the wall clock: rules with times say it in
// UTC, those with days mean all of the day.
func (s Series) until(u time.Time) time.Time {
	if _, end, _ := strings.Cut(strings.ToUpper(s.Rule), "UNTIL="); len(end) < 9 || end[8] != 'T' {
		return u.Add(24*time.Hour - time.Second)
	}
	local := u.In(s.Zone)
	return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
}
