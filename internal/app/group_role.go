package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Roles is the role the groups of somebody give them in a workspace: the
// mightiest of those its administrators mapped. False if none is mapped. A
// group is known by its name or by what its provider calls it, regardless of
// case.
func (s *Service) Roles(ctx context.Context, workspace plan.ID, groups []string) (Role, bool, error) {
	mapping, err := s.directory.RolesOfGroups(ctx, workspace)
	if err != nil {
		return "", false, err
	}
	role, mapped := roleOf(mapping, groups)
	return role, mapped, nil
}

// DefaultRole is the role of who comes into a workspace from its directory and
// is in no mapped group.
func (s *Service) DefaultRole(ctx context.Context, workspace plan.ID) (Role, error) {
	mapping, err := s.directory.RolesOfGroups(ctx, workspace)
	return defaultRole(mapping), err
}

func defaultRole(mapping []RoleOfGroup) Role {
	for _, m := range mapping {
		if m.Group == "" {
			return m.Role
		}
	}
	return RoleSeller
}

func roleOf(mapping []RoleOfGroup, groups []string) (Role, bool) {
	best := len(Roles)
	for _, m := range mapping {
		key := groupKey(m.Group)
		if key == "" || !slices.ContainsFunc(groups, func(g string) bool { return groupKey(g) == key }) {
			continue
		}
		if at := slices.Index(Roles, m.Role); at >= 0 {
			best = min(best, at)
		}
	}
	if best == len(Roles) {
		return "", false
	}
	return Roles[best], true
}

// assign gives people the role of their groups. Who comes into a mapped group
// gets back, when they leave the last one, the role they had before. The last
// active administrator, and the last one made by hand, stay administrators
// whatever groups say.
func assign(mapping []RoleOfGroup) Assign {
	return func(people []Grouped, admins []Account) map[plan.ID]Assigned {
		out := map[plan.ID]Assigned{}
		for _, x := range people {
			var names []string
			for _, g := range x.Groups {
				names = append(names, g.Name, g.External)
			}
			role, mapped := roleOf(mapping, names)
			switch {
			case x.Version == 0: // no provider knows them
			case mapped:
				out[x.Member.ID] = Assigned{Role: role, Base: cmp.Or(x.Base, x.Member.Role)}
			case x.Base != "":
				out[x.Member.ID] = Assigned{Role: x.Base}
			}
		}
		spare(out, admins)
		return out
	}
}

// spare takes back what would leave a workspace without an administrator, or
// without one made by hand if it has any.
func spare(out map[plan.ID]Assigned, admins []Account) {
	stays := func(a Account) bool {
		to, moved := out[a.Member.ID]
		return !moved || to.Role == RoleAdmin
	}
	for _, last := range [][]Account{slices.DeleteFunc(slices.Clone(admins), func(a Account) bool { return !a.ByHand }), admins} {
		if len(last) == 0 || slices.ContainsFunc(last, stays) {
			continue
		}
		oldest := last[0].Member.ID
		out[oldest] = Assigned{Role: RoleAdmin, Base: out[oldest].Base}
	}
}

// Provisioning is what an administrator sees of their identity provider.
type Provisioning struct {
	Tokens []DirectoryToken // newest first, revoked and expired ones too
	Roles  []RoleOfGroup    // without the default
	Base   Role             // of who is in no mapped group
	Groups []Group          // those the provider made
}

// Provisioning reads it. Administrators only.
func (s *Service) Provisioning(ctx context.Context, c Caller) (Provisioning, error) {
	m, err := administers(c)
	if err != nil {
		return Provisioning{}, err
	}
	var p Provisioning
	if p.Tokens, err = s.directory.DirectoryTokens(ctx, m.Workspace); err != nil {
		return p, err
	}
	if p.Groups, err = s.directory.Groups(ctx, m.Workspace, GroupQuery{}); err != nil {
		return p, err
	}
	if p.Roles, err = s.directory.RolesOfGroups(ctx, m.Workspace); err != nil {
		return p, err
	}
	p.Base = defaultRole(p.Roles)
	p.Roles = slices.DeleteFunc(p.Roles, func(r RoleOfGroup) bool { return r.Group == "" })
	return p, nil
}

const (
	maxGroupRoles = 200
	maxTokens     = 5 // valid at the same time
)

// MapGroups says which groups give which roles, and which role everybody else
// has who comes from the directory. It counts at once, for everybody.
// Administrators only.
func (s *Service) MapGroups(ctx context.Context, c Caller, roles []RoleOfGroup, base Role) error {
	m, err := administers(c)
	if err != nil {
		return err
	}
	seen := map[string]bool{"": true}
	var mapping []RoleOfGroup
	for _, r := range roles {
		r.Group = strings.TrimSpace(r.Group)
		switch key := groupKey(r.Group); {
		case key == "":
			continue
		case len(r.Group) > 500 || !slices.Contains(Roles, r.Role):
			return fault.New(fault.Invalid, "scim.fault.mapping", "group", r.Group)
		case seen[key]:
			return fault.New(fault.Invalid, "scim.fault.twice", "group", r.Group)
		default:
			seen[key] = true
		}
		mapping = append(mapping, r)
	}
	if len(mapping) > maxGroupRoles {
		return fault.New(fault.Invalid, "scim.fault.many", "N", maxGroupRoles)
	}
	if !slices.Contains(Roles, base) || base == RoleAdmin { // or whoever the directory lets in administers
		return fault.New(fault.Invalid, "scim.fault.base")
	}
	mapping = append(mapping, RoleOfGroup{Role: base})
	return s.directory.SaveRolesOfGroups(ctx, m.Workspace, mapping, assign(mapping))
}

// NewDirectoryToken makes a token with which an identity provider makes,
// changes and disables the members of the caller's workspace. It is shown once.
// A life of zero never ends. Administrators only.
func (s *Service) NewDirectoryToken(ctx context.Context, c Caller, life time.Duration) (Secret, error) {
	m, err := administers(c)
	if err != nil {
		return "", err
	}
	tokens, err := s.directory.DirectoryTokens(ctx, m.Workspace)
	if err != nil {
		return "", err
	}
	now, valid := s.clock(), 0
	for _, t := range tokens {
		if t.Valid(now) {
			valid++
		}
	}
	if valid >= maxTokens {
		return "", fault.New(fault.Refused, "scim.fault.tokens", "N", maxTokens)
	}
	secret := s.newSecret()
	t := DirectoryToken{ID: s.NewID(), Workspace: m.Workspace, Hash: secret.Hash(), By: m.ID, Created: now}
	if life > 0 {
		t.Expires = now.Add(life)
	}
	return secret, s.directory.SaveDirectoryToken(ctx, t)
}

// Valid reports whether a token still opens.
func (t DirectoryToken) Valid(now time.Time) bool {
	return !t.Revoked && (t.Expires.IsZero() || now.Before(t.Expires))
}

// RevokeDirectoryToken ends a token of the caller's workspace at once.
// Administrators only.
func (s *Service) RevokeDirectoryToken(ctx context.Context, c Caller, id plan.ID) error {
	m, err := administers(c)
	if err != nil {
		return err
	}
	tokens, err := s.directory.DirectoryTokens(ctx, m.Workspace)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.ID == id {
			t.Revoked = true
			return s.directory.SaveDirectoryToken(ctx, t)
		}
	}
	return missing()
}
