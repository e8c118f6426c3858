package app

import (
	"context"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// JobCheckInEnd closes a check-in that nobody closed.
const JobCheckInEnd = "end-checkin"

// checkInRuns names who ends what was left open, and who writes the minutes.
func (s *Service) checkInRuns() {
	s.handle(JobCheckInEnd, func(ctx context.Context, data []byte) error { return s.endCheckIns(ctx, plan.ID(data)) })
}

func endOfRun(p *plan.Plan, r *plan.Run) Job {
	return Job{Kind: JobCheckInEnd, Key: JobCheckInEnd + "/" + string(r.ID), RunAt: r.Opened.Add(plan.RunEnds), Data: []byte(p.ID)}
}

func (s *Service) endCheckIns(ctx context.Context, id plan.ID) error {
	return s.changing(ctx, id, func() error {
		p, err := s.states.shared(ctx, id)
		if err != nil {
			return err
		}
		w, err := s.workspace(ctx, p.Workspace)
		if err != nil {
			return err
		}
		d, err := plan.Decide(p, plan.EndCheckIns{}, s.env("", w.zone()))
		if err != nil {
			return err
		}
		return s.commit(ctx, &d, nil)
	})
}

// MeetingOn is the appointment that a series puts on a day; false if there is
// none.
func MeetingOn(p *plan.Plan, id plan.ID, day civil.Day) (Meeting, bool) {
	c := p.CheckIns[id]
	if c == nil {
		return Meeting{}, false
	}
	series := Series(c.Appointment)
	if day.IsZero() || !series.Has(day) {
		return Meeting{}, false
	}
	return Meeting{c, series.On(day)}, true
}

// Opens reports that a check-in may be opened today: from the day before its
// appointment on. Who talks earlier holds one without.
func (m Meeting) Opens(today civil.Day, zone *time.Location) bool {
	return civil.On(m.Start, zone)-1 <= today
}

// mayOpen checks what the plan cannot know: whether the series has that
// appointment, and that it is not days away.
func (s *Service) mayOpen(v View, c plan.OpenCheckIn) error {
	if c.CheckIn == "" || v.Plan.CheckIns[c.CheckIn] == nil {
		return nil // what there is not, the plan refuses
	}
	m, ok := MeetingOn(v.Plan, c.CheckIn, c.Day)
	switch {
	case !ok:
		return fault.New(fault.Invalid, "fault.checkin.day")
	case !m.Opens(v.Today, v.Zone):
		return fault.New(fault.Refused, "fault.checkin.early", "Day", civil.On(m.Start, v.Zone))
	}
	return nil
}

// NextMeetingAfter is the first appointment that begins later than now and is
// another than the one of a run, or of a page.
func NextMeetingAfter(p *plan.Plan, now time.Time, run *plan.Run, id plan.ID, day civil.Day) (Meeting, bool) {
	if run != nil {
		id, day = run.CheckIn, run.Day
	}
	for _, m := range Meetings(p, now, now.AddDate(2, 0, 0), 2) {
		if m.CheckIn.ID == id && m.Day == day || m.Start.Before(now) {
			continue
		}
		return m, true
	}
	return Meeting{}, false
}

func nextAfter(v View) *plan.NextOne {
	m, ok := NextMeetingAfter(v.Plan, v.Now, v.Plan.OpenRun(), "", 0)
	if !ok {
		return nil
	}
	zone := zoneNamed(m.CheckIn.Zone, time.UTC)
	return &plan.NextOne{CheckIn: m.CheckIn.ID, Day: m.Day, Start: civil.WallAt(m.Start, zone), Zone: zone.String(), Minutes: int(m.End.Sub(m.Start) / time.Minute)}
}
