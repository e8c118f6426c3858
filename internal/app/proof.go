package app

import (
	"context"
	"errors"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// How fresh a proof must be, as a workspace sets it: Workspace.Proof.
const (
	ProofOff    = "off"
	ProofMonth  = "month"
	ProofDay    = "" // the default
	ProofAlways = "always"
)

// Proofs are all settings, the laxest first.
var Proofs = []string{ProofOff, ProofMonth, ProofDay, ProofAlways}

// How long a code to prove an address lives, and how often one may be asked
// for.
const (
	proofLife    = 10 * time.Minute
	proofsAtOnce = 5 // codes in such a time
)

// ProofNeeded is the key of the fault that asks for a proof.
const ProofNeeded = "door.fault.proof"

func proofWindow(setting string) time.Duration {
	switch setting {
	case ProofMonth:
		return 30 * 24 * time.Hour
	case ProofAlways:
		return proofLife // for what is being confirmed now
	}
	return 24 * time.Hour
}

// weighty reports whether a command is one for which a browser shows again
// whose it is: accepting the plan, and giving oneself another address, to which
// the next proof would go.
func weighty(v View, cmd plan.Command) bool {
	switch c := cmd.(type) {
	case plan.AcceptPlan:
		return true
	case plan.EditPerson:
		return c.Email != nil && v.Plan.Person(c.Person) == v.Me && v.Me.Email.Value != "" && !plan.SameAddress(*c.Email, v.Me.Email.Value)
	case plan.Batch:
		for _, x := range c {
			if weighty(v, x) {
				return true
			}
		}
	}
	return false
}

// proven checks that a browser may do something weighty. Only browsers are
// asked, for only they can be left open or handed on; and only where a code can
// be mailed.
func (s *Service) proven(c Caller, v View, cmd plan.Command) error {
	if len(c.Session.Hash) == 0 || !s.MailOn() || v.Workspace.Proof == ProofOff || !weighty(v, cmd) {
		return nil
	}
	if at := Proved(c, v.Plan.ID); !at.IsZero() && s.clock().Sub(at) <= proofWindow(v.Workspace.Proof) {
		return nil
	}
	return fault.New(fault.Forbidden, ProofNeeded)
}

// AskProof mails a code to the caller's address. The answer names the address,
// so that they know where to look: it is their own.
func (s *Service) AskProof(ctx context.Context, c Caller, planID plan.ID) (string, error) {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return "", err
	}
	if len(c.Session.Hash) == 0 || !s.MailOn() {
		return "", missing()
	}
	email := v.Me.Email.Value
	a := Request{ID: s.NewID(), Kind: RequestProof, Plan: planID, Side: v.Side(), Person: v.Me.ID, Browser: c.Session.Hash, Created: v.Now, Expires: v.Now.Add(proofLife)}
	if c.Member != nil && c.Member.ID == v.Me.ID {
		a.Member, email = c.Member.ID, c.Member.Email
	}
	if a.Email = email; email == "" {
		return "", fault.New(fault.Refused, "door.fault.no-address").Fix("door.fix.no-address")
	}
	n, err := s.doors.CountRequests(ctx, RequestProof, planID, v.Me.ID, v.Now.Add(-proofLife))
	if err != nil {
		return "", err
	}
	if n >= proofsAtOnce {
		return "", fault.New(fault.TooMany, "door.fault.codes").Fix("door.fix.later")
	}
	change := Change{Requests: []Request{a}}
	s.enclose(&change, []Letter{{Kind: LetterProof, Plan: planID, Person: a.Person, Member: a.Member, Ref: a.ID, Key: "proof/" + string(a.ID)}})
	return email, s.plans.Commit(ctx, change)
}

// composeProof writes the code.
func (s *Service) composeProof(ctx context.Context, l Letter) (Mail, error) {
	a, p, err := s.askedFor(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	q := p.Person(a.Person)
	if q == nil || q.Left || q.Erased() {
		return Mail{}, errNothingToSay
	}
	m, err := s.mailTo(ctx, p, q)
	if err != nil {
		return Mail{}, err
	}
	if a.Member != "" {
		x, err := s.directory.Member(ctx, a.Member)
		if err != nil {
			return Mail{}, err
		}
		m.To.Email, m.To.Name, m.To.Language = x.Email, x.Name, x.Language
	}
	if !plan.SameAddress(m.To.Email, a.Email) {
		return Mail{}, errNothingToSay
	}
	if m.Code, err = s.mailCode(ctx, a); err != nil {
		return Mail{}, err
	}
	m.Subject = Said("door.mail.proof.subject", "Code", m.Code)
	m.Lead = []Say{Said("door.mail.proof.lead", parties(p)...)}
	m.After = []Say{Said("door.mail.proof.after", "Minutes", int(proofLife/time.Minute)), Said("door.mail.proof.unasked")}
	return m, nil
}

// Prove takes the code typed in the browser that asked for it: five tries, once,
// ten minutes. The browser has shown then that the address is its reader's, and
// nothing else has happened.
func (s *Service) Prove(ctx context.Context, c Caller, planID plan.ID, code string) error {
	v, err := s.Open(ctx, c, planID)
	if err != nil {
		return err
	}
	if len(c.Session.Hash) == 0 {
		return missing()
	}
	a, err := s.doors.RequestBy(ctx, RequestProof, planID, c.Session.Hash)
	if err == nil && a.Person != v.Me.ID {
		err = ErrNotFound
	}
	if err == nil {
		a, err = s.tryCode(ctx, a, code, proofLife)
	}
	if err == nil {
		err = s.doors.UseRequest(ctx, a.ID, s.clock())
	}
	if errors.Is(err, ErrNotFound) {
		return wrongCode()
	}
	if err != nil {
		return err
	}
	if a.Member != "" {
		return s.directory.ProveSession(ctx, c.Session.Hash, "", s.clock(), WayMail)
	}
	if err := s.arrived(ctx, planID, v.Me.ID, a.Email); err != nil { // also if it has another address by now
		return err
	}
	return s.directory.ProveSession(ctx, c.Session.Hash, planID, s.clock(), WayMail)
}
