package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// JobRetain deletes what workspaces decided to keep no longer.
const JobRetain = "retain"

// retention names who does it; while the service is made.
func (s *Service) retention() {
	s.every(JobRetain, 24*time.Hour, func(ctx context.Context, _ []byte) error { return s.retain(ctx) })
	s.compose(LetterEnds, s.composeEnds)
}

// deletedAtOnce bounds how many plans one run deletes: each purges the files.
const deletedAtOnce = 20

// forewarned is how many days before its deletion the leads of a plan are told.
const forewarned = 30

// ended reports that nothing happens on a plan any more.
func ended(p *plan.Plan) bool {
	return p.LeftBy != "" || p.Phase == plan.Decided || p.Phase == plan.Archived
}

// ends is the day from which a plan is deleted; zero while it runs, or where
// the workspace keeps plans until somebody deletes them.
func (s *Service) ends(ctx context.Context, p *plan.Plan) (civil.Day, error) {
	if !ended(p) {
		return 0, nil
	}
	x, err := s.privacyOf(ctx, p.Workspace)
	if err != nil || x.Keep == 0 {
		return 0, err
	}
	return civil.On(time.UnixMilli(p.Head.At).UTC().AddDate(0, x.Keep, 0), time.UTC), nil
}

// retain deletes, for every workspace, plans that ended longer ago than it
// keeps them, and mails older than it keeps those. Times are the server's;
// a month is a calendar month. Doing it twice does no harm.
func (s *Service) retain(ctx context.Context) error {
	places, err := s.directory.Workspaces(ctx)
	if err != nil {
		return err
	}
	now := s.clock()
	var failed error
	for _, w := range places {
		if err := s.retainIn(ctx, w.ID, now); err != nil {
			failed = errors.Join(failed, err) // one workspace does not keep the others from theirs
		}
	}
	return failed
}

func (s *Service) retainIn(ctx context.Context, workspace plan.ID, now time.Time) error {
	x, err := s.privacyOf(ctx, workspace)
	if err != nil {
		return err
	}
	if _, err := s.people.DeleteMails(ctx, workspace, now.AddDate(0, 0, -x.Mails)); err != nil {
		return err
	}
	if x.Keep == 0 {
		return nil
	}
	if err := s.forewarn(ctx, workspace, now.AddDate(0, -x.Keep, forewarned)); err != nil {
		return err
	}
	plans, err := s.people.Ended(ctx, workspace, now.AddDate(0, -x.Keep, 0), deletedAtOnce)
	if err != nil {
		return err
	}
	for _, id := range plans {
		if err := s.people.DeletePlan(ctx, id); err != nil {
			return err
		}
		if err := s.dropFiles(ctx, id); err != nil {
			return err
		}
		s.states.forget(id)
		if s.publisher != nil {
			s.publisher.Publish(id, "")
		}
		slog.InfoContext(ctx, "plan deleted: it was kept as long as its workspace decided")
	}
	return nil
}

// forewarn writes to the leads of both sides that their plan will be deleted,
// once, so that whoever wants to keep it can take it away.
func (s *Service) forewarn(ctx context.Context, workspace plan.ID, before time.Time) error {
	plans, err := s.people.Ended(ctx, workspace, before, 10*deletedAtOnce)
	if err != nil {
		return err
	}
	for _, id := range plans {
		p, err := s.states.shared(ctx, id)
		if err != nil {
			return err
		}
		if err := s.post(ctx, toBoth(p, Letter{Kind: LetterEnds, Key: "plan-ends"}, "")...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) composeEnds(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	day, err := s.ends(ctx, d.p)
	if err != nil {
		return Mail{}, err
	}
	if day.IsZero() {
		return Mail{}, errNothingToSay
	}
	m := d.begin()
	m.Subject = Said("privacy.ends.subject", "Title", m.Title)
	m.Lead = []Say{Said("privacy.ends.lead", "Day", OnDay(day))}
	m.After = []Say{Said("privacy.ends.after")}
	return m, d.button(ctx, &m, "privacy.ends.button", "")
}
