package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/web/view"
)

// secret is the one in the address. It is 43 characters or no secret at all.
func (v *visit) secret() app.Secret { return app.Secret(v.PathValue("secret")) }

// start is where everybody arrives: a member at the workspace's plans, a guest
// at their own, and anybody else at a page that says how one gets in.
func (s *Server) start(w http.ResponseWriter, v *visit) error {
	switch {
	case v.caller.Member != nil:
		return s.portfolio(w, v)
	case len(v.caller.Session.Persons) > 0:
		return s.guestList(w, v)
	}
	return render(w, v, http.StatusOK, view.Welcome(s.page(w, v, "welcome", v.l.T("pages.welcome.title"))))
}

// setup shows the form that makes a server's first workspace.
func (s *Server) setup(w http.ResponseWriter, v *visit) error {
	if _, err := s.App.Look(v.Context(), v.secret(), app.SetupPass); err != nil {
		return s.deadLink(w, v, err)
	}
	f := view.Setup{Action: v.URL.Path, Place: place(v.l, app.Workspace{Language: v.l.Lang, Zone: "Europe/Berlin", Region: "DE"})}
	return render(w, v, http.StatusOK, view.SetupPage(s.page(w, v, "setup", v.l.T("pages.setup.title")), f))
}

func (s *Server) setupDone(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	n := app.NewWorkspace{Workspace: workspaceOf(v), Administrator: v.field("name"), Email: v.field("email")}
	err := checkRegion(n.Region)
	if err == nil {
		var secret app.Secret
		var c app.Caller
		if secret, c, err = s.App.Begin(v.Context(), v.caller, v.secret(), n); err == nil {
			s.cameIn(w, v, secret, c)
			s.say(w, "pages.setup.done")
			return redirect(w, v, "/")
		}
	}
	if fault.Is(err, fault.Missing) {
		return s.deadLink(w, v, err)
	}
	f := view.Setup{Action: v.URL.Path, Name: n.Administrator, Email: n.Email, Place: place(v.l, n.Workspace)}
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	return render(w, v, http.StatusUnprocessableEntity, view.SetupPage(s.page(w, v, "setup", v.l.T("pages.setup.title")), f))
}

// workspaceOf reads the fields that describe a workspace.
func workspaceOf(v *visit) app.Workspace {
	return app.Workspace{Name: v.field("organisation"), Language: v.field("language"), Zone: v.field("zone"),
		Region: v.field("region"), Notice: v.field("notice")}
}

func checkRegion(region string) error {
	if region == "" {
		return nil
	}
	return calendar.CheckRegion(region)
}

// zones are those offered; any other IANA name may be typed.
var zones = []string{"Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/London", "Europe/Dublin", "Europe/Paris", "Europe/Amsterdam",
	"Europe/Madrid", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Prague", "Europe/Helsinki", "America/New_York",
	"America/Chicago", "America/Denver", "America/Los_Angeles", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "UTC"}

// place fills the fields that describe a workspace.
func place(l *locale.Locale, w app.Workspace) view.Place {
	p := view.Place{Organisation: w.Name, Language: w.Language, Zone: w.Zone, Region: w.Region, Notice: w.Notice, Zones: zones, Fiscal: strconv.Itoa(w.Fiscal), Proof: w.Proof}
	for _, x := range w.Closed {
		p.Closed += x.From.String() + " " + x.To.String() + " " + x.Note + "\n"
	}
	if !slices.Contains(zones, w.Zone) && w.Zone != "" {
		p.Zones = append([]string{w.Zone}, zones...)
	}
	for _, r := range calendar.Regions() {
		p.Regions = append(p.Regions, view.Option{Value: r.Code, Label: r.Name(l.Lang)})
	}
	return p
}

// deadLink is the polite page for a link that no longer works, or never did:
// nobody learns which.
func (s *Server) deadLink(w http.ResponseWriter, v *visit, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Missing {
		return err
	}
	s.log(v, err)
	page := s.page(w, v, "dead-link", v.l.T("pages.dead.title"))
	if words := v.field("text"); words != "" { // typed on a page whose link ended meanwhile
		page.Notice = &view.Notice{Text: v.l.T("mine.typed", "Words", words)}
	}
	return render(w, v, http.StatusNotFound, view.DeadLink(page,
		v.caller.Member != nil || len(v.caller.Session.Persons) > 0))
}

// signIn shows a button: programs that open links to look at them change
// nothing. A link that was mailed to who asked works in their browser only.
func (s *Server) signIn(w http.ResponseWriter, v *visit) error {
	_, err := s.App.Look(v.Context(), v.secret(), app.MemberPass)
	if fault.Is(err, fault.Missing) {
		return s.openSignIn(w, v)
	}
	if err != nil {
		return err
	}
	if s.Demo {
		return s.signInDone(w, v)
	}
	return render(w, v, http.StatusOK, view.SignIn(s.page(w, v, "sign-in", v.l.T("pages.signin.title")), here(v.URL)))
}

func (s *Server) signInDone(w http.ResponseWriter, v *visit) error {
	pass, err := s.App.Look(v.Context(), v.secret(), app.MemberPass)
	if fault.Is(err, fault.Missing) {
		return s.useSignIn(w, v)
	}
	if err != nil {
		return err
	}
	secret, c, err := s.App.SignIn(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	s.cameIn(w, v, secret, c)
	to := "/"
	if pass.Plan != "" {
		to = "/plans/" + string(pass.Plan)
	}
	return redirect(w, v, local(cmp.Or(v.URL.Query().Get("to"), to)))
}

func (s *Server) signOut(w http.ResponseWriter, v *visit) error {
	if err := s.App.SignOut(v.Context(), v.caller); err != nil {
		return err
	}
	s.remember(w, s.cookieName(), "", 0)
	s.say(w, "pages.signed-out")
	return redirect(w, v, "/")
}

const year = 365 * 24 * 60 * 60

func (s *Server) chooseLanguage(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	lang := v.field("lang")
	if !slices.Contains(locale.Languages, lang) {
		return fault.New(fault.Invalid, "fault.language")
	}
	if err := s.App.Prefer(v.Context(), v.caller, lang, v.caller.Session.Theme); err != nil {
		return err
	}
	s.remember(w, "language", lang, year)
	return redirect(w, v, local(v.field("back")))
}

func (s *Server) chooseTheme(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	theme := v.field("theme")
	if !slices.Contains([]string{"", "light", "dark"}, theme) {
		theme = ""
	}
	if err := s.App.Prefer(v.Context(), v.caller, "", theme); err != nil {
		return err
	}
	s.remember(w, "theme", theme, year)
	return redirect(w, v, local(v.field("back")))
}
