package app

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tandem/internal/deal"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/readiness"
)

// DealDiff is what a row of a list would change.
type DealDiff struct {
	Row    int
	Was    Deal         // Version 0: it is new
	Now    Deal         // as it would be stored
	Fields []deal.Field // that differ
	Back   bool         // it was gone from the CRM and is there again
}

// DealLoad is what a list would change in the deals of a workspace.
type DealLoad struct {
	New     []DealDiff
	Changed []DealDiff
	Same    int
	Missing []Deal // open deals of earlier lists that are not in this one
	Unowned int    // rows whose owner is no member
}

// ReadSettings are how the caller's workspace reads lists with these headers:
// as it did last time, and whether it ever did. Members.
func (s *Service) ReadSettings(ctx context.Context, c Caller, headers []string) (deal.Settings, bool, error) {
	if c.Member == nil {
		return deal.Settings{}, false, missing()
	}
	m, err := s.signals.Mapping(ctx, c.Member.Workspace, deal.Signature(headers))
	if errors.Is(err, ErrNotFound) {
		return deal.Settings{Currency: s.HouseCurrency(ctx, c)}, false, nil
	}
	if err != nil {
		return deal.Settings{}, false, err
	}
	var out deal.Settings
	err = json.Unmarshal(m.Settings, &out)
	return out, true, err
}

// HouseCurrency is the one of the country of the caller's workspace.
func (s *Service) HouseCurrency(ctx context.Context, c Caller) string {
	if c.Member == nil {
		return "EUR"
	}
	w, err := s.workspace(ctx, c.Member.Workspace)
	switch {
	case err != nil:
	case strings.HasPrefix(w.Region, "CH"), w.Zone == "Europe/Zurich":
		return "CHF"
	case strings.HasPrefix(w.Region, "GB"), w.Zone == "Europe/London":
		return "GBP"
	case strings.HasPrefix(w.Region, "US"), strings.HasPrefix(w.Zone, "America/"):
		return "USD"
	}
	return "EUR"
}

// CompareDeals says what a list would change. Nothing is stored. Members.
func (s *Service) CompareDeals(ctx context.Context, c Caller, r *deal.Reading) (DealLoad, error) {
	if c.Member == nil {
		return DealLoad{}, missing()
	}
	if err := r.Usable(); err != nil {
		return DealLoad{}, err
	}
	if a := r.Settings.Address; a != "" && (!strings.Contains(a, "{id}") || len(a) > deal.MaxURL || !deal.WebAddress(strings.ReplaceAll(a, "{id}", "1"))) {
		return DealLoad{}, fault.New(fault.Invalid, "deal.fault.address")
	}
	listed, err := s.deals.ListedDeals(ctx, c.Member.Workspace)
	if err != nil {
		return DealLoad{}, err
	}
	members, err := s.Colleagues(ctx, c)
	if err != nil {
		return DealLoad{}, err
	}
	known := map[string]Deal{}
	for _, d := range listed {
		known[d.CRM] = d
	}
	m := merger{r: r, workspace: c.Member.Workspace, members: members, now: s.clock().UTC().Truncate(time.Millisecond)}
	var load DealLoad
	for _, rec := range r.Records {
		old, was := known[rec.ID]
		delete(known, rec.ID)
		diff := m.merge(old, rec)
		if diff.Now.OwnerName != "" && diff.Now.Owner == "" {
			load.Unowned++
		}
		switch {
		case !was:
			diff.Now.ID, diff.Now.Created = s.NewID(), m.now
			load.New = append(load.New, diff)
		case len(diff.Fields) > 0 || diff.Back:
			load.Changed = append(load.Changed, diff)
		default:
			load.Same++
		}
	}
	for _, b := range r.Bad {
		delete(known, b.ID) // it is there, if unreadable
	}
	for _, d := range listed {
		if _, left := known[d.CRM]; left && d.Ended == DealOpen {
			load.Missing = append(load.Missing, d)
		}
	}
	return load, nil
}

// TakeDeals stores what a list says, all of it or nothing, and remembers how it
// was read. A deal that is missing in a list said to be whole is marked as
// gone; none is ever deleted. Members.
func (s *Service) TakeDeals(ctx context.Context, c Caller, r *deal.Reading) (DealLoad, error) {
	var load DealLoad
	for try := 0; ; try++ {
		var err error
		if load, err = s.CompareDeals(ctx, c, r); err != nil {
			return load, err
		}
		all := s.writes(c, r, load)
		if err = s.deals.SaveDeals(ctx, all); err == nil {
			var plans []plan.ID
			for _, w := range all {
				plans = append(plans, w.Deal.Plan)
			}
			if err := s.dealsMoved(ctx, plans...); err != nil {
				return load, err
			}
			break
		}
		if try == maxTries || !errors.Is(err, ErrStale) && !errors.Is(err, ErrTaken) { // somebody saved one meanwhile
			return load, dealFault(err)
		}
	}
	data, err := json.Marshal(r.Settings)
	if err != nil {
		return load, err
	}
	headers := make([]string, 0, len(r.Columns))
	for _, x := range r.Columns {
		headers = append(headers, x.Header)
	}
	return load, s.signals.SaveMapping(ctx, DealMapping{Workspace: c.Member.Workspace, Headers: deal.Signature(headers), Settings: data, Used: s.clock().UTC()})
}

func (s *Service) writes(c Caller, r *deal.Reading, load DealLoad) []DealWrite {
	now := s.clock().UTC().Truncate(time.Millisecond)
	var out []DealWrite
	for _, x := range load.New {
		x.Now.Version = 1
		out = append(out, DealWrite{Deal: x.Now})
	}
	for _, x := range load.Changed {
		x.Now.Version++
		out = append(out, DealWrite{Deal: x.Now, Changes: dealChanges(x.Was, x.Now, now, c.Member.ID, true)})
	}
	if r.Settings.Whole {
		for _, d := range load.Missing {
			if d.Gone.IsZero() {
				d.Gone, d.Updated = now, now
				d.Version++
				out = append(out, DealWrite{Deal: d})
			}
		}
	}
	return out
}

// merger puts rows of a list over deals.
type merger struct {
	r         *deal.Reading
	workspace plan.ID
	members   []Member
	now       time.Time
}

// merge is a deal as the list says it; what the list has no column for stays.
func (m *merger) merge(old Deal, rec deal.Record) DealDiff {
	now := old
	now.Workspace, now.CRM = m.workspace, rec.ID
	diff := DealDiff{Row: rec.Row, Was: old, Back: !old.Gone.IsZero()}
	now.Gone = time.Time{}
	set := func(f deal.Field, to *string, value string) {
		if m.r.Has(f) && *to != value {
			*to = value
			diff.Fields = append(diff.Fields, f)
		}
	}
	set(deal.Name, &now.Name, rec.Name)
	set(deal.Account, &now.Account, rec.Account)
	if m.r.Has(deal.Value) && (now.Amount != rec.Amount || now.Currency != rec.Currency) {
		now.Amount, now.Currency = rec.Amount, rec.Currency
		diff.Fields = append(diff.Fields, deal.Value)
	}
	set(deal.Stage, &now.Stage, rec.Stage)
	if m.r.Has(deal.Stage) {
		now.Ended = deal.Ended(rec.Stage)
	}
	if m.r.Has(deal.Close) && now.Close != rec.Close {
		now.Close = rec.Close
		diff.Fields = append(diff.Fields, deal.Close)
	}
	set(deal.Segment, &now.Segment, rec.Segment)
	set(deal.URL, &now.URL, rec.URL)
	if m.r.Has(deal.Owner) || m.r.Has(deal.Mail) {
		owner, name := m.owner(rec)
		if now.Owner != owner || now.OwnerName != name {
			now.Owner, now.OwnerName = owner, name
			diff.Fields = append(diff.Fields, deal.Owner)
		}
	}
	if len(diff.Fields) > 0 || diff.Back {
		now.Updated = m.now
	}
	diff.Now = now
	return diff
}

// owner is the member a row means: by address, else by name if one alone has
// it. Who is nobody here is kept by name.
func (m *merger) owner(rec deal.Record) (plan.ID, string) {
	var found []Member
	for _, x := range m.members {
		if rec.OwnerMail != "" && strings.EqualFold(x.Email, rec.OwnerMail) {
			return x.ID, x.Name
		}
		if deal.SameName(x.Name, rec.Owner) || rec.Owner != "" && strings.EqualFold(x.Email, rec.Owner) {
			found = append(found, x)
		}
	}
	if len(found) == 1 {
		return found[0].ID, found[0].Name
	}
	if rec.Owner != "" {
		return "", rec.Owner
	}
	return "", rec.OwnerMail
}

// Read is what was answered in a check.
func (c ReadinessCheck) Read() readiness.Answers {
	var a readiness.Answers
	if err := json.Unmarshal(c.Answers, &a); err != nil {
		return readiness.Answers{}
	}
	return a
}
