package ics

import (
	"cmp"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Most of what one message says.
const (
	maxEvents    = 500
	maxAttendees = 500
	maxDays      = 500
)

// Read reads what somebody's calendar sent: an invitation, its update or end,
// an answer. Events that say no time (as some answers do) have none.
//
// Faults: checkin.ics for what is no calendar, or too large.
func (Codec) Read(data []byte) (app.CalendarMessage, error) {
	all, err := lines(data)
	if err != nil {
		return app.CalendarMessage{}, fault.New(fault.Invalid, "checkin.ics").Wrap(err)
	}
	cal, err := tree(all)
	if err != nil {
		return app.CalendarMessage{}, fault.New(fault.Invalid, "checkin.ics").Wrap(err)
	}
	m := app.CalendarMessage{Method: strings.ToUpper(cal.text("METHOD"))}
	r := reader{zones: zonesOf(cal), base: cal.text("X-WR-TIMEZONE")}
	for _, c := range cal.all("VEVENT") {
		if len(m.Events) == maxEvents {
			break
		}
		if e, ok := r.event(c); ok {
			m.Events = append(m.Events, e)
		}
	}
	if len(m.Events) == 0 {
		return m, fault.New(fault.Invalid, "checkin.ics")
	}
	return m, nil
}

// reader knows the zones of a message.
type reader struct {
	zones map[string]string // TZID → IANA
	base  string
}

func (r reader) event(c *component) (app.CalendarEvent, bool) {
	e := app.CalendarEvent{UID: c.text("UID"), Title: c.text("SUMMARY"), Place: c.text("LOCATION"), Cancelled: strings.EqualFold(c.text("STATUS"), "CANCELLED")}
	if e.UID == "" {
		return e, false
	}
	if n, err := strconv.Atoi(c.text("SEQUENCE")); err == nil && n >= 0 && n < 1_000_000 {
		e.Sequence = n
	}
	r.when(c, &e)
	if l, ok := c.get("RECURRENCE-ID"); ok {
		e.Of = r.instant(l, e.Zone)
	}
	if l, ok := c.get("ORGANIZER"); ok {
		e.Organizer = personOf(l)
	}
	for _, l := range c.lines {
		if l.name == "ATTENDEE" && len(e.Attendees) < maxAttendees {
			e.Attendees = append(e.Attendees, personOf(l))
		}
	}
	e.Link = conferenceOf(c)
	if e.Link != "" && (e.Place == e.Link || onlyName(e.Place)) {
		e.Place = ""
	}
	return e, true
}

// onlyName: what programs write as the place of a meeting that has none.
func onlyName(place string) bool {
	return slices.Contains([]string{"Microsoft Teams Meeting", "Microsoft Teams-Besprechung", "Microsoft Teams", "Teams-Besprechung", "Google Meet", "Zoom Meeting", "Zoom"}, place)
}

// when reads start, length, rhythm and the days left out.
func (r reader) when(c *component, e *app.CalendarEvent) {
	start, ok := c.get("DTSTART")
	if !ok {
		return
	}
	wall, zone, whole, ok := r.wall(start)
	if !ok {
		return
	}
	e.Start, e.Zone = wall, zone
	e.Minutes = r.minutes(c, start, whole)
	if l, ok := c.get("RRULE"); ok {
		e.Rule = strings.ToUpper(strings.TrimSpace(l.value))
	}
	location := r.location(zone)
	for _, l := range c.lines {
		if l.name != "EXDATE" {
			continue
		}
		for v := range strings.SplitSeq(l.value, ",") {
			one := l
			one.value = v
			if i := r.instant(one, zone); !i.IsZero() && len(e.Except) < maxDays {
				e.Except = append(e.Except, i.In(location))
			}
		}
	}
}

func (r reader) location(zone string) *time.Location {
	if z, err := time.LoadLocation(zone); err == nil {
		return z
	}
	return time.UTC
}

// minutes is how long it takes: an hour where nothing is said.
func (r reader) minutes(c *component, start line, whole bool) int {
	from := r.instant(start, "")
	if l, ok := c.get("DTEND"); ok {
		to := r.instant(l, "")
		if whole && !to.Day.IsZero() {
			return max(int(to.Day-from.Day), 1) * 24 * 60
		}
		if n := int(to.At.Sub(from.At).Minutes()); !to.At.IsZero() && n > 0 {
			return n
		}
	}
	if n := duration(c.text("DURATION")); n > 0 {
		return n
	}
	if whole {
		return 24 * 60
	}
	return 60
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d{1,5}S)?)?$`)

// duration reads "PT1H30M" in minutes; 0 for what is none.
func duration(s string) int {
	m := durationForm.FindStringSubmatch(strings.ToUpper(s))
	if m == nil {
		return 0
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	return n(1)*7*24*60 + n(2)*24*60 + n(3)*60 + n(4)
}

// wall reads a time on the clock of its zone; whole says that it is a day.
func (r reader) wall(l line) (w civil.Wall, zone string, whole, ok bool) {
	v := strings.TrimSpace(l.value)
	if t, err := time.Parse("20060102", v); err == nil {
		d := civil.On(t, time.UTC)
		return civil.WallOf(d, 0, 0), r.base, true, inRange(d)
	}
	zone = r.zoneOf(l.param("TZID"))
	if s, isUTC := strings.CutSuffix(v, "Z"); isUTC {
		v, zone = s, "UTC"
	}
	t, err := time.Parse("20060102T150405", v)
	if err != nil {
		return "", "", false, false
	}
	return civil.WallAt(t, time.UTC), zone, false, inRange(civil.On(t, time.UTC))
}

func inRange(d civil.Day) bool { return d >= civil.Earliest && d <= civil.Latest && !d.IsZero() }

// instant reads a time; one that names no zone is in the given one.
func (r reader) instant(l line, zone string) app.Instant {
	w, own, whole, ok := r.wall(l)
	switch {
	case !ok:
		return app.Instant{}
	case whole:
		return app.Instant{Day: w.Day()}
	}
	return app.Instant{At: w.In(r.location(cmp.Or(own, zone)))}
}

// personOf is who a property names.
func personOf(l line) app.CalendarPerson {
	p := app.CalendarPerson{Name: l.param("CN"), Email: address(l.value)}
	if p.Email == "" {
		p.Email = address(l.param("EMAIL"))
	}
	switch strings.ToUpper(l.param("PARTSTAT")) {
	case "ACCEPTED":
		p.Answer = plan.Comes
	case "TENTATIVE":
		p.Answer = plan.ComesMaybe
	case "DECLINED":
		p.Answer = plan.ComesNot
	}
	return p
}

// address is the mail address of a mailto, in small letters; empty for none.
func address(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if u, err := url.PathUnescape(s); err == nil {
		s = u
	}
	a, err := mail.ParseAddress(s)
	if err != nil || len(a.Address) > 320 {
		return ""
	}
	return strings.ToLower(a.Address)
}
