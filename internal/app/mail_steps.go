package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// heraldAsks: whoever is named to do a step is asked once whether they take it
// on (rule 6), again if what they are asked changes. Who just did it themselves
// is not asked by mail. Before the plan is agreed both sides still write it:
// then a day's requests are one mail, afterwards an hour's.
func heraldAsks(d *plan.Decision) []Letter {
	p := d.State
	if !alive(p) {
		return nil
	}
	items, people, everybody := asked(d)
	if everybody || len(people) > 0 {
		for _, it := range p.Live(plan.KindAction) {
			if everybody || owns(p, it, people) {
				items = append(items, it.ID)
			}
		}
		slices.Sort(items)
		items = slices.Compact(items)
	}
	m := d.Metas[len(d.Metas)-1]
	at := m.At.Add(time.Hour)
	if p.Phase == plan.Shared {
		at = (civil.On(m.At, time.UTC) + 1).Time()
	}
	var out []Letter
	for _, id := range items {
		it := p.Items[id]
		if it == nil || it.Kind != plan.KindAction || it.Removed != 0 {
			continue
		}
		for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
			q := p.Person(it.Terms.Owners.Of(side))
			digest := it.AskedFor(side)
			if digest == "" || q == nil || q.ID == m.Actor || q.Access == plan.None || !p.Mailable(q) {
				continue
			}
			out = append(out, Letter{Kind: LetterOwnerAsk, Plan: p.ID, Person: q.ID, Item: id, Key: "ask/" + string(id) + "/" + string(digest), NotBefore: at})
		}
	}
	return out
}

func owns(p *plan.Plan, it *plan.Item, people []plan.ID) bool {
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		if q := p.Person(it.Terms.Owners.Of(side)); q != nil && slices.Contains(people, q.ID) {
			return true
		}
	}
	return false
}

// asked lists the items whose owners may have to be asked after some events,
// the people who came in and may have been named before, and whether it is
// everybody.
func asked(d *plan.Decision) (items, people []plan.ID, everybody bool) {
	for _, ev := range d.Events {
		switch e := ev.(type) {
		case *plan.PlanShared, *plan.PlanResumed:
			return nil, nil, true
		case *plan.PersonAccess:
			people = append(people, e.Person)
		case *plan.PersonArrived:
			people = append(people, e.Person)
		case *plan.PersonRecognised:
			people = append(people, e.As)
		case *plan.ItemAdded:
			items = append(items, e.Item)
		case *plan.ItemEdited:
			items = append(items, e.Item)
		case *plan.ItemDeviated:
			items = append(items, e.Item)
		case *plan.ItemUndone:
			items = append(items, e.Item)
		case *plan.ProposalAccepted:
			for _, c := range d.State.Proposals[e.Proposal].Changes {
				items = append(items, c.Item)
			}
		}
	}
	slices.Sort(items)
	return slices.Compact(items), people, false
}

func (s *Service) composeAsk(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if !alive(d.p) {
		return Mail{}, errNothingToSay
	}
	steps, err := d.together(ctx, func(x Letter, it *plan.Item) bool {
		return d.mine(it) && it.AskedFor(d.q.Side) != "" && x.Key == "ask/"+string(it.ID)+"/"+string(it.AskedFor(d.q.Side))
	}, LetterOwnerAsk)
	if err != nil {
		return Mail{}, err
	}
	m := d.begin()
	it := steps[0]
	by := (&look{p: d.p, me: d.q, side: d.q.Side}).asker(it) // as the page behind the link says it
	name, side := d.name(by)
	m.Subject = Said("letter.ask.subject.many", "N", len(steps))
	m.Lead = []Say{Said("letter.ask.lead.many", "N", len(steps)), Said("letter.ask.free")}
	if len(steps) == 1 {
		m.Subject = Said("letter.ask.subject", "Title", it.Terms.Title.Value)
		m.Lead = []Say{Said("letter.ask.lead", "Name", name, "Side", side), Said("letter.ask.free")}
		d.sender(&m, by)
		m.Replies, m.ReplyHint = true, Said("inbox.can.ask")
	}
	for _, it := range steps {
		r := d.row(it)
		if text := it.Terms.DoneWhen.Value; text != "" {
			r.Detail = append(r.Detail, Said("letter.change.done-when", "Text", shorten(text, 300)))
		}
		m.Rows = append(m.Rows, r)
	}
	m.After = []Say{Said("letter.ask.after")}
	return m, d.button(ctx, &m, "letter.ask.button", onlyItem(steps))
}

// together are the steps of a letter and of the waiting ones it takes in that
// still are as they were, by date. errNothingToSay if none is.
func (d *desk) together(ctx context.Context, still func(Letter, *plan.Item) bool, kinds ...LetterKind) ([]*plan.Item, error) {
	with, err := d.s.takeIn(ctx, d.l, kinds...)
	if err != nil {
		return nil, err
	}
	var out []*plan.Item
	for _, x := range append([]LetterRow{{Letter: d.l}}, with...) {
		it := d.p.Items[x.Item]
		if it != nil && it.Removed == 0 && still(x.Letter, it) && !slices.Contains(out, it) {
			out = append(out, it)
		}
	}
	if len(out) == 0 {
		return nil, errNothingToSay
	}
	byDate(out)
	return out, nil
}

func byDate(steps []*plan.Item) {
	slices.SortStableFunc(steps, func(a, b *plan.Item) int {
		day := func(it *plan.Item) civil.Day {
			if it.Terms.Due.IsZero() {
				return 1 << 30
			}
			return it.Terms.Due
		}
		return int(day(a)) - int(day(b))
	})
}

// onlyItem is the step a mail is about, if it is about one.
func onlyItem(steps []*plan.Item) plan.ID {
	if len(steps) == 1 {
		return steps[0].ID
	}
	return ""
}

// heraldBlocked: a step that waits for somebody tells them: the person named,
// else the leads of the side whose move it is.
func heraldBlocked(d *plan.Decision) []Letter {
	p := d.State
	if !alive(p) {
		return nil
	}
	var out []Letter
	for i, ev := range d.Events {
		item, person, waits, ok := moved(d.Before, ev)
		if !ok {
			continue
		}
		m := d.Metas[i]
		l := Letter{Kind: LetterBlocked, Plan: p.ID, Item: item, Key: fmt.Sprintf("blocked/%s/%d", item, m.Seq), NotBefore: m.At.Add(settling)}
		if q := p.Person(person); q != nil {
			if q.ID != m.Actor && q.Access != plan.None && p.Mailable(q) {
				l.Person = q.ID
				out = append(out, l)
				continue
			}
			if q.ID == m.Actor {
				continue
			}
		}
		for _, x := range toLeads(p, waits, l) {
			if x.Person != m.Actor {
				out = append(out, x)
			}
		}
	}
	return out
}

// moved tells whose move an obstacle is after an event that gives it to
// somebody: when it is reported, and when it is handed on.
func moved(before *plan.Plan, ev plan.Event) (item, person plan.ID, waits plan.Side, ok bool) {
	block := func(id plan.ID) *plan.Block {
		if it := before.Items[id]; it != nil {
			return it.Progress.Block
		}
		return nil
	}
	switch e := ev.(type) {
	case *plan.ActionBlocked:
		return e.Item, e.Block.Person, e.Block.Waits, true
	case *plan.ActionTackled:
		b := block(e.Item)
		return e.Item, e.Person, e.Waits, b != nil && (b.Person != e.Person && e.Person != "" || b.Waits != e.Waits)
	case *plan.ActionPassed:
		if b := block(e.Item); b != nil {
			return e.Item, "", b.Waits, true
		}
	}
	return "", "", "", false
}

func (s *Service) composeBlocked(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	it := d.p.Items[l.Item]
	if it == nil || it.Removed != 0 || !alive(d.p) || it.Progress.Status != plan.Blocked || it.Progress.Block == nil || !d.waitsForMe(it.Progress.Block) {
		return Mail{}, errNothingToSay
	}
	if with, err := s.takeIn(ctx, l, LetterBlocked); err != nil {
		return Mail{}, err
	} else if len(with) > 0 {
		return d.blockedMany(ctx, with)
	}
	b := it.Progress.Block
	m := d.begin()
	name, side := d.name(b.By)
	d.sender(&m, b.By)
	m.Subject = Said("letter.blocked.subject", "Title", it.Terms.Title.Value)
	m.Lead = []Say{Said("letter.blocked.lead.side", "Name", name, "Side", side, "Mine", d.side(d.q.Side))}
	if w := d.p.Person(b.Person); w != nil && w.ID == d.q.ID {
		m.Lead = []Say{Said("letter.blocked.lead", "Name", name, "Side", side)}
	}
	m.Quote, m.Quoted = shorten(b.Because.Value, 600), name
	m.Rows = []MailRow{d.owned(it)}
	m.After = []Say{Said("letter.blocked.after")}
	m.Replies, m.ReplyHint = true, Said("letter.blocked.reply")
	return m, d.button(ctx, &m, "letter.blocked.button", it.ID)
}

// waitsForMe reports whether an obstacle is the reader's to remove.
func (d *desk) waitsForMe(b *plan.Block) bool {
	if w := d.p.Person(b.Person); w != nil && !w.Left && !w.Erased() && w.Access != plan.None && d.p.Mailable(w) {
		return w.ID == d.q.ID
	}
	return b.Waits == d.q.Side && d.q.Access == plan.Lead
}

func (d *desk) blockedMany(ctx context.Context, with []LetterRow) (Mail, error) {
	m := d.begin()
	var seen []plan.ID
	for _, x := range append([]LetterRow{{Letter: d.l}}, with...) {
		it := d.p.Items[x.Item]
		if it == nil || it.Removed != 0 || it.Progress.Status != plan.Blocked || it.Progress.Block == nil || !d.waitsForMe(it.Progress.Block) || slices.Contains(seen, it.ID) {
			continue
		}
		seen = append(seen, it.ID)
		r := d.owned(it)
		r.Detail = append(r.Detail, Said("letter.because", "Text", shorten(it.Progress.Block.Because.Value, 200)))
		m.Rows = append(m.Rows, r)
	}
	m.Subject = Said("letter.blocked.subject.many", "N", len(seen))
	m.Lead = []Say{Said("letter.blocked.lead.many", "N", len(seen))}
	if len(seen) == 1 {
		m.Subject = Said("letter.blocked.subject", "Title", d.itemTitle(seen[0]))
	}
	m.After = []Say{Said("letter.blocked.after")}
	return m, d.button(ctx, &m, "letter.blocked.button", "")
}

// promise says how things stand between the reader and a step: nobody is told
// they promised what they have not.
func (d *desk) promise(it *plan.Item) string {
	switch {
	case it.Committed(d.q.Side):
		return "committed"
	case it.Bound():
		return "agreed"
	}
	return "proposed"
}

func (s *Service) composeRemind(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if !alive(d.p) {
		return Mail{}, errNothingToSay
	}
	steps, err := d.together(ctx, func(x Letter, it *plan.Item) bool {
		return d.mine(it) && open(it) && !stuck(it, d.q.Side) && x.Key == remindKey(it) && dueOf(it) >= d.today
	}, LetterRemind)
	if err != nil {
		return Mail{}, err
	}
	m := d.begin()
	it := steps[0]
	m.Subject = Said("letter.remind.subject.many", "N", len(steps), "Day", OnDay(dueOf(it)))
	m.Lead = []Say{Said("letter.remind.lead.many", "N", len(steps))}
	if len(steps) == 1 {
		m.Subject = Said("letter.remind.subject", "Title", it.Terms.Title.Value, "Day", OnDay(dueOf(it)))
		m.Lead = []Say{Said("letter.remind.lead."+d.promise(it), "Day", OnDay(it.Terms.Due))}
		if e := it.Progress.Expected; e > it.Terms.Due {
			m.Lead = []Say{Said("letter.remind.lead.expected", "Day", OnDay(e))}
		}
		m.Replies, m.ReplyHint = true, Said("inbox.can.step")
	}
	for _, it := range steps {
		m.Rows = append(m.Rows, d.row(it))
	}
	m.After = []Say{Said("letter.remind.after")}
	return m, d.button(ctx, &m, "letter.remind.button", onlyItem(steps))
}

func (s *Service) composeOverdue(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if !alive(d.p) {
		return Mail{}, errNothingToSay
	}
	steps, err := d.together(ctx, func(_ Letter, it *plan.Item) bool {
		return d.mine(it) && open(it) && !stuck(it, d.q.Side) && !it.Terms.Due.IsZero() && dueOf(it) < d.today
	}, LetterOverdue)
	if err != nil {
		return Mail{}, err
	}
	m := d.begin()
	it := steps[0]
	m.Subject = Said("letter.overdue.subject.many", "N", len(steps))
	m.Lead = []Say{Said("letter.overdue.lead.many", "N", len(steps))}
	if len(steps) == 1 {
		m.Subject = Said("letter.overdue.subject", "Title", it.Terms.Title.Value)
		m.Lead = []Say{Said("letter.overdue.lead", "Day", OnDay(dueOf(it)))}
		m.Replies, m.ReplyHint = true, Said("inbox.can.step")
	}
	for _, it := range steps {
		m.Rows = append(m.Rows, d.row(it))
	}
	m.After = []Say{Said("letter.overdue.after")}
	return m, d.button(ctx, &m, "letter.overdue.button", onlyItem(steps))
}

func remindKey(it *plan.Item) string {
	return "remind/" + string(it.ID) + "/" + dueOf(it).String()
}

func overdueKey(it *plan.Item, nth int) string {
	return fmt.Sprintf("overdue/%s/%s/%d", it.ID, dueOf(it), nth)
}
