package civil

import (
	"fmt"
	"time"
)

// Wall is a minute on a wall clock, without time zone: "2028-05-16T10:30".
// Empty is none. What is agreed by people ("Tuesdays at ten, Berlin time") is
// kept like this with the zone's name beside it: the instant follows from the
// zone's rules of the day, and moves when those do.
type Wall string

const wallLayout = "2006-01-02T15:04"

// WallOf is a minute of a day.
func WallOf(d Day, hour, minute int) Wall {
	return Wall(d.Time().Add(time.Duration(hour*60+minute) * time.Minute).Format(wallLayout))
}

// WallAt is what clocks show at an instant in a zone; seconds are left out.
func WallAt(t time.Time, zone *time.Location) Wall { return Wall(t.In(zone).Format(wallLayout)) }

// ParseWall reads YYYY-MM-DDTHH:MM, and only that, between Earliest and Latest.
func ParseWall(s string) (Wall, error) {
	if len(s) == len(wallLayout) {
		if t, err := time.Parse(wallLayout, s); err == nil {
			if d := Day(t.Unix() / 86400); d >= Earliest && d <= Latest {
				return Wall(s), nil
			}
		}
	}
	return "", fmt.Errorf("%q is not a time of the form YYYY-MM-DDTHH:MM", s)
}

// naive reads the clock as if it were in UTC; zero for none.
func (w Wall) naive() time.Time {
	t, err := time.Parse(wallLayout, string(w))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Day is the civil day; no day for none.
func (w Wall) Day() Day {
	if w == "" {
		return 0
	}
	return On(w.naive(), time.UTC)
}

// Clock is hour and minute.
func (w Wall) Clock() (hour, minute int) {
	t := w.naive()
	return t.Hour(), t.Minute()
}

// HHMM is "10:30".
func (w Wall) HHMM() string { return w.naive().Format("15:04") }

// On is the same time of another day.
func (w Wall) On(d Day) Wall {
	h, m := w.Clock()
	return WallOf(d, h, m)
}

// In is the instant at which clocks of a zone show this. A time that clocks
// skip in spring is read with the offset before the change; of one they show
// twice in autumn, the first is meant (RFC 5545, 3.3.5).
func (w Wall) In(zone *time.Location) time.Time {
	naive := w.naive()
	if naive.IsZero() {
		return time.Time{}
	}
	shifted := func(near time.Time) (t time.Time, fits bool) {
		_, offset := near.In(zone).Zone()
		t = naive.Add(-time.Duration(offset) * time.Second).In(zone)
		_, now := t.Zone()
		return t, now == offset
	}
	before, fits := shifted(naive.Add(-24 * time.Hour))
	if fits {
		return before
	}
	if after, fits := shifted(naive.Add(24 * time.Hour)); fits {
		return after
	}
	return before // skipped
}
