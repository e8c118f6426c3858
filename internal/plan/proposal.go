package plan

import (
	"slices"
	"time"

	"tandem/internal/civil"
)

// ProposalStatus is what became of a proposal.
type ProposalStatus string

const (
	Pending    ProposalStatus = "open"
	Accepted   ProposalStatus = "accepted"
	Declined   ProposalStatus = "declined"
	Countered  ProposalStatus = "countered"
	Withdrawn  ProposalStatus = "withdrawn"
	Expired    ProposalStatus = "expired"
	Superseded ProposalStatus = "superseded" // something in it changed meanwhile
	Void       ProposalStatus = "void"       // the plan was decided or left
)

// Proposal is one side's wish to change agreed terms. It is accepted or
// declined as a whole, against the values it was made against.
type Proposal struct {
	ID          ID             `json:"id"`
	Side        Side           `json:"side"`
	By          ID             `json:"by"`
	At          time.Time      `json:"at"`
	Changes     []Change       `json:"changes"`
	Reason      Text           `json:"reason,omitzero"`
	Expires     civil.Day      `json:"expires"` // the last day on which it can be accepted
	Status      ProposalStatus `json:"status"`
	Counters    ID             `json:"counters,omitempty"`    // the proposal this one answers
	CounteredBy ID             `json:"counteredBy,omitempty"` // the proposal that answered this one
	AnsweredBy  ID             `json:"answeredBy,omitempty"`
	AnsweredAt  time.Time      `json:"answeredAt,omitzero"`
	Answer      Text           `json:"answer,omitzero"`
	Because     []ID           `json:"because,omitempty"` // items whose change superseded it
}

// Change is one change of a proposal: new terms for an item, its removal, or
// a new link between agreed items.
type Change struct {
	Item    ID    `json:"item"`
	Kind    Kind  `json:"kind"`
	Version int   `json:"version,omitempty"` // of the item when proposed
	Old     Terms `json:"old,omitzero"`
	New     Terms `json:"new,omitzero"`
	Remove  bool  `json:"remove,omitempty"`
	Add     bool  `json:"add,omitempty"`
	With    []ID  `json:"with,omitempty"` // links that go with a removed item
}

// Digest names exactly what a proposal asks for: an answer carries it, so that
// nobody accepts what they did not see.
func (pr *Proposal) Digest() Digest {
	return sum("tandem/proposal/1", pr.ID, pr.Changes, pr.Reason, pr.Expires)
}

// OpenOn reports whether the proposal can still be answered on a day.
func (pr *Proposal) OpenOn(today civil.Day) bool {
	return pr.Status == Pending && today <= pr.Expires
}

// OpenProposals lists those not yet answered, oldest first.
func (p *Plan) OpenProposals() []*Proposal {
	var out []*Proposal
	for _, pr := range p.Proposals {
		if pr.Status == Pending {
			out = append(out, pr)
		}
	}
	slices.SortFunc(out, func(a, b *Proposal) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

// overtaken lists the items of a proposal that are no longer as they were
// when it was made: a touched field changed, or the item is done or gone.
func (p *Plan) overtaken(pr *Proposal) []ID {
	var out []ID
	for _, c := range pr.Changes {
		if p.changeOvertaken(c) {
			out = append(out, c.Item)
		}
	}
	return out
}

func (p *Plan) changeOvertaken(c Change) bool {
	if c.Kind == KindLink && (p.gone(c.New.From) || p.gone(c.New.To)) {
		return true
	}
	it := p.Items[c.Item]
	if c.Add {
		return it != nil
	}
	if it == nil || it.Removed != 0 || it.Progress.Status == Done {
		return true
	}
	touched := c.Old.Differ(c.New)
	if c.Remove {
		return len(c.Old.Differ(it.Terms)) > 0 || it.Kind != KindLink && !slices.Equal(c.With, p.linksOf(it.ID))
	}
	for _, f := range c.Old.Differ(it.Terms) {
		if slices.Contains(touched, f) {
			return true
		}
	}
	return false
}

func (p *Plan) gone(id ID) bool {
	it := p.Items[id]
	return it == nil || it.Removed != 0
}

// applied is the item's present terms with the touched fields of a change.
func (c Change) applied(now Terms) Terms {
	for _, f := range c.Old.Differ(c.New) {
		switch f {
		case FieldTitle:
			now.Title = c.New.Title
		case FieldDoneWhen:
			now.DoneWhen = c.New.DoneWhen
		case FieldParty:
			now.Party = c.New.Party
		case FieldBuyerOwner:
			now.Owners.Buyer = c.New.Owners.Buyer
		case FieldSellerOwner:
			now.Owners.Seller = c.New.Owners.Seller
		case FieldDue:
			now.Due, now.DateOpen = c.New.Due, c.New.DateOpen
		case FieldLink:
			now.From, now.To, now.Type = c.New.From, c.New.To, c.New.Type
			now.Lag, now.LagCalendar = c.New.Lag, c.New.LagCalendar
		}
	}
	return now
}
