package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// How long things last.
const (
	sessionLife  = 90 * 24 * time.Hour
	shareLife    = 180 * 24 * time.Hour
	personalLife = 90 * 24 * time.Hour // from its last use
	memberLife   = 7 * 24 * time.Hour
	setupLife    = 48 * time.Hour
)

// Secret is 256 random bits as they stand in a link or cookie. Only its hash
// is ever stored; it is never logged.
type Secret string

func (s *Service) newSecret() Secret {
	var b [32]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		panic("app: no random bytes: " + err.Error())
	}
	return Secret(base64.RawURLEncoding.EncodeToString(b[:]))
}

// Hash is what is stored of a secret.
func (x Secret) Hash() []byte {
	h := sha256.Sum256([]byte(x))
	return h[:]
}

// Arrive finds the caller behind a session cookie; an unknown, expired or
// empty one is a caller without session, which is no error.
func (s *Service) Arrive(ctx context.Context, cookie Secret) (Caller, error) {
	if len(cookie) != 43 {
		return Caller{}, nil
	}
	sess, err := s.directory.Session(ctx, cookie.Hash())
	if errors.Is(err, ErrNotFound) || err == nil && !s.clock().Before(sess.Expires) {
		return Caller{}, nil
	}
	if err != nil {
		return Caller{}, err
	}
	c := Caller{Session: sess}
	if sess.Member != "" {
		m, err := s.directory.Member(ctx, sess.Member)
		switch {
		case err == nil && m.Disabled.IsZero():
			c.Member = &m
		case err == nil: // switched off, and not yet or no longer signed out
			return Caller{}, nil
		case !errors.Is(err, ErrNotFound):
			return Caller{}, err
		}
	}
	if now := s.clock(); now.Sub(sess.Seen) >= seenEvery {
		// Only for the list of one's browsers: not worth failing for.
		_ = s.directory.SeeSession(ctx, sess.Hash, now)
	}
	return s.remembered(ctx, c), nil
}

// remembered lets a browser that is used go on being known: its session ends
// so long after its last use.
func (s *Service) remembered(ctx context.Context, c Caller) Caller {
	until := s.clock().Add(sessionLife)
	if until.Sub(c.Session.Expires) < renewEvery {
		return c
	}
	if s.doors.RenewSession(ctx, c.Session.Hash, until) == nil { // else it is tried again with the next request
		c.Session.Expires, c.Renewed = until, true
	}
	return c
}

// renewEvery is how exactly the end of a session is kept.
const renewEvery = 24 * time.Hour

// seenEvery is how exactly a session remembers when it was last seen.
const seenEvery = time.Hour

// Proved is when the caller last showed that they are who they act as in a
// plan; zero: never in this session.
func Proved(c Caller, planID plan.ID) time.Time {
	person := c.Session.Persons[planID]
	at := c.Session.ProvedPersons[planID]
	if c.Member != nil && (person == "" || person == c.Member.ID) && c.Session.Proved.After(at) {
		return c.Session.Proved
	}
	return at
}

// renew gives a caller a fresh session that carries over what the old one
// could do: who comes in never keeps a cookie they brought along.
func (s *Service) renew(ctx context.Context, c Caller, change func(*Session)) (Secret, Caller, error) {
	secret := s.newSecret()
	now := s.clock()
	sess := Session{Hash: secret.Hash(), Member: c.Session.Member, Language: c.Session.Language, Theme: c.Session.Theme,
		Agent: c.Agent, Proved: c.Session.Proved, Way: c.Session.Way,
		Created: now, Seen: now, Expires: now.Add(sessionLife), Persons: map[plan.ID]plan.ID{}, ProvedPersons: map[plan.ID]time.Time{}}
	maps.Copy(sess.Persons, c.Session.Persons)
	maps.Copy(sess.ProvedPersons, c.Session.ProvedPersons)
	change(&sess)
	for p, q := range sess.Persons {
		if q != c.Session.Persons[p] && sess.ProvedPersons[p].Before(now) { // proved as somebody else
			delete(sess.ProvedPersons, p)
		}
	}
	if err := s.directory.SaveSession(ctx, sess); err != nil {
		return "", Caller{}, err
	}
	if len(c.Session.Hash) > 0 {
		if err := s.directory.DeleteSession(ctx, c.Session.Hash); err != nil {
			return "", Caller{}, err
		}
	}
	next, err := s.Arrive(ctx, secret)
	next.Agent = c.Agent
	return secret, next, err
}

// SignOut ends the caller's session; pages of it that are open close.
func (s *Service) SignOut(ctx context.Context, c Caller) error {
	if len(c.Session.Hash) == 0 {
		return nil
	}
	return s.endSession(ctx, c.Session)
}

// endSession ends a session and closes what its person has open; pages of
// their other sessions come back by themselves.
func (s *Service) endSession(ctx context.Context, sess Session) error {
	if err := s.directory.DeleteSession(ctx, sess.Hash); err != nil {
		return err
	}
	if sess.Member != "" {
		s.dismiss("", sess.Member)
	}
	for planID, person := range sess.Persons {
		s.dismiss(planID, person)
	}
	return nil
}

// Prefer remembers language and theme of a browser; without a session there
// is nothing to remember them in.
func (s *Service) Prefer(ctx context.Context, c Caller, language, theme string) error {
	if len(c.Session.Hash) == 0 {
		return nil
	}
	return s.directory.PreferSession(ctx, c.Session.Hash, cmp.Or(language, c.Session.Language), theme)
}

// Setup makes the link with which the first administrator comes in, if this
// server has no workspace yet; empty otherwise. Older setup links stop working.
func (s *Service) Setup(ctx context.Context) (Secret, error) {
	places, err := s.directory.Workspaces(ctx)
	if err != nil || len(places) > 0 {
		return "", err
	}
	return s.pass(ctx, Pass{Kind: SetupPass, MaxUses: 1}, setupLife)
}

func (s *Service) pass(ctx context.Context, p Pass, life time.Duration) (Secret, error) {
	secret := s.newSecret()
	p.Hash, p.Created = secret.Hash(), s.clock()
	p.Expires = p.Created.Add(life)
	return secret, s.directory.SavePass(ctx, p)
}

// Look reads a pass without using it: opening a link changes nothing.
func (s *Service) Look(ctx context.Context, x Secret, kind PassKind) (Pass, error) {
	p, err := s.directory.Pass(ctx, x.Hash())
	if errors.Is(err, ErrNotFound) || err == nil && (p.Kind != kind || p.Revoked || s.clock().After(p.Expires) || p.MaxUses > 0 && p.Uses >= p.MaxUses) {
		return Pass{}, fault.New(fault.Missing, "fault.link.dead").Fix("fix.ask-for-link")
	}
	return p, err
}

func (s *Service) use(ctx context.Context, x Secret, kind PassKind) (Pass, error) {
	if _, err := s.Look(ctx, x, kind); err != nil {
		return Pass{}, err
	}
	p, err := s.directory.UsePass(ctx, x.Hash(), s.clock())
	if errors.Is(err, ErrNotFound) {
		return Pass{}, fault.New(fault.Missing, "fault.link.dead").Fix("fix.ask-for-link")
	}
	return p, err
}

// NewWorkspace is what the first administrator types.
type NewWorkspace struct {
	Workspace
	Administrator, Email string
}

// Begin uses a setup link: it makes the workspace and signs its first
// administrator in.
func (s *Service) Begin(ctx context.Context, c Caller, x Secret, n NewWorkspace) (Secret, Caller, error) {
	if _, err := s.Look(ctx, x, SetupPass); err != nil {
		return "", Caller{}, err
	}
	w, m := n.Workspace, Member{Name: strings.TrimSpace(n.Administrator), Email: strings.TrimSpace(n.Email), Language: n.Language, Role: RoleAdmin}
	if err := checkWorkspace(w); err != nil {
		return "", Caller{}, err
	}
	if err := checkMember(m); err != nil {
		return "", Caller{}, err
	}
	if _, err := s.use(ctx, x, SetupPass); err != nil {
		return "", Caller{}, err
	}
	_, m, err := s.Found(ctx, w, m)
	if err != nil {
		return "", Caller{}, err
	}
	return s.signedIn(ctx, Caller{Agent: c.Agent}, m, WayLink)
}

// Found stores a new workspace with its first member; for Begin and the demo.
func (s *Service) Found(ctx context.Context, w Workspace, m Member) (Workspace, Member, error) {
	w.ID, w.Created = s.NewID(), s.clock()
	m.ID, m.Workspace, m.Created = s.NewID(), w.ID, s.clock()
	if err := s.directory.SaveWorkspace(ctx, w); err != nil {
		return w, m, fmt.Errorf("save workspace: %w", err)
	}
	return w, m, s.directory.SaveMember(ctx, m)
}

func checkWorkspace(w Workspace) error {
	if strings.TrimSpace(w.Name) == "" || len(w.Name) > 500 {
		return fault.New(fault.Invalid, "fault.organisation.empty")
	}
	if w.Language != "de" && w.Language != "en" {
		return fault.New(fault.Invalid, "fault.language")
	}
	if _, err := time.LoadLocation(w.Zone); err != nil || w.Zone == "Local" {
		return fault.New(fault.Invalid, "fault.zone", "zone", w.Zone)
	}
	for _, x := range w.Closed {
		if x.From.IsZero() || x.To < x.From || len(x.Note) > 500 || len(w.Closed) > 500 {
			return fault.New(fault.Invalid, "fault.span")
		}
	}
	if !slices.Contains(Proofs, w.Proof) {
		return fault.New(fault.Invalid, "door.fault.setting")
	}
	if w.Fiscal < 0 || w.Fiscal > 12 {
		return fault.New(fault.Invalid, "fault.span")
	}
	return nil
}

func checkMember(m Member) error {
	if m.Name == "" || len(m.Name) > 500 {
		return fault.New(fault.Invalid, "fault.name.empty")
	}
	return checkEmail(m.Email)
}

func checkEmail(email string) error {
	if strings.Count(email, "@") != 1 || strings.ContainsAny(email, " <>\"\r\n\t") || len(email) > 320 || email[0] == '@' || email[len(email)-1] == '@' {
		return fault.New(fault.Invalid, "fault.email", "email", email)
	}
	return nil
}

// AddColleague makes a member of the caller's workspace. They are told by
// mail; where this server sends none, it makes a one-time link with which they
// sign in. Administrators only. Who is there already is told again and keeps
// name and role; an account that is switched off stays so.
func (s *Service) AddColleague(ctx context.Context, c Caller, name, email, language string, role Role) (Secret, error) {
	if _, err := administers(c); err != nil {
		return "", err
	}
	if !slices.Contains(Roles, role) {
		return "", fault.New(fault.Invalid, "identity.fault.role")
	}
	m := Member{ID: s.NewID(), Workspace: c.Member.Workspace, Name: strings.TrimSpace(name), Email: strings.TrimSpace(email),
		Language: cmp.Or(language, c.Member.Language), Role: role, Created: s.clock()}
	if err := checkMember(m); err != nil {
		return "", err
	}
	old, err := s.directory.MemberByEmail(ctx, m.Workspace, m.Email)
	switch {
	case err == nil: // already there: a new link for them
		m = old
	case !errors.Is(err, ErrNotFound):
		return "", err
	default:
		if err := s.directory.SaveMember(ctx, m); err != nil {
			return "", err
		}
	}
	if !m.Disabled.IsZero() || !s.MailOn() {
		return s.MemberLink(ctx, m)
	}
	return "", s.post(ctx, Letter{Kind: LetterWelcome, Member: m.ID, Ref: c.Member.ID})
}

// MemberLink is a link that signs a member in once; for administrators and
// the command line.
func (s *Service) MemberLink(ctx context.Context, m Member) (Secret, error) {
	if !m.Disabled.IsZero() {
		return "", fault.New(fault.Refused, "identity.fault.disabled")
	}
	return s.pass(ctx, Pass{Kind: MemberPass, Member: m.ID, MaxUses: 1}, memberLife)
}

// Colleagues lists the members of the caller's workspace.
func (s *Service) Colleagues(ctx context.Context, c Caller) ([]Member, error) {
	if c.Member == nil {
		return nil, missing()
	}
	all, err := s.directory.Members(ctx, c.Member.Workspace)
	return slices.DeleteFunc(all, Member.gone), err
}

// SignIn uses a member's link.
func (s *Service) SignIn(ctx context.Context, c Caller, x Secret) (Secret, Caller, error) {
	p, err := s.use(ctx, x, MemberPass)
	if err != nil {
		return "", Caller{}, err
	}
	m, err := s.directory.Member(ctx, p.Member)
	if err != nil {
		return "", Caller{}, err
	}
	if !m.Disabled.IsZero() {
		return "", Caller{}, fault.New(fault.Missing, "fault.link.dead").Fix("fix.ask-for-link")
	}
	return s.signedIn(ctx, c, m, WayLink)
}

// signedIn gives a browser a fresh session of a member who has shown that
// they are it.
func (s *Service) signedIn(ctx context.Context, c Caller, m Member, way Way) (Secret, Caller, error) {
	return s.renew(ctx, c, func(sess *Session) {
		sess.Member, sess.Language = m.ID, cmp.Or(sess.Language, m.Language)
		sess.Proved, sess.Way = s.clock(), way
	})
}

// ShareLink makes a link that opens the plan's front door to the other side.
// Leads of the home side; the plan is shared by it if it was a draft.
func (s *Service) ShareLink(ctx context.Context, c Caller, planID plan.ID) (Secret, error) {
	v, err := s.Do(ctx, c, planID, plan.Share{})
	if err != nil {
		return "", err
	}
	return s.pass(ctx, Pass{Kind: SharePass, Plan: planID, Side: v.Plan.Home.Other()}, shareLife)
}

// PersonalLink makes a link with which the caller comes in again, on another
// device, as the same person.
func (s *Service) PersonalLink(ctx context.Context, c Caller, planID plan.ID) (Secret, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return "", err
	}
	return s.pass(ctx, Pass{Kind: PersonalPass, Plan: planID, Person: v.Me.ID, Side: v.Side()}, personalLife)
}

// CloseDoor revokes every link a plan's side gave out. Leads.
func (s *Service) CloseDoor(ctx context.Context, c Caller, planID plan.ID) error {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return err
	}
	if !v.Plan.Leads(v.Me.ID) {
		return fault.New(fault.Forbidden, "fault.right.lead")
	}
	passes, err := s.directory.Passes(ctx, planID)
	if err != nil {
		return err
	}
	for _, p := range passes {
		if p.Kind == SharePass && !p.Revoked {
			if err := s.directory.RevokePass(ctx, p.Hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// DemoLink is a link that works as often as it is opened: for `tandem demo`,
// whose people are made up.
func (s *Service) DemoLink(ctx context.Context, p Pass) (Secret, error) {
	if p.Kind == PersonalPass {
		x, err := s.states.shared(ctx, p.Plan)
		if err != nil {
			return "", err
		}
		if q := x.Person(p.Person); q != nil && q.Email.Value != "" {
			p.Address = AddressHash(q.Email.Value)
		}
	}
	return s.pass(ctx, p, personalLife)
}
