package ics

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// zonesOf finds, for each zone a message describes, the one it is: by its
// name, else by what it says of its offsets.
func zonesOf(cal *component) map[string]string {
	out := map[string]string{}
	for _, c := range cal.all("VTIMEZONE") {
		id := c.text("TZID")
		if id == "" || len(out) > 50 {
			continue
		}
		for _, name := range []string{id, c.text("X-LIC-LOCATION")} {
			if z := zoneName(name); z != "" && out[id] == "" {
				out[id] = z
			}
		}
		if out[id] == "" {
			out[id] = likeOffsets(c)
		}
	}
	return out
}

// zoneOf is the IANA name of a TZID; empty if it says nothing.
func (r reader) zoneOf(id string) string {
	if id == "" {
		return r.base
	}
	if z := r.zones[id]; z != "" {
		return z
	}
	return zoneName(id)
}

// zoneName knows a zone by the names programs give it: those of the IANA, also
// at the end of a path ("/freeassociation.sourceforge.net/Europe/Berlin"),
// those of Windows, and what Outlook shows people ("(UTC+01:00) Amsterdam,
// Berlin …").
func zoneName(s string) string {
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if z, ok := windowsZones[s]; ok {
		return z
	}
	if len(s) > 100 || s == "" {
		return ""
	}
	for path := strings.TrimPrefix(s, "/"); path != ""; {
		if path != "Local" && known(path) {
			return path
		}
		_, rest, ok := strings.Cut(path, "/")
		if !ok {
			break
		}
		path = rest
	}
	if strings.HasPrefix(s, "(UTC") || strings.HasPrefix(s, "(GMT") {
		for city, z := range cities {
			if strings.Contains(s, city) {
				return z
			}
		}
	}
	if strings.EqualFold(s, "tzone://Microsoft/Utc") || strings.EqualFold(s, "GMT") || strings.EqualFold(s, "Z") {
		return "UTC"
	}
	return ""
}

// known: only names of places, so that nothing else is opened on the way.
func known(name string) bool {
	if strings.ContainsAny(name, `\.`) || strings.HasPrefix(name, "/") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// cities in what Outlook shows people; those that stand in the words of one zone lead to one.
var cities = map[string]string{
	"Amsterdam": "Europe/Berlin", "Berlin": "Europe/Berlin", "Brüssel": "Europe/Paris", "Brussels": "Europe/Paris", "Belgrad": "Europe/Budapest",
	"Sarajevo": "Europe/Warsaw", "Athen": "Europe/Bucharest", "Helsinki": "Europe/Kiev", "Dublin": "Europe/London",
	"Eastern Time": "America/New_York", "Central Time": "America/Chicago", "Mountain Time": "America/Denver", "Pacific Time": "America/Los_Angeles",
}

// usual are the zones that a description without a name we know is held
// against, the likeliest first.
var usual = []string{"Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
	"Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo", "Asia/Dubai", "UTC"}

// likeOffsets is a usual zone whose clocks are set as a description says, in
// winter and in summer; else the fixed offset; else nothing.
func likeOffsets(c *component) string {
	offsets := map[int]bool{}
	for _, p := range c.parts {
		if n, ok := seconds(p.text("TZOFFSETTO")); ok {
			offsets[n] = true
		}
	}
	for _, name := range usual {
		z, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		_, winter := time.Date(2028, time.January, 15, 0, 0, 0, 0, z).Zone()
		_, summer := time.Date(2028, time.July, 15, 0, 0, 0, 0, z).Zone()
		if offsets[winter] && offsets[summer] && len(offsets) == len(map[int]bool{winter: true, summer: true}) {
			return name
		}
	}
	for n := range offsets {
		if h := n / 3600; len(offsets) == 1 && n%3600 == 0 && h >= -12 && h <= 14 {
			return fixed(-h)
		}
	}
	return ""
}

// fixed is the zone of an offset in hours; its sign is the other way round.
func fixed(h int) string {
	if h == 0 {
		return "UTC"
	}
	return fmt.Sprintf("Etc/GMT%+d", h)
}

// seconds reads "+0100".
func seconds(s string) (int, bool) {
	if len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, err := strconv.Atoi(s[1:3])
	m, err2 := strconv.Atoi(s[3:5])
	if err != nil || err2 != nil {
		return 0, false
	}
	n := h*3600 + m*60
	if s[0] == '-' {
		n = -n
	}
	return n, true
}
