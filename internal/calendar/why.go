package calendar

import (
	"sort"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Kind is why a day is no working day.
type Kind string

const (
	Weekend Kind = "weekend" // not in the working week
	Public  Kind = "holiday" // public holiday
	Closed  Kind = "closed"  // the organisation is closed
	Absence Kind = "absence" // the owner is away
	Freeze  Kind = "freeze"  // a freeze stops work
)

// Reason is one reason why nobody works on a day.
type Reason struct {
	Kind    Kind
	Who     string  // whose day off; empty if nobody was named
	Note    string  // what people call a closed day, absence or freeze
	Holiday Holiday // of Kind Public
}

// Name of the reason in "de" or "en" where it has one of its own: a holiday's
// name or people's note; empty for a weekend.
func (r Reason) Name(lang string) string {
	if r.Kind == Public {
		return r.Holiday.Name(lang)
	}
	return r.Note
}

// Why are all reasons why a day is no working day; none for a working day and
// outside the horizon.
func (c *Calendar) Why(d civil.Day) []Reason {
	if !c.horizon.holds(d) || c.Works(d) {
		return nil
	}
	var out []Reason
	for _, s := range c.sources {
		if !s.week.has(d.Weekday()) {
			out = append(out, Reason{Kind: Weekend, Who: s.who})
		}
		from := sort.Search(len(s.holidays), func(i int) bool { return s.holidays[i].Date >= d })
		for _, h := range s.holidays[from:] {
			if h.Date != d {
				break
			}
			out = append(out, Reason{Kind: Public, Who: s.who, Holiday: h})
		}
		for _, sp := range s.spans {
			if sp.From <= d && d <= sp.To {
				out = append(out, Reason{Kind: sp.kind, Who: sp.who, Note: sp.Note})
			}
		}
	}
	return out
}

// source is one layer of a calendar, kept to explain it.
type source struct {
	who      string
	week     week
	holidays []Holiday // by date
	spans    []named
}

type named struct {
	Span
	kind Kind
	who  string
}

// add takes spans out of the working days.
func (s *source) add(kind Kind, who string, spans []Span, h Horizon, off []bool) error {
	for _, sp := range spans {
		if sp.To < sp.From {
			return fault.New(fault.Invalid, "calendar.span.order", "who", who, "from", sp.From, "to", sp.To)
		}
		s.spans = append(s.spans, named{sp, kind, who})
		for d := max(sp.From, h.First); d <= min(sp.To, h.Last); d++ {
			off[d-h.First] = true
		}
	}
	return nil
}

// week is a set of weekdays, bit by time.Weekday.
type week uint8

const wholeWeek week = 1<<7 - 1

func weekOf(days []time.Weekday) (w week) {
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

func (w week) has(d time.Weekday) bool { return w&(1<<d) != 0 }
