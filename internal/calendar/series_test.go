package calendar_test

import (
	"testing"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
)

// What series give day by day is held against others in package ics; here is
// what bounds them.
func TestSeries(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	day := civil.Of(2028, time.March, 14)
	s := calendar.Series{Start: civil.WallOf(day, 10, 0), Zone: berlin, Minutes: 30, Rule: "FREQ=WEEKLY", Except: []civil.Day{day + 14},
		Moved: []calendar.MovedOne{{Day: day + 7, Start: civil.WallOf(day+20, 8, 0), Minutes: 60}}}
	now := s.Start.In(berlin).Add(time.Hour)
	next, ok := s.Next(now)
	if !ok || next.Day != day+7 || !next.Moved || next.End.Sub(next.Start) != time.Hour {
		t.Errorf("next: %+v, %v; want the one that was moved, before the next by the rule", next, ok)
	}
	if got := len(s.Between(now, now.AddDate(50, 0, 0), 3)); got != 3 {
		t.Errorf("%d appointments, want the 3 asked for", got)
	}
	for d, want := range map[civil.Day]bool{day: true, day + 1: false, day + 7: true, day + 14: false, day + 700: true} {
		if s.Has(d) != want {
			t.Errorf("has %s: %v", d, !want)
		}
	}
	once := calendar.Series{Start: s.Start, Zone: berlin, Minutes: 30}
	if _, ok := once.Next(now); ok {
		t.Error("what is over comes again")
	}
	if o, ok := once.Next(now.Add(-45 * time.Minute)); !ok || o.Day != day {
		t.Error("what is going on is over")
	}
	for _, rule := range []string{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=6", "FREQ=DAILY;COUNT=100000", "nonsense", "FREQ=SECONDLY"} {
		series := calendar.Series{Start: s.Start, Zone: berlin, Minutes: 30, Rule: rule}
		all := series.Between(now.AddDate(-1, 0, 0), now.AddDate(100, 0, 0), 50)
		if series.Ever() != (len(all) > 0) {
			t.Errorf("%s: ever %v, and %d appointments", rule, series.Ever(), len(all))
		}
	}
	for rule, want := range map[string]bool{"": true, "FREQ=WEEKLY;BYDAY=TU": true, "FREQ=HOURLY": false, "FREQ=WEEKLY;BYHOUR=9": false, "x": false} {
		if got := calendar.CheckSeries(rule) == nil; got != want {
			t.Errorf("%q may be: %v", rule, got)
		}
	}
}
