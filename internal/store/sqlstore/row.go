package sqlstore

import (
	"context"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	saveRow = `INSERT INTO plan_row (plan, workspace, home, title, buyer, seller, phase, paused, has_left, decide_by,
	revision, done_buyer, done_seller, total_buyer, total_seller, proposals, updated, last_buyer, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (plan) DO UPDATE SET workspace = excluded.workspace, home = excluded.home, title = excluded.title,
	buyer = excluded.buyer, seller = excluded.seller, phase = excluded.phase, paused = excluded.paused,
	has_left = excluded.has_left, decide_by = excluded.decide_by, revision = excluded.revision,
	done_buyer = excluded.done_buyer, done_seller = excluded.done_seller,
	total_buyer = excluded.total_buyer, total_seller = excluded.total_seller,
	proposals = excluded.proposals, updated = excluded.updated, seq = excluded.seq,
	last_buyer = CASE excluded.last_buyer WHEN 0 THEN plan_row.last_buyer ELSE excluded.last_buyer END
WHERE plan_row.seq <= excluded.seq`

	rowColumns = `SELECT plan, workspace, home, title, buyer, seller, phase, paused, has_left, decide_by,
	revision, done_buyer, done_seller, total_buyer, total_seller, proposals, updated, last_buyer, seq FROM plan_row `

	selectRows = rowColumns + `WHERE workspace = $1 AND updated < $2 ORDER BY updated DESC, plan DESC LIMIT $3`

	// selectTies are the plans that changed in the same millisecond as the
	// last one of a page, which the next page would pass over.
	selectTies = rowColumns + `WHERE workspace = $1 AND updated = $2 AND plan < $3 ORDER BY plan DESC`
)

func rowStatement(r app.PlanRow) Statement {
	return Statement{SQL: saveRow, Args: []any{string(r.Plan), string(r.Workspace), string(r.Home), r.Title, r.Buyer, r.Seller,
		string(r.Phase), flag(r.Paused), flag(r.Left), r.DecideBy, r.Revision, r.Done.Buyer, r.Done.Seller,
		r.Total.Buyer, r.Total.Seller, r.Proposals, millis(r.Updated), millis(r.LastBuyer), r.Seq}}
}

func scanRow(from row) (app.PlanRow, error) {
	var r app.PlanRow
	var paused, left, updated, lastBuyer int64
	err := from.Scan(&r.Plan, &r.Workspace, &r.Home, &r.Title, &r.Buyer, &r.Seller, &r.Phase, &paused, &left, &r.DecideBy,
		&r.Revision, &r.Done.Buyer, &r.Done.Seller, &r.Total.Buyer, &r.Total.Seller, &r.Proposals, &updated, &lastBuyer, &r.Seq)
	r.Paused, r.Left = paused != 0, left != 0
	r.Updated, r.LastBuyer = moment(updated), moment(lastBuyer)
	return r, err
}

const endOfTime = int64(1) << 62

// Plans implements app.PlanStore.
func (s *Store) Plans(ctx context.Context, workspace plan.ID, before time.Time, limit int) ([]app.PlanRow, error) {
	if limit <= 0 {
		return nil, nil
	}
	until := endOfTime
	if !before.IsZero() {
		until = before.UnixMilli()
	}
	rows, err := collect(ctx, s.read, scanRow, selectRows, string(workspace), until, limit)
	if err != nil || len(rows) < limit {
		return rows, err
	}
	last := rows[len(rows)-1]
	ties, err := collect(ctx, s.read, scanRow, selectTies, string(workspace), last.Updated.UnixMilli(), string(last.Plan))
	return append(rows, ties...), err
}
