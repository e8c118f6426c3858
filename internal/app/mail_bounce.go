package app

import (
	"context"
	"encoding/hex"
	"errors"

	"tandem/internal/plan"
)

// bounceLetters tell the leads of somebody's side that mail to them does not
// arrive: once an address. Who does not get mails is not told by one.
func bounceLetters(p *plan.Plan, q *plan.Person) []Letter {
	if q == nil || q.Email.Value == "" || q.Erased() {
		return nil
	}
	var out []Letter
	key := "bounce/" + string(q.ID) + "/" + hex.EncodeToString(AddressHash(q.Email.Value)[:8])
	for _, l := range toLeads(p, q.Side, Letter{Kind: LetterBounce, Item: "", Ref: q.ID, Key: key}) {
		if l.Person != q.ID {
			out = append(out, l)
		}
	}
	return out
}

func (s *Service) composeBounce(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	q := d.p.Person(l.Ref)
	if q == nil || q.Left || q.Erased() || q.Email.Value == "" {
		return Mail{}, errNothingToSay
	}
	dead, err := s.bounced(ctx, q.Email.Value)
	if err != nil {
		return Mail{}, err
	}
	if !dead {
		return Mail{}, errNothingToSay // changed meanwhile
	}
	m := d.begin()
	m.Subject = Said("letter.bounce.subject", "Name", q.Name.Value)
	m.Lead = []Say{Said("letter.bounce.lead", "Name", q.Name.Value, "Email", q.Email.Value)}
	m.After = []Say{Said("letter.bounce.after")}
	path, err := d.link(ctx, "")
	m.Button = &MailLink{Label: Said("letter.plan.button"), Path: path}
	return m, err
}

// Undelivered lists the people of a lead's own side whose address did not take
// mail, by id. Who does not lead is told nothing.
func (s *Service) Undelivered(ctx context.Context, v View) (map[plan.ID]bool, error) {
	if !s.MailOn() || !v.Plan.Leads(v.Me.ID) {
		return nil, nil
	}
	some, err := s.letters.BouncedIn(ctx, v.Plan.ID)
	if err != nil || len(some) == 0 {
		return nil, err
	}
	out := map[plan.ID]bool{}
	for _, id := range some {
		q := v.Plan.Person(id)
		if q == nil || q.Side != v.Side() || q.Email.Value == "" || q.Left || q.Erased() {
			continue
		}
		dead, err := s.bounced(ctx, q.Email.Value)
		if err != nil {
			return nil, err
		}
		if dead {
			out[q.ID] = true
		}
	}
	return out, nil
}

// TryAgain lets mail go to a person's address again: a lead of their side has
// found that it is right.
func (s *Service) TryAgain(ctx context.Context, c Caller, planID, person plan.ID) error {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return err
	}
	q := v.Plan.Person(person)
	if q == nil || q.Side != v.Side() || !v.Plan.Leads(v.Me.ID) {
		return missing()
	}
	err = s.letters.ForgetBounce(ctx, AddressHash(q.Email.Value))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
