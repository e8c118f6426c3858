package app

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"time"

	"tandem/internal/plan"
)

// Browser is a session as its owner sees it in a list.
type Browser struct {
	ID      string // names it in a form; no secret
	Agent   string
	Created time.Time
	Seen    time.Time // to the hour
	Way     Way
	This    bool
	Link    bool // came in by a personal link, not by signing in
}

// browserID names a session without telling its hash.
func browserID(hash []byte) string { return hex.EncodeToString(hash[:min(len(hash), 8)]) }

// persons are whom the caller acts as.
func (c Caller) persons() []plan.ID {
	return slices.Sorted(maps.Values(c.Session.Persons))
}

// sessions are the caller's own: of their account, and of browsers that act as
// the same persons.
func (s *Service) sessions(ctx context.Context, c Caller) ([]Session, error) {
	if c.Member == nil && len(c.Session.Persons) == 0 {
		return nil, missing()
	}
	member := plan.ID("")
	if c.Member != nil {
		member = c.Member.ID
	}
	return s.directory.Sessions(ctx, member, c.persons(), s.clock())
}

// Browsers lists where the caller is signed in or came in as a guest.
func (s *Service) Browsers(ctx context.Context, c Caller) ([]Browser, error) {
	all, err := s.sessions(ctx, c)
	var out []Browser
	for _, x := range all {
		out = append(out, Browser{ID: browserID(x.Hash), Agent: x.Agent, Created: x.Created, Seen: x.Seen, Way: x.Way,
			This: slices.Equal(x.Hash, c.Session.Hash), Link: x.Member == ""})
	}
	return out, err
}

// EndBrowser ends one of the caller's other sessions; EndOtherBrowsers all of
// them. Their next request is refused, their open pages close at once.
func (s *Service) EndBrowser(ctx context.Context, c Caller, id string) error {
	return s.endBrowsers(ctx, c, func(x Session) bool { return browserID(x.Hash) == id })
}

// EndOtherBrowsers ends every session of the caller but the present one.
func (s *Service) EndOtherBrowsers(ctx context.Context, c Caller) error {
	return s.endBrowsers(ctx, c, func(x Session) bool { return !slices.Equal(x.Hash, c.Session.Hash) })
}

func (s *Service) endBrowsers(ctx context.Context, c Caller, which func(Session) bool) error {
	all, err := s.sessions(ctx, c)
	if err != nil {
		return err
	}
	for _, x := range all {
		if !which(x) {
			continue
		}
		if err := s.endFor(ctx, c, x.Hash); err != nil {
			return err
		}
	}
	return nil
}

// endFor ends a session for a caller. Whoever shares no more with it than a
// person (a forwarded link) ends it as that person only.
func (s *Service) endFor(ctx context.Context, c Caller, hash []byte) error {
	x, err := s.directory.Session(ctx, hash)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	mine := c.persons()
	if c.Member != nil {
		mine = append(mine, c.Member.ID)
	}
	theirs := x.Member != "" && (c.Member == nil || x.Member != c.Member.ID)
	if x.Member == "" {
		for _, person := range x.Persons {
			theirs = theirs || !slices.Contains(mine, person)
		}
	}
	if !theirs {
		return s.endSession(ctx, x)
	}
	if err := s.directory.LeaveAs(ctx, hash, mine); err != nil {
		return err
	}
	for planID, person := range x.Persons {
		if slices.Contains(mine, person) {
			s.dismiss(planID, person)
		}
	}
	return nil
}

// OtherPlace is an account somebody has in another workspace.
type OtherPlace struct {
	Member    Member
	Workspace Workspace
}

// Places lists the accounts the caller has in other workspaces, if they proved
// to have the address by mail in this session.
func (s *Service) Places(ctx context.Context, c Caller) ([]OtherPlace, error) {
	if c.Member == nil || c.Session.Way != WayMail {
		return nil, nil
	}
	all, err := s.accounts(ctx, c.Member.Email)
	if err != nil {
		return nil, err
	}
	var out []OtherPlace
	for _, m := range all {
		if m.ID == c.Member.ID {
			continue
		}
		w, err := s.workspace(ctx, m.Workspace)
		if err != nil {
			return nil, err
		}
		out = append(out, OtherPlace{m, w})
	}
	return out, nil
}

// Move signs the caller in as another of their accounts; see Places.
func (s *Service) Move(ctx context.Context, c Caller, to plan.ID) (Secret, Caller, error) {
	places, err := s.Places(ctx, c)
	if err != nil {
		return "", Caller{}, err
	}
	if !slices.ContainsFunc(places, func(p OtherPlace) bool { return p.Member.ID == to }) {
		return "", Caller{}, missing()
	}
	return s.renew(ctx, c, func(sess *Session) { sess.Member = to }) // proof and way stay what they were
}
