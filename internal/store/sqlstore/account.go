package sqlstore

import (
	"context"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	accountColumns = `SELECT m.id, m.workspace, m.name, m.email, m.language, m.role, m.created, m.disabled, m.disabled_by, m.external,
	COALESCE(a.user_name, m.email), COALESCE(a.given, ''), COALESCE(a.family, ''), COALESCE(a.formatted, ''), COALESCE(a.language, ''),
	COALESCE(a.by_hand, 1), COALESCE(a.base, ''), COALESCE(a.updated, m.created), COALESCE(a.version, 0)
FROM member m LEFT JOIN account a ON a.member = m.id WHERE m.workspace = $1 AND COALESCE(a.removed, 0) = 0 `

	selectAccounts = accountColumns + `AND ($2 = '' OR m.id = $2) AND ($3 = '' OR COALESCE(a.user_key, m.address) = $3)
	AND ($4 = '' OR m.address = $4) AND ($5 = '' OR m.external = $5) ORDER BY m.created, m.id`

	activeAdmins = accountColumns + `AND m.role = 'admin' AND m.disabled = 0 ORDER BY m.created, m.id`

	accountsInGroup = accountColumns + `AND m.id IN (SELECT member FROM in_group WHERE group_id = $2) ORDER BY m.created, m.id`

	// lockWorkspace lets one at a time change who has which role in it.
	lockWorkspace = `UPDATE workspace SET created = created WHERE id = $1`

	userTaken = `SELECT count(*) FROM member m LEFT JOIN account a ON a.member = m.id
WHERE m.workspace = $1 AND m.id <> $3 AND COALESCE(a.removed, 0) = 0 AND COALESCE(a.user_key, m.address) = $2`

	addAccount = `INSERT INTO account (member, workspace, user_name, user_key, given, family, formatted, language, by_hand, base, updated, version, removed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, 1, 0) ON CONFLICT (member) DO NOTHING`
	changeAccount = `UPDATE account SET user_name = $2, user_key = $3, given = $4, family = $5, formatted = $6, language = $7,
	updated = $8, version = version + 1 WHERE member = $1 AND version = $9 AND removed = 0`

	leaveGroups   = `DELETE FROM in_group WHERE member = $1`
	forgetAccount = `INSERT INTO account (member, workspace, user_name, user_key, given, family, formatted, language, by_hand, base, updated, version, removed)
SELECT id, workspace, '', '', '', '', '', '', 0, '', created, 1, 1 FROM member WHERE id = $1
ON CONFLICT (member) DO UPDATE SET user_name = '', user_key = '', given = '', family = '', formatted = '', language = '', removed = 1`
	forgetMember   = `UPDATE member SET name = '', email = '', address = '', external = '' WHERE id = $1 AND disabled <> 0`
	forgetPasskeys = `DELETE FROM passkey WHERE member = $1`
	forgetLogins   = `DELETE FROM login WHERE member = $1`

	groupColumns = `SELECT id, workspace, name, external, created, updated, version FROM directory_group g WHERE workspace = $1 `
	selectGroups = groupColumns + `AND ($2 = '' OR id = $2) AND ($3 = '' OR name_key = $3) AND ($4 = '' OR external = $4)
	AND ($5 = '' OR id IN (SELECT group_id FROM in_group WHERE member = $5)) ORDER BY created, id`
	membersOf  = `SELECT member FROM in_group WHERE group_id = $1 ORDER BY member`
	groupTaken = `SELECT count(*) FROM directory_group WHERE workspace = $1 AND name_key = $2 AND id <> $3`
	addGroup   = `INSERT INTO directory_group (id, workspace, name, name_key, external, created, updated, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
ON CONFLICT (id) DO NOTHING`
	changeGroup = `UPDATE directory_group SET name = $2, name_key = $3, external = $4, updated = $5, version = version + 1 WHERE id = $1 AND version = $6`
	clearGroup  = `DELETE FROM in_group WHERE group_id = $1`
	deleteGroup = `DELETE FROM directory_group WHERE id = $1`
	joinGroup   = `INSERT INTO in_group (group_id, member) VALUES ($1, $2) ON CONFLICT (group_id, member) DO NOTHING`
	leaveGroup  = `DELETE FROM in_group WHERE group_id = $1 AND member = $2`
	giveRole    = `UPDATE member SET role = $2 WHERE id = $1`
	keepBase    = `UPDATE account SET base = $2 WHERE member = $1`

	selectRoles = `SELECT name, role FROM role_of_group WHERE workspace = $1 ORDER BY group_key`
	clearRoles  = `DELETE FROM role_of_group WHERE workspace = $1`
	addRole     = `INSERT INTO role_of_group (workspace, group_key, name, role) VALUES ($1, $2, $3, $4)`

	tokenColumns    = `SELECT hash, id, workspace, by_member, created, expires, used, revoked FROM directory_token `
	oneToken        = tokenColumns + `WHERE hash = $1`
	tokensOfPlace   = tokenColumns + `WHERE workspace = $1 ORDER BY created DESC, id DESC`
	saveDirectToken = `INSERT INTO directory_token (hash, id, workspace, by_member, created, expires, used, revoked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (hash) DO UPDATE SET expires = excluded.expires, used = CASE WHEN excluded.used > directory_token.used THEN excluded.used ELSE directory_token.used END,
	revoked = CASE WHEN excluded.revoked > directory_token.revoked THEN excluded.revoked ELSE directory_token.revoked END`
)

func scanAccount(from row) (app.Account, error) {
	var a app.Account
	var created, disabled, byHand, updated int64
	m := &a.Member
	err := from.Scan(&m.ID, &m.Workspace, &m.Name, &m.Email, &m.Language, &m.Role, &created, &disabled, &m.DisabledBy, &m.External,
		&a.UserName, &a.Given, &a.Family, &a.Formatted, &a.Language, &byHand, &a.Base, &updated, &a.Version)
	m.Created, m.Disabled, a.ByHand, a.Updated = moment(created), moment(disabled), byHand != 0, moment(updated)
	return a, err
}

func scanGroup(from row) (app.Group, error) {
	var g app.Group
	var created, updated int64
	err := from.Scan(&g.ID, &g.Workspace, &g.Name, &g.External, &created, &updated, &g.Version)
	g.Created, g.Updated = moment(created), moment(updated)
	return g, err
}

func scanID(from row) (id plan.ID, err error) {
	err = from.Scan(&id)
	return id, err
}

// Accounts implements app.Accounts.
func (s *Store) Accounts(ctx context.Context, workspace plan.ID, q app.AccountQuery) ([]app.Account, error) {
	return accounts(ctx, s.read, workspace, q)
}

func accounts(ctx context.Context, from Querier, workspace plan.ID, q app.AccountQuery) ([]app.Account, error) {
	return collect(ctx, from, scanAccount, selectAccounts, string(workspace), string(q.ID), address(q.UserName), address(q.Email), q.External)
}

// SaveAccount implements app.Accounts.
func (s *Store) SaveAccount(ctx context.Context, a app.Account) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		m := a.Member
		others, err := one(ctx, q, number, userTaken, string(m.Workspace), address(a.UserName), string(m.ID))
		if err != nil {
			return err
		}
		if others > 0 {
			return app.ErrTaken
		}
		if err := saveMemberIn(ctx, q, m); err != nil {
			return err
		}
		query, args := changeAccount, []any{string(m.ID), a.UserName, address(a.UserName), a.Given, a.Family, a.Formatted, a.Language,
			millis(a.Updated), a.Version}
		if a.Version == 0 {
			query, args = addAccount, []any{string(m.ID), string(m.Workspace), a.UserName, address(a.UserName), a.Given, a.Family, a.Formatted,
				a.Language, flag(a.ByHand), millis(a.Updated)}
		}
		return must(ctx, q, query, args...)
	})
}

// must runs a statement that changes one row; app.ErrStale if it does not.
func must(ctx context.Context, q Querier, query string, args ...any) error {
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err == nil && n == 0 {
		return app.ErrStale
	}
	return nil
}

// RemoveAccount implements app.Accounts.
func (s *Store) RemoveAccount(ctx context.Context, member plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if err := must(ctx, q, forgetMember, string(member)); err != nil {
			return err
		}
		for _, query := range []string{leaveGroups, forgetAccount, forgetPasskeys, forgetLogins} {
			if _, err := q.ExecContext(ctx, query, string(member)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Groups implements app.Accounts.
func (s *Store) Groups(ctx context.Context, workspace plan.ID, q app.GroupQuery) ([]app.Group, error) {
	return groups(ctx, s.read, workspace, q)
}

func groups(ctx context.Context, from Querier, workspace plan.ID, q app.GroupQuery) ([]app.Group, error) {
	return collect(ctx, from, scanGroup, selectGroups, string(workspace), string(q.ID), nameKey(q.Name), q.External, string(q.Member))
}

// nameKey is how names of groups are compared.
func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// MembersOf implements app.Accounts.
func (s *Store) MembersOf(ctx context.Context, group plan.ID) ([]plan.ID, error) {
	return collect(ctx, s.read, scanID, membersOf, string(group))
}

// SaveGroup implements app.Accounts.
func (s *Store) SaveGroup(ctx context.Context, g app.Group, moves []app.MemberMove, assign app.Assign) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, lockWorkspace, string(g.Workspace)); err != nil {
			return err
		}
		others, err := one(ctx, q, number, groupTaken, string(g.Workspace), nameKey(g.Name), string(g.ID))
		if err != nil {
			return err
		}
		if others > 0 {
			return app.ErrTaken
		}
		query, args := changeGroup, []any{string(g.ID), g.Name, nameKey(g.Name), g.External, millis(g.Updated), g.Version}
		if g.Version == 0 {
			query, args = addGroup, []any{string(g.ID), string(g.Workspace), g.Name, nameKey(g.Name), g.External, millis(g.Created), millis(g.Updated)}
		}
		if err := must(ctx, q, query, args...); err != nil {
			return err
		}
		before, err := collect(ctx, q, scanAccount, accountsInGroup, string(g.Workspace), string(g.ID))
		if err != nil {
			return err
		}
		if err := movePeople(ctx, q, g, moves); err != nil {
			return err
		}
		after, err := collect(ctx, q, scanAccount, accountsInGroup, string(g.Workspace), string(g.ID))
		if err != nil {
			return err
		}
		return giveRoles(ctx, q, g.Workspace, append(before, after...), assign)
	})
}

// movePeople lets people in and out. Who leaves need not be there; who comes
// must be of the workspace.
func movePeople(ctx context.Context, q Querier, g app.Group, moves []app.MemberMove) error {
	for _, move := range moves {
		if move.Clear {
			if _, err := q.ExecContext(ctx, clearGroup, string(g.ID)); err != nil {
				return err
			}
		}
		for _, id := range move.People {
			query := leaveGroup
			if move.Add {
				query = joinGroup
				known, err := accounts(ctx, q, g.Workspace, app.AccountQuery{ID: id})
				if err != nil {
					return err
				}
				if len(known) == 0 {
					return app.ErrNotFound
				}
			}
			if _, err := q.ExecContext(ctx, query, string(g.ID), string(id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// giveRoles asks which role each of some people has now, and stores it. The
// caller has locked the workspace.
func giveRoles(ctx context.Context, q Querier, workspace plan.ID, concerned []app.Account, assign app.Assign) error {
	slices.SortFunc(concerned, func(a, b app.Account) int { return strings.Compare(string(a.Member.ID), string(b.Member.ID)) })
	concerned = slices.CompactFunc(concerned, func(a, b app.Account) bool { return a.Member.ID == b.Member.ID })
	people := make([]app.Grouped, 0, len(concerned))
	for _, a := range concerned {
		in, err := groups(ctx, q, workspace, app.GroupQuery{Member: a.Member.ID})
		if err != nil {
			return err
		}
		people = append(people, app.Grouped{Account: a, Groups: in})
	}
	admins, err := collect(ctx, q, scanAccount, activeAdmins, string(workspace))
	if err != nil {
		return err
	}
	roles := assign(people, admins)
	for _, x := range people {
		to, given := roles[x.Member.ID]
		if !given || to == (app.Assigned{Role: x.Member.Role, Base: x.Base}) {
			continue
		}
		if _, err := q.ExecContext(ctx, giveRole, string(x.Member.ID), string(to.Role)); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, keepBase, string(x.Member.ID), string(to.Base)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteGroup implements app.Accounts.
func (s *Store) DeleteGroup(ctx context.Context, g app.Group, assign app.Assign) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, lockWorkspace, string(g.Workspace)); err != nil {
			return err
		}
		people, err := collect(ctx, q, scanAccount, accountsInGroup, string(g.Workspace), string(g.ID))
		if err != nil {
			return err
		}
		for _, query := range []string{clearGroup, deleteGroup} {
			if _, err := q.ExecContext(ctx, query, string(g.ID)); err != nil {
				return err
			}
		}
		return giveRoles(ctx, q, g.Workspace, people, assign)
	})
}

// RolesOfGroups implements app.Accounts.
func (s *Store) RolesOfGroups(ctx context.Context, workspace plan.ID) ([]app.RoleOfGroup, error) {
	return collect(ctx, s.read, func(from row) (r app.RoleOfGroup, err error) {
		err = from.Scan(&r.Group, &r.Role)
		return r, err
	}, selectRoles, string(workspace))
}

// SaveRolesOfGroups implements app.Accounts.
func (s *Store) SaveRolesOfGroups(ctx context.Context, workspace plan.ID, roles []app.RoleOfGroup, assign app.Assign) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, query := range []string{lockWorkspace, clearRoles} {
			if _, err := q.ExecContext(ctx, query, string(workspace)); err != nil {
				return err
			}
		}
		for _, r := range roles {
			if _, err := q.ExecContext(ctx, addRole, string(workspace), nameKey(r.Group), strings.TrimSpace(r.Group), string(r.Role)); err != nil {
				return err
			}
		}
		all, err := accounts(ctx, q, workspace, app.AccountQuery{})
		if err != nil {
			return err
		}
		return giveRoles(ctx, q, workspace, all, assign)
	})
}

func scanToken(from row) (app.DirectoryToken, error) {
	var t app.DirectoryToken
	var created, expires, used, revoked int64
	err := from.Scan(&t.Hash, &t.ID, &t.Workspace, &t.By, &created, &expires, &used, &revoked)
	t.Created, t.Expires, t.Used, t.Revoked = moment(created), moment(expires), moment(used), revoked != 0
	return t, err
}

// DirectoryToken implements app.Accounts.
func (s *Store) DirectoryToken(ctx context.Context, hash []byte) (app.DirectoryToken, error) {
	return one(ctx, s.read, scanToken, oneToken, hash)
}

// DirectoryTokens implements app.Accounts.
func (s *Store) DirectoryTokens(ctx context.Context, workspace plan.ID) ([]app.DirectoryToken, error) {
	return collect(ctx, s.read, scanToken, tokensOfPlace, string(workspace))
}

// SaveDirectoryToken implements app.Accounts.
func (s *Store) SaveDirectoryToken(ctx context.Context, t app.DirectoryToken) error {
	return s.exec(ctx, saveDirectToken, t.Hash, string(t.ID), string(t.Workspace), string(t.By), millis(t.Created), millis(t.Expires), millis(t.Used), flag(t.Revoked))
}
