package sqlstore

import (
	"context"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	oneSession  = `SELECT hash, member, language, theme, created, seen, expires FROM session WHERE hash = $1`
	saveSession = `INSERT INTO session (hash, member, language, theme, created, seen, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (hash) DO UPDATE SET member = excluded.member, language = excluded.language, theme = excluded.theme,
	created = excluded.created, seen = excluded.seen, expires = excluded.expires`
	deleteSession = `DELETE FROM session WHERE hash = $1`
	deleteActing  = `DELETE FROM acting WHERE session = $1`

	selectActing = `SELECT plan, person FROM acting WHERE session = $1`
	saveActing   = `INSERT INTO acting (session, plan, person) VALUES ($1, $2, $3)
ON CONFLICT (session, plan) DO UPDATE SET person = excluded.person`
	rebind = `UPDATE acting SET person = $3 WHERE plan = $1 AND person = $2`
)

func scanSession(from row) (app.Session, error) {
	var s app.Session
	var created, seen, expires int64
	err := from.Scan(&s.Hash, &s.Member, &s.Language, &s.Theme, &created, &seen, &expires)
	s.Created, s.Seen, s.Expires = moment(created), moment(seen), moment(expires)
	return s, err
}

// Session implements app.Directory.
func (s *Store) Session(ctx context.Context, hash []byte) (app.Session, error) {
	out, err := one(ctx, s.read, scanSession, oneSession, hash)
	if err != nil {
		return app.Session{}, err
	}
	type pair struct{ plan, person plan.ID }
	pairs, err := collect(ctx, s.read, func(from row) (p pair, err error) {
		err = from.Scan(&p.plan, &p.person)
		return p, err
	}, selectActing, hash)
	out.Persons = make(map[plan.ID]plan.ID, len(pairs))
	for _, p := range pairs {
		out.Persons[p.plan] = p.person
	}
	return out, err
}

// SaveSession implements app.Directory.
func (s *Store) SaveSession(ctx context.Context, x app.Session) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, saveSession, x.Hash, string(x.Member), x.Language, x.Theme,
			millis(x.Created), millis(x.Seen), millis(x.Expires)); err != nil {
			return err
		}
		for planID, person := range x.Persons {
			if _, err := q.ExecContext(ctx, saveActing, x.Hash, string(planID), string(person)); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteSession implements app.Directory.
func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, deleteActing, hash); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, deleteSession, hash)
		return err
	})
}

// RebindPerson implements app.Directory.
func (s *Store) RebindPerson(ctx context.Context, planID, from, to plan.ID) error {
	return s.exec(ctx, rebind, string(planID), string(from), string(to))
}
