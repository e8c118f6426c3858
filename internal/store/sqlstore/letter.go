package sqlstore

import (
	"context"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	// insertLetter drops the second letter of one key to one reader.
	insertLetter = `INSERT INTO letter (id, kind, plan, person, member, ref, item, key, not_before, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`

	letterColumns = `SELECT id, kind, plan, person, member, ref, item, key, not_before, created, state, attempts, settled, reason FROM letter `
	oneLetter     = letterColumns + `WHERE id = $1`
	lettersTo     = letterColumns + `WHERE plan = $1 AND person = $2 AND member = $3 ORDER BY created DESC, id DESC LIMIT $4`
	lettersIn     = letterColumns + `WHERE state = $1 AND created < $2 ORDER BY created LIMIT $3`
	bouncedIn     = `SELECT DISTINCT person FROM letter WHERE plan = $1 AND state = 'bounced'`
	beginLetter   = `UPDATE letter SET attempts = attempts + 1 WHERE id = $1 AND state = 'queued'`
	takeInLetters = `UPDATE letter SET state = 'gone', settled = $5, reason = $6
WHERE plan = $1 AND person = $2 AND member = $3 AND kind = $4 AND state = 'queued' AND attempts = 0 AND id <> $7`
	takenIn       = letterColumns + `WHERE plan = $1 AND person = $2 AND member = $3 AND reason = $4 ORDER BY created, id`
	settleLetter  = `UPDATE letter SET state = $2, settled = $3, reason = $4 WHERE id = $1`
	forgetLetters = `DELETE FROM letter WHERE state <> 'queued' AND created < $1`
	forgetBounces = `DELETE FROM mail_bounce WHERE at < $1`
	forgetTokens  = `DELETE FROM mail_token WHERE created < $1`

	mailOff    = `SELECT kind FROM mail_off WHERE reader = $1 ORDER BY kind`
	setMailOff = `INSERT INTO mail_off (reader, kind, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	setMailOn  = `DELETE FROM mail_off WHERE reader = $1 AND kind = $2`

	saveMailToken = `INSERT INTO mail_token (hash, letter, reader, plan, kind, created) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
	oneMailToken  = `SELECT hash, letter, reader, plan, kind, created FROM mail_token WHERE hash = $1`

	saveBounce = `INSERT INTO mail_bounce (address, letter, at, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (address) DO UPDATE SET letter = excluded.letter, at = excluded.at, reason = excluded.reason`
	oneBounce    = `SELECT address, letter, at, reason FROM mail_bounce WHERE address = $1`
	forgetBounce = `DELETE FROM mail_bounce WHERE address = $1`
)

func letterStatement(l app.Letter) Statement {
	return Statement{SQL: insertLetter, Args: []any{string(l.ID), string(l.Kind), string(l.Plan), string(l.Person), string(l.Member),
		string(l.Ref), string(l.Item), l.Key, millis(l.NotBefore), millis(l.Created)}}
}

func scanLetter(from row) (app.LetterRow, error) {
	var l app.LetterRow
	var notBefore, created, settled int64
	err := from.Scan(&l.ID, &l.Kind, &l.Plan, &l.Person, &l.Member, &l.Ref, &l.Item, &l.Key, &notBefore, &created, &l.State, &l.Attempts, &settled, &l.Reason)
	l.NotBefore, l.Created, l.Settled = moment(notBefore), moment(created), moment(settled)
	return l, err
}

// Letter implements app.LetterStore.
func (s *Store) Letter(ctx context.Context, id plan.ID) (app.LetterRow, error) {
	return one(ctx, s.read, scanLetter, oneLetter, string(id))
}

// LettersTo implements app.LetterStore.
func (s *Store) LettersTo(ctx context.Context, planID, reader plan.ID, limit int) ([]app.LetterRow, error) {
	person, member := reader, plan.ID("")
	if planID == "" {
		person, member = member, person
	}
	return collect(ctx, s.read, scanLetter, lettersTo, string(planID), string(person), string(member), limit)
}

// LettersIn implements app.LetterStore.
func (s *Store) LettersIn(ctx context.Context, state app.LetterState, before time.Time, limit int) ([]app.LetterRow, error) {
	return collect(ctx, s.read, scanLetter, lettersIn, string(state), before.UnixMilli(), limit)
}

// BouncedIn implements app.LetterStore.
func (s *Store) BouncedIn(ctx context.Context, planID plan.ID) ([]plan.ID, error) {
	return collect(ctx, s.read, func(from row) (id plan.ID, err error) {
		err = from.Scan(&id)
		return id, err
	}, bouncedIn, string(planID))
}

// BeginLetter implements app.LetterStore.
func (s *Store) BeginLetter(ctx context.Context, id plan.ID) (bool, error) {
	var n int64
	err := s.write(ctx, func(ctx context.Context, q Querier) error { return count(&n, q, ctx, beginLetter, string(id)) })
	return n > 0, err
}

// TakeIn implements app.LetterStore.
func (s *Store) TakeIn(ctx context.Context, into app.LetterRow, kinds []app.LetterKind, at time.Time) ([]app.LetterRow, error) {
	var out []app.LetterRow
	err := s.write(ctx, func(ctx context.Context, q Querier) error {
		reason := "with/" + string(into.ID)
		for _, k := range kinds {
			if _, err := q.ExecContext(ctx, takeInLetters, string(into.Plan), string(into.Person), string(into.Member), string(k), millis(at), reason, string(into.ID)); err != nil {
				return err
			}
		}
		found, err := collect(ctx, q, scanLetter, takenIn, string(into.Plan), string(into.Person), string(into.Member), reason)
		out = found
		return err
	})
	return out, err
}

// Settle implements app.LetterStore.
func (s *Store) Settle(ctx context.Context, id plan.ID, state app.LetterState, at time.Time, reason string) error {
	return s.exec(ctx, settleLetter, string(id), string(state), millis(at), reason)
}

// ForgetLetters implements app.LetterStore.
func (s *Store) ForgetLetters(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, forgetLetters, before.UnixMilli()); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, forgetBounces, before.UnixMilli()); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, forgetTokens, before.UnixMilli())
		return err
	})
}

// MailOff implements app.LetterStore.
func (s *Store) MailOff(ctx context.Context, reader plan.ID) ([]app.LetterKind, error) {
	return collect(ctx, s.read, func(from row) (k app.LetterKind, err error) {
		err = from.Scan(&k)
		return k, err
	}, mailOff, string(reader))
}

// SetMailOff implements app.LetterStore.
func (s *Store) SetMailOff(ctx context.Context, reader plan.ID, kind app.LetterKind, off bool, at time.Time) error {
	if off {
		return s.exec(ctx, setMailOff, string(reader), string(kind), millis(at))
	}
	return s.exec(ctx, setMailOn, string(reader), string(kind))
}

// SaveMailToken implements app.LetterStore.
func (s *Store) SaveMailToken(ctx context.Context, t app.MailToken) error {
	return s.exec(ctx, saveMailToken, t.Hash, string(t.Letter), string(t.Reader), string(t.Plan), string(t.Kind), millis(t.Created))
}

// MailToken implements app.LetterStore.
func (s *Store) MailToken(ctx context.Context, hash []byte) (app.MailToken, error) {
	return one(ctx, s.read, func(from row) (t app.MailToken, err error) {
		var created int64
		err = from.Scan(&t.Hash, &t.Letter, &t.Reader, &t.Plan, &t.Kind, &created)
		t.Created = moment(created)
		return t, err
	}, oneMailToken, hash)
}

// SaveBounce implements app.LetterStore.
func (s *Store) SaveBounce(ctx context.Context, b app.DeadAddress) error {
	return s.exec(ctx, saveBounce, b.Address, string(b.Letter), millis(b.At), b.Reason)
}

// BounceOf implements app.LetterStore.
func (s *Store) BounceOf(ctx context.Context, address []byte) (app.DeadAddress, error) {
	return one(ctx, s.read, func(from row) (b app.DeadAddress, err error) {
		var at int64
		err = from.Scan(&b.Address, &b.Letter, &at, &b.Reason)
		b.At = moment(at)
		return b, err
	}, oneBounce, address)
}

// ForgetBounce implements app.LetterStore.
func (s *Store) ForgetBounce(ctx context.Context, address []byte) error {
	return s.exec(ctx, forgetBounce, address)
}
