package sqlstore

import (
	"context"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	savePersonRow = `INSERT INTO person_row (plan, person, workspace, side, address) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (plan, person) DO UPDATE SET workspace = excluded.workspace, side = excluded.side, address = excluded.address`
	personsByAddress = `SELECT plan, person, workspace, side, address FROM person_row WHERE workspace = $1 AND address = $2 ORDER BY plan, person`

	saveAnswer = `INSERT INTO answer (plan, proposal, workspace, member, asked, answered) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (plan, proposal) DO NOTHING`
	answersSince = `SELECT plan, proposal, workspace, member, asked, answered FROM answer WHERE workspace = $1 AND answered >= $2 ORDER BY answered`

	onePrivacy  = `SELECT workspace, keep, mails, per_person, agreement, least FROM privacy WHERE workspace = $1`
	savePrivacy = `INSERT INTO privacy (workspace, keep, mails, per_person, agreement, least) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace) DO UPDATE SET keep = excluded.keep, mails = excluded.mails, per_person = excluded.per_person,
	agreement = excluded.agreement, least = excluded.least`

	endedPlans = `SELECT plan FROM plan_row WHERE workspace = $1 AND phase = $2 AND updated < $3 ORDER BY updated, plan LIMIT $4`
	leftPlans  = `SELECT plan FROM plan_row WHERE workspace = $1 AND phase = $2 AND updated < $3 AND has_left = 1 ORDER BY updated, plan LIMIT $4`
)

// oldMails forgets the originals of a workspace's old mails; that they came
// stays known, so that none acts again.
var oldMails = []string{
	`DELETE FROM letter WHERE created < $2 AND state <> 'queued' AND plan IN (SELECT plan FROM plan_row WHERE workspace = $1)`,
	`UPDATE inbox SET raw = NULL WHERE at < $2 AND raw IS NOT NULL AND plan IN (SELECT plan FROM plan_row WHERE workspace = $1)`,
}

// ofPerson deletes what is kept of a person of a plan beside its events.
var ofPerson = []string{
	`DELETE FROM acting WHERE plan = $1 AND person = $2`,
	`DELETE FROM pass WHERE plan = $1 AND person = $2`,
	`DELETE FROM asked WHERE plan = $1 AND (person = $2 OR id = $2)`,
	`DELETE FROM person_row WHERE plan = $1 AND person = $2`,
	`DELETE FROM answer WHERE plan = $1 AND member = $2`,
	`DELETE FROM buyer_active WHERE plan = $1 AND person = $2`,
	`UPDATE portfolio SET next_name = '', next_title = '', owner_name = '', owner_key = '', words = '' WHERE plan = $1 AND $2 <> ''`,
	`DELETE FROM letter WHERE plan = $1 AND person = $2`,
	`DELETE FROM asked WHERE plan = $1 AND person = $2`,
	`DELETE FROM mail_token WHERE plan = $1 AND reader = $2`,
}

// ofMember deletes what is kept of a member beside their account.
var ofMember = []string{
	`DELETE FROM passkey WHERE member = $1`,
	`DELETE FROM login WHERE member = $1`,
	`DELETE FROM letter WHERE member = $1 AND plan = ''`,
	`DELETE FROM pass WHERE member = $1`,
	`DELETE FROM mail_off WHERE reader = $1`,
	`UPDATE process SET member = '' WHERE member = $1`,
	`DELETE FROM view WHERE member = $1`,
	`DELETE FROM remark WHERE member = $1`,
	`UPDATE portfolio SET owner = '', owner_name = '', owner_key = '', words = lower(title || ' ' || buyer || ' ' || seller) WHERE owner = $1 AND owner <> ''`,
	`UPDATE deal SET owner = '', owner_name = '' WHERE owner = $1 AND owner <> ''`,
	`UPDATE playbook SET author = '' WHERE author = $1`,
}

// ofPlan deletes what is kept of a plan beside its streams.
var ofPlan = []string{
	`DELETE FROM acting WHERE plan = $1`,
	`DELETE FROM pass WHERE plan = $1`,
	`DELETE FROM asked WHERE plan = $1`,
	`DELETE FROM refused_address WHERE plan = $1`,
	`DELETE FROM person_row WHERE plan = $1`,
	`DELETE FROM answer WHERE plan = $1`,
	`DELETE FROM inbox WHERE plan = $1`,
	`DELETE FROM asked WHERE plan = $1`,
	`DELETE FROM refused_address WHERE plan = $1`,
	`DELETE FROM mail_token WHERE plan = $1`,
	`DELETE FROM letter WHERE plan = $1`,
	`DELETE FROM resistance WHERE plan = $1 AND deal = ''`,
	`UPDATE resistance SET plan = '' WHERE plan = $1`,
	`UPDATE deal SET plan = '' WHERE plan = $1 AND plan <> ''`,
	`DELETE FROM buyer_active WHERE plan = $1`,
	`DELETE FROM remark WHERE plan = $1`,
	`DELETE FROM portfolio WHERE plan = $1`,
	`DELETE FROM plan_row WHERE plan = $1`,
}

// ofStream deletes a stream.
var ofStream = []string{
	`DELETE FROM word WHERE stream = $1`,
	`DELETE FROM snapshot WHERE stream = $1`,
	`DELETE FROM event WHERE stream = $1`,
	`DELETE FROM stream WHERE name = $1`,
}

func personRowStatement(r app.PersonRow) Statement {
	return Statement{SQL: savePersonRow, Args: []any{string(r.Plan), string(r.Person), string(r.Workspace), string(r.Side), r.Address}}
}

func answerStatement(a app.AnswerRow) Statement {
	return Statement{SQL: saveAnswer, Args: []any{string(a.Plan), string(a.Proposal), string(a.Workspace), string(a.Member), millis(a.Asked), millis(a.Answered)}}
}

// PersonRows implements app.PrivacyStore.
func (s *Store) PersonRows(ctx context.Context, workspace plan.ID, address string) ([]app.PersonRow, error) {
	return collect(ctx, s.read, func(from row) (r app.PersonRow, err error) {
		err = from.Scan(&r.Plan, &r.Person, &r.Workspace, &r.Side, &r.Address)
		return r, err
	}, personsByAddress, string(workspace), address)
}

// Answers implements app.PrivacyStore.
func (s *Store) Answers(ctx context.Context, workspace plan.ID, since time.Time) ([]app.AnswerRow, error) {
	return collect(ctx, s.read, func(from row) (a app.AnswerRow, err error) {
		var asked, answered int64
		err = from.Scan(&a.Plan, &a.Proposal, &a.Workspace, &a.Member, &asked, &answered)
		a.Asked, a.Answered = moment(asked), moment(answered)
		return a, err
	}, answersSince, string(workspace), millis(since))
}

// Privacy implements app.PrivacyStore.
func (s *Store) Privacy(ctx context.Context, workspace plan.ID) (app.Privacy, error) {
	return one(ctx, s.read, func(from row) (p app.Privacy, err error) {
		var each int64
		err = from.Scan(&p.Workspace, &p.Keep, &p.Mails, &each, &p.Agreement, &p.Least)
		p.PerPerson = each != 0
		return p, err
	}, onePrivacy, string(workspace))
}

// SavePrivacy implements app.PrivacyStore.
func (s *Store) SavePrivacy(ctx context.Context, p app.Privacy) error {
	return s.exec(ctx, savePrivacy, string(p.Workspace), p.Keep, p.Mails, flag(p.PerPerson), p.Agreement, p.Least)
}

// ForgetPerson implements app.PrivacyStore.
func (s *Store) ForgetPerson(ctx context.Context, planID plan.ID, persons []plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, person := range persons {
			for _, statement := range ofPerson {
				if _, err := q.ExecContext(ctx, statement, string(planID), string(person)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// DropMember deletes what is kept of a member and notes, in the same
// transaction, that what it leaves behind in the files is to be purged.
func (s *Store) DropMember(ctx context.Context, member plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, statement := range ofMember {
			if _, err := q.ExecContext(ctx, statement, string(member)); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, markPurge)
		return err
	})
}

// Ended implements app.PrivacyStore.
func (s *Store) Ended(ctx context.Context, workspace plan.ID, before time.Time, limit int) ([]plan.ID, error) {
	id := func(from row) (p plan.ID, err error) {
		err = from.Scan(&p)
		return p, err
	}
	var out []plan.ID
	for _, phase := range []plan.Phase{plan.Decided, plan.Archived, plan.Draft, plan.Shared, plan.Agreed} {
		query := endedPlans
		if phase != plan.Decided && phase != plan.Archived {
			query = leftPlans
		}
		ids, err := collect(ctx, s.read, id, query, string(workspace), string(phase), millis(before), limit-len(out))
		if out = append(out, ids...); err != nil || len(out) >= limit {
			return out, err
		}
	}
	return out, nil
}

// DeleteMails implements app.PrivacyStore.
func (s *Store) DeleteMails(ctx context.Context, workspace plan.ID, before time.Time) (int, error) {
	var n int64
	err := s.write(ctx, func(ctx context.Context, q Querier) error {
		n = 0
		for _, statement := range oldMails {
			if err := count(&n, q, ctx, statement, string(workspace), millis(before)); err != nil {
				return err
			}
		}
		return nil
	})
	return int(n), err
}

// DropPlan deletes everything of a plan and notes, in the same transaction,
// that what it leaves behind in the files is to be purged.
func (s *Store) DropPlan(ctx context.Context, planID plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, stream := range streamsOf(planID) {
			for _, statement := range ofStream {
				if _, err := q.ExecContext(ctx, statement, stream); err != nil {
					return err
				}
			}
		}
		for _, statement := range ofPlan {
			if _, err := q.ExecContext(ctx, statement, string(planID)); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, markPurge)
		return err
	})
}
