// Package civil is the civil day: a date on a wall calendar, without clock or
// time zone. All planning in this product happens in civil days; a time zone
// only decides which one "today" is.
package civil

import (
	"fmt"
	"time"
)

// Day counts civil days since 1970-01-01. The zero value stands for "no day";
// 1 January 1970 itself is therefore not representable, which no plan misses.
type Day int32

// Range of the days a plan may name: 1900-01-01 to 2199-12-31. Anything
// outside is a typing mistake.
var (
	Earliest = Of(1900, time.January, 1)
	Latest   = Of(2199, time.December, 31)
)

// Of is the civil day of a year, month and day of month; values outside their
// range carry over as in time.Date.
func Of(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// On is the civil day of an instant in a time zone.
func On(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Of(y, m, d)
}

// Parse reads YYYY-MM-DD, and only that, between Earliest and Latest.
func Parse(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form YYYY-MM-DD", s)
	}
	d := Day(t.Unix() / 86400)
	if d < Earliest || d > Latest {
		return 0, fmt.Errorf("%q is outside the years 1900 to 2199", s)
	}
	return d, nil
}

// IsZero reports that no day is named.
func (d Day) IsZero() bool { return d == 0 }

// Time is midnight UTC at the start of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Date is the year, month and day of month.
func (d Day) Date() (int, time.Month, int) { return d.Time().Date() }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday {
	w := (int(d) + 4) % 7 // 1970-01-01 was a Thursday
	if w < 0 {
		w += 7
	}
	return time.Weekday(w)
}

// String is YYYY-MM-DD, or empty for no day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("2006-01-02")
}

// MarshalText writes YYYY-MM-DD, or nothing for no day.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; empty is no day.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := Parse(string(b))
	*d = v
	return err
}
