package sqlstore

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	signInFields  = `id, browser, address, agent, language, secret, code, created, until, expires, tries, used`
	signInColumns = `SELECT ` + signInFields + ` FROM sign_in `
	oneSignIn     = signInColumns + `WHERE id = $1`
	signInBrowser = signInColumns + `WHERE browser = $1`
	signInSecret  = signInColumns + `WHERE secret = $1 AND code <> $2`
	saveSignIn    = `INSERT INTO sign_in (` + signInFields + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	mintSignIn    = `UPDATE sign_in SET secret = $2, code = $3, until = $4 WHERE id = $1 AND used = 0 AND created > $5`
	useSignIn     = `UPDATE sign_in SET used = 1 WHERE secret = $1 AND browser = $2 AND used = 0 AND until > $3 AND code <> $4 RETURNING ` + signInFields
	tryCode       = `UPDATE sign_in SET tries = tries + 1 WHERE browser = $1 AND used = 0 AND expires > $2 AND tries < $3 RETURNING ` + signInFields
	spendSignIn   = `UPDATE sign_in SET used = 1 WHERE id = $1 AND used = 0`
	sweepSignIns  = `DELETE FROM sign_in WHERE expires < $1`

	saveCeremony    = `INSERT INTO ceremony (hash, kind, data, expires) VALUES ($1, $2, $3, $4)`
	takeCeremony    = `DELETE FROM ceremony WHERE hash = $1 AND kind = $2 AND expires > $3 RETURNING hash, kind, data, expires`
	sweepCeremonies = `DELETE FROM ceremony WHERE expires < $1`
	sweepActing     = `DELETE FROM acting WHERE session IN (SELECT hash FROM session WHERE expires < $1)`
	sweepSessions   = `DELETE FROM session WHERE expires < $1`
)

func scanSignIn(from row) (app.SignInRequest, error) {
	var r app.SignInRequest
	var created, until, expires, used int64
	err := from.Scan(&r.ID, &r.Browser, &r.Address, &r.Agent, &r.Language, &r.Secret, &r.Code, &created, &until, &expires, &r.Tries, &used)
	r.Secret, r.Code = bytesOf(r.Secret), bytesOf(r.Code)
	r.Created, r.Until, r.Expires, r.Used = moment(created), moment(until), moment(expires), used != 0
	return r, err
}

// bytesOf never is nil: the columns may not be.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// SaveSignIn implements app.IdentityStore.
func (s *Store) SaveSignIn(ctx context.Context, r app.SignInRequest) error {
	return s.exec(ctx, saveSignIn, string(r.ID), r.Browser, r.Address, r.Agent, r.Language, bytesOf(r.Secret), bytesOf(r.Code),
		millis(r.Created), millis(r.Until), millis(r.Expires), r.Tries, flag(r.Used))
}

// SignIn implements app.IdentityStore.
func (s *Store) SignIn(ctx context.Context, id plan.ID) (app.SignInRequest, error) {
	return one(ctx, s.read, scanSignIn, oneSignIn, string(id))
}

// SignInByBrowser implements app.IdentityStore.
func (s *Store) SignInByBrowser(ctx context.Context, browser []byte) (app.SignInRequest, error) {
	return one(ctx, s.read, scanSignIn, signInBrowser, browser)
}

// SignInBySecret implements app.IdentityStore.
func (s *Store) SignInBySecret(ctx context.Context, secret []byte) (app.SignInRequest, error) {
	return one(ctx, s.read, scanSignIn, signInSecret, secret, []byte{})
}

// changes runs a statement that has to change a row.
func (s *Store) changes(ctx context.Context, query string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		var n int64
		if err := count(&n, q, ctx, query, args...); err != nil {
			return err
		}
		if n == 0 {
			return app.ErrNotFound
		}
		return nil
	})
}

// MintSignIn implements app.IdentityStore.
func (s *Store) MintSignIn(ctx context.Context, id plan.ID, secret, code []byte, until, since time.Time) error {
	return s.changes(ctx, mintSignIn, string(id), secret, code, until.UnixMilli(), since.UnixMilli())
}

// UseSignIn implements app.IdentityStore.
func (s *Store) UseSignIn(ctx context.Context, secret, browser []byte, now time.Time) (app.SignInRequest, error) {
	var r app.SignInRequest
	err := s.write(ctx, func(ctx context.Context, q Querier) (err error) {
		r, err = one(ctx, q, scanSignIn, useSignIn, secret, browser, now.UnixMilli(), []byte{})
		return err
	})
	return r, err
}

// TryCode implements app.IdentityStore. The try counts whatever comes of it,
// and the row stays locked until it is known.
func (s *Store) TryCode(ctx context.Context, browser, code []byte, most int, now time.Time) (app.SignInRequest, bool, error) {
	var r app.SignInRequest
	var right bool
	err := s.write(ctx, func(ctx context.Context, q Querier) (err error) {
		right = false
		r, err = one(ctx, q, scanSignIn, tryCode, browser, now.UnixMilli(), most)
		if err != nil || len(r.Code) == 0 || !now.Before(r.Until) || subtle.ConstantTimeCompare(r.Code, code) != 1 {
			return err
		}
		var n int64
		err = count(&n, q, ctx, spendSignIn, string(r.ID))
		right = n == 1
		return err
	})
	return r, right && err == nil, err
}

// SweepIdentity implements app.IdentityStore.
func (s *Store) SweepIdentity(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, sweep := range []string{sweepSignIns, sweepCeremonies, sweepActing, sweepSessions} {
			if _, err := q.ExecContext(ctx, sweep, before.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveCeremony implements app.IdentityStore.
func (s *Store) SaveCeremony(ctx context.Context, c app.Ceremony) error {
	return s.exec(ctx, saveCeremony, c.Hash, c.Kind, c.Data, millis(c.Expires))
}

// TakeCeremony implements app.IdentityStore.
func (s *Store) TakeCeremony(ctx context.Context, hash []byte, kind string, now time.Time) (app.Ceremony, error) {
	var c app.Ceremony
	err := s.write(ctx, func(ctx context.Context, q Querier) (err error) {
		c, err = one(ctx, q, scanCeremony, takeCeremony, hash, kind, now.UnixMilli())
		return err
	})
	return c, err
}

func scanCeremony(from row) (app.Ceremony, error) {
	var c app.Ceremony
	var expires int64
	err := from.Scan(&c.Hash, &c.Kind, &c.Data, &expires)
	c.Expires = moment(expires)
	return c, err
}

// isMissing reports that there is no such row.
func isMissing(err error) bool { return errors.Is(err, app.ErrNotFound) }
