package app

import (
	"context"
	"fmt"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// settling is how long a mail about what somebody just did waits: who made a
// mistake has undone it by then.
const settling = 2 * time.Minute

// heraldProposals: a proposal goes to everybody of the answering side who can
// say yes to it; what became of it to who made it.
func heraldProposals(d *plan.Decision) []Letter {
	var out []Letter
	p := d.State
	for i, ev := range d.Events {
		switch e := ev.(type) {
		case *plan.ProposalMade:
			m := d.Metas[i]
			for _, q := range p.Everybody() {
				if q.Side != m.Side && q.MayAgree() && p.Mailable(q) {
					out = append(out, Letter{Kind: LetterProposal, Plan: p.ID, Person: q.ID, Item: e.Proposal, Key: "proposal/" + string(e.Proposal),
						NotBefore: m.At.Add(settling)})
				}
			}
		case *plan.ProposalClosed:
			pr := p.Proposals[e.Proposal]
			author := p.Person(pr.By)
			told := e.Status == plan.Declined || e.Status == plan.Expired || e.Status == plan.Superseded
			if told && author != nil && author.ID != d.Metas[i].Actor && p.Mailable(author) && alive(p) {
				out = append(out, Letter{Kind: LetterAnswer, Plan: p.ID, Person: author.ID, Item: e.Proposal, Key: "answer/" + string(e.Proposal)})
			}
		}
	}
	return out
}

// heraldAgreement: a lead's yes to the plan asks the other lead for theirs and
// is confirmed to who gave it; what completes an agreement is confirmed to the
// leads of both sides and to who proposed it, with sequence and head hash.
func heraldAgreement(d *plan.Decision) []Letter {
	p := d.State
	agreed := false
	for _, ev := range d.Events {
		if _, ok := ev.(*plan.PlanAgreed); ok {
			agreed = true
		}
	}
	var out []Letter
	for i, ev := range d.Events {
		m := d.Metas[i]
		switch e := ev.(type) {
		case *plan.PlanAccepted:
			if agreed {
				continue // the receipt of the agreement says it
			}
			key := "accepted/" + string(e.Side) + "/" + string(e.Digest)
			out = append(out, toLeads(p, e.Side.Other(), Letter{Kind: LetterToAccept, Key: key, NotBefore: m.At.Add(settling)})...)
			if q := p.Person(m.Actor); q != nil && p.Mailable(q) {
				out = append(out, Letter{Kind: LetterReceipt, Plan: p.ID, Person: q.ID, Key: key})
			}
		case *plan.PlanAgreed:
			out = append(out, toBoth(p, Letter{Kind: LetterReceipt, Key: revisionKey(e.Revision)}, "")...)
		case *plan.ProposalAccepted:
			out = append(out, toBoth(p, Letter{Kind: LetterReceipt, Item: e.Proposal, Key: revisionKey(e.Revision)}, p.Proposals[e.Proposal].By)...)
		case *plan.ItemsAgreed:
			// One by one they come when somebody goes through a list: one mail says them.
			for _, id := range e.Items {
				out = append(out, toBoth(p, Letter{Kind: LetterReceipt, Item: id, Key: revisionKey(e.Revision) + "/" + string(id), NotBefore: m.At.Add(time.Hour)}, "")...)
			}
		}
	}
	return out
}

func revisionKey(n int) string { return fmt.Sprintf("revision/%d", n) }

// toLeads addresses a letter to the leads of a side.
func toLeads(p *plan.Plan, side plan.Side, l Letter) []Letter {
	var out []Letter
	for _, q := range p.LeadsOf(side) {
		if p.Mailable(q) {
			l.Plan, l.Person = p.ID, q.ID
			out = append(out, l)
		}
	}
	return out
}

// toBoth addresses a letter to all leads, and to one other person.
func toBoth(p *plan.Plan, l Letter, also plan.ID) []Letter {
	out := append(toLeads(p, plan.Buyer, l), toLeads(p, plan.Seller, l)...)
	if q := p.Person(also); q != nil && q.Access != plan.Lead && p.Mailable(q) {
		l.Plan, l.Person = p.ID, q.ID
		out = append(out, l)
	}
	return out
}

func (s *Service) composeProposal(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	pr := d.p.Proposals[l.Item]
	if pr == nil || !alive(d.p) || !pr.OpenOn(civilToday(d)) || pr.Side == d.q.Side || !d.q.MayAgree() {
		return Mail{}, errNothingToSay
	}
	m := d.begin()
	name, side := d.name(pr.By)
	d.sender(&m, pr.By)
	m.Rows = d.changes(pr)
	m.Subject = Said("letter.proposal.subject", "Name", name, "Title", d.itemTitle(about(d.p, pr.ID)))
	if len(pr.Changes) > 1 {
		m.Subject = Said("letter.proposal.subject.many", "Name", name, "N", len(pr.Changes))
	}
	m.Lead = []Say{Said("letter.proposal.lead", "Name", name, "Side", side)}
	if pr.Counters != "" {
		m.Lead = []Say{Said("letter.proposal.counter", "Name", name, "Side", side)}
	}
	m.Quote, m.Quoted = shorten(pr.Reason.Value, 600), name
	m.After = []Say{Said("letter.proposal.after", "Day", OnDay(pr.Expires))}
	m.Replies, m.ReplyHint = true, Said("inbox.can.proposal")
	return m, d.button(ctx, &m, "letter.proposal.button", pr.ID)
}

// civilToday is today where the plan is kept: what an expiry is checked by.
func civilToday(d *desk) civil.Day { return d.w.Today(d.s.clock()) }

func (s *Service) composeAnswer(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	pr := d.p.Proposals[l.Item]
	if pr == nil || !alive(d.p) {
		return Mail{}, errNothingToSay
	}
	title := d.itemTitle(about(d.p, pr.ID))
	m := d.begin()
	name, side := d.name(pr.AnsweredBy)
	switch pr.Status {
	case plan.Declined:
		d.sender(&m, pr.AnsweredBy)
		m.Subject = Said("letter.answer.declined.subject", "Name", name, "Title", title)
		m.Lead = []Say{Said("letter.answer.declined.lead", "Name", name, "Side", side)}
		m.Quote, m.Quoted = shorten(pr.Answer.Value, 600), name
	case plan.Expired:
		m.Subject = Said("letter.answer.expired.subject", "Title", title)
		m.Lead = []Say{Said("letter.answer.expired.lead", "Side", d.side(pr.Side.Other()), "Day", OnDay(pr.Expires))}
	case plan.Superseded:
		m.Subject = Said("letter.answer.superseded.subject", "Title", title)
		m.Lead = []Say{Said("letter.answer.superseded.lead", "Title", d.itemTitle(first(pr.Because, about(d.p, pr.ID))))}
	default:
		return Mail{}, errNothingToSay
	}
	m.Rows = d.changes(pr)
	m.After = []Say{Said("letter.answer.after")}
	return m, d.button(ctx, &m, "letter.plan.button", pr.ID)
}

func first(ids []plan.ID, or plan.ID) plan.ID {
	if len(ids) > 0 {
		return ids[0]
	}
	return or
}

func (s *Service) composeToAccept(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	other := d.q.Side.Other()
	yes := d.p.Accepted.Of(other)
	if d.p.Phase != plan.Shared || !alive(d.p) || yes.By == "" || !d.p.Leads(d.q.ID) || l.Key != "accepted/"+string(other)+"/"+string(yes.Digest) {
		return Mail{}, errNothingToSay
	}
	m := d.begin()
	name, side := d.name(yes.By)
	d.sender(&m, yes.By)
	m.Subject = Said("letter.to-accept.subject", "Side", side)
	m.Lead = []Say{Said("letter.to-accept.lead", "Name", name, "Side", side, "Mine", d.side(d.q.Side))}
	m.After = []Say{Said("letter.to-accept.after")}
	d.receipt(&m)
	return m, d.button(ctx, &m, "letter.to-accept.button", "")
}

// receipt puts sequence and head hash into a mail (rule 15).
func (d *desk) receipt(m *Mail) {
	head := d.p.Head
	m.Receipt = &head
}

// composeReceipt confirms what was accepted. Several agreements within an hour
// are one mail.
func (s *Service) composeReceipt(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	m := d.begin()
	d.receipt(&m)
	m.After = []Say{Said("letter.receipt.after")}
	if d.p.Phase == plan.Shared || d.p.Phase == plan.Draft { // one side so far
		if yes := d.p.Accepted.Of(d.q.Side); yes.By == "" || l.Key != "accepted/"+string(d.q.Side)+"/"+string(yes.Digest) {
			return Mail{}, errNothingToSay
		}
		m.Subject = Said("letter.receipt.yours.subject")
		m.Lead = []Say{Said("letter.receipt.yours.lead", "Mine", d.side(d.q.Side), "Side", d.side(d.q.Side.Other()))}
		m.After = nil
		return m, d.button(ctx, &m, "letter.plan.button", "")
	}
	if l.Key == "accepted/"+string(d.q.Side)+"/"+string(d.p.Accepted.Of(d.q.Side).Digest) {
		return Mail{}, errNothingToSay // the agreement followed, and its receipt says it
	}
	with, err := s.takeIn(ctx, l, LetterReceipt)
	if err != nil {
		return Mail{}, err
	}
	m.Subject = Said("letter.receipt.agreed.subject", "N", d.p.Revision)
	m.Lead = []Say{Said("letter.receipt.agreed.lead", "Buyer", m.Buyer, "Seller", m.Seller, "N", d.p.Revision)}
	if d.p.Revision > 1 {
		m.Subject = Said("letter.receipt.revision.subject", "N", d.p.Revision)
		m.Lead = []Say{Said("letter.receipt.revision.lead", "Buyer", m.Buyer, "Seller", m.Seller, "N", d.p.Revision)}
	}
	if pr := d.p.Proposals[l.Item]; pr != nil && len(with) == 0 {
		by, _ := d.name(pr.By)
		yes, side := d.name(pr.AnsweredBy)
		m.Lead = []Say{Said("letter.receipt.proposal.lead", "Name", yes, "Side", side, "By", by, "N", d.p.Revision)}
	}
	for _, x := range append([]LetterRow{{Letter: l}}, with...) {
		if pr := d.p.Proposals[x.Item]; pr != nil {
			m.Rows = append(m.Rows, d.changes(pr)...)
		} else if it := d.p.Items[x.Item]; it != nil && it.Removed == 0 && it.Kind != plan.KindLink {
			m.Rows = append(m.Rows, d.owned(it))
		}
	}
	return m, d.button(ctx, &m, "letter.plan.button", l.Item)
}

// takeIn makes waiting letters of some kinds to the same reader a part of one.
func (s *Service) takeIn(ctx context.Context, l Letter, kinds ...LetterKind) ([]LetterRow, error) {
	return s.letters.TakeIn(ctx, LetterRow{Letter: l}, kinds, s.clock())
}

func (d *desk) itemTitle(id plan.ID) string {
	if it := d.p.Items[id]; it != nil {
		return it.Terms.Title.Value
	}
	return ""
}

// changes are what a proposal asks for, as rows.
func (d *desk) changes(pr *plan.Proposal) []MailRow {
	var out []MailRow
	for _, c := range pr.Changes {
		r := MailRow{Title: d.itemTitle(c.Item)}
		if it := d.p.Items[c.Item]; it != nil && it.Kind == plan.KindAction {
			r.Side = sideOf(it)
		}
		switch {
		case c.Remove:
			r.Detail = []Say{Said("letter.change.remove")}
		case c.Kind == plan.KindLink:
			t := c.New
			r.Title = d.itemTitle(t.To)
			r.Detail = []Say{Said("letter.change.link", "From", d.itemTitle(t.From), "To", d.itemTitle(t.To))}
		default:
			d.fields(&r, c)
		}
		if r.Title == "" {
			r.Title = c.New.Title.Value
		}
		out = append(out, r)
	}
	return out
}

// fields tells what a change does to an item: a date as old and new, the rest
// in words.
func (d *desk) fields(r *MailRow, c plan.Change) {
	for _, f := range c.Old.Differ(c.New) {
		switch f {
		case plan.FieldDue:
			if !c.Old.Due.IsZero() {
				r.Old = OnDay(c.Old.Due)
			}
			r.New = Said("letter.change.open")
			if !c.New.Due.IsZero() {
				r.New = OnDay(c.New.Due)
			}
		case plan.FieldTitle:
			r.Detail = append(r.Detail, Said("letter.change.title", "Title", c.New.Title.Value))
		case plan.FieldDoneWhen:
			r.Detail = append(r.Detail, Said("letter.change.done-when", "Text", c.New.DoneWhen.Value))
		case plan.FieldParty:
			r.Detail = append(r.Detail, Said("letter.change.side"))
		case plan.FieldBuyerOwner:
			r.Detail = append(r.Detail, d.newOwner(plan.Buyer, c.New.Owners.Buyer))
		case plan.FieldSellerOwner:
			r.Detail = append(r.Detail, d.newOwner(plan.Seller, c.New.Owners.Seller))
		}
	}
}

func (d *desk) newOwner(side plan.Side, id plan.ID) Say {
	name, _ := d.name(id)
	if name == "" {
		return Said("letter.change.nobody", "Side", d.side(side))
	}
	return Said("letter.change.owner", "Side", d.side(side), "Name", name)
}
