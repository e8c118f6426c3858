package app

import (
	"context"
	"net/url"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// heraldMinutes: everybody who was let in gets the minutes, whether they were
// there or not; each in their language and hours.
func heraldMinutes(d *plan.Decision) []Letter {
	p := d.State
	var out []Letter
	for _, ev := range d.Events {
		e, ok := ev.(*plan.CheckInClosed)
		if !ok || p.Phase == plan.Draft {
			continue
		}
		for _, q := range p.Everybody() {
			if q.Access != plan.None && p.Mailable(q) {
				out = append(out, Letter{Kind: LetterMinutes, Plan: p.ID, Person: q.ID, Item: e.Run, Key: "minutes/" + string(e.Run)})
			}
		}
	}
	return out
}

// minutesOwn is how many of the reader's own open things the minutes name.
const minutesOwn = 6

// composeMinutes is what a check-in led to: first what is the reader's own and
// still open now, then what was said when it was closed. They go out also while
// the plan is paused, and after it was decided: they are a record, no reminder.
func (s *Service) composeMinutes(ctx context.Context, l Letter) (Mail, error) {
	d, err := s.sit(ctx, l)
	if err != nil {
		return Mail{}, err
	}
	run := d.p.Run(l.Item)
	if run == nil || run.IsOpen() || d.q.Access == plan.None {
		return Mail{}, errNothingToSay
	}
	min, err := s.minutes(ctx, d.p.ID, run, d.w)
	if err != nil {
		return Mail{}, err
	}
	run = min.Run
	if run.ClosedBy == "" && len(run.Notes) == 0 && MinutesCounts(min) == (MinutesCount{}) {
		return Mail{}, errNothingToSay // opened by mistake, and forgotten
	}
	then := *d
	then.p, then.today = min.Plan, min.Today
	m := d.begin()
	day := civil.On(run.Opened, d.zone)
	m.Subject = Said("letter.minutes.subject", "Day", OnDay(day), "Title", m.Title)
	m.Lead = append(m.Lead, then.minutesLead(min, day))
	own := d.minutesOwn()
	m.addGroup("letter.minutes.mine", own)
	if len(own) == 0 && alive(d.p) {
		m.Lead = append(m.Lead, Said("letter.minutes.mine.none"))
	}
	then.minutesGroups(&m, min)
	if name, _ := d.name(run.ClosedBy); name != "" {
		d.sender(&m, run.ClosedBy)
	}
	if names := then.names(run.Present); len(names) > 0 {
		m.After = append(m.After, Said("letter.minutes.there", "Who", names))
	}
	if n := run.Next; n != nil && alive(d.p) {
		start := n.Start.In(zoneNamed(n.Zone, time.UTC)).In(d.zone)
		m.After = append(m.After, Said("letter.minutes.next", "Day", OnDay(civil.On(start, d.zone)), "Time", start.Format("15:04")))
	}
	m.After = append(m.After, Said("letter.minutes.after"))
	m.Receipt = &min.Head
	m.Button = &MailLink{Label: Said("letter.minutes.button")}
	m.Button.Path, err = d.linkTo(ctx, "/plans/"+url.PathEscape(string(d.p.ID))+"/minutes/"+url.PathEscape(string(run.ID)))
	return m, err
}

// linkTo leads the reader to a page of the plan. A member signs in; everybody
// else comes in by the link itself.
func (d *desk) linkTo(ctx context.Context, path string) (string, error) {
	if d.q.Verified == plan.ByAccount {
		return path, nil
	}
	secret, err := d.s.MailedLink(ctx, d.p, d.q)
	if err != nil || secret == "" {
		return path, err
	}
	return "/me/" + string(secret) + "?to=" + path, nil
}

func (d *desk) minutesLead(m *Minutes, day civil.Day) Say {
	n := MinutesCounts(m)
	var parts []Say
	for _, x := range []struct {
		key string
		n   int
	}{{"minutes.lead.decided", n.Decided}, {"minutes.lead.done", n.Done}, {"minutes.lead.solved", n.Solved}, {"minutes.lead.stuck", n.Stuck}, {"minutes.lead.moved", n.Moved}} {
		if x.n > 0 {
			parts = append(parts, Said(x.key, "N", x.n))
		}
	}
	if len(parts) == 0 {
		return Said("letter.minutes.lead.none", "Day", OnDay(day))
	}
	return Said("letter.minutes.lead", "Day", OnDay(day), "What", parts)
}

// minutesOwn is what the reader owes now: what is stuck and waits for them,
// their own steps of the next days, and proposals they can answer.
func (d *desk) minutesOwn() []MailRow {
	if !alive(d.p) {
		return nil
	}
	var out []MailRow
	for _, it := range d.p.Live(plan.KindAction) {
		if b := it.Progress.Block; b != nil && it.Progress.Status == plan.Blocked && d.waitsForMe(b) {
			r := d.owned(it)
			r.Detail = append(r.Detail, d.obstacle(b)...)
			out = append(out, r)
		}
	}
	var steps []*plan.Item
	for _, it := range d.p.Live(plan.KindAction) {
		if d.mine(it) && open(it) && !stuck(it, d.q.Side) && dueOf(it) != 0 && dueOf(it) <= d.today+agendaDays {
			if b := it.Progress.Block; b == nil || !d.waitsForMe(b) {
				steps = append(steps, it)
			}
		}
	}
	byDate(steps)
	for _, it := range steps {
		out = append(out, d.row(it))
	}
	for _, r := range d.week().proposals {
		r.Detail = append([]Say{Said("letter.minutes.vote")}, r.Detail...)
		out = append(out, r)
	}
	return atMost(out, minutesOwn)
}

// obstacle says why something is stuck, and how it goes on.
func (d *desk) obstacle(b *plan.Block) []Say {
	out := []Say{Said("letter.because", "Text", shorten(b.Because.Value, 200))}
	switch {
	case b.Next.Value == "":
	case b.NextBy.IsZero():
		out = append(out, Said("letter.minutes.tackle", "Text", shorten(b.Next.Value, 200)))
	default:
		out = append(out, Said("letter.minutes.tackle.by", "Text", shorten(b.Next.Value, 200), "Day", OnDay(b.NextBy)))
	}
	return out
}

// minutesGroups are the parts of the minutes, as it stood when they were made.
func (d *desk) minutesGroups(m *Mail, min *Minutes) {
	a := min.Agenda
	var decided, done, stuck, solved, moved, next []MailRow
	for _, x := range a.Decided {
		if x.Status != plan.Accepted && x.Status != plan.Declined {
			continue
		}
		by, _ := d.name(x.By)
		yes, _ := d.name(x.AnsweredBy)
		r := MailRow{Title: d.itemTitle(about(d.p, x.ID)), Side: x.Side, Detail: []Say{Said("letter.minutes."+string(x.Status), "Name", yes, "By", by)}}
		for _, c := range x.Changes {
			if !c.Remove && !c.Add && c.Old.Due != c.New.Due {
				r.Old, r.New = dayOrOpen(c.Old.Due), dayOrOpen(c.New.Due)
				break
			}
		}
		if n := len(x.Changes); n > 1 {
			r.Detail = append(r.Detail, Said("letter.changes", "N", n))
		}
		decided = append(decided, r)
	}
	for _, t := range a.Done {
		r := d.owned(t.Item)
		r.Due = OnDay(t.Item.Progress.DoneOn)
		if text := t.Item.Progress.Result.Value; text != "" {
			r.Detail = append(r.Detail, Said("letter.minutes.said", "Text", shorten(text, 200)))
		}
		done = append(done, r)
	}
	for _, it := range a.Stuck {
		r := d.owned(it)
		r.Due = nil // a narrow column does not hold it
		r.Detail = append([]Say{Said("letter.minutes.since", "Since", Since(BlockedDays(d.p, it, d.today)))}, r.Detail...)
		r.Detail = append(r.Detail, d.obstacle(it.Progress.Block)...)
		stuck = append(stuck, r)
	}
	for _, t := range a.Solved {
		r := MailRow{Title: t.Item.Terms.Title.Value, Side: sideOf(t.Item)}
		if e, ok := t.Event.(*plan.ActionUnblocked); ok && e.Solved.Value != "" {
			r.Detail = []Say{Said("letter.minutes.said", "Text", shorten(e.Solved.Value, 200))}
		}
		solved = append(solved, r)
	}
	for _, x := range a.Moved {
		if _, said := x.Event.(*plan.ProposalAccepted); said {
			continue
		}
		r := MailRow{Title: d.itemTitle(x.Item.ID), Side: sideOf(x.Item), Old: dayOrOpen(x.Old), New: dayOrOpen(x.New)}
		if x.Expected {
			r.New, r.Detail = nil, []Say{Said("letter.expected", "Day", OnDay(x.New))}
			r.Old = nil
		}
		moved = append(moved, r)
	}
	for _, it := range a.Next {
		next = append(next, d.owned(it))
	}
	m.addSome("letter.minutes.decided", decided)
	m.addSome("letter.minutes.done", done)
	m.addSome("letter.minutes.stuck", stuck)
	m.addSome("letter.minutes.solved", solved)
	m.addSome("letter.minutes.moved", moved)
	m.addSome("letter.minutes.coming", next)
	var notes []MailRow
	for _, n := range min.Run.Notes {
		if n.Text.Value == "" {
			continue // erased
		}
		r := MailRow{Title: shorten(n.Text.Value, 600), Side: n.Side}
		r.Who, _ = d.name(n.By)
		if it := d.p.Items[n.Item]; it != nil {
			r.Detail = []Say{Said("letter.minutes.on", "Title", it.Terms.Title.Value)}
		}
		notes = append(notes, r)
	}
	m.addGroup("letter.minutes.notes", atMost(notes, 3*digestRows))
}

func dayOrOpen(d civil.Day) any {
	if d.IsZero() {
		return Said("letter.minutes.open")
	}
	return OnDay(d)
}

// names of people, as they were; who was erased has none.
func (d *desk) names(ids []plan.ID) []string {
	var out []string
	for _, id := range ids {
		if name, _ := d.name(id); name != "" {
			out = append(out, name)
		}
	}
	return out
}
