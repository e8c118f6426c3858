package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// visit is one request with who makes it and the language they read.
type visit struct {
	*http.Request
	caller app.Caller
	l      *locale.Locale
	id     string // of the request, for the log and for questions
}

// handler answers a visit or returns why it could not; see error.go.
type handler func(w http.ResponseWriter, v *visit) error

// handle makes a handler one for HTTP.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, id: requestID(r.Context())}
		err := s.arrive(v)
		if v.caller.Renewed { // the browser is to remember it as long as the server does
			s.cameIn(w, v, s.cookie(v), v.caller)
		}
		if err == nil {
			err = h(w, v)
		}
		if err != nil {
			s.fail(w, v, err)
		}
	})
}

// arrive finds out who calls and what they read.
func (s *Server) arrive(v *visit) error {
	v.l = s.locale(v, "", nil)
	c, err := s.App.Arrive(v.Context(), s.cookie(v))
	if err != nil {
		return err
	}
	if len(c.Session.Hash) == 0 { // what was chosen before anybody came in
		c.Session.Language, c.Session.Theme = choice(v, "language", "de", "en"), choice(v, "theme", "light", "dark")
	}
	c.Agent = agent(v.UserAgent())
	v.caller = c
	v.l = s.locale(v, "", nil)
	return nil
}

// locale is the reader's: as they chose, else of what they read, else of their
// browser. Zone nil is the server's guess.
func (s *Server) locale(v *visit, language string, zone *time.Location) *locale.Locale {
	if zone == nil {
		zone = time.UTC
	}
	lang := cmp.Or(v.caller.Session.Language, language)
	if lang == "" {
		lang = locale.Negotiate(v.Header.Get("Accept-Language"))
	}
	return locale.For(lang).At(s.App.Now(), zone)
}

// choice is a cookie's value if it is one of those allowed.
func choice(v *visit, name string, allowed ...string) string {
	c, err := v.Cookie(name)
	if err != nil {
		return ""
	}
	for _, a := range allowed {
		if c.Value == a {
			return a
		}
	}
	return ""
}

// cookieName is bound to this host by the browser where that is possible.
func (s *Server) cookieName() string {
	if s.secure() {
		return "__Host-tandem"
	}
	return "tandem"
}

func (s *Server) cookie(v *visit) app.Secret {
	c, err := v.Cookie(s.cookieName())
	if err != nil {
		return ""
	}
	return app.Secret(c.Value)
}

// cameIn gives the browser its new session.
func (s *Server) cameIn(w http.ResponseWriter, v *visit, secret app.Secret, c app.Caller) {
	v.caller = c
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(), Value: string(secret), Path: "/", Expires: c.Session.Expires,
		Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// remember keeps a choice in the browser; empty forgets it.
func (s *Server) remember(w http.ResponseWriter, name, value string, seconds int) {
	if value == "" {
		seconds = -1
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds,
		Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// member is who is signed in, or a fault that tells nothing more.
func (v *visit) member() (*app.Member, error) {
	if v.caller.Member == nil {
		return nil, fault.New(fault.Missing, "fault.missing")
	}
	return v.caller.Member, nil
}

// planID is the plan the address names.
func (v *visit) planID() plan.ID { return plan.ID(v.PathValue("plan")) }

// open opens the plan of the address and takes over its language and zone.
func (s *Server) open(v *visit) (app.View, error) {
	view, err := s.App.Open(v.Context(), v.caller, v.planID())
	if err != nil {
		return app.View{}, err
	}
	s.readsIn(v, view)
	return view, nil
}

// field is a form's value without the space around it.
func (v *visit) field(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }

// page is what is around a page's middle.
func (s *Server) page(w http.ResponseWriter, v *visit, name, title string) *view.Page {
	p := &view.Page{L: v.l, Name: name, Title: title, Theme: v.caller.Session.Theme, Here: here(v.URL), Notice: s.said(w, v)}
	m := v.caller.Member
	if m != nil {
		p.Nav = memberNav(v, name)
		p.Reader = &view.Reader{Person: view.Person{ID: string(m.ID), Name: m.Name, Side: view.Seller, You: true}, Leave: "/sign-out", Menu: memberMenu(v)}
	}
	return p
}

// accountLink leads to where the reader sees their own access.
func accountLink(v *visit) view.Link {
	return view.Link{Href: "/account", Label: v.l.T("identity.nav")}
}

// here is where a switch of language comes back to: this page, unless it is
// the answer to a form.
func here(u *url.URL) string {
	if u.RawQuery == "" {
		return u.EscapedPath()
	}
	return u.EscapedPath() + "?" + u.RawQuery
}

// local is a path on this server, or "/" if the text is anything else.
func local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// redirect leads to a page after a form was sent.
func redirect(w http.ResponseWriter, v *visit, path string) error {
	http.Redirect(w, v.Request, path, http.StatusSeeOther)
	return nil
}
