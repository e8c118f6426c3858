package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Privacy is what a workspace decided about people's data.
type Privacy struct {
	Workspace plan.ID
	// Keep is how many months a plan is kept after it was decided, put away or
	// left; then it is deleted whole, with its history. 0: until somebody
	// deletes it.
	Keep int
	// Mails is how many days received mails and the records of sent ones are
	// kept.
	Mails int
	// PerPerson lets managers see answer times per colleague. It is off unless
	// an administrator switched it on and named the agreement with the works
	// council, or that there is none.
	PerPerson bool
	Agreement string
	// Least is how many colleagues must have answered before any of them is
	// shown; at least leastGroup.
	Least int
}

// Bounds of what a workspace may decide.
const (
	leastKeep    = 1
	mostKeep     = 240 // months
	leastMails   = 7   // days
	mostMails    = 3650
	defaultMails = 90
)

// PrivacyStore finds and deletes what is kept about people and plans.
type PrivacyStore interface {
	// Privacy is ErrNotFound where a workspace decided nothing yet.
	Privacy(ctx context.Context, workspace plan.ID) (Privacy, error)
	SavePrivacy(ctx context.Context, p Privacy) error
	// PersonRows finds people of a workspace's plans by the hash of their address.
	PersonRows(ctx context.Context, workspace plan.ID, address string) ([]PersonRow, error)
	// Answers lists the answers of a workspace's members since a time.
	Answers(ctx context.Context, workspace plan.ID, since time.Time) ([]AnswerRow, error)
	// ForgetPerson deletes what is kept of persons of a plan beside its events:
	// links, browsers, letters, mails received, the hash of their address.
	ForgetPerson(ctx context.Context, planID plan.ID, persons []plan.ID) error
	// ForgetMember deletes what is left of a member who was removed: passkeys,
	// logins, links, letters; and purges name and address as Erase does.
	ForgetMember(ctx context.Context, member plan.ID) error
	// Ended lists plans that were last changed before a time and are decided,
	// archived or left.
	Ended(ctx context.Context, workspace plan.ID, before time.Time, limit int) ([]plan.ID, error)
	// DeletePlan deletes everything of a plan, and purges its words as Erase
	// does. There is no way back.
	DeletePlan(ctx context.Context, planID plan.ID) error
	// DeleteMails deletes mails received for a workspace's plans, and records
	// of sent ones, that are older than a time.
	DeleteMails(ctx context.Context, workspace plan.ID, before time.Time) (int, error)
}

func (s *Service) privacyOf(ctx context.Context, workspace plan.ID) (Privacy, error) {
	p, err := s.people.Privacy(ctx, workspace)
	if errors.Is(err, ErrNotFound) {
		return Privacy{Workspace: workspace, Mails: defaultMails, Least: leastGroup}, nil
	}
	return p, err
}

// PrivacyOf is what the caller's workspace decided. Members: everybody may
// know what is kept of them.
func (s *Service) PrivacyOf(ctx context.Context, c Caller) (Privacy, error) {
	if c.Member == nil {
		return Privacy{}, missing()
	}
	return s.privacyOf(ctx, c.Member.Workspace)
}

// DecidePrivacy changes it. Administrators. Numbers about single colleagues
// are switched on only together with the words that say on what agreement.
func (s *Service) DecidePrivacy(ctx context.Context, c Caller, p Privacy) error {
	if c.Member == nil {
		return missing()
	}
	if !c.Member.Administers() {
		return fault.New(fault.Forbidden, "fault.right.admin")
	}
	p.Workspace, p.Agreement = c.Member.Workspace, strings.TrimSpace(p.Agreement)
	switch {
	case p.Keep != 0 && (p.Keep < leastKeep || p.Keep > mostKeep):
		return fault.New(fault.Invalid, "fault.privacy.keep", "least", leastKeep, "most", mostKeep)
	case p.Mails < leastMails || p.Mails > mostMails:
		return fault.New(fault.Invalid, "fault.privacy.mails", "least", leastMails, "most", mostMails)
	case p.PerPerson && (p.Agreement == "" || len(p.Agreement) > 500):
		return fault.New(fault.Invalid, "fault.privacy.agreement")
	case p.Least < leastGroup || p.Least > 1_000:
		return fault.New(fault.Invalid, "fault.privacy.least", "least", leastGroup)
	}
	return s.people.SavePrivacy(ctx, p)
}

// FoundPerson is somebody on a plan of a workspace.
type FoundPerson struct {
	Plan   plan.ID
	Title  string
	Person plan.ID
	Name   string
	Side   string // the organisation's name
}

// FindPerson finds somebody on all plans of the caller's workspace by their
// address, to answer what they may ask for: what is stored, and its deletion.
// Administrators.
func (s *Service) FindPerson(ctx context.Context, c Caller, email string) ([]FoundPerson, error) {
	if c.Member == nil {
		return nil, missing()
	}
	if !c.Member.Administers() {
		return nil, fault.New(fault.Forbidden, "fault.right.admin")
	}
	hash := addressKey(email)
	if hash == "" {
		return nil, fault.New(fault.Invalid, "fault.email", "email", email)
	}
	rows, err := s.people.PersonRows(ctx, c.Member.Workspace, hash)
	if err != nil {
		return nil, err
	}
	var out []FoundPerson
	for _, r := range rows {
		x, err := s.FoundOn(ctx, c, r.Plan, r.Person)
		if fault.Is(err, fault.Missing) { // erased, or recognised as somebody else
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// FoundOn is one person of a plan of the caller's workspace. Administrators.
func (s *Service) FoundOn(ctx context.Context, c Caller, planID, person plan.ID) (FoundPerson, error) {
	if c.Member == nil {
		return FoundPerson{}, missing()
	}
	if !c.Member.Administers() {
		return FoundPerson{}, fault.New(fault.Forbidden, "fault.right.admin")
	}
	p, err := s.states.shared(ctx, planID)
	if err != nil {
		return FoundPerson{}, err
	}
	q := p.People[person]
	if p.Phase == "" || p.Workspace != c.Member.Workspace || q == nil || q.Erased() || q.As != "" {
		return FoundPerson{}, missing()
	}
	return FoundPerson{Plan: p.ID, Title: p.Items[plan.DecisionItem].Terms.Title.Value, Person: q.ID, Name: q.Name.Value,
		Side: p.Organisation.Of(q.Side).Value}, nil
}

// EraseFound erases a person from a plan of the caller's workspace. Administrators.
func (s *Service) EraseFound(ctx context.Context, c Caller, planID, person plan.ID) (Erasure, error) {
	if _, err := s.FoundOn(ctx, c, planID, person); err != nil {
		return Erasure{}, err
	}
	e, err := s.Erase(ctx, planID, person)
	e.Mentions = nil // texts of plans the administrator may not be on
	return e, err
}

// EraseFromPlan erases a person from a plan (rule 16): the person themselves,
// or a lead of their side. The mentions found in other texts are answered only
// as far as the caller may read them.
func (s *Service) EraseFromPlan(ctx context.Context, c Caller, planID, person plan.ID) (Erasure, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return Erasure{}, err
	}
	q := v.Plan.Person(person)
	switch {
	case q == nil:
		return Erasure{}, missing()
	case q.ID == v.Me.ID:
	case q.Side != v.Side():
		return Erasure{}, missing()
	case !v.Plan.Leads(v.Me.ID):
		return Erasure{}, fault.New(fault.Forbidden, "fault.right.lead")
	}
	e, err := s.Erase(ctx, planID, q.ID)
	e.Mentions = readable(v, e.Mentions)
	return e, err
}

// readable keeps the mentions in streams the viewer's side may read.
func readable(v View, all []Mention) []Mention {
	own := ""
	if side, sees := v.Plan.SeesPrivate(v.Me.ID); sees {
		own = plan.PrivateStream(v.Plan.ID, side)
	}
	var out []Mention
	for _, m := range all {
		if m.Stream == plan.SharedStream(v.Plan.ID) || m.Stream == own {
			out = append(out, m)
		}
	}
	return out
}

// Administers reports whether the member may change their workspace.
func (m *Member) Administers() bool { return m.Admin() }

// manages reports whether the member may see what concerns a team.
func (m *Member) manages() bool { return m.Admin() || m != nil && m.Role == RoleManager }

// Manages reports whether the member may see and say what concerns a team.
func (m *Member) Manages() bool { return m.manages() }

// ColleagueByEmail is the account of the caller's workspace with an address; nil if
// there is none. Administrators.
func (s *Service) ColleagueByEmail(ctx context.Context, c Caller, email string) (*Member, error) {
	me, err := administers(c)
	if err != nil {
		return nil, err
	}
	m, err := s.directory.MemberByEmail(ctx, me.Workspace, email)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return &m, err
}

// Colleague is a member of the caller's workspace. Administrators.
func (s *Service) Colleague(ctx context.Context, c Caller, member plan.ID) (Member, error) {
	if _, err := administers(c); err != nil {
		return Member{}, err
	}
	m, err := s.colleague(ctx, c, member)
	if err == nil && m.gone() {
		err = missing()
	}
	return m, err
}

// EraseAccount erases a member of the caller's workspace: they are signed out
// everywhere and can never sign in again. On plans they stay as a person until
// they are erased there. Administrators; the last one stays.
func (s *Service) EraseAccount(ctx context.Context, c Caller, member plan.ID) error {
	m, err := s.Colleague(ctx, c, member)
	if err != nil {
		return err
	}
	return s.eraseAccount(ctx, m)
}

func (s *Service) eraseAccount(ctx context.Context, m Member) error {
	if err := s.disable(ctx, m, ByPerson); err != nil {
		return err
	}
	if err := s.directory.RemoveAccount(ctx, m.ID); err != nil {
		return err
	}
	return s.people.ForgetMember(ctx, m.ID)
}

// EraseAddress erases everybody with an address from all plans and accounts of
// this server, and says on how many plans and accounts that was. Nothing is
// erased if one of them is the last administrator of a workspace. For the
// operator; there is no undo.
func (s *Service) EraseAddress(ctx context.Context, email string) (plans, accounts int, mentions []Mention, err error) {
	hash := addressKey(email)
	if hash == "" {
		return 0, 0, nil, fault.New(fault.Invalid, "fault.email", "email", email)
	}
	members, err := s.directory.MembersByEmail(ctx, email)
	if err != nil {
		return 0, 0, nil, err
	}
	for _, m := range members {
		if err := s.eraseAccount(ctx, m); err != nil {
			return plans, accounts, mentions, err
		}
		accounts++
	}
	places, err := s.directory.Workspaces(ctx)
	if err != nil {
		return 0, accounts, nil, err
	}
	for _, w := range places {
		rows, err := s.people.PersonRows(ctx, w.ID, hash)
		if err != nil {
			return plans, accounts, mentions, err
		}
		for _, r := range rows {
			e, err := s.Erase(ctx, r.Plan, r.Person)
			if fault.Is(err, fault.Refused) { // is erased already
				continue
			}
			if err != nil {
				return plans, accounts, mentions, err
			}
			plans++
			mentions = append(mentions, e.Mentions...)
		}
	}
	return plans, accounts, mentions, nil
}
