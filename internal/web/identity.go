package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// identityRoutes are how members sign in, and what they and their
// administrators do about their accounts.
//
// One GET acts: the way back from an identity provider. It is the end of what
// the person began with a click, works once, and only in the browser that
// clicked; opened anywhere else it changes nothing.
func (s *Server) identityRoutes(page, door func(pattern string, h handler)) {
	page("GET /sign-in", s.signInPage)
	door("POST /sign-in", s.signInAsk)
	page("GET /sign-in/code", s.signInAsked)
	door("POST /sign-in/code", s.signInCode)
	door("POST /sign-in/passkey/begin", s.forScript(s.passkeyBegin))
	door("POST /sign-in/passkey", s.forScript(s.passkeyUse))
	door("POST /sign-in/with/{provider}", s.providerVisit(false))
	door("GET /sign-in/callback", s.providerBack)

	page("GET /account", s.account)
	page("POST /account/browsers/end", s.browsersEnd)
	page("POST /account/browsers/{browser}/end", s.browserEnd)
	door("POST /account/passkeys/begin", s.forScript(s.passkeyMake))
	door("POST /account/passkeys", s.forScript(s.passkeyMade))
	page("POST /account/passkeys/{passkey}/{move}", s.passkeyMove)
	door("POST /account/with/{provider}", s.providerVisit(true))
	page("POST /account/with/{provider}/remove", s.providerRemove)
	page("POST /account/places/{member}", s.placeMove)

	page("POST /workspace/people/{member}/role", s.colleagueRole)
	page("POST /workspace/people/{member}/off", s.colleagueSwitch(true))
	page("POST /workspace/people/{member}/on", s.colleagueSwitch(false))
	page("POST /workspace/providers/{provider}", s.believe)
}

// Cookies of a browser that is about to sign in: what it asked for by mail,
// and what it is in the middle of.
const (
	askedCookie = "asked"
	stepCookie  = "step"
	ontoCookie  = "onto" // where to go once that is done
)

// ownCookie is bound to this host by the browser where that is possible.
func (s *Server) ownCookie(name string) string { return s.cookieName() + "-" + name }

// held is a secret this browser keeps; empty if it keeps none.
func (s *Server) held(v *visit, name string) app.Secret {
	c, err := v.Cookie(s.ownCookie(name))
	if err != nil || len(c.Value) != 43 {
		return ""
	}
	return app.Secret(c.Value)
}

// mayAsk is the limit for one mail address, given as it is typed: it counts alike
// whether anybody has it.
func (s *Server) mayAsk(email string) error {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	if !s.askers.allow(hex.EncodeToString(sum[:])) {
		return fault.New(fault.TooMany, "identity.fault.often").Fix("identity.fix.often")
	}
	return nil
}

func (s *Server) signInForm() view.SignInForm {
	f := view.SignInForm{Mail: s.App.MailOn(), Passkeys: s.App.PasskeysOn()}
	for _, p := range s.App.IdentityProviders() {
		f.Providers = append(f.Providers, view.ProviderLink{ID: p.ID, Label: p.Label})
	}
	return f
}

func (s *Server) signInPage(w http.ResponseWriter, v *visit) error {
	return s.showSignIn(w, v, http.StatusOK, s.signInForm())
}

func (s *Server) showSignIn(w http.ResponseWriter, v *visit, status int, f view.SignInForm) error {
	p := s.page(w, v, "sign-in", v.l.T("identity.signin.title"))
	if f.Passkeys {
		p.Script = "passkey.js"
	}
	return render(w, v, status, view.SignInPage(p, f))
}

// signInAsk answers every address alike: see app.AskSignIn.
func (s *Server) signInAsk(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	email := v.field("email")
	err := s.mayAsk(email)
	var asked app.Secret
	if err == nil {
		asked, err = s.App.AskSignIn(v.Context(), v.caller, email, v.l.Lang)
	}
	if err == nil {
		s.remember(w, s.ownCookie(askedCookie), string(asked), 20*60)
		return redirect(w, v, "/sign-in/code")
	}
	f := s.signInForm()
	f.Email = email
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "180")
	}
	return s.showSignIn(w, v, status, f)
}

func (s *Server) signInAsked(w http.ResponseWriter, v *visit) error {
	return s.showAsked(w, v, http.StatusOK, nil)
}

func (s *Server) showAsked(w http.ResponseWriter, v *visit, status int, p *view.FormProblem) error {
	r, err := s.App.AskedSignIn(v.Context(), s.held(v, askedCookie))
	if err != nil {
		return s.askAgain(w, v, err)
	}
	f := view.SignInAsked{Email: r.Address, Minutes: 10, Problem: p}
	return render(w, v, status, view.SignInAskedPage(s.page(w, v, "sign-in-code", v.l.T("identity.asked.title")), f))
}

// askAgain shows the first page to a browser that asked for nothing, or too
// long ago, or typed too many codes.
func (s *Server) askAgain(w http.ResponseWriter, v *visit, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Missing {
		return err
	}
	if s.held(v, askedCookie) == "" {
		return redirect(w, v, "/sign-in")
	}
	s.remember(w, s.ownCookie(askedCookie), "", 0)
	form := s.signInForm()
	if form.Problem, err = problem(v, err); err != nil {
		return err
	}
	return s.showSignIn(w, v, http.StatusUnprocessableEntity, form)
}

func (s *Server) signInCode(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	secret, c, err := s.App.SignInByCode(v.Context(), v.caller, s.held(v, askedCookie), v.field("code"))
	switch {
	case err == nil:
		return s.signedIn(w, v, secret, c)
	case fault.Is(err, fault.Missing):
		return s.askAgain(w, v, err)
	}
	status := statusOf(err)
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showAsked(w, v, status, p)
}

// signedIn gives the browser its session and leads to the member's plans.
func (s *Server) signedIn(w http.ResponseWriter, v *visit, secret app.Secret, c app.Caller) error {
	s.remember(w, s.ownCookie(askedCookie), "", 0)
	s.cameIn(w, v, secret, c)
	return redirect(w, v, s.onto(w, v))
}

// onto is where somebody wanted to go before they signed in; once.
func (s *Server) onto(w http.ResponseWriter, v *visit) string {
	c, err := v.Cookie(s.ownCookie(ontoCookie))
	if err != nil {
		return "/"
	}
	s.remember(w, s.ownCookie(ontoCookie), "", 0)
	return local(c.Value)
}

// openSignIn shows what a mailed link does in this browser.
func (s *Server) openSignIn(w http.ResponseWriter, v *visit) error {
	o, err := s.App.OpenSignIn(v.Context(), s.held(v, askedCookie), v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	if !o.Here {
		return render(w, v, http.StatusOK, view.SignInElsewhere(s.page(w, v, "sign-in-elsewhere", v.l.T("identity.elsewhere.title"))))
	}
	return render(w, v, http.StatusOK, view.SignIn(s.page(w, v, "sign-in-link", v.l.T("pages.signin.title")), v.URL.Path))
}

func (s *Server) useSignIn(w http.ResponseWriter, v *visit) error {
	secret, c, err := s.App.SignInByLink(v.Context(), v.caller, s.held(v, askedCookie), v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	return s.signedIn(w, v, secret, c)
}

// providerVisit sends a browser to an identity provider. It is an answer that
// leads on by itself, not a redirect: the policy of our pages lets forms, and
// where they are redirected to, lead nowhere but to this server.
func (s *Server) providerVisit(connect bool) handler {
	return func(w http.ResponseWriter, v *visit) error {
		id := v.PathValue("provider")
		step, address, err := s.App.VisitProvider(v.Context(), v.caller, id, connect)
		if fault.Is(err, fault.Unready) {
			return s.notSignedIn(w, v, err)
		}
		if err != nil {
			return err
		}
		all := s.App.IdentityProviders()
		label := all[slices.IndexFunc(all, func(p app.IdentityProvider) bool { return p.ID == id })].Label
		s.remember(w, s.ownCookie(stepCookie), string(step), 10*60)
		w.Header().Set("Refresh", "0; url="+address)
		return render(w, v, http.StatusOK, view.SignInLeaving(s.page(w, v, "sign-in-leaving", v.l.T("identity.leaving.title", "Provider", label)), label, address))
	}
}

// providerBack is where an identity provider sends a browser.
func (s *Server) providerBack(w http.ResponseWriter, v *visit) error {
	if v.Method != http.MethodGet { // HEAD only looks
		return fault.New(fault.Missing, "pages.fault.nowhere")
	}
	q := v.URL.Query()
	v.URL.Path, v.URL.RawQuery = "/sign-in", "" // a switch of language does not come back to what works once
	secret, c, connected, err := s.App.ReturnFromProvider(v.Context(), v.caller, s.held(v, stepCookie),
		app.Returned{State: q.Get("state"), Code: q.Get("code"), Error: q.Get("error")})
	if err != nil {
		return s.notSignedIn(w, v, err)
	}
	s.remember(w, s.ownCookie(stepCookie), "", 0)
	if connected {
		s.say(w, "identity.logins.done")
		return redirect(w, v, "/account")
	}
	return s.signedIn(w, v, secret, c)
}

// notSignedIn explains why a provider signed nobody in, and leads back to where
// one may try another way.
func (s *Server) notSignedIn(w http.ResponseWriter, v *visit, err error) error {
	if _, ok := fault.As(err); !ok {
		return err
	}
	s.log(v, err)
	t := trouble(v, err)
	t.Title = v.l.T("identity.back.title")
	if v.caller.Member == nil {
		t.Ways = []view.Link{{Href: "/sign-in", Label: v.l.T("identity.welcome.signin"), First: true}}
	} else {
		t.Ways = []view.Link{{Href: "/account", Label: v.l.T("identity.nav"), First: true}}
	}
	return render(w, v, statusOf(err), view.Trouble(s.page(w, v, "trouble", t.Title), t))
}

// beliefs are what the workspace lets each provider say.
func (s *Server) beliefs(v *visit) ([]view.Belief, error) {
	all, err := s.App.Believes(v.Context(), v.caller)
	var out []view.Belief
	for _, b := range all {
		out = append(out, view.Belief{ID: b.ID, Label: b.Label, On: b.On, Domains: strings.Join(b.Domains, "\n"), Creates: b.Creates, Strict: len(b.Roles) > 0})
	}
	return out, err
}

// believe changes what the workspace lets a provider say.
func (s *Server) believe(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	id, on, domains, creates := v.PathValue("provider"), v.field("on") != "", v.field("domains"), v.field("creates") != ""
	err := s.App.Believe(v.Context(), v.caller, id, on, strings.FieldsFunc(domains, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) }), creates)
	if err == nil {
		s.say(w, "identity.beliefs.saved")
		return redirect(w, v, "/workspace")
	}
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity {
		return err
	}
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showWorkspace(w, v, status, func(f *view.Workspace) {
		for i := range f.Beliefs {
			if b := &f.Beliefs[i]; b.ID == id {
				b.On, b.Domains, b.Creates, b.Problem = on, domains, creates, p
			}
		}
	})
}

// placeMove signs somebody in to another workspace they have an account in.
func (s *Server) placeMove(w http.ResponseWriter, v *visit) error {
	secret, c, err := s.App.Move(v.Context(), v.caller, plan.ID(v.PathValue("member")))
	if err != nil {
		return err
	}
	return s.signedIn(w, v, secret, c)
}
