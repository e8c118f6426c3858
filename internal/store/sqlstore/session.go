package sqlstore

import (
	"context"
	"slices"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	sessionColumns   = `SELECT hash, member, language, theme, created, seen, expires, agent, proved, way FROM session `
	oneSession       = sessionColumns + `WHERE hash = $1`
	sessionsOfMember = sessionColumns + `WHERE member = $1 AND member <> '' AND expires > $2`
	sessionsOfPerson = sessionColumns + `WHERE hash IN (SELECT session FROM acting WHERE person = $1) AND expires > $2`
	saveSession      = `INSERT INTO session (hash, member, language, theme, created, seen, expires, agent, proved, way)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (hash) DO UPDATE SET member = excluded.member, language = excluded.language, theme = excluded.theme,
	created = excluded.created, seen = excluded.seen, expires = excluded.expires, agent = excluded.agent,
	proved = excluded.proved, way = excluded.way`
	preferSession = `UPDATE session SET language = $2, theme = $3 WHERE hash = $1`
	seeSession    = `UPDATE session SET seen = $2 WHERE hash = $1 AND seen < $2`
	proveMember   = `UPDATE session SET proved = $2, way = $3 WHERE hash = $1`
	provePerson   = `UPDATE acting SET proved = $3 WHERE session = $1 AND plan = $2`
	deleteSession = `DELETE FROM session WHERE hash = $1`
	deleteActing  = `DELETE FROM acting WHERE session = $1`

	// selectActing leaves out who is a member whose account is switched off,
	// whatever way the browser came in as them.
	selectActing = `SELECT a.plan, a.person, a.proved FROM acting a LEFT JOIN member m ON m.id = a.person
WHERE a.session = $1 AND (m.id IS NULL OR m.disabled = 0)`
	saveActing = `INSERT INTO acting (session, plan, person, proved) VALUES ($1, $2, $3, $4)
ON CONFLICT (session, plan) DO UPDATE SET person = excluded.person, proved = excluded.proved`
	rebind = `UPDATE acting SET person = $3 WHERE plan = $1 AND person = $2`

	// The sessions somebody has are found first, and ended one by one.
	theirSessions = `SELECT hash FROM session WHERE member = $1 AND member <> ''
UNION SELECT session FROM acting WHERE person = $1`
	revokeOfPerson = `UPDATE pass SET revoked = 1 WHERE person = $1 AND person <> ''`
	revokeOfMember = `UPDATE pass SET revoked = 1 WHERE member = $1 AND member <> ''`
)

func scanSession(from row) (app.Session, error) {
	var s app.Session
	var created, seen, expires, proved int64
	err := from.Scan(&s.Hash, &s.Member, &s.Language, &s.Theme, &created, &seen, &expires, &s.Agent, &proved, &s.Way)
	s.Created, s.Seen, s.Expires, s.Proved = moment(created), moment(seen), moment(expires), moment(proved)
	return s, err
}

func scanHash(from row) (hash []byte, err error) {
	err = from.Scan(&hash)
	return hash, err
}

// Session implements app.Directory.
func (s *Store) Session(ctx context.Context, hash []byte) (app.Session, error) {
	out, err := one(ctx, s.read, scanSession, oneSession, hash)
	if err != nil {
		return app.Session{}, err
	}
	type part struct {
		plan, person plan.ID
		proved       int64
	}
	parts, err := collect(ctx, s.read, func(from row) (p part, err error) {
		err = from.Scan(&p.plan, &p.person, &p.proved)
		return p, err
	}, selectActing, hash)
	out.Persons = make(map[plan.ID]plan.ID, len(parts))
	for _, p := range parts {
		out.Persons[p.plan] = p.person
		if p.proved != 0 {
			if out.ProvedPersons == nil {
				out.ProvedPersons = map[plan.ID]time.Time{}
			}
			out.ProvedPersons[p.plan] = moment(p.proved)
		}
	}
	return out, err
}

// SaveSession implements app.Directory.
func (s *Store) SaveSession(ctx context.Context, x app.Session) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.ExecContext(ctx, saveSession, x.Hash, string(x.Member), x.Language, x.Theme,
			millis(x.Created), millis(x.Seen), millis(x.Expires), x.Agent, millis(x.Proved), string(x.Way)); err != nil {
			return err
		}
		for planID, person := range x.Persons {
			if _, err := q.ExecContext(ctx, saveActing, x.Hash, string(planID), string(person), millis(x.ProvedPersons[planID])); err != nil {
				return err
			}
		}
		return nil
	})
}

// PreferSession implements app.Directory.
func (s *Store) PreferSession(ctx context.Context, hash []byte, language, theme string) error {
	return s.exec(ctx, preferSession, hash, language, theme)
}

// SeeSession implements app.Directory.
func (s *Store) SeeSession(ctx context.Context, hash []byte, at time.Time) error {
	return s.exec(ctx, seeSession, hash, at.UnixMilli())
}

// ProveSession implements app.Directory.
func (s *Store) ProveSession(ctx context.Context, hash []byte, planID plan.ID, at time.Time, way app.Way) error {
	if planID == "" {
		return s.exec(ctx, proveMember, hash, at.UnixMilli(), string(way))
	}
	return s.exec(ctx, provePerson, hash, string(planID), at.UnixMilli())
}

// DeleteSession implements app.Directory.
func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error { return endSession(ctx, q, hash) })
}

func endSession(ctx context.Context, q Querier, hash []byte) error {
	if _, err := q.ExecContext(ctx, deleteActing, hash); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, deleteSession, hash)
	return err
}

// Sessions implements app.Directory.
func (s *Store) Sessions(ctx context.Context, member plan.ID, persons []plan.ID, now time.Time) ([]app.Session, error) {
	out, err := collect(ctx, s.read, scanSession, sessionsOfMember, string(member), now.UnixMilli())
	if err != nil {
		return nil, err
	}
	for _, person := range append([]plan.ID{member}, persons...) {
		if person == "" {
			continue
		}
		more, err := collect(ctx, s.read, scanSession, sessionsOfPerson, string(person), now.UnixMilli())
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	slices.SortFunc(out, func(a, b app.Session) int { return slices.Compare(a.Hash, b.Hash) })
	out = slices.CompactFunc(out, func(a, b app.Session) bool { return slices.Equal(a.Hash, b.Hash) })
	slices.SortStableFunc(out, func(a, b app.Session) int { return b.Seen.Compare(a.Seen) })
	return out, nil
}

// Expel implements app.Directory.
func (s *Store) Expel(ctx context.Context, id plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		hashes, err := collect(ctx, q, scanHash, theirSessions, string(id))
		if err != nil {
			return err
		}
		for _, hash := range hashes {
			if err := endSession(ctx, q, hash); err != nil {
				return err
			}
		}
		for _, revoke := range []string{revokeOfPerson, revokeOfMember} {
			if _, err := q.ExecContext(ctx, revoke, string(id)); err != nil {
				return err
			}
		}
		return nil
	})
}

// RebindPerson implements app.Directory.
func (s *Store) RebindPerson(ctx context.Context, planID, from, to plan.ID) error {
	return s.exec(ctx, rebind, string(planID), string(from), string(to))
}
