package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"tandem/internal/fault"
	"tandem/internal/plan"
)

// administers is the caller as an administrator, or a fault.
func administers(c Caller) (*Member, error) {
	if c.Member == nil {
		return nil, missing()
	}
	if !c.Member.Admin() {
		return nil, fault.New(fault.Forbidden, "fault.right.admin")
	}
	return c.Member, nil
}

// colleague is another member of the caller's workspace; any other id is
// answered as one that does not exist.
func (s *Service) colleague(ctx context.Context, c Caller, id plan.ID) (Member, error) {
	m, err := s.directory.Member(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && m.Workspace != c.Member.Workspace {
		return Member{}, missing()
	}
	return m, err
}

// Appoint gives a member of the caller's workspace a role. Administrators
// only; the last one keeps theirs.
func (s *Service) Appoint(ctx context.Context, c Caller, member plan.ID, role Role) error {
	if _, err := administers(c); err != nil {
		return err
	}
	if !slices.Contains(Roles, role) {
		return fault.New(fault.Invalid, "identity.fault.role")
	}
	m, err := s.colleague(ctx, c, member)
	if err != nil {
		return err
	}
	return lastAdmin(s.directory.SetRole(ctx, m.ID, role))
}

// Suspend switches an account of the caller's workspace off, or on again.
// Administrators only; the last one stays. Who is switched off is signed out
// everywhere at once, their links stop working, their open pages close.
func (s *Service) Suspend(ctx context.Context, c Caller, member plan.ID, off bool) error {
	if _, err := administers(c); err != nil {
		return err
	}
	m, err := s.colleague(ctx, c, member)
	if err != nil {
		return err
	}
	if off {
		return s.disable(ctx, m, ByPerson)
	}
	return s.enable(ctx, m)
}

// disable is for whoever may: see Suspend. It is a fault for the last
// administrator.
func (s *Service) disable(ctx context.Context, m Member, by string) error {
	if m.Disabled.IsZero() {
		if err := lastAdmin(s.directory.SetDisabled(ctx, m.ID, s.clock(), by)); err != nil {
			return err
		}
	}
	if err := s.directory.Expel(ctx, m.ID); err != nil { // also if that failed the last time
		return err
	}
	s.dismiss("", m.ID)
	return nil
}

func (s *Service) enable(ctx context.Context, m Member) error {
	return s.directory.SetDisabled(ctx, m.ID, time.Time{}, "")
}

func lastAdmin(err error) error {
	if errors.Is(err, ErrLastAdmin) {
		return fault.New(fault.Refused, "identity.fault.last-admin").Fix("identity.fix.other-admin")
	}
	return err
}

// dismiss closes the open pages of a person in a plan; of an empty plan,
// everywhere.
func (s *Service) dismiss(planID, person plan.ID) {
	if s.publisher != nil {
		s.publisher.Dismiss(planID, person)
	}
}
