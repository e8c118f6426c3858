package app

import (
	"context"
	"strings"
	"time"

	"tandem/internal/plan"
)

// Account is a member as the workspace's identity provider knows them. A
// member it never wrote to has no account of their own yet: Version is zero
// then, and UserName the address. What it calls them is Member.External.
type Account struct {
	Member    Member
	UserName  string // unique in the workspace, regardless of case
	Given     string
	Family    string
	Formatted string // whole name
	Language  string // as the provider wrote it, e.g. "de-DE"
	ByHand    bool   // an administrator made the member; the provider was linked later, or not at all
	Base      Role   // of who has their role from a group: the one they have without; else empty
	Updated   time.Time
	Version   int64 // counts the changes
}

// Active reports whether the member may come in.
func (a Account) Active() bool { return a.Member.Disabled.IsZero() }

// AccountQuery asks for the accounts of a workspace. What is empty is not
// asked for.
type AccountQuery struct {
	ID       plan.ID
	UserName string // regardless of case, as the address
	Email    string
	External string
}

// Group is a group of the identity provider.
type Group struct {
	ID        plan.ID
	Workspace plan.ID
	Name      string // unique in the workspace, regardless of case
	External  string
	Created   time.Time
	Updated   time.Time
	Version   int64 // counts the changes; zero: not stored yet
}

// groupKey is how names of groups are compared.
func groupKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// GroupQuery asks for the groups of a workspace. What is empty is not asked
// for.
type GroupQuery struct {
	ID       plan.ID
	Name     string // regardless of case
	External string
	Member   plan.ID // who have this member
}

// MemberMove adds people to a group or takes them out of it.
type MemberMove struct {
	Clear  bool // first of all, everybody leaves
	Add    bool // else they leave
	People []plan.ID
}

// Grouped is an account with the groups it is in.
type Grouped struct {
	Account
	Groups []Group
}

// RoleOfGroup says which role the members of a group have. The group with an
// empty name stands for who is in no mapped group.
type RoleOfGroup struct {
	Group string
	Role  Role
}

// Assigned is a role, and if a group gives it, the one to go back to.
type Assigned struct{ Role, Base Role }

// Assign says which role some people have from now on, given the workspace's
// administrators who are not disabled. Who is left out keeps theirs. It is
// pure: a store may ask it more than once.
type Assign func(people []Grouped, admins []Account) map[plan.ID]Assigned

// DirectoryToken lets an identity provider write to one workspace. Only the
// SHA-256 of its 256 random bits is stored.
type DirectoryToken struct {
	ID        plan.ID
	Workspace plan.ID
	Hash      []byte
	By        plan.ID // member who made it
	Created   time.Time
	Expires   time.Time // zero: never
	Used      time.Time // last, to within some minutes
	Revoked   bool
}

// Accounts keeps what identity providers know of a workspace.
type Accounts interface {
	// Accounts lists accounts, oldest first, without those removed.
	Accounts(ctx context.Context, workspace plan.ID, q AccountQuery) ([]Account, error)
	// SaveAccount stores a member and what the provider knows of them; role,
	// base and disabled of a member who is there stay: see SaveGroup, SetRole
	// and SetDisabled.
	// ErrTaken if the user name, the address or the External is another's;
	// ErrStale if the account's version is no longer the one given.
	SaveAccount(ctx context.Context, a Account) error
	// RemoveAccount takes a disabled member out of their groups and deletes
	// their names, addresses and ways to sign in. The member stays disabled for
	// ever under the same id.
	RemoveAccount(ctx context.Context, member plan.ID) error
	// Groups lists groups, oldest first.
	Groups(ctx context.Context, workspace plan.ID, q GroupQuery) ([]Group, error)
	// MembersOf lists who is in a group, by id.
	MembersOf(ctx context.Context, group plan.ID) ([]plan.ID, error)
	// SaveGroup stores a group, moves people and gives everybody concerned the
	// role that assign says, all or nothing. ErrTaken if the name is another's,
	// ErrNotFound if somebody added has no account in the workspace, ErrStale
	// by the version.
	SaveGroup(ctx context.Context, g Group, moves []MemberMove, assign Assign) error
	// DeleteGroup is like SaveGroup.
	DeleteGroup(ctx context.Context, g Group, assign Assign) error
	// RolesOfGroups reads the mapping of a workspace, by name of group.
	RolesOfGroups(ctx context.Context, workspace plan.ID) ([]RoleOfGroup, error)
	// SaveRolesOfGroups replaces the mapping and gives everybody in the
	// workspace the role that assign says, all or nothing.
	SaveRolesOfGroups(ctx context.Context, workspace plan.ID, roles []RoleOfGroup, assign Assign) error
	// DirectoryToken finds a token by its hash, revoked or not.
	DirectoryToken(ctx context.Context, hash []byte) (DirectoryToken, error)
	// DirectoryTokens lists those of a workspace, newest first.
	DirectoryTokens(ctx context.Context, workspace plan.ID) ([]DirectoryToken, error)
	// SaveDirectoryToken stores a token; it never takes back a revocation.
	SaveDirectoryToken(ctx context.Context, t DirectoryToken) error
}
