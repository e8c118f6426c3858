package app

import (
	"context"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/fault"
)

// Place is the caller's workspace. Members only.
func (s *Service) Place(ctx context.Context, c Caller) (Workspace, error) {
	if c.Member == nil {
		return Workspace{}, missing()
	}
	return s.workspace(ctx, c.Member.Workspace)
}

// ChangePlace changes name, language, zone, calendar and notice of the caller's
// workspace. Administrators only. Plans that exist keep their calendars.
func (s *Service) ChangePlace(ctx context.Context, c Caller, to Workspace) error {
	w, err := s.Place(ctx, c)
	if err != nil {
		return err
	}
	if !c.Member.Admin() {
		return fault.New(fault.Forbidden, "fault.right.admin")
	}
	w.Name, w.Language, w.Zone, w.Region, w.Notice = strings.TrimSpace(to.Name), to.Language, to.Zone, to.Region, strings.TrimSpace(to.Notice)
	w.Closed, w.Fiscal, w.Proof = to.Closed, to.Fiscal, to.Proof
	if err := checkWorkspace(w); err != nil {
		return err
	}
	if w.Region != "" {
		if err := calendar.CheckRegion(w.Region); err != nil {
			return err
		}
	}
	if err := s.directory.SaveWorkspace(ctx, w); err != nil {
		return err
	}
	s.places.Store(w.ID, w)
	return nil
}
