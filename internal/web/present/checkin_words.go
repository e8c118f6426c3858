package present

import (
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// appointment says when a check-in takes place, on the clock it was planned
// by: "jede Woche Di, 10:00 Uhr, ab Di, 16. Mai".
func (pr *presenter) appointment(a plan.Appointment) string {
	key := "checkin.when.series"
	switch a.Rule {
	case "":
		key = "checkin.when.once"
	case app.Weekly:
		key = "checkin.when.weekly"
	case app.Fortnightly:
		key = "checkin.when.fortnight"
	}
	day := a.Start.Day()
	return pr.inZone(pr.l.T(key, "Day", pr.l.Day(day), "Weekday", pr.l.Weekday(day), "Time", a.Start.HHMM()), a.Zone)
}

// inZone adds the zone where it is not the reader's own.
func (pr *presenter) inZone(when, zone string) string {
	if z, err := time.LoadLocation(zone); err == nil && sameClock(z, pr.v.Zone, pr.v.Now) {
		return when
	}
	return pr.l.T("checkin.when.zone", "When", when, "Zone", zone)
}

// sameClock reports that two zones show the same time now and in half a year.
func sameClock(a, b *time.Location, now time.Time) bool {
	if b == nil {
		b = time.UTC
	}
	for _, t := range []time.Time{now, now.AddDate(0, 6, 0)} {
		_, x := t.In(a).Zone()
		_, y := t.In(b).Zone()
		if x != y {
			return false
		}
	}
	return true
}

// checkInTitle is a check-in's name; one without is called what it is.
func (pr *presenter) checkInTitle(t plan.Text) string {
	if t.Value == "" {
		return pr.l.T("checkin.name")
	}
	return t.Value
}

func (pr *presenter) checkInSentence(e app.Entry, say sayer) (told, bool) {
	title := func(id plan.ID) string {
		if c := pr.p.CheckIns[id]; c != nil {
			return pr.checkInTitle(c.Title)
		}
		return pr.l.T("checkin.name")
	}
	switch ev := e.Event.(type) {
	case *plan.CheckInScheduled:
		key := "checkin.scheduled"
		if ev.External {
			key = "checkin.taken"
		}
		return told{text: say(key, "What", pr.checkInTitle(ev.New.Title), "When", pr.appointment(ev.New))}, true
	case *plan.CheckInChanged:
		what, old, now := pr.checkInTitle(ev.New.Title), pr.appointment(ev.Old), pr.appointment(ev.New)
		if old == now {
			return told{text: say("checkin.changed", "What", what)}, true
		}
		return told{text: say("checkin.rescheduled", "What", what, "When", now, "Old", old)}, true
	case *plan.CheckInMoved:
		when := plan.Appointment{Start: ev.To.Start, Zone: pr.zoneOf(ev.CheckIn)}
		return told{text: say("checkin.moved", "What", title(ev.CheckIn), "Day", ev.To.Day, "When", pr.appointment(when))}, true
	case *plan.CheckInCancelled:
		c := pr.p.CheckIns[ev.CheckIn]
		switch {
		case ev.Day != civil.Day(0):
			return told{text: say("checkin.skipped", "What", title(ev.CheckIn), "Day", ev.Day)}, true
		case c != nil && c.External:
			return told{text: say("checkin.removed", "What", title(ev.CheckIn))}, true
		}
		return told{text: say("checkin.cancelled", "What", title(ev.CheckIn))}, true
	case *plan.CheckInAnswered:
		if !ev.Day.IsZero() {
			return told{text: say("checkin.day."+string(ev.Answer), "What", title(ev.CheckIn), "Day", ev.Day)}, true
		}
		return told{text: say("checkin.answered."+string(ev.Answer), "What", title(ev.CheckIn))}, true
	}
	return pr.runSentence(e, say, title)
}

// runSentence tells what happened while a check-in was held.
func (pr *presenter) runSentence(e app.Entry, say sayer, title func(plan.ID) string) (told, bool) {
	of := func(run plan.ID) string {
		if r := pr.p.Run(run); r != nil {
			return title(r.CheckIn)
		}
		return title("")
	}
	switch ev := e.Event.(type) {
	case *plan.CheckInOpened:
		return told{text: say("checkin.opened", "What", of(ev.Run))}, true
	case *plan.CheckInNoted:
		switch {
		case ev.Removed:
			return told{text: say("checkin.unnoted"), item: ev.Item}, true
		case ev.Item != "":
			return told{text: say("checkin.notedOn", "What", pr.title(ev.Item)), why: ev.Text.Value, item: ev.Item}, true
		}
		return told{text: say("checkin.noted"), why: ev.Text.Value}, true
	case *plan.CheckInClosed:
		if e.Actor == "" {
			return told{text: say("checkin.ended", "What", of(ev.Run))}, true
		}
		return told{text: say("checkin.closed", "What", of(ev.Run))}, true
	}
	return told{}, false
}

func (pr *presenter) zoneOf(id plan.ID) string {
	if c := pr.p.CheckIns[id]; c != nil {
		return c.Zone
	}
	return ""
}
