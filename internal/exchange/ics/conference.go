package ics

import (
	"net/url"
	"regexp"
	"strings"
)

// conferenceOf is the link of an appointment's conference: where its program
// puts it, else the first in its words that leads to one. Only what a browser
// opens safely.
func conferenceOf(c *component) string {
	for _, name := range []string{"X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK", "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-GOOGLE-CONFERENCE", "CONFERENCE"} {
		if l, ok := c.get(name); ok {
			if link := safe(l.value); link != "" {
				return link
			}
		}
	}
	for _, name := range []string{"LOCATION", "URL", "DESCRIPTION", "X-ALT-DESC"} {
		l, _ := c.get(name)
		for _, s := range links.FindAllString(l.text(), 200) {
			if link := safe(s); link != "" && isConference(link) {
				return link
			}
		}
	}
	return ""
}

var links = regexp.MustCompile(`https://[^\s<>"'\]\)]+`)

// safe is a link as it may be shown: https, without what a mail gateway put
// around it.
func safe(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ".,;")
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(s) > 2000 {
		return ""
	}
	if under(u.Hostname(), "safelinks.protection.outlook.com") {
		inner := u.Query().Get("url")
		if v, err := url.Parse(inner); err != nil || v.Scheme != "https" || v.Host == "" || v.User != nil || under(v.Hostname(), "safelinks.protection.outlook.com") {
			return ""
		}
		return inner
	}
	return s
}

// conferences are the domains conferences are held under, and what their paths
// begin with.
var conferences = []struct{ domain, path string }{
	{"teams.microsoft.com", "/l/meetup-join/"}, {"teams.microsoft.com", "/meet/"}, {"teams.live.com", "/meet/"},
	{"meet.google.com", "/"}, {"zoom.us", "/j/"}, {"zoom.us", "/my/"}, {"zoom.us", "/w/"}, {"webex.com", "/"}, {"goto.com", "/"}, {"gotomeeting.com", "/"},
	{"gotomeet.me", "/"}, {"whereby.com", "/"}, {"meet.jit.si", "/"}, {"senfcall.de", "/"}, {"alfaview.com", "/"}, {"bluejeans.com", "/"}, {"chime.aws", "/"},
}

func isConference(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	for _, c := range conferences {
		if under(u.Hostname(), c.domain) && strings.HasPrefix(u.Path, c.path) && len(u.Path) > 1 {
			return true
		}
	}
	return false
}
