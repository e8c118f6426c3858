package app

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Provider is an identity provider that showed a token of a workspace. It acts
// for the administrator who made the token, on the members and groups of that
// workspace and on nothing else.
type Provider struct {
	Workspace plan.ID
	token     plan.ID
}

// usedEvery is how exactly the last use of a token is remembered.
const usedEvery = 5 * time.Minute

// Provider recognises a token. One that is unknown, revoked or expired is
// missing; nobody learns which.
func (s *Service) Provider(ctx context.Context, x Secret) (Provider, error) {
	if len(x) != 43 {
		return Provider{}, missing()
	}
	t, err := s.directory.DirectoryToken(ctx, x.Hash())
	now := s.clock()
	switch {
	case errors.Is(err, ErrNotFound):
		return Provider{}, missing()
	case err != nil:
		return Provider{}, err
	case subtle.ConstantTimeCompare(t.Hash, x.Hash()) != 1, !t.Valid(now):
		return Provider{}, missing()
	}
	if now.Sub(t.Used) > usedEvery {
		t.Used = now
		if err := s.directory.SaveDirectoryToken(ctx, t); err != nil {
			return Provider{}, err
		}
	}
	return Provider{Workspace: t.Workspace, token: t.ID}, nil
}

// did notes what a provider did, by ids: who asks later finds it in the log.
func (p Provider) did(ctx context.Context, what string, on plan.ID) {
	slog.InfoContext(ctx, "directory", "did", what, "workspace", p.Workspace, "on", on, "token", p.token)
}

// AccountInput is what a provider says of a member.
type AccountInput struct {
	UserName, External       string
	Name                     string // as shown; else made of the others
	Given, Family, Formatted string
	Email                    string // of work; else the user name has to be one
	Language                 string // e.g. "de-DE"
	Active                   *bool  // nil: as it is; a new member comes in
}

// Accounts lists the members of the provider's workspace.
func (s *Service) Accounts(ctx context.Context, p Provider, q AccountQuery) ([]Account, error) {
	return s.directory.Accounts(ctx, p.Workspace, q)
}

// Account is one member of the provider's workspace.
func (s *Service) Account(ctx context.Context, p Provider, id plan.ID) (Account, error) {
	found, err := s.directory.Accounts(ctx, p.Workspace, AccountQuery{ID: id})
	if err == nil && (id == "" || len(found) == 0) {
		return Account{}, ErrNotFound
	}
	if err != nil {
		return Account{}, err
	}
	return found[0], nil
}

// AddAccount makes a member. ErrTaken if one with that user name or address is
// there, made by hand or not: the provider finds and changes them instead.
func (s *Service) AddAccount(ctx context.Context, p Provider, in AccountInput) (Account, error) {
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return Account{}, err
	}
	now := s.clock()
	a := Account{Member: Member{ID: s.NewID(), Workspace: w.ID, Language: w.Language, Created: now}, Updated: now}
	if err := a.take(in); err != nil {
		return Account{}, err
	}
	roles, err := s.directory.RolesOfGroups(ctx, w.ID)
	if err != nil {
		return Account{}, err
	}
	a.Member.Role = defaultRole(roles)
	if in.Active != nil && !*in.Active {
		a.Member.Disabled, a.Member.DisabledBy = now, ByDirectory
	}
	if err := s.directory.SaveAccount(ctx, a); err != nil {
		return Account{}, err
	}
	p.did(ctx, "add member", a.Member.ID)
	return s.Account(ctx, p, a.Member.ID)
}

// take puts what a provider says into an account.
func (a *Account) take(in AccountInput) error {
	clean := strings.TrimSpace
	a.UserName, a.Given, a.Family, a.Formatted, a.Language = clean(in.UserName), clean(in.Given), clean(in.Family), clean(in.Formatted), clean(in.Language)
	m := &a.Member
	m.External, m.Email = clean(in.External), cmp.Or(clean(in.Email), a.UserName)
	m.Name = cmp.Or(clean(in.Name), a.Formatted, clean(a.Given+" "+a.Family), a.UserName)
	switch tongue, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(a.Language, "_", "-")), "-"); tongue {
	case "de", "en":
		m.Language = tongue
	}
	for _, text := range []string{m.External, a.Given, a.Family, a.Formatted, a.Language} {
		if len(text) > 500 {
			return fault.New(fault.Invalid, "fault.name.empty")
		}
	}
	if a.UserName == "" || len(a.UserName) > 320 {
		return fault.New(fault.Invalid, "fault.name.empty")
	}
	return checkMember(*m)
}

// ChangeAccount replaces what is known of a member, as they were read before.
// ErrStale if they changed since; ErrTaken as in AddAccount. Switching off
// comes first, whatever becomes of the rest: access must end. Who a person
// switched off, no provider switches on.
func (s *Service) ChangeAccount(ctx context.Context, p Provider, a Account, in AccountInput) (Account, error) {
	if a.Member.Workspace != p.Workspace {
		return Account{}, ErrNotFound
	}
	if in.Active != nil && !*in.Active && a.Active() {
		if err := s.lockOut(ctx, p, a); err != nil {
			return Account{}, err
		}
		a.Member.Disabled = s.clock()
	}
	before := a
	if err := a.take(in); err != nil {
		return Account{}, err
	}
	if before != a || a.Version == 0 {
		a.Updated = s.clock()
		if err := s.directory.SaveAccount(ctx, a); err != nil {
			return Account{}, err
		}
		p.did(ctx, "change member", a.Member.ID)
	}
	if in.Active != nil && *in.Active && !a.Active() && a.Member.DisabledBy != ByPerson {
		if err := s.enable(ctx, a.Member); err != nil {
			return Account{}, err
		}
		p.did(ctx, "enable member", a.Member.ID)
	}
	return s.Account(ctx, p, a.Member.ID)
}

// RemoveAccount ends a member's access for ever and forgets their name and
// addresses. In plans they stay as the person they were: erasing them there is
// decided there. A member of that address who comes later is somebody else.
func (s *Service) RemoveAccount(ctx context.Context, p Provider, id plan.ID) error {
	a, err := s.Account(ctx, p, id)
	if err != nil {
		return err
	}
	if err := s.lockOut(ctx, p, a); err != nil { // again, if it was done before: nothing may be left open
		return err
	}
	if err := s.directory.RemoveAccount(ctx, id); err != nil {
		return err
	}
	if err := s.people.ForgetMember(ctx, id); err != nil {
		return err
	}
	p.did(ctx, "remove member", id)
	return nil
}

// lockOut ends a member's access: the account is off, all sessions and links
// are gone, open pages close. The last active administrator made by hand is
// refused: a workspace whose directory errs, or is taken over, keeps somebody
// who can take its token away.
func (s *Service) lockOut(ctx context.Context, p Provider, a Account) error {
	if a.Active() && a.Member.Role == RoleAdmin && a.ByHand {
		s.lastAdmins.Lock() // two at a time would each see the other
		defer s.lastAdmins.Unlock()
		all, err := s.directory.Accounts(ctx, p.Workspace, AccountQuery{})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(x Account) bool {
			return x.ByHand && x.Active() && x.Member.Role == RoleAdmin && x.Member.ID != a.Member.ID
		}) {
			return fault.New(fault.Refused, "scim.fault.last-admin")
		}
	}
	if err := s.disable(ctx, a.Member, ByDirectory); err != nil {
		return err
	}
	p.did(ctx, "disable member", a.Member.ID)
	return nil
}

// Groups lists the groups of the provider's workspace.
func (s *Service) Groups(ctx context.Context, p Provider, q GroupQuery) ([]Group, error) {
	return s.directory.Groups(ctx, p.Workspace, q)
}

// Group is one of them.
func (s *Service) Group(ctx context.Context, p Provider, id plan.ID) (Group, error) {
	found, err := s.directory.Groups(ctx, p.Workspace, GroupQuery{ID: id})
	if err == nil && (id == "" || len(found) == 0) {
		return Group{}, ErrNotFound
	}
	if err != nil {
		return Group{}, err
	}
	return found[0], nil
}

// MembersOf lists who is in a group of the provider's workspace.
func (s *Service) MembersOf(ctx context.Context, p Provider, g Group) ([]plan.ID, error) {
	if g.Workspace != p.Workspace {
		return nil, ErrNotFound
	}
	return s.directory.MembersOf(ctx, g.ID)
}

// AddGroup makes a group. ErrTaken if one of that name is there.
func (s *Service) AddGroup(ctx context.Context, p Provider, name, external string, members []plan.ID) (Group, error) {
	now := s.clock()
	g := Group{ID: s.NewID(), Workspace: p.Workspace, Name: name, External: external, Created: now}
	return s.ChangeGroup(ctx, p, g, []MemberMove{{Add: true, People: members}})
}

// ChangeGroup stores a group, as it was read before and then changed, and
// moves people. Everybody concerned has the role their groups give from then
// on. ErrStale if the group changed since, ErrTaken if its name is another's.
func (s *Service) ChangeGroup(ctx context.Context, p Provider, g Group, moves []MemberMove) (Group, error) {
	g.Name, g.External = strings.TrimSpace(g.Name), strings.TrimSpace(g.External)
	if g.Workspace != p.Workspace {
		return Group{}, ErrNotFound
	}
	if g.Name == "" || len(g.Name) > 500 || len(g.External) > 500 {
		return Group{}, fault.New(fault.Invalid, "fault.name.empty")
	}
	for _, move := range moves {
		if err := s.link(ctx, p, move); err != nil {
			return Group{}, err
		}
	}
	roles, err := s.directory.RolesOfGroups(ctx, p.Workspace)
	if err != nil {
		return Group{}, err
	}
	g.Updated = s.clock()
	if err := s.directory.SaveGroup(ctx, g, moves, assign(roles)); errors.Is(err, ErrNotFound) {
		return Group{}, fault.New(fault.Invalid, "scim.fault.member").Wrap(err)
	} else if err != nil {
		return Group{}, err
	}
	p.did(ctx, "change group", g.ID)
	return s.Group(ctx, p, g.ID)
}

// link makes accounts for those who are put into a group and had none.
func (s *Service) link(ctx context.Context, p Provider, move MemberMove) error {
	if !move.Add {
		return nil
	}
	for _, id := range move.People {
		a, err := s.Account(ctx, p, id)
		if errors.Is(err, ErrNotFound) {
			return fault.New(fault.Invalid, "scim.fault.member").Wrap(err)
		}
		if err != nil {
			return err
		}
		if a.Version > 0 {
			continue
		}
		a.Updated = s.clock()
		if err := s.directory.SaveAccount(ctx, a); err != nil && !errors.Is(err, ErrStale) {
			return err
		}
	}
	return nil
}

// RemoveGroup deletes a group; its members have the roles they have without.
func (s *Service) RemoveGroup(ctx context.Context, p Provider, id plan.ID) error {
	g, err := s.Group(ctx, p, id)
	if err != nil {
		return err
	}
	roles, err := s.directory.RolesOfGroups(ctx, p.Workspace)
	if err != nil {
		return err
	}
	if err := s.directory.DeleteGroup(ctx, g, assign(roles)); err != nil {
		return err
	}
	p.did(ctx, "remove group", id)
	return nil
}
