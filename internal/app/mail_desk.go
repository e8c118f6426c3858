package app

import (
	"cmp"
	"context"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// desk is where a letter about a plan is written: what is true of it now, as
// its reader may see it. Letters are made of the plan both share alone: what a
// side keeps for itself is in no mail, for mails are passed on and quoted.
type desk struct {
	s     *Service
	l     Letter
	p     *plan.Plan
	q     *plan.Person // the reader
	w     Workspace
	zone  *time.Location // the reader's
	today civil.Day      // for the reader
}

// sit opens the desk for a letter. errNothingToSay if its reader is gone.
func (s *Service) sit(ctx context.Context, l Letter) (*desk, error) {
	p, err := s.states.shared(ctx, l.Plan)
	if err != nil {
		return nil, err
	}
	q := p.Person(l.Person)
	if q == nil || q.Left || q.Erased() || q.Email.Value == "" {
		return nil, errNothingToSay
	}
	w, err := s.workspace(ctx, p.Workspace)
	if err != nil {
		return nil, err
	}
	zone := zoneNamed(q.Zone, w.zone())
	return &desk{s: s, l: l, p: p, q: q, w: w, zone: zone, today: civil.On(s.clock(), zone)}, nil
}

// alive reports that a plan is being worked on: reminders and requests stop
// when it is paused, left or decided.
func alive(p *plan.Plan) bool {
	return (p.Phase == plan.Shared || p.Phase == plan.Agreed) && p.Paused == nil && !p.ReadOnly()
}

// begin is a mail to the reader with what every mail about the plan has.
func (d *desk) begin() Mail {
	decision := d.p.Items[plan.DecisionItem]
	return Mail{Plan: d.p.ID, Title: decision.Terms.Title.Value, DecideBy: decision.Terms.Due,
		Buyer: d.p.Organisation.Buyer.Value, Seller: d.p.Organisation.Seller.Value, Notice: cmp.Or(d.p.Notice.Value, d.w.Notice),
		To: Reader{Name: d.q.Name.Value, Email: d.q.Email.Value, Salutation: d.q.Salutation.Value, Language: cmp.Or(d.q.Language, d.p.Language), Zone: d.zone}}
}

// link leads the reader to what a letter is about. A member signs in; everybody
// else comes in by the link itself, which is theirs alone.
func (d *desk) link(ctx context.Context, item plan.ID) (string, error) {
	if d.q.Verified == plan.ByAccount {
		return minePath(d.p.ID, about(d.p, item), ""), nil
	}
	secret, err := d.s.MailedLink(ctx, d.p, d.q)
	return minePath(d.p.ID, about(d.p, item), secret), err
}

// button puts the one thing to do into a mail.
func (d *desk) button(ctx context.Context, m *Mail, key string, item plan.ID) error {
	path, err := d.link(ctx, item)
	m.Button = &MailLink{Label: Said(key), Path: path}
	return err
}

// side is the name of an organisation.
func (d *desk) side(s plan.Side) string { return d.p.Organisation.Of(s).Value }

// name of a person, and the organisation they are of.
func (d *desk) name(id plan.ID) (name, side string) {
	if q := d.p.Person(id); q != nil {
		return q.Name.Value, d.side(q.Side)
	}
	return "", ""
}

// sender is how a mailbox shows who a mail is from: the person who did
// something, and where they are.
func (d *desk) sender(m *Mail, id plan.ID) {
	if name, side := d.name(id); name != "" {
		m.From = name + " (" + side + ")"
	}
}

// mine reports whether the reader is to do a step.
func (d *desk) mine(it *plan.Item) bool {
	if it == nil || it.Kind != plan.KindAction || it.Removed != 0 {
		return false
	}
	o := d.p.Person(it.Terms.Owners.Of(d.q.Side))
	return o != nil && o.ID == d.q.ID && it.Terms.Party.Includes(d.q.Side)
}

// open reports that a step is still to be done by its owner.
func open(it *plan.Item) bool { return it.Progress.Status != plan.Done }

// dueOf is when a step is to be expected: as agreed, or later if its owner has
// said so.
func dueOf(it *plan.Item) civil.Day {
	if it.Terms.Due.IsZero() {
		return 0
	}
	return max(it.Terms.Due, it.Progress.Expected)
}

// stuck reports that a step cannot go on by its owner's doing: it waits for
// the other side.
func stuck(it *plan.Item, owner plan.Side) bool {
	b := it.Progress.Block
	return it.Progress.Status == plan.Blocked && b != nil && b.Waits != "" && b.Waits != owner
}

// row shows a step as the page does.
func (d *desk) row(it *plan.Item) MailRow {
	r := MailRow{Title: it.Terms.Title.Value, Side: sideOf(it)}
	if !it.Terms.Due.IsZero() {
		r.Due = OnDay(it.Terms.Due)
	}
	switch {
	case it.Progress.Status == plan.Done:
		r.Sign = "done"
	case it.Progress.Status == plan.Blocked:
		r.Sign = "blocked"
	case !it.Terms.Due.IsZero() && dueOf(it) < d.today:
		r.Sign = "late"
	}
	if it.Progress.Expected > it.Terms.Due && open(it) && !it.Terms.Due.IsZero() {
		r.Detail = append(r.Detail, Said("letter.expected", "Day", OnDay(it.Progress.Expected)))
	}
	return r
}

// owned is row with who is to do it.
func (d *desk) owned(it *plan.Item) MailRow {
	r := d.row(it)
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if name, _ := d.name(it.Terms.Owners.Of(s)); name != "" && it.Terms.Party.Includes(s) {
			r.Who = cmp.Or(r.Who+" · "+name, "")
		}
	}
	r.Who = trimDots(r.Who)
	return r
}

func trimDots(s string) string {
	if len(s) >= len(" · ") && s[:len(" · ")] == " · " {
		return s[len(" · "):]
	}
	return s
}
