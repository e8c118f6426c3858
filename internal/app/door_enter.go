package app

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// Known is what a personal link shows before it is used.
type Known struct {
	Plan         plan.ID
	Person       plan.ID
	Name         string
	Language     string
	Organisation plan.Sides[string]
	Here         bool // the browser already acts as this person
	Named        bool // they have no access yet: using the link gives it
	Home         bool // it is a member's of the plan's workspace, who is on the other side
}

// Recognise reads a personal link. It changes nothing.
func (s *Service) Recognise(ctx context.Context, c Caller, x Secret) (Known, error) {
	pass, err := s.Look(ctx, x, PersonalPass)
	if err != nil {
		return Known{}, err
	}
	p, q, err := s.bearerOf(ctx, pass)
	if err != nil {
		return Known{}, err
	}
	me := whoIs(c, p)
	return Known{Plan: p.ID, Person: q.ID, Name: q.Name.Value, Language: language(q, p), Organisation: organisations(p),
		Here: me != nil && me.ID == q.ID, Named: q.Access == plan.None, Home: crosses(c, p, q.Side)}, nil
}

func language(q *plan.Person, p *plan.Plan) string {
	if q.Language != "" {
		return q.Language
	}
	return p.Language
}

// crosses reports that a member of the plan's workspace would act for the
// other side (rule 12).
func crosses(c Caller, p *plan.Plan, side plan.Side) bool {
	return c.Member != nil && c.Member.Workspace == p.Workspace && side != p.Home
}

// bearerOf is whom a personal link is for, if they may come in by it. One that
// was mailed is dead once the person has another address: whoever reads the
// old mailbox is not them.
func (s *Service) bearerOf(ctx context.Context, pass Pass) (*plan.Plan, *plan.Person, error) {
	p, err := s.states.shared(ctx, pass.Plan)
	if err != nil {
		return nil, nil, err
	}
	q := p.Person(pass.Person)
	if q == nil || q.Left || q.Erased() || q.Asking || q.ShutOut() || q.Side != p.Home && p.Phase == plan.Draft {
		return nil, nil, deadLink()
	}
	mailed := len(pass.Address) > 0
	if mailed && !bytes.Equal(pass.Address, AddressHash(q.Email.Value)) || !mailed && q.Access == plan.None {
		return nil, nil, deadLink()
	}
	if own, err := s.ofHome(ctx, p, q.Side, q.Email.Value); err != nil || own {
		return nil, nil, errors.Join(err, deadLink())
	}
	return p, q, nil
}

// Return uses a personal link: on another device, as the same person. Using it
// lets it live on. Browser is the secret of the browser that asked at the front
// door, if this is one; a link that was mailed for it proves the address.
func (s *Service) Return(ctx context.Context, c Caller, x, browser Secret) (Secret, Caller, plan.ID, error) {
	none := func(err error) (Secret, Caller, plan.ID, error) { return "", Caller{}, "", err }
	pass, err := s.Look(ctx, x, PersonalPass)
	if err != nil {
		return none(err)
	}
	p, q, err := s.bearerOf(ctx, pass)
	if err != nil {
		return none(err)
	}
	if crosses(c, p, q.Side) {
		return none(fault.New(fault.Refused, "fault.enter.home"))
	}
	if pass, err = s.use(ctx, x, PersonalPass); err != nil {
		return none(err)
	}
	proven := ""
	if len(pass.Address) > 0 {
		proven = q.Email.Value
	}
	if err := s.arrived(ctx, p.ID, q.ID, proven); err != nil {
		return none(err)
	}
	if pass.MaxUses == 0 {
		pass.Expires = s.clock().Add(personalLife)
		if err := s.directory.SavePass(ctx, pass); err != nil {
			return none(err)
		}
	}
	asked := len(pass.Browser) > 0 && browser != "" && bytes.Equal(pass.Browser, browser.Hash())
	cookie, next, err := s.actAs(ctx, c, p.ID, q.ID, asked)
	return cookie, next, p.ID, err
}

// arrived keeps that a person came in, with the address they have proven or
// none. Who may not is answered like a dead link.
func (s *Service) arrived(ctx context.Context, planID, person plan.ID, proven string) error {
	err := s.changing(ctx, planID, func() error {
		return s.bySystem(ctx, planID, plan.Arrive{Person: person, Email: proven})
	})
	if fault.Is(err, fault.Missing) {
		return deadLink()
	}
	return err
}

// bySystem decides a command that is nobody's; within changing.
func (s *Service) bySystem(ctx context.Context, planID plan.ID, cmd plan.Command) error {
	p, err := s.states.shared(ctx, planID)
	if err != nil {
		return err
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return err
	}
	d, err := plan.Decide(p, cmd, s.env("", w.zone()))
	if err != nil {
		return err
	}
	return s.commit(ctx, &d, nil)
}

// actAs gives a browser a fresh session that acts as a person; proven: it has
// just shown that the person's address is its reader's.
func (s *Service) actAs(ctx context.Context, c Caller, planID, person plan.ID, proven bool) (Secret, Caller, error) {
	now := s.clock()
	return s.renew(ctx, c, func(sess *Session) {
		sess.Persons[planID] = person
		if proven {
			sess.ProvedPersons[planID] = now
		}
	})
}

// Confirming is what a link that confirms an address shows.
type Confirming struct {
	Plan         plan.ID
	Name, Email  string
	Language     string
	Organisation plan.Sides[string]
	Home         bool // see Known
}

// Confirm reads a link that confirms an address. It changes nothing.
func (s *Service) Confirm(ctx context.Context, c Caller, x Secret) (Confirming, error) {
	p, a, err := s.confirms(ctx, x)
	if err != nil {
		return Confirming{}, err
	}
	return Confirming{Plan: p.ID, Name: a.Name, Email: a.Email, Language: p.Language, Organisation: organisations(p), Home: crosses(c, p, a.Side)}, nil
}

func (s *Service) confirms(ctx context.Context, x Secret) (*plan.Plan, Request, error) {
	pass, err := s.Look(ctx, x, DoorPass)
	if err != nil {
		return nil, Request{}, err
	}
	a, err := s.doors.Request(ctx, pass.Request)
	if errors.Is(err, ErrNotFound) || err == nil && (!a.Used.IsZero() || s.clock().After(a.Expires)) {
		return nil, Request{}, deadLink()
	}
	if err != nil {
		return nil, Request{}, err
	}
	p, err := s.states.shared(ctx, a.Plan)
	return p, a, err
}

// EnterConfirmed uses such a link: once, in whichever browser the mailbox is.
func (s *Service) EnterConfirmed(ctx context.Context, c Caller, x, browser Secret) (Secret, Caller, plan.ID, error) {
	_, a, err := s.confirms(ctx, x)
	if err != nil {
		return "", Caller{}, "", err
	}
	asked := browser != "" && bytes.Equal(a.Browser, browser.Hash())
	return s.enter(ctx, c, a, asked)
}

// TypeCode is the code out of the mail, typed in the browser that asked. For
// whoever got no mail, for a wrong code and for a late one the fault is the
// same.
func (s *Service) TypeCode(ctx context.Context, c Caller, x, browser Secret, code string) (Secret, Caller, plan.ID, error) {
	none := func(err error) (Secret, Caller, plan.ID, error) { return "", Caller{}, "", err }
	pass, err := s.Look(ctx, x, SharePass)
	if err != nil {
		return none(err)
	}
	a, err := s.doors.RequestBy(ctx, RequestDoor, pass.Plan, browser.Hash())
	if err == nil {
		a, err = s.tryCode(ctx, a, code, codeLife)
	}
	if errors.Is(err, ErrNotFound) {
		return none(wrongCode())
	}
	if err != nil {
		return none(err)
	}
	return s.enter(ctx, c, a, true)
}

func wrongCode() error { return fault.New(fault.Refused, "door.fault.code").Fix("door.fix.code") }

// tryCode counts a try and judges it; ErrNotFound for anything but the right
// code in time.
func (s *Service) tryCode(ctx context.Context, a Request, code string, life time.Duration) (Request, error) {
	now := s.clock()
	a, err := s.doors.TryRequest(ctx, a.ID, codeTries, now)
	if err != nil {
		return a, err
	}
	right := subtle.ConstantTimeCompare(a.Code, doorCodeHash(a, code)) == 1
	if !right || now.After(a.Created.Add(life)) {
		return a, ErrNotFound
	}
	return a, nil
}

// doorCodeHash is what is stored of a code: see codeHash.
func doorCodeHash(a Request, code string) []byte {
	return codeHash(append([]byte(a.ID+"/"), a.Browser...), typedCode(code))
}

// enter lets somebody in who has proven the address of their request: as who
// is listed with it, else as somebody new of an allowed domain.
func (s *Service) enter(ctx context.Context, c Caller, a Request, asked bool) (Secret, Caller, plan.ID, error) {
	none := func(err error) (Secret, Caller, plan.ID, error) {
		if fault.Is(err, fault.Missing) {
			err = deadLink()
		}
		return "", Caller{}, "", err
	}
	p, err := s.states.shared(ctx, a.Plan)
	if err != nil {
		return none(err)
	}
	if crosses(c, p, a.Side) {
		return none(fault.New(fault.Refused, "fault.enter.home"))
	}
	if own, err := s.ofHome(ctx, p, a.Side, a.Email); err != nil || own {
		return none(errors.Join(err, deadLink()))
	}
	if p.Known(a.Side, a.Email) == nil && !p.Allows(a.Side, a.Email) {
		return none(deadLink())
	}
	if err := s.doors.UseRequest(ctx, a.ID, s.clock()); errors.Is(err, ErrNotFound) {
		return none(deadLink())
	} else if err != nil {
		return none(err)
	}
	person := a.ID
	err = s.changing(ctx, a.Plan, func() error {
		p, err := s.states.shared(ctx, a.Plan)
		if err != nil {
			return err
		}
		if q := p.Known(a.Side, a.Email); q != nil {
			person = q.ID
			return s.bySystem(ctx, a.Plan, plan.Arrive{Person: q.ID, Email: a.Email})
		}
		return s.bySystem(ctx, a.Plan, plan.Enter{NewPerson: plan.NewPerson{ID: a.ID, Side: a.Side, Name: a.Name, Email: a.Email, Language: a.Language}})
	})
	if err != nil {
		return none(err)
	}
	cookie, next, err := s.actAs(ctx, c, a.Plan, person, asked)
	return cookie, next, a.Plan, err
}
