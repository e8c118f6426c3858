package web

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/web/view"
)

// account shows members and guests where they are signed in, and members what
// signs them in.
func (s *Server) account(w http.ResponseWriter, v *visit) error {
	return s.showAccount(w, v, http.StatusOK, nil)
}

func (s *Server) showAccount(w http.ResponseWriter, v *visit, status int, problem *view.FormProblem) error {
	f := view.Account{Problem: problem}
	browsers, err := s.App.Browsers(v.Context(), v.caller)
	if err != nil {
		return err
	}
	for _, b := range browsers {
		way := string(b.Way)
		if way == "" {
			way = string(app.WayLink)
		}
		f.Browsers = append(f.Browsers, view.AccountBrowser{ID: b.ID, Agent: b.Agent, Way: way, Created: b.Created, Seen: b.Seen, This: b.This, Link: b.Link})
	}
	p := s.page(w, v, "account", v.l.T("identity.account.title"))
	if v.caller.Member != nil {
		if err := s.accountOfMember(v, &f); err != nil {
			return err
		}
		if f.MakesKeys && !f.Stale {
			p.Script = "passkey.js"
		}
	}
	return render(w, v, status, view.AccountPage(p, f))
}

func (s *Server) accountOfMember(v *visit, f *view.Account) error {
	m := v.caller.Member
	place, err := s.App.Place(v.Context(), v.caller)
	if err != nil {
		return err
	}
	v.l = s.locale(v, m.Language, zoneOf(place))
	f.Member = &view.AccountMember{Name: m.Name, Email: m.Email, Role: string(m.Role), Workspace: place.Name}
	f.MakesKeys, f.Stale = s.App.PasskeysOn(), s.App.ProofStale(v.caller)
	keys, err := s.App.MyPasskeys(v.Context(), v.caller)
	if err != nil {
		return err
	}
	for _, k := range keys {
		f.Passkeys = append(f.Passkeys, view.AccountPasskey{ID: base64.RawURLEncoding.EncodeToString(k.ID), Name: k.Name, Created: k.Created, Used: k.Used})
	}
	logins, err := s.App.MyLogins(v.Context(), v.caller)
	if err != nil {
		return err
	}
	connected := map[string]bool{}
	for _, l := range logins {
		connected[l.Issuer] = true
	}
	believed, err := s.App.Believes(v.Context(), v.caller)
	if err != nil {
		return err
	}
	for _, b := range believed {
		if b.On || connected[b.IdentityProvider.Issuer] {
			f.Logins = append(f.Logins, view.AccountLogin{ID: b.ID, Label: b.Label, Connected: connected[b.IdentityProvider.Issuer]})
		}
	}
	places, err := s.App.Places(v.Context(), v.caller)
	for _, x := range places {
		f.Places = append(f.Places, view.AccountPlace{Member: string(x.Member.ID), Workspace: x.Workspace.Name})
	}
	return err
}

// browserEnd ends one of the caller's other sessions.
func (s *Server) browserEnd(w http.ResponseWriter, v *visit) error {
	return s.accountMove(w, v, s.App.EndBrowser(v.Context(), v.caller, v.PathValue("browser")), "identity.browsers.ended")
}

// browsersEnd ends all of them.
func (s *Server) browsersEnd(w http.ResponseWriter, v *visit) error {
	return s.accountMove(w, v, s.App.EndOtherBrowsers(v.Context(), v.caller), "identity.browsers.ended.all")
}

func (s *Server) accountMove(w http.ResponseWriter, v *visit, err error, said string) error {
	if err == nil {
		s.say(w, said)
		return redirect(w, v, "/account")
	}
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	p, err := problem(v, err)
	if err != nil {
		return err
	}
	return s.showAccount(w, v, status, p)
}

// passkeyMove renames or removes one of the caller's passkeys.
func (s *Server) passkeyMove(w http.ResponseWriter, v *visit) error {
	if _, err := v.member(); err != nil {
		return err
	}
	if err := parse(v, maxForm); err != nil {
		return err
	}
	id, err := base64.RawURLEncoding.DecodeString(v.PathValue("passkey"))
	if err != nil {
		return fault.New(fault.Missing, "fault.missing")
	}
	switch v.PathValue("move") {
	case "name":
		return s.accountMove(w, v, s.App.RenamePasskey(v.Context(), v.caller, id, v.field("name")), "identity.passkeys.renamed")
	case "remove":
		return s.accountMove(w, v, s.App.RemovePasskey(v.Context(), v.caller, id), "identity.passkeys.removed")
	}
	return fault.New(fault.Missing, "pages.fault.nowhere")
}

// providerRemove takes an identity provider off the caller's account.
func (s *Server) providerRemove(w http.ResponseWriter, v *visit) error {
	return s.accountMove(w, v, s.App.Disconnect(v.Context(), v.caller, v.PathValue("provider")), "identity.logins.removed")
}

// forScript answers a script, and says also in JSON why it was refused.
func (s *Server) forScript(h func(w http.ResponseWriter, v *visit) (any, error)) handler {
	return func(w http.ResponseWriter, v *visit) error {
		answer, err := h(w, v)
		if err == nil {
			return writeJSON(w, http.StatusOK, answer)
		}
		p, unknown := problem(v, err)
		if unknown != nil {
			return unknown
		}
		s.log(v, err)
		return writeJSON(w, statusOf(err), map[string]string{"problem": strings.Join(append([]string{p.Text}, p.Fixes...), " ")})
	}
}

func writeJSON(w http.ResponseWriter, status int, answer any) error {
	data, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	_, _ = w.Write(data) // the browser went away: nothing to do
	return nil
}

const maxAnswer = 64 << 10 // of an authenticator

// fromScript is what the script sends.
type fromScript struct {
	Name   string          `json:"name"`
	Answer json.RawMessage `json:"answer"`
}

func readScript(v *visit) (fromScript, error) {
	var in fromScript
	data, err := io.ReadAll(io.LimitReader(v.Body, maxAnswer+1))
	if err != nil || len(data) > maxAnswer || json.Unmarshal(data, &in) != nil {
		return in, fault.New(fault.Invalid, "pages.fault.form").Wrap(err)
	}
	return in, nil
}

// passkeyBegin asks a browser for any passkey of this server.
func (s *Server) passkeyBegin(w http.ResponseWriter, v *visit) (any, error) {
	step, options, err := s.App.BeginPasskeySignIn(v.Context())
	if err != nil {
		return nil, err
	}
	s.remember(w, s.ownCookie(stepCookie), string(step), 5*60)
	return json.RawMessage(options), nil
}

// passkeyUse signs in with what the browser answered.
func (s *Server) passkeyUse(w http.ResponseWriter, v *visit) (any, error) {
	in, err := readScript(v)
	if err != nil {
		return nil, err
	}
	secret, c, err := s.App.PasskeySignIn(v.Context(), v.caller, s.held(v, stepCookie), in.Answer)
	if err != nil {
		return nil, err
	}
	s.remember(w, s.ownCookie(stepCookie), "", 0)
	s.cameIn(w, v, secret, c)
	return map[string]string{"to": s.onto(w, v)}, nil
}

// passkeyMake asks the caller's browser to make a passkey.
func (s *Server) passkeyMake(w http.ResponseWriter, v *visit) (any, error) {
	step, options, err := s.App.BeginPasskey(v.Context(), v.caller)
	if err != nil {
		return nil, err
	}
	s.remember(w, s.ownCookie(stepCookie), string(step), 5*60)
	return json.RawMessage(options), nil
}

// passkeyMade keeps the passkey the browser made.
func (s *Server) passkeyMade(w http.ResponseWriter, v *visit) (any, error) {
	if _, err := v.member(); err != nil {
		return nil, err
	}
	in, err := readScript(v)
	if err != nil {
		return nil, err
	}
	if err := s.App.FinishPasskey(v.Context(), v.caller, s.held(v, stepCookie), in.Name, in.Answer); err != nil {
		return nil, err
	}
	s.remember(w, s.ownCookie(stepCookie), "", 0)
	s.say(w, "identity.passkeys.done")
	return map[string]string{"to": "/account"}, nil
}
