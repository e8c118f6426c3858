package sqlstore

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	passFields     = `hash, kind, plan, person, side, member, max_uses, uses, created, expires, revoked, address, browser, asked`
	passColumns    = `SELECT ` + passFields + ` FROM pass `
	onePass        = passColumns + `WHERE hash = $1`
	passesOfPlan   = passColumns + `WHERE plan = $1 ORDER BY created, hash`
	passesOfMember = passColumns + `WHERE member = $1 AND member <> ''`

	// savePass never gives back uses nor takes back a revocation: whoever saves
	// may have read the pass before somebody else used or revoked it.
	savePass = `INSERT INTO pass (hash, kind, plan, person, side, member, max_uses, uses, created, expires, revoked, address, browser, asked)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (hash) DO UPDATE SET kind = excluded.kind, plan = excluded.plan, person = excluded.person,
	side = excluded.side, member = excluded.member, max_uses = excluded.max_uses, created = excluded.created, expires = excluded.expires,
	address = excluded.address, browser = excluded.browser, asked = excluded.asked,
	uses = CASE WHEN excluded.uses > pass.uses THEN excluded.uses ELSE pass.uses END,
	revoked = CASE WHEN excluded.revoked > pass.revoked THEN excluded.revoked ELSE pass.revoked END`

	usePass = `UPDATE pass SET uses = uses + 1 WHERE hash = $1 AND revoked = 0 AND (expires = 0 OR expires > $2)
	AND (max_uses = 0 OR uses < max_uses) RETURNING ` + passFields

	revokePass = `UPDATE pass SET revoked = 1 WHERE hash = $1`
)

func scanPass(from row) (app.Pass, error) {
	var p app.Pass
	var created, expires, revoked int64
	err := from.Scan(&p.Hash, &p.Kind, &p.Plan, &p.Person, &p.Side, &p.Member, &p.MaxUses, &p.Uses, &created, &expires, &revoked, &p.Address, &p.Browser, &p.Request)
	p.Address, p.Browser = some(p.Address), some(p.Browser)
	p.Created, p.Expires, p.Revoked = moment(created), moment(expires), revoked != 0
	return p, err
}

// SavePass implements app.Directory.
func (s *Store) SavePass(ctx context.Context, p app.Pass) error {
	return s.exec(ctx, savePass, p.Hash, string(p.Kind), string(p.Plan), string(p.Person), string(p.Side), string(p.Member),
		p.MaxUses, p.Uses, millis(p.Created), millis(p.Expires), flag(p.Revoked), filled(p.Address), filled(p.Browser), string(p.Request))
}

// Pass implements app.Directory.
func (s *Store) Pass(ctx context.Context, hash []byte) (app.Pass, error) {
	return one(ctx, s.read, scanPass, onePass, hash)
}

// Passes implements app.Directory.
func (s *Store) Passes(ctx context.Context, planID plan.ID) ([]app.Pass, error) {
	return collect(ctx, s.read, scanPass, passesOfPlan, string(planID))
}

// MemberPasses implements app.Directory.
func (s *Store) MemberPasses(ctx context.Context, member plan.ID) ([]app.Pass, error) {
	all, err := collect(ctx, s.read, scanPass, passesOfMember, string(member))
	slices.SortFunc(all, func(a, b app.Pass) int {
		return cmp.Or(a.Created.Compare(b.Created), bytes.Compare(a.Hash, b.Hash))
	})
	return all, err
}

// UsePass implements app.Directory.
func (s *Store) UsePass(ctx context.Context, hash []byte, now time.Time) (app.Pass, error) {
	var p app.Pass
	err := s.write(ctx, func(ctx context.Context, q Querier) (err error) {
		p, err = one(ctx, q, scanPass, usePass, hash, now.UnixMilli())
		return err
	})
	return p, err
}

// RevokePass implements app.Directory.
func (s *Store) RevokePass(ctx context.Context, hash []byte) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		var n int64
		if err := count(&n, q, ctx, revokePass, hash); err != nil {
			return err
		}
		if n == 0 {
			return app.ErrNotFound
		}
		return nil
	})
}
