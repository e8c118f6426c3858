package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

const (
	dealColumns = `deal.id, deal.workspace, deal.plan, crm_id, crm_url, name, account, amount, currency, stage, ended, close_date,
	segment, owner, owner_name, advice, gone, created, deal.updated, version`
	selectDeal  = `SELECT ` + dealColumns + ` FROM deal WHERE `
	oneDeal     = selectDeal + `workspace = $1 AND id = $2`
	dealOfPlan  = selectDeal + `plan = $2 AND plan <> '' AND workspace = $1`
	listedDeals = selectDeal + `workspace = $1 AND crm_id <> ''`

	dealInsert = `INSERT INTO deal (id, workspace, plan, crm_id, crm_url, name, account, amount, currency, stage, ended, close_date,
	segment, owner, owner_name, advice, gone, created, updated, version, sought, by_close, by_account)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
ON CONFLICT (id) DO NOTHING`
	dealUpdate = `UPDATE deal SET crm_id = $3, crm_url = $4, name = $5, account = $6, amount = $7, currency = $8, stage = $9, ended = $10,
	close_date = $11, segment = $12, owner = $13, owner_name = $14, gone = $15, updated = $16, version = $17, sought = $18,
	by_close = $19, by_account = $20
WHERE id = $1 AND workspace = $2 AND version = $17 - 1`
	dealIDTaken = `SELECT count(*) FROM deal WHERE workspace = $1 AND crm_id = $2 AND crm_id <> '' AND id <> $3`
	planTaken   = `SELECT count(*) FROM deal WHERE plan = $1 AND plan <> '' AND id <> $2`

	linkDeal = `UPDATE deal SET plan = $3 WHERE workspace = $1 AND id = $2`
	// linkFresh gives a plan that is being made to a deal that has none, or
	// still the one it replaces.
	linkFresh  = `UPDATE deal SET plan = $3 WHERE workspace = $1 AND id = $2 AND plan = $4`
	adviseDeal = `UPDATE deal SET advice = $3 WHERE workspace = $1 AND id = $2`

	saveDealChange = `INSERT INTO deal_change (deal, at, field, was, became, member, listed) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (deal, at, field) DO UPDATE SET became = excluded.became`
	dealChanges = `SELECT deal, at, field, was, became, member, listed FROM deal_change WHERE deal = $1 ORDER BY at DESC, field DESC LIMIT $2`

	dealRows = `SELECT ` + dealColumns + `, COALESCE(plan_row.title, ''), COALESCE(plan_row.phase, ''), COALESCE(plan_row.decide_by, '')
FROM deal LEFT JOIN plan_row ON plan_row.plan = deal.plan WHERE deal.workspace = $1`
)

// ofDeal deletes what is kept of a deal.
var ofDeal = []string{
	`DELETE FROM deal_change WHERE deal IN (SELECT id FROM deal WHERE workspace = $1 AND id = $2)`,
	`DELETE FROM readiness WHERE workspace = $1 AND deal = $2`,
	`DELETE FROM resistance WHERE workspace = $1 AND deal = $2`,
	`DELETE FROM deal WHERE workspace = $1 AND id = $2`,
}

// dealOrders is how the list of deals is sorted: column, and whether the
// largest comes first.
var dealOrders = map[app.DealSort]struct {
	column string
	down   bool
}{
	app.DealsByClose:   {"by_close", false},
	app.DealsByAccount: {"by_account", false},
	app.DealsByAmount:  {"amount", true},
	app.DealsByChange:  {"deal.updated", true},
}

// dealList makes the query of a list and its arguments. The texts are few:
// what varies is an argument.
func dealList(q app.DealQuery) (string, []any) {
	order, ok := dealOrders[q.Sort]
	if !ok {
		order = dealOrders[app.DealsByClose]
	}
	args := []any{string(q.Workspace)}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	text := dealRows
	if q.After != "" {
		than, key := ">", any(q.AfterKey)
		if order.down {
			than, key = "<", whole(q.AfterKey)
		}
		text += fmt.Sprintf(" AND (%s, deal.id) %s (%s, %s)", order.column, than, arg(key), arg(string(q.After)))
	}
	if !q.Ended || q.Without {
		text += " AND ended = ''"
	}
	if q.Without {
		text += " AND deal.plan = ''"
	}
	if q.Owner != "" {
		text += " AND owner = " + arg(string(q.Owner))
	}
	if q.Search != "" {
		text += " AND sought LIKE " + arg("%"+likeText(sought(q.Search))+"%") + ` ESCAPE '\'`
	}
	way := ""
	if order.down {
		way = " DESC"
	}
	return text + fmt.Sprintf(" ORDER BY %s%s, deal.id%s LIMIT %s", order.column, way, way, arg(q.Limit)), args
}

// whole reads the number that a sort key is.
func whole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// likeText lets a text stand for itself in LIKE.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// sought is how names are compared: regardless of case.
func sought(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

func soughtOf(d app.Deal) string { return sought(d.Name + " " + d.Account + " " + d.CRM) }

// noClose sorts behind all days.
const noClose = "9999-99-99"

func byClose(d app.Deal) string { return cmp.Or(d.Close.String(), noClose) }

func byAccount(d app.Deal) string { return sought(d.Account + " " + d.Name) }

// dealKey is where a deal stands in an order of the list.
func dealKey(d app.Deal, by app.DealSort) string {
	switch by {
	case app.DealsByAccount:
		return byAccount(d)
	case app.DealsByAmount:
		return strconv.FormatInt(d.Amount, 10)
	case app.DealsByChange:
		return strconv.FormatInt(millis(d.Updated), 10)
	}
	return byClose(d)
}

// scanned reads a deal and what comes after its columns.
func scanned(from row, more ...any) (app.Deal, error) {
	var d app.Deal
	var closes string
	var gone, created, updated int64
	dest := []any{&d.ID, &d.Workspace, &d.Plan, &d.CRM, &d.URL, &d.Name, &d.Account, &d.Amount, &d.Currency, &d.Stage, &d.Ended, &closes,
		&d.Segment, &d.Owner, &d.OwnerName, &d.Advice, &gone, &created, &updated, &d.Version}
	if err := from.Scan(append(dest, more...)...); err != nil {
		return d, err
	}
	d.Gone, d.Created, d.Updated = moment(gone), moment(created), moment(updated)
	if closes != "" {
		var err error
		if d.Close, err = civil.Parse(closes); err != nil {
			return d, fmt.Errorf("close date of deal %s: %w", d.ID, err)
		}
	}
	return d, nil
}

func scanDeal(from row) (app.Deal, error) { return scanned(from) }

func scanDealRow(from row) (r app.DealRow, err error) {
	r.Deal, err = scanned(from, &r.PlanTitle, &r.Phase, &r.DecideBy)
	return r, err
}

// Deal implements app.DealStore.
func (s *Store) Deal(ctx context.Context, workspace, id plan.ID) (app.Deal, error) {
	return one(ctx, s.read, scanDeal, oneDeal, string(workspace), string(id))
}

// DealOfPlan implements app.DealStore.
func (s *Store) DealOfPlan(ctx context.Context, workspace, planID plan.ID) (app.Deal, error) {
	return one(ctx, s.read, scanDeal, dealOfPlan, string(workspace), string(planID))
}

// ListedDeals implements app.DealStore.
func (s *Store) ListedDeals(ctx context.Context, workspace plan.ID) ([]app.Deal, error) {
	return collect(ctx, s.read, scanDeal, listedDeals, string(workspace))
}

// countDeals counts by the index alone.
const countDeals = `SELECT count(*), COALESCE(sum(CASE plan WHEN '' THEN 1 ELSE 0 END), 0) FROM deal WHERE workspace = $1 AND ended = ''`

// CountDeals implements app.DealStore.
func (s *Store) CountDeals(ctx context.Context, workspace plan.ID) (open, without int, err error) {
	n, err := one(ctx, s.read, func(from row) (n [2]int, err error) {
		err = from.Scan(&n[0], &n[1])
		return n, err
	}, countDeals, string(workspace))
	return n[0], n[1], err
}

// Deals implements app.DealStore.
func (s *Store) Deals(ctx context.Context, q app.DealQuery) ([]app.DealRow, error) {
	if q.Limit <= 0 {
		return nil, nil
	}
	text, args := dealList(q)
	rows, err := collect(ctx, s.read, scanDealRow, text, args...)
	for i := range rows {
		rows[i].Key = dealKey(rows[i].Deal, q.Sort)
	}
	return rows, err
}

// SaveDeals implements app.DealStore.
func (s *Store) SaveDeals(ctx context.Context, deals []app.DealWrite) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, w := range deals {
			if err := saveDeal(ctx, q, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveDeal(ctx context.Context, q Querier, w app.DealWrite) error {
	d := w.Deal
	for _, taken := range [][]any{{dealIDTaken, string(d.Workspace), d.CRM, string(d.ID)}, {planTaken, string(d.Plan), string(d.ID)}} {
		others, err := one(ctx, q, number, taken[0].(string), taken[1:]...)
		if err != nil {
			return err
		}
		if others > 0 {
			return app.ErrTaken
		}
	}
	query, args := dealUpdate, []any{string(d.ID), string(d.Workspace), d.CRM, d.URL, d.Name, d.Account, d.Amount, d.Currency, d.Stage, d.Ended,
		d.Close.String(), d.Segment, string(d.Owner), d.OwnerName, millis(d.Gone), millis(d.Updated), d.Version, soughtOf(d), byClose(d), byAccount(d)}
	if d.Version == 1 {
		query, args = dealInsert, []any{string(d.ID), string(d.Workspace), string(d.Plan), d.CRM, d.URL, d.Name, d.Account, d.Amount, d.Currency, d.Stage, d.Ended,
			d.Close.String(), d.Segment, string(d.Owner), d.OwnerName, d.Advice, millis(d.Gone), millis(d.Created), millis(d.Updated), d.Version,
			soughtOf(d), byClose(d), byAccount(d)}
	}
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err == nil && n == 0 {
		return app.ErrStale
	}
	for _, c := range w.Changes {
		if _, err := q.ExecContext(ctx, saveDealChange, string(c.Deal), millis(c.At), c.Field, c.Was, c.Now, string(c.Member), flag(c.Listed)); err != nil {
			return err
		}
	}
	return nil
}

// LinkDeal implements app.DealStore.
func (s *Store) LinkDeal(ctx context.Context, workspace, id, planID plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		others, err := one(ctx, q, number, planTaken, string(planID), string(id))
		if err != nil {
			return err
		}
		if others > 0 {
			return app.ErrTaken
		}
		res, err := q.ExecContext(ctx, linkDeal, string(workspace), string(id), string(planID))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err == nil && n == 0 {
			return app.ErrNotFound
		}
		return nil
	})
}

// DeleteDeal implements app.DealStore.
func (s *Store) DeleteDeal(ctx context.Context, workspace, id plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, statement := range ofDeal {
			if _, err := q.ExecContext(ctx, statement, string(workspace), string(id)); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, markPurge)
		return err
	})
}

// DealChanges implements app.DealStore.
func (s *Store) DealChanges(ctx context.Context, id plan.ID, limit int) ([]app.DealChange, error) {
	return collect(ctx, s.read, func(from row) (c app.DealChange, err error) {
		var at, listed int64
		err = from.Scan(&c.Deal, &at, &c.Field, &c.Was, &c.Now, &c.Member, &listed)
		c.At, c.Listed = moment(at), listed != 0
		return c, err
	}, dealChanges, string(id), limit)
}

const (
	freePlans = rowColumns + `WHERE workspace = $1 AND NOT EXISTS (SELECT 1 FROM deal WHERE deal.plan = plan_row.plan AND deal.plan <> '')
	ORDER BY updated DESC, plan DESC LIMIT $2`
	lastBuyer = `SELECT last_buyer FROM plan_row WHERE plan = $1`
)

// FreePlans implements app.DealStore.
func (s *Store) FreePlans(ctx context.Context, workspace plan.ID, limit int) ([]app.PlanRow, error) {
	return collect(ctx, s.read, scanRow, freePlans, string(workspace), limit)
}

// LastBuyer implements app.DealStore.
func (s *Store) LastBuyer(ctx context.Context, planID plan.ID) (time.Time, error) {
	ms, err := one(ctx, s.read, number, lastBuyer, string(planID))
	if errors.Is(err, app.ErrNotFound) {
		return time.Time{}, nil
	}
	return moment(ms), err
}

// dealStatement gives a plan that is being made to its deal; if the deal has
// one by now, the change is stale.
func dealStatement(l app.DealLink) Statement {
	return Statement{SQL: linkFresh, Args: []any{string(l.Workspace), string(l.Deal), string(l.Plan), string(l.Instead)}, Head: true}
}

const (
	saveCheck = `INSERT INTO readiness (id, workspace, deal, at, member, answers, advice) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING`
	checksOf = `SELECT id, workspace, deal, at, member, answers, advice FROM readiness WHERE deal = $1 ORDER BY at DESC, id DESC LIMIT 50`

	saveResistance = `INSERT INTO resistance (id, workspace, deal, plan, at, member, moment, objection, move, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO UPDATE SET move = excluded.move, outcome = excluded.outcome WHERE resistance.workspace = excluded.workspace`
	resistanceColumns = `SELECT id, workspace, deal, plan, at, member, moment, objection, move, outcome FROM resistance `
	resistancesOfDeal = resistanceColumns + `WHERE workspace = $1 AND deal = $2 AND deal <> '' ORDER BY at DESC, id DESC LIMIT 50`
	resistancesOfPlan = resistanceColumns + `WHERE workspace = $1 AND plan = $2 AND plan <> '' ORDER BY at DESC, id DESC LIMIT 50`
	resistancesSince  = resistanceColumns + `WHERE workspace = $1 AND at >= $2 ORDER BY at, id`

	oneMapping  = `SELECT workspace, headers, settings, used FROM deal_mapping WHERE workspace = $1 AND headers = $2`
	saveMapping = `INSERT INTO deal_mapping (workspace, headers, settings, used) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace, headers) DO UPDATE SET settings = excluded.settings, used = excluded.used`
)

// SaveCheck implements app.SignalStore.
func (s *Store) SaveCheck(ctx context.Context, c app.ReadinessCheck) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, saveCheck, string(c.ID), string(c.Workspace), string(c.Deal), millis(c.At), string(c.Member),
			string(c.Answers), c.Advice); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, adviseDeal, string(c.Workspace), string(c.Deal), c.Advice)
		return err
	})
}

// Checks implements app.SignalStore.
func (s *Store) Checks(ctx context.Context, deal plan.ID) ([]app.ReadinessCheck, error) {
	return collect(ctx, s.read, func(from row) (c app.ReadinessCheck, err error) {
		var at int64
		var answers string
		err = from.Scan(&c.ID, &c.Workspace, &c.Deal, &at, &c.Member, &answers, &c.Advice)
		c.At, c.Answers = moment(at), []byte(answers)
		return c, err
	}, checksOf, string(deal))
}

// SaveResistance implements app.SignalStore.
func (s *Store) SaveResistance(ctx context.Context, r app.Resistance) error {
	return s.exec(ctx, saveResistance, string(r.ID), string(r.Workspace), string(r.Deal), string(r.Plan), millis(r.At), string(r.Member),
		r.Moment, r.Objection, r.Move, r.Outcome)
}

func scanResistance(from row) (r app.Resistance, err error) {
	var at int64
	err = from.Scan(&r.ID, &r.Workspace, &r.Deal, &r.Plan, &at, &r.Member, &r.Moment, &r.Objection, &r.Move, &r.Outcome)
	r.At = moment(at)
	return r, err
}

// Resistances implements app.SignalStore.
func (s *Store) Resistances(ctx context.Context, workspace, deal, planID plan.ID) ([]app.Resistance, error) {
	of, err := collect(ctx, s.read, scanResistance, resistancesOfDeal, string(workspace), string(deal))
	if err != nil {
		return nil, err
	}
	alone, err := collect(ctx, s.read, scanResistance, resistancesOfPlan, string(workspace), string(planID))
	if err != nil {
		return nil, err
	}
	return merged(of, alone), nil
}

// merged are both lists, each signal once, the last first.
func merged(a, b []app.Resistance) []app.Resistance {
	known := map[plan.ID]bool{}
	var out []app.Resistance
	for _, r := range append(a, b...) {
		if !known[r.ID] {
			known[r.ID] = true
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(x, y app.Resistance) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.ID, x.ID)) })
	return out
}

// ResistancesSince implements app.SignalStore.
func (s *Store) ResistancesSince(ctx context.Context, workspace plan.ID, since time.Time) ([]app.Resistance, error) {
	return collect(ctx, s.read, scanResistance, resistancesSince, string(workspace), millis(since))
}

// Mapping implements app.SignalStore.
func (s *Store) Mapping(ctx context.Context, workspace plan.ID, headers string) (app.DealMapping, error) {
	return one(ctx, s.read, func(from row) (m app.DealMapping, err error) {
		var used int64
		var settings string
		err = from.Scan(&m.Workspace, &m.Headers, &settings, &used)
		m.Settings, m.Used = []byte(settings), moment(used)
		return m, err
	}, oneMapping, string(workspace), headers)
}

// SaveMapping implements app.SignalStore.
func (s *Store) SaveMapping(ctx context.Context, m app.DealMapping) error {
	return s.exec(ctx, saveMapping, string(m.Workspace), m.Headers, string(m.Settings), millis(m.Used))
}
