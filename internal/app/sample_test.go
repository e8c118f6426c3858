package app

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/lint"
	"tandem/internal/planfile"
)

// The sample must be one that can be shown, whatever day it is: nothing in it
// contradicts itself, and the only things the check points out are the ones
// it is meant to show.
func TestSampleHoldsOnEveryDay(t *testing.T) {
	t.Parallel()
	meant := []string{"past-due", "expected-late"}
	first := civil.Of(2026, time.November, 1)
	for _, language := range []string{"de", "en"} {
		for d := first; d < first+2*365; d++ {
			p := Sample(language, d)
			if err := planfile.Validate(p); err != nil {
				t.Fatalf("%s on %s: %v", language, d, err)
			}
			for _, f := range lint.Check(*p, lint.Options{Today: d}) {
				if f.Severity == lint.Error || !slices.Contains(meant, f.Rule) {
					t.Errorf("%s on %s: %s %s %s %v", language, d, f.Severity, f.Rule, f.Item, f.Message)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
}

func TestSampleDatesAreWorkingDays(t *testing.T) {
	t.Parallel()
	for d := civil.Of(2027, time.January, 1); d < civil.Of(2028, time.January, 1); d += 3 {
		p := Sample("de", d)
		if n := len(p.Actions); n < 16 || n > 18 {
			t.Fatalf("%d steps", n)
		}
		for side, region := range map[planfile.Side]string{planfile.Buyer: "DE-NI", planfile.Seller: "GB-ENG"} {
			c, err := calendar.Compile(calendar.Spec{Region: region}, calendar.Horizon{First: d - 100, Last: d + 200})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range p.Actions {
				if (a.Side == side || a.Side == planfile.Joint) && !c.Works(a.Due) {
					t.Errorf("begun on %s: %s is due on %s, no working day in %s", d, a.ID, a.Due, region)
				}
			}
		}
		if p.DecideBy.Weekday() == time.Saturday || p.DecideBy <= p.Actions[15].Due {
			t.Errorf("begun on %s: decision on %s, committee on %s", d, p.DecideBy, p.Actions[15].Due)
		}
	}
}

func TestSampleInAYearWithoutKnownHolidays(t *testing.T) {
	t.Parallel()
	if err := planfile.Validate(Sample("en", civil.Of(2190, time.March, 4))); err != nil {
		t.Error(err)
	}
}
