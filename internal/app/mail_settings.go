package app

import (
	"context"

	"tandem/internal/plan"
)

// addSettings gives a mail the link to its reader's mail settings, with a
// secret of its own. Mails nobody can switch off have none.
func (s *Service) addSettings(ctx context.Context, m *Mail, l LetterRow) error {
	reader := l.Person
	if reader == "" {
		reader = l.Member
	}
	if !m.Optional || reader == "" {
		return nil
	}
	secret := s.newSecret()
	m.Settings = "/mail/" + string(secret)
	return s.letters.SaveMailToken(ctx, MailToken{Hash: secret.Hash(), Letter: l.ID, Reader: reader, Plan: l.Plan,
		Kind: l.Kind.sameSwitch(), Created: s.clock()})
}

// StopMail is a person's "no mail": of this plan they get nothing any more
// that they have not asked for themselves. Why is a code, for the log of the
// operator only.
func (s *Service) StopMail(ctx context.Context, planID, personID plan.ID, why string) error {
	if p, err := s.states.shared(ctx, planID); err != nil {
		return err
	} else if p.Person(personID) == nil {
		return missing()
	}
	return s.letters.SetMailOff(ctx, personID, AllMail, true, s.clock())
}
