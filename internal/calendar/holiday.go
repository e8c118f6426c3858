package calendar

import (
	"slices"
	"sort"
	"strconv"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Years for which the rule table knows the public holidays. Changes of law
// since FirstYear are in it; before that it would be wrong.
const (
	FirstYear = 2000
	LastYear  = 2199
)

// Holiday is a public holiday on one day. Half holidays (Swiss cantons on
// 1 May or Christmas Eve) are working days and not among them.
type Holiday struct {
	Date       civil.Day
	Substitute bool // stands in for a holiday that fell on a weekend
	names      names
}

// Name of the holiday in "de" or "en"; any other language reads English.
func (h Holiday) Name(lang string) string {
	name, suffix := h.names.en, " (substitute day)"
	if lang == "de" {
		name, suffix = h.names.de, " (Ersatztag)"
	}
	if h.Substitute {
		name += suffix
	}
	return name
}

// Holidays are the public holidays of a region in a year, by date. A day with
// two holidays is in it twice. A holiday on a weekend is listed on its own
// date, and its substitute day, where the law grants one, as well.
//
// Faults: calendar.region.near with suggestions, calendar.region.unknown;
// calendar.year.range outside FirstYear to LastYear.
func Holidays(regionCode string, year int) ([]Holiday, error) {
	rules, err := rulesOf(regionCode)
	if err != nil {
		return nil, err
	}
	if year < FirstYear || year > LastYear {
		return nil, fault.New(fault.Invalid, "calendar.year.range",
			"year", strconv.Itoa(year), "first", strconv.Itoa(FirstYear), "last", strconv.Itoa(LastYear))
	}
	var all []Holiday
	for y := year - 1; y <= year+1; y++ { // an observed day may lie in the year before
		all = append(all, observed(rules, y)...)
	}
	first, next := civil.Of(year, 1, 1), civil.Of(year+1, 1, 1)
	all = slices.DeleteFunc(all, func(h Holiday) bool { return h.Date < first || h.Date >= next })
	sort.SliceStable(all, func(i, j int) bool { return all[i].Date < all[j].Date })
	return slices.CompactFunc(all, func(a, b Holiday) bool { return a == b }), nil
}

// observed are the holidays that rules give for one year, with substitutes.
func observed(rules []rule, year int) []Holiday {
	type given struct {
		Holiday
		moved moved
	}
	var own []given
	taken := map[civil.Day]bool{}
	for _, r := range rules {
		if d, ok := r.in(year); ok {
			own = append(own, given{Holiday{Date: d, names: r.name}, r.moved})
			taken[d] = true
		}
	}
	sort.SliceStable(own, func(i, j int) bool { return own[i].Date < own[j].Date })
	var out []Holiday
	for _, g := range own {
		out = append(out, g.Holiday)
		if g.moved == stays || !weekend(g.Date) {
			continue
		}
		sub := Holiday{Date: g.Date, Substitute: true, names: g.names}
		if g.moved == nearest && g.Date.Weekday() == 6 {
			sub.Date--
		} else {
			for weekend(sub.Date) || g.moved == nextFree && taken[sub.Date] {
				sub.Date++
			}
		}
		taken[sub.Date] = true
		out = append(out, sub)
	}
	return out
}

func weekend(d civil.Day) bool {
	w := d.Weekday()
	return w == 0 || w == 6
}
