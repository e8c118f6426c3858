package sqlstore

import (
	"context"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	askedFields = `id, kind, plan, side, person, member, name, email, words, language, browser, code, tries, created, expires, used`
	askedSelect = `SELECT ` + askedFields + ` FROM asked `
	oneAsked    = askedSelect + `WHERE id = $1`
	askedBy     = askedSelect + `WHERE browser = $1 AND plan = $2 AND kind = $3 ORDER BY created DESC LIMIT 1`
	saveAsked   = `INSERT INTO asked (id, kind, plan, side, person, member, name, email, address, words, language, browser, code, created, expires)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	countAsked   = `SELECT count(*) FROM asked WHERE plan = $1 AND kind = $2 AND created >= $3 AND ($4 = '' OR person = $4)`
	countMailed  = `SELECT count(*) FROM asked WHERE address = $1 AND created >= $2 AND kind = 'door' AND length(code) > 0`
	mailedCode   = `UPDATE asked SET code = $2 WHERE id = $1`
	tryRequest   = `UPDATE asked SET tries = tries + 1 WHERE id = $1 AND tries < $2 AND expires > $3 AND used = 0 RETURNING ` + askedFields
	useAsked     = `UPDATE asked SET used = $2 WHERE id = $1 AND used = 0 AND expires > $2`
	forgetAsked  = `DELETE FROM asked WHERE created < $1`
	refuseMail   = `INSERT INTO refused_address (plan, address, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	refusedMail  = `SELECT count(*) FROM refused_address WHERE plan = $1 AND address = $2`
	renewSession = `UPDATE session SET expires = $2 WHERE hash = $1 AND expires < $2`

	withdrawPasses = `UPDATE pass SET revoked = 1 WHERE plan = $1 AND person = $2`
	withdrawActing = `DELETE FROM acting WHERE plan = $1 AND person = $2`
)

// filled is what is stored where there is nothing: the columns are NOT NULL.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// some is nil where filled stored nothing.
func some(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

func askedStatement(a app.Request) Statement {
	address := []byte{}
	if a.Email != "" {
		address = app.AddressHash(a.Email)
	}
	return Statement{SQL: saveAsked, Args: []any{string(a.ID), string(a.Kind), string(a.Plan), string(a.Side), string(a.Person), string(a.Member),
		a.Name, a.Email, address, a.Words, a.Language, filled(a.Browser), filled(a.Code), millis(a.Created), millis(a.Expires)}}
}

// withdrawStatements take a person's links and browsers away.
func withdrawStatements(r app.PersonRef) []Statement {
	args := []any{string(r.Plan), string(r.Person)}
	return []Statement{{SQL: withdrawPasses, Args: args}, {SQL: withdrawActing, Args: args}}
}

func scanAsked(from row) (app.Request, error) {
	var a app.Request
	var created, expires, used int64
	err := from.Scan(&a.ID, &a.Kind, &a.Plan, &a.Side, &a.Person, &a.Member, &a.Name, &a.Email, &a.Words, &a.Language,
		&a.Browser, &a.Code, &a.Tries, &created, &expires, &used)
	a.Browser, a.Code = some(a.Browser), some(a.Code)
	a.Created, a.Expires, a.Used = moment(created), moment(expires), moment(used)
	return a, err
}

// Request implements app.DoorStore.
func (s *Store) Request(ctx context.Context, id plan.ID) (app.Request, error) {
	return one(ctx, s.read, scanAsked, oneAsked, string(id))
}

// RequestBy implements app.DoorStore.
func (s *Store) RequestBy(ctx context.Context, kind app.RequestKind, planID plan.ID, browser []byte) (app.Request, error) {
	return one(ctx, s.read, scanAsked, askedBy, filled(browser), string(planID), string(kind))
}

// CountRequests implements app.DoorStore.
func (s *Store) CountRequests(ctx context.Context, kind app.RequestKind, planID, person plan.ID, since time.Time) (int, error) {
	n, err := one(ctx, s.read, number, countAsked, string(planID), string(kind), since.UnixMilli(), string(person))
	return int(n), err
}

// CountMailed implements app.DoorStore.
func (s *Store) CountMailed(ctx context.Context, address []byte, since time.Time) (int, error) {
	n, err := one(ctx, s.read, number, countMailed, address, since.UnixMilli())
	return int(n), err
}

// MailedCode implements app.DoorStore.
func (s *Store) MailedCode(ctx context.Context, id plan.ID, code []byte) error {
	return s.exec(ctx, mailedCode, string(id), code)
}

// TryRequest implements app.DoorStore.
func (s *Store) TryRequest(ctx context.Context, id plan.ID, most int, now time.Time) (app.Request, error) {
	var a app.Request
	err := s.write(ctx, func(ctx context.Context, q Querier) (err error) {
		a, err = one(ctx, q, scanAsked, tryRequest, string(id), most, now.UnixMilli())
		return err
	})
	return a, err
}

// UseRequest implements app.DoorStore.
func (s *Store) UseRequest(ctx context.Context, id plan.ID, now time.Time) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		var n int64
		if err := count(&n, q, ctx, useAsked, string(id), now.UnixMilli()); err != nil {
			return err
		}
		if n == 0 {
			return app.ErrNotFound
		}
		return nil
	})
}

// ForgetRequests implements app.DoorStore.
func (s *Store) ForgetRequests(ctx context.Context, before time.Time) error {
	return s.exec(ctx, forgetAsked, before.UnixMilli())
}

// RefuseAddress implements app.DoorStore.
func (s *Store) RefuseAddress(ctx context.Context, planID plan.ID, address []byte, at time.Time) error {
	return s.exec(ctx, refuseMail, string(planID), address, at.UnixMilli())
}

// RefusedAddress implements app.DoorStore.
func (s *Store) RefusedAddress(ctx context.Context, planID plan.ID, address []byte) (bool, error) {
	n, err := one(ctx, s.read, number, refusedMail, string(planID), address)
	return n > 0, err
}

// RenewSession implements app.DoorStore.
func (s *Store) RenewSession(ctx context.Context, hash []byte, expires time.Time) error {
	return s.exec(ctx, renewSession, hash, expires.UnixMilli())
}
