package sqlstore

import (
	"context"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	firstSecret = `INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`
	readSecret  = `SELECT value FROM secret WHERE name = $1`

	// keepMail: a mail nobody could be proven to have sent must not keep out
	// the same one with a proof.
	keepMail = `INSERT INTO inbox (id, key, purpose, letter, plan, person, proof, raw, at, state, detail, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', '', 0)
ON CONFLICT (key) DO UPDATE SET id = excluded.id, proof = excluded.proof, raw = excluded.raw, at = excluded.at,
	state = 'new', detail = '' WHERE excluded.proof <> '' AND (inbox.state = 'unverified' OR inbox.state = 'new' AND inbox.proof = '')`

	mailFields = `SELECT id, key, purpose, letter, plan, person, proof, raw, at, state, detail, seq FROM inbox `
	oneMail    = mailFields + `WHERE id = $1`
	mailOf     = mailFields + `WHERE plan = $1 AND person = $2 ORDER BY at, id`

	heardMail = `UPDATE inbox SET state = $2, detail = $3, seq = $4 WHERE id = $1 AND state = 'new'`

	forgetMail = `DELETE FROM inbox WHERE plan = $1 AND person = $2`
)

func scanMail(from row) (app.Received, error) {
	var m app.Received
	var at int64
	err := from.Scan(&m.ID, &m.Key, &m.Purpose, &m.Letter, &m.Plan, &m.Person, &m.Proof, &m.Raw, &at, &m.State, &m.Detail, &m.Seq)
	m.At = moment(at)
	return m, err
}

func keepStatement(m app.Received) Statement {
	return Statement{SQL: keepMail, Args: []any{string(m.ID), m.Key, string(m.Purpose), string(m.Letter), string(m.Plan), string(m.Person),
		m.Proof, m.Raw, millis(m.At)}, Head: true}
}

func heardStatement(h app.Heard) Statement {
	return Statement{SQL: heardMail, Args: []any{string(h.ID), string(h.State), h.Detail, h.Seq}, Head: true}
}

// Secret implements app.InboxStore.
func (s *Store) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	scan := func(from row) (b []byte, err error) {
		err = from.Scan(&b)
		return b, err
	}
	var key []byte
	err := s.write(ctx, func(ctx context.Context, q Querier) (err error) {
		if _, err := q.ExecContext(ctx, firstSecret, name, fresh); err != nil {
			return err
		}
		key, err = one(ctx, q, scan, readSecret, name)
		return err
	})
	return key, err
}

// Mail implements app.InboxStore.
func (s *Store) Mail(ctx context.Context, id plan.ID) (app.Received, error) {
	return one(ctx, s.read, scanMail, oneMail, string(id))
}

// MailOf implements app.InboxStore.
func (s *Store) MailOf(ctx context.Context, planID plan.ID, persons []plan.ID) ([]app.Received, error) {
	var out []app.Received
	for _, q := range persons {
		some, err := collect(ctx, s.read, scanMail, mailOf, string(planID), string(q))
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}
