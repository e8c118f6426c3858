package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	workspaceColumns = `SELECT id, name, language, zone, region, notice, created, closed, fiscal FROM workspace `
	allWorkspaces    = workspaceColumns + `ORDER BY created, id`
	oneWorkspace     = workspaceColumns + `WHERE id = $1`
	saveWorkspace    = `INSERT INTO workspace (id, name, language, zone, region, notice, created, closed, fiscal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language, zone = excluded.zone,
	region = excluded.region, notice = excluded.notice, created = excluded.created,
	closed = excluded.closed, fiscal = excluded.fiscal`

	memberColumns = `SELECT id, workspace, name, email, language, admin, created FROM member `
	oneMember     = memberColumns + `WHERE id = $1`
	memberByEmail = memberColumns + `WHERE workspace = $1 AND address = $2 AND address <> ''`
	allMembers    = memberColumns + `WHERE workspace = $1 ORDER BY created, id`
	addressTaken  = `SELECT count(*) FROM member WHERE workspace = $1 AND address = $2 AND address <> '' AND id <> $3`
	saveMember    = `INSERT INTO member (id, workspace, name, email, address, language, admin, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET workspace = excluded.workspace, name = excluded.name, email = excluded.email,
	address = excluded.address, language = excluded.language, admin = excluded.admin, created = excluded.created`
)

func scanWorkspace(from row) (app.Workspace, error) {
	var w app.Workspace
	var created int64
	var closed string
	if err := from.Scan(&w.ID, &w.Name, &w.Language, &w.Zone, &w.Region, &w.Notice, &created, &closed, &w.Fiscal); err != nil {
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
	var admin, created int64
	err := from.Scan(&m.ID, &m.Workspace, &m.Name, &m.Email, &m.Language, &admin, &created)
	m.Admin, m.Created = admin != 0, moment(created)
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
	return s.exec(ctx, saveWorkspace, string(w.ID), w.Name, w.Language, w.Zone, w.Region, w.Notice, millis(w.Created), string(closed), w.Fiscal)
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

// SaveMember implements app.Directory.
func (s *Store) SaveMember(ctx context.Context, m app.Member) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		others, err := one(ctx, q, number, addressTaken, string(m.Workspace), address(m.Email), string(m.ID))
		if err != nil {
			return err
		}
		if others > 0 {
			return app.ErrTaken
		}
		_, err = q.ExecContext(ctx, saveMember, string(m.ID), string(m.Workspace), m.Name, m.Email, address(m.Email),
			m.Language, flag(m.Admin), millis(m.Created))
		return err
	})
}
