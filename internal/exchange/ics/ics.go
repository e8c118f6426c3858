// Package ics writes and reads what calendars exchange: feeds that are
// subscribed to (RFC 5545, 7986), and invitations with their updates,
// cancellations and answers (iTIP, RFC 5546).
//
// What is written is held by Outlook, Google and Apple: lines end with CRLF
// and are folded at 75 octets between characters; names with commas are
// quoted; a time stands on the clock of its zone with the zone's rules beside
// it, so that ten o'clock stays ten o'clock when the clocks change; the end of
// whole days is the day after. Reading forgives what those programs write, and
// is bounded.
package ics

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Codec implements app.CalendarCodec.
type Codec struct{}

const (
	product = "-//Tandem//Mutual Action Plans//EN"
	refresh = "PT1H"
)

// Feed writes a calendar that is subscribed to. The same feed gives the same
// bytes.
func (Codec) Feed(f app.CalendarFeed) []byte {
	w := &writer{}
	w.begin("PUBLISH")
	w.text("NAME", f.Name)
	w.text("X-WR-CALNAME", f.Name)
	if f.Words != "" {
		w.text("DESCRIPTION", f.Words)
		w.text("X-WR-CALDESC", f.Words)
	}
	if f.Zone != "" {
		w.raw("X-WR-TIMEZONE", f.Zone)
	}
	w.raw("REFRESH-INTERVAL", refresh, "VALUE", "DURATION")
	w.raw("X-PUBLISHED-TTL", refresh)
	w.zones(f.Entries)
	for _, e := range f.Entries {
		w.entry(e, nil)
	}
	w.raw("END", "VCALENDAR")
	return w.Bytes()
}

// Invitation writes an invitation, its update or its cancellation. Answers
// come to the organizer.
func (Codec) Invitation(i app.CalendarInvitation) []byte {
	w := &writer{}
	w.begin(i.Method)
	w.zones([]app.CalendarEntry{i.Entry})
	w.entry(i.Entry, &i)
	w.raw("END", "VCALENDAR")
	return w.Bytes()
}

func (w *writer) begin(method string) {
	w.raw("BEGIN", "VCALENDAR")
	w.raw("VERSION", "2.0")
	w.raw("PRODID", product)
	w.raw("CALSCALE", "GREGORIAN")
	w.raw("METHOD", method)
}

// zones writes the rules of every zone that a time is in, from the first time
// in it on.
func (w *writer) zones(entries []app.CalendarEntry) {
	first := map[string]int{}
	for _, e := range entries {
		if !e.Day.IsZero() || utc(e.At.Zone) {
			continue
		}
		year, _, _ := e.At.Start.Day().Date()
		if y, ok := first[e.At.Zone]; !ok || year < y {
			first[e.At.Zone] = year
		}
	}
	names := make([]string, 0, len(first))
	for name := range first {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w.zone(name, first[name])
	}
}

func utc(zone string) bool { return zone == "UTC" || zone == "Etc/UTC" }

// entry writes a day or an appointment; of a series also the days that were
// moved.
func (w *writer) entry(e app.CalendarEntry, i *app.CalendarInvitation) {
	w.event(e, i, nil)
	if e.Day.IsZero() {
		for _, m := range e.At.Moved {
			w.event(e, i, &m)
		}
	}
}

func (w *writer) event(e app.CalendarEntry, i *app.CalendarInvitation, moved *plan.MovedOne) {
	w.raw("BEGIN", "VEVENT")
	w.raw("UID", e.UID)
	w.number("SEQUENCE", e.Sequence)
	w.raw("DTSTAMP", stamp(e.Changed))
	w.raw("CREATED", stamp(e.Created))
	w.raw("LAST-MODIFIED", stamp(e.Changed))
	w.times(e, moved)
	w.text("SUMMARY", e.Title)
	if e.Words != "" {
		w.text("DESCRIPTION", e.Words)
	}
	if place := e.Place; place != "" || e.Link != "" {
		if place == "" {
			place = e.Link
		}
		w.text("LOCATION", place)
	}
	w.conference(e.Link)
	if e.Path != "" {
		w.raw("URL", e.Path)
	}
	w.raw("STATUS", status(e, i))
	if i != nil {
		w.people(i)
	}
	w.raw("END", "VEVENT")
}

func status(e app.CalendarEntry, i *app.CalendarInvitation) string {
	switch {
	case i != nil && i.Method == "CANCEL":
		return "CANCELLED"
	case e.Tentative:
		return "TENTATIVE"
	}
	return "CONFIRMED"
}

// times writes when. A whole day ends, in a calendar, where the next begins;
// it makes nobody busy.
func (w *writer) times(e app.CalendarEntry, moved *plan.MovedOne) {
	if !e.Day.IsZero() {
		w.raw("DTSTART", date(e.Day), "VALUE", "DATE")
		w.raw("DTEND", date(e.Day+1), "VALUE", "DATE")
		w.raw("TRANSP", "TRANSPARENT")
		w.raw("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
		return
	}
	a, start, minutes := e.At, e.At.Start, e.At.Minutes
	if moved != nil {
		start, minutes = moved.Start, moved.Minutes
		w.moment("RECURRENCE-ID", a.Start.On(moved.Day), a.Zone)
	}
	w.moment("DTSTART", start, a.Zone)
	w.moment("DTEND", ends(start, minutes, a.Zone), a.Zone)
	if moved == nil && a.Rule != "" {
		w.raw("RRULE", a.Rule)
		for _, d := range a.Except {
			w.moment("EXDATE", a.Start.On(d), a.Zone)
		}
	}
	w.raw("TRANSP", "OPAQUE")
}

// ends is when an appointment is over, on the same clock.
func ends(start civil.Wall, minutes int, zone string) civil.Wall {
	z, err := time.LoadLocation(zone)
	if err != nil {
		z = time.UTC
	}
	return civil.WallAt(start.In(z).Add(time.Duration(minutes)*time.Minute), z)
}

func (w *writer) moment(name string, at civil.Wall, zone string) {
	h, m := at.Clock()
	t := at.Day().Time().Add(time.Duration(h*60+m) * time.Minute)
	if utc(zone) {
		w.raw(name, stamp(t))
		return
	}
	w.raw(name, t.Format("20060102T150405"), "TZID", zone)
}

// conference writes the link where each program looks for it.
func (w *writer) conference(link string) {
	if link == "" {
		return
	}
	w.raw("CONFERENCE", link, "VALUE", "URI", "FEATURE", "VIDEO")
	u, err := url.Parse(link)
	if err != nil {
		return
	}
	switch host := u.Hostname(); {
	case under(host, "teams.microsoft.com"), under(host, "teams.live.com"):
		w.raw("X-MICROSOFT-SKYPETEAMSMEETINGURL", link)
	case under(host, "meet.google.com"):
		w.raw("X-GOOGLE-CONFERENCE", link)
	}
}

// under reports that a host is a domain or below it.
func under(host, domain string) bool {
	host = strings.ToLower(host)
	return host == domain || strings.HasSuffix(host, "."+domain)
}

func (w *writer) people(i *app.CalendarInvitation) {
	w.raw("ORGANIZER", "mailto:"+i.Organizer.Email, "CN", i.Organizer.Name)
	for _, p := range i.Invited {
		params := []string{"CUTYPE", "INDIVIDUAL", "ROLE", "REQ-PARTICIPANT", "PARTSTAT", partstat(p.Answer), "RSVP", "TRUE"}
		if p.Name != "" {
			params = append(params, "CN", p.Name)
		}
		w.raw("ATTENDEE", "mailto:"+p.Email, params...)
	}
}

func partstat(a plan.Coming) string {
	switch a {
	case plan.Comes:
		return "ACCEPTED"
	case plan.ComesMaybe:
		return "TENTATIVE"
	case plan.ComesNot:
		return "DECLINED"
	}
	return "NEEDS-ACTION"
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

func date(d civil.Day) string { return d.Time().Format("20060102") }
