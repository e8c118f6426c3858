package app

import (
	"slices"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// The rhythms that are offered; a person's own calendar may say others.
const (
	Weekly      = "FREQ=WEEKLY"
	Fortnightly = "FREQ=WEEKLY;INTERVAL=2"
)

// zoneNamed is an IANA zone, or the fallback where the name is none.
func zoneNamed(name string, or *time.Location) *time.Location {
	if z, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
		return z
	}
	return or
}

// Series is when a check-in takes place.
func Series(a plan.Appointment) calendar.Series {
	s := calendar.Series{Start: a.Start, Zone: zoneNamed(a.Zone, time.UTC), Minutes: a.Minutes, Rule: a.Rule, Except: a.Except}
	for _, m := range a.Moved {
		s.Moved = append(s.Moved, calendar.MovedOne(m))
	}
	return s
}

// Meeting is one appointment of a check-in, as an instant.
type Meeting struct {
	CheckIn *plan.CheckIn
	calendar.Occurrence
}

// Meetings lists what has not ended at an instant and begins before another,
// in order, at most so many of each check-in.
func Meetings(p *plan.Plan, from, to time.Time, most int) []Meeting {
	var out []Meeting
	for _, c := range p.OpenCheckIns() {
		for _, o := range Series(c.Appointment).Between(from, to, most) {
			out = append(out, Meeting{c, o})
		}
	}
	sortMeetings(out)
	return out
}

// NextMeeting is the first that has not ended; false if none is planned.
func NextMeeting(p *plan.Plan, now time.Time) (Meeting, bool) {
	var first Meeting
	found := false
	for _, c := range p.OpenCheckIns() {
		if o, ok := Series(c.Appointment).Next(now); ok && (!found || o.Start.Before(first.Start)) {
			first, found = Meeting{c, o}, true
		}
	}
	return first, found
}

// checkAppointment checks what the plan cannot know: whether there is such a
// zone and such a rhythm.
func checkAppointment(in plan.CheckInInput) error {
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "" || in.Zone == "Local" {
		return fault.New(fault.Invalid, "fault.zone", "zone", in.Zone)
	}
	return checkRhythm(in)
}

// checkRhythm checks that a rule can be read and ever gives a day: a rule that
// gives none would be searched at every look at the plan.
func checkRhythm(in plan.CheckInInput) error {
	if in.Rule == "" {
		return nil
	}
	if err := calendar.CheckSeries(in.Rule); err != nil {
		return fault.New(fault.Invalid, "fault.checkin.rule").Wrap(err)
	}
	if !Series(plan.Appointment{Start: in.Start, Zone: in.Zone, Minutes: in.Minutes, Rule: in.Rule}).Ever() {
		return fault.New(fault.Invalid, "fault.checkin.rule")
	}
	return nil
}

// onDay checks that a series has an appointment on a day.
func onDay(p *plan.Plan, id plan.ID, day civil.Day) error {
	c := p.CheckIns[id]
	if c == nil || day.IsZero() || Series(c.Appointment).Has(day) {
		return nil // what there is not, the plan refuses
	}
	return fault.New(fault.Invalid, "fault.checkin.day")
}

func sortMeetings(all []Meeting) {
	slices.SortStableFunc(all, func(a, b Meeting) int { return a.Start.Compare(b.Start) })
}
