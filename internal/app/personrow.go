package app

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
)

// PersonRow says that somebody is on a plan, by a hash of their address. It is
// made from the shared stream in the transaction of the change.
type PersonRow struct {
	Plan      plan.ID
	Person    plan.ID
	Workspace plan.ID
	Side      plan.Side
	Address   string // addressKey; empty: none known, or gone
}

// addressKey is AddressHash in hex, and empty for no address.
func addressKey(email string) string {
	if strings.TrimSpace(email) == "" {
		return ""
	}
	return hex.EncodeToString(AddressHash(email))
}

// peopleRows are the rows of everybody on a plan, if events say something of
// people.
func peopleRows(p *plan.Plan, events []plan.Event) []PersonRow {
	if !slices.ContainsFunc(events, func(ev plan.Event) bool { return strings.HasPrefix(ev.Kind(), "person.") }) {
		return nil
	}
	var out []PersonRow
	for _, q := range p.People {
		row := PersonRow{Plan: p.ID, Person: q.ID, Workspace: p.Workspace, Side: q.Side}
		if !q.Erased() {
			row.Address = addressKey(q.Email.Value)
		}
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b PersonRow) int { return strings.Compare(string(a.Person), string(b.Person)) })
	return out
}

// AnswerRow says how long somebody of a plan's home side took to answer a
// proposal. It names a member only by their id.
type AnswerRow struct {
	Plan      plan.ID
	Proposal  plan.ID
	Workspace plan.ID
	Member    plan.ID
	Asked     time.Time
	Answered  time.Time
}

// answerRows are the answers of the home side among events.
func answerRows(p *plan.Plan, events []plan.Event) []AnswerRow {
	var out []AnswerRow
	for _, ev := range events {
		var id plan.ID
		switch e := ev.(type) {
		case *plan.ProposalAccepted:
			id = e.Proposal
		case *plan.ProposalClosed:
			id = e.Proposal
		}
		if pr := p.Proposals[id]; pr != nil && answered(pr) && pr.Side != p.Home {
			out = append(out, AnswerRow{Plan: p.ID, Proposal: pr.ID, Workspace: p.Workspace, Member: pr.AnsweredBy, Asked: pr.At, Answered: pr.AnsweredAt})
		}
	}
	return out
}

// answered reports that a person of the other side answered: neither its
// author nor time closed it.
func answered(pr *plan.Proposal) bool {
	switch pr.Status {
	case plan.Accepted, plan.Declined, plan.Countered:
		return pr.AnsweredBy != "" && !pr.AnsweredAt.IsZero()
	}
	return false
}
