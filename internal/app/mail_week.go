package app

import (
	"context"
	"slices"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// monday of the week a day is in.
func monday(d civil.Day) civil.Day { return d - civil.Day((int(d.Weekday())+6)%7) }

func weekKey(d civil.Day) string { return "week/" + monday(d).String() }

// composeWeek is what the reader has to do this week, and nothing if that is
// nothing. It takes in what would say parts of it once more.
func (s *Service) composeWeek(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if !alive(d.p) || l.Key != weekKey(d.today) {
		return Mail{}, errNothingToSay
	}
	week := d.week()
	if week.count() == 0 {
		return Mail{}, errNothingToSay
	}
	if _, err := s.takeIn(ctx, l, LetterRemind, LetterOverdue, LetterOwnerAsk); err != nil {
		return Mail{}, err
	}
	m := d.begin()
	m.Subject = Said("letter.week.subject", "Side", d.side(d.q.Side.Other()), "N", week.count())
	m.Lead = []Say{Said("letter.week.lead", "N", week.count())}
	rows := func(steps []*plan.Item) []MailRow {
		var out []MailRow
		for _, it := range steps {
			out = append(out, d.row(it))
		}
		return out
	}
	m.addGroup("letter.week.late", rows(week.late))
	m.addGroup("letter.week.due", rows(week.due))
	m.addGroup("letter.week.asked", rows(week.asked))
	m.addGroup("letter.week.confirm", rows(week.confirm))
	m.addGroup("letter.week.answer", week.proposals)
	m.After = []Say{Said("letter.week.after")}
	return m, d.button(ctx, &m, "letter.week.button", "")
}

func (m *Mail) addGroup(key string, rows []MailRow) {
	if len(rows) > 0 {
		m.Groups = append(m.Groups, MailGroup{Head: Said(key), Rows: rows})
	}
}

// thisWeek is what somebody has to do in a week. Each thing is in it once.
type thisWeek struct {
	late, due, asked, confirm []*plan.Item
	proposals                 []MailRow
}

func (w thisWeek) count() int {
	return len(w.late) + len(w.due) + len(w.asked) + len(w.confirm) + len(w.proposals)
}

func (d *desk) week() thisWeek {
	var w thisWeek
	sunday := monday(d.today) + 6
	for _, it := range d.p.Live(plan.KindAction) {
		due := dueOf(it)
		switch {
		case d.confirms(it):
			w.confirm = append(w.confirm, it)
		case !d.mine(it) || !open(it):
		case stuck(it, d.q.Side): // not the reader's move
		case due != 0 && due < d.today:
			w.late = append(w.late, it)
		case due != 0 && due <= sunday:
			w.due = append(w.due, it)
		case it.Asked(d.q.Side):
			w.asked = append(w.asked, it)
		}
	}
	byDate(w.late)
	byDate(w.due)
	byDate(w.asked)
	for _, pr := range d.p.OpenProposals() {
		if pr.Side != d.q.Side && d.q.MayAgree() && pr.OpenOn(civilToday(d)) {
			name, _ := d.name(pr.By)
			r := MailRow{Title: d.itemTitle(about(d.p, pr.ID)), Side: pr.Side, Who: name, Due: Said("letter.until", "Day", OnDay(pr.Expires))}
			if n := len(pr.Changes); n > 1 {
				r.Detail = []Say{Said("letter.changes", "N", n)}
			}
			w.proposals = append(w.proposals, r)
		}
	}
	return w
}

// confirms reports that a joint step was reported by the other side and waits
// for the reader's yes.
func (d *desk) confirms(it *plan.Item) bool {
	if it.Terms.Party != plan.Joint || it.Progress.Status != plan.Done || it.IsDone() || it.Progress.Reported == d.q.Side {
		return false
	}
	o := d.p.Person(it.Terms.Owners.Of(d.q.Side))
	return o != nil && o.ID == d.q.ID
}

// Bounds of a digest: it is read in a minute.
const (
	digestDays = 7
	digestRows = 6
)

func digestKey(d civil.Day) string { return "digest/" + monday(d).String() }

// composeDigest is a lead's week: what happened, what slipped, what is stuck,
// what comes next. Nothing happened and nothing due is no mail.
func (s *Service) composeDigest(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	if !alive(d.p) || !d.p.Leads(d.q.ID) || l.Key != digestKey(d.today) {
		return Mail{}, errNothingToSay
	}
	m := d.begin()
	since := s.clock().Add(-digestDays * 24 * time.Hour)
	done, slipped, stuck, late, next := d.digest(since)
	slipped = append(slipped, d.moved(since)...)
	var open []MailRow
	for _, pr := range d.p.OpenProposals() {
		name, _ := d.name(pr.By)
		open = append(open, MailRow{Title: d.itemTitle(about(d.p, pr.ID)), Side: pr.Side, Who: name, Due: Said("letter.until", "Day", OnDay(pr.Expires))})
	}
	if len(done)+len(slipped)+len(stuck)+len(late)+len(next)+len(open) == 0 {
		return Mail{}, errNothingToSay
	}
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		if n, total := Progress(d.p, side); total > 0 {
			m.Bars = append(m.Bars, MailBar{Side: side, Name: d.side(side), Done: n, Total: total})
		}
	}
	m.Subject = Said("letter.digest.subject", "Title", m.Title)
	m.Lead = []Say{d.outlook()}
	m.addSome("letter.digest.late", late)
	m.addSome("letter.digest.stuck", stuck)
	m.addSome("letter.digest.open", open)
	m.addSome("letter.digest.slipped", slipped)
	m.addSome("letter.digest.done", done)
	m.addSome("letter.digest.next", next)
	m.After = []Say{Said("letter.digest.after", "Side", d.side(d.q.Side.Other()))}
	return m, d.button(ctx, &m, "letter.plan.button", "")
}

// addSome adds a group of the first few rows, and says how many more there are.
func (m *Mail) addSome(key string, rows []MailRow) {
	more := len(rows) - digestRows
	if more > 0 {
		rows = rows[:digestRows]
		last := &rows[digestRows-1]
		last.Detail = append(slices.Clip(last.Detail), Said("letter.digest.more", "N", more))
	}
	m.addGroup(key, rows)
}

// outlook says in one sentence whether the date of the decision will hold, as
// the page says it.
func (d *desk) outlook() Say {
	agreed := d.p.Items[plan.DecisionItem].Terms.Due
	v := View{Plan: d.p, Zone: d.zone, Now: d.s.clock(), Today: d.w.Today(d.s.clock()), times: d.s.times}
	t, err := v.Timetable()
	if err != nil || t.Ready() == 0 {
		if agreed == 0 {
			return Said("letter.outlook.open")
		}
		return Said("letter.outlook.unknown", "Agreed", OnDay(agreed))
	}
	switch ready := t.Ready(); {
	case agreed == 0:
		return Said("letter.outlook.ready", "Ready", OnDay(ready))
	case ready > agreed:
		return Said("letter.outlook.late", "Ready", OnDay(ready), "Agreed", OnDay(agreed))
	default:
		return Said("letter.outlook.holds", "Ready", OnDay(ready), "Agreed", OnDay(agreed))
	}
}

// digest sorts the steps of both sides. A step is in the first list it fits.
func (d *desk) digest(since time.Time) (done, slipped, stuck, late, next []MailRow) {
	from := civil.On(since, d.zone)
	steps := d.p.Live(plan.KindAction)
	byDate(steps)
	for _, it := range steps {
		due := dueOf(it)
		switch {
		case it.Progress.Status == plan.Done:
			if it.Progress.DoneOn > from {
				r := d.owned(it)
				r.Due = OnDay(it.Progress.DoneOn)
				done = append(done, r)
			}
		case it.Progress.Status == plan.Blocked:
			r := d.owned(it)
			if b := it.Progress.Block; b != nil {
				r.Detail = append(r.Detail, Said("letter.because", "Text", shorten(b.Because.Value, 160)))
			}
			stuck = append(stuck, r)
		case due == 0:
		case due < d.today:
			late = append(late, d.owned(it))
		case it.Progress.Expected > it.Terms.Due:
			slipped = append(slipped, d.owned(it))
		case due <= d.today+digestDays+2:
			next = append(next, d.owned(it))
		}
	}
	return done, slipped, stuck, late, next
}

// moved are the agreed dates that moved later since then, by an accepted
// proposal or under rule 7.
func (d *desk) moved(since time.Time) []MailRow {
	var out []MailRow
	add := func(id plan.ID, old, new civil.Day) {
		if it := d.p.Items[id]; it != nil && it.Removed == 0 && !old.IsZero() && new > old {
			out = append(out, MailRow{Title: it.Terms.Title.Value, Side: sideOf(it), Old: OnDay(old), New: OnDay(new)})
		}
	}
	var ids []plan.ID
	for id, pr := range d.p.Proposals {
		if pr.Status == plan.Accepted && pr.AnsweredAt.After(since) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		for _, c := range d.p.Proposals[id].Changes {
			if !c.Remove {
				add(c.Item, c.Old.Due, c.New.Due)
			}
		}
	}
	for _, it := range d.p.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		for _, x := range it.Deviations {
			if x.At.After(since) {
				add(it.ID, x.Old.Due, x.New.Due)
			}
		}
	}
	return out
}
