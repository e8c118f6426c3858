package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// JobDoor answers somebody at a front door.
const JobDoor = "door"

// JobForgetAsked deletes what was asked and is answered.
const JobForgetAsked = "forget-asked"

// Limits at the front door. Nobody is told which of them was met for an
// address, or that one was.
const (
	confirmLife   = 24 * time.Hour // of a link that confirms an address
	codeLife      = time.Hour      // of a code typed at the door
	doorPerHour   = 60             // requests at one plan's door
	mailsPerHour  = 3              // door mails to one address, from all doors
	askedKept     = 24 * time.Hour
	handedLife    = 7 * 24 * time.Hour
	maxDoorFields = 500
)

// Door is what a share link shows before anybody gave a name: which two
// organisations, in which language, and who invites.
type Door struct {
	Plan         plan.ID
	Language     string
	Organisation plan.Sides[string]
	Side         plan.Side // of those who come in here
	Invites      []string  // names of the leads
	Known        bool      // the browser already is somebody on this plan
	Home         bool      // it is a member's of the plan's workspace, who cannot come in here
	Mail         bool      // this server sends mail; without, a lead lets everybody in
}

// Knock reads a share link. It changes nothing.
func (s *Service) Knock(ctx context.Context, c Caller, x Secret) (Door, error) {
	pass, err := s.Look(ctx, x, SharePass)
	if err != nil {
		return Door{}, err
	}
	p, err := s.states.shared(ctx, pass.Plan)
	if err != nil {
		return Door{}, err
	}
	return Door{Plan: p.ID, Language: p.Language, Side: pass.Side, Known: whoIs(c, p) != nil, Organisation: organisations(p),
		Home:    c.Member != nil && c.Member.Workspace == p.Workspace && pass.Side != p.Home,
		Invites: leadNames(p, pass.Side.Other()), Mail: s.MailOn()}, nil
}

func organisations(p *plan.Plan) plan.Sides[string] {
	return plan.Sides[string]{Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value}
}

// AtDoor is what somebody types at a front door.
type AtDoor struct {
	Name, Email, Words string
	Language           string // they read
}

// Ring is somebody asking to come in. What follows happens after the answer,
// and the answer is the same for everybody: who is listed with that address
// gets a personal link by mail, who has an address of an allowed domain a link
// that confirms it, and of anybody else a lead is asked. The secret is for the
// asking browser to keep: with it, a code out of that mail can be typed there.
//
// Faults are about what was typed, about the door, and about the caller's own
// session; never about the address.
func (s *Service) Ring(ctx context.Context, c Caller, x Secret, in AtDoor) (Secret, error) {
	pass, err := s.Look(ctx, x, SharePass)
	if err != nil {
		return "", err
	}
	p, err := s.states.shared(ctx, pass.Plan)
	if err != nil {
		return "", err
	}
	if c.Member != nil && c.Member.Workspace == p.Workspace && pass.Side != p.Home {
		return "", fault.New(fault.Refused, "fault.enter.home")
	}
	if in, err = in.checked(); err != nil {
		return "", err
	}
	now := s.clock()
	n, err := s.doors.CountRequests(ctx, RequestDoor, p.ID, "", now.Add(-time.Hour))
	if err != nil {
		return "", err
	}
	if n >= doorPerHour {
		return "", fault.New(fault.TooMany, "door.fault.crowded").Fix("door.fix.later")
	}
	browser := s.newSecret()
	a := Request{ID: s.NewID(), Kind: RequestDoor, Plan: p.ID, Side: pass.Side, Name: in.Name, Email: in.Email, Words: in.Words,
		Language: in.Language, Browser: browser.Hash(), Created: now, Expires: now.Add(confirmLife)}
	return browser, s.plans.Commit(ctx, Change{Requests: []Request{a}, Jobs: []Job{{Kind: JobDoor, Key: JobDoor + "/" + string(a.ID), RunAt: now, Data: []byte(a.ID)}}})
}

func (in AtDoor) checked() (AtDoor, error) {
	in.Name, in.Email = strings.Join(strings.Fields(in.Name), " "), strings.TrimSpace(in.Email)
	in.Words = strings.Join(strings.Fields(in.Words), " ")
	if in.Name == "" {
		return in, fault.New(fault.Invalid, "fault.name.empty")
	}
	if !address(in.Email) {
		return in, fault.New(fault.Invalid, "fault.email", "email", in.Email)
	}
	for _, s := range []string{in.Name, in.Words} {
		if len(s) > maxDoorFields || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\uFFFD' }) {
			return in, fault.New(fault.Invalid, "fault.text.long", "max", maxDoorFields, "length", len(s))
		}
	}
	return in, nil
}

// address reports whether a text can be an e-mail address.
func address(s string) bool {
	return len(s) <= 320 && strings.Count(s, "@") == 1 && !strings.HasPrefix(s, "@") && !strings.HasSuffix(s, "@") &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return r <= ' ' || strings.ContainsRune("<>\"(),:;\\", r) || r == 0x7f || r == '\uFFFD'
		})
}

// answerDoor does JobDoor. It may be done twice: the second letter of a request
// is dropped by its key, and who asks twice is put to the lead once.
func (s *Service) answerDoor(ctx context.Context, id plan.ID) error {
	a, err := s.doors.Request(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || !a.Used.IsZero() || s.clock().After(a.Expires) {
		return err
	}
	err = s.changing(ctx, a.Plan, func() error {
		p, err := s.states.shared(ctx, a.Plan)
		if err != nil {
			return err
		}
		return s.doorAnswer(ctx, p, a)
	})
	if f, ok := fault.As(err); ok && f.Kind != fault.Unready {
		return nil // the plan is over, or what was typed does not fit: nobody is told
	}
	return err
}

func (s *Service) doorAnswer(ctx context.Context, p *plan.Plan, a Request) error {
	if own, err := s.ofHome(ctx, p, a.Side, a.Email); err != nil || own {
		return err
	}
	refused, err := s.doors.RefusedAddress(ctx, p.ID, AddressHash(a.Email))
	if err != nil || refused {
		return err
	}
	if s.MailOn() {
		letter := Letter{Plan: p.ID, Ref: a.ID, Key: "door/" + string(a.ID)}
		if q := p.Known(a.Side, a.Email); q != nil {
			letter.Kind, letter.Person = LetterDoorLink, q.ID
		} else if p.Allows(a.Side, a.Email) {
			letter.Kind = LetterDoorConfirm
		}
		if letter.Kind != "" {
			n, err := s.doors.CountMailed(ctx, AddressHash(a.Email), s.clock().Add(-time.Hour))
			if err != nil || n >= mailsPerHour {
				return err
			}
			return s.post(ctx, letter)
		}
	}
	return s.putToLead(ctx, p, a)
}

// ofHome reports whether an address is that of a member of the plan's
// workspace, who cannot come in for the other side (rule 12).
func (s *Service) ofHome(ctx context.Context, p *plan.Plan, side plan.Side, email string) (bool, error) {
	if side == p.Home {
		return false, nil
	}
	_, err := s.directory.MemberByEmail(ctx, p.Workspace, strings.TrimSpace(email))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// putToLead names a stranger in the plan, without access, and tells who
// decides.
func (s *Service) putToLead(ctx context.Context, p *plan.Plan, a Request) error {
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return err
	}
	d, err := plan.Decide(p, plan.Ask{NewPerson: plan.NewPerson{ID: a.ID, Side: a.Side, Name: a.Name, Email: a.Email, Language: a.Language},
		Words: a.Words}, s.env("", w.zone()))
	if err != nil {
		return err
	}
	return s.commit(ctx, &d, nil)
}

// DemoAsk puts a made-up stranger to the lead: for `tandem demo`.
func (s *Service) DemoAsk(ctx context.Context, planID plan.ID, side plan.Side, in AtDoor) error {
	return s.changing(ctx, planID, func() error {
		p, err := s.states.shared(ctx, planID)
		if err != nil {
			return err
		}
		return s.putToLead(ctx, p, Request{ID: s.NewID(), Side: side, Name: in.Name, Email: in.Email, Words: in.Words, Language: in.Language})
	})
}

// deciders are who lets people in for a side: its leads, and while it never
// had one, the leads of the plan's home.
func deciders(p *plan.Plan, side plan.Side) []*plan.Person {
	if leads := p.LeadsOf(side); len(leads) > 0 {
		return leads
	}
	return p.LeadsOf(p.Home)
}

func (s *Service) forgetAsked(ctx context.Context) error {
	return s.doors.ForgetRequests(ctx, s.clock().Add(-askedKept-confirmLife))
}
