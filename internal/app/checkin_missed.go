package app

import (
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Bounds of the search for check-ins that did not take place.
const (
	missedDays  = 84 // how far back is looked
	missedMost  = 40 // appointments of one series that are looked at
	missedAfter = 2  // working days in which a check-in can still be held
)

// MissedCheckIns lists the appointments of series that did not take place, the
// latest first: neither held nor cancelled nor moved, and two working days of
// both sides have gone by since. A check-in that was held without appointment,
// from the day before on until then, stands for it; one that was held later for
// that very appointment, too.
//
// It looks back twelve weeks at most, not before the series was planned; of a
// plan that is paused not beyond that day, of one that is over or a draft not
// at all. Silence of one side is no signal here: it says nothing of who was
// absent. Zone is the workspace's. It is made from the shared plan alone.
func MissedCheckIns(p *plan.Plan, now time.Time, zone *time.Location) []Meeting {
	if p.Phase != plan.Shared && p.Phase != plan.Agreed || p.ReadOnly() {
		return nil
	}
	today := civil.On(now, zone)
	var out []Meeting
	var works func(civil.Day) bool
	for _, c := range p.OpenCheckIns() {
		if c.Rule == "" {
			continue
		}
		from := now.AddDate(0, 0, -missedDays)
		if c.Created.After(from) {
			from = c.Created
		}
		for _, o := range Series(c.Appointment).Between(from, now, missedMost) {
			day := civil.On(o.Start, zone)
			if o.Start.Before(from) || p.Paused != nil && day >= p.Paused.Since {
				continue
			}
			if works == nil {
				works = bothWork(p, today)
			}
			last := day
			for n := 0; n < missedAfter && last < today; {
				if last++; works(last) {
					n++
				}
			}
			if last < today && !heldFor(p, c.ID, o, day, last, zone) {
				out = append(out, Meeting{c, o})
			}
		}
	}
	sortMeetings(out)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// LastMissed is the last appointment of a series if it did not take place and
// none was held since; false if there is nothing to say.
func LastMissed(p *plan.Plan, now time.Time, zone *time.Location) (Meeting, bool) {
	missed := MissedCheckIns(p, now, zone)
	if len(missed) == 0 || p.OpenRun() != nil {
		return Meeting{}, false
	}
	if r := p.LastRun(); r != nil && r.Opened.After(missed[0].Start) {
		return Meeting{}, false
	}
	return missed[0], true
}

// heldFor reports that a check-in was held for an appointment, or about then.
func heldFor(p *plan.Plan, id plan.ID, o calendar.Occurrence, day, last civil.Day, zone *time.Location) bool {
	for _, r := range p.Runs {
		opened := civil.On(r.Opened, zone)
		if r.CheckIn == id && r.Day == o.Day || r.CheckIn == "" && opened >= day-1 && opened <= last {
			return true
		}
	}
	return false
}

// bothWork tells on which days, of those looked back at, both sides work.
func bothWork(p *plan.Plan, today civil.Day) func(civil.Day) bool {
	var sides []func(civil.Day) bool
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		works := func(d civil.Day) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }
		if c, err := SideCalendar(p, s, today-missedDays-7, missedDays+14); err == nil {
			works = c.Works
		}
		sides = append(sides, works)
	}
	return func(d civil.Day) bool { return sides[0](d) && sides[1](d) }
}
