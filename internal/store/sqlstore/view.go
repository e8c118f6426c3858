package sqlstore

import (
	"context"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	viewColumns = `SELECT id, workspace, member, name, query, shared, created FROM view `
	oneView     = viewColumns + `WHERE id = $1`
	ownViews    = viewColumns + `WHERE workspace = $1 AND member = $2 ORDER BY created, id LIMIT 100`
	sharedViews = viewColumns + `WHERE workspace = $1 AND shared = 1 ORDER BY created, id LIMIT 100`
	saveView    = `INSERT INTO view (id, workspace, member, name, query, shared, created) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query, shared = excluded.shared`
	dropView = `DELETE FROM view WHERE id = $1`

	saveRemark = `INSERT INTO remark (plan, workspace, member, text, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (plan) DO UPDATE SET workspace = excluded.workspace, member = excluded.member, text = excluded.text, at = excluded.at`
	dropRemark = `DELETE FROM remark WHERE plan = $1`
	remarksOn  = `SELECT r.plan, r.workspace, r.member, COALESCE(m.name, ''), r.text, r.at FROM remark r LEFT JOIN member m ON m.id = r.member WHERE r.plan IN (`
)

func scanView(from row) (v app.SavedView, err error) {
	var shared, created int64
	err = from.Scan(&v.ID, &v.Workspace, &v.Member, &v.Name, &v.Query, &shared, &created)
	v.Shared, v.Created = shared != 0, moment(created)
	return v, err
}

// Views implements app.ViewStore.
func (s *Store) Views(ctx context.Context, workspace, member plan.ID) ([]app.SavedView, error) {
	own, err := collect(ctx, s.read, scanView, ownViews, string(workspace), string(member))
	if err != nil {
		return nil, err
	}
	shared, err := collect(ctx, s.read, scanView, sharedViews, string(workspace))
	for _, v := range shared {
		if v.Member != member {
			own = append(own, v)
		}
	}
	return own, err
}

// View implements app.ViewStore.
func (s *Store) View(ctx context.Context, id plan.ID) (app.SavedView, error) {
	return one(ctx, s.read, scanView, oneView, string(id))
}

// SaveView implements app.ViewStore.
func (s *Store) SaveView(ctx context.Context, v app.SavedView) error {
	return s.exec(ctx, saveView, string(v.ID), string(v.Workspace), string(v.Member), v.Name, v.Query, flag(v.Shared), millis(v.Created))
}

// DropView implements app.ViewStore.
func (s *Store) DropView(ctx context.Context, id plan.ID) error {
	return s.exec(ctx, dropView, string(id))
}

// SaveRemark implements app.ViewStore. A text that is replaced is purged with
// the next words that are.
func (s *Store) SaveRemark(ctx context.Context, r app.Remark) error {
	if r.Text == "" {
		return s.exec(ctx, dropRemark, string(r.Plan))
	}
	return s.exec(ctx, saveRemark, string(r.Plan), string(r.Workspace), string(r.Member), r.Text, millis(r.At))
}

// remarked adds the remarks to rows.
func (s *Store) remarked(ctx context.Context, rows []app.PortfolioRow) error {
	if len(rows) == 0 {
		return nil
	}
	var marks []string
	var args []any
	at := map[plan.ID]*app.PortfolioRow{}
	for i := range rows {
		args = append(args, string(rows[i].Plan))
		marks = append(marks, "$"+strconv.Itoa(len(args)))
		at[rows[i].Plan] = &rows[i]
	}
	found, err := collect(ctx, s.read, func(from row) (r app.Remark, err error) {
		var ms int64
		err = from.Scan(&r.Plan, &r.Workspace, &r.Member, &r.Name, &r.Text, &ms)
		r.At = moment(ms)
		return r, err
	}, remarksOn+strings.Join(marks, ", ")+")", args...)
	for i := range found {
		at[found[i].Plan].Remark = &found[i]
	}
	return err
}
