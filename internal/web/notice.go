package web

import (
	"net/http"
	"net/url"
	"strings"

	"tandem/internal/web/view"
)

const noticeCookie = "said"

// say leaves a sentence for the next page: a catalogue key with alternating
// names and values of its arguments.
func (s *Server) say(w http.ResponseWriter, key string, nameValues ...string) {
	q := url.Values{"": {key}}
	for i := 0; i+1 < len(nameValues); i += 2 {
		q.Set(nameValues[i], nameValues[i+1])
	}
	s.remember(w, noticeCookie, q.Encode(), 60)
}

// said takes what say left, once. A page that is fetched in the background, to
// bring another up to date, leaves it for the one that was asked for.
func (s *Server) said(w http.ResponseWriter, v *visit) *view.Notice {
	c, err := v.Cookie(noticeCookie)
	if err != nil || v.Header.Get("Tandem-Background") != "" {
		return nil
	}
	s.remember(w, noticeCookie, "", 0)
	q, err := url.ParseQuery(c.Value)
	key := q.Get("")
	if err != nil || !v.l.Has(key) || strings.HasPrefix(key, "fault.") {
		return nil
	}
	args := map[string]any{}
	for name, values := range q {
		args[name] = values[0]
	}
	return &view.Notice{Text: v.l.Text(key, args)}
}
