package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// doorRoutes are how people come into a plan, and what a lead does about it.
func (s *Server) doorRoutes(page, door func(pattern string, h handler)) {
	door("GET /join/{secret}", s.join)
	door("POST /join/{secret}", s.ring)
	door("POST /join/{secret}/code", s.typeCode)
	door("GET /door/{secret}", s.confirm)
	door("POST /door/{secret}", s.confirmDone)
	door("GET /me/{secret}", s.comeBack)
	door("POST /me/{secret}", s.comeBackDone)
	door("GET /not-me/{secret}", s.notMe)
	door("POST /not-me/{secret}", s.notMeDone)

	page("GET /plans/{plan}/proof", s.proof)
	door("POST /plans/{plan}/proof", s.proofDone)
	door("POST /plans/{plan}/proof/code", s.proofCode)
	page("POST /plans/{plan}/proof/sign-in", s.proofSignIn) // members
	page("POST /plans/{plan}/people/{id}/link", s.handOver)
	page("POST /plans/{plan}/people/{id}/invite", s.aboutPerson("door.said.invite", (*app.Service).InviteAgain))
	page("POST /plans/{plan}/people/{id}/withdraw", s.aboutPerson("door.said.withdraw", (*app.Service).Withdraw))
	page("POST /plans/{plan}/domains", s.domains)
}

// doorCookie is what a browser keeps that asked at a front door.
func (s *Server) doorCookie() string {
	if s.secure() {
		return "__Host-tandem-door"
	}
	return "tandem-door"
}

func (s *Server) askingBrowser(v *visit) app.Secret {
	c, err := v.Cookie(s.doorCookie())
	if err != nil || len(c.Value) != 43 {
		return ""
	}
	return app.Secret(c.Value)
}

// join is a plan's front door.
func (s *Server) join(w http.ResponseWriter, v *visit) error {
	d, err := s.App.Knock(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	if d.Known {
		return redirect(w, v, "/plans/"+string(d.Plan))
	}
	f, p := s.doorPage(w, v, d, view.Door{})
	return render(w, v, http.StatusOK, view.DoorPage(p, f))
}

// doorPage is what both pages of a front door have in common.
func (s *Server) doorPage(w http.ResponseWriter, v *visit, d app.Door, f view.Door) (view.Door, *view.Page) {
	v.l = s.locale(v, d.Language, nil)
	f.Action, f.Mail, f.Home, f.Operator = "/join/"+url.PathEscape(string(v.secret())), d.Mail, d.Home, s.Operator
	if len(d.Invites) > 0 {
		f.Invites = v.l.List(d.Invites)
	}
	f.Inviting, f.Joining = d.Organisation.Of(d.Side.Other()), d.Organisation.Of(d.Side)
	f.Buyer, f.Seller = d.Organisation.Buyer, d.Organisation.Seller
	p := s.page(w, v, "door", v.l.T("pages.door.title", "Buyer", f.Buyer, "Seller", f.Seller))
	p.Here = f.Action
	return f, p
}

// ring takes what was typed at the front door. The answer says nothing about
// the address.
func (s *Server) ring(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	d, err := s.App.Knock(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	if d.Known {
		return redirect(w, v, "/plans/"+string(d.Plan))
	}
	f, p := s.doorPage(w, v, d, view.Door{Name: v.field("name"), Email: v.field("email"), Words: v.field("words")})
	browser, err := s.App.Ring(v.Context(), v.caller, v.secret(), app.AtDoor{Name: f.Name, Email: f.Email, Words: f.Words, Language: v.l.Lang})
	if fault.Is(err, fault.Missing) {
		return s.deadLink(w, v, err)
	}
	if err != nil {
		s.log(v, err)
		status := statusOf(err)
		if f.Problem, err = problem(v, err); err != nil {
			return err
		}
		return render(w, v, status, view.DoorPage(p, f))
	}
	s.remember(w, s.doorCookie(), string(browser), 24*60*60)
	return render(w, v, http.StatusOK, view.DoorAsked(p, f))
}

// typeCode is the code out of the mail, in the browser that asked.
func (s *Server) typeCode(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	d, err := s.App.Knock(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	secret, c, id, err := s.App.TypeCode(v.Context(), v.caller, v.secret(), s.askingBrowser(v), v.field("code"))
	if err == nil {
		return s.entered(w, v, secret, c, id)
	}
	s.log(v, err)
	f, p := s.doorPage(w, v, d, view.Door{Email: v.field("email")})
	status := statusOf(err)
	if f.Problem, err = problem(v, err); err != nil {
		return err
	}
	f.Problem.Field = "code"
	return render(w, v, status, view.DoorAsked(p, f))
}

// entered gives a browser its session and leads to a clean address.
func (s *Server) entered(w http.ResponseWriter, v *visit, secret app.Secret, c app.Caller, id plan.ID) error {
	s.cameIn(w, v, secret, c)
	s.remember(w, s.doorCookie(), "", 0)
	return redirect(w, v, local(cmp.Or(v.URL.Query().Get("to"), s.landing(v.Context(), v.caller, id))))
}

// confirm is the link that confirms an address of an allowed domain.
func (s *Server) confirm(w http.ResponseWriter, v *visit) error {
	who, err := s.App.Confirm(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	v.l = s.locale(v, who.Language, nil)
	return render(w, v, http.StatusOK, view.ConfirmPage(s.page(w, v, "confirm", v.l.T("door.confirm.title")),
		view.Returning{Action: here(v.URL), Name: who.Name, Email: who.Email, Buyer: who.Organisation.Buyer, Seller: who.Organisation.Seller, Home: who.Home}))
}

func (s *Server) confirmDone(w http.ResponseWriter, v *visit) error {
	secret, c, id, err := s.App.EnterConfirmed(v.Context(), v.caller, v.secret(), s.askingBrowser(v))
	if err != nil {
		return s.deadLink(w, v, err)
	}
	return s.entered(w, v, secret, c, id)
}

// comeBack is a personal link: on another device, as the same person. Opening
// it uses nothing; whose browser already acts as them is led on.
func (s *Server) comeBack(w http.ResponseWriter, v *visit) error {
	who, err := s.App.Recognise(v.Context(), v.caller, v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	if who.Here {
		return redirect(w, v, local(cmp.Or(v.URL.Query().Get("to"), "/plans/"+string(who.Plan))))
	}
	if s.Demo {
		return s.comeBackDone(w, v)
	}
	v.l = s.locale(v, who.Language, nil)
	return render(w, v, http.StatusOK, view.ComeBack(s.page(w, v, "come-back", v.l.T("pages.back.title")),
		view.Returning{Action: here(v.URL), Name: who.Name, Buyer: who.Organisation.Buyer, Seller: who.Organisation.Seller, Home: who.Home}))
}

func (s *Server) comeBackDone(w http.ResponseWriter, v *visit) error {
	secret, c, id, err := s.App.Return(v.Context(), v.caller, v.secret(), s.askingBrowser(v))
	if err != nil {
		return s.deadLink(w, v, err)
	}
	return s.entered(w, v, secret, c, id)
}

// notMe is behind "that is not me" and "no mail" in a first mail.
func (s *Server) notMe(w http.ResponseWriter, v *visit) error {
	who, err := s.App.LookStop(v.Context(), v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	v.l = s.locale(v, who.Language, nil)
	return render(w, v, http.StatusOK, view.NotMePage(s.page(w, v, "not-me", v.l.T("door.notme.title")),
		view.Returning{Action: v.URL.EscapedPath(), Name: who.Name, Email: who.Email, Buyer: who.Organisation.Buyer, Seller: who.Organisation.Seller}))
}

func (s *Server) notMeDone(w http.ResponseWriter, v *visit) error {
	if err := parse(v, maxForm); err != nil {
		return err
	}
	who, err := s.App.LookStop(v.Context(), v.secret())
	if err != nil {
		return s.deadLink(w, v, err)
	}
	v.l = s.locale(v, who.Language, nil)
	key := "door.notme.done.mail"
	switch v.field("say") {
	case "not-me":
		key, err = "door.notme.done.me", s.App.NotMe(v.Context(), v.secret())
	case "no-mail":
		err = s.App.NoMail(v.Context(), v.secret())
	default:
		return nothing()
	}
	if err != nil {
		return s.deadLink(w, v, err)
	}
	p := s.page(w, v, "not-me", v.l.T(key))
	p.Here = "/"
	return render(w, v, http.StatusOK, view.NotMeDone(p, key))
}

// unproven reports that a browser must show whose it is before it goes on.
func unproven(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Key == app.ProofNeeded
}

// askProof mails a code and asks for it, keeping what was shown to be accepted.
// It comes after a person's click; a refusal is said in the form.
func (s *Server) askProof(w http.ResponseWriter, v *visit, pv app.View, sheet *view.Sheet) error {
	email, err := s.App.AskProof(v.Context(), v.caller, pv.Plan.ID)
	status := http.StatusOK
	if err != nil {
		f := &form{Values: v.PostForm, v: pv}
		if sheet.Problem = f.problem(v, "proof", err); sheet.Problem == nil {
			return err
		}
		s.log(v, err)
		status = statusOf(err)
	}
	sheet.Kind, sheet.Email, sheet.SignIn = "proof", cmp.Or(email, sheet.Email), s.signsIn(v, pv)
	return s.showSheet(w, v, pv, sheet, status)
}

// proof is where somebody is led who must show again whose browser this is:
// nothing is mailed before they say so.
func (s *Server) proof(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	return s.showSheet(w, v, pv, &view.Sheet{Kind: "proof", Then: then(v.URL.Query().Get("then")), SignIn: s.signsIn(v, pv)}, http.StatusOK)
}

// signsIn reports that the reader is a member of a house with more ways to show
// who they are than a mailed code.
func (s *Server) signsIn(v *visit, pv app.View) bool {
	f := s.signInForm()
	return v.caller.Member != nil && v.caller.Member.ID == pv.Me.ID && (f.Passkeys || len(f.Providers) > 0)
}

// then is what comes after a proof.
func then(s string) string {
	if s == "people" {
		return s
	}
	return "accept"
}

func proofSheet(v *visit) *view.Sheet {
	return &view.Sheet{Kind: "proof", Seen: v.PostForm["seen"], Then: then(v.field("then")), Email: v.field("email")}
}

func (s *Server) proofCode(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err == nil {
		err = parse(v, maxForm)
	}
	if err != nil {
		return err
	}
	return s.askProof(w, v, pv, proofSheet(v))
}

// proofSignIn lets a member show who they are by signing in once more, in any
// way the house has: with a passkey, at its identity provider, by mail. They
// come back to the plan, and what they wanted is asked once more.
func (s *Server) proofSignIn(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err == nil {
		_, err = v.member()
	}
	if err == nil {
		err = parse(v, maxForm)
	}
	if err != nil {
		return err
	}
	s.remember(w, s.ownCookie(ontoCookie), base(pv)+"/"+then(v.field("then")), 20*60)
	return redirect(w, v, "/sign-in")
}

// proofDone takes the code. The plan is then shown once more to be accepted,
// with what has changed since: nothing accepts itself.
func (s *Server) proofDone(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err == nil {
		err = parse(v, maxForm)
	}
	if err != nil {
		return err
	}
	sheet := proofSheet(v)
	if err := s.App.Prove(v.Context(), v.caller, pv.Plan.ID, v.field("code")); err != nil {
		f := &form{Values: v.PostForm, v: pv}
		if sheet.Problem = f.problem(v, "proof", err); sheet.Problem == nil {
			return err
		}
		s.log(v, err)
		sheet.SignIn = s.signsIn(v, pv)
		return s.showSheet(w, v, pv, sheet, statusOf(err))
	}
	if sheet.Then == "people" {
		s.say(w, "door.said.proven")
		return redirect(w, v, base(pv)+"/people")
	}
	if pv, err = s.open(v); err != nil {
		return err
	}
	next := &view.Sheet{Kind: "accept", Note: v.l.T("door.proof.done")}
	if !slices.Equal(sheet.Seen, shown(pv)) {
		next.Note = v.l.T("door.proof.changed")
	}
	return s.showSheet(w, v, pv, next, http.StatusOK)
}

// shown is everything an acceptance covers, as the form sends it.
func shown(pv app.View) []string {
	open, _ := present.Acceptance(pv, "de", "")
	var out []string
	for _, o := range open {
		out = append(out, o.ID+"="+o.Digest)
	}
	return out
}

// handOver shows a link that a lead gives somebody, once.
func (s *Server) handOver(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	id := plan.ID(v.PathValue("id"))
	secret, err := s.App.HandOver(v.Context(), v.caller, pv.Plan.ID, id)
	if err != nil {
		return err
	}
	p := s.page(w, v, "handed", v.l.T("door.handed.title", "Name", pv.Plan.Person(id).Name.Value))
	p.Here = base(pv) + "/people"
	return render(w, v, http.StatusOK, view.HandedPage(p, view.Handed{Name: pv.Plan.Person(id).Name.Value, Link: s.link("/me/" + string(secret)), Back: p.Here}))
}

type personMove = func(s *app.Service, ctx context.Context, c app.Caller, planID, person plan.ID) error

// aboutPerson is a move about somebody's way in that is no command on the plan.
func (s *Server) aboutPerson(said string, do personMove) handler {
	return func(w http.ResponseWriter, v *visit) error {
		pv, err := s.open(v)
		if err != nil {
			return err
		}
		if err := do(s.App, v.Context(), v.caller, pv.Plan.ID, plan.ID(v.PathValue("id"))); err != nil {
			return err
		}
		s.say(w, said)
		return redirect(w, v, base(pv)+"/people")
	}
}

// domains says whose addresses get in by being confirmed.
func (s *Server) domains(w http.ResponseWriter, v *visit) error {
	pv, err := s.open(v)
	if err != nil {
		return err
	}
	f, err := s.formOf(v, pv)
	if err != nil {
		return err
	}
	domains := strings.FieldsFunc(f.Get("domains"), func(r rune) bool { return strings.ContainsRune(" ,;\n\r\t", r) })
	if err := s.do(v, pv, f, plan.AllowDomains{Domains: domains}); err != nil {
		return keeping(f, err)
	}
	s.say(w, "door.said.domains")
	return redirect(w, v, base(pv)+"/people")
}

// shareText is what somebody writes to the other side with the link: in the
// plan's language, to be sent from their own mailbox.
func shareText(pv app.View, link string) (text, mailto string) {
	l := locale.For(pv.Plan.Language).At(pv.Now, pv.Zone)
	other := pv.Side().Other()
	args := []any{"Me", pv.Me.Name.Value, "From", pv.Plan.Organisation.Of(pv.Side()).Value, "To", pv.Plan.Organisation.Of(other).Value,
		"Title", pv.Plan.Items[plan.DecisionItem].Terms.Title.Value, "Link", link}
	greeting, email := l.T("door.share.greeting"), ""
	if leads := pv.Plan.LeadsOf(other); len(leads) == 1 {
		greeting, email = l.Greeting(leads[0].Name.Value, leads[0].Salutation.Value), leads[0].Email.Value
	}
	text = greeting + "\n\n" + l.T("door.share.body", args...)
	if on := pv.Plan.On(other); on != plan.Together { // what they find there
		text += "\n\n" + l.T("ease.share."+string(on))
	}
	q := url.Values{"subject": {l.T("door.share.subject", args...)}, "body": {text}}
	return text, "mailto:" + url.PathEscape(email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
