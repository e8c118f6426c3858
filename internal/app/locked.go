package app

import (
	"context"
	"errors"

	"tandem/internal/plan"
)

// lockedOut reports whether a person is a member whose account is switched
// off. In a plan, a member has the id of their account.
func (s *Service) lockedOut(ctx context.Context, person plan.ID) (bool, error) {
	if person == "" {
		return false, nil
	}
	m, err := s.directory.Member(ctx, person)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && !m.Disabled.IsZero(), err
}

// gone reports whether a member was removed by their directory: nothing but
// the id is left of them.
func (m Member) gone() bool { return !m.Disabled.IsZero() && m.Name == "" && m.Email == "" }
