package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/civil"
	"tandem/internal/deal"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/readiness"
)

// MaxDeals is how many deals a page of the list holds at most.
const MaxDeals = 100

// Deals lists deals of the caller's workspace. Members.
func (s *Service) Deals(ctx context.Context, c Caller, q DealQuery) ([]DealRow, error) {
	if c.Member == nil {
		return nil, missing()
	}
	q.Workspace, q.Limit = c.Member.Workspace, min(q.Limit, MaxDeals+1)
	if utf8.RuneCountInString(q.Search) > deal.MaxName {
		q.Search = string([]rune(q.Search)[:deal.MaxName])
	}
	return s.deals.Deals(ctx, q)
}

// CountDeals counts the open deals of the caller's workspace, and those of them
// without a plan. Members.
func (s *Service) CountDeals(ctx context.Context, c Caller) (open, without int, err error) {
	if c.Member == nil {
		return 0, 0, missing()
	}
	return s.deals.CountDeals(ctx, c.Member.Workspace)
}

// DealView is a deal with all that is kept with it.
type DealView struct {
	Deal
	Row         *PlanRow // of its plan; nil: it has none
	Changes     []DealChange
	Checks      []ReadinessCheck
	Resistances []Resistance
	Names       map[plan.ID]string // of the members named in it
}

// Deal is a deal of the caller's workspace. Members.
func (s *Service) Deal(ctx context.Context, c Caller, id plan.ID) (DealView, error) {
	d, err := s.deal(ctx, c, id)
	if err != nil {
		return DealView{}, err
	}
	return s.dealView(ctx, c, d)
}

func (s *Service) dealView(ctx context.Context, c Caller, d Deal) (DealView, error) {
	v := DealView{Deal: d}
	var err error
	if d.Plan != "" {
		p, err := s.states.shared(ctx, d.Plan)
		if err != nil {
			return v, err
		}
		if p.Phase != "" {
			row := Row(p)
			v.Row = &row
		}
	}
	if v.Changes, err = s.deals.DealChanges(ctx, d.ID, 100); err != nil {
		return v, err
	}
	if v.Checks, err = s.signals.Checks(ctx, d.ID); err != nil {
		return v, err
	}
	if v.Resistances, err = s.signals.Resistances(ctx, d.Workspace, d.ID, d.Plan); err != nil {
		return v, err
	}
	v.Names, err = s.memberNames(ctx, c)
	return v, err
}

func (s *Service) memberNames(ctx context.Context, c Caller) (map[plan.ID]string, error) {
	members, err := s.Colleagues(ctx, c)
	names := map[plan.ID]string{}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	return names, err
}

// deal is a deal of the caller's workspace; any other is answered as one that
// does not exist.
func (s *Service) deal(ctx context.Context, c Caller, id plan.ID) (Deal, error) {
	if c.Member == nil {
		return Deal{}, missing()
	}
	d, err := s.deals.Deal(ctx, c.Member.Workspace, id)
	if errors.Is(err, ErrNotFound) {
		return d, missing()
	}
	return d, err
}

// DealOf is the deal of a plan, and whether it has one. Members of the plan's
// own side only: to everybody else there is no such thing as a deal.
func (s *Service) DealOf(ctx context.Context, c Caller, v View) (DealView, bool, error) {
	if !v.sellsIt(c) {
		return DealView{}, false, missing()
	}
	d, err := s.deals.DealOfPlan(ctx, v.Plan.Workspace, v.Plan.ID)
	if errors.Is(err, ErrNotFound) {
		own := DealView{}
		if own.Resistances, err = s.signals.Resistances(ctx, v.Plan.Workspace, "", v.Plan.ID); err != nil {
			return own, false, err
		}
		own.Names, err = s.memberNames(ctx, c)
		return own, false, err
	}
	if err != nil {
		return DealView{}, false, err
	}
	out, err := s.dealView(ctx, c, d)
	return out, true, err
}

// sellsIt reports that the caller is a member of the plan's workspace who acts
// for its side: whose deal it is.
func (v View) sellsIt(c Caller) bool {
	return c.Member != nil && c.Member.Workspace == v.Plan.Workspace && v.Me.Side == v.Plan.Home && v.Me.ID == c.Member.ID
}

// SaveDeal stores a deal as a person wrote it: a new one (Version 0; sending
// twice makes one), or the next version of the one that was shown. The plan
// stays as it is. Members.
//
// Faults: what is wrong with a field; Conflict if somebody saved it meanwhile;
// "deal.fault.taken" if the CRM id is another deal's.
func (s *Service) SaveDeal(ctx context.Context, c Caller, d Deal) (Deal, error) {
	if c.Member == nil {
		return Deal{}, missing()
	}
	now := s.clock().UTC().Truncate(time.Millisecond)
	old, err := s.deals.Deal(ctx, c.Member.Workspace, d.ID)
	switch {
	case errors.Is(err, ErrNotFound) && d.Version == 0:
		d.Created = now
	case errors.Is(err, ErrNotFound):
		return Deal{}, missing()
	case err != nil:
		return Deal{}, err
	case d.Version == 0:
		return old, nil
	case d.Version != old.Version:
		return Deal{}, fault.New(fault.Conflict, "deal.fault.changed").Fix("deal.fix.look")
	default:
		d.Created, d.Gone, d.Plan, d.Advice = old.Created, old.Gone, old.Plan, old.Advice
		d.OwnerName = old.OwnerName
	}
	d.Workspace = c.Member.Workspace
	if err := s.tidyDeal(ctx, &d, old); err != nil {
		return Deal{}, err
	}
	d.Updated, d.Version = now, d.Version+1
	w := DealWrite{Deal: d}
	if old.Version > 0 {
		w.Changes = dealChanges(old, d, now, c.Member.ID, false)
	}
	if err := s.deals.SaveDeals(ctx, []DealWrite{w}); err != nil {
		return d, dealFault(err)
	}
	return d, s.dealsMoved(ctx, d.Plan)
}

func dealFault(err error) error {
	switch {
	case errors.Is(err, ErrStale):
		return fault.New(fault.Conflict, "deal.fault.changed").Fix("deal.fix.look").Wrap(err)
	case errors.Is(err, ErrTaken):
		return fault.New(fault.Invalid, "deal.fault.taken").Wrap(err)
	}
	return err
}

// tidyDeal trims and checks what a person wrote.
func (s *Service) tidyDeal(ctx context.Context, d *Deal, old Deal) error {
	if !validID(d.ID) {
		return fault.New(fault.Invalid, "fault.id")
	}
	for _, f := range []*string{&d.CRM, &d.URL, &d.Name, &d.Account, &d.Stage, &d.Segment} {
		*f = strings.TrimSpace(*f)
		limit := deal.MaxName
		if f == &d.URL {
			limit = deal.MaxURL
		}
		if utf8.RuneCountInString(*f) > limit {
			return fault.New(fault.Invalid, "deal.fault.long", "max", limit)
		}
	}
	digits, known := deal.Digits(d.Currency)
	switch {
	case d.Name == "":
		return fault.New(fault.Invalid, "deal.fault.name")
	case d.URL != "" && !deal.WebAddress(d.URL):
		return fault.New(fault.Invalid, "deal.fault.url")
	case d.Currency != "" && !known, d.Amount != 0 && d.Currency == "":
		return fault.New(fault.Invalid, "deal.fault.currency")
	case d.Amount < 0 || digits > 3:
		return fault.New(fault.Invalid, "deal.fault.amount")
	case d.Ended != DealOpen && d.Ended != DealWon && d.Ended != DealLost:
		return fault.New(fault.Invalid, "deal.fault.ended")
	}
	if d.Owner == "" || d.Owner == old.Owner {
		if d.Owner == "" && old.Owner != "" {
			d.OwnerName = ""
		}
		return nil
	}
	m, err := s.directory.Member(ctx, d.Owner)
	if errors.Is(err, ErrNotFound) || err == nil && m.Workspace != d.Workspace {
		return fault.New(fault.Invalid, "deal.fault.owner")
	}
	d.OwnerName = m.Name
	return err
}

// validID reports whether a text may be an id: those that forms bring along.
func validID(id plan.ID) bool {
	return id != "" && len(id) <= 64 && strings.IndexFunc(string(id), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) < 0
}

// dealChanges are the changes that are kept.
func dealChanges(old, now Deal, at time.Time, member plan.ID, listed bool) []DealChange {
	var out []DealChange
	add := func(field, was, is string) {
		if was != is {
			out = append(out, DealChange{Deal: now.ID, At: at, Field: field, Was: was, Now: is, Member: member, Listed: listed})
		}
	}
	add(ChangedClose, old.Close.String(), now.Close.String())
	add(ChangedStage, old.Stage, now.Stage)
	add(ChangedAmount, amountText(old), amountText(now))
	return out
}

func amountText(d Deal) string {
	if d.Currency == "" {
		return ""
	}
	return strconv.FormatInt(d.Amount, 10) + " " + d.Currency
}

// ChangedMoney reads an amount as DealChange writes it; no currency: none.
func ChangedMoney(text string) (minor int64, currency string) {
	number, code, _ := strings.Cut(text, " ")
	minor, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, ""
	}
	return minor, code
}

// Slips counts how often the close date moved later, and by how many days in
// all since it was first known.
func (v DealView) Slips() (times, days int) {
	for _, x := range v.Changes {
		if x.Field == ChangedClose && x.Was != "" && x.Now > x.Was {
			times++
		}
	}
	first := ""
	for _, x := range slices.Backward(v.Changes) {
		if x.Field == ChangedClose && x.Was != "" {
			first = x.Was
			break
		}
	}
	if d, err := civil.Parse(first); err == nil && !v.Close.IsZero() {
		days = int(v.Close - d)
	}
	return times, days
}

// DeleteDeal deletes a deal with its history, checks and signals; its plan
// stays. Members.
func (s *Service) DeleteDeal(ctx context.Context, c Caller, id plan.ID) error {
	d, err := s.deal(ctx, c, id)
	if err != nil {
		return err
	}
	if err := s.deals.DeleteDeal(ctx, d.Workspace, d.ID); err != nil {
		return err
	}
	return s.dealsMoved(ctx, d.Plan)
}

// LinkDeal says which plan a deal has; an empty one takes it away. Both are
// the caller's workspace's. Members.
func (s *Service) LinkDeal(ctx context.Context, c Caller, id, planID plan.ID) error {
	d, err := s.deal(ctx, c, id)
	if err != nil {
		return err
	}
	if planID != "" {
		p, err := s.states.shared(ctx, planID)
		if err != nil {
			return err
		}
		if p.Phase == "" || p.Workspace != d.Workspace {
			return missing()
		}
		if d.Plan != "" && d.Plan != planID {
			return fault.New(fault.Refused, "deal.fault.hasPlan")
		}
	}
	err = s.deals.LinkDeal(ctx, d.Workspace, d.ID, planID)
	if errors.Is(err, ErrTaken) {
		return fault.New(fault.Refused, "deal.fault.planTaken")
	}
	if err != nil {
		return err
	}
	return s.dealsMoved(ctx, d.Plan, planID)
}

// FreePlans are plans of the caller's workspace that have no deal, the last
// changed first, at most limit. Members.
func (s *Service) FreePlans(ctx context.Context, c Caller, limit int) ([]PlanRow, error) {
	if c.Member == nil {
		return nil, missing()
	}
	return s.deals.FreePlans(ctx, c.Member.Workspace, limit)
}

// dealLink is how a plan that is made belongs to its deal; nil if it has none.
// A deal that has a plan takes another only in its place.
func (s *Service) dealLink(ctx context.Context, c Caller, n NewPlan) (*DealLink, error) {
	if n.Deal == "" {
		return nil, nil
	}
	d, err := s.deal(ctx, c, n.Deal)
	if err != nil {
		return nil, err
	}
	if d.Plan != "" && d.Plan != n.Predecessor {
		return nil, fault.New(fault.Refused, "deal.fault.hasPlan")
	}
	return &DealLink{Workspace: d.Workspace, Deal: d.ID, Plan: n.ID, Instead: d.Plan}, nil
}

// CheckReadiness keeps the answers to "is it time for a plan?" with a deal, and
// what they lead to. Earlier ones stay. Members.
func (s *Service) CheckReadiness(ctx context.Context, c Caller, id plan.ID, a readiness.Answers) (readiness.Advice, error) {
	d, err := s.deal(ctx, c, id)
	if err != nil {
		return readiness.Advice{}, err
	}
	if !a.Complete() {
		return readiness.Advice{}, fault.New(fault.Invalid, "ready.fault.answers")
	}
	advice := readiness.Advise(a)
	data, err := json.Marshal(a)
	if err != nil {
		return advice, err
	}
	return advice, s.signals.SaveCheck(ctx, ReadinessCheck{ID: s.NewID(), Workspace: d.Workspace, Deal: d.ID, At: s.clock().UTC(),
		Member: c.Member.ID, Answers: data, Advice: string(advice.Level)})
}

// RecordResistance keeps how the buyer took the idea of a plan, with a deal or
// a plan of the caller's workspace. With the ID of an earlier record it says
// what became of it. Members; of a plan, those who see it.
func (s *Service) RecordResistance(ctx context.Context, c Caller, r Resistance) (Resistance, error) {
	if c.Member == nil {
		return r, missing()
	}
	if !readiness.Valid(readiness.Moment(r.Moment), readiness.Objection(r.Objection), readiness.Move(r.Move), readiness.Outcome(r.Outcome)) {
		return r, fault.New(fault.Invalid, "resist.fault.choice")
	}
	if r.Plan != "" {
		v, err := s.Open(ctx, c, r.Plan)
		if err != nil {
			return r, err
		}
		if !v.sellsIt(c) {
			return r, missing()
		}
		d, err := s.deals.DealOfPlan(ctx, v.Plan.Workspace, r.Plan)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return r, err
		}
		r.Deal = d.ID
	} else {
		d, err := s.deal(ctx, c, r.Deal)
		if err != nil {
			return r, err
		}
		r.Plan = d.Plan
	}
	r.Workspace, r.Member, r.At = c.Member.Workspace, c.Member.ID, s.clock().UTC()
	if r.ID == "" {
		r.ID = s.NewID()
	} else if !validID(r.ID) {
		return r, fault.New(fault.Invalid, "fault.id")
	}
	return r, s.signals.SaveResistance(ctx, r)
}
