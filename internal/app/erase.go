package app

import (
	"context"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Erasure is what became of erasing a person.
type Erasure struct {
	Texts    int       // words deleted with their salts
	Mentions []Mention // texts of others, or of the plan itself, that may name them
}

const maxMentions = 500

// Erase removes a person's name, contact and words from a plan's events and
// from the free pages and logs of the database, and records that an erasure
// took place, not whose. The chain stays verifiable. Mentions in other texts
// are listed for a person to review. For the operator; there is no undo.
func (s *Service) Erase(ctx context.Context, planID, person plan.ID) (Erasure, error) {
	var out Erasure
	err := s.changing(ctx, planID, func() error {
		p, err := s.states.shared(ctx, planID)
		if err != nil {
			return err
		}
		q := p.People[person]
		if q == nil {
			return missing()
		}
		if q.Erased() {
			return fault.New(fault.Refused, "fault.erase.done")
		}
		subjects, names := everyName(p, person)
		d, err := plan.Decide(p, plan.RecordErasure{}, s.env("", time.UTC))
		if err != nil {
			return err
		}
		if err := s.commit(ctx, &d, nil); err != nil {
			return err
		}
		files, err := s.filesOf(ctx, planID)
		if err != nil {
			return err
		}
		if out.Texts, err = s.plans.Erase(ctx, planID, subjects); err != nil {
			return err
		}
		if err := s.people.ForgetPerson(ctx, planID, subjects); err != nil {
			return err
		}
		for _, id := range subjects { // the states before the erasure still have the address
			if email := p.People[id].Email.Value; email != "" {
				if err := s.letters.ForgetBounce(ctx, AddressHash(email)); err != nil {
					return err
				}
			}
		}
		if err := s.eraseFiles(ctx, files); err != nil {
			return err
		}
		s.states.forget(planID)
		if err := s.refreshPortfolio(ctx, planID); err != nil { // what named the person there is gone already
			return err
		}
		out.Mentions, err = s.plans.Mentions(ctx, planID, names, maxMentions)
		return err
	})
	if err == nil && s.publisher != nil {
		s.publisher.Publish(planID, "")
	}
	return out, err
}

// everyName collects the ids under which a person's words are kept (also those
// of newcomers recognised as this person) and the names to look for.
func everyName(p *plan.Plan, person plan.ID) (subjects []plan.ID, names []string) {
	subjects = p.Subjects(person)
	for _, id := range subjects {
		for _, n := range []string{p.People[id].Name.Value, p.People[id].Email.Value} {
			if n != "" {
				names = append(names, n)
			}
		}
	}
	return subjects, names
}
