package ics

import (
	"fmt"
	"strings"
	"time"

	"tandem/internal/civil"
)

// change is a moment at which the clocks of a zone are set.
type change struct {
	local    time.Time // on the old clock, as if in UTC
	from, to int       // seconds east of UTC
	name     string
	daylight bool
}

// yearsAhead is how far a zone without a yearly rule is spelled out.
const yearsAhead = 12

// zone writes a VTIMEZONE that holds from a year on. Where the clocks are set
// by one rule every year, the rule is written; else every single change for
// some years. (A rule in the time zone database, not its newest version, is
// all a calendar needs: it knows the zone by its name.)
func (w *writer) zone(name string, year int) {
	z, err := time.LoadLocation(name)
	if err != nil {
		return
	}
	w.raw("BEGIN", "VTIMEZONE")
	w.raw("TZID", name)
	w.raw("X-LIC-LOCATION", name)
	begin := time.Date(year-1, time.January, 1, 0, 0, 0, 0, z)
	changes := changesOf(z, begin, begin.AddDate(yearsAhead, 0, 0))
	switch {
	case len(changes) == 0:
		abbreviation, offset := begin.Zone()
		w.observance("STANDARD", civil.Of(1970, time.January, 1).Time(), offset, offset, abbreviation, "")
	case yearly(changes):
		for _, c := range changes[:2] {
			w.change(c, rule(changes, c))
		}
	default:
		abbreviation, offset := begin.Zone()
		w.observance("STANDARD", civil.Of(1970, time.January, 1).Time(), offset, offset, abbreviation, "")
		for _, c := range changes {
			w.change(c, "")
		}
	}
	w.raw("END", "VTIMEZONE")
}

func (w *writer) change(c change, rule string) {
	kind := "STANDARD"
	if c.daylight {
		kind = "DAYLIGHT"
	}
	w.observance(kind, c.local, c.from, c.to, c.name, rule)
}

func (w *writer) observance(kind string, local time.Time, from, to int, name, rule string) {
	w.raw("BEGIN", kind)
	w.raw("DTSTART", local.Format("20060102T150405"))
	w.raw("TZOFFSETFROM", offset(from))
	w.raw("TZOFFSETTO", offset(to))
	if name != "" {
		w.raw("TZNAME", name)
	}
	if rule != "" {
		w.raw("RRULE", rule)
	}
	w.raw("END", kind)
}

// offset is "+0100".
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	if rest := seconds % 60; rest != 0 {
		return fmt.Sprintf("%c%02d%02d%02d", sign, seconds/3600, seconds/60%60, rest)
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

// changesOf lists when the clocks of a zone are set.
func changesOf(z *time.Location, from, to time.Time) []change {
	var out []change
	for t := from.In(z); ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || !end.Before(to) || len(out) > 8*yearsAhead {
			return out
		}
		_, before := end.Add(-time.Second).In(z).Zone()
		next := end.In(z)
		name, after := next.Zone()
		if before == after && sameName(end, z) {
			t = next // where the database changes its way of telling
			continue
		}
		out = append(out, change{local: end.UTC().Add(time.Duration(before) * time.Second), from: before, to: after, name: name, daylight: after > before})
		t = next
	}
}

func sameName(t time.Time, z *time.Location) bool {
	before, _ := t.Add(-time.Second).In(z).Zone()
	after, _ := t.In(z).Zone()
	return before == after
}

// yearly reports two changes a year, by one rule each.
func yearly(changes []change) bool {
	if len(changes) != 2*yearsAhead {
		return false
	}
	for i, c := range changes {
		first := changes[i%2]
		if c.from != first.from || c.to != first.to || c.name != first.name || c.local.Month() != first.local.Month() ||
			c.local.Weekday() != first.local.Weekday() || c.local.Format("1504") != first.local.Format("1504") {
			return false
		}
	}
	return rule(changes, changes[0]) != "" && rule(changes, changes[1]) != ""
}

// rule is the yearly rule of a change and those like it, or empty.
func rule(changes []change, like change) string {
	nth, last, all := 0, true, true
	for _, c := range changes {
		if c.to != like.to {
			continue
		}
		n := (c.local.Day()-1)/7 + 1
		if nth == 0 {
			nth = n
		}
		all = all && n == nth
		last = last && c.local.AddDate(0, 0, 7).Month() != c.local.Month()
	}
	switch {
	case last:
		nth = -1
	case !all:
		return ""
	}
	day := strings.ToUpper(like.local.Weekday().String()[:2])
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", like.local.Month(), nth, day)
}
