package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	workspaceColumns = `SELECT id, name, language, zone, region, notice, created, closed, fiscal, proof FROM workspace `
	allWorkspaces    = workspaceColumns + `ORDER BY created, id`
	oneWorkspace     = workspaceColumns + `WHERE id = $1`
	saveWorkspace    = `INSERT INTO workspace (id, name, language, zone, region, notice, created, closed, fiscal, proof) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language, zone = excluded.zone,
	region = excluded.region, notice = excluded.notice, created = excluded.created,
	closed = excluded.closed, fiscal = excluded.fiscal, proof = excluded.proof`

	memberColumns = `SELECT id, workspace, name, email, language, role, created, disabled, disabled_by, external FROM member `
	oneMember     = memberColumns + `WHERE id = $1`
	memberByEmail = memberColumns + `WHERE workspace = $1 AND address = $2 AND address <> ''`
	allMembers    = memberColumns + `WHERE workspace = $1 ORDER BY created, id`
	byExternal    = memberColumns + `WHERE workspace = $1 AND external = $2 AND external <> ''`
	everywhere    = memberColumns + `WHERE address = $1 AND address <> '' ORDER BY created, id`
	addressTaken  = `SELECT count(*) FROM member WHERE workspace = $1 AND address = $2 AND address <> '' AND id <> $3`
	externalTaken = `SELECT count(*) FROM member WHERE workspace = $1 AND external = $2 AND external <> '' AND id <> $3`

	// saveMember leaves role and disabled of a member who is there alone:
	// whoever saves may have read them before they were changed.
	saveMember = `INSERT INTO member (id, workspace, name, email, address, language, created, external, role, disabled, disabled_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET workspace = excluded.workspace, name = excluded.name, email = excluded.email,
	address = excluded.address, language = excluded.language, created = excluded.created, external = excluded.external`

	// lockPlace lets one at a time ask who else administers a workspace.
	lockPlace   = `UPDATE workspace SET created = created WHERE id = (SELECT workspace FROM member WHERE id = $1)`
	otherAdmins = `SELECT count(*) FROM member WHERE workspace = (SELECT workspace FROM member WHERE id = $1)
	AND id <> $1 AND role = 'admin' AND disabled = 0`
	setRole     = `UPDATE member SET role = $2 WHERE id = $1`
	setDisabled = `UPDATE member SET disabled = $2, disabled_by = $3 WHERE id = $1`
)

func scanWorkspace(from row) (app.Workspace, error) {
	var w app.Workspace
	var created int64
	var closed string
	if err := from.Scan(&w.ID, &w.Name, &w.Language, &w.Zone, &w.Region, &w.Notice, &created, &closed, &w.Fiscal, &w.Proof); err != nil {
		return w, err
	}
	w.Created = moment(created)
	if err := json.Unmarshal([]byte(closed), &w.Closed); err != nil {
		return w, fmt.Errorf("closed days of workspace %s: %w", w.ID, err)
	}
	if len(w.Closed) == 0 {
		w.Closed = nil
	}
	return w, nil
}

func scanMember(from row) (app.Member, error) {
	var m app.Member
	var created, disabled int64
	err := from.Scan(&m.ID, &m.Workspace, &m.Name, &m.Email, &m.Language, &m.Role, &created, &disabled, &m.DisabledBy, &m.External)
	m.Created, m.Disabled = moment(created), moment(disabled)
	return m, err
}

// Workspaces implements app.Directory.
func (s *Store) Workspaces(ctx context.Context) ([]app.Workspace, error) {
	return collect(ctx, s.read, scanWorkspace, allWorkspaces)
}

// Workspace implements app.Directory.
func (s *Store) Workspace(ctx context.Context, id plan.ID) (app.Workspace, error) {
	return one(ctx, s.read, scanWorkspace, oneWorkspace, string(id))
}

// SaveWorkspace implements app.Directory.
func (s *Store) SaveWorkspace(ctx context.Context, w app.Workspace) error {
	closed, err := json.Marshal(w.Closed)
	if err != nil {
		return err
	}
	return s.exec(ctx, saveWorkspace, string(w.ID), w.Name, w.Language, w.Zone, w.Region, w.Notice, millis(w.Created), string(closed), w.Fiscal, w.Proof)
}

// Member implements app.Directory.
func (s *Store) Member(ctx context.Context, id plan.ID) (app.Member, error) {
	return one(ctx, s.read, scanMember, oneMember, string(id))
}

// address is how e-mail addresses are compared.
func address(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// MemberByEmail implements app.Directory.
func (s *Store) MemberByEmail(ctx context.Context, workspace plan.ID, email string) (app.Member, error) {
	return one(ctx, s.read, scanMember, memberByEmail, string(workspace), address(email))
}

// Members implements app.Directory.
func (s *Store) Members(ctx context.Context, workspace plan.ID) ([]app.Member, error) {
	return collect(ctx, s.read, scanMember, allMembers, string(workspace))
}

// MemberByExternal implements app.Directory.
func (s *Store) MemberByExternal(ctx context.Context, workspace plan.ID, external string) (app.Member, error) {
	return one(ctx, s.read, scanMember, byExternal, string(workspace), external)
}

// MembersByEmail implements app.Directory.
func (s *Store) MembersByEmail(ctx context.Context, email string) ([]app.Member, error) {
	return collect(ctx, s.read, scanMember, everywhere, address(email))
}

// SaveMember implements app.Directory.
func (s *Store) SaveMember(ctx context.Context, m app.Member) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error { return saveMemberIn(ctx, q, m) })
}

// saveMemberIn stores a member within a transaction.
func saveMemberIn(ctx context.Context, q Querier, m app.Member) error {
	for _, taken := range [][]any{{addressTaken, string(m.Workspace), address(m.Email), string(m.ID)}, {externalTaken, string(m.Workspace), m.External, string(m.ID)}} {
		others, err := one(ctx, q, number, taken[0].(string), taken[1:]...)
		if err != nil {
			return err
		}
		if others > 0 {
			return app.ErrTaken
		}
	}
	_, err := q.ExecContext(ctx, saveMember, string(m.ID), string(m.Workspace), m.Name, m.Email, address(m.Email),
		m.Language, millis(m.Created), m.External, string(cmp.Or(m.Role, app.RoleSeller)), millis(m.Disabled), m.DisabledBy)
	return err
}

// SetRole implements app.Directory.
func (s *Store) SetRole(ctx context.Context, member plan.ID, role app.Role) error {
	return s.setMember(ctx, member, role != app.RoleAdmin, setRole, string(member), string(role))
}

// SetDisabled implements app.Directory.
func (s *Store) SetDisabled(ctx context.Context, member plan.ID, at time.Time, by string) error {
	return s.setMember(ctx, member, !at.IsZero(), setDisabled, string(member), millis(at), by)
}

// setMember changes what a member may do; what takes something away is asked
// whether another administrator is left.
func (s *Store) setMember(ctx context.Context, member plan.ID, takes bool, query string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, lockPlace, string(member)); err != nil {
			return err
		}
		m, err := one(ctx, q, scanMember, oneMember, string(member))
		if err != nil {
			return err
		}
		if takes && m.Role == app.RoleAdmin && m.Disabled.IsZero() {
			others, err := one(ctx, q, number, otherAdmins, string(member))
			if err != nil {
				return err
			}
			if others == 0 {
				return app.ErrLastAdmin
			}
		}
		_, err = q.ExecContext(ctx, query, args...)
		return err
	})
}
