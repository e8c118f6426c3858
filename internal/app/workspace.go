package app

import (
	"context"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/fault"
	"tandem/internal/plan"
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
	w.Closed, w.Fiscal = to.Closed, to.Fiscal
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

// Known is what a personal link shows before it is used.
type Known struct {
	Plan         plan.ID
	Person       plan.ID
	Name         string
	Language     string
	Organisation plan.Sides[string]
}

// Recognise reads a personal link. It changes nothing.
func (s *Service) Recognise(ctx context.Context, x Secret) (Known, error) {
	pass, err := s.Look(ctx, x, PersonalPass)
	if err != nil {
		return Known{}, err
	}
	p, err := s.states.shared(ctx, pass.Plan)
	if err != nil {
		return Known{}, err
	}
	q := p.Person(pass.Person)
	if q == nil || q.Left || q.Erased() {
		return Known{}, fault.New(fault.Missing, "fault.link.dead").Fix("fix.ask-for-link")
	}
	return Known{Plan: p.ID, Person: q.ID, Name: q.Name.Value, Language: p.Language,
		Organisation: plan.Sides[string]{Buyer: p.Organisation.Buyer.Value, Seller: p.Organisation.Seller.Value}}, nil
}
