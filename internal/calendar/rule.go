package calendar

import (
	"time"

	"tandem/internal/civil"
)

// names of one holiday in the product's two languages.
type names struct{ de, en string }

// rule yields the day of one holiday in one year.
type rule struct {
	name         names
	when         func(year int) civil.Day // zero: not in this year
	since, until int                      // first and last year; 0 is open
	moved        moved
}

// moved says what a holiday on a weekend gives besides itself.
type moved int

const (
	stays    moved = iota
	nextFree       // the next weekday that is no holiday itself (United Kingdom)
	nearest        // Saturday gives Friday, Sunday gives Monday (United States)
)

// on is a holiday on the same date every year.
func on(name names, month time.Month, day int) rule {
	return rule{name: name, when: func(year int) civil.Day { return civil.Of(year, month, day) }}
}

// easter is a holiday some days after (before, if negative) Easter Sunday.
func easter(name names, days int) rule {
	return rule{name: name, when: func(year int) civil.Day { return EasterSunday(year) + civil.Day(days) }}
}

// nth is a holiday on the n-th weekday of a month; -1 is the last.
func nth(name names, n int, weekday time.Weekday, month time.Month) rule {
	return rule{name: name, when: func(year int) civil.Day { return nthWeekday(year, n, weekday, month) }}
}

// only is a holiday of one single year.
func only(name names, year int, month time.Month, day int) rule {
	return on(name, month, day).from(year).to(year)
}

func (r rule) from(year int) rule       { r.since = year; return r }
func (r rule) to(year int) rule         { r.until = year; return r }
func (r rule) substituted(m moved) rule { r.moved = m; return r }

// in is the holiday's day in a year, if it has one.
func (r rule) in(year int) (civil.Day, bool) {
	if year < r.since || r.until != 0 && year > r.until {
		return 0, false
	}
	d := r.when(year)
	return d, d != 0
}

// except leaves the years out in which a proclamation moved the holiday.
func (r rule) except(years ...int) rule {
	when := r.when
	r.when = func(year int) civil.Day {
		for _, y := range years {
			if y == year {
				return 0
			}
		}
		return when(year)
	}
	return r
}

// unless leaves the holiday out in years in which it falls on such a weekday.
func (r rule) unless(weekdays ...time.Weekday) rule {
	when := r.when
	r.when = func(year int) civil.Day {
		d := when(year)
		for _, w := range weekdays {
			if d.Weekday() == w {
				return 0
			}
		}
		return d
	}
	return r
}

// nthWeekday is the n-th weekday of a month, counted from its end if n is
// negative.
func nthWeekday(year, n int, weekday time.Weekday, month time.Month) civil.Day {
	if n < 0 {
		last := civil.Of(year, month+1, 0)
		back := (int(last.Weekday()) - int(weekday) + 7) % 7
		return last - civil.Day(back) + civil.Day((n+1)*7)
	}
	return weekdayFrom(civil.Of(year, month, 1), weekday) + civil.Day((n-1)*7)
}

// weekdayFrom is the first such weekday on or after a day.
func weekdayFrom(d civil.Day, weekday time.Weekday) civil.Day {
	return d + civil.Day((int(weekday)-int(d.Weekday())+7)%7)
}

// EasterSunday is Easter Sunday of the western churches in a Gregorian year,
// by the algorithm of Meeus, Jones and Butcher (Jean Meeus, Astronomical
// Algorithms, 1991, chapter 8).
func EasterSunday(year int) civil.Day {
	a := year % 19
	b, c := year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	day := (h+l-7*m+114)%31 + 1
	return civil.Of(year, time.Month(month), day)
}
