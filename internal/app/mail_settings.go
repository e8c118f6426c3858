package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// MailChoices is what somebody wants of mails, and what there is to choose.
// Mails one asks for oneself, such as links and codes, are no choice.
type MailChoices struct {
	Plan         plan.ID // empty: a member's mails that are about no plan
	Reader       plan.ID
	Person       *plan.Person // nil with an empty plan
	Member       bool         // choices hold for all plans of this member
	Title        string
	Organisation plan.Sides[string]
	Language     string
	Kind         LetterKind   // of the mail the link was in; empty: no link
	Kinds        []LetterKind // those that may come to this reader
	Off          []LetterKind
	None         bool // no mail but what they ask for
}

// On reports whether mails of a kind come.
func (m MailChoices) On(k LetterKind) bool { return !m.None && !slices.Contains(m.Off, k) }

// addSettings gives a mail the link to its reader's mail settings, with a
// secret of its own. Mails nobody can switch off have none.
func (s *Service) addSettings(ctx context.Context, m *Mail, l LetterRow) error {
	reader := cmp.Or(l.Person, l.Member)
	if !m.Optional || reader == "" {
		return nil
	}
	secret := s.newSecret()
	m.Settings = "/mail/" + string(secret)
	return s.letters.SaveMailToken(ctx, MailToken{Hash: secret.Hash(), Letter: l.ID, Reader: reader, Plan: l.Plan,
		Kind: l.Kind.sameSwitch(), Created: s.clock()})
}

// MailLink reads the link in a mail's foot. It works as long as the mail is
// kept here, without a session; it is good for mail settings only.
func (s *Service) MailLink(ctx context.Context, x Secret) (MailChoices, error) {
	t, err := s.mailToken(ctx, x)
	if err != nil {
		return MailChoices{}, err
	}
	return s.mailChoices(ctx, t.Plan, t.Reader, t.Kind)
}

func (s *Service) mailToken(ctx context.Context, x Secret) (MailToken, error) {
	t, err := s.letters.MailToken(ctx, x.Hash())
	if errors.Is(err, ErrNotFound) {
		return t, fault.New(fault.Missing, "fault.link.dead")
	}
	return t, err
}

// MailWanted is what the caller wants of a plan's mails.
func (s *Service) MailWanted(ctx context.Context, c Caller, planID plan.ID) (View, MailChoices, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return v, MailChoices{}, err
	}
	m, err := s.mailChoices(ctx, planID, v.Me.ID, "")
	return v, m, err
}

func (s *Service) mailChoices(ctx context.Context, planID, reader plan.ID, kind LetterKind) (MailChoices, error) {
	m := MailChoices{Plan: planID, Reader: reader, Kind: kind, Kinds: OptionalLetters()}
	if planID != "" {
		p, err := s.states.shared(ctx, planID)
		if err != nil {
			return m, err
		}
		q := p.Person(reader)
		if q == nil || q.Left || q.Erased() {
			return m, fault.New(fault.Missing, "fault.link.dead")
		}
		m.Person, m.Member = q, q.Verified == plan.ByAccount
		m.Title = p.Items[plan.DecisionItem].Terms.Title.Value
		m.Organisation = plan.Sides[string]{Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value}
		m.Language = cmp.Or(q.Language, p.Language)
		if q.Access != plan.Lead {
			m.Kinds = slices.DeleteFunc(m.Kinds, func(k LetterKind) bool { return slices.Contains(forLeads, k) })
		}
	}
	off, err := s.letters.MailOff(ctx, reader)
	m.None = slices.Contains(off, AllMail)
	m.Off = off
	return m, err
}

// forLeads are kinds that come to leads alone.
var forLeads = []LetterKind{LetterDigest, LetterDoorAsked, LetterBounce}

// StopKind is the one click with which a mail program switches a kind of mail
// off (RFC 8058): the kind the link came with. Twice does no harm.
func (s *Service) StopKind(ctx context.Context, x Secret) error {
	t, err := s.mailToken(ctx, x)
	if err != nil {
		return err
	}
	return s.letters.SetMailOff(ctx, t.Reader, t.Kind, true, s.clock())
}

// ChooseByLink is ChooseMail for who has the link out of a mail.
func (s *Service) ChooseByLink(ctx context.Context, x Secret, on []LetterKind, none bool) error {
	m, err := s.MailLink(ctx, x)
	if err != nil {
		return err
	}
	return s.choose(ctx, m, on, none)
}

// ChooseMail says which kinds of mail the caller wants of a plan, or none at
// all. A member's choice holds for all their plans.
func (s *Service) ChooseMail(ctx context.Context, c Caller, planID plan.ID, on []LetterKind, none bool) error {
	_, m, err := s.MailWanted(ctx, c, planID)
	if err != nil {
		return err
	}
	return s.choose(ctx, m, on, none)
}

func (s *Service) choose(ctx context.Context, m MailChoices, on []LetterKind, none bool) error {
	now := s.clock()
	if err := s.letters.SetMailOff(ctx, m.Reader, AllMail, none, now); err != nil || none {
		return err
	}
	for _, k := range m.Kinds {
		if err := s.letters.SetMailOff(ctx, m.Reader, k, !slices.Contains(on, k), now); err != nil {
			return err
		}
	}
	return nil
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
