package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// IdentityProvider is one the operator has registered this server
// with.
type IdentityProvider struct {
	ID     string // in addresses of this server
	Label  string // on buttons
	Issuer string
	// Roles says which role members of a group have, by the group's name as
	// the provider sends it: then who is in none of them does not get in.
	// Empty: the mapping of each workspace counts, see MapGroups.
	Roles map[string]Role
}

// Trip is what keeps a visit to a provider together: made from what the
// browser keeps, so that none of it is stored.
type Trip struct{ State, Nonce, Verifier string }

// Claims are what a provider says of somebody.
type Claims struct {
	Subject  string
	Email    string
	Verified bool // the provider has verified that they have the address
	Name     string
	Groups   []string
	// Overflow: there are more groups than the provider puts into a token.
	Overflow bool
	// External is what the provider's directory calls them, unchangeable for
	// whoever it is; empty if the operator named no claim for it.
	External string
}

// Providers talks to identity providers.
type Providers interface {
	Providers() []IdentityProvider
	// Address is where a browser goes to sign in; it may ask the provider.
	Address(ctx context.Context, provider string, t Trip) (string, error)
	// Exchange turns the code a browser came back with into verified claims.
	Exchange(ctx context.Context, provider string, t Trip, code string) (Claims, error)
}

const (
	ceremonyProvider = "provider"
	providerLife     = 10 * time.Minute
)

// visit is what is kept of a browser's visit to a provider.
type visit struct {
	Provider string
	Member   plan.ID // who connects it to their account; empty: signs in
}

func tripOf(step Secret) Trip {
	part := func(name string) string {
		h := sha256.Sum256([]byte("tandem oidc " + name + "\x00" + string(step)))
		return base64.RawURLEncoding.EncodeToString(h[:])
	}
	return Trip{State: part("state"), Nonce: part("nonce"), Verifier: part("verifier")}
}

// IdentityProviders are those anybody may try to sign in with.
func (s *Service) IdentityProviders() []IdentityProvider {
	if s.providers == nil {
		return nil
	}
	return s.providers.Providers()
}

func (s *Service) provider(id string) (IdentityProvider, error) {
	all := s.IdentityProviders()
	if i := slices.IndexFunc(all, func(p IdentityProvider) bool { return p.ID == id }); i >= 0 {
		return all[i], nil
	}
	return IdentityProvider{}, missing()
}

// VisitProvider sends a browser to an identity provider: it returns what the
// browser keeps, and the address. With connect, a member who signed in within
// the last hour connects whoever they are there to their account; the
// workspace must believe the provider.
func (s *Service) VisitProvider(ctx context.Context, c Caller, id string, connect bool) (Secret, string, error) {
	p, err := s.provider(id)
	if err != nil {
		return "", "", err
	}
	v := visit{Provider: p.ID}
	if connect {
		m, err := s.freshMember(c)
		if err != nil {
			return "", "", err
		}
		if _, err := s.trust(ctx, m.Workspace, p.Issuer); err != nil {
			return "", "", err
		}
		v.Member = m.ID
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "", "", err
	}
	step, err := s.begin(ctx, ceremonyProvider, data, providerLife)
	if err != nil {
		return "", "", err
	}
	address, err := s.providers.Address(ctx, p.ID, tripOf(step))
	if err != nil {
		return "", "", fault.New(fault.Unready, "identity.fault.provider", "Provider", p.Label).Fix("identity.fix.by-mail").Wrap(err)
	}
	return step, address, nil
}

// trust is what a workspace lets a provider say; a fault if nothing.
func (s *Service) trust(ctx context.Context, workspace plan.ID, issuer string) (Trust, error) {
	all, err := s.logins.Trusts(ctx, workspace)
	if err != nil {
		return Trust{}, err
	}
	if i := slices.IndexFunc(all, func(t Trust) bool { return t.Issuer == issuer }); i >= 0 {
		return all[i], nil
	}
	return Trust{}, missing()
}

// Returned is what a browser brings back from a provider.
type Returned struct{ State, Code, Error string }

// ReturnFromProvider signs in who comes back from an identity provider, or
// connects them to the account they are signed in to (then connected is true).
// It works once, in the browser that went there, within ten minutes.
//
// Who somebody is here is known by issuer and subject alone. An address counts
// only the first time, only if the provider verified it, and only for members
// of workspaces that believe the provider for its domain.
func (s *Service) ReturnFromProvider(ctx context.Context, c Caller, step Secret, r Returned) (secret Secret, next Caller, connected bool, err error) {
	t := tripOf(step)
	if len(step) != 43 || subtle.ConstantTimeCompare([]byte(t.State), []byte(r.State)) != 1 {
		return "", Caller{}, false, fault.New(fault.Refused, "identity.fault.elsewhere").Fix("identity.fix.again")
	}
	ceremony, err := s.taken(ctx, step, ceremonyProvider)
	if err != nil {
		return "", Caller{}, false, err
	}
	var v visit
	if err := json.Unmarshal([]byte(ceremony.Data), &v); err != nil {
		return "", Caller{}, false, err
	}
	p, err := s.provider(v.Provider)
	if err != nil {
		return "", Caller{}, false, err
	}
	if r.Error != "" || r.Code == "" {
		return "", Caller{}, false, refusedBy(p, r.Error)
	}
	claims, err := s.providers.Exchange(ctx, p.ID, t, r.Code)
	if err != nil {
		return "", Caller{}, false, fault.New(fault.Unready, "identity.fault.provider", "Provider", p.Label).Fix("identity.fix.by-mail").Wrap(err)
	}
	if v.Member != "" {
		return "", Caller{}, true, s.connect(ctx, c, p, claims, v.Member)
	}
	m, err := s.whoIsThere(ctx, p, claims)
	if err != nil {
		return "", Caller{}, false, err
	}
	secret, next, err = s.signedIn(ctx, c, m, WayOIDC)
	return secret, next, false, err
}

// refusedBy explains what a provider answered instead of signing in.
func refusedBy(p IdentityProvider, code string) error {
	key := "identity.fault.provider.other"
	switch code {
	case "access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required":
		key = "identity.fault.provider.denied"
	case "temporarily_unavailable", "server_error":
		key = "identity.fault.provider"
	}
	f := fault.New(fault.Refused, key, "Provider", p.Label)
	return f.Fix("identity.fix.again").Fix("identity.fix.by-mail").Wrap(errors.New("the provider answered " + knownCode(code)))
}

// knownCode keeps of an error code what the log may hold.
func knownCode(code string) string {
	if len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "an unknown code"
	}
	return code
}

// connect ties who came back to the account of a member who is signed in.
func (s *Service) connect(ctx context.Context, c Caller, p IdentityProvider, claims Claims, member plan.ID) error {
	if c.Member == nil || c.Member.ID != member {
		return fault.New(fault.Refused, "identity.fault.elsewhere").Fix("identity.fix.again")
	}
	if _, err := s.trust(ctx, c.Member.Workspace, p.Issuer); err != nil {
		return err
	}
	err := s.logins.SaveLogin(ctx, Login{Issuer: p.Issuer, Subject: claims.Subject, Workspace: c.Member.Workspace, Member: member, Created: s.clock()})
	if errors.Is(err, ErrTaken) {
		return fault.New(fault.Refused, "identity.fault.provider.taken", "Provider", p.Label)
	}
	if err != nil {
		return err
	}
	return s.post(ctx, Letter{Kind: LetterNewWay, Member: member})
}

// whoIsThere finds the member somebody at a provider is, ties them to the
// accounts that are surely theirs, and gives the role their groups have.
func (s *Service) whoIsThere(ctx context.Context, p IdentityProvider, claims Claims) (Member, error) {
	if claims.Overflow && len(p.Roles) > 0 {
		return Member{}, fault.New(fault.Forbidden, "identity.fault.groups.overflow", "Provider", p.Label)
	}
	trusts, err := s.logins.TrustsIn(ctx, p.Issuer)
	if err != nil {
		return Member{}, err
	}
	var none error = fault.New(fault.Forbidden, "identity.fault.provider.nobody", "Provider", p.Label).Fix("identity.fix.connect").Fix("identity.fix.administrator")
	var found []Member
	for _, t := range trusts {
		if err := s.tie(ctx, t, p, claims); err != nil {
			return Member{}, err
		}
	}
	logins, err := s.logins.Logins(ctx, p.Issuer, claims.Subject)
	if err != nil {
		return Member{}, err
	}
	now := s.clock()
	for _, l := range logins { // the one used last comes first
		if !slices.ContainsFunc(trusts, func(t Trust) bool { return t.Workspace == l.Workspace }) {
			continue
		}
		m, err := s.directory.Member(ctx, l.Member)
		if err == nil {
			m, err = s.asGroupsSay(ctx, m, p, claims)
		}
		if f, ok := fault.As(err); ok {
			none = f
			continue
		}
		if err != nil {
			return Member{}, err
		}
		if len(found) == 0 {
			if err := s.logins.UseLogin(ctx, l, now); err != nil {
				return Member{}, err
			}
		}
		found = append(found, m)
	}
	if len(found) == 0 {
		return Member{}, none
	}
	return found[0], nil
}

// tie makes the login of who is known to a workspace: by what its directory
// calls them, or by a verified address of a domain it believes the provider
// for. Who has a login there is not tied again, whatever their address now is.
func (s *Service) tie(ctx context.Context, t Trust, p IdentityProvider, claims Claims) error {
	logins, err := s.logins.Logins(ctx, p.Issuer, claims.Subject)
	if err != nil || slices.ContainsFunc(logins, func(l Login) bool { return l.Workspace == t.Workspace }) {
		return err
	}
	m, err := s.untied(ctx, t, p, claims)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.logins.SaveLogin(ctx, Login{Issuer: p.Issuer, Subject: claims.Subject, Workspace: t.Workspace, Member: m.ID, Created: s.clock()})
	if errors.Is(err, ErrTaken) { // at the same moment
		return nil
	}
	return err
}

func (s *Service) untied(ctx context.Context, t Trust, p IdentityProvider, claims Claims) (Member, error) {
	if claims.External != "" {
		m, err := s.directory.MemberByExternal(ctx, t.Workspace, claims.External)
		if !errors.Is(err, ErrNotFound) {
			return m, err
		}
	}
	_, domain, ok := strings.Cut(strings.ToLower(strings.TrimSpace(claims.Email)), "@")
	if !ok || !claims.Verified || checkEmail(strings.TrimSpace(claims.Email)) != nil || !slices.Contains(t.Domains, domain) {
		return Member{}, ErrNotFound
	}
	m, err := s.directory.MemberByEmail(ctx, t.Workspace, claims.Email)
	if err == nil {
		return s.notSomebodyElse(ctx, m, p)
	}
	if !errors.Is(err, ErrNotFound) || !t.Creates {
		return Member{}, err
	}
	role, ok, err := s.firstRole(ctx, t.Workspace, p, claims.Groups)
	if err != nil {
		return Member{}, err
	}
	if !ok {
		return Member{}, ErrNotFound
	}
	return s.createFor(ctx, t, claims, role)
}

// notSomebodyElse refuses an account to which another subject of the provider
// is tied already: an address that was given to somebody new must not open the
// account of who had it before.
func (s *Service) notSomebodyElse(ctx context.Context, m Member, p IdentityProvider) (Member, error) {
	logins, err := s.logins.LoginsOf(ctx, m.ID)
	if err == nil && slices.ContainsFunc(logins, func(l Login) bool { return l.Issuer == p.Issuer }) {
		err = ErrNotFound
	}
	return m, err
}

func (s *Service) createFor(ctx context.Context, t Trust, claims Claims, role Role) (Member, error) {
	w, err := s.workspace(ctx, t.Workspace)
	if err != nil {
		return Member{}, err
	}
	email := strings.TrimSpace(claims.Email)
	m := Member{ID: s.NewID(), Workspace: t.Workspace, Name: cmp.Or(strings.TrimSpace(claims.Name), email), Email: email,
		Language: w.Language, Role: role, Created: s.clock(), External: claims.External}
	if err := checkMember(m); err != nil {
		return Member{}, err
	}
	err = s.directory.SaveMember(ctx, m)
	if errors.Is(err, ErrTaken) { // at the same moment
		return s.directory.MemberByEmail(ctx, t.Workspace, email)
	}
	return m, err
}

// roleInGroups is the mightiest role the operator's mapping gives to groups.
func roleInGroups(p IdentityProvider, groups []string) (Role, bool) {
	for _, role := range Roles {
		if slices.ContainsFunc(groups, func(g string) bool { return p.Roles[g] == role }) {
			return role, true
		}
	}
	return "", false
}

// firstRole is that of somebody who has no account yet: of their groups, else
// the workspace's default. False if the operator lets in only who is in a
// group, and they are in none.
func (s *Service) firstRole(ctx context.Context, workspace plan.ID, p IdentityProvider, groups []string) (Role, bool, error) {
	if len(p.Roles) > 0 {
		role, ok := roleInGroups(p, groups)
		return role, ok, nil
	}
	role, mapped, err := s.Roles(ctx, workspace, groups)
	if err == nil && !mapped {
		role, err = s.DefaultRole(ctx, workspace)
	}
	return role, true, err
}

// asGroupsSay gives a member the role of their groups.
//
// By the operator's mapping who is in no group that gives a role is refused
// and switched off, and on again when they are. By the workspace's mapping
// they keep the role they have; and members whom its directory manages are
// left to the directory. The last administrator keeps role and account (but is
// not let in without a group).
func (s *Service) asGroupsSay(ctx context.Context, m Member, p IdentityProvider, claims Claims) (Member, error) {
	disabled := fault.New(fault.Forbidden, "identity.fault.disabled").Fix("identity.fix.administrator")
	role, mapped := roleInGroups(p, claims.Groups)
	if len(p.Roles) == 0 {
		if !m.Disabled.IsZero() {
			return m, disabled
		}
		accounts, err := s.directory.Accounts(ctx, m.Workspace, AccountQuery{ID: m.ID})
		if err != nil {
			return m, err
		}
		if len(accounts) > 0 && accounts[0].Version > 0 {
			return m, nil
		}
		if role, mapped, err = s.Roles(ctx, m.Workspace, claims.Groups); err != nil || !mapped {
			return m, err
		}
		return s.inRole(ctx, m, role)
	}
	if !mapped {
		if err := s.disable(ctx, m, ByGroups); err != nil && !fault.Is(err, fault.Refused) {
			return m, err
		}
		return m, fault.New(fault.Forbidden, "identity.fault.groups", "Provider", p.Label).Fix("identity.fix.administrator")
	}
	if !m.Disabled.IsZero() {
		if m.DisabledBy != ByGroups {
			return m, disabled
		}
		if err := s.enable(ctx, m); err != nil {
			return m, err
		}
		m.Disabled, m.DisabledBy = time.Time{}, ""
	}
	return s.inRole(ctx, m, role)
}

// inRole gives a member a role; the last administrator keeps theirs.
func (s *Service) inRole(ctx context.Context, m Member, role Role) (Member, error) {
	if role == m.Role {
		return m, nil
	}
	err := s.directory.SetRole(ctx, m.ID, role)
	if errors.Is(err, ErrLastAdmin) {
		return m, nil
	}
	m.Role = role
	return m, err
}

// Believed is a provider with what a workspace lets it say.
type Believed struct {
	IdentityProvider
	On bool
	Trust
}

// Believes lists the providers with what the caller's workspace lets each say.
// Members.
func (s *Service) Believes(ctx context.Context, c Caller) ([]Believed, error) {
	if c.Member == nil {
		return nil, missing()
	}
	trusts, err := s.logins.Trusts(ctx, c.Member.Workspace)
	var out []Believed
	for _, p := range s.IdentityProviders() {
		b := Believed{IdentityProvider: p}
		if i := slices.IndexFunc(trusts, func(t Trust) bool { return t.Issuer == p.Issuer }); i >= 0 {
			b.On, b.Trust = true, trusts[i]
		}
		out = append(out, b)
	}
	return out, err
}

// Believe changes what the caller's workspace lets a provider say; off, nobody
// signs in to it with the provider any more. Administrators only.
func (s *Service) Believe(ctx context.Context, c Caller, provider string, on bool, domains []string, creates bool) error {
	m, err := administers(c)
	if err != nil {
		return err
	}
	p, err := s.provider(provider)
	if err != nil {
		return err
	}
	if !on {
		return s.logins.DeleteTrust(ctx, m.Workspace, p.Issuer)
	}
	t := Trust{Workspace: m.Workspace, Issuer: p.Issuer, Creates: creates}
	for _, d := range domains {
		d = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(d), "@"))
		if d == "" {
			continue
		}
		if !isDomain(d) || len(t.Domains) >= 50 {
			return fault.New(fault.Invalid, "identity.fault.domain", "Domain", d)
		}
		t.Domains = append(t.Domains, d)
	}
	return s.logins.SaveTrust(ctx, t)
}

// isDomain takes what can stand after the @ of an address people really have.
func isDomain(d string) bool {
	return len(d) <= 253 && strings.Contains(d, ".") && !strings.HasPrefix(d, ".") && !strings.HasSuffix(d, ".") &&
		!strings.ContainsAny(d, " \t\r\n@/\\:;,<>\"'*?#")
}

// MyLogins lists the providers connected to the caller's account; members.
func (s *Service) MyLogins(ctx context.Context, c Caller) ([]Login, error) {
	if c.Member == nil {
		return nil, missing()
	}
	return s.logins.LoginsOf(ctx, c.Member.ID)
}

// Disconnect takes a provider off the caller's account. A verified address may
// connect it again at the next sign-in, where the workspace allows that.
func (s *Service) Disconnect(ctx context.Context, c Caller, provider string) error {
	if c.Member == nil {
		return missing()
	}
	p, err := s.provider(provider)
	if err != nil {
		return err
	}
	return missingIfNone(s.logins.DeleteLogin(ctx, c.Member.ID, p.Issuer))
}
